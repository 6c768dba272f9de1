"""When a practised story comes back: after days, longer when it went well (the FSRS algorithm, from its library)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from fsrs import Card, Rating, Scheduler

from library.practice.feedback import Feedback

_SCHEDULER = Scheduler(desired_retention=0.9, learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""No steps of minutes: a story is told once a day at most; no chance, so that a day is a day."""


@dataclass(frozen=True, slots=True)
class Memory:
    """How well a person holds a story."""

    card: str
    """As the library of the algorithm keeps it."""
    due: date

    @property
    def days(self) -> float:
        """For how many days it is expected to be held at nine in ten."""
        return float(json.loads(self.card).get("stability") or 0.0)


def rating_of(feedback: Feedback) -> Rating:
    """How well it went: whole is easy or good, a beat or two short is hard, less is again."""
    short = len(feedback.beats) - feedback.told
    if feedback.other_story or short > 2 or feedback.slips:
        return Rating.Again
    if short:
        return Rating.Hard
    return Rating.Good if set(feedback.flags) - {"short", "long"} else Rating.Easy


def after(before: Memory | None, feedback: Feedback, at: datetime) -> Memory:
    """The memory of a story after one more telling."""
    card = Card.from_json(before.card) if before else Card(card_id=1, due=at)
    card, _ = _SCHEDULER.review_card(card, rating_of(feedback), at)
    return Memory(card.to_json(), card.due.date())
