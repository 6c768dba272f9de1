"""What a search gives: matches, why each fits, and how sure the library is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from library.situation import Facet, Situation
from library.story import Beat, Story


class Verdict(StrEnum):
    """How well the shelf answers: a word, never a percentage."""

    CLOSE = "close"
    NEAREST = "nearest"
    NOTHING = "nothing"

    @property
    def label(self) -> str:
        """The verdict as a rep reads it."""
        return {"close": "Close match", "nearest": "Nearest we have", "nothing": "Nothing on the shelf"}[self.value]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a story fits: the beat that matched, its best sentence, and the facets that agree and differ."""

    beat: Beat
    passage: str
    sentence: str
    agrees: tuple[Facet, ...] = ()
    differs: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A story found, as the person asking may see it."""

    story: Story
    score: float
    verdict: Verdict
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one situation: the verdict, and the stories in order of relevance."""

    situation: Situation
    verdict: Verdict
    ranked: tuple[tuple[str, float, Verdict], ...] = ()
    """Story id, score and the verdict on this story alone, best first; empty when nothing fits."""
    held_back_by: tuple[Facet, ...] = ()
    """The strict facets without which something would have fitted."""

    @property
    def stories(self) -> tuple[str, ...]:
        """The ids, best first."""
        return tuple(story for story, _, _ in self.ranked)

    @property
    def delivered(self) -> tuple[str, ...]:
        """The ids as an answer gives them: none when nothing fits."""
        return () if self.verdict is Verdict.NOTHING else self.stories
