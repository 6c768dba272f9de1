"""What came of somebody's stories: said of one person at a time, in words, with thanks and without a place in a row."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from library.credit import Share, credits_of, shares_of
from library.library import Library
from library.pages import desk
from library.people import Person, Role
from library.records.entries import Audience, Concern, Feedback, Landed, RecordsError, Telling
from library.settings import Settings
from library.story import ShowAs, Status
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story
from tests.test_app import LEAD, everything, links, plain
from tests.test_tellings import field, press

APP = Path(__file__).parent.parent / "app.py"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
INES, DEV = Person("Ines Carvalho"), Person("Dev Raman")
STORY, ITS_TELLER = "grid-crews-retire", "Greta Lindholm"


def told(person: str, landed: Landed | None = None, days: int = 1, audience: Audience = Audience.PROSPECT) -> Telling:
    return Telling(f"{person}{days}", NOW - timedelta(days=days), person, "sardines", audience, "Acme", landed)


def noted(words: str, concern: Concern = Concern.GREAT, days: int = 1) -> Feedback:
    return Feedback(words, NOW - timedelta(days=days), "Owen Marsh", "sardines", concern, words)


def the_credit(*tellings: Telling, notes=(), story=None, viewer=INES):
    (credit,) = credits_of("Ines Carvalho", [story or make_story()], tellings, notes, viewer)
    return credit


# --- in words --------------------------------------------------------------------------------------------------------


def test_how_often_by_whom_and_how_it_landed_is_said_in_words():
    credit = the_credit(
        told("Owen Marsh", Landed.POLITE, 9),
        told("Dev Raman", Landed.LEANED_IN, 2),
        told("Dev Raman", Landed.LEANED_IN, 5),
        told("Zoe Ek", None, 1),
        told("Ines Carvalho", None, 3, Audience.TEAM),
        Telling("other", NOW, "Somebody", "another-story"),
    )
    assert credit.told == "Told to prospects 4 times, by Dev Raman, Owen Marsh and Zoe Ek. Told to the team once."
    assert credit.landed == "It made people lean in twice and left them polite once."
    assert credit.lately == (
        "21 November 2026, Zoe Ek",
        "20 November 2026, Dev Raman: they leaned in",
        "17 November 2026, Dev Raman: they leaned in",
    )


def test_a_story_nobody_told_says_so_and_nothing_of_how_it_landed():
    credit = the_credit()
    assert (credit.told, credit.landed, credit.lately, credit.thanks) == ("Not told to a prospect yet.", "", (), ())


def test_whom_it_was_told_to_is_left_out():
    credit = the_credit(told("Dev Raman", Landed.LEANED_IN))
    assert "Acme" not in " ".join([credit.told, credit.landed, *credit.lately])


def test_thanks_are_praise_the_newest_first_and_nothing_else():
    credit = the_credit(notes=[noted("Old", days=9), noted("New"), noted("It is wrong", Concern.WRONG)])
    assert [thanks.words for thanks in credit.thanks] == ["New", "Old"]


def test_a_name_said_in_thanks_is_seen_by_who_may_know_it():
    hidden, notes = make_story(show_as=ShowAs.ANONYMISED), [noted("Sardinella called me back")]
    assert the_credit(notes=notes, story=hidden).thanks[0].words == "Sardinella called me back"
    seen = the_credit(notes=notes, story=hidden, viewer=DEV)
    assert "Sardinella" not in seen.thanks[0].words + seen.story.customer + seen.story.telling
    assert "cannery" in seen.thanks[0].words


def test_whoever_helped_or_looks_after_a_story_has_it_too():
    story = make_story(told_by="Ines Carvalho", contributors=("Dev Raman",), owner="Ines Carvalho")
    assert shares_of("Ines Carvalho", story) == (Share.TELLER, Share.OWNER)
    assert shares_of("Dev Raman", story) == (Share.CONTRIBUTOR,)
    assert shares_of("", make_story(told_by="", owner="")) == ()
    assert [c.shares for c in credits_of("Dev Raman", [story], [], [], DEV)] == [(Share.CONTRIBUTOR,)]


def test_a_draft_is_for_its_people_and_the_lead():
    draft = make_story(status=Status.DRAFT)
    for viewer, count in ((INES, 1), (Person("Ada", Role.LEAD), 1), (DEV, 0), (Person(), 0)):
        assert len(credits_of("Ines Carvalho", [draft], [], [], viewer)) == count


def test_the_newest_story_stands_first_however_often_others_were_told():
    old = make_story("sardines", heard_on=TODAY - timedelta(days=300))
    new = make_story("tins", heard_on=TODAY)
    tellings = [told("Dev Raman", Landed.LEANED_IN, day) for day in range(1, 9)]
    assert [c.story.id for c in credits_of("Ines Carvalho", [old, new], tellings, [], INES)] == ["tins", "sardines"]


# --- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path, monkeypatch):
    made = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    monkeypatch.setattr(desk, "library", lambda: made)
    made.sync()
    yield made
    made.close()


def opened(page: str = desk.CREDIT, person: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    if person:
        app.session_state["person_name"] = person
    app.run()
    app.switch_page(page)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning)
    return plain(" ".join(node.value for kind in kinds for node in kind))


def test_a_teller_reads_what_came_of_their_stories(library):
    library.records.tellings.add("Dev Raman", STORY, at=library.now, landed=Landed.LEANED_IN)
    library.records.notes.add("Dev Raman", STORY, Concern.GREAT, at=library.now, words="They *stood* up")
    said = texts(opened(person=ITS_TELLER))
    for words in ("Your stories", "Told to prospects once, by Dev Raman", "Dev Raman said thanks", "verified"):
        assert words in said
    assert "They *stood* up" in said


def test_a_page_shows_one_person_and_no_number_of_anybody_elses(library):
    theirs = {story.id for story in library.shelf if shares_of("Aiko Mori", story) and story.status == "published"}
    app = named("Aiko Mori")
    assert "Aiko Mori’s stories" in texts(app)
    keys = {str(link.proto.query_string) for link in app.get("page_link") if "story=" in link.proto.query_string}
    assert {key.removeprefix("story=") for key in keys} == theirs


def named(person: str, viewer: str = "Dev Raman") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["person_name"] = viewer
    app.run()
    app.switch_page(desk.CREDIT)
    app.query_params["person"] = person
    app.run()
    assert not app.exception
    return app


def test_a_customers_name_is_for_who_may_know_it(library):
    hidden = library.shelf.stories["hospital-implant-recall"]
    assert hidden.customer not in everything(named(hidden.told_by))
    assert hidden.customer in everything(named(hidden.told_by, LEAD))


def test_nobody_named_is_asked_and_who_told_nothing_is_encouraged(library):
    assert "Say who you are" in texts(opened())
    assert "You have not told a story yet" in texts(opened(person=LEAD))
    strange = named("*Nobody* $x$ <b>")
    assert "*Nobody* $x$ <b> has not told a story yet" in texts(strange)


def test_without_records_the_stories_are_there(library, monkeypatch):
    def broken(*_, **__):
        raise RecordsError("The records cannot be used: no space left.")

    monkeypatch.setattr(library.records.tellings, "all", broken)
    said = texts(opened(person=ITS_TELLER))
    assert "out of reach" in said
    assert "Not told to a prospect yet" not in said


# --- saying thanks ---------------------------------------------------------------------------------------------------


def test_thanks_said_on_a_story_are_read_by_its_teller(library):
    app = opened(desk.STORY, "Dev Raman", story=STORY)
    assert f"What came of {ITS_TELLER}’s stories" in links(app)
    field(app, "A word to who brought it").set_value("It opened the door").run()
    press(app, "Say thanks")
    (note,) = library.records.notes.all(story=STORY)
    assert (note.person, note.concern, note.words, note.open) == (
        "Dev Raman",
        Concern.GREAT,
        "It opened the door",
        False,
    )
    assert "Say thanks" not in {button.label for button in app.button}
    assert "It opened the door" in texts(opened(person=ITS_TELLER))


def test_after_a_telling_thanks_are_one_tap(library):
    app = opened(desk.STORY, "Dev Raman", story=STORY)
    press(app, "Leaned in")
    app.button(key=f"story-{STORY}-after-thank").click().run()
    assert not app.exception
    assert [note.concern for note in library.records.notes.all(story=STORY)] == [Concern.GREAT]


def test_nobody_thanks_themselves_and_nobody_without_a_name(library):
    assert "Say thanks" not in {button.label for button in opened(desk.STORY, ITS_TELLER, story=STORY).button}
    app = press(opened(desk.STORY, story=STORY), "Say thanks")
    assert library.records.notes.all() == []
    assert any("name first" in toast.value for toast in app.toast)
