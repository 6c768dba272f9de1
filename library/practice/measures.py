"""How much of each part of a story stands in a telling, measured by its words and by meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

import numpy as np

from library.encoder import Vectors
from library.keywords import terms
from library.masking import without_names
from library.practice.hearing import Heard
from library.practice.quantities import Quantity, quantities
from library.practice.rounding import same
from library.story import Beat, Story, sentences

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER_WEIGHS = 3.5
_NEAR = 0.35
"""From this cosine on another word counts towards the story's own; at 1 it counts in full."""
_BEST = 8
_BEST_OF_ALL = 4
_THERE = 0.3
"""From this share of its own words on a beat seems to be there."""
OTHERS = 24
"""So many other stories are the yardstick for how near is near: 8 do nearly as well, 70 no better."""
_RIVAL = 0.31
"""What the yardstick says on the average, for a shelf that has no other whole story."""


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
    met: float = 0.0
    """The mean, over the sentences of the beat, of the cosine of the stretch nearest to each."""
    weakest: float = 0.0
    """The least of these."""
    spent: float = 0.0
    """The logarithm of one more than the words spent on it: nearer to it than to all that it is held against."""
    near: float = 0.0
    """The cosine of the nearest stretch."""
    thickness: float = 0.0
    """The logarithm of how many words the telling spends on each part it seems to hold."""

    @property
    def measures(self) -> tuple[float, ...]:
        """What a verdict weighs, in the order of a line's weights.

        How long the whole telling is would help on the labelled ones; but who tells three parts well shall hear so.
        """
        ahead = self.ahead_of_beats, self.ahead_of_stories
        return self.words, *ahead, self.met, self.weakest, self.spent, self.near, self.thickness


class Measures:
    """Measures tellings; knows which words are rare among all the stories told here, and how near others come."""

    def __init__(self, stories: Iterable[Story], meaning: Meaning | None) -> None:
        self.meaning = meaning
        stories = list(stories)
        self._count = len(stories)
        self._counts = Counter(stem for story in stories for stem in set(terms(story.telling)))
        whole = (story for story in stories if not story.missing_beats)
        # By digest: which stories they are says nothing, and one more on the shelf changes one at most.
        self._yardstick = sorted(whole, key=lambda story: sha256(story.id.encode()).digest())[: OTHERS + 1]
        self._others: dict[str, Vectors] = {}

    def of(self, heard: Heard, story: Story) -> tuple[dict[Beat, Heart], dict[Beat, int]]:
        """The measures of every beat, and where the telling comes nearest to it."""
        beats = story.beats
        shares = self._shares(heard, beats)
        if self.meaning is None or not heard.windows:
            return {beat: Heart(shares[beat]) for beat in beats}, {}
        whole = self.meaning.vectors(list(beats.values()))
        stretches = self.meaning.once([*(stretch for _, stretch in heard.windows), *heard.questions])
        told, asked = stretches[: len(heard.windows)], stretches[len(heard.windows) :]
        near, rivals = told @ whole.T, self._rivals(told, story)
        spent = _words_spent(heard, near, rivals)
        there = sum(min(1.0, share / _THERE) for share in shares.values())
        hearts: dict[Beat, Heart] = {}
        places: dict[Beat, int] = {}
        for column, beat in enumerate(beats):
            ahead, beyond, said = _ahead(near, column), near[:, column] - rivals[:, column], told
            places[beat] = heard.windows[int(np.argmax(ahead + near[:, column]))][0]
            if beat is Beat.QUESTION and len(asked):  # only what is asked is a question
                to_asked = asked @ whole.T
                said, ahead = asked, _ahead(to_asked, column)
                beyond = to_asked[:, column] - self._rivals(asked, story)[:, column]
            met = (said @ self.meaning.vectors(sentences(beats[beat]) or [beats[beat]]).T).max(axis=0)
            hearts[beat] = Heart(
                words=shares[beat],
                ahead_of_beats=_best(ahead, _BEST),
                ahead_of_stories=_best(beyond, _BEST_OF_ALL),
                met=float(met.mean()),
                weakest=float(met.min()),
                spent=math.log1p(spent[column]),
                near=float(near[:, column].max()),
                thickness=math.log(len(heard.words) / (1 + there)),
            )
        return hearts, places

    def _rivals(self, said: Vectors, story: Story) -> Vectors:
        """For each stretch, in the row, and each beat of the story the cosine of the nearest same beat of another."""
        columns = [list(Beat).index(beat) for beat in story.beats]
        others = self.vectors_of_others(story)
        if not len(others):
            return np.full((len(said), len(columns)), _RIVAL, dtype=np.float32)
        nearest = [(said @ others[:, column].T).max(axis=1) for column in columns]
        return np.asarray(np.stack(nearest, axis=1), dtype=np.float32)

    def vectors_of_others(self, story: Story) -> Vectors:
        """The vectors of the yardstick's stories but this one: shape (stories, beats, dimensions)."""
        assert self.meaning is not None
        kept = self._others.get(story.id)
        if kept is None:
            others = [without_names(other) for other in self._yardstick if other.id != story.id][:OTHERS]
            vectors = self.meaning.vectors([text for other in others for text in other.beats.values()])
            kept = vectors.reshape(len(others), len(Beat), -1 if len(others) else 0)
            self._others = {story.id: kept}  # another thread may put its own story there
        return kept

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
            if self.meaning is not None and own and said:
                met = self._softly(list(own.values()), met, list(said.values()))
            weights = [self._rarity(stem) for stem in own] + [_NUMBER_WEIGHS] * len(numbers)
            met += [float(any(same(told, number) for told in said_numbers)) for number in numbers]
            total = sum(weights)
            shares[beat] = sum(w * m for w, m in zip(weights, met, strict=True)) / total if total else 0.0
        return shares

    def _softly(self, own: list[str], met: list[float], said: list[str]) -> list[float]:
        """Words not said count by the nearest that was; single words are nobody's secret, so their vectors are kept."""
        assert self.meaning is not None
        near = (self.meaning.vectors(own) @ self.meaning.vectors(said).T).max(axis=1)
        return [hit or max(0.0, (float(n) - _NEAR) / (1 - _NEAR)) for hit, n in zip(met, near, strict=True)]

    def _rarity(self, stem: str) -> float:
        return max(0.2, math.log((self._count + 1) / (self._counts[stem] + 0.5)))


def _own_numbers(beats: Mapping[Beat, str], beat: Beat) -> list[Quantity]:
    """The numbers only this beat has."""
    others = [number for other, text in beats.items() if other is not beat for number in quantities(text)]
    return [number for number in quantities(beats[beat]) if not any(same(number, other) for other in others)]


def _ahead(near: Vectors, column: int) -> Vectors:
    """How much nearer each stretch is to one beat than to the nearest other."""
    others = np.delete(near, column, axis=1)
    return np.asarray(near[:, column] - (others.max(axis=1) if others.shape[1] else 0.0), dtype=np.float32)


def _words_spent(heard: Heard, near: Vectors, rivals: Vectors) -> list[int]:
    """For each beat the words nearer to it than to any other of the story and than the same beat of others.

    A word is as near as the mean of the stretches it stands in.
    """
    count = len(heard.words)
    sums, beyond, covered = np.zeros((count, near.shape[1])), np.zeros((count, near.shape[1])), np.zeros((count, 1))
    for row, (middle, stretch) in enumerate(heard.windows):
        length = len(stretch.split())
        here = slice(max(0, middle - length // 2), middle - length // 2 + length)
        sums[here] += near[row]
        beyond[here] += near[row] - rivals[row]
        covered[here] += 1
    nearest = (sums / np.maximum(covered, 1)).argmax(axis=1)
    return [int(((nearest == column) & (beyond[:, column] > 0)).sum()) for column in range(near.shape[1])]


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
