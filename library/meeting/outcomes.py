"""What came of a meeting: which of its stories were told afterwards, how they landed, and which promises were kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from library.records.entries import Audience, Hand, Landed, Meeting, Telling

FOLLOWS_DAYS = 14
"""Tellings so long after a meeting are counted to it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one story of a meeting."""

    story: str
    heard: tuple[str, ...]
    """Who had heard this change from a prospect."""
    promised: tuple[Hand, ...]
    kept: tuple[Hand, ...]
    """The promises whose person told the story afterwards."""
    told: int
    leaned_in: int


def outcomes(meeting: Meeting, hands: Iterable[Hand], tellings: Iterable[Telling]) -> list[Outcome]:
    """What came of each story, in the order of the agenda."""
    raised = [hand for hand in hands if hand.held_on == meeting.held_on]
    last = meeting.held_on + timedelta(days=FOLLOWS_DAYS)
    after = [
        telling
        for telling in tellings
        if telling.audience is Audience.PROSPECT and meeting.held_on <= telling.at.date() <= last
    ]
    return [_outcome(story, raised, after) for story in meeting.stories]


def _outcome(story: str, hands: Sequence[Hand], tellings: Sequence[Telling]) -> Outcome:
    told = [telling for telling in tellings if telling.story == story]
    promised = tuple(hand for hand in hands if hand.story == story and hand.promises)
    return Outcome(
        story,
        tuple(dict.fromkeys(hand.person for hand in hands if hand.story == story and not hand.promises)),
        promised,
        tuple(hand for hand in promised if any(t.person == hand.person and t.at >= hand.at for t in told)),
        len(told),
        sum(telling.landed is Landed.LEANED_IN for telling in told),
    )
