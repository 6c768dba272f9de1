"""Stories that come in and are here already, or nearly: found by their ids, their words and their customers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from library.exchange.rows import free_name
from library.shelf import customer_key
from library.story import Story

_WORDS_TOGETHER = 4
_NEARLY = 0.5
"""The share of common runs of words from which two texts tell one story; of those that ship no two share a fiftieth."""


class How(StrEnum):
    """How a story that comes in is like one that is here, from the same to the merely related."""

    SAME = "is here already"
    OTHER_WORDS = "is here with other words"
    NEARLY = "has nearly the words of"
    CUSTOMER = "is of the same customer as"


@dataclass(frozen=True, slots=True)
class Twin:
    """A story that comes in, and the one here that it is like."""

    incoming: str
    here: str
    how: How

    @property
    def doubtful(self) -> bool:
        """Whether somebody should look before it comes in too."""
        return self.how in {How.OTHER_WORDS, How.NEARLY}


def twins(incoming: Iterable[Story], shelf: Iterable[Story]) -> dict[str, Twin]:
    """By the id of a story that comes in, the one here it is most like; none for those that are new."""
    here = {story.id: story for story in shelf}
    runs: dict[str, list[str]] = defaultdict(list)
    customers: dict[str, str] = {}
    for story in here.values():
        for run in _runs(story):
            runs[run].append(story.id)
        if story.customer:
            customers.setdefault(customer_key(story.customer), story.id)
    found = (_twin(story, here, runs, customers) for story in incoming)
    return {twin.incoming: twin for twin in found if twin}


def brought(
    stories: Iterable[Story], like: dict[str, Twin], wanted: Collection[str], used: Collection[str]
) -> list[Story]:
    """The stories to write: the new ones, and of the doubtful ones those wanted, under ids that are free."""
    taken = set(used)
    chosen: list[Story] = []
    for story in stories:
        twin = like.get(story.id)
        if twin and (twin.how is How.SAME or (twin.doubtful and story.id not in wanted)):
            continue
        story_id = free_name(story.id, taken)
        taken.add(story_id)
        chosen.append(replace(story, id=story_id))
    return chosen


def _twin(story: Story, here: dict[str, Story], runs: dict[str, list[str]], customers: dict[str, str]) -> Twin | None:
    if (there := here.get(story.id)) is not None:
        # Facts are set here by hand afterwards: who may hear the name, the status, the day it was verified.
        same = (there.sections, there.extra) == (story.sections, story.extra)
        return Twin(story.id, there.id, How.SAME if same else How.OTHER_WORDS)
    own = _runs(story)
    common = Counter(other for run in own for other in runs.get(run, ()))
    nearest = min(common, key=lambda other: (-common[other], other), default="")
    if nearest and common[nearest] >= _NEARLY * len(own):
        return Twin(story.id, nearest, How.NEARLY)
    customer = customers.get(customer_key(story.customer), "") if story.customer else ""
    return Twin(story.id, customer, How.CUSTOMER) if customer else None


def _runs(story: Story) -> set[str]:
    words = re.findall(r"[^\W_]+", f"{story.telling} {story.notes}".casefold())
    return {" ".join(words[at : at + _WORDS_TOGETHER]) for at in range(len(words) - _WORDS_TOGETHER + 1)}
