"""Which step may be taken by whom; whatever is tried, in whatever order, no other is, and the file always reads."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from library.people import Person, Role
from library.records.entries import Act
from library.records.records import Records
from library.review.reviewer import Reviewer
from library.review.workflow import (
    NOT_ALONE,
    RULES,
    Reason,
    Step,
    StepError,
    longer,
    may,
    may_change,
    may_decide,
    refusal,
    too_far,
)
from library.shelf import Shelf, ShelfError
from library.story import Health, Status
from tests.helpers import SARDINES, TODAY, VOCABULARY, make_story

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LEAD = Person("Ada Lead", Role.LEAD)
TELLER = Person("Ines Carvalho")
VERIFIER = Person("Vera Check", named_verifier=True)
STRANGER = Person("Dev Raman")
NOBODY = Person()
PEOPLE = {"lead": LEAD, "teller": TELLER, "verifier": VERIFIER, "stranger": STRANGER, "nobody": NOBODY}

WHO = {
    Step.SEND: {"lead", "teller"},
    Step.WITHDRAW: {"lead", "teller"},
    Step.PUBLISH: {"lead", "verifier"},
    Step.SEND_BACK: {"lead", "verifier"},
    Step.VERIFY: {"lead", "teller", "verifier"},
    Step.EXTEND: {"lead", "verifier"},
    Step.RETIRE: {"lead", "verifier"},
    Step.BRING_BACK: {"lead", "verifier"},
}
FROM = {
    Step.SEND: "draft",
    Step.WITHDRAW: "review",
    Step.PUBLISH: "review",
    Step.SEND_BACK: "review",
    Step.VERIFY: "published",
    Step.EXTEND: "published",
    Step.RETIRE: "published",
    Step.BRING_BACK: "retired",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", Step)
def test_every_step_from_every_place_by_everybody(step, status):
    story = make_story(status=status)
    taken = {name for name, person in PEOPLE.items() if may(step, person, story)}
    assert taken == (WHO[step] if status == FROM[step] else set())


def test_a_refusal_says_where_the_story_stands_or_who_may():
    assert "published now" in refusal(Step.PUBLISH, LEAD, make_story(status=Status.PUBLISHED))
    assert "team lead or a named verifier" in refusal(Step.PUBLISH, TELLER, make_story(status=Status.REVIEW))


@pytest.mark.parametrize("step", [Step.PUBLISH, Step.SEND_BACK, Step.EXTEND])
def test_nobody_but_the_lead_decides_on_what_they_told_or_sent_themselves(step):
    status = Status(FROM[step])
    own = make_story(status=status, told_by=VERIFIER.name)
    assert refusal(step, VERIFIER, own) == NOT_ALONE
    assert refusal(step, VERIFIER, make_story(status=status), sent_by=VERIFIER.name) == NOT_ALONE
    assert may(step, LEAD, make_story(status=status, told_by=LEAD.name), sent_by=LEAD.name)
    assert may_decide(VERIFIER, make_story(), proposed_by=VERIFIER.name) == NOT_ALONE
    assert may_decide(VERIFIER, own, proposed_by="Ines Carvalho") == NOT_ALONE
    assert may_decide(VERIFIER, make_story(), proposed_by="Ines Carvalho") == ""
    assert may_decide(LEAD, make_story(told_by=LEAD.name), proposed_by=LEAD.name) == ""
    assert may_decide(TELLER, make_story(), proposed_by="Dev Raman")


def test_who_proposes_a_change_may_see_the_name_it_holds():
    story = make_story(show_as="anonymised", owner="Olga Own")
    changing = {p.name for p in (LEAD, TELLER, VERIFIER, STRANGER, NOBODY, Person("Olga Own")) if may_change(p, story)}
    assert changing == {"Ada Lead", "Ines Carvalho", "Olga Own"}


def test_an_empty_name_is_nobodys():
    story = make_story(told_by="", owner="", status=Status.DRAFT)
    assert not may(Step.SEND, NOBODY, story)
    assert not Person("", named_verifier=True).verifies


@pytest.mark.parametrize(
    ("expires_on", "until"),
    [
        (date(2027, 2, 3), date(2028, 2, 3)),
        (date(2020, 1, 1), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_year_longer_from_the_last_day_or_from_today(expires_on, until):
    assert longer(make_story(expires_on=expires_on), TODAY) == until
    assert longer(make_story(expires_on=date.max), TODAY) == date.max


@pytest.mark.parametrize(("days", "says"), [(0, "after"), (-3, "after"), (1200, "before"), (1, ""), (1000, "")])
def test_a_day_that_is_over_or_too_far_off_is_refused(days, says):
    said = too_far(TODAY + timedelta(days=days), TODAY)
    assert says in said
    assert bool(said) is bool(says)


# --- whatever is tried ---------------------------------------------------------------------------------------------


class Room(RuleBasedStateMachine):
    """Everybody tries every step on one story, and somebody edits its file by hand now and then."""

    @initialize(status=st.sampled_from(Status))
    def open(self, status):
        self.room = tempfile.TemporaryDirectory()
        self.folder = Path(self.room.name)
        self.file = self.folder / "sardines.md"
        self.file.write_text(SARDINES.replace("status: published", f"# ours\nstatus: {status}"), encoding="utf-8")
        self.records = Records.in_file(self.folder / "records.db")
        self.status, self.sender, self.steps = status, "", 0

    def reviewer(self, name):
        now = NOW + timedelta(minutes=self.steps)
        return Reviewer(PEOPLE[name], self.folder, VOCABULARY, self.records, now, TODAY)

    @rule(
        name=st.sampled_from(sorted(PEOPLE)), step=st.sampled_from(Step), words=st.text(max_size=30),
        reason=st.sampled_from(Reason), until=st.none() | st.dates(TODAY, TODAY + timedelta(days=1300)),
    )  # fmt: skip
    def try_a_step(self, name, step, words, reason, until):
        words = words.encode("utf-8", "replace").decode().replace("\0", "")
        reviewer = self.reviewer(name)
        tries = {
            Step.SEND: lambda: reviewer.send("sardines", words),
            Step.WITHDRAW: lambda: reviewer.withdraw("sardines"),
            Step.PUBLISH: lambda: reviewer.publish("sardines"),
            Step.SEND_BACK: lambda: reviewer.send_back("sardines", words),
            Step.VERIFY: lambda: reviewer.verify("sardines"),
            Step.EXTEND: lambda: reviewer.extend("sardines", until),
            Step.RETIRE: lambda: reviewer.retire("sardines", reason, words),
            Step.BRING_BACK: lambda: reviewer.bring_back("sardines"),
        }
        before = self.file.read_bytes()
        allowed = name in WHO[step] and self.status == FROM[step]
        alone = (
            step in {Step.PUBLISH, Step.SEND_BACK, Step.EXTEND} and name == "verifier" and self.sender == VERIFIER.name
        )
        wordless = not words.strip() and (step is Step.SEND_BACK or (step is Step.RETIRE and reason is Reason.OTHER))
        too_long = step is Step.EXTEND and until is not None and bool(too_far(until, TODAY))
        try:
            tries[step]()
        except StepError:
            assert not allowed or alone or wordless or too_long
            assert self.file.read_bytes() == before
            return
        assert allowed
        assert not (alone or wordless or too_long)
        self.steps += 1
        self.status = RULES[step].ends or self.status
        if step in {Step.SEND, Step.BRING_BACK}:
            self.sender = PEOPLE[name].name

    @rule(word=st.sampled_from(["fifty", "sixty", "seventy"]))
    def edit_by_hand(self, word):
        text = self.file.read_text(encoding="utf-8")
        self.file.write_text(text.replace(" days\n", " days \n").replace("for fifty", f"for {word}"), encoding="utf-8")

    @invariant()
    def the_file_reads_and_says_where_it_stands(self):
        if not hasattr(self, "file"):
            return
        shelf = Shelf.read(self.folder)
        assert shelf.stories["sardines"].status is self.status
        assert shelf.problems == ()
        assert "# ours" in self.file.read_text(encoding="utf-8")
        assert len(self.records.reviews.all()) == self.steps

    def teardown(self):
        if hasattr(self, "records"):
            self.records.close()
            self.room.cleanup()


TestRoom = Room.TestCase
TestRoom.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


# --- each step, written --------------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path):
    """A story's folder, and whoever works on it."""
    records = Records.in_file(tmp_path / "records.db")
    folder = tmp_path / "stories"
    folder.mkdir()

    minutes = count()

    def made(person, status="review", without="nothing"):
        if status:
            text = SARDINES.replace("status: published", f"status: {status}").replace(without, "")
            (folder / "sardines.md").write_text(text, encoding="utf-8")
        return Reviewer(person, folder, VOCABULARY, records, NOW + timedelta(minutes=next(minutes)), TODAY)

    yield made
    records.close()


def test_a_story_on_its_way_is_told_by_its_history(room):
    room(TELLER, "draft").send("sardines", "Please look")
    room(VERIFIER, "").send_back("sardines", "Date the change")
    room(TELLER, "").send("sardines")
    room(VERIFIER, "").publish("sardines")
    history = room(LEAD, "").records.reviews.all(story="sardines")
    assert [(r.person, r.act, r.words) for r in history] == [
        ("Ines Carvalho", Act.SENT, "Please look"),
        ("Vera Check", Act.SENT_BACK, "Date the change"),
        ("Ines Carvalho", Act.SENT, ""),
        ("Vera Check", Act.PUBLISHED, ""),
    ]
    assert room(LEAD, "").story("sardines").status is Status.PUBLISHED


def test_what_a_check_blocks_is_not_published_and_the_sentence_says_why(room):
    reviewer = room(LEAD, "review", without="told_by: Ines Carvalho\n")
    with pytest.raises(StepError, match="told by"):
        reviewer.publish("sardines")
    assert reviewer.story("sardines").status is Status.REVIEW
    assert reviewer.records.reviews.all() == []


def test_the_second_is_told_what_the_first_did(room):
    room(VERIFIER).publish("sardines")
    with pytest.raises(StepError, match=r"published now\. Vera Check was first, on 22 November 2026"):
        room(LEAD, "").send_back("sardines", "No date")
    assert [r.act for r in room(LEAD, "").records.reviews.all()] == [Act.PUBLISHED]


def test_a_customer_that_left_is_written_down_and_asked_again_when_the_story_comes_back(room):
    room(LEAD, "published").retire("sardines", Reason.CHURNED, "In May")
    assert (room(LEAD, "").story("sardines").status, room(LEAD, "").story("sardines").health) == (
        Status.RETIRED,
        Health.CHURNED,
    )
    assert room(LEAD, "").records.reviews.all()[0].words == "The customer left us. In May"
    room(LEAD, "").bring_back("sardines")
    story = room(LEAD, "").story("sardines")
    assert (story.status, story.health) == (Status.REVIEW, Health.UNKNOWN)


def test_a_file_that_cannot_be_written_leaves_no_step_behind(room, monkeypatch):
    reviewer = room(LEAD)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("library.files.tempfile.mkstemp", full)
    with pytest.raises(ShelfError, match="nothing was done"):
        reviewer.publish("sardines")
    assert reviewer.records.reviews.all() == []
    assert reviewer.story("sardines").status is Status.REVIEW
