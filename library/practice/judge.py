"""Which beats of a story a telling holds: told, partly or missing, by meaning and not by wording."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np

from library.encoder import Vectors
from library.keywords import terms
from library.practice.hearing import Heard
from library.practice.quantities import Quantity, quantities, same
from library.story import Beat, Story

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER_WEIGHS = 3.5
_NEAR = 0.35
"""From this cosine on another word counts towards the story's own; at 1 it counts in full."""
_BEST = 8
_LONGEST = 2.0
"""More minutes than a story has say nothing more for a beat."""
OTHER_STORY = 0.47
"""Below this mean, over the beats, of the nearest stretch's cosine, somebody told something else."""


class Told(StrEnum):
    """How much of a beat was told."""

    MISSING = "missing"
    PARTLY = "partly"
    TOLD = "told"


class Meaning(Protocol):
    """What turns texts into vectors of length 1: a story's, kept; a person's, kept nowhere."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""

    def once(self, texts: Sequence[str]) -> Vectors:
        """One row a text, remembered nowhere."""


@dataclass(frozen=True, slots=True)
class Heart:
    """How much of a beat stands in a telling, in two measures."""

    words: float
    """The share of the words that only this beat has, rare ones counting more, said or said in other words; 0 to 1."""
    own: float
    """How much nearer the best eight stretches are to this beat than to any other, a mean difference of cosines."""
    near: float
    """The cosine of the nearest stretch."""
    minutes: float
    """How long the telling was: what is short left something out."""


@dataclass(frozen=True, slots=True)
class Line:
    """The logistic model's weights for one verdict: one a measure, and an intercept a beat."""

    words: float
    own: float
    minutes: float
    at: tuple[float, ...]
    """The intercept for each beat, in telling order."""

    def of(self, beat: Beat, heart: Heart) -> float:
        """The log-odds of this verdict on a beat, up to what all verdicts share."""
        at = self.at[list(Beat).index(beat)]
        return at + self.words * heart.words + self.own * heart.own + self.minutes * heart.minutes


LINES: Mapping[Told, Line] = {
    Told.MISSING: Line(-4.49, -10.68, -0.75, (3.52, 3.0, 2.83, 3.43, 4.12, 3.02, 4.71)),
    Told.PARTLY: Line(-3.51, 0.53, -1.5, (3.93, 3.48, 3.85, 3.52, 3.25, 3.64, 3.02)),
    Told.TOLD: Line(8.0, 10.15, 2.25, (-7.45, -6.48, -6.68, -6.95, -7.38, -6.67, -7.74)),
}
"""Multinomial logistic regression on the choosing half of tests/retellings.jsonl (python -m benchmarks.retellings)."""
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

    @property
    def partly(self) -> list[Beat]:
        """The beats only touched."""
        return [beat for beat, told in self.verdicts.items() if told is Told.PARTLY]


class Judge:
    """Holds tellings against stories; knows which words are rare among all the stories told here."""

    def __init__(self, stories: Iterable[Story], meaning: Meaning | None) -> None:
        self._meaning = meaning
        counts: Counter[str] = Counter()
        self._count = 0
        for story in stories:
            counts.update(set(terms(story.telling)))
            self._count += 1
        self._counts = counts

    def judge(self, heard: Heard, story: Story) -> Judged:
        """The verdict on every beat the story has; names must be prepared alike in both."""
        hearts, places = self.hearts(heard, story)
        if self._meaning is not None and np.mean([heart.near for heart in hearts.values()] or [0.0]) < OTHER_STORY:
            return Judged(dict.fromkeys(hearts, Told.MISSING), {}, other_story=bool(heard.words))
        verdicts = {beat: verdict_on(beat, heart, heard, by_meaning=self.by_meaning) for beat, heart in hearts.items()}
        there = {beat: place for beat, place in places.items() if verdicts[beat] is Told.TOLD}
        return Judged(verdicts, there)

    def hearts(self, heard: Heard, story: Story) -> tuple[dict[Beat, Heart], dict[Beat, int]]:
        """The measures of every beat, and where the telling comes nearest to it."""
        beats = story.beats
        shares = self._shares(heard, beats)
        if self._meaning is None or not heard.windows:
            return {beat: Heart(shares[beat], 0.0, 0.0, heard.minutes) for beat in beats}, {}
        whole = self._meaning.vectors(list(beats.values()))
        told = self._meaning.once([*(stretch for _, stretch in heard.windows), *heard.questions]) @ whole.T
        near, asked = told[: len(heard.windows)], told[len(heard.windows) :]
        hearts: dict[Beat, Heart] = {}
        places: dict[Beat, int] = {}
        for column, beat in enumerate(beats):
            ahead = _ahead(near, column)
            places[beat] = heard.windows[int(np.argmax(ahead + near[:, column]))][0]
            if beat is Beat.QUESTION and len(asked):  # only what is asked is a question
                ahead = _ahead(asked, column)
            best = float(np.sort(ahead)[-_BEST:].mean())
            hearts[beat] = Heart(shares[beat], best, float(near[:, column].max()), min(heard.minutes, _LONGEST))
        return hearts, places

    def _shares(self, heard: Heard, beats: Mapping[Beat, str]) -> dict[Beat, float]:
        """For each beat the share of its own words and numbers that were said, each weighed by how rare it is."""
        said = _spoken(heard.text)
        said_numbers = quantities(heard.text)
        of_beat = {beat: _spoken(text) for beat, text in beats.items()}
        shares: dict[Beat, float] = {}
        for beat, words in of_beat.items():
            elsewhere = {stem for other, theirs in of_beat.items() if other is not beat for stem in theirs}
            own = {stem: word for stem, word in words.items() if stem not in elsewhere}
            numbers = _own_numbers(beats, beat)
            met = [1.0 if stem in said else 0.0 for stem in own]
            if self._meaning is not None and own and said:
                met = self._softly(list(own.values()), met, list(said.values()))
            weights = [self._rarity(stem) for stem in own] + [_NUMBER_WEIGHS] * len(numbers)
            met += [float(any(same(told, number) for told in said_numbers)) for number in numbers]
            total = sum(weights)
            shares[beat] = sum(w * m for w, m in zip(weights, met, strict=True)) / total if total else 0.0
        return shares

    def _softly(self, own: list[str], met: list[float], said: list[str]) -> list[float]:
        """Words not said count by the nearest that was; single words are nobody's secret, so their vectors are kept."""
        assert self._meaning is not None
        near = (self._meaning.vectors(own) @ self._meaning.vectors(said).T).max(axis=1)
        return [hit or max(0.0, (float(n) - _NEAR) / (1 - _NEAR)) for hit, n in zip(met, near, strict=True)]

    def _rarity(self, stem: str) -> float:
        return max(0.2, math.log((self._count + 1) / (self._counts[stem] + 0.5)))

    @property
    def by_meaning(self) -> bool:
        """Whether other words for the same are understood."""
        return self._meaning is not None


def verdict_on(
    beat: Beat, heart: Heart, heard: Heard, lines: Mapping[Told, Line] = LINES, *, by_meaning: bool = True
) -> Told:
    """The verdict on one beat by its measures; what is said and not asked is no question."""
    if beat is Beat.QUESTION and not heard.questions:
        return Told.MISSING
    if not by_meaning:
        told, partly = WORDS_ALONE
        return Told.TOLD if heart.words >= told else Told.PARTLY if heart.words >= partly else Told.MISSING
    return max(lines, key=lambda verdict: lines[verdict].of(beat, heart))


def _own_numbers(beats: Mapping[Beat, str], beat: Beat) -> list[Quantity]:
    """The numbers only this beat has."""
    others = [number for other, text in beats.items() if other is not beat for number in quantities(text)]
    return [number for number in quantities(beats[beat]) if not any(same(number, other) for other in others)]


def _ahead(near: Vectors, column: int) -> Vectors:
    """How much nearer each stretch is to one beat than to the nearest other."""
    others = np.delete(near, column, axis=1)
    return np.asarray(near[:, column] - (others.max(axis=1) if others.shape[1] else 0.0), dtype=np.float32)


def _spoken(text: str) -> dict[str, str]:
    """The words of a text that say something, by their stem; numbers are counted apart."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text.lower()):
        stems = terms(word)
        if stems and not quantities(word):
            found.setdefault(stems[0], word)
    return found
