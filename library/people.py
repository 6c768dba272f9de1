"""Who is asking, and what of a story they may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from library.masking import masked, spoken_alias, without_names
from library.sharing.rights import May, Right, allows, permission
from library.story import Story


class Role(StrEnum):
    """What somebody does here."""

    GUEST = "guest"
    REP = "rep"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody using the library."""

    name: str = ""
    role: Role = Role.REP
    named_verifier: bool = False
    """Whether the settings name this person to look over stories beside the leads."""

    @property
    def signed_in(self) -> bool:
        """Whether the library knows who this is."""
        return self.role is not Role.GUEST

    @property
    def leads(self) -> bool:
        """Whether this person curates the library."""
        return self.role is Role.LEAD

    @property
    def verifies(self) -> bool:
        """Whether this person may let a story onto the shelf."""
        return self.leads or (bool(self.name) and self.named_verifier)


GUEST = Person(role=Role.GUEST)
"""Somebody not signed in: what an export or a copy for outside is made for."""


def tells(person: Person, story: Story) -> bool:
    """Whether a story is this person's own: the teller's or the owner's."""
    return bool(person.name) and person.name in {story.told_by, story.owner}


def may_see_name(person: Person, story: Story, today: date | None = None) -> bool:
    """Whether the customer's name may be shown to this person: to a guest, whether it may be written that day.

    Without a day, a right that runs out some day counts as run out.
    """
    if not person.signed_in:
        return allows(story, Right.NAME_IN_WRITING, today)
    names = (Right.NAME_ALOUD, Right.NAME_IN_WRITING)
    if any(permission(story, right, today).may is not May.NO for right in names):
        return True
    return person.leads or tells(person, story)


def seen_by(person: Person, story: Story, today: date | None = None) -> Story:
    """Return the story as this person may see it; everything shown, copied or exported comes through here."""
    return story if may_see_name(person, story, today) else without_names(story)


def seen_together(person: Person, *stories: Story) -> tuple[Story, ...]:
    """Forms of one story, to be held against each other: with names only where this person may see those of each.

    Otherwise the names of all are taken out of all: a change may rename the customer, or let more people see them.
    """
    if all(may_see_name(person, story) for story in stories):
        return stories
    return tuple(_without_names_of(story, stories) for story in stories)


def words_seen(person: Person, words: str, *stories: Story) -> str:
    """What somebody wrote about a story in any of its forms, as this person may read it."""
    if not all(may_see_name(person, story) for story in stories):
        for story in stories:
            words = masked(words, story)
    return words


def _without_names_of(story: Story, others: tuple[Story, ...]) -> Story:
    safe = without_names(story)
    for other in others:
        safe = without_names(replace(safe, customer=other.customer, heard_from=other.heard_from))
    return safe


def display_name(story: Story) -> str:
    """The name of a story as it was prepared for somebody: the customer where it is left in, else the alias."""
    return story.customer or spoken_alias(story)
