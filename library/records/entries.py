"""What is recorded, from asks to practice: plain values that know no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Landed(StrEnum):
    """How a telling landed."""

    LEANED_IN = "leaned in"
    POLITE = "polite"
    FELL_FLAT = "fell flat"


class Audience(StrEnum):
    """Who a story was told to."""

    PROSPECT = "prospect"
    TEAM = "team"


class Concern(StrEnum):
    """Why somebody writes about a story."""

    WRONG = "wrong"
    STALE = "stale"
    MAY_NOT_BE_SAID = "may not be said"
    UNCLEAR = "unclear"
    GREAT = "great"


@dataclass(frozen=True, slots=True)
class Ask:
    """A situation somebody described, and what the library answered."""

    id: str
    at: datetime
    person: str
    text: str
    """The rep's own words; empty once they were erased."""
    facets: tuple[str, ...]
    """What was understood, as "kind:value": "industry:hospitals"."""
    verdict: str
    results: tuple[str, ...]
    """Story ids as they were shown, best first; empty when nothing fitted."""
    opened: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether a story was offered."""
        return bool(self.results)


@dataclass(frozen=True, slots=True)
class Telling:
    """A story told to somebody, and how it landed."""

    id: str
    at: datetime
    person: str
    story: str
    audience: Audience = Audience.PROSPECT
    whom: str = ""
    landed: Landed | None = None
    """None for a telling to the team, which nobody rates."""
    expected: Landed | None = None
    asked_next: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thinks of a story, until a lead has settled it."""

    id: str
    at: datetime
    person: str
    story: str
    concern: Concern
    words: str = ""
    settled_by: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for a lead; praise waits for nobody."""
        return not self.settled_by and self.concern is not Concern.GREAT


class VoiceKind(StrEnum):
    """How a customer is heard in a meeting."""

    RECORDING = "recording"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class CustomerVoice:
    """A customer's own voice on the agenda: a recording, or a guest."""

    kind: VoiceKind
    story: str
    words: str = ""
    """What to play or whom to invite, as the lead wrote it."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A story on the agenda."""

    story: str
    because: tuple[str, ...] = ()
    """Why it was proposed, each reason a sentence; empty for one the lead added."""
    teller: str = ""
    note: str = ""
    """The lead's coaching note to the teller."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """The agenda of one weekly meeting, as somebody saved it."""

    held_on: date
    minutes: int = 30
    picks: tuple[Pick, ...] = ()
    voice: CustomerVoice | None = None
    version: int = 0
    """0 before it is saved; each save makes the next."""
    saved_by: str = ""
    saved_at: datetime | None = None

    @property
    def stories(self) -> tuple[str, ...]:
        """The ids of the picks, in order."""
        return tuple(pick.story for pick in self.picks)


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand raised in a meeting: who heard this change this week, or who will tell the story to whom."""

    held_on: date
    story: str
    person: str
    at: datetime
    whom: str = ""
    """Whom they will tell it to; empty when they heard the change from a prospect."""

    @property
    def promises(self) -> bool:
        """Whether the person said they will tell it."""
        return bool(self.whom)


class Act(StrEnum):
    """What somebody did for a story's life."""

    VERIFIED = "verified"
    SENT = "sent"
    PUBLISHED = "published"
    SENT_BACK = "sent back"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"
    BROUGHT_BACK = "brought back"
    EXTENDED = "extended"
    PROPOSED = "proposed"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Review:
    """One step in a story's life: who did what, and when."""

    id: str
    at: datetime
    person: str
    story: str
    act: Act
    words: str = ""
    proposal: str = ""
    """The change to the story it was about; empty for a step of the story itself."""


@dataclass(frozen=True, slots=True)
class Task:
    """A story somebody is asked to bring."""

    id: str
    made_at: datetime
    made_by: str
    wanted: str
    """What the story should be about, in the lead's words."""
    owner: str
    """Who is asked; empty while nobody is."""
    due_on: date | None = None
    customer: str = ""
    """Whom to call, where that is known; for the lead and the owner only."""
    asks: tuple[str, ...] = ()
    """The ids of the asks it would have answered."""
    fitted: tuple[str, ...] = ()
    """The stories that fitted well when the task was made: one of them is no arrival."""
    closed_at: datetime | None = None
    closed_by: str = ""
    story: str = ""
    """The story that came; empty for a task that is open or was dropped."""

    @property
    def open(self) -> bool:
        """Whether the story is still awaited."""
        return self.closed_at is None

    def late(self, today: date) -> bool:
        """Whether it is awaited for longer than was agreed."""
        return self.open and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer that went live or soon will, from a team's own list."""

    name: str
    live_on: date
    owner: str = ""
    """Who of us looks after them."""
    industry: str = ""
    """As the list has it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A story told for practice, and how it was judged; its person's own unless they shared it."""

    id: str
    at: datetime
    person: str
    story: str
    text: str
    """What was told; empty once it was erased."""
    minutes: float
    beats: Mapping[str, str]
    """The verdict on each beat, by their names: "told", "partly" or "missing"."""
    flags: tuple[str, ...] = ()
    shared: bool = False
    example_by: str = ""
    """The lead who marked it as the one to hear."""

    @property
    def told(self) -> int:
        """How many beats were told."""
        return sum(verdict == "told" for verdict in self.beats.values())

    @property
    def whole(self) -> bool:
        """Whether every beat was told."""
        return bool(self.beats) and self.told == len(self.beats)


@dataclass(frozen=True, slots=True)
class Held:
    """A story somebody practised: how well it is held, and the day it comes back."""

    person: str
    story: str
    card: str
    due: date


@dataclass(frozen=True, slots=True)
class Path:
    """The stories somebody begins with."""

    person: str
    stories: tuple[str, ...]
    industry: str = ""
    role: str = ""
    made_by: str = ""
    """The lead who changed it; empty for one's own."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team, as the records know them."""

    name: str
    leads: bool = False
    started_on: date | None = None
    """When they joined; a new hire is a rep with a late one."""


class RecordsError(RuntimeError):
    """Records that cannot be kept or read, in a sentence."""


class MeetingChangedError(RecordsError):
    """Somebody else saved the meeting first; holds both, so that nothing is lost."""

    def __init__(self, mine: Meeting, theirs: Meeting) -> None:
        self.mine = mine
        self.theirs = theirs
        super().__init__(f"{theirs.saved_by or 'Somebody'} saved the meeting of {theirs.held_on} first.")
