"""The pages of the meeting: proposed, changed, saved, run, looked back on."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from library.library import Library
from library.pages import agenda, desk
from library.records.entries import Audience, CustomerVoice, Landed, Meeting, Pick, VoiceKind
from library.settings import Settings
from tests.helpers import STORIES, TODAY, FakeEncoder
from tests.test_app import LEAD, everything, plain

APP = Path(__file__).parent.parent / "app.py"
MONDAY = date(2026, 11, 23)
INTERNAL = "hotel-booking-platforms"


@pytest.fixture
def library(tmp_path, monkeypatch):
    made = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def opened(page: str = desk.MEETING, person: str = LEAD) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    if person:
        app.session_state["person_name"] = person
    app.run()
    app.switch_page(page).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][place].click().run()
    assert not app.exception
    return app


def told_by(app: AppTest) -> list[str]:
    return [box.value for box in app.selectbox if box.label == "Told by"]


def planned(library: Library, *stories: str, day: date = MONDAY) -> Meeting:
    tellers = [library.shelf.stories[story].told_by for story in stories]
    picks = tuple(Pick(story, ("A reason.",), teller) for story, teller in zip(stories, tellers, strict=True))
    return library.records.meetings.save(Meeting(day, picks=picks), LEAD, at=library.now)


def test_an_empty_monday_is_planned_with_one_click(library):
    app = opened()
    assert app.date_input[0].value == MONDAY
    assert len(told_by(app)) == 3
    press(app, "Save the agenda")
    saved = library.records.meetings.on(MONDAY)
    assert saved.saved_by == LEAD
    assert [pick.teller for pick in saved.picks] == told_by(app)
    assert all(pick.because for pick in saved.picks)
    assert not any(button.label == "Save the agenda" for button in app.button)
    assert any(f"Saved by {LEAD}" in plain(caption.value) for caption in app.caption)


def test_an_hour_holds_five_and_keeps_those_that_were_there(library):
    app = opened()
    before = app.session_state["agenda"].stories
    next(g for g in app.get("button_group") if g.label == "Minutes").set_value(60).run()
    after = app.session_state["agenda"]
    assert after.minutes == 60
    assert len(after.picks) == 5
    assert after.stories[:3] == before


def test_a_pick_is_replaced_moved_removed_reassigned_and_noted(library):
    app = opened()
    first, second, third = app.session_state["agenda"].stories
    press(app, "Another", 0)
    new = app.session_state["agenda"].stories[0]
    assert new not in {first, second, third}
    press(app, "Down", 0)
    assert app.session_state["agenda"].stories == (second, new, third)
    press(app, "Up", 2)
    assert app.session_state["agenda"].stories == (second, third, new)
    press(app, "Remove", 1)
    assert app.session_state["agenda"].stories == (second, new)
    next(box for box in app.selectbox if box.label == "Told by").set_value("Greta Lindholm").run()
    next(box for box in app.text_input if box.label == "Note to the teller").set_value("Start with the letter").run()
    press(app, "Save the agenda")
    saved = library.records.meetings.on(MONDAY)
    assert saved.stories == (second, new)
    assert (saved.picks[0].teller, saved.picks[0].note) == ("Greta Lindholm", "Start with the letter")


def test_a_note_whose_callback_streamlit_stops_is_saved_with_the_agenda(library, monkeypatch):
    app = opened()
    shown = app._tree  # the browser goes on showing its boxes; the test's page is empty after a stopped run
    with monkeypatch.context() as patched:

        def stopped(**_what):
            raise StopException  # what Streamlit does in a callback when a button is pressed in that moment

        patched.setattr(agenda, "change", stopped)
        next(box for box in app.text_input if box.label == "Note to the teller").set_value("Bring the letter").run()
    app._tree = shown
    press(app, "Save the agenda")
    assert library.records.meetings.on(MONDAY).picks[0].note == "Bring the letter"


def test_a_box_nobody_typed_into_does_not_undo_what_another_lead_saved(library):
    app = opened()
    press(app, "Save the agenda")
    app.run()
    mine = library.records.meetings.on(MONDAY)
    theirs = replace(mine, picks=(replace(mine.picks[0], note="Bring the letter"), *mine.picks[1:]))
    library.records.meetings.save(theirs, "Another lead", at=library.now)
    for _ in range(3):
        app.run()
        assert app.session_state["agenda"].picks[0].note == "Bring the letter"


def test_what_was_turned_down_does_not_come_back(library):
    app = opened()
    seen = set(app.session_state["agenda"].stories)
    for _ in range(6):
        press(app, "Another", 0)
        new = app.session_state["agenda"].stories[0]
        assert new not in seen
        seen.add(new)


def test_a_story_is_found_and_added(library):
    app = opened()
    box = next(box for box in app.text_input if box.label == "What should it be about?")
    box.set_value("Nurses keep leaving the hospital wards").run()
    keys = [button.key for button in app.button if str(button.key).startswith(f"add-{MONDAY}-")]
    assert keys
    story = keys[0].removeprefix(f"add-{MONDAY}-")
    app.button(key=keys[0]).click().run()
    assert app.session_state["agenda"].stories[-1] == story
    assert not app.exception


def test_a_customer_s_own_voice_is_asked_for_and_saved_with_the_agenda(library):
    app = opened()
    press(app, "Save the agenda")
    app.button_group(key=f"voice-{MONDAY}").set_value(VoiceKind.GUEST).run()
    assert "Changed, not saved yet." in [caption.value for caption in app.caption]
    whose = app.selectbox(key=f"voice-story-{MONDAY}")
    may = [story.id for story in library.shelf.tellable(MONDAY) if story.may_call in {"yes", "ask first"}]
    assert whose.value in may
    assert len(whose.options) == len(may)
    other = next(story for story in may if story != whose.value)
    whose.set_value(other).run()
    app.text_input(key=f"voice-words-{MONDAY}").set_value(" Five minutes on the first week ").run()
    press(app, "Save the agenda")
    wanted = CustomerVoice(VoiceKind.GUEST, other, "Five minutes on the first week")
    assert library.records.meetings.on(MONDAY).voice == wanted
    app = opened()
    assert app.selectbox(key=f"voice-story-{MONDAY}").value == other
    app.button_group(key=f"voice-{MONDAY}").set_value(None).run()
    press(app, "Save the agenda")
    assert library.records.meetings.on(MONDAY).voice is None


def test_words_to_the_guest_whose_callback_streamlit_stops_are_saved_with_the_agenda(library, monkeypatch):
    app = opened()
    app.button_group(key=f"voice-{MONDAY}").set_value(VoiceKind.GUEST).run()
    whose = app.selectbox(key=f"voice-story-{MONDAY}").value
    shown = app._tree
    with monkeypatch.context() as patched:

        def stopped(**_what):
            raise StopException

        patched.setattr(agenda, "change", stopped)
        app.text_input(key=f"voice-words-{MONDAY}").set_value("Ask her about March").run()
    app._tree = shown
    press(app, "Save the agenda")
    assert library.records.meetings.on(MONDAY).voice == CustomerVoice(VoiceKind.GUEST, whose, "Ask her about March")


def test_a_voice_of_another_kind_begins_with_somebody_who_can_be_heard_so(library):
    app = opened()
    for kind in (VoiceKind.GUEST, VoiceKind.RECORDING, VoiceKind.GUEST):
        app.button_group(key=f"voice-{MONDAY}").set_value(kind).run()
        assert not app.exception
        voice, may = app.session_state["agenda"].voice, app.selectbox(key=f"voice-story-{MONDAY}").options
        assert voice.kind is kind
        assert bool(voice.story) is bool(may)


def test_two_leads_at_once_lose_nothing(library):
    app = opened()
    mine = app.session_state["agenda"].stories
    theirs = planned(library, "grid-crews-retire")
    press(app, "Another", 0)
    mine = app.session_state["agenda"].stories
    press(app, "Save the agenda")
    assert any("saved this meeting first" in warning.value for warning in app.warning)
    assert library.records.meetings.on(MONDAY) == theirs
    press(app, "Add my stories to theirs")
    both = library.records.meetings.on(MONDAY)
    assert both.stories == ("grid-crews-retire", *(s for s in mine if s != "grid-crews-retire"))
    assert len(library.records.meetings.versions(MONDAY)) == 2


@pytest.mark.parametrize(("choice", "kept"), [("Save mine instead", "mine"), ("Take theirs", "theirs")])
def test_after_a_clash_either_agenda_can_stand(library, choice, kept):
    app = opened()
    press(app, "Another", 0)
    mine = app.session_state["agenda"].stories
    theirs = planned(library, "grid-crews-retire").stories
    press(app, "Save the agenda")
    press(app, choice)
    assert library.records.meetings.on(MONDAY).stories == {"mine": mine, "theirs": theirs}[kept]
    assert app.session_state["agenda"].stories == {"mine": mine, "theirs": theirs}[kept]


def test_a_proposal_nobody_touched_gives_way_to_what_somebody_saved(library):
    app = opened()
    planned(library, "grid-crews-retire")
    app.run()
    assert app.session_state["agenda"].stories == ("grid-crews-retire",)


def test_a_rep_reads_the_agenda_and_cannot_change_it(library):
    assert any("not planned yet" in info.value for info in opened(person="Dev Raman").info)
    planned(library, "grid-crews-retire")
    app = opened(person="Dev Raman")
    assert not told_by(app)
    assert not {"Save the agenda", "Another", "Remove"} & {button.label for button in app.button}


def test_where_nobody_leads_somebody_takes_the_lead_once(tmp_path, monkeypatch):
    made = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY), FakeEncoder())
    monkeypatch.setattr(desk, "library", lambda: made)
    press(opened(person="Dev Raman"), "I lead the team")
    assert [member.name for member in made.records.members if member.leads] == ["Dev Raman"]
    assert not any(button.label == "I lead the team" for button in opened(person="Ines Carvalho").button)
    assert any(button.label == "Save the agenda" for button in opened(person="Dev Raman").button)
    made.close()


def test_the_meeting_is_run_story_by_story(library):
    planned(library, "grid-crews-retire", "parcel-driver-quits")
    app = opened(desk.RUN)
    next(g for g in app.get("button_group")).set_value(["Dev Raman"]).run()
    app.selectbox(key="who-grid-crews-retire").set_value("Priya Nambiar").run()
    app.text_input(key="whom-grid-crews-retire").set_value("The water company").run()
    press(app, "Note it")
    press(app, "Next story")
    press(app, "Back")
    press(app, "Next story")
    press(app, "To the end")
    hands = library.records.meetings.hands(MONDAY)
    assert [(hand.person, hand.whom) for hand in hands] == [("Priya Nambiar", "The water company"), ("Dev Raman", "")]
    told = library.records.tellings.all()
    assert [t.story for t in told] == ["grid-crews-retire", "parcel-driver-quits"]
    assert {t.audience for t in told} == {Audience.TEAM}
    assert any("The water company" in plain(text.value) for text in app.markdown)


def test_what_came_of_it_stands_in_the_history(library):
    day = TODAY - timedelta(days=6)
    planned(library, "grid-crews-retire", day=day)
    at = library.now - timedelta(days=5)
    library.records.meetings.raise_hand(day, "grid-crews-retire", "Dev Raman", at=at, whom="The dairy")
    library.records.tellings.add("Dev Raman", "grid-crews-retire", at=library.now, landed=Landed.LEANED_IN)
    words = " ".join(plain(text.value) for text in opened(desk.HISTORY, person="Dev Raman").markdown)
    assert "told once · leaned in 1 of 1" in words
    assert "task_alt: Dev Raman to The dairy" in words


@pytest.mark.parametrize("page", [desk.MEETING, desk.RUN, desk.HISTORY])
def test_the_room_never_sees_a_name_that_may_not_be_shown(library, page):
    hidden = [s for s in library.shelf if s.tellable(TODAY) and s.show_as == "anonymised"][:2]
    ids = [story.id for story in hidden] + [INTERNAL]
    planned(library, *ids)
    planned(library, *ids, day=TODAY - timedelta(days=6))
    shown = everything(opened(page))
    for story in [*hidden, library.shelf.stories[INTERNAL]]:
        assert story.customer not in shown


def test_a_story_that_left_the_shelf_breaks_no_page(library):
    agenda = replace(Meeting(MONDAY), picks=(Pick("gone-for-good", (), "Dev Raman"),))
    library.records.meetings.save(agenda, LEAD, at=library.now)
    for page in (desk.MEETING, desk.RUN):
        assert "left the shelf" in everything(opened(page))
