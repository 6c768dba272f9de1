"""What is recorded of a review: changes proposed to a story, and what people say of it; plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from library.records.entries import RecordsError


class State(StrEnum):
    """What came of a proposed change."""

    OPEN = "open"
    SENT_BACK = "sent back"
    """Its person is asked to look at it again."""
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to a published story, kept beside its file until somebody decides."""

    id: str
    story: str
    person: str
    at: datetime
    """When it was sent, or sent again."""
    base_text: str
    """The file's text the change began from."""
    new_text: str
    note: str = ""
    state: State = State.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for somebody to decide."""
        return self.state is State.OPEN

    @property
    def over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.state not in {State.OPEN, State.SENT_BACK}


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody says of a story or a change while it is looked at, until it is settled."""

    id: str
    at: datetime
    person: str
    story: str
    proposal: str
    """The change it is about; empty for the story itself."""
    words: str
    settled_by: str = ""
    settled_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has settled it."""
        return not self.settled_by


class DecidedError(RecordsError):
    """Somebody else decided first; holds the change as it stands now."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        who = proposal.decided_by or proposal.person
        did = _DID[proposal.state]
        super().__init__(f"{who} {did} first; nothing more was done.")


_DID = {
    State.OPEN: "sent it again",
    State.SENT_BACK: "sent it back",
    State.PUBLISHED: "published it",
    State.REFUSED: "refused it",
    State.WITHDRAWN: "took it back",
}
