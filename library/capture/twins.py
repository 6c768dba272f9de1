"""Twins: the story of the shelf that one being written would repeat, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from library.encoder import Vectors
from library.masking import without_names
from library.shelf import Shelf, customer_key
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


class Twins:
    """A shelf made ready, once, to be searched for the story that one being written would repeat."""

    def __init__(self, shelf: Shelf, meaning: Meaning | None, alike: float = ALIKE) -> None:
        """Without a meaning only the customers are compared."""
        self._meaning = meaning
        self._alike = alike
        self._others = [story for story in shelf if story.beats]

    def of(self, draft: Story) -> Twin | None:
        """The nearest story that tells the same customer's story or much the same one, or None."""
        others = [(at, story) for at, story in enumerate(self._others) if story.id != draft.id]
        found = [_twin(draft, story, 1.0) for _, story in others if _same_customer(draft, story)]
        beats = without_names(draft).beats if self._meaning is not None else {}
        if self._meaning is not None and len(beats) >= ENOUGH_BEATS and others:
            own = self._meaning.once(list(beats.values()))
            places = [list(Beat).index(beat) for beat in beats]
            near = np.einsum("sbd,bd->sb", self._vectors[[at for at, _ in others]][:, places], own)
            best = int(near.mean(axis=1).argmax())
            mean = float(near[best].mean())
            if mean >= self._alike:
                same = tuple(beat for beat, cosine in zip(beats, near[best], strict=True) if cosine >= _SAME_BEAT)
                found.append(_twin(draft, others[best][1], mean, same))
        return max(found, key=lambda twin: (twin.same_customer, twin.likeness), default=None)

    @cached_property
    def _vectors(self) -> Vectors:
        """Stories x beats in telling order x dimensions; zeros for a beat a story lacks."""
        assert self._meaning is not None
        told = [
            (at, place, text)
            for at, story in enumerate(map(without_names, self._others))
            for place, beat in enumerate(Beat)
            if (text := story.beat(beat))
        ]
        said = self._meaning.vectors([text for _, _, text in told])
        vectors = np.zeros((len(self._others), len(Beat), said.shape[1]), dtype=np.float32)
        for (at, place, _), row in zip(told, said, strict=True):
            vectors[at, place] = row
        return vectors


def _twin(draft: Story, other: Story, likeness: float, same: tuple[Beat, ...] = ()) -> Twin:
    differs = tuple(
        key
        for key in _FACTS
        if getattr(draft, key) and getattr(other, key) and getattr(draft, key) != getattr(other, key)
    )
    return Twin(other, likeness, _same_customer(draft, other), same, differs)


def _same_customer(draft: Story, other: Story) -> bool:
    return bool(draft.customer) and customer_key(draft.customer) == customer_key(other.customer)
