"""What came of a story: how often it was told to prospects, by how many, and how it landed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from library.records.entries import Audience, Landed, Telling
from library.wording import times


@dataclass(frozen=True, slots=True)
class Tally:
    """A story's tellings to prospects, counted."""

    told: int = 0
    people: int = 0
    leaned_in: int = 0

    @classmethod
    def of(cls, tellings: Iterable[Telling]) -> Tally:
        """The tally of these tellings; those to the team are not counted."""
        told = [telling for telling in tellings if telling.audience is Audience.PROSPECT]
        leaned = sum(telling.landed is Landed.LEANED_IN for telling in told)
        return cls(len(told), len({telling.person for telling in told}), leaned)

    @property
    def sentence(self) -> str:
        """The tally as it is read; empty for a story nobody told."""
        if not self.told:
            return ""
        people = "1 person" if self.people == 1 else f"{self.people} people"
        return f"told {times(self.told)} by {people}, leaned in {times(self.leaned_in)}"
