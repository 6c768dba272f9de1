"""What came of the stories somebody brought: who told them, how they landed, who said thanks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from library.masking import masked
from library.people import Person, may_see_name, seen_by, tells
from library.records.entries import Audience, Concern, Feedback, Landed, Telling
from library.story import Status, Story
from library.tally import Tally
from library.wording import day, times

_LATELY = 3
_LANDED = {
    Landed.LEANED_IN: ("made people lean in", "they leaned in"),
    Landed.POLITE: ("left them polite", "they stayed polite"),
    Landed.FELL_FLAT: ("fell flat", "it fell flat"),
}
"""How a story landed, for all tellings together and for one."""


class Share(StrEnum):
    """What somebody did for a story."""

    TELLER = "Brought it"
    CONTRIBUTOR = "Helped"
    OWNER = "Looks after it"


@dataclass(frozen=True, slots=True)
class Thanks:
    """Somebody's thanks for a story."""

    person: str
    words: str
    on: date


@dataclass(frozen=True)
class Credit:
    """One story of a person, as somebody may see it, and what came of it."""

    story: Story
    shares: tuple[Share, ...]
    tellings: tuple[Telling, ...] = ()
    """Those to prospects, the newest first."""
    to_the_team: int = 0
    thanks: tuple[Thanks, ...] = ()
    """The newest first."""

    @property
    def told(self) -> str:
        """How often it was told, and by whom; the names by the alphabet and uncounted."""
        team = f" Told to the team {times(self.to_the_team)}." if self.to_the_team else ""
        if not self.tellings:
            return f"Not told to a prospect yet.{team}"
        people = sorted({telling.person for telling in self.tellings})
        return f"Told to prospects {times(Tally.of(self.tellings).told)}, by {_listed(people)}.{team}"

    @property
    def landed(self) -> str:
        """How it landed, in words; empty where nobody said."""
        counts = Counter(telling.landed for telling in self.tellings if telling.landed)
        said = [f"{words} {times(counts[landed])}" for landed, (words, _) in _LANDED.items() if counts[landed]]
        return f"It {_listed(said)}." if said else ""

    @property
    def lately(self) -> tuple[str, ...]:
        """The last tellings, a line each; to whom is left between teller and prospect."""
        return tuple(
            f"{day(telling.at.date())}, {telling.person}"
            + (f": {_LANDED[telling.landed][1]}" if telling.landed else "")
            for telling in self.tellings[:_LATELY]
        )


def credits_of(
    person: str, stories: Iterable[Story], tellings: Iterable[Telling], notes: Iterable[Feedback], viewer: Person
) -> list[Credit]:
    """The stories a person brought, helped with or looks after, as the viewer may see them, the newest first."""
    told: dict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        told[telling.story].append(telling)
    praised: dict[str, list[Feedback]] = defaultdict(list)
    for note in notes:
        if note.concern is Concern.GREAT:
            praised[note.story].append(note)
    theirs = [story for story in stories if shares_of(person, story) and _may_read(viewer, story)]
    theirs.sort(key=lambda story: (story.heard_on or date.min, story.id), reverse=True)
    return [_credit(person, story, told[story.id], praised[story.id], viewer) for story in theirs]


def shares_of(person: str, story: Story) -> tuple[Share, ...]:
    """What somebody did for a story, if anything."""
    did = {
        Share.TELLER: story.told_by == person,
        Share.CONTRIBUTOR: person in story.contributors,
        Share.OWNER: story.owner == person,
    }
    return tuple(share for share, true in did.items() if true) if person else ()


def _credit(
    person: str, story: Story, tellings: Sequence[Telling], praise: Sequence[Feedback], viewer: Person
) -> Credit:
    prospects = [telling for telling in tellings if telling.audience is Audience.PROSPECT]
    knows = may_see_name(viewer, story)
    thanks = [
        Thanks(note.person, note.words if knows else masked(note.words, story), note.at.date())
        for note in sorted(praise, key=lambda note: note.at, reverse=True)
    ]
    return Credit(
        seen_by(viewer, story),
        shares_of(person, story),
        tuple(sorted(prospects, key=lambda telling: telling.at, reverse=True)),
        len(tellings) - len(prospects),
        tuple(thanks),
    )


def _may_read(viewer: Person, story: Story) -> bool:
    """A story that is not published is its people's own business, and the lead's."""
    return story.status is Status.PUBLISHED or viewer.leads or tells(viewer, story)


def _listed(items: Sequence[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)
