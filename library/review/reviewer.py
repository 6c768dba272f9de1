"""Somebody at work on the stories: each step checked, written into the file and into its history, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from library.checks.checks import check
from library.checks.findings import Finding, Verdict
from library.checks.words import Words
from library.people import Person
from library.reading import read_file
from library.records.entries import Act, Review
from library.records.proposed import Proposal, State
from library.records.records import Records
from library.review import workflow
from library.review.commits import commit
from library.review.merging import Merge, hold, merged_text, read_story
from library.review.workflow import Reason, Step, StepError
from library.saving import ChangedError, file_of, replace_text, revise
from library.shelf import ShelfError
from library.story import Status, Story
from library.vocabulary import Vocabulary
from library.wording import day


@dataclass(frozen=True)
class Reviewer:
    """A person, and everything their steps need.

    A step returns a sentence where git did not take it, else nothing. It raises StepError, ShelfError, RecordsError or
    VocabularyError, and has then done nothing.
    """

    person: Person
    folder: Path
    vocabulary: Vocabulary
    records: Records
    now: datetime
    today: date
    git: bool = False

    # --- a story's own way -----------------------------------------------------------------------------------------

    def send(self, story_id: str, words: str = "") -> str:
        """Send a draft to review."""
        return self._step(Step.SEND, story_id, words)

    def withdraw(self, story_id: str) -> str:
        """Make a story that waits for review a draft again."""
        return self._step(Step.WITHDRAW, story_id)

    def publish(self, story_id: str) -> str:
        """Put a story that waits for review on the shelf, unless a check blocks it."""
        return self._step(Step.PUBLISH, story_id)

    def send_back(self, story_id: str, words: str) -> str:
        """Give a story back to its teller, with what is to be done."""
        return self._step(Step.SEND_BACK, story_id, _said(words))

    def verify(self, story_id: str) -> str:
        """Say that a story still stands, as of today."""
        return self._step(Step.VERIFY, story_id, verified_on=self.today, verified_by=self.person.name)

    def extend(self, story_id: str, until: date | None = None) -> str:
        """Let a story be told longer: by a year, or until a day."""
        if until is not None and (too_far := workflow.too_far(until, self.today)):
            raise StepError(too_far)
        last = until or workflow.longer(self.story(story_id), self.today)
        return self._step(Step.EXTEND, story_id, f"Until {day(last)}.", expires_on=last)

    def retire(self, story_id: str, reason: Reason, words: str = "") -> str:
        """Take a story off the shelf, with the reason."""
        said = _said(words) if reason is Reason.OTHER else words.strip()
        return self._step(Step.RETIRE, story_id, f"{reason.value}. {said}".strip(), reason)

    def bring_back(self, story_id: str) -> str:
        """Let a retired story wait for review again."""
        return self._step(Step.BRING_BACK, story_id)

    # --- changes to a published story ------------------------------------------------------------------------------

    def propose(self, story_id: str, new_text: str, *, base_text: str, note: str = "") -> Proposal:
        """Propose another text for a published story; its file stays as it is until somebody publishes the change.

        `base_text` is the text of the file that the change began from.
        """
        self._may_change(self.story(story_id))
        for text, name in ((base_text, "the text it began from"), (new_text, "the change")):
            read_story(story_id, text, name, self.vocabulary)
        return self.records.proposals.add(
            self.person.name, story_id, at=self.now, base_text=base_text, new_text=new_text, note=note.strip()
        )

    def answer(self, proposal: Proposal, new_text: str, note: str = "") -> Proposal:
        """Send one's own change again in other words."""
        self._may_change(self.story(proposal.story))
        read_story(proposal.story, new_text, "the change", self.vocabulary)
        who, base = self.person.name, proposal.base_text
        return self.records.proposals.answer(
            proposal.id, who, at=self.now, base_text=base, new_text=new_text, note=note.strip()
        )

    def publish_change(self, proposal: Proposal, over: str = "") -> str:
        """Write a change into its story's file, unless a check blocks it.

        Raises ChangedError where the file was changed by hand since the change began; `over` is the file's text as
        this person saw it when they said that the change shall be taken over into that.
        """
        with self._deciding(proposal, State.PUBLISHED) as story:
            path = file_of(self.folder, story.id)
            before = path.read_bytes()
            text = before.decode("utf-8")
            held = self.held(proposal, text)
            if held.by_hand and text != over:
                raise ChangedError(path.name, proposal.new_text, text)
            self._let_nothing_block(held.story)
            wanted = merged_text(held, proposal.base_text, text, proposal.new_text, self.vocabulary)
            replace_text(self.folder, story.id, wanted, self.vocabulary, instead_of=before)
        return self._committed(story.id, "Change")

    def send_back_change(self, proposal: Proposal, words: str) -> None:
        """Give a change back to whoever proposed it, with what is to be done."""
        with self._deciding(proposal, State.SENT_BACK, _said(words)):
            pass

    def refuse_change(self, proposal: Proposal, words: str) -> None:
        """Keep the file as it is, with the reason."""
        with self._deciding(proposal, State.REFUSED, _said(words)):
            pass

    def withdraw_change(self, proposal: Proposal) -> None:
        """Take one's own change back."""
        self.records.proposals.withdraw(proposal.id, self.person.name, at=self.now)

    def held(self, proposal: Proposal, file_text: str) -> Merge:
        """A change held against the file's text."""
        return hold(proposal.story, proposal.base_text, file_text, proposal.new_text, self.vocabulary)

    # --- what both rest on -----------------------------------------------------------------------------------------

    def story(self, story_id: str) -> Story:
        """A story as its file has it now, whatever the running library read before."""
        reading = read_file(file_of(self.folder, story_id), self.vocabulary)
        if reading.story is None:
            raise ShelfError(f"{reading.problems[0]}")
        return reading.story

    def text(self, story_id: str) -> str:
        """The text of a story's file."""
        try:
            return file_of(self.folder, story_id).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ShelfError(f"The file of {story_id} cannot be read.") from error

    def findings(self, story: Story) -> tuple[Finding, ...]:
        """What the checks say of a story."""
        return check(story, Words.beside(self.vocabulary, self.folder)).findings

    def _step(
        self, step: Step, story_id: str, words: str = "", reason: Reason | None = None, /, **facts: date | str
    ) -> str:
        rule = workflow.RULES[step]
        recorded = self.records.reviews.step(self.person.name, story_id, rule.act, at=self.now, words=words)
        with recorded, _as_sentences(story_id):
            story, history = self.story(story_id), self.records.reviews.all(story=story_id)
            if refusal := workflow.refusal(step, self.person, story, sent_by(history)):
                raise StepError(_with_who_did(refusal, step, story, history, self.person))
            if step is Step.PUBLISH:
                self._let_nothing_block(story)
            revise(self.folder, story_id, self.vocabulary, **workflow.facts_of(step, story, reason), **facts)
        return self._committed(story_id, step.value.capitalize())

    @contextmanager
    def _deciding(self, proposal: Proposal, state: State, words: str = "") -> Iterator[Story]:
        who = self.person.name
        deciding = self.records.proposals.deciding
        with (
            deciding(proposal.id, state, who, at=self.now, words=words, sent=proposal.at) as now,
            _as_sentences(proposal.story),
        ):
            story = self.story(now.story)
            if refusal := workflow.may_decide(self.person, story, now.person):
                raise StepError(refusal)
            if state is State.PUBLISHED and story.status is not Status.PUBLISHED:
                raise StepError(f"This story is {workflow.STANDS[story.status]} now; a change to it waits.")
            yield story

    def _may_change(self, story: Story) -> None:
        if story.status is not Status.PUBLISHED:
            raise StepError(f"This story is {workflow.STANDS[story.status]} now; only a published one is changed so.")
        if not workflow.may_change(self.person, story):
            raise StepError("Only the teller, the owner or the team lead may change a story.")

    def _let_nothing_block(self, story: Story) -> None:
        if blocking := [finding for finding in self.findings(story) if finding.verdict is Verdict.BLOCK]:
            raise StepError(f"It cannot be published yet. {' '.join(finding.sentence for finding in blocking)}")

    def _committed(self, story_id: str, did: str) -> str:
        if not self.git:
            return ""
        try:
            return commit(file_of(self.folder, story_id), f"{did} {story_id}", self.person.name)
        except ShelfError as error:  # taken away by hand in this very moment: the step is done all the same
            return str(error)


def sent_by(history: list[Review]) -> str:
    """Who sent a story to review last, by its history."""
    sent = [review.person for review in history if review.act in {Act.SENT, Act.BROUGHT_BACK}]
    return sent[-1] if sent else ""


def _said(words: str) -> str:
    if not words.strip():
        raise StepError("Say why in a few words.")
    return words.strip()


def _with_who_did(refusal: str, step: Step, story: Story, history: list[Review], person: Person) -> str:
    """The refusal, with who was first where somebody else just did something."""
    last = next((review for review in reversed(history) if review.act in _MOVES), None)
    if last is None or story.status in workflow.RULES[step].begins or last.person == person.name:
        return refusal
    return f"{refusal} {last.person} was first, on {day(last.at.date())}; nothing more was done."


_MOVES = frozenset(rule.act for rule in workflow.RULES.values() if rule.ends is not None)


@contextmanager
def _as_sentences(story_id: str) -> Iterator[None]:
    """Files that cannot be read or written, inside a transaction of the records: the records are not to blame."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise ShelfError(f"The file of {story_id} cannot be written; nothing was done.") from error
