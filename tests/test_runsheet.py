"""The agenda on paper: what stands on it, that it adds up, and what never leaves the room."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from library.meeting.runsheet import calendar_entry, run_sheet, run_sheet_pdf, sheet_of
from library.records.entries import CustomerVoice, Meeting, Pick, VoiceKind
from library.shelf import Shelf
from library.story import ShowAs
from tests.helpers import make_story

DAY = date(2026, 11, 23)
SAVED = datetime(2026, 11, 22, 9, tzinfo=UTC)
STORY = make_story()
NAME_GIVEN_AWAY = "Ask Sardinella Norte (sardinella-norte.pt), or SARDINELLA's Lurdes Amaro"


def shelf_of(*stories) -> Shelf:
    return Shelf({story.id: story for story in stories})


def agenda(*picks: Pick, **changes) -> Meeting:
    return replace(Meeting(DAY, 30, picks, None, 1, "Ada Lead", SAVED), **changes)


def pdf_text(meeting: Meeting, shelf: Shelf) -> str:
    pages = PdfReader(BytesIO(run_sheet_pdf(meeting, shelf, DAY))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def everything(meeting: Meeting, shelf: Shelf) -> str:
    paper = run_sheet(meeting, shelf, DAY), pdf_text(meeting, shelf)
    return "\n".join([*paper, calendar_entry(meeting, shelf, time(9)).replace("\r\n ", "")])


def test_the_sheet_says_what_the_room_needs_in_order():
    pick = Pick("sardines", ("Fits 2 asks of the last seven days.",), "Ines Carvalho", "Start at the quay")
    sheet = run_sheet(agenda(pick), shelf_of(STORY), DAY)
    wanted = [
        "# Weekly stories, Monday 23 November 2026",
        "## Welcome",
        "## 1. The harbour closed for fifty days",
        "Sardinella Norte",
        "**Told by:** Ines Carvalho",
        "Fits 2 asks of the last seven days.",
        "Start at the quay",
        "In April 2025 the ministry closed",
        "“I would rather know the bad number at noon.”",
        "Which of your orders would you fill first",
        "You may name Sardinella Norte",
        "Who heard this change this week?",
        "Who tells it to whom?",
        "## Who tells what to whom",
    ]
    places = [sheet.find(part) for part in wanted]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("minutes", [30, 60])
@pytest.mark.parametrize("count", [1, 3, 4, 5])
@pytest.mark.parametrize("voice", [None, CustomerVoice(VoiceKind.GUEST, "sardines")])
def test_the_minutes_add_up(minutes, count, voice):
    picks = tuple(Pick("sardines") for _ in range(count))
    sheet = sheet_of(agenda(*picks, minutes=minutes, voice=voice), shelf_of(STORY), DAY)
    assert sum(part.minutes for part in sheet.parts) == minutes
    assert all(part.minutes >= 2 for part in sheet.parts)


@pytest.mark.parametrize("show_as", [ShowAs.VERBAL, ShowAs.ANONYMISED, ShowAs.INTERNAL])
def test_a_name_that_may_not_be_written_is_on_no_paper(show_as):
    shelf = shelf_of(replace(STORY, show_as=show_as, title="Sardinella closed for fifty days"))
    pick = Pick("sardines", ("Sardinella Norte's turn.",), "Ines Carvalho", NAME_GIVEN_AWAY)
    meeting = agenda(pick, voice=CustomerVoice(VoiceKind.GUEST, "sardines", NAME_GIVEN_AWAY))
    if show_as is ShowAs.INTERNAL:
        meeting = replace(meeting, voice=None)
    shown = everything(meeting, shelf).lower()
    assert "sardinella" not in shown
    assert "amaro" not in shown
    assert "lurdes" not in shown


def test_of_a_story_for_us_only_nothing_is_printed_but_its_title():
    sheet = run_sheet(agenda(Pick("sardines")), shelf_of(replace(STORY, show_as=ShowAs.INTERNAL)), DAY)
    assert "For us only" in sheet
    assert "noon" not in sheet
    assert "ministry" not in sheet


def test_a_quote_that_may_not_be_written_is_not():
    quote = "the bad number at noon"
    assert quote in everything(agenda(Pick("sardines")), shelf_of(STORY))
    assert quote not in everything(agenda(Pick("sardines")), shelf_of(replace(STORY, may_quote="ask first")))


def test_a_story_that_left_the_shelf_is_said_to_have_left():
    assert "no longer on the shelf" in everything(agenda(Pick("gone", (), "Dev Raman")), shelf_of(STORY))


def test_words_from_everywhere_reach_the_paper():
    note = "Łukasz asks Søren, Doğan pays 5 € | *not* markup"
    meeting = agenda(Pick("sardines", (), "Zażółć Gęślą", note))
    assert note in pdf_text(meeting, shelf_of(STORY))
    assert "Zażółć Gęślą" in pdf_text(meeting, shelf_of(STORY))
    assert r"\*not\*" in run_sheet(meeting, shelf_of(STORY), DAY)


def test_a_very_long_note_breaks_no_paper():
    meeting = agenda(*(Pick("sardines", (), "Dev Raman", "word " * 900 + "x" * 300) for _ in range(3)))
    assert len(PdfReader(BytesIO(run_sheet_pdf(meeting, shelf_of(STORY), DAY))).pages) > 2


def test_the_same_meeting_is_the_same_file():
    meeting = agenda(Pick("sardines", ("Because.",), "Dev Raman"))
    first, second = (run_sheet_pdf(meeting, shelf_of(STORY), DAY) for _ in range(2))
    assert first == second


def test_the_calendar_holds_one_meeting_and_a_later_version_replaces_it():
    meeting = agenda(Pick("sardines", (), "Dev Raman"), minutes=60)
    event = Calendar.from_ical(calendar_entry(meeting, shelf_of(STORY), time(9))).walk("VEVENT")[0]
    later = Calendar.from_ical(calendar_entry(replace(meeting, version=2), shelf_of(STORY), time(9))).walk("VEVENT")[0]
    assert event["UID"] == later["UID"]
    assert later["SEQUENCE"] > event["SEQUENCE"]
    assert event.decoded("DTSTART") == datetime(2026, 11, 23, 9)  # noqa: DTZ001 - nine o'clock wherever it is opened
    assert event.decoded("DTEND") == datetime(2026, 11, 23, 10)  # noqa: DTZ001
    assert "The harbour closed for fifty days (Dev Raman)" in str(event["DESCRIPTION"])
