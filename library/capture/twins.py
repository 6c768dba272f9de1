"""Twins: the story of the shelf that one being written would repeat, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from library.encoder import Vectors
from library.masking import without_names
from library.shelf import Shelf
from library.story import Beat, Story

ALIKE = 0.5
"""From this mean of the beats' likeness on two stories tell the same; docs/capture.md."""
ENOUGH_BEATS = 3
_SAME_BEAT = 0.6
_FACTS = ("change", "industry", "country", "size", "roles")


class Meaning(Protocol):
    """Texts into vectors: a shelf's are kept, somebody's own are not."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text, kept."""

    def once(self, texts: Sequence[str]) -> Vectors:
        """One row a text, kept nowhere."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A story of the shelf that tells much the same."""

    story: Story
    likeness: float
    """The mean cosine of the beats both have, -1 to 1."""
    same_customer: bool
    same_beats: tuple[Beat, ...]
    differs: tuple[str, ...]
    """The facts that differ, by field."""


def twin_of(draft: Story, shelf: Shelf, meaning: Meaning | None) -> Twin | None:
    """The nearest story that tells the same customer's story or much the same one, or None."""
    others = [story for story in shelf if story.id != draft.id and story.beats]
    found = [_twin(draft, other, 1.0) for other in others if _same_customer(draft, other)]
    beats = without_names(draft).beats
    if meaning is not None and len(beats) >= ENOUGH_BEATS and others:
        own = meaning.once(list(beats.values()))
        likeness = _likenesses(own, list(beats), others, meaning)
        best = max(range(len(others)), key=lambda at: float(likeness[at].mean()))
        mean = float(likeness[best].mean())
        if mean >= ALIKE:
            same = tuple(beat for beat, near in zip(beats, likeness[best], strict=True) if near >= _SAME_BEAT)
            found.append(_twin(draft, others[best], mean, same))
    return max(found, key=lambda twin: (twin.same_customer, twin.likeness), default=None)


def _likenesses(own: Vectors, beats: list[Beat], others: Sequence[Story], meaning: Meaning) -> Vectors:
    """For each other story the cosine of each beat with the same of it; 0 where it lacks one."""
    texts = [[without_names(other).beat(beat) for beat in beats] for other in others]
    flat = [text for row in texts for text in row if text]
    vectors = iter(meaning.vectors(flat))
    rows = [[float(next(vectors) @ own[at]) if text else 0.0 for at, text in enumerate(row)] for row in texts]
    return np.array(rows, dtype=np.float32)


def _twin(draft: Story, other: Story, likeness: float, same: tuple[Beat, ...] = ()) -> Twin:
    differs = tuple(
        key
        for key in _FACTS
        if getattr(draft, key) and getattr(other, key) and getattr(draft, key) != getattr(other, key)
    )
    return Twin(other, likeness, _same_customer(draft, other), same, differs)


def _same_customer(draft: Story, other: Story) -> bool:
    return bool(draft.customer) and draft.customer.casefold() == other.customer.casefold()
