"""Which beats of a story a telling holds: told, partly or missing, by meaning and not by wording."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

import numpy as np

from library.encoder import Vectors
from library.keywords import terms
from library.masking import without_names
from library.practice.hearing import Heard
from library.practice.quantities import Quantity, quantities, same
from library.story import Beat, Story, sentences

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER_WEIGHS = 3.5
_NEAR = 0.35
"""From this cosine on another word counts towards the story's own; at 1 it counts in full."""
_BEST = 8
_BEST_OF_ALL = 4
_LONGEST = 2.0
"""More minutes than a story has say nothing more for a beat."""
OTHER_STORY = 0.47
"""Below this mean, over the beats, of the nearest stretch's cosine, somebody told something else."""
OTHERS = 24
"""So many other stories are the yardstick for how near is near: 8 do nearly as well, 70 no better."""
_CHANCE, _SPREAD, _RIVAL = 0.13, 0.10, 0.31
"""What the yardstick says on the average, for a shelf that has no other whole story."""


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
    """How much of a beat stands in a telling, in several measures; cosines of sentence vectors but for `words`."""

    words: float
    """The share of the words that only this beat has, rare ones counting more, said or said in other words; 0 to 1."""
    ahead_of_beats: float = 0.0
    """How much nearer the best eight stretches are to this beat than to any other of the story, a mean difference."""
    ahead_of_stories: float = 0.0
    """How much nearer the best four stretches are to this beat than to the same beat of any other story."""
    above_chance: float = 0.0
    """How far the nearest stretch to each sentence of the beat stands above other stories, in standard deviations."""
    rest: float = 0.0
    """The mean of `ahead_of_stories` over the other beats: who tells loosely is measured loosely."""
    near: float = 0.0
    """The cosine of the nearest stretch."""
    minutes: float = 0.0
    """How long the telling was: what is short left something out."""

    @property
    def measures(self) -> tuple[float, ...]:
        """What a verdict weighs, in the order of a line's weights."""
        return self.words, self.ahead_of_beats, self.ahead_of_stories, self.above_chance, self.rest, self.minutes


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
    Told.MISSING: Line((-4.78, -8.18, 1.4, -0.25, 2.92, -1.63), (4.59, 4.15, 3.81, 4.95, 5.43, 4.21, 6.04)),
    Told.PARTLY: Line((-3.71, -0.56, 2.85, -0.43, 3.88, -1.95), (5.87, 4.94, 5.4, 5.03, 4.69, 5.23, 4.71)),
    Told.TOLD: Line((8.49, 8.74, -4.25, 0.68, -6.8, 3.58), (-10.45, -9.09, -9.21, -9.98, -10.12, -9.45, -10.75)),
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
        stories = list(stories)
        self._count = len(stories)
        self._counts = Counter(stem for story in stories for stem in set(terms(story.telling)))
        whole = (story for story in stories if not story.missing_beats)
        # By digest: which stories they are says nothing, and one more on the shelf changes one at most.
        self._yardstick = sorted(whole, key=lambda story: sha256(story.id.encode()).digest())[: OTHERS + 1]
        self._others: dict[str, Vectors] = {}

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
            return {beat: Heart(shares[beat], minutes=min(heard.minutes, _LONGEST)) for beat in beats}, {}
        whole = self._meaning.vectors(list(beats.values()))
        stretches = self._meaning.once([*(stretch for _, stretch in heard.windows), *heard.questions])
        told, asked = stretches[: len(heard.windows)], stretches[len(heard.windows) :]
        near = told @ whole.T
        hearts: dict[Beat, Heart] = {}
        places: dict[Beat, int] = {}
        for column, beat in enumerate(beats):
            ahead = _ahead(near, column)
            places[beat] = heard.windows[int(np.argmax(ahead + near[:, column]))][0]
            said = told
            if beat is Beat.QUESTION and len(asked):  # only what is asked is a question
                said, ahead = asked, _ahead(asked @ whole.T, column)
            hearts[beat] = Heart(
                words=shares[beat],
                ahead_of_beats=_best(ahead, _BEST),
                ahead_of_stories=_best(said @ whole[column] - self._rivals(said, story, beat), _BEST_OF_ALL),
                above_chance=self._above_chance(said, story, beats[beat]),
                near=float(near[:, column].max()),
                minutes=min(heard.minutes, _LONGEST),
            )
        return _with_the_rest(hearts), places

    def _rivals(self, said: Vectors, story: Story, beat: Beat) -> Vectors:
        """For each stretch the cosine of the nearest same beat of another story."""
        others = self._vectors_of_others(story)
        if not len(others):
            return np.full(len(said), _RIVAL, dtype=np.float32)
        return np.asarray((said @ others[:, list(Beat).index(beat)].T).max(axis=1), dtype=np.float32)

    def _above_chance(self, said: Vectors, story: Story, text: str) -> float:
        assert self._meaning is not None
        parts = self._meaning.vectors(sentences(text) or [text])
        best = (said @ parts.T).max(axis=0)
        others = self._vectors_of_others(story)
        if not len(others):
            return float(((best - _CHANCE) / _SPREAD).mean())
        chance = parts @ others.reshape(-1, others.shape[-1]).T
        return float(((best - chance.mean(axis=1)) / np.maximum(chance.std(axis=1), 1e-6)).mean())

    def _vectors_of_others(self, story: Story) -> Vectors:
        """The vectors of the yardstick's stories but this one: shape (stories, beats, dimensions)."""
        assert self._meaning is not None
        if story.id not in self._others:
            others = [without_names(other) for other in self._yardstick if other.id != story.id][:OTHERS]
            vectors = self._meaning.vectors([text for other in others for text in other.beats.values()])
            self._others = {story.id: vectors.reshape(len(others), len(Beat), -1 if len(others) else 0)}
        return self._others[story.id]

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


def _with_the_rest(hearts: Mapping[Beat, Heart]) -> dict[Beat, Heart]:
    """Each beat's measures with what the other beats say of the telling."""
    total, others = sum(heart.ahead_of_stories for heart in hearts.values()), max(1, len(hearts) - 1)
    return {beat: replace(heart, rest=(total - heart.ahead_of_stories) / others) for beat, heart in hearts.items()}


def _best(values: Vectors, most: int) -> float:
    """The mean of the greatest."""
    return float(np.sort(values)[-most:].mean())


def _spoken(text: str) -> dict[str, str]:
    """The words of a text that say something, by their stem; numbers are counted apart."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text.lower()):
        stems = terms(word)
        if stems and not quantities(word):
            found.setdefault(stems[0], word)
    return found
