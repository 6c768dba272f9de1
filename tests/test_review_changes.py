"""Changes to a published story: kept beside its file, decided once, and never written over what somebody typed."""

from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from library.people import Person, Role, may_see_name, seen_together, words_seen
from library.records.entries import Act, RecordsError
from library.records.proposed import DecidedError, State
from library.review.reviewer import Reviewer
from library.review.workflow import Reason, StepError
from library.saving import ChangedError, replace_text
from library.shelf import ShelfError
from library.story import Status
from tests.helpers import SARDINES, TODAY, VOCABULARY, make_story
from tests.test_records import records, together, url

__all__ = ["records", "url"]

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LEAD, SECOND = Person("Ada Lead", Role.LEAD), Person("Ben Lead", Role.LEAD)
TELLER, VERIFIER, STRANGER = Person("Ines Carvalho"), Person("Vera Check", named_verifier=True), Person("Dev Raman")
CHANGED = SARDINES.replace("Frozen fish was cheaper", "Frozen fish was half the price")
BY_HAND = SARDINES.replace("fifty days", "sixty days")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "stories" / "sardines.md"
    path.parent.mkdir()
    path.write_text(SARDINES, encoding="utf-8")
    return path


@pytest.fixture
def at_work(file, records):
    """Somebody at work on the one story."""

    def reviewer(person, minutes=0):
        return Reviewer(person, file.parent, VOCABULARY, records, NOW + timedelta(minutes=minutes), TODAY)

    return reviewer


@pytest.fixture
def sent(at_work):
    return at_work(TELLER).propose("sardines", CHANGED, base_text=SARDINES, note="They rang")


def test_the_file_stays_until_somebody_else_publishes_the_change(at_work, sent, file, records):
    assert file.read_text() == SARDINES
    assert records.proposals.open("sardines") == [sent]
    at_work(VERIFIER, 1).publish_change(sent)
    assert file.read_text() == CHANGED
    kept = records.proposals.get(sent.id)
    assert (kept.state, kept.decided_by) == (State.PUBLISHED, "Vera Check")
    assert records.proposals.open() == []
    assert [(r.person, r.act, r.proposal) for r in records.reviews.all()] == [
        ("Ines Carvalho", Act.PROPOSED, sent.id),
        ("Vera Check", Act.CHANGED, sent.id),
    ]


def test_sent_back_with_words_answered_and_published(at_work, sent, file, records):
    with pytest.raises(StepError, match="Say why"):
        at_work(LEAD).send_back_change(sent, "  ")
    at_work(LEAD, 1).send_back_change(sent, "Half of what?")
    back = records.proposals.get(sent.id)
    assert (back.state, back.open, back.over) == (State.SENT_BACK, False, False)
    with pytest.raises(DecidedError, match="Ada Lead sent it back first"):
        at_work(SECOND, 2).publish_change(back)
    again = at_work(TELLER, 3).answer(back, CHANGED.replace("half the price", "half our price"), "Of ours")
    assert (again.state, again.decided_by, again.note) == (State.OPEN, "", "Of ours")
    at_work(LEAD, 4).publish_change(again)
    assert "half our price" in file.read_text()
    assert [r.words for r in records.reviews.all()] == ["They rang", "Half of what?", "Of ours", ""]


def test_who_may_not_propose_answer_decide_or_withdraw(at_work, sent, file, records):
    with pytest.raises(StepError, match="Only the teller"):
        at_work(STRANGER).propose("sardines", CHANGED, base_text=SARDINES)
    with pytest.raises(StepError, match="Only the teller"):
        at_work(STRANGER).answer(sent, CHANGED)
    with pytest.raises(DecidedError):
        at_work(LEAD).answer(sent, BY_HAND)
    for person in (TELLER, STRANGER):
        for decide in ("publish_change", "refuse_change", "send_back_change"):
            with pytest.raises(StepError, match="team lead or a named verifier"):
                getattr(at_work(person), decide)(sent, *(() if decide == "publish_change" else ("No",)))
    with pytest.raises(RecordsError, match="Only Ines Carvalho"):
        at_work(LEAD).withdraw_change(sent)
    assert records.proposals.get(sent.id) == sent
    assert file.read_text() == SARDINES


def test_what_is_taken_back_is_over(at_work, sent):
    at_work(TELLER).withdraw_change(sent)
    with pytest.raises(DecidedError, match="Ines Carvalho took it back first"):
        at_work(LEAD).publish_change(sent)


def test_a_change_sent_again_meanwhile_is_not_published_unread(at_work, sent, file):
    at_work(TELLER, 1).answer(sent, CHANGED.replace("Waiting was free", "Waiting was cheap"))
    with pytest.raises(DecidedError, match="sent it again first"):
        at_work(LEAD, 2).publish_change(sent)
    assert file.read_text() == SARDINES


def test_a_file_changed_by_hand_is_not_overwritten_and_both_texts_come_back(at_work, sent, file, records):
    file.write_text(BY_HAND)
    with pytest.raises(ChangedError) as caught:
        at_work(LEAD, 1).publish_change(sent)
    assert (caught.value.mine, caught.value.theirs) == (CHANGED, BY_HAND)
    assert file.read_text() == BY_HAND
    assert records.proposals.get(sent.id).open
    assert [r.act for r in records.reviews.all()] == [Act.PROPOSED]


def test_a_change_taken_over_into_the_changed_file_keeps_what_was_changed_by_hand(at_work, sent, file):
    file.write_text(BY_HAND)
    at_work(LEAD, 1).publish_change(sent, over=BY_HAND)
    assert file.read_text() == BY_HAND.replace("Frozen fish was cheaper", "Frozen fish was half the price")


def test_a_hand_that_was_quicker_than_the_click_is_shown_again(at_work, sent, file):
    file.write_text(BY_HAND.replace("310", "311"))
    with pytest.raises(ChangedError):
        at_work(LEAD, 1).publish_change(sent, over=BY_HAND)
    assert "311" in file.read_text()


def test_a_check_in_between_is_nobodys_hand_and_is_not_undone(at_work, sent, file):
    at_work(LEAD, 1).verify("sardines")
    at_work(LEAD, 2).publish_change(sent)
    story = at_work(LEAD).story("sardines")
    assert (story.verified_on, story.verified_by) == (TODAY, "Ada Lead")
    assert "half the price" in file.read_text()


def test_a_change_never_moves_the_story_on_its_way(at_work, file):
    text = CHANGED.replace("status: published", "status: draft")
    sent = at_work(TELLER).propose("sardines", text, base_text=SARDINES)
    at_work(LEAD, 1).publish_change(sent)
    assert file.read_text() == CHANGED


def test_a_change_to_a_story_that_was_retired_waits(at_work, sent, records):
    at_work(LEAD, 1).retire("sardines", Reason.ASKED)
    with pytest.raises(StepError, match="retired now; a change to it waits"):
        at_work(LEAD, 2).publish_change(sent)
    assert records.proposals.get(sent.id).open


def test_what_a_check_blocks_or_cannot_be_read_is_not_published(at_work, file, records):
    lacking = at_work(TELLER).propose("sardines", CHANGED.replace("heard_on: 2026-03-10\n", ""), base_text=SARDINES)
    with pytest.raises(StepError, match="cannot be published yet"):
        at_work(LEAD, 1).publish_change(lacking)
    with pytest.raises(ShelfError, match="The change cannot be read"):
        at_work(TELLER).propose("sardines", "no story", base_text=SARDINES)
    assert file.read_text() == SARDINES
    assert records.proposals.open() == [lacking]


def test_a_story_renamed_meanwhile_is_said(at_work, sent, file, records):
    file.rename(file.with_name("anchovies.md"))
    with pytest.raises(ShelfError, match="renamed it"):
        at_work(LEAD).publish_change(sent)
    assert records.proposals.get(sent.id).open


# --- two at once ---------------------------------------------------------------------------------------------------


def test_of_eight_who_decide_at_once_exactly_one_does(at_work, sent, file, records):
    start = Barrier(8)

    def decide(number):
        reviewer = at_work(Person(f"Lead {number}", Role.LEAD), number)
        start.wait()
        try:
            if number % 2:
                reviewer.publish_change(sent)
            else:
                reviewer.refuse_change(sent, "No")
        except DecidedError as error:
            return str(error)
        return ""

    said = together(8, decide)
    (winner,) = [number for number, words in enumerate(said) if not words]
    assert {words.split(" first")[0] for words in said if words} == {
        f"Lead {winner} {'published' if winner % 2 else 'refused'} it"
    }
    assert file.read_text() == (CHANGED if winner % 2 else SARDINES)
    decided = [r for r in records.reviews.all() if r.act is not Act.PROPOSED]
    assert [r.person for r in decided] == [f"Lead {winner}"]


def test_of_six_who_retire_or_verify_at_once_one_retires_and_no_line_is_lost(at_work, file, records):
    start = Barrier(6)

    def act(number):
        reviewer = at_work(Person(f"Lead {number}", Role.LEAD), number)
        start.wait()
        try:
            reviewer.retire("sardines", Reason.ASKED) if number < 3 else reviewer.verify("sardines")
        except StepError:
            return False
        return True

    done = together(6, act)
    assert sum(done[:3]) == 1
    story = at_work(LEAD).story("sardines")
    assert story.status is Status.RETIRED
    verified = [r.person for r in sorted(records.reviews.all(), key=lambda r: r.at) if r.act is Act.VERIFIED]
    assert len(verified) == sum(done[3:])
    assert story.verified_by in {*verified, ""}


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_text_is_replaced_only_where_the_file_is_as_it_was_read(file):
    before = file.read_bytes()
    assert replace_text(file.parent, "sardines", CHANGED, VOCABULARY, instead_of=before).id == "sardines"
    assert file.read_text() == CHANGED
    with pytest.raises(ChangedError) as caught:
        replace_text(file.parent, "sardines", BY_HAND, VOCABULARY, instead_of=before)
    assert (caught.value.mine, caught.value.theirs) == (BY_HAND, CHANGED)
    with pytest.raises(ShelfError, match="begin the file"):
        replace_text(file.parent, "sardines", "no story", VOCABULARY, instead_of=file.read_bytes())
    assert file.read_text() == CHANGED
    assert [path.name for path in file.parent.iterdir()] == ["sardines.md"]


# --- comments ------------------------------------------------------------------------------------------------------


def test_a_comment_belongs_to_the_story_or_to_one_change_and_is_settled_once(records, sent):
    first = records.comments.add("Ada Lead", "sardines", "Which day?", at=NOW)
    second = records.comments.add("Ada Lead", "sardines", "Half of what?", at=NOW, proposal=sent.id)
    assert records.comments.all("sardines") == [first]
    assert records.comments.all("sardines", sent.id) == [second]
    assert records.comments.settle(first.id, "Ines Carvalho", at=NOW)
    assert not records.comments.settle(first.id, "Ada Lead", at=NOW)
    (kept,) = records.comments.all("sardines")
    assert (kept.open, kept.settled_by, kept.settled_at) == (False, "Ines Carvalho", NOW)


# --- names ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"show_as": "named"},
        {"customer": "Someone Else", "show_as": "named"},
        {"customer": ""},
        {"title": "Sardinella's harbour closed", "customer": "Anchoa Sul"},
    ],
)
def test_a_change_shows_no_name_to_who_may_not_see_it_in_every_form(changes):
    before = make_story(show_as="anonymised")
    after = make_story(**{"show_as": "anonymised", **changes}, beats={"who": "Sardinella Norte cans. Anchoa Sul too."})
    names = ("Sardinella", "Anchoa Sul") if changes.get("customer") == "Anchoa Sul" else ("Sardinella",)
    for seen in seen_together(VERIFIER, before, after):
        assert not [name for name in (*names, "Lurdes Amaro") if name in repr(seen)]
    assert "Sardinella" not in words_seen(VERIFIER, "SARDINELLA NORTE rang", before, after)
    assert seen_together(LEAD, before, after) == (before, after)
    assert words_seen(LEAD, "Sardinella rang", before, after) == "Sardinella rang"
    assert not may_see_name(VERIFIER, before)
