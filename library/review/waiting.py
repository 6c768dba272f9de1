"""What waits: stories to be looked at before they are published, changes to those that are, and what was sent back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from library.people import Person, tells
from library.records.entries import Act, Review
from library.records.proposed import Proposal, State
from library.review.reviewer import sent_by
from library.review.workflow import may_follow
from library.shelf import Shelf
from library.story import Status, Story


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story, or a change to one, on its way to the shelf."""

    story: Story
    """As its file has it, with its names; of a change, the story as it is published."""
    person: str
    """Who sent it, or who tells it where nobody wrote that down."""
    since: date | None
    proposal: Proposal | None = None
    sent_back: bool = False
    sent: bool = True
    """Whether somebody sent it from here; one that stood in review in its file was not."""
    words: str = ""
    """What whoever sent it back asked for, else what its person said of it."""

    @property
    def key(self) -> str:
        """One name for it on a page."""
        return self.proposal.id if self.proposal else self.story.id

    def belongs_to(self, person: Person) -> bool:
        """Whether it is this person's own."""
        if self.proposal:
            return bool(person.name) and person.name == self.proposal.person
        return tells(person, self.story) or (bool(person.name) and person.name == self.person)

    def shown_to(self, person: Person) -> bool:
        """Whether it is this person's business."""
        return self.belongs_to(person) or may_follow(person, self.story)


def waiting(shelf: Shelf, proposals: Iterable[Proposal], history: Iterable[Review]) -> list[Waiting]:
    """Everything on its way to the shelf, what waits longest first."""
    steps = list(history)
    found = [_story(story, steps) for story in shelf if story.status is Status.REVIEW]
    drafts = [_story(story, steps) for story in shelf if story.status is Status.DRAFT]
    found += [draft for draft in drafts if draft.sent_back]
    found += [_change(shelf.stories[p.story], p, steps) for p in proposals if not p.over and p.story in shelf.stories]
    return sorted(found, key=lambda one: (one.since or date.min, one.key))


def _story(story: Story, steps: list[Review]) -> Waiting:
    own = [step for step in steps if step.story == story.id and not step.proposal]
    moves = [step for step in own if step.act in {Act.SENT, Act.SENT_BACK, Act.BROUGHT_BACK, Act.WITHDRAWN}]
    last = moves[-1] if moves else None
    return Waiting(
        story,
        sent_by(own) or story.told_by or story.owner,
        last.at.date() if last else story.heard_on,
        sent_back=story.status is Status.DRAFT and last is not None and last.act is Act.SENT_BACK,
        sent=last is not None,
        words=last.words if last else "",
    )


def _change(story: Story, proposal: Proposal, steps: list[Review]) -> Waiting:
    back = [step for step in steps if step.proposal == proposal.id and step.act is Act.SENT_BACK]
    sent_back = proposal.state is State.SENT_BACK
    words = back[-1].words if sent_back and back else proposal.note
    since = proposal.decided_at if sent_back and proposal.decided_at else proposal.at
    return Waiting(story, proposal.person, since.date(), proposal, sent_back, words=words)
