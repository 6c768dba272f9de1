"""Which number, month or weekday of a story a telling has put another for.

A number the story does not have may be the teller's own, or belong to a pitch. What stands round both, in which part it
is told, what was said right before and after, and how alike the two look are signs for a swap; their weights are those
of a logistic regression on labelled retellings (python -m benchmarks.swaps).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from library.keywords import terms
from library.practice.quantities import CALENDAR, Kind, Quantity, calendar_words, quantities
from library.practice.rounding import Bound, bound_before, holds
from library.story import Beat, Story

LIKELY = 0.5
"""From this probability on a detail counts as swapped."""
WEIGHTS: Mapping[str, float] = {
    "after": 0.85,
    "always": -6.58,
    "another kind": -1.1,
    "another part": 0.87,
    "apart": -0.54,
    "before": 1.33,
    "begins alike": 1.04,
    "beside": 2.65,
    "between": 1.66,
    "counted": 1.02,
    "month": 0.8,
    "one figure": 1.05,
    "only": 1.2,
    "ours": -0.69,
    "percent": 0.71,
    "rough": -0.85,
    "same day": 1.32,
    "same part": 1.49,
    "small": -1.26,
    "turned round": 3.12,
    "weekday": -0.14,
    "year": 0.51,
}
"""What each sign adds to the log-odds of a swap."""
_ALIKE = ({Kind.COUNT, Kind.PERCENT}, {Kind.PERCENT, Kind.SHARE}, {Kind.YEAR}, {Kind.DAY}, {Kind.TIME})
_WIDE = 8
_OURS = re.compile(
    r"\b(?:we|we['’](?:re|ve)|our|ours|us|you|your|demo|webinar|workshop|platform|release|version|roadmap|module|"
    r"customers|clients|calendar|slides?|pilot)\b",
    re.IGNORECASE,
)
"""Words of a pitch, and of an appointment for one."""


@dataclass(frozen=True)
class Detail:
    """A number, month or weekday where it stands."""

    quantity: Quantity
    bound: Bound | None
    beat: Beat | None
    """The part it is told in; None where that is not known."""
    before: tuple[str, ...]
    """The stems of the eight words before it, in order."""
    after: tuple[str, ...]
    days: frozenset[float]
    """The days of a month said beside a month or weekday."""
    ours: int
    """How many words of a pitch stand near."""

    def holds(self, theirs: Detail) -> bool:
        """Whether it is true of a detail of the story."""
        return holds(self.quantity, theirs.quantity, self.bound)

    @property
    def in_calendar(self) -> bool:
        """Whether it is a month or a weekday."""
        return self.quantity.kind in CALENDAR


@dataclass(frozen=True)
class Swap:
    """A detail told, the one of the story it may stand for, and what speaks for that."""

    told: Detail
    theirs: Detail
    signs: Mapping[str, float]


def details_in(text: str, beat: Beat | Mapping[int, Beat] | None) -> list[Detail]:
    """The numbers, months and weekdays of a text in order; of one part, or of parts known by the place of a word."""
    found = sorted([*quantities(text), *calendar_words(text)], key=lambda quantity: quantity.span)
    return [
        Detail(
            quantity,
            bound_before(text[max(0, quantity.span[0] - 40) : quantity.span[0]]),
            beat.get(quantity.at) if isinstance(beat, Mapping) else beat,
            tuple(_stems(text[: quantity.span[0]].split()[-_WIDE:])),
            tuple(_stems(text[quantity.span[1] :].split()[:_WIDE])),
            _days_beside(text, quantity) if quantity.kind in CALENDAR else frozenset(),
            len(_OURS.findall(text[max(0, quantity.span[0] - 70) : quantity.span[1] + 70])),
        )
        for quantity in found
    ]


def details_of(story: Story) -> list[Detail]:
    """The numbers, months and weekdays of a story, part by part."""
    return [detail for beat, words in story.beats.items() for detail in details_in(words, beat)]


def swaps(told: Sequence[Detail], theirs: Sequence[Detail], weights: Mapping[str, float] = WEIGHTS) -> list[Swap]:
    """The likely swaps, each detail in one at most, in the order told."""
    likely = [(_odds(swap.signs, weights), -n, swap) for n, swap in enumerate(possible_swaps(told, theirs))]
    used: set[int] = set()
    found: list[Swap] = []
    for odds, _, swap in sorted(likely, key=lambda entry: entry[:2], reverse=True):
        if odds >= math.log(LIKELY / (1 - LIKELY)) and used.isdisjoint({id(swap.told), id(swap.theirs)}):
            used |= {id(swap.told), id(swap.theirs)}
            found.append(swap)
    return sorted(found, key=lambda swap: swap.told.quantity.span)


def possible_swaps(told: Sequence[Detail], theirs: Sequence[Detail]) -> Iterator[Swap]:
    """Each detail told that the story does not hold, with each of a like kind that the telling does not."""
    same = [[n for n, their in enumerate(theirs) if detail.holds(their)] for detail in told]
    said = {n for places in same for n in places}
    open_ = [n for n in range(len(theirs)) if n not in said]
    for at, detail in enumerate(told):
        if same[at]:
            continue
        before = next((places for places in reversed(same[:at]) if places), [])
        after = next((places for places in same[at + 1 :] if places), [])
        alike = [n for n in open_ if _comparable(detail.quantity, theirs[n].quantity)]
        for n in alike:
            between = any(0 < n - place <= 2 for place in before) + any(0 < place - n <= 2 for place in after)
            only = sum(theirs[other].beat is theirs[n].beat for other in alike) == 1
            yield Swap(detail, theirs[n], {**_signs(detail, theirs[n]), "between": between / 2, "only": float(only)})


def _comparable(told: Quantity, theirs: Quantity) -> bool:
    if told.kind in CALENDAR or theirs.kind in CALENDAR:
        return told.kind is theirs.kind
    if told.kind is theirs.kind is Kind.COUNT:
        return 0.05 <= (told.value or 1) / (theirs.value or 1) <= 20
    return any({told.kind, theirs.kind} <= kinds for kinds in _ALIKE)


def _signs(told: Detail, theirs: Detail) -> dict[str, float]:
    """What speaks for and against one detail standing for another."""
    kind, other = told.quantity.kind, theirs.quantity.kind
    signs = {
        "always": 1.0,
        "beside": min(len({*told.before, *told.after} & {*theirs.before, *theirs.after}), 5) / 5,
        "before": float(not {*told.before[-2:]}.isdisjoint(theirs.before[-2:])),
        "after": float(not {*told.after[:2]}.isdisjoint(theirs.after[:2])),
        "counted": float(bool(told.after) and told.after[:1] == theirs.after[:1]),
        "same part": float(told.beat is not None and told.beat is theirs.beat),
        "another part": float(told.beat is not None and told.beat is not theirs.beat),
        "another kind": float(kind is not other),
        "ours": min(told.ours, 3) / 3,
        "percent": float(kind is other is Kind.PERCENT),
        "year": float(kind is Kind.YEAR),
        "month": float(kind is Kind.MONTH),
        "weekday": float(kind is Kind.WEEKDAY),
        "rough": float(told.bound is not None),
        "same day": float(not told.days.isdisjoint(theirs.days)),
    }
    return signs if told.in_calendar else {**signs, **_likeness(told.quantity, theirs.quantity)}


def _likeness(told: Quantity, theirs: Quantity) -> dict[str, float]:
    """How alike two numbers look and sound: 340 for 430, sixteen for sixty."""
    figures = f"{told.value:g}", f"{theirs.value:g}"
    differ = sum(a != b for a, b in zip(*figures, strict=False))
    ratio = abs(math.log(max(told.value, 1e-6) / max(theirs.value, 1e-6)))
    return {
        "turned round": float(sorted(figures[0].replace(".", "")) == sorted(figures[1].replace(".", ""))),
        "one figure": float(len(figures[0]) == len(figures[1]) and differ == 1),
        "begins alike": float(told.said[:2].lower() == theirs.said[:2].lower()),
        "apart": min(ratio, 2.5),
        "small": float(told.kind is Kind.COUNT and told.value <= 3),
    }


def _odds(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sum(value * weights.get(sign, 0.0) for sign, value in signs.items())


def _stems(words: Sequence[str]) -> list[str]:
    """The stems of words that are no numbers."""
    return terms(" ".join(re.findall(r"[^\W\d_]+", " ".join(words))))


def _days_beside(text: str, quantity: Quantity) -> frozenset[float]:
    beside = quantities(text[max(0, quantity.span[0] - 24) : quantity.span[1] + 20])
    return frozenset(q.value for q in beside if q.kind is Kind.DAY or (q.kind is Kind.COUNT and q.value <= 31))
