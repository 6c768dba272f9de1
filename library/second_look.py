"""A second look at the best stories: how each is met word by word, and what those most like it say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.likeness import Likeness, Rows
from library.tokens import Gists, Tokens, met

_NEIGHBOURS = 5
_LINE = 3
"""So many stories with tags make a line."""
_STEEPER = 1.5
"""A line through scattered points is flatter than what it stands for; chosen with every fourth story without tags."""

Scores = NDArray[np.float32]
"""One a story, in the order of its rows."""


@dataclass(frozen=True)
class SecondLook:
    """What the best candidates gain by title and tags, and by each other."""

    likeness: Likeness
    gists: Gists
    tokens: float
    """What it weighs to be met word by word."""
    neighbours: float
    """What the score of each of the five most alike weighs, times the likeness (score regularisation; Diaz 2005)."""

    def gains(self, scores: Scores, asked: Tokens | None, rows: Rows) -> Scores:
        """What each story gains, beside the others looked at.

        Of a story without tags it is not known: it gains what one with tags and its score can expect.
        """
        gains = self._met(asked, rows)
        gains += self._support(scores + gains, rows)
        return _expected(gains, scores, self.likeness.has_gist(rows))

    def _met(self, asked: Tokens | None, rows: Rows) -> Scores:
        """By how title and tags are met, above the mean; 0 without tags."""
        if asked is None:
            return np.zeros(len(rows), dtype=np.float32)
        scores = met(asked, [self.gists.get(self.likeness.ids[row]) for row in rows])
        known = ~np.isnan(scores)
        apart = np.where(known, scores - scores[known].mean() if known.any() else 0.0, 0.0)
        return np.asarray(self.tokens * apart, dtype=np.float32)

    def _support(self, scores: Scores, rows: Rows) -> Scores:
        """By the scores of the stories among them that are most like it; 0 without tags."""
        alike = self.likeness.among(rows)
        count = min(_NEIGHBOURS, len(rows) - 1)
        if count < 1:
            return np.zeros(len(rows), dtype=np.float32)
        nearest = np.argsort(-alike, axis=1, kind="stable")[:, :count]
        support = (np.take_along_axis(alike, nearest, axis=1) * np.maximum(scores[nearest], 0)).sum(axis=1)
        return np.asarray(self.neighbours * support, dtype=np.float32)


def _expected(gains: Scores, scores: Scores, known: NDArray[np.bool_]) -> Scores:
    """The gains; where one is not known, what the scores and gains of the others let expect: a line through them."""
    if known.all() or int(known.sum()) < _LINE:
        return gains
    there = scores[known] - scores[known].mean()
    slope = max(0.0, float(there @ gains[known]) / max(float(there @ there), 1e-9))
    guess = gains[known].mean() + _STEEPER * slope * (scores - scores[known].mean())
    return np.asarray(np.where(known, gains, guess), dtype=np.float32)
