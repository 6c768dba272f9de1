"""After the call: a telling in two taps, feedback that reaches the lead, asks that are kept and forgotten."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from library.library import Library
from library.pages import desk
from library.records.entries import Audience, Concern, Landed, Telling
from library.settings import Settings
from library.situation import understand
from library.tally import Tally
from tests.helpers import STORIES, TODAY, FakeEncoder
from tests.test_app import LEAD, NURSES, cards, everything, plain, say

APP = Path(__file__).parent.parent / "app.py"
STORY = "grid-crews-retire"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def library(tmp_path, monkeypatch):
    made = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    monkeypatch.setattr(desk, "library", lambda: made)
    made.sync()
    yield made
    made.close()


def opened(page: str = desk.ASK, person: str = "", story: str = "") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    if person:
        app.session_state["person_name"] = person
    app.run()
    if page != desk.ASK:
        app.switch_page(page)
        if story:
            app.query_params["story"] = story
        app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def field(app: AppTest, label: str):
    return next(box for box in app.text_input if box.label.startswith(label))


def told(story: str, person: str, landed: Landed, audience: Audience = Audience.PROSPECT) -> Telling:
    return Telling(f"{story}{person}{landed}", NOW, person, story, audience, landed=landed)


@pytest.mark.parametrize(
    ("tellings", "sentence"),
    [
        ([], ""),
        ([told("a", "Dev", Landed.POLITE, Audience.TEAM)], ""),
        ([told("a", "Dev", Landed.LEANED_IN)], "told once by 1 person, leaned in once"),
        (
            [told("a", "Dev", Landed.POLITE), told("a", "Ines", Landed.FELL_FLAT)],
            "told twice by 2 people, leaned in never",
        ),
        (
            [told("a", f"P{n % 6}", Landed.LEANED_IN if n < 9 else Landed.POLITE) for n in range(14)],
            "told 14 times by 6 people, leaned in 9 times",
        ),
    ],
)
def test_the_tally_reads_as_a_sentence(tellings, sentence):
    assert Tally.of(tellings).sentence == sentence


def test_one_tap_in_the_open_button_records_a_telling(library):
    app = say(opened(person="Dev Raman"), NURSES)
    press(app, "Leaned in")
    [telling] = library.records.tellings.all()
    assert (telling.person, telling.landed, telling.audience) == ("Dev Raman", Landed.LEANED_IN, Audience.PROSPECT)
    assert plain(library.shelf.stories[telling.story].title) == cards(app)[0]
    assert "Told once by 1 person, leaned in once" in everything(app)
    press(app, "Take it back")
    assert library.records.tellings.all() == []


def test_whom_and_what_they_asked_next_are_kept(library):
    app = opened(desk.STORY, "Dev Raman", STORY)
    field(app, "To whom").set_value("A water company")
    press(app, "Fell flat")
    field(app, "What did they ask next").set_value("Who else did this?").run()
    next(g for g in app.get("button_group") if g.label.startswith("What had you expected")).set_value(
        Landed.POLITE
    ).run()
    [telling] = library.records.tellings.all(story=STORY)
    assert (telling.whom, telling.asked_next) == ("A water company", "Who else did this?")
    assert (telling.landed, telling.expected) == (Landed.FELL_FLAT, Landed.POLITE)


def test_somebody_without_a_name_is_asked_for_it_and_loses_nothing(library):
    app = opened(desk.STORY, "", STORY)
    press(app, "Polite")
    assert library.records.tellings.all() == []
    field(app, "Your name").set_value("Priya Nambiar")
    press(app, "Polite")
    assert [telling.person for telling in library.records.tellings.all()] == ["Priya Nambiar"]
    assert app.session_state["person_name"] == "Priya Nambiar"


def test_a_doubt_is_seen_by_the_next_and_settled_by_the_lead_only(library):
    app = opened(desk.STORY, "Dev Raman", STORY)
    next(g for g in app.get("button_group")).set_value(Concern.MAY_NOT_BE_SAID).run()
    field(app, "Why").set_value("They asked us not to")
    press(app, "Send")
    rep = opened(desk.STORY, "Ines Carvalho", STORY)
    assert any("may not be said" in warning.value for warning in rep.warning)
    assert not any(button.label == "Looked at" for button in rep.button)
    lead = opened(desk.STORY, LEAD, STORY)
    assert any("They asked us not to" in text.value for text in lead.text)
    press(lead, "Looked at")
    assert [note.settled_by for note in library.records.notes.all()] == [LEAD]
    assert not opened(desk.STORY, "Ines Carvalho", STORY).warning


def test_an_ask_is_kept_with_what_came_of_it_and_small_talk_is_not(library):
    app = say(opened(person="Dev Raman"), NURSES)
    say(app, "thanks!")
    [ask] = library.records.asks.since(datetime(2020, 1, 1, tzinfo=UTC))
    assert (ask.person, ask.answered) == ("Dev Raman", True)
    assert [plain(library.shelf.stories[story].title) for story in ask.results] == cards(app)
    app.switch_page(desk.STORY)
    app.query_params["story"] = ask.results[0]
    app.run().run()
    [ask] = library.records.asks.since(datetime(2020, 1, 1, tzinfo=UTC))
    assert ask.opened == ask.results[:1]
    press(app, "Forget my words")
    assert [ask.text for ask in library.records.asks.since(datetime(2020, 1, 1, tzinfo=UTC))] == [""]


@pytest.mark.parametrize("damage", ["folder", "garbage"])
def test_without_records_the_library_answers_all_the_same(library, damage):
    file = library.settings.data / "records.db"
    file.mkdir(parents=True) if damage == "folder" else file.write_text("no database at all " * 500)
    app = say(opened(person="Dev Raman"), NURSES)
    assert cards(app)
    press(app, "Leaned in")
    assert any("could not be recorded" in toast.value for toast in app.toast)
    assert opened(desk.STORY, "Dev Raman", STORY).title
    assert any("Nothing is recorded now" in warning.value for warning in opened(desk.MEETING, LEAD).warning)


def test_tellings_and_feedback_never_move_a_search(library):
    situation = understand(NURSES, library.state.shelf.vocabulary)
    before = library.state.search.find(situation, TODAY)
    for story in before.stories:
        for _ in range(9):
            library.records.tellings.add("Dev", story, at=NOW, landed=Landed.FELL_FLAT)
        library.records.notes.add("Dev", story, Concern.WRONG, at=NOW)
    assert library.state.search.find(situation, TODAY) == before
