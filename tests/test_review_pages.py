"""Review as two people do it: sent, looked at, sent back, answered, published; and the clicks for a story's life."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from library.library import Library
from library.pages import desk
from library.records.entries import Act, RecordsError
from library.records.proposed import State
from library.settings import Settings
from library.story import Beat, Health, Status
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf
from tests.test_app import LEAD, everything, links, plain
from tests.test_shelf_page import opened, press

VERIFIER, STRANGER = "Vera Check", "Dev Raman"
NURSES, TELLER = "hospital-agency-nurses", "Hanne Bruun"
WAITING, ITS_TELLER = "valve-foundry-carbon", "Tomasz Wilk"
DRAFT, ITS_WRITER = "scaffold-two-yards", "Callum Reid"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The shipped stories in a folder that a test may change."""
    folder = Path(shutil.copytree(STORIES, tmp_path / "stories"))
    settings = Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD, verifiers=VERIFIER)
    made = Library(settings, FakeEncoder())
    made.sync()
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def file(library: Library, story: str = NURSES) -> Path:
    return library.settings.stories / f"{story}.md"


def the_change(library: Library):
    (proposal,) = library.records.proposals.open()
    return proposal


def send_a_change(
    library: Library, person: str = TELLER, story: str = NURSES, need: str = "One page each Monday.", note="She rang"
):
    app = opened(desk.CHANGE, person, story=story)
    app.text_area(key=f"{story}-{Beat.NEED}").set_value(need).run()
    app.text_input(key=f"{story}-note").set_value(note).run()
    press(app, "Send to review")
    return the_change(library)


def toasts(app: AppTest) -> str:
    return plain(" ".join(toast.value for toast in app.toast))


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


# --- two people ----------------------------------------------------------------------------------------------------


def test_a_change_goes_from_its_teller_to_the_lead_and_back_and_onto_the_shelf(library):
    before = file(library).read_text()
    change = send_a_change(library)
    assert file(library).read_text() == before

    lead = opened(desk.LOOK, LEAD, proposal=change.id)
    shown = everything(lead)
    assert ":green[**One page each Monday.**]" in shown
    assert ":red[~~To see by noon which wards" in shown
    assert "She rang" in shown
    lead.text_area(key=f"send-back-{change.id}-words").set_value("Which Monday?").run()
    lead.button(key=f"send-back-{change.id}").click().run()
    assert "Sent back to Hanne Bruun" in toasts(lead)
    assert "Publish" not in buttons(lead)

    assert "Sent back to you (1)" in everything(opened(desk.REVIEW, TELLER))
    teller = opened(desk.LOOK, TELLER, proposal=change.id)
    assert "Which Monday?" in plain(" ".join(warning.value for warning in teller.warning))
    box = teller.text_area(key=f"{change.id}-{Beat.NEED}")
    assert box.value == "One page each Monday."
    box.set_value("One page each Monday in June.").run()
    press(teller, "Send again")
    assert the_change(library).open

    lead = opened(desk.LOOK, LEAD, proposal=change.id)
    press(lead, "Publish")
    assert "Published" in toasts(lead)
    text = file(library).read_text()
    assert "\n\nOne page each Monday in June.\n\n" in text
    old = [line for line in before.splitlines() if line not in text.splitlines()]
    assert len(old) == 1
    assert library.shelf.stories[NURSES].beat(Beat.NEED) == "One page each Monday in June."
    assert "waits no more" in everything(opened(desk.LOOK, TELLER, proposal=change.id))

    history = plain(everything(opened(desk.STORY, TELLER, story=NURSES)))
    for told in ("Hanne Bruun sent a change", "Ada Lead sent the change back", "Ada Lead published the change"):
        assert told in history.replace("**", "")


def test_a_new_story_goes_from_draft_to_the_shelf(library):
    press(opened(desk.STORY, ITS_WRITER, story=DRAFT), "Send to review")
    assert library.shelf.stories[DRAFT].status is Status.REVIEW
    mine = everything(opened(desk.REVIEW, ITS_WRITER))
    assert "Yours, waiting (1)" in mine
    app = opened(desk.LOOK, VERIFIER, story=DRAFT)
    app.text_area(key=f"send-back-{DRAFT}-words").set_value("Date it").run()
    app.button(key=f"send-back-{DRAFT}").click().run()
    assert library.shelf.stories[DRAFT].status is Status.DRAFT
    app = opened(desk.LOOK, ITS_WRITER, story=DRAFT)
    assert "Date it" in everything(app)
    press(app, "Send to review again")
    app = press(opened(desk.LOOK, VERIFIER, story=DRAFT), "Publish")
    story = library.shelf.stories[DRAFT]
    assert (story.status, story.tellable(TODAY)) == (Status.PUBLISHED, True)
    acts = [review.act for review in library.records.reviews.all(story=DRAFT)]
    assert acts == [Act.SENT, Act.SENT_BACK, Act.SENT, Act.PUBLISHED]


def test_words_without_which_nothing_is_sent_back_are_asked_for(library):
    app = opened(desk.LOOK, LEAD, story=WAITING)
    app.button(key=f"send-back-{WAITING}").click().run()
    assert "Say why in a few words" in toasts(app)
    assert library.shelf.stories[WAITING].status is Status.REVIEW


def test_a_file_changed_by_hand_shows_both_texts_and_nothing_is_overwritten(library):
    change = send_a_change(library)
    app = opened(desk.LOOK, LEAD, proposal=change.id)
    by_hand = file(library).read_text().replace("her white clogs still live", "her red clogs still live")
    file(library).write_text(by_hand)
    app = press(app, "Publish")
    assert "changed by somebody else" in toasts(app)
    assert file(library).read_text() == by_hand
    shown = plain(everything(app))
    assert "changed by hand since this change was begun" in shown
    assert "her red clogs" in shown
    assert "One page each Monday" in shown
    assert "Publish" not in buttons(app)
    press(app, "Take the change over")
    text = file(library).read_text()
    assert "her red clogs" in text
    assert "One page each Monday." in text


def test_the_file_can_be_kept_instead(library):
    change = send_a_change(library)
    by_hand = file(library).read_text().replace("her white clogs", "her red clogs")
    file(library).write_text(by_hand)
    press(opened(desk.LOOK, LEAD, proposal=change.id), "Keep the file")
    assert file(library).read_text() == by_hand
    assert library.records.proposals.get(change.id).state is State.REFUSED


def test_two_who_decide_at_once_the_second_is_told(library):
    change = send_a_change(library)
    first, second = (opened(desk.LOOK, person, proposal=change.id) for person in (LEAD, VERIFIER))
    press(first, "Publish")
    second.text_area(key=f"refuse-{change.id}-words").set_value("No").run()
    assert "waits no more" in everything(second)
    assert library.records.proposals.get(change.id).state is State.PUBLISHED


def test_what_blocks_is_said_and_the_button_waits(library):
    file(library, WAITING).write_text(
        file(library, WAITING).read_text().replace("## Ask", "## Something else"), encoding="utf-8"
    )
    library.sync()
    app = opened(desk.LOOK, LEAD, story=WAITING)
    assert app.button(key=f"publish-{WAITING}").disabled
    assert "Seven beats" in everything(app)
    assert "keeps it from being published" in everything(app)


def test_comments_are_made_seen_and_settled(library):
    change = send_a_change(library)
    app = opened(desk.LOOK, LEAD, proposal=change.id)
    app.text_area(key=f"comment-{change.id}").set_value("Who heard *that*?").run()
    press(app, "Add the comment")
    assert app.text_area(key=f"comment-{change.id}").value == ""
    teller = opened(desk.LOOK, TELLER, proposal=change.id)
    assert "Comments (1)" in everything(teller)
    assert "Who heard *that*?" in everything(teller)
    press(teller, "Mark as settled")
    (comment,) = library.records.comments.all(NURSES, change.id)
    assert (comment.settled_by, comment.words) == (TELLER, "Who heard *that*?")


def test_a_teller_takes_their_own_back(library):
    change = send_a_change(library)
    press(opened(desk.LOOK, TELLER, proposal=change.id), "Take it back")
    assert library.records.proposals.open() == []
    press(opened(desk.LOOK, ITS_TELLER, story=WAITING), "Take it back")
    assert library.shelf.stories[WAITING].status is Status.DRAFT


def test_nothing_is_sent_that_changes_nothing_and_what_is_typed_stays(library):
    app = opened(desk.CHANGE, TELLER, story=NURSES)
    press(app, "Send to review")
    assert "Nothing is changed yet" in toasts(app)
    app.text_area(key=f"{NURSES}-{Beat.NEED}").set_value("## A heading").run()
    press(app, "Send to review")
    assert "begins with ##" in toasts(app)
    assert app.text_area(key=f"{NURSES}-{Beat.NEED}").value == "## A heading"
    assert library.records.proposals.open() == []


def test_a_form_that_was_sent_begins_anew_with_the_file(library):
    app = opened(desk.CHANGE, TELLER, story=NURSES)
    was = app.text_area(key=f"{NURSES}-{Beat.NEED}").value
    app.text_area(key=f"{NURSES}-{Beat.NEED}").set_value("One page.").run()
    app.text_input(key=f"{NURSES}-note").set_value("She rang").run()
    press(app, "Send to review")
    press(app, "Change something else")
    assert app.text_area(key=f"{NURSES}-{Beat.NEED}").value == was
    assert app.text_input(key=f"{NURSES}-note").value == ""


# --- who may -------------------------------------------------------------------------------------------------------


def test_everybody_finds_what_is_theirs_and_no_more(library):
    change = send_a_change(library)
    for person in (STRANGER, ITS_TELLER, ""):
        shown = everything(opened(desk.LOOK, person, proposal=change.id))
        assert "One page each Monday" not in shown
        assert not {"Publish", "Add the comment"} & buttons(opened(desk.LOOK, person, proposal=change.id))
    assert "Nothing of yours waits" in everything(opened(desk.REVIEW, STRANGER))
    assert "Say who you are" in everything(opened(desk.REVIEW, ""))
    assert "To be looked at (3)" in everything(opened(desk.REVIEW, VERIFIER))
    own = opened(desk.LOOK, TELLER, proposal=change.id)
    assert not {"Publish", "Send back", "Refuse"} & buttons(own)
    assert "Send to review" not in buttons(opened(desk.CHANGE, STRANGER, story=NURSES))


def test_an_empty_list_says_so(library):
    for path in library.settings.stories.glob("*.md"):
        path.unlink()
    write_shelf(library.settings.stories, make_story())
    library.sync()
    assert "Nothing waits for review" in everything(opened(desk.REVIEW, LEAD))


def test_a_role_lost_meanwhile_is_lost_at_the_click(library, monkeypatch):
    app = opened(desk.LOOK, VERIFIER, story=WAITING)
    app.text_area(key=f"send-back-{WAITING}-words").set_value("Date it").run()
    object.__setattr__(library, "settings", library.settings.model_copy(update={"verifiers": ""}))
    app.button(key=f"send-back-{WAITING}").click().run()
    assert "Only the team lead or a named verifier" in toasts(app)
    assert library.shelf.stories[WAITING].status is Status.REVIEW


def test_a_verifier_who_is_no_lead_meets_no_restricted_name(library):
    teller = library.shelf.stories["hospital-implant-recall"].told_by
    change = send_a_change(
        library, teller, "hospital-implant-recall", "Ostravelde asked for one list.", "Ostravelde rang"
    )
    library.records.comments.add(teller, change.story, "OSTRAVELDE rang", at=library.now, proposal=change.id)
    for page, query in (
        (desk.LOOK, {"proposal": change.id}),
        (desk.STORY, {"story": change.story}),
        (desk.REVIEW, {}),
    ):
        assert "ostravelde" not in everything(opened(page, VERIFIER, **query)).lower()
    assert "Ostravelde" in everything(opened(desk.LOOK, LEAD, proposal=change.id))


def test_without_records_the_pages_say_so(library, monkeypatch):
    change = send_a_change(library)

    def gone(self):
        raise RecordsError("The records in x cannot be used: disk full.")

    monkeypatch.setattr(Library, "records", property(gone))
    for page in (desk.REVIEW, desk.LOOK):
        assert "disk full" in everything(opened(page, LEAD, proposal=change.id))
    opened(desk.CHANGE, TELLER, story=NURSES)
    app = opened(desk.STORY, TELLER, story="heating-gas-contract")
    press(app, "Verified today")
    assert "disk full" in toasts(app)


# --- a story's life ------------------------------------------------------------------------------------------------


def test_the_lead_retires_a_story_in_one_click_and_brings_it_back(library):
    app = opened(desk.STORY, LEAD, story=NURSES)
    press(app, "The customer left us")
    story = library.shelf.stories[NURSES]
    assert (story.status, story.health) == (Status.RETIRED, Health.CHURNED)
    assert library.records.reviews.all()[0].words == "The customer left us."
    press(opened(desk.STORY, LEAD, story=NURSES), "Bring it back")
    assert library.shelf.stories[NURSES].status is Status.REVIEW


def test_another_reason_wants_words(library):
    app = opened(desk.STORY, LEAD, story=NURSES)
    press(app, "Another reason")
    assert "Say why" in toasts(app)
    app.text_input(key=f"retire-{NURSES}-words").set_value("Two of them told it wrong").run()
    press(app, "Another reason")
    assert library.records.reviews.all()[0].words == "Another reason. Two of them told it wrong"


def test_a_story_is_told_longer_by_a_year_or_until_a_day(library):
    app = opened(desk.STORY, LEAD, story=NURSES)
    press(app, "Until 3 December 2028")
    assert library.shelf.stories[NURSES].expires_on == date(2028, 12, 3)
    app.date_input(key=f"extend-{NURSES}-until").set_value(date(2027, 5, 1)).run()
    press(app, "Until that day")
    assert library.shelf.stories[NURSES].expires_on == date(2027, 5, 1)


def test_care_retires_and_extends_and_leads_to_what_waits(library):
    write_shelf(library.settings.stories, make_story("ending", expires_on=date(2026, 12, 1), verified_on=TODAY))
    library.sync()
    app = opened(view="care")
    assert any("Look at it" in link for link in links(app))
    app.button(key="extend-ending-year").click().run()
    assert library.shelf.stories["ending"].expires_on == date(2027, 12, 1)
    app.button(key="retire-due-heating-gas-contract-asked").click().run()
    assert library.shelf.stories["heating-gas-contract"].status is Status.RETIRED


def test_who_may_not_sees_no_button_for_a_storys_life(library):
    for person in (STRANGER, TELLER):
        labels = buttons(opened(desk.STORY, person, story=NURSES))
        assert not {"The customer left us", "Until that day", "Bring it back"} & labels
    assert "What was done" not in everything(opened(desk.STORY, STRANGER, story=NURSES))
