"""A call brief on paper: Markdown, plain words, PDF and Word, all of the same lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt, RGBColor

from library.paper import Paper
from library.sharing.callbrief import NOT_TOLD, CallBrief, CueCard
from library.wording import day, in_a_line

OWN_EYES = "For my eyes only: it holds names I may say aloud. Do not pass it on."
_SCALES = (1.0, 0.9, 0.8, 0.7)
"""How far the writing may shrink until three stories stand on one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the paper: what it is called, and its words."""

    name: str
    words: str
    strong: bool = False


def heading_lines(brief: CallBrief) -> list[Line]:
    """What stands above the stories: the prospect's change and pain in the rep's words, and the day."""
    words = brief.words
    said = [Line("Their change", f"“{words.change}”" if words.change else "")]
    said += [Line("Their pain", f"“{words.pain}”" if words.pain else ""), Line("Made on", day(brief.made_on))]
    return [line for line in said if line.words]


def cue_lines(card: CueCard) -> list[Line]:
    """The seven lines to speak from."""
    return [Line(cue.beat.heading, cue.words or NOT_TOLD, strong=cue is card.cues[-1]) for cue in card.cues]


def other_lines(card: CueCard) -> list[Line]:
    """What stands under the seven: the quote, the whole question, the name, whom to thank, what not to claim."""
    quote = f"“{card.quote}”" if card.quote else card.quoting
    question = card.question if card.question != card.cues[-1].words else ""
    said = [Line("In their words", quote), Line("The question", question), Line("The name", card.naming)]
    said += [Line("Thank", card.thank)]
    said += [Line("Do not claim", claim) for claim in card.not_to_claim]
    return [line for line in said if line.words]


def markdown(brief: CallBrief) -> str:
    """The brief as Markdown."""
    return _written(brief, in_a_line, "# ", "## ", "- **", "**")


def plain_words(brief: CallBrief) -> str:
    """The brief as text without any markup, for a mail or a note."""
    return _written(brief, str, "", "", "", "")


def _written(brief: CallBrief, said: Callable[[str], str], top: str, under: str, begin: str, end: str) -> str:
    bold = end or ""

    def lines(of: list[Line]) -> list[str]:
        return [f"{begin}{said(line.name)}:{end} {said(line.words)}" for line in of]

    out = [f"{top}{said(brief.title)}", ""]
    out += [f"{bold}{OWN_EYES}{bold}", ""] if brief.own_eyes else []
    out += [*lines(heading_lines(brief)), ""]
    for number, card in enumerate(brief.cards, start=1):
        out += [f"{under}{number}. {said(card.title)}", "", said(card.name), ""]
        out += [*lines(cue_lines(card)), "", *lines(other_lines(card)), ""]
    return "\n".join(out).rstrip() + "\n"


def pdf(brief: CallBrief) -> bytes:
    """The brief as a PDF, on one page of A4 as far as it can be read; the same brief gives the same bytes."""
    papers = (_paper(brief, scale) for scale in _SCALES)
    paper = next((paper for paper in papers if paper.page_no() == 1), None) or _paper(brief, _SCALES[-1])
    return bytes(paper.output())


def _paper(brief: CallBrief, scale: float) -> Paper:
    paper = Paper(brief.title, datetime.combine(brief.made_on, time(), UTC), scale)
    paper.say(brief.title, 17, "B")
    if brief.own_eyes:
        paper.say(OWN_EYES, 10.5, "B", grey=60)
    paper.gap(1)
    for line in heading_lines(brief):
        paper.line_of(line.name, line.words, 10)
    for number, card in enumerate(brief.cards, start=1):
        paper.gap(3)
        paper.say(f"{number}. {card.title}", 12.5, "B")
        paper.say(card.name, 10, "I", grey=60)
        paper.gap(0.8)
        for line in cue_lines(card):
            paper.line_of(line.name, line.words, 10, "B" if line.strong else "")
        paper.gap(0.8)
        for line in other_lines(card):
            paper.line_of(line.name, line.words, 9.5)
    return paper


def word(brief: CallBrief) -> bytes:
    """The brief as a Word document."""
    document = Document()
    made = datetime.combine(brief.made_on, time())
    about = document.core_properties
    about.author, about.comments, about.title = "", "", brief.title
    about.created = about.modified = made
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.5)
    usual = document.styles["Normal"]
    usual.font.size = Pt(10 if len(brief.cards) < 3 else 9)
    usual.paragraph_format.space_after = Pt(1)
    document.add_heading(brief.title, 0)
    if brief.own_eyes:
        mark = document.add_paragraph().add_run(OWN_EYES)
        mark.bold, mark.font.color.rgb = True, RGBColor(0xB0, 0x10, 0x10)
    _word_lines(document, heading_lines(brief))
    for number, card in enumerate(brief.cards, start=1):
        document.add_heading(f"{number}. {card.title}", 2)
        document.add_paragraph().add_run(card.name).italic = True
        _word_lines(document, cue_lines(card))
        _word_lines(document, other_lines(card))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _word_lines(document: WordDocument, lines: list[Line]) -> None:
    for line in lines:
        paragraph = document.add_paragraph()
        beside = paragraph.paragraph_format
        beside.left_indent, beside.first_line_indent = Cm(3.2), Cm(-3.2)
        beside.tab_stops.add_tab_stop(Cm(3.2), WD_TAB_ALIGNMENT.LEFT)
        paragraph.add_run(f"{line.name}\t").bold = True
        paragraph.add_run(line.words).bold = line.strong
