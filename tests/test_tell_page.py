"""Tell a story, as a teller uses it: begun, kept, placed, checked, sent once; and nothing lost on the way."""

import pytest
from streamlit.runtime.scriptrunner import StopException

from library.capture.form import beat_field
from library.capture.guide import guide_pdf
from library.library import Library
from library.pages import desk, steps, writing
from library.records.drafts import Drafts
from library.records.entries import RecordsError
from library.settings import Settings
from library.story import Beat, Status
from tests.helpers import TODAY, FakeEncoder, make_story, write_shelf
from tests.test_app import LEAD, everything, plain
from tests.test_records import NOW
from tests.test_shelf_page import opened, press

TELLER = "Ines Carvalho"
NOTES = """Q: What changed?
A: In May 2025 the ministry closed the grounds.
- it cost 400 thousand euros
- todo: send a card"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    stories = [make_story("there"), make_story("draft", status=Status.DRAFT, title="Half a story")]
    stories.append(make_story("other", told_by="Dev Raman", owner="Dev Raman", customer="Lagos Pescados"))
    folder = write_shelf(tmp_path / "stories", *stories)
    made = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    made.sync()
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def kept(library, person=TELLER):
    return library.records.drafts.of(person)[0]


def begun(library, step, person=TELLER):
    app = opened(desk.TELL, person)
    press(app, step)
    return app


def whole(library, **more):
    """A draft that could be published."""
    from library.capture.form import written_of  # noqa: PLC0415

    long = " ".join(["She walked to the quay and counted the boats again."] * 4)
    beats = {beat_field(b): f"{make_story().beat(b)} {long if b is Beat.WHO else ''}".strip() for b in Beat}
    written = {
        **written_of(make_story()),
        **beats,
        "title": "The quay fell silent",
        "customer": "Conservas Vilamoura",
        **more,
    }
    return library.records.drafts.begin(TELLER, at=NOW, written=written)


def at_step(library, draft, step):
    app = opened(desk.TELL, TELLER, draft=draft.id)
    app.segmented_control(key=f"step-{draft.id}").set_value(step).run()
    return app


def test_a_story_has_a_teller(library):
    app = opened(desk.TELL, "")
    assert "a story has a teller" in everything(app)
    assert not app.button


def test_the_nine_questions_are_there_to_take_along(library):
    shown = everything(opened(desk.TELL, TELLER))
    assert "What made you decide that way?" in shown
    assert guide_pdf(NOW) == guide_pdf(NOW)
    assert guide_pdf(NOW).count(b"/Type /Page\n") == 1


def test_what_is_written_is_kept_at_once_and_shown_again(library):
    app = begun(library, "The whole story")
    draft = kept(library)
    app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").set_value("Lurdes counts tins.").run()
    assert kept(library).written == {beat_field(Beat.WHO): "Lurdes counts tins."}
    again = opened(desk.TELL, TELLER)
    assert "Lurdes" not in everything(again)
    press(again, "Go on")
    assert again.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").value == "Lurdes counts tins."


def test_a_box_whose_callback_streamlit_stops_is_kept_by_the_next_run(library, monkeypatch):
    app = begun(library, "The whole story")
    draft = kept(library)
    shown = app._tree  # the browser goes on showing its boxes; the test's page is empty after a stopped run
    with monkeypatch.context() as patched:

        def stopped(*_given, **_named):
            raise StopException  # what Streamlit does in a callback when another box is left in that moment

        patched.setattr(Drafts, "keep", stopped)
        app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").set_value("Lurdes counts tins.").run()
    assert not kept(library).written
    app._tree = shown
    app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.PAIN)}").set_value("Nine in ten.").run()
    written = {beat_field(Beat.WHO): "Lurdes counts tins.", beat_field(Beat.PAIN): "Nine in ten."}
    assert kept(library).written == written


def test_a_box_left_and_sent_in_one_moment_is_sent_whole(library, monkeypatch):
    app = begun(library, "In 90 seconds")
    draft = kept(library)
    app.text_input(key=f"tell-{draft.id}-customer").set_value("Conservas Vilamoura").run()
    keep_typed = writing.keep_typed
    monkeypatch.setattr(writing, "keep_typed", lambda _draft: None)  # each was stopped
    app.text_input(key=f"tell-{draft.id}-quote").set_value("I would rather know.").run()
    monkeypatch.setattr(writing, "keep_typed", keep_typed)
    press(app, "Put on the shelf as a draft")
    assert "I would rather know." in {story.quote for story in library.shelf}


def test_nobody_opens_what_another_is_writing(library):
    draft = library.records.drafts.begin("Somebody", at=NOW, written={"customer": "Conservas Vilamoura"})
    app = opened(desk.TELL, TELLER, draft=draft.id)
    assert "Vilamoura" not in everything(app)
    assert "From my notes" in {button.label for button in app.button}


def test_notes_find_their_parts_and_go_into_the_story_word_for_word(library):
    app = begun(library, "From my notes")
    draft = kept(library)
    app.text_area(key=f"tell-{draft.id}-notes").set_value(NOTES).run()
    press(app, "Find the parts")
    rows = kept(library).written["placed"]
    assert [text for text, _ in rows] == [
        "What changed?",
        "In May 2025 the ministry closed the grounds.",
        "it cost 400 thousand euros",
        "todo: send a card",
    ]
    app.selectbox(key=f"place-{draft.id}-1").set_value("change").run()
    app.selectbox(key=f"place-{draft.id}-2").set_value("pain").run()
    app.selectbox(key=f"place-{draft.id}-3").set_value("nowhere").run()
    press(app, "Put them into the story")
    written = kept(library).written
    assert written[beat_field(Beat.CHANGE)] == "In May 2025 the ministry closed the grounds."
    assert written[beat_field(Beat.PAIN)] == "it cost 400 thousand euros"
    assert "card" not in " ".join(str(written.get(beat_field(beat), "")) for beat in Beat)
    assert app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.CHANGE)}").value == written[beat_field(Beat.CHANGE)]


def test_ninety_seconds_make_a_draft_on_the_shelf(library):
    app = begun(library, "In 90 seconds")
    draft = kept(library)
    app.text_input(key=f"tell-{draft.id}-customer").set_value("Conservas Vilamoura").run()
    app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.CHANGE)}").set_value(
        "The ministry closed the quay in May."
    ).run()
    app.text_input(key=f"tell-{draft.id}-quote").set_value("I would rather know.").run()
    press(app, "Put on the shelf as a draft")
    assert "on the shelf as a draft" in everything(app)
    story = library.shelf.get("the-ministry-closed-the-quay-in-may")
    assert (story.status, story.told_by, story.quote) == (Status.DRAFT, TELLER, "I would rather know.")
    assert library.records.drafts.of(TELLER) == []


def test_what_blocks_is_said_and_keeps_it_from_being_sent(library):
    app = at_step(library, whole(library, alias=""), "Check and send")
    shown = everything(app)
    assert "Before it can be published" in shown
    assert "Missing: alias." in shown
    assert next(button for button in app.button if button.label == "Send to the lead").disabled


def test_a_whole_story_is_sent_once_and_its_history_begins(library):
    draft = whole(library)
    app = at_step(library, draft, "Check and send")
    press(app, "Send to the lead")
    assert "It waits for the lead" in everything(app)
    story = library.shelf.get("the-quay-fell-silent")
    assert (story.status, story.told_by, story.customer) == (Status.REVIEW, TELLER, "Conservas Vilamoura")
    assert [review.act for review in library.records.reviews.all(story=story.id)] == ["sent"]
    assert library.records.drafts.of(TELLER) == []
    assert len(library.shelf) == 4


def test_the_thanks_outlast_a_shelf_that_is_read_late(library, monkeypatch):
    app = at_step(library, whole(library), "Check and send")
    monkeypatch.setattr(steps, "catch_up", lambda: None)
    monkeypatch.setattr(library, "start", lambda: None)
    press(app, "Send to the lead")
    assert "It waits for the lead" in everything(app)
    library.sync()
    for _ in range(3):  # whatever shows the page again
        app.run()
        assert "It waits for the lead" in everything(app)
    app.session_state["sent"]["until"] = 0
    app.run()
    assert "It waits for the lead" not in everything(app)


def test_a_story_is_with_the_lead_also_where_streamlit_stops_the_click(library, monkeypatch):
    app = at_step(library, whole(library), "Check and send")
    shown = app._tree

    def stopped():
        raise StopException

    monkeypatch.setattr(steps, "catch_up", stopped)
    press(app, "Send to the lead")
    library.sync()
    assert [story.status for story in library.shelf if story.title == "The quay fell silent"] == [Status.REVIEW]
    app._tree = shown
    next(button for button in app.button if button.label == "Send to the lead").set_value(False)
    app.run()
    assert "It waits for the lead" in everything(app)


@pytest.mark.parametrize("step", ["Story", "Check and send"])
def test_a_twin_is_shown_with_what_differs(library, step):
    shown = everything(at_step(library, whole(library, customer="Sardinella Norte", industry="hospitals"), step))
    assert "This customer has a story already" in shown
    assert "Hospitals instead of Food manufacturing" in shown


def test_records_that_fail_lose_nothing_and_say_so(library, monkeypatch):
    app = begun(library, "The whole story")
    draft = kept(library)

    def broken(*_, **__):
        raise RecordsError("The disk is full.")

    monkeypatch.setattr(library.records.drafts, "keep", broken)
    app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").set_value("Lurdes counts tins.").run()
    assert "The disk is full" in plain(" ".join(toast.value for toast in app.toast))
    assert app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").value == "Lurdes counts tins."
    assert not app.exception


@pytest.mark.parametrize("step", ["Story", "Check and send"])
def test_words_of_the_team_that_cannot_be_read_are_a_sentence_and_lose_nothing(library, step):
    draft = whole(library)
    (library.settings.stories / "checks.toml").write_text("[hipe]\nwords = []")
    app = at_step(library, draft, step)
    assert "checks.toml: found [hipe]" in everything(app)
    assert library.records.drafts.get(draft.id, TELLER).written == draft.written
    if step == "Story":
        assert app.text_area(key=f"tell-{draft.id}-{beat_field(Beat.WHO)}").value
        return
    press(app, "Send to the lead")
    assert "checks.toml: found [hipe]" in plain(" ".join(toast.value for toast in app.toast))
    assert library.records.drafts.get(draft.id, TELLER).written == draft.written
    assert len(library.shelf) == 3


# --- A story that is there already ------------------------------------------------------------------------------------


def draft_of(library, story):
    app = opened(desk.TELL, TELLER, story=story)
    return app, next(d for d in library.records.drafts.of(TELLER) if d.story == story)


def test_a_draft_of_the_shelf_is_gone_on_with_in_its_own_file(library):
    app, draft = draft_of(library, "draft")
    app.segmented_control(key=f"step-{draft.id}").set_value("Facts").run()
    app.text_input(key=f"tell-{draft.id}-title").set_value("A whole story").run()
    app.segmented_control(key=f"step-{draft.id}").set_value("Check and send").run()
    press(app, "Put on the shelf as a draft")
    assert library.shelf.get("draft").title == "A whole story"
    assert len(library.shelf) == 3


def test_a_file_changed_by_hand_meanwhile_is_not_overwritten_and_both_are_shown(library):
    app, draft = draft_of(library, "draft")
    path = library.settings.stories / "draft.md"
    path.write_text(path.read_text().replace("fifty days", "sixty days"))
    app.segmented_control(key=f"step-{draft.id}").set_value("Facts").run()
    app.text_input(key=f"tell-{draft.id}-title").set_value("Mine").run()
    app.segmented_control(key=f"step-{draft.id}").set_value("Check and send").run()
    press(app, "Put on the shelf as a draft")
    assert "sixty days" in path.read_text()
    assert "title: Mine" not in path.read_text()
    codes = " ".join(code.value for code in app.code)
    assert "sixty days" in codes
    assert "title: Mine" in codes
    press(app, "Begin again from theirs")
    kept_now = library.records.drafts.get(draft.id, TELLER).written
    assert "sixty days" in kept_now[beat_field(Beat.CHANGE)]
    assert kept_now["title"] == "Half a story"


@pytest.mark.parametrize("choice", ["Keep mine", "Begin again"])
def test_a_file_that_became_unreadable_meanwhile_is_a_sentence_and_nothing_is_lost(library, choice):
    app, draft = draft_of(library, "draft")
    path = library.settings.stories / "draft.md"
    path.write_text("---\ntitle: [half\n---\n")
    app.segmented_control(key=f"step-{draft.id}").set_value("Facts").run()
    app.text_input(key=f"tell-{draft.id}-title").set_value("Mine").run()
    app.segmented_control(key=f"step-{draft.id}").set_value("Check and send").run()
    press(app, "Put on the shelf as a draft")
    next(button for button in app.button if button.label.startswith(choice)).click().run()
    assert not app.exception
    assert "Nothing was changed" in plain(" ".join(toast.value for toast in app.toast))
    assert library.records.drafts.get(draft.id, TELLER).written["title"] == "Mine"


def test_a_published_story_stays_as_it_is_while_its_facts_are_changed(library):
    app, draft = draft_of(library, "there")
    app.segmented_control(key=f"step-{draft.id}").set_value("Facts").run()
    app.text_input(key=f"tell-{draft.id}-near_miss").set_value("They nearly bought ice.").run()
    app.segmented_control(key=f"step-{draft.id}").set_value("Check and send").run()
    before = (library.settings.stories / "there.md").read_text()
    button = next(b for b in app.button if b.label == "Send to the lead")
    assert not button.disabled, everything(app)
    button.click().run()
    assert (library.settings.stories / "there.md").read_text() == before
    (proposal,) = library.records.proposals.open()
    assert "near_miss: They nearly bought ice." in proposal.new_text
    assert "The change waits" in everything(app)


def test_a_story_of_somebody_else_is_not_theirs_to_write(library):
    app = opened(desk.TELL, "Dev Raman", story="there")
    assert "not yours to write" in everything(app)
    assert library.records.drafts.of("Dev Raman") == []


def test_sent_from_two_windows_it_is_one_story(library):
    draft = whole(library)
    here, there = at_step(library, draft, "Check and send"), at_step(library, draft, "Check and send")
    press(here, "Send to the lead")
    press(there, "Send to the lead")
    assert "sent already" in plain(" ".join(toast.value for toast in there.toast))
    assert [story.title for story in library.shelf].count("The quay fell silent") == 1
