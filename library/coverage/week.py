"""The team's weeks in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from library.records.entries import Ask, Audience, Landed, Telling
from library.story import Story

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Week:
    """One week, Monday to Sunday."""

    monday: date
    asks: int = 0
    answered: int = 0
    """Asks for which a story was offered."""
    told: int = 0
    """Tellings to prospects."""
    landed: int = 0
    """Those in which the prospect leaned in."""
    new_stories: int = 0
    """Stories heard from a customer."""


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(
    today: date, asks: Iterable[Ask], tellings: Iterable[Telling], stories: Iterable[Story], count: int = WEEKS
) -> list[Week]:
    """The last weeks up to this one, oldest first; days are those of UTC."""
    asks = list(asks)
    told = [telling for telling in tellings if telling.audience is Audience.PROSPECT]
    asked = Counter(monday_of(ask.at.date()) for ask in asks)
    answered = Counter(monday_of(ask.at.date()) for ask in asks if ask.answered)
    tellings_in = Counter(monday_of(telling.at.date()) for telling in told)
    landed = Counter(monday_of(t.at.date()) for t in told if t.landed is Landed.LEANED_IN)
    heard = Counter(monday_of(story.heard_on) for story in stories if story.heard_on)
    mondays = [monday_of(today) - timedelta(weeks=back) for back in reversed(range(count))]
    return [Week(m, asked[m], answered[m], tellings_in[m], landed[m], heard[m]) for m in mondays]
