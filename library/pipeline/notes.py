"""The notes of a deal as a CRM holds them: what they say of the customer's world, without our own talk of selling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape

from library.pipeline.talk import SELLING, WHEN, WISHING
from library.situation import Facet, Situation, understand
from library.vocabulary import Vocabulary
from library.wishes import Wish

MOST_WORDS = 160
"""So many words of a deal's notes are searched with: about what the model reads of them."""
MOST_LETTERS = 20_000
"""So much of a cell is read; a thread of mails pasted into it says its why early or not at all."""
_PIECE = 40
"""A longer sentence is understood in pieces: `understand` takes any long text to name both change and pain."""


@dataclass(frozen=True, slots=True)
class NotesRead:
    """What a deal's notes come to: the words to search with, the facets named, and whether a why is among them."""

    words: str = ""
    facets: tuple[Facet, ...] = ()
    change: bool = False
    pain: bool = False

    @property
    def situation(self) -> Situation:
        """The notes as a search takes them: nothing in them is a wish, so every facet only leans."""
        return Situation(self.words, self.facets, self.change, self.pain)


def read_notes(notes: str, vocabulary: Vocabulary, change: str = "", pain: str = "") -> NotesRead:
    """Read the notes of a deal, and what stands in columns of their own for the change and the pain.

    Clauses about our selling ("sent pricing, waiting on legal") are left out. A text in a column for the change names
    one by its place, unless it says there is none.
    """
    placed = {kind: _plain(text) for kind, text in (("change", change), ("pain", pain)) if _says_something(text)}
    named: set[str] = set(placed)
    kept: list[tuple[str, bool]] = []
    tells = bool(placed)
    facets: dict[str, Facet] = {}
    for sentence, judged in (*((text, "") for text in placed.values()), *_told(notes)):
        heard = [understand(piece, vocabulary) for piece in _pieces(sentence)]
        facets |= {facet.key: facet for one in heard for facet in map(_leaning, one.facets) if facet is not None}
        if judged != sentence:
            heard = [understand(piece, vocabulary) for piece in _pieces(judged)]
        why = {name for one in heard for name, there in (("change", one.change), ("pain", one.pain)) if there}
        named |= why
        tells = tells or bool(judged)
        kept.append((sentence, bool(why) or sentence in placed.values()))
    # Nothing but what they wish to buy finds a story about the wish's words, not about them.
    return NotesRead(_within(kept) if tells else "", tuple(facets.values()), "change" in named, "pain" in named)


def _told(notes: str) -> Iterator[tuple[str, str]]:
    """Each sentence without our talk, and what of it is judged: without what they wish to buy, and by when."""
    for clauses in _sentences(notes):
        theirs = [clause for clause in clauses if not SELLING.search(clause)]
        sentence = _joined(theirs)
        if re.search(r"[^\W\d_]{2}", sentence):
            yield sentence, _joined([WHEN.sub(" ", clause) for clause in theirs if not WISHING.search(clause)])


def _joined(clauses: Iterable[str]) -> str:
    return " ".join(" ".join(clauses).split()).strip(" ,;:–—-")


def _leaning(facet: Facet) -> Facet | None:
    return None if facet.wish is Wish.NOT else replace(facet, wish=Wish.LEAN)


def _pieces(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[at : at + _PIECE]) for at in range(0, len(words), _PIECE)]


def _within(kept: list[tuple[str, bool]]) -> str:
    """The sentences in their order, as many as are searched with; those that name a why go before the others."""
    chosen: set[int] = set()
    room = MOST_WORDS
    for place in sorted(range(len(kept)), key=lambda place: not kept[place][1]):
        length = len(kept[place][0].split())
        if not chosen or length <= room:
            chosen.add(place)
            room -= length
    texts = (kept[place][0] for place in sorted(chosen))
    joined = " ".join(text if text[-1] in ".!?" else f"{text}." for text in texts)
    return " ".join(joined.split()[:MOST_WORDS])


# --- a cell as text ---------------------------------------------------------------------------------------------------

_BLOCK = re.compile(r"<(?:/?(?:p|div|li|ul|ol|tr|h\d|table|blockquote)|br)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+|\+?\(?\d[\d ()/-]{7,20}\d\b"
)
"""A link, a mail address, a telephone number: for nobody's search."""
_STAMP = re.compile(
    r"^[\W_]{0,4}(?:\[[^\]\n]{0,24}\]|\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?)"
    r"(?: ?\(?[A-Z]{2,3}\)?)?[ :–—-]{0,4}"
)
"""When a note was written and by whom, at the head of a line: "[12/3 JB]", "2026-03-14 (KL):"."""
_LONGEST_WORD = 60
_CLAUSE_END = re.compile(r"(?<=[,;:]) | (?:[–—-]|\+) |(?<=\w) ?[|•·] ?| (?=but )")
_SENTENCE_END = re.compile(r"(?<=[.!?]) |\n")
_LONGEST_NOTHING = 40
_NOTHING = re.compile(
    r"\W*(?:(?:n/?a|none|no|nothing|unknown|not known|tbd|tbc|todo|to be (?:completed|confirmed|done|determined)|"
    r"x+|yes|test)(?: (?:yet|known|so far|identified))?)?\W*",
    re.IGNORECASE,
)


def _plain(notes: str) -> str:
    """A cell as lines of plain text, without tags, addresses, stamps and words no person wrote."""
    text = notes[:MOST_LETTERS]
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n", text))
    lines = (" ".join(w for w in line.split() if len(w) <= _LONGEST_WORD) for line in unescape(text).splitlines())
    return "\n".join(plain for line in lines if (plain := _ADDRESS.sub("", _STAMP.sub("", line)).strip()))


def _says_something(text: str) -> bool:
    plain = _plain(text)
    return len(plain) > _LONGEST_NOTHING or not _NOTHING.fullmatch(plain)


def _sentences(notes: str) -> list[list[str]]:
    """The sentences of the notes, each as its clauses."""
    found = _SENTENCE_END.split(_plain(notes))
    told = (s for s in found if len(s) > _LONGEST_NOTHING or not _NOTHING.fullmatch(s))
    return [[clause for clause in _CLAUSE_END.split(s) if clause.strip()] for s in told]
