"""Whether a number told is the story's: as it is, honestly rounded, or said to be meant roughly."""

from __future__ import annotations

import re
from enum import StrEnum
from math import isclose

from library.practice.quantities import CALENDAR, Kind, Quantity


class Bound(StrEnum):
    """How a number is said to be meant when it is not meant to the last figure."""

    OVER = "over"
    UNDER = "under"
    ABOUT = "about"


def bound_before(text: str) -> Bound | None:
    """What the words that lead up to a number say of how it is meant."""
    return next((bound for bound, words in _BOUNDS.items() if words.search(text)), None)


_BOUNDS = {
    Bound.OVER: re.compile(
        r"\b(?:more than|over|above|beyond|north of|upwards? of|at least|better than|past)(?: the| an?)? $",
        re.IGNORECASE,
    ),
    Bound.UNDER: re.compile(
        r"\b(?:(?:less|fewer) than|under|below|nearly|almost|near|closer? to|getting on for|knocking on|"
        r"near(?:ly)? enough|best part of|not quite|short of|shy of|up to)(?: the| an?)? $",
        re.IGNORECASE,
    ),
    Bound.ABOUT: re.compile(
        r"\b(?:about|around|roughly|approximately|circa|some|something like|in the region of|give or take|"
        r"maybe|i think|or so|say|like|towards?)(?: the| an?)? $",
        re.IGNORECASE,
    ),
}
_HELD = {Bound.OVER: (1.0, 1.4), Bound.UNDER: (0.72, 1.0), Bound.ABOUT: (0.88, 1.13)}
"""How far the story's number may lie from one that is said so, as a ratio."""


def holds(told: Quantity, theirs: Quantity, bound: Bound | None) -> bool:
    """Whether what is told is true of the story: the same, honestly rounded, or "over a thousand" for 1,250."""
    kinds = {told.kind, theirs.kind}
    if kinds & CALENDAR:
        return (told.kind, told.value) == (theirs.kind, theirs.value)
    if same(told, theirs):
        return True
    if bound is None or not told.value or kinds & {Kind.YEAR, Kind.DAY, Kind.TIME}:
        return False
    low, high = _HELD[bound]
    if told.kind is Kind.SHARE:
        return kinds <= {Kind.SHARE, Kind.PERCENT} and low <= theirs.value / told.value <= high
    return any(low <= theirs.value / (scale * told.value) <= high for scale in (1, 1_000, 1_000_000))


def same(told: Quantity, theirs: Quantity) -> bool:
    """Whether a number told is the story's, as it is or honestly rounded: about sixty for 61, half past ten for 22:40.

    A rounded number has fewer figures than the story's, or is said in words and is very near.
    """
    if Kind.TIME in {told.kind, theirs.kind}:
        if not all(n.kind is Kind.TIME or (n.kind is Kind.COUNT and n.value <= 12) for n in (told, theirs)):
            return False
        clock = [number.value if number.kind is Kind.TIME else 60 * number.value for number in (told, theirs)]
        apart = abs(clock[0] - clock[1]) % 720
        return min(apart, 720 - apart) <= 25
    low, high = sorted((told.value, theirs.value))
    if low == high or {told.kind, theirs.kind} & {Kind.YEAR, Kind.DAY}:
        return low == high
    scales = {1, 1_000, 1_000_000} | ({100} if Kind.PERCENT in {told.kind, theirs.kind} else set())
    if any(isclose(high, scale * low) for scale in scales):
        return True  # "sixty-one against a budget of 24": the million goes without saying
    if high < 1:
        return high - low <= 0.034
    in_words = not any(letter.isdigit() for letter in told.said)
    return high - low <= (0.08 if _figures(told) < _figures(theirs) else 0.045 if in_words else 0) * high


def _figures(quantity: Quantity) -> int:
    """How many figures say something: 3,400 has two."""
    return len(f"{quantity.value:.5e}".partition("e")[0].replace(".", "").rstrip("0"))
