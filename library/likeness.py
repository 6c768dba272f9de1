"""How near stories are to a vector: as a whole, by their best beats, and by their gist."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from library.encoder import Vectors
from library.vectors import PassageVectors


@dataclass(frozen=True)
class Likeness:
    """The absolute score of stories, -1 to 1: shares of the whole, the two best beats and the gist."""

    vectors: PassageVectors
    whole: float
    beats: float
    gist: float

    def __contains__(self, story: object) -> bool:
        return story in self._row_of

    @property
    def stories(self) -> frozenset[str]:
        """The stories that have vectors."""
        return frozenset(self._row_of)

    def scores(self, vector: Vectors, stories: Sequence[str]) -> NDArray[np.float32]:
        """One score a story, in the order given; each must have vectors."""
        if not stories:
            return np.zeros(0, dtype=np.float32)
        rows = np.array([self._row_of[story] for story in stories])
        beats = self._beat_rows[rows]
        near = np.where(beats >= 0, self.vectors.matrix[beats] @ vector, -2.0)
        two = np.sort(near, axis=1)[:, -2:]
        best = np.where(two[:, 0] > -2.0, two.mean(axis=1), two[:, 1])
        whole = self._whole[rows] @ vector
        gists = self._gist_row[rows]
        gist = self.vectors.matrix[gists] @ vector
        without = (self.whole * whole + self.beats * best) / (self.whole + self.beats)
        with_gist = self.whole * whole + self.beats * best + self.gist * gist
        return np.asarray(np.where(gists >= 0, with_gist, without), dtype=np.float32)

    def to(self, story: str) -> dict[str, float]:
        """How alike every story is to one, as a whole."""
        alike = self._whole @ self._whole[self._row_of[story]]
        return {other: float(alike[row]) for other, row in self._row_of.items()}

    def most_alike(self, story: str, others: Collection[str]) -> float:
        """The likeness to the one of the others that is most alike; 0 where there is none."""
        known = [self._row_of[other] for other in others if other in self]
        if not known or story not in self:
            return 0.0
        return float(np.max(self._whole[known] @ self._whole[self._row_of[story]]))

    @cached_property
    def _row_of(self) -> Mapping[str, int]:
        return {story: row for row, story in enumerate(self.vectors.rows)}

    @cached_property
    def _beat_rows(self) -> NDArray[np.intp]:
        """The rows of each story's beats, shape (stories, most beats), filled up with -1."""
        passages = self.vectors.passages
        rows = [[r for r in range(s.start, s.stop) if passages[r].beat] for s in self.vectors.rows.values()]
        width = max((len(beats) for beats in rows), default=1)
        return np.array([beats + [-1] * (max(width, 2) - len(beats)) for beats in rows], dtype=np.intp)

    @cached_property
    def _gist_row(self) -> NDArray[np.intp]:
        """The row of each story's gist, -1 for none; a gist stands last."""
        passages = self.vectors.passages
        last = [s.stop - 1 for s in self.vectors.rows.values()]
        return np.array([row if passages[row].beat is None else -1 for row in last], dtype=np.intp)

    @cached_property
    def _whole(self) -> Vectors:
        """One row a story: the mean of its beats, of length 1."""
        sums = np.stack([self.vectors.matrix[rows[rows >= 0]].sum(axis=0) for rows in self._beat_rows])
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), dtype=np.float32)
