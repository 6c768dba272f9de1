"""Which beats of a story a telling holds: told, partly or missing, by meaning and not by wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from library.practice.hearing import Heard
from library.practice.measures import Heart, Meaning, Measures
from library.practice.reader import ASKED, STRETCH, Pair, Reader
from library.story import Beat, Story

OTHER_STORY = 0.47
"""Below this mean, over the beats, of the nearest stretch's cosine, somebody told something else."""


class Told(StrEnum):
    """How much of a beat was told."""

    MISSING = "missing"
    PARTLY = "partly"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Line:
    """The logistic model's weights for one verdict: one a measure, and an intercept a beat."""

    weights: tuple[float, ...]
    """For the measures of a Heart, in their order."""
    at: tuple[float, ...]
    """The intercept for each beat, in telling order."""

    def of(self, beat: Beat, heart: Heart) -> float:
        """The log-odds of this verdict on a beat, up to what all verdicts share."""
        weighed = sum(weight * measure for weight, measure in zip(self.weights, heart.measures, strict=True))
        return self.at[list(Beat).index(beat)] + weighed


LINES: Mapping[Told, Line] = {
    Told.MISSING: Line(
        (-4.65, -5.85, 3.92, -6.02, 2.82, -0.41, -0.61, -1.7), (8.88, 8.97, 8.63, 9.63, 9.91, 8.99, 10.68)
    ),
    Told.PARTLY: Line(
        (-3.93, -1.08, 2.03, -3.26, -1.01, -0.06, 2.2, -1.53), (8.03, 7.22, 7.76, 7.42, 6.95, 7.43, 7.19)
    ),
    Told.TOLD: Line(
        (8.58, 6.93, -5.95, 9.28, -1.81, 0.47, -1.58, 3.24), (-16.91, -16.19, -16.39, -17.05, -16.86, -16.41, -17.87)
    ),
}
"""Multinomial logistic regression on the choosing half of tests/retellings.jsonl (python -m benchmarks.retellings)."""
READER_WEIGHS = 0.5
"""What the reader's log-odds weigh beside those of the measures: chosen on stories left out (docs/practice.md)."""
UNREAD = (0.0, 0.0, 0.0)
WORDS_ALONE = (0.30, 0.16)
"""Without a model: from this share of a beat's own words on it is told, or partly."""


@dataclass(frozen=True)
class Judged:
    """The verdict on every beat of a story, and where in the telling each was told."""

    verdicts: Mapping[Beat, Told]
    places: Mapping[Beat, int] = field(default_factory=dict)
    """The middle word of the stretch nearest to each beat that was told."""
    other_story: bool = False
    """Whether it seems to be another story altogether."""

    @property
    def missing(self) -> list[Beat]:
        """The beats left out, in telling order."""
        return [beat for beat, told in self.verdicts.items() if told is Told.MISSING]

    def beat_at(self, words: int) -> dict[int, Beat]:
        """Which beat is told around each word, by the nearest place of a told one."""
        if not self.places:
            return {}
        return {at: min(self.places, key=lambda beat: abs(self.places[beat] - at)) for at in range(words)}


class Judge:
    """Holds tellings against stories."""

    def __init__(self, stories: Iterable[Story], meaning: Meaning | None, reader: Reader | None = None) -> None:
        self.measures = Measures(stories, meaning)
        self._reader = reader

    @property
    def by_meaning(self) -> bool:
        """Whether other words for the same are understood."""
        return self.measures.meaning is not None

    def judge(self, heard: Heard, story: Story) -> Judged:
        """The verdict on every beat the story has; names must be prepared alike in both."""
        hearts, places = self.measures.of(heard, story)
        if self.by_meaning and is_another_story(hearts):
            return Judged(dict.fromkeys(hearts, Told.MISSING), {}, other_story=bool(heard.words))
        read = self.read(heard, story, places)
        verdicts = {
            beat: verdict_on(beat, heart, heard, read=read.get(beat, UNREAD), by_meaning=self.by_meaning)
            for beat, heart in hearts.items()
        }
        there = {beat: place for beat, place in places.items() if verdicts[beat] is Told.TOLD}
        return Judged(verdicts, there)

    def read(self, heard: Heard, story: Story, places: Mapping[Beat, int]) -> dict[Beat, tuple[float, ...]]:
        """What the reader makes of each part: the log-odds of the verdicts in their order; nothing without a reader."""
        if self._reader is None:
            return {}
        pairs = [pair_of(heard, story, beat, place) for beat, place in places.items()]
        return dict(zip(places, map(tuple, self._reader.log_odds(pairs).tolist()), strict=True))


def pair_of(heard: Heard, story: Story, beat: Beat, place: int) -> Pair:
    """A part of a story and what of a telling is held against it: round the nearest place; for the question the end."""
    asked = beat is Beat.QUESTION
    said = heard.around(len(heard.words), ASKED) if asked else heard.around(place, STRETCH)
    return Pair(beat, story.beat(beat), said)


def is_another_story(hearts: Mapping[Beat, Heart]) -> bool:
    """Whether a telling comes near no beat."""
    return bool(np.mean([heart.near for heart in hearts.values()] or [0.0]) < OTHER_STORY)


def verdict_on(
    beat: Beat,
    heart: Heart,
    heard: Heard,
    lines: Mapping[Told, Line] = LINES,
    *,
    read: Sequence[float] = UNREAD,
    by_meaning: bool = True,
) -> Told:
    """The verdict on one beat by its measures and the reader's log-odds; what is said and not asked is no question."""
    if beat is Beat.QUESTION and not heard.questions:
        return Told.MISSING
    if not by_meaning:
        told, partly = WORDS_ALONE
        return Told.TOLD if heart.words >= told else Told.PARTLY if heart.words >= partly else Told.MISSING
    said = dict(zip(Told, read, strict=True))
    return max(lines, key=lambda verdict: lines[verdict].of(beat, heart) + READER_WEIGHS * said[verdict])
