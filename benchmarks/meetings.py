"""A year of weekly meetings on the shelf that ships: python -m benchmarks.meetings.

Nobody edits the proposals and nobody verifies a story, the hardest case: stories run out during the year. Each week the
team asks twelve of the labelled situations, drawn by a fixed seed; an ask's results are the stories judged to fit it.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.table import table
from library.evaluation import read_labelled
from library.meeting.picks import MINUTES, Picks, count_for, repeats
from library.records.entries import Ask, Meeting
from library.shelf import Shelf
from library.situation import understand

ROOT = Path(__file__).parent.parent
SITUATIONS = ROOT / "tests" / "situations.jsonl"
FIRST = date(2026, 11, 23)
WEEKS = 52
ASKS_A_WEEK = 12


@dataclass(frozen=True)
class Year:
    """What a year of meetings came to."""

    meetings: tuple[Meeting, ...]
    unheard: frozenset[str]
    """Stories that could be told when the year began and never were."""
    turns: Counter[str]
    """How often each teller who has stories was on an agenda."""
    repeated_weeks: int
    """How often a story was on the agenda two weeks running."""
    repeats: int
    """How often a meeting heard an industry, a change or a teller twice."""
    industries: int
    changes: int


def simulate(shelf: Shelf, first: date, minutes: int) -> Year:
    """Fifty-two meetings, each as it is proposed."""
    draw = random.Random(20261123)
    labelled = read_labelled(SITUATIONS)
    meetings: list[Meeting] = []
    asks: list[Ask] = []
    for week in range(WEEKS):
        day = first + timedelta(weeks=week)
        at = datetime.combine(day - timedelta(days=3), time(9), UTC)
        for row in draw.sample(labelled, ASKS_A_WEEK):
            facets = _facets(row.situation, shelf)
            fits = tuple(sorted(row.judged, key=lambda story: -row.judged[story])[:3])
            asks.append(Ask(f"{week}-{len(asks)}", at, "Somebody", row.situation, facets, "close", fits))
        picks = Picks(shelf, day, meetings, asks=asks).propose(count_for(minutes))
        meetings.append(Meeting(day, minutes, picks, version=1))
    heard = {story for meeting in meetings for story in meeting.stories}
    known = shelf.stories
    return Year(
        tuple(meetings),
        frozenset({story.id for story in shelf.tellable(first)} - heard),
        Counter(pick.teller for meeting in meetings for pick in meeting.picks),
        sum(len(set(a.stories) & set(b.stories)) for a, b in pairwise(meetings)),
        sum(repeats([known[story] for story in meeting.stories]) for meeting in meetings),
        len({known[story].industry for story in heard}),
        len({known[story].change for story in heard}),
    )


def _facets(situation: str, shelf: Shelf) -> tuple[str, ...]:
    return tuple(f"{facet.kind}:{facet.value}" for facet in understand(situation, shelf.vocabulary).facets)


def main() -> None:
    shelf = Shelf.read(ROOT / "stories")
    rows = []
    for minutes in MINUTES:
        year = simulate(shelf, FIRST, minutes)
        told = sum(len(meeting.picks) for meeting in year.meetings)
        rows.append(
            (
                f"{minutes} minutes",
                f"{told}",
                f"{len(shelf.tellable(FIRST))}",
                f"{len(year.unheard)}",
                f"{year.repeated_weeks}",
                f"{year.repeats}",
                f"{min(year.turns.values())}-{max(year.turns.values())}",
                f"{max(year.turns.values()) / min(year.turns.values()):.2f}",
            )
        )
    head = ("52 meetings of", "told", "tellable", "never heard", "two weeks running", "repeats", "turns", "most/fewest")
    print(table(head, rows))


if __name__ == "__main__":
    main()
