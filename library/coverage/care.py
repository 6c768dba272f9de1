"""What needs care on the shelf: stories due for a check, waiting, told too often or never, and what surprised us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from library.records.entries import Audience, Meeting, Telling
from library.shelf import Shelf
from library.story import Status, Story

RECENT_DAYS = 90
OVERUSED_TELLINGS, OVERUSED_SHARE = 5, 0.2
"""A story is overused when it was told at least so often lately, and took this share of all tellings."""
ENDING_DAYS = 56


@dataclass(frozen=True, slots=True)
class Use:
    """How much of the team's telling one story took lately."""

    story: Story
    told: int
    of: int

    @property
    def share(self) -> float:
        """Its share of all tellings to prospects, 0 to 1."""
        return self.told / self.of if self.of else 0.0


def due_for_check(shelf: Shelf, today: date, tellings: Iterable[Telling] = ()) -> list[Story]:
    """The stories that may be told and are past their verify date: the most told first, then the longest unchecked."""
    told = Counter(telling.story for telling in tellings)
    due = [story for story in shelf.tellable(today) if story.stale(today)]
    return sorted(due, key=lambda story: (-told[story.id], story.verified_on or date.min, story.id))


def ending(shelf: Shelf, today: date) -> list[Story]:
    """The stories whose time is over soon, the soonest first."""
    left = [(story.expires, story) for story in shelf.tellable(today) if story.expires]
    soon = [(day, story) for day, story in left if (day - today).days <= ENDING_DAYS]
    return [story for _, story in sorted(soon, key=lambda entry: (entry[0], entry[1].id))]


def waiting(shelf: Shelf) -> list[Story]:
    """The stories not published yet: those in review first, then the longest waiting."""
    unfinished = [story for story in shelf if story.status in {Status.DRAFT, Status.REVIEW}]
    return sorted(unfinished, key=lambda s: (s.status is Status.DRAFT, s.heard_on or date.max, s.id))


def overused(shelf: Shelf, today: date, tellings: Iterable[Telling]) -> list[Use]:
    """The stories that took too large a share of the last 90 days' tellings to prospects, the largest first."""
    recent = [
        telling.story
        for telling in tellings
        if telling.audience is Audience.PROSPECT and 0 <= (today - telling.at.date()).days <= RECENT_DAYS
    ]
    uses = [
        Use(shelf.stories[story], told, len(recent))
        for story, told in Counter(recent).items()
        if story in shelf.stories
    ]
    often = [use for use in uses if use.told >= OVERUSED_TELLINGS and use.share >= OVERUSED_SHARE]
    return sorted(often, key=lambda use: (-use.told, use.story.id))


def never_told(shelf: Shelf, today: date, tellings: Iterable[Telling], meetings: Iterable[Meeting]) -> list[Story]:
    """The stories nobody told yet, neither to a prospect nor in a meeting; the longest on the shelf first."""
    heard = {telling.story for telling in tellings}
    heard |= {story for meeting in meetings if meeting.held_on < today for story in meeting.stories}
    silent = [story for story in shelf.tellable(today) if story.id not in heard]
    return sorted(silent, key=lambda story: (story.heard_on or date.max, story.id))


def surprises(shelf: Shelf, today: date) -> list[Story]:
    """The stories whose customer gave a reason our training lacks, the newest first."""
    telling = [story for story in shelf.browsable(today) if story.surprise]
    return sorted(telling, key=lambda story: (story.heard_on or date.min, story.id), reverse=True)
