"""What may be said of a customer, by right: yes, ask first or no, by whom, until when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from library.story import ShowAs, Story
from library.wording import day

_FORM = re.compile(
    r"(?P<may>[^,]*)(?:,\s*by\s+(?P<by>[^\s,](?:.*?[^\s,])?))?(?:,\s*until\s+(?P<until>[^\s,]+))?", re.DOTALL
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AS_IN = '"yes, by Marit Aune, until 2027-03-31"'


class May(StrEnum):
    """An answer to whether something may be said, from the widest to the narrowest."""

    YES = "yes"
    ASK_FIRST = "ask first"
    NO = "no"


class Right(StrEnum):
    """A thing that may be said or shown of a customer; its value is its key in the front matter."""

    NAME_ALOUD = "may_name_aloud"
    NAME_IN_WRITING = "may_name_in_writing"
    LOGO = "may_logo"
    QUOTE = "may_quote"
    METRIC = "may_metric"
    RECORDING = "may_recording"
    CALL = "may_call"

    @property
    def label(self) -> str:
        """The right as a rep reads it."""
        return _LABELS[self]


_LABELS: Mapping[Right, str] = MappingProxyType(
    {
        Right.NAME_ALOUD: "Name aloud",
        Right.NAME_IN_WRITING: "Name in writing",
        Right.LOGO: "Logo",
        Right.QUOTE: "Quote",
        Right.METRIC: "Their figures",
        Right.RECORDING: "Recording",
        Right.CALL: "A call with them",
    }
)


class RightError(ValueError):
    """A right that is not written as one, with what was found and what to write instead."""

    def __init__(self, found: str, instead: str) -> None:
        super().__init__(f'found "{found}"; {instead}')
        self.found, self.instead = found, instead


@dataclass(frozen=True, slots=True)
class Permission:
    """One right on one day: the answer, who of the customer gave it, and its last day."""

    may: May
    by: str = ""
    until: date | None = None
    lapsed: bool = False
    """Whether it was a yes whose time is over."""

    @property
    def sentence(self) -> str:
        """The permission as it stands in a list, the name of who gave it left to the caller's care."""
        if self.lapsed and self.until:
            return f"{self.may}; the yes ran out on {day(self.until)}"
        said = [self.may.value, f"by {self.by}" if self.by else "", f"until {day(self.until)}" if self.until else ""]
        return ", ".join(filter(None, said))

    @property
    def written(self) -> str:
        """The permission as a line of the front matter."""
        said = [self.may.value, f"by {self.by}" if self.by else "", f"until {self.until}" if self.until else ""]
        return ", ".join(filter(None, said))


def read_right(text: str) -> Permission:
    """A right out of its line, as in "yes, by Marit Aune, until 2027-03-31"; raises RightError."""
    match = _FORM.fullmatch(text.strip())
    answers = [may.value for may in May]
    if text.partition(",")[0].strip() not in answers:
        raise RightError(text, "write yes, ask first or no.")
    if not match or re.search(r"\b(?:by|until)\b", match["by"] or ""):
        raise RightError(text, f"after the answer only who gave it and the last day, as in {_AS_IN}.")
    until = match["until"]
    try:
        last = date.fromisoformat(until) if until and _DAY.fullmatch(until) else None
    except ValueError:
        last = None
    if until and last is None:
        raise RightError(text, f"write the last day as year-month-day, as in {_AS_IN}.")
    return Permission(May(match["may"].strip()), match["by"] or "", last)


def given(story: Story, right: Right) -> Permission | None:
    """A right as the story's file gives it; None where it is silent. One that cannot be read asks first."""
    written = getattr(story, right.value)
    if not written:
        return Permission(May.ASK_FIRST) if right.value in story.extra else None
    try:
        return read_right(written)
    except RightError:
        return Permission(May.ASK_FIRST)


def permission(story: Story, right: Right, today: date | None) -> Permission:
    """What a right comes to on a day, within what `show_as` allows.

    A yes that has run out asks first. Without a day, one that runs out some day counts as run out.
    """
    ceiling = _ceiling(story, right, today)
    told = given(story, right)
    if told is None:
        return Permission(_narrower(_unsaid(right), ceiling))
    lapsed = told.may is May.YES and told.until is not None and (today is None or told.until < today)
    may = _narrower(May.ASK_FIRST if lapsed else told.may, ceiling)
    if may is not told.may and not (lapsed and may is May.ASK_FIRST):
        return Permission(may)
    return Permission(may, told.by, told.until, lapsed)


def allows(story: Story, right: Right, today: date | None) -> bool:
    """Whether a right is a plain yes on that day."""
    return permission(story, right, today).may is May.YES


def without_givers(story: Story) -> dict[str, str]:
    """Each right the story gives, as a line without the person who gave it."""
    kept: dict[str, str] = {}
    for right in Right:
        told = given(story, right)
        kept[right.value] = Permission(told.may, until=told.until).written if told else ""
    return kept


def givers(story: Story) -> tuple[str, ...]:
    """The people of the customer who gave a right, each once."""
    told = (given(story, right) for right in Right)
    return tuple(dict.fromkeys(permission.by for permission in told if permission and permission.by))


def what_may_be_said(story: Story, today: date) -> str:
    """What a rep may say of the customer, in a few sentences, for a story as this rep may see it."""
    if story.show_as is ShowAs.INTERNAL:
        return "For us only: do not tell it outside."
    said = [how_to_name(story, today), *_QUOTING[permission(story, Right.QUOTE, today).may]]
    said += _FIGURES[permission(story, Right.METRIC, today).may]
    return " ".join(said)


def how_to_name(story: Story, today: date) -> str:
    """What to call the customer aloud and in writing, in a sentence, for a story as somebody may see it."""
    aloud, written = (permission(story, right, today).may for right in (Right.NAME_ALOUD, Right.NAME_IN_WRITING))
    name, alias = story.customer or "the customer", story.alias or "one of our customers"
    if aloud is May.YES:
        if written is May.YES:
            return f"You may name {name}, aloud and in writing."
        if written is May.ASK_FIRST:
            return f"Say the name aloud; ask before you write it. Until then it is “{alias}”."
        return f"Say the name aloud only; in writing it is “{alias}”."
    if written is May.YES:
        return f"You may write the name; {'ask before you say it' if aloud is May.ASK_FIRST else 'do not say it'}."
    if May.ASK_FIRST in {aloud, written}:
        return f"Ask before you name them; until then say “{alias}”."
    return f"Never name them: say “{alias}”."


_QUOTING: Mapping[May, tuple[str, ...]] = {
    May.YES: ("You may quote it.",),
    May.ASK_FIRST: ("Ask before you quote it.",),
    May.NO: ("Do not quote it.",),
}
_FIGURES: Mapping[May, tuple[str, ...]] = {
    May.YES: (),
    May.ASK_FIRST: ("Ask before you give their figures.",),
    May.NO: ("Do not give their figures.",),
}


def _unsaid(right: Right) -> May:
    """What a right is worth where the file is silent; the ceiling narrows it."""
    return May.YES if right in {Right.NAME_ALOUD, Right.NAME_IN_WRITING, Right.METRIC} else May.ASK_FIRST


def _ceiling(story: Story, right: Right, today: date | None) -> May:
    """The most that `show_as` allows; a logo is the name in writing, a recording or a call the name aloud."""
    if story.show_as is ShowAs.INTERNAL:
        return May.NO
    if right is Right.NAME_ALOUD:
        return May.YES if story.show_as in {ShowAs.NAMED, ShowAs.VERBAL} else May.NO
    if right is Right.NAME_IN_WRITING:
        return May.YES if story.show_as is ShowAs.NAMED else May.NO
    if right is Right.LOGO:
        return permission(story, Right.NAME_IN_WRITING, today).may
    if right is Right.RECORDING:
        return permission(story, Right.NAME_ALOUD, today).may
    if right is Right.CALL and story.show_as is ShowAs.ANONYMISED:
        return May.ASK_FIRST
    return May.YES


def _narrower(one: May, other: May) -> May:
    order = list(May)
    return max(one, other, key=order.index)
