"""Choosing the thresholds of an encoder from labelled situations; docs/encoders.md tells how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import count
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from library.calibration import CalibrationError, shipped
from library.evaluation import Labelled, Measures, measures_of
from library.search import Search
from library.situation import Situation, understand
from library.verdicts import Thresholds

WRONG = 0.04
"""At most so many of the answerable situations may get nothing, unless somebody says otherwise."""
USABLE = 0.85
"""An answer is close from the strength on at which so many begin with a story that can be told: what .50 means with
the packaged model, on either half."""
ANSWERABLE, UNANSWERABLE = 20, 10
"""With fewer labels a threshold would be an accident of one of them."""
STEPS = (0.0, 0.5, 0.75, 1.25, 1.5, 2.0)
"""What else may move: so many times the value that ships."""
STEP_COSTS = 0.05
"""What each must gain to leave its shipped value, in `apart`: more than one situation of 26. Less is an accident."""
BATCH = 16
_OTHERS = tuple(field.name for field in fields(Thresholds) if field.name not in {"close", "nearest"})
"""What makes up a strength beside likeness."""

Progress = Callable[[int, int], None]
"""Called with how many steps are done and how many there are."""
Strengths = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A labelled situation as it is understood."""

    labelled: Labelled
    situation: Situation


@dataclass(frozen=True)
class Sample:
    """What a set of situations says under some thresholds: one entry a situation in each array."""

    strengths: Strengths
    """The best of the first three stories: from it the verdict on the answer is read; -inf for no story."""
    answerable: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    """Whether the first story has a grade."""

    def of(self, rows: NDArray[np.int_]) -> Sample:
        """The same of some situations."""
        return Sample(self.strengths[rows], self.answerable[rows], self.usable[rows])

    def nearest(self, wrong: float = WRONG) -> float:
        """The threshold that calls most of the unanswerable nothing and at most this share of the answerable."""
        return _below(self, _allowed(self, wrong))

    @property
    def close(self) -> float:
        """The strength at which USABLE of the answers begin with a story that can be told.

        By a logistic curve, which moves a third as much from sample to sample as counting does: with the targets of
        Platt (1999), so that it does not run away where strength tells all, and a slope held back by as much as one
        situation. Raises CalibrationError where more strength does not mean more.
        """
        there = np.isfinite(self.strengths)
        strengths, usable = self.strengths[there], self.usable[there]
        middle, scale = (float(strengths.mean()), float(strengths.std())) if len(strengths) else (0.0, 0.0)
        at, slope = _logistic((strengths - middle) / scale, usable) if scale > 0 else (0.0, 0.0)
        if slope <= 0:
            raise CalibrationError("With this model a stronger answer is no better one; set LIBRARY_MODEL to another.")
        return middle + scale * (float(np.log(USABLE / (1 - USABLE))) - at) / slope

    @property
    def apart(self) -> float:
        """How well strength tells answerable from not: right "nothing", the mean over wrong ones up to twice WRONG."""
        most = max(1, _allowed(self, 2 * WRONG))
        unanswerable = self.strengths[~self.answerable]
        return mean(float((unanswerable < _below(self, wrong)).mean()) for wrong in range(1, most + 1))


@dataclass(frozen=True)
class Half:
    """What the answers of one half measure to, with the thresholds as they were and as they are now."""

    name: str
    before: Measures
    after: Measures


@dataclass(frozen=True)
class Choice:
    """The thresholds chosen, what they were, and what comes of it."""

    before: Thresholds
    thresholds: Thresholds
    halves: tuple[Half, ...]
    situations: int
    """How many they were chosen on."""
    left_out: int
    """How many labels name stories only that this shelf may not tell today."""


def choose(
    search: Search,
    labelled: Sequence[Labelled],
    today: date,
    progress: Progress = lambda *_: None,
    wrong: float = WRONG,
) -> Choice:
    """Choose thresholds for the search's encoder; raises CalibrationError where labels or vectors are too few.

    Situations of the half "choose" decide where halves are named, else all. Others are only measured.
    """
    if not search.by_meaning:
        raise CalibrationError("There is no model: without one there is nothing to calibrate. Set LIBRARY_MODEL.")
    told = {story.id for story in search.shelf.tellable(today)}
    here = [row for row in labelled if not row.judged or told & row.judged.keys()]
    halves = dict.fromkeys(row.half for row in here)
    deciding = {"choose"} if "choose" in halves else set(halves)
    choosing = [row for row in here if row.half in deciding]
    answerable = sum(bool(row.judged) for row in choosing)
    if answerable < ANSWERABLE or len(choosing) - answerable < UNANSWERABLE:
        raise CalibrationError(
            f"Found {answerable} situations that a story of this shelf answers and {len(choosing) - answerable} "
            f"that none should; calibrating takes {ANSWERABLE} and {UNANSWERABLE} at least. Label more."
        )
    steps, total = count(1), -(-len(here) // BATCH) + len(_OTHERS)

    def step() -> None:
        progress(next(steps), total)

    asked = _understood(search, here, step)
    chosen = _chosen(search, [a for a in asked if a.labelled.half in deciding], today, wrong, step)
    parts = {half or "all": [a for a in asked if a.labelled.half == half] for half in halves}
    after = search.with_thresholds(chosen)
    measured = [Half(name, _measures(search, p, today), _measures(after, p, today)) for name, p in parts.items()]
    return Choice(search.thresholds, chosen, tuple(measured), len(choosing), len(labelled) - len(here))


def _understood(search: Search, labelled: Sequence[Labelled], step: Callable[[], None]) -> list[Asked]:
    asked = [Asked(row, understand(row.situation, search.shelf.vocabulary)) for row in labelled]
    for at in range(0, len(asked), BATCH):
        search.prepare([a.situation.text for a in asked[at : at + BATCH] if a.situation.text])
        step()
    return asked


def _chosen(search: Search, asked: Sequence[Asked], today: date, wrong: float, step: Callable[[], None]) -> Thresholds:
    """First what tells answerable from not beside likeness, a value at a time; then the two bars of the verdicts."""
    chosen = begun = shipped(search.meaning.encoder_name) if search.meaning else Thresholds()
    sample = _sample(search, asked, begun, today)
    for name in _OTHERS:
        best, gain = None, 0.0
        for times in STEPS:
            tried = replace(chosen, **{name: times * getattr(begun, name)})
            found = _sample(search, asked, tried, today)
            if np.array_equal(found.strengths, sample.strengths):
                break  # it has no say in an answer by meaning
            gained = found.apart - sample.apart - STEP_COSTS
            if gained > gain:
                best, gain = (tried, found), gained
        if best is not None:
            chosen, sample = best
        step()
    nearest, close = sample.nearest(wrong), sample.close
    return replace(chosen, nearest=round(nearest, 4), close=round(max(close, nearest), 4))


def _sample(search: Search, asked: Sequence[Asked], thresholds: Thresholds, today: date) -> Sample:
    tried = search.with_thresholds(thresholds)
    found = [tried.strengths(a.situation, today) for a in asked]
    return Sample(
        np.array([max((strength for _, strength in stories), default=-np.inf) for stories in found]),
        np.array([bool(a.labelled.judged) for a in asked]),
        np.array([bool(s and s[0][0] in a.labelled.judged) for s, a in zip(found, asked, strict=True)]),
    )


def _measures(search: Search, asked: Sequence[Asked], today: date) -> Measures:
    return measures_of([(a.labelled, search.find(a.situation, today).delivered) for a in asked])


def _allowed(sample: Sample, share: float) -> int:
    return int(share * int(sample.answerable.sum()))


def _below(sample: Sample, wrong: int) -> float:
    """The threshold with so many of the answerable below it at most, as low as keeps the same of the others below."""
    highest = float(np.sort(sample.strengths[sample.answerable])[wrong])
    others = sample.strengths[~sample.answerable & (sample.strengths < highest)]
    lower = float(others.max(initial=-np.inf))
    above = sample.strengths[sample.strengths > lower]
    return _between(lower, float(above.min(initial=highest)))


def _logistic(x: Strengths, happened: NDArray[np.bool_]) -> tuple[float, float]:
    """Intercept and slope of the log-odds, by Newton's steps."""
    yes, no = int(happened.sum()), int((~happened).sum())
    targets = np.where(happened, (yes + 1) / (yes + 2), 1 / (no + 2))
    design, held = np.stack([np.ones_like(x), x], axis=1), np.array([0.0, 1.0])
    found = np.zeros(2)
    for _ in range(30):
        likely = 1 / (1 + np.exp(-design @ found))
        uphill = design.T @ (targets - likely) - held * found
        found = found + np.linalg.solve((design.T * (likely * (1 - likely))) @ design + np.diag(held), uphill)
    return float(found[0]), float(found[1])


def _between(low: float, high: float) -> float:
    """Half way; where there is nothing below, a hair under."""
    return (low + high) / 2 if np.isfinite(low) else high - 1e-6
