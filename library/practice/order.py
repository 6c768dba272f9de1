"""Whether the beats were told in the order that makes the story."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from library.story import Beat

SLACK = 16
"""A beat may begin so many words before the one that precedes it: sentences often carry two."""


def in_order(places: Mapping[Beat, int]) -> bool:
    """Whether each told beat comes after the one before it; places are words from the start."""
    return first_out_of_order(places) is None


def first_out_of_order(places: Mapping[Beat, int]) -> tuple[Beat, Beat] | None:
    """The first two told beats that changed places: the one told too late, and the one that came before it."""
    told = [beat for beat in Beat if beat in places]
    return next(((a, b) for a, b in pairwise(told) if places[b] + SLACK < places[a]), None)
