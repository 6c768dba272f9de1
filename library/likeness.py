"""How near stories are to a vector: as a whole, by their best beats, and by their gist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from library.encoder import Vectors, of_length_one
from library.vectors import PassageVectors

Rows = NDArray[np.intp]
"""Places of stories on their shelf."""


@dataclass(frozen=True)
class Likeness:
    """The absolute score of stories, -1 to 1: shares of the whole, the two best beats and the gist."""

    ids: tuple[str, ...]
    """Every story of the shelf; a row is a place among them."""
    vectors: PassageVectors
    whole: float
    beats: float
    gist: float

    def scores(self, vector: Vectors, rows: Rows) -> NDArray[np.float32]:
        """One score a story, in the order given; each must have vectors."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
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

    def nearest(self, vector: Vectors, rows: Rows, count: int) -> Rows:
        """Those of the rows, so many, whose whole and gist are nearest to a vector; each must have vectors."""
        whole = self._whole[rows] @ vector
        gists = self._gist_row[rows]
        gist = np.where(gists >= 0, self.vectors.matrix[gists] @ vector, whole)
        return rows[best_rows(self.whole * whole + self.gist * gist, count)]

    def alike(self, row: int, rows: Rows) -> NDArray[np.float32]:
        """How alike stories are to one, as a whole; each must have vectors."""
        return np.asarray(self._whole[rows] @ self._whole[row], dtype=np.float32)

    def among(self, rows: Rows) -> NDArray[np.float32]:
        """How alike stories are to each other, shape (rows, rows): by gist and half by their whole; a diagonal of 0.

        Where one has no gist they are not: stories that are told alike do not answer alike (docs/search.md).
        """
        gists = self._gist_row[rows]
        there = gists >= 0
        gist = self.vectors.matrix[gists]
        whole = self._whole[rows]
        alike = np.where(there[:, None] & there, gist @ gist.T + whole @ whole.T / 2, 0)
        np.fill_diagonal(alike, 0)
        return np.asarray(np.maximum(alike, 0), dtype=np.float32)

    def has_gist(self, rows: Rows) -> NDArray[np.bool_]:
        """Which stories have tags enough for a gist."""
        return np.asarray(self._gist_row[rows] >= 0)

    def of_shelf(self, vector: Vectors) -> float:
        """How near the middle of the whole shelf is to a vector; 0 for an empty one."""
        return float(self._middle @ vector) if len(self._middle) else 0.0

    def get_ready(self) -> None:
        """Make now what the first question would wait for."""
        _ = self.known, self._gist_row, self._middle if len(self.ids) else None

    @cached_property
    def _middle(self) -> Vectors:
        """The mean of the wholes of all stories that have vectors."""
        there = self._whole[self.known] if self.vectors.passages else self._whole[:0]
        return np.asarray(there.mean(axis=0) if len(there) else np.zeros(0), dtype=np.float32)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which stories have vectors."""
        return np.array([story in self.vectors.rows for story in self.ids], dtype=bool)

    @cached_property
    def _is_beat(self) -> NDArray[np.bool_]:
        """Which passages are beats."""
        return np.array([passage.beat is not None for passage in self.vectors.passages], dtype=bool)

    @cached_property
    def _beat_rows(self) -> NDArray[np.intp]:
        """The passages that are each story's beats, shape (stories, most beats), filled up with -1."""
        nowhere = slice(0, 0)
        spans = [self.vectors.rows.get(story, nowhere) for story in self.ids]
        beats = np.concatenate([[0], np.cumsum(self._is_beat)])
        starts = np.array([span.start for span in spans], dtype=np.intp)
        count = beats[[span.stop for span in spans]] - beats[starts]
        rows = np.full((len(spans), max(2, int(count.max(initial=0)))), -1, dtype=np.intp)
        for place in range(rows.shape[1]):  # the beats of a story stand together, before its gist
            rows[:, place] = np.where(place < count, starts + place, -1)
        return rows

    @cached_property
    def _gist_row(self) -> Rows:
        """The passage that is each story's gist, -1 for none; a gist stands last."""
        last = np.array([self.vectors.rows[s].stop - 1 if s in self.vectors.rows else -1 for s in self.ids], np.intp)
        return np.where((last >= 0) & ~self._is_beat[last], last, -1) if len(self._is_beat) else last

    @cached_property
    def _whole(self) -> Vectors:
        """One row a story: the mean of its beats, of length 1."""
        sums = np.zeros((len(self.ids), self.vectors.matrix.shape[1]), dtype=np.float32)
        for beats in self._beat_rows.T:
            there = beats >= 0
            sums[there] += self.vectors.matrix[beats[there]]
        return of_length_one(sums)


def best_rows(scores: NDArray[np.floating], count: int) -> Rows:
    """The rows of the highest scores, so many, highest first; of equal ones the earlier row first."""
    if len(scores) > count > 0:
        least = np.partition(scores, -count)[-count]
        rows = np.flatnonzero(scores >= least)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:count]
