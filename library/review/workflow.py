"""Which step a story may take from where it stands, and who may take it; knows no file and no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from library.people import Person, tells
from library.records.entries import Act
from library.story import Health, Status, Story
from library.wording import day

LONGEST = timedelta(days=3 * 366)
"""No story is extended further ahead than this: by then nobody knows the customer."""


class Step(StrEnum):
    """What somebody may do with a story."""

    SEND = "send"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    SEND_BACK = "send back"
    VERIFY = "verify"
    EXTEND = "extend"
    RETIRE = "retire"
    BRING_BACK = "bring back"


class Reason(StrEnum):
    """Why a story is no longer told."""

    CHURNED = "The customer left us"
    PERSON_LEFT = "The person left"
    ASKED = "The customer asked"
    OUT_OF_DATE = "It is out of date"
    OTHER = "Another reason"


class StepError(ValueError):
    """A step that may not be taken, and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where a step begins and ends, who takes it, and how it is recorded."""

    begins: frozenset[Status]
    ends: Status | None
    """None for a step after which the story stands where it stood."""
    act: Act
    who: str
    """Its tellers, those who review, or either."""
    alone: bool = True
    """Whether one who tells or sent the story may take it without another."""


_TELLERS, _REVIEWERS, _EITHER = "tellers", "reviewers", "either"
RULES: Mapping[Step, _Rule] = MappingProxyType(
    {
        Step.SEND: _Rule(frozenset({Status.DRAFT}), Status.REVIEW, Act.SENT, _TELLERS),
        Step.WITHDRAW: _Rule(frozenset({Status.REVIEW}), Status.DRAFT, Act.WITHDRAWN, _TELLERS),
        Step.PUBLISH: _Rule(frozenset({Status.REVIEW}), Status.PUBLISHED, Act.PUBLISHED, _REVIEWERS, alone=False),
        Step.SEND_BACK: _Rule(frozenset({Status.REVIEW}), Status.DRAFT, Act.SENT_BACK, _REVIEWERS, alone=False),
        Step.VERIFY: _Rule(frozenset({Status.PUBLISHED}), None, Act.VERIFIED, _EITHER),
        Step.EXTEND: _Rule(frozenset({Status.PUBLISHED}), None, Act.EXTENDED, _REVIEWERS, alone=False),
        Step.RETIRE: _Rule(frozenset({Status.PUBLISHED}), Status.RETIRED, Act.RETIRED, _REVIEWERS),
        Step.BRING_BACK: _Rule(frozenset({Status.RETIRED}), Status.REVIEW, Act.BROUGHT_BACK, _REVIEWERS),
    }
)

STANDS: Mapping[Status, str] = MappingProxyType(
    {
        Status.DRAFT: "a draft",
        Status.REVIEW: "waiting for review",
        Status.PUBLISHED: "published",
        Status.RETIRED: "retired",
    }
)
_WHO = {
    _TELLERS: "Only the teller, the owner or the team lead may do that.",
    _REVIEWERS: "Only the team lead or a named verifier may do that.",
    _EITHER: "Only the team lead, a named verifier, the teller or the owner may do that.",
}
NOT_ALONE = "You told or sent it yourself; somebody else decides."


def may_follow(person: Person, story: Story) -> bool:
    """Whether a story's way to the shelf is this person's business."""
    return person.verifies or tells(person, story)


def may_change(person: Person, story: Story) -> bool:
    """Whether somebody may propose other words for a published story; a change holds the customer's name."""
    return bool(person.name) and (person.leads or tells(person, story))


def who_may(step: Step, person: Person, story: Story, sent_by: str = "") -> str:
    """Why this person may not take the step, wherever the story stands; empty where they may."""
    rule = RULES[step]
    own, reviews = tells(person, story), person.verifies
    allowed = {_TELLERS: own or person.leads, _REVIEWERS: reviews, _EITHER: own or reviews}[rule.who]
    if not person.name or not allowed:
        return _WHO[rule.who]
    if not rule.alone and not person.leads and person.name in {story.told_by, sent_by}:
        return NOT_ALONE
    return ""


def refusal(step: Step, person: Person, story: Story, sent_by: str = "") -> str:
    """Why the step may not be taken, in a sentence; empty where it may."""
    if story.status not in RULES[step].begins:
        return f"This story is {STANDS[story.status]} now."
    return who_may(step, person, story, sent_by)


def may(step: Step, person: Person, story: Story, sent_by: str = "") -> bool:
    """Whether the step may be taken."""
    return not refusal(step, person, story, sent_by)


def may_decide(person: Person, story: Story, proposed_by: str) -> str:
    """Why this person may not decide on a change somebody proposed; empty where they may."""
    if not person.verifies:
        return _WHO[_REVIEWERS]
    return NOT_ALONE if not person.leads and person.name in {story.told_by, proposed_by} else ""


def facts_of(step: Step, story: Story, reason: Reason | None = None) -> dict[str, str]:
    """What the step sets in a story's file, besides its dates."""
    ends = RULES[step].ends
    facts: dict[str, str] = {} if ends is None else {"status": ends}
    if reason is Reason.CHURNED:
        facts["health"] = Health.CHURNED
    if step is Step.BRING_BACK and story.health in {Health.CHURNED, Health.LEFT}:
        facts["health"] = Health.UNKNOWN  # who brings it back says that it may be told: ask the customer
    return facts


def longer(story: Story, today: date) -> date:
    """The last day of a story whose time is extended by a year, from its last day or from today."""
    return _a_year_on(max(story.expires or today, today))


def too_far(until: date, today: date) -> str:
    """Why a story may not be told until that day; empty where it may."""
    if until <= today:
        return f"Choose a day after {day(today)}."
    if until > today + LONGEST:
        return f"Choose a day before {day(today + LONGEST)}; until then somebody should have asked again."
    return ""


def _a_year_on(when: date) -> date:
    year = min(when.year + 1, date.max.year)
    try:
        return when.replace(year=year)
    except ValueError:  # 29 February
        return when.replace(year=year, day=28)
