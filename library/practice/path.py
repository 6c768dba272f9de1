"""A new hire's first week: five stories to own, one for each change that comes again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from library.shelf import Shelf
from library.story import Story

FIVE = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One story of a path, and why it is on it."""

    story: str
    why: str


def first_week(
    shelf: Shelf, today: date, industry: str = "", role: str = "", told: Mapping[str, int] | None = None
) -> list[Step]:
    """Five stories that may be told, one for each of the commonest changes; the person's industry and role first.

    The same shelf gives the same path.
    """
    stories = shelf.tellable(today)
    label, covers = shelf.vocabulary.label, shelf.vocabulary.covers
    near = covers("industry", industry) if industry else frozenset()
    roles = covers("role", role) if role else frozenset()
    times = told or {}
    common = Counter(story.change for story in stories if story.change)
    inside = Counter(story.change for story in stories if story.change and story.industry in near)

    def worth(story: Story) -> tuple[int, int, int, int, str]:
        return (
            -(story.industry in near),
            -bool(roles & {*story.roles}),
            int(story.stale(today)),
            -times.get(story.id, 0),
            story.id,
        )

    changes = sorted(common, key=lambda change: (-inside[change], -common[change], change))
    chosen: list[Step] = []
    tellers: Counter[str] = Counter()
    for change in changes[:FIVE]:
        among = sorted((s for s in stories if s.change == change), key=lambda s: (tellers[s.told_by] > 1, worth(s)))
        best = among[0]
        tellers[best.told_by] += 1
        chosen.append(Step(best.id, _why(best, change, common[change], near, roles, label("change", change), times)))
    return chosen


def _why(
    story: Story,
    change: str,  # noqa: ARG001 - the label says it
    count: int,
    near: frozenset[str],
    roles: frozenset[str],
    named: str,
    times: Mapping[str, int],
) -> str:
    first = f"{named}: {count} stories here begin so." if count > 1 else f"{named}: the only story here that begins so."
    parts = [first]
    if story.industry in near:
        parts.append("It is in your industry.")
    if roles & {*story.roles}:
        parts.append("It speaks to the people you call on.")
    if times.get(story.id, 0) > 1:
        parts.append(f"The team told it {times[story.id]} times.")
    return " ".join(parts)


def steps_of(shelf: Shelf, stories: Sequence[str], today: date) -> list[Step]:
    """A path a lead put together, without what left the shelf or may no longer be told."""
    kept = [story for story in map(shelf.get, stories) if story is not None and story.tellable(today)]
    return [Step(story.id, "Your lead chose it for you.") for story in kept]
