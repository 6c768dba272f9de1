"""Whether a story is a close match, the nearest we have, or nothing: read from an absolute strength, not a rank."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from library.match import Verdict
from library.situation import Situation


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a story in an answer, and for the whole answer."""

    likeness: float
    """The absolute score of the story by meaning, -1 to 1."""
    shelf: float
    """The cosine between the rep's words and the middle of the whole shelf: do they speak of the same kind of thing?"""
    words: float
    """The best BM25 score on the shelf."""
    stories: int
    """How many stories are on the shelf: a best score grows with it."""
    nearer: float = 0.0
    """How much nearer a story is that a strict wish holds back than the nearest of the first that are not."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the verdict is read from; chosen on the choosing halves (docs/search.md), of a model as it was published.

    A story's strength is its likeness + shelf * the shelf's + words * ln(1 + b / ln(1 + stories)), b the best BM25
    score; less for a question to nobody in particular ("where do I…") and for a thing that is wanted while nothing
    hurts, more under a strict wish, whose words left the text.
    """

    close: float = 0.9
    nearest: float = 0.65
    shelf: float = 1.0
    words: float = 0.25
    question: float = 0.25
    purchase: float = 0.2
    strict: float = 0.25
    held_back: float = 1.5
    """For each bit that a story is nearer which a strict wish holds back: then this one only meets the wish."""
    words_close: float = 0.55
    """Without vectors the strength is the share of the rep's words that the story uses."""
    words_nearest: float = 0.3

    def strength(self, situation: Situation, signs: Signs) -> float:
        """The absolute score a story's verdict is read from."""
        strength = signs.likeness + self.shelf * signs.shelf
        strength += self.words * math.log1p(signs.words / math.log1p(signs.stories))
        strength -= self.question if situation.asks else 0.0
        strength -= self.purchase if situation.only_wants else 0.0
        return strength + (self.strict - self.held_back * max(0.0, signs.nearer) if situation.strict else 0.0)

    def verdict(self, strength: float, *, by_meaning: bool) -> Verdict:
        """What a story of this strength is."""
        close, nearest = (self.close, self.nearest) if by_meaning else (self.words_close, self.words_nearest)
        if strength >= close:
            return Verdict.CLOSE
        return Verdict.NEAREST if strength >= nearest else Verdict.NOTHING


OF_QUESTIONS = Thresholds(close=0.68, nearest=0.33, purchase=0.1, strict=0.3, held_back=2.5)
"""Of the packaged model, which learned to read what reps say (questions.npz): there all cosines are lower."""


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on an answer: the best of its stories'."""
    there = set(verdicts)
    return next((verdict for verdict in (Verdict.CLOSE, Verdict.NEAREST) if verdict in there), Verdict.NOTHING)
