"""The meeting on paper and in the calendar: Markdown, PDF and an .ics entry, fit to leave the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from library.masking import masked
from library.paper import Paper
from library.people import GUEST, display_name, seen_by
from library.records.entries import Meeting, Pick, VoiceKind
from library.sharing.rights import Right, allows, what_may_be_said
from library.sharing.safe import safe_story
from library.shelf import Shelf
from library.story import Beat, ShowAs, Story, sentences
from library.wording import day, in_a_line

WELCOME_MINUTES, CLOSE_MINUTES, VOICE_MINUTES = 2, 3, 5
LEFT = "A story that is no longer on the shelf"
HEARD, TELLS = "Who heard this change this week?", "Who tells it to whom?"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the sheet: what it is called, and its words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the sheet: a story, or the customer's own voice."""

    title: str
    minutes: int
    lines: tuple[Line, ...] = ()
    to_fill: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All a run sheet says, before it is put on paper."""

    title: str
    minutes: int
    parts: tuple[Part, ...]


def sheet_of(meeting: Meeting, shelf: Shelf, today: date) -> Sheet:
    """The agenda as somebody outside may read it, with minutes that add up."""
    voice = meeting.voice
    left = meeting.minutes - WELCOME_MINUTES - CLOSE_MINUTES - (VOICE_MINUTES if voice else 0)
    count = max(1, len(meeting.picks))
    each, over = divmod(max(left, 2 * count), count)
    stories = [
        _part(number, pick, shelf.get(pick.story), each + (number <= over), today)
        for number, pick in enumerate(meeting.picks, start=1)
    ]
    guests = [_voice_part(meeting, shelf, today)] if voice else []
    held = f"{meeting.held_on:%A} {day(meeting.held_on)}"
    welcome, close = Part("Welcome", WELCOME_MINUTES), Part("Who tells what to whom", CLOSE_MINUTES)
    return Sheet(f"Weekly stories, {held}", meeting.minutes, (welcome, *stories, *guests, close))


def run_sheet(meeting: Meeting, shelf: Shelf, today: date) -> str:
    """The agenda as Markdown, to print or to post."""
    sheet = sheet_of(meeting, shelf, today)
    out = [
        f"# {in_a_line(sheet.title)}",
        "",
        f"{sheet.minutes} minutes. Each story is told in two; the rest is talk.",
        "",
    ]
    for part in sheet.parts:
        out += [f"## {in_a_line(part.title)} ({part.minutes} minutes)", ""]
        out += [f"- **{line.name}:** {in_a_line(line.words)}" for line in part.lines]
        out += [f"- {asked} ______________________________" for asked in part.to_fill]
        out += [""] if part.lines or part.to_fill else []
    return "\n".join(out).rstrip() + "\n"


def run_sheet_pdf(meeting: Meeting, shelf: Shelf, today: date) -> bytes:
    """The agenda as a PDF on A4; the same meeting gives the same bytes."""
    sheet = sheet_of(meeting, shelf, today)
    pdf = _Paper(sheet.title, meeting.saved_at or datetime.combine(meeting.held_on, time(), UTC))
    pdf.say(sheet.title, 18, "B")
    pdf.say(f"{sheet.minutes} minutes. Each story is told in two; the rest is talk.", 10.5)
    for part in sheet.parts:
        with pdf.offset_rendering() as trial:
            trial.part(part)
        if trial.page_break_triggered and pdf.get_y() > 60:
            pdf.add_page()
        pdf.part(part)
    return bytes(pdf.output())


def calendar_entry(meeting: Meeting, shelf: Shelf, starts_at: time) -> str:
    """The meeting as an .ics entry, at that hour wherever it is opened; saved anew it replaces the one before."""
    sheet = sheet_of(meeting, shelf, meeting.held_on)
    starts = datetime.combine(meeting.held_on, starts_at)
    event = Event()
    event.add("uid", f"stories-{meeting.held_on}@why-they-bought")
    event.add("sequence", meeting.version)
    event.add("dtstamp", meeting.saved_at or datetime.combine(meeting.held_on, time(), UTC))
    event.add("dtstart", starts)
    event.add("dtend", starts + timedelta(minutes=meeting.minutes))
    event.add("summary", f"Weekly stories: {len(meeting.picks)} to hear")
    tellers = [f"{part.title}{_teller(part)}" for part in sheet.parts[1:-1]]
    event.add("description", "\n".join(tellers))
    calendar = Calendar()
    calendar.add("prodid", "-//Why They Bought//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _teller(part: Part) -> str:
    told = next((line.words for line in part.lines if line.name == "Told by"), "")
    return f" ({told})" if told else ""


def _part(number: int, pick: Pick, whole: Story | None, minutes: int, today: date) -> Part:
    told = [Line("Told by", pick.teller or "nobody yet")]
    if whole is None:
        return Part(f"{number}. {LEFT}", minutes, tuple(told))
    if whole.show_as is ShowAs.INTERNAL:
        title = f"{number}. {seen_by(GUEST, whole).title}"
        return Part(title, minutes, (*told, Line("For us only", "see it in the app; do not tell it outside.")))
    story = safe_story(whole, today)
    hidden = not story.customer
    own = (lambda words: masked(words, whole)) if hidden else (lambda words: words)
    name = display_name(story)
    changed = sentences(story.beat(Beat.CHANGE))
    lines = [
        Line("About", f"{name[:1].upper()}{name[1:]}"),
        *told,
        Line("Why this week", own(" ".join(pick.because))),
        Line("Note", own(pick.note)),
        Line("What changed", changed[0] if changed else ""),
        Line("In their words", f"“{story.quote}”" if story.quote and allows(story, Right.QUOTE, today) else ""),
        Line("End by asking", story.question),
        Line("What may be said", what_may_be_said(story, today)),
        Line("First", "ask the teller whether it still stands; it is due for a check." if whole.stale(today) else ""),
    ]
    return Part(f"{number}. {story.title}", minutes, tuple(line for line in lines if line.words), (HEARD, TELLS))


def _voice_part(meeting: Meeting, shelf: Shelf, today: date) -> Part:
    voice = meeting.voice
    assert voice is not None
    whole = shelf.get(voice.story)
    words, about = voice.words, ""
    if whole is not None and whole.show_as is not ShowAs.INTERNAL:
        about = display_name(seen_by(GUEST, whole, today))
        words = words if seen_by(GUEST, whole, today).customer else masked(words, whole)
    kind = "A recording" if voice.kind is VoiceKind.RECORDING else "A guest"
    lines = (Line(kind, about), Line("Note", words))
    return Part("A customer's own voice", VOICE_MINUTES, tuple(line for line in lines if line.words))


class _Paper(Paper):
    """A sheet of paper that knows how a part of the agenda looks."""

    def part(self, part: Part) -> None:
        self.ln(3.5)
        self.say(f"{part.title}  ·  {part.minutes} minutes", 13, "B")
        self.ln(1)
        for line in part.lines:
            self.line_of(line.name, line.words)
        for asked in part.to_fill:
            self.ln(1.5)
            self.set_font("Roboto", "", 10)
            self.set_text_color(90)
            self.cell(58, 5, asked)
            self.set_draw_color(150)
            y = self.get_y() + 4.5
            self.line(self.get_x(), y, self.w - self.r_margin, y)
            self.ln(5)
