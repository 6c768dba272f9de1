"""A change taken over into a file that somebody changed by hand since it was begun."""

from __future__ import annotations

from dataclasses import dataclass, replace

from library.reading import FIELDS, read_text
from library.review.differences import differences
from library.saving import revised, with_facts
from library.shelf import ShelfError
from library.story import Section, Story
from library.vocabulary import Vocabulary

_Key = tuple[str, int]
STEPS_OWN = frozenset("status health verified_on verified_by expires_on".split())
"""The facts our own steps set: they are nobody's hand in the file."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A change, and the file as it stands now."""

    base: Story
    """The story the change began from."""
    theirs: Story
    """The story as the file has it now."""
    mine: Story
    """The story as the change would have it."""

    @property
    def by_hand(self) -> bool:
        """Whether the file was changed by more than our own steps."""
        return not differences(self.base, self.theirs).places <= STEPS_OWN

    @property
    def both(self) -> frozenset[str]:
        """Where both changed the same, and differently: taking the change over gives up what the file has there."""
        return (
            differences(self.base, self.theirs).places
            & differences(self.base, self.mine).places
            & differences(self.theirs, self.mine).places
        )

    @property
    def story(self) -> Story:
        """The file as it stands, with everything in it that the change changes, except where it stands."""
        facts = {
            key: getattr(self.mine, key)
            for key in FIELDS
            if key != "status" and getattr(self.mine, key) != getattr(self.base, key)
        }
        extra = dict(self.theirs.extra)
        for key in {*self.base.extra, *self.mine.extra}:
            if self.base.extra.get(key) == self.mine.extra.get(key):
                continue
            if key in self.mine.extra:
                extra[key] = self.mine.extra[key]
            else:
                extra.pop(key, None)
        for key in facts.keys() - self.mine.extra.keys():
            extra.pop(key, None)  # what could not be read under a key gives way to what can
        return replace(self.theirs, **facts, extra=extra, sections=self._sections())

    def _sections(self) -> tuple[Section, ...]:
        if self.mine.sections == self.base.sections:
            return self.theirs.sections
        if self.theirs.sections == self.base.sections:
            return self.mine.sections
        before, now, wanted = (_by_key(story) for story in (self.base, self.theirs, self.mine))
        reordered = [key for key in wanted if key in before] != [key for key in before if key in wanted]
        first, second = (wanted, now) if reordered else (now, wanted)
        merged: list[Section] = []
        for key in _together(list(first), list(second)):
            chosen = now.get(key) if wanted.get(key) == before.get(key) else wanted.get(key)
            merged += [chosen] if chosen else []
        return tuple(merged)


def hold(story_id: str, base_text: str, file_text: str, new_text: str, vocabulary: Vocabulary) -> Merge:
    """Hold a change against the file as it stands; raises ShelfError where one of the texts cannot be read."""
    base, theirs, mine = (
        read_story(story_id, text, name, vocabulary)
        for text, name in ((base_text, "the text it began from"), (file_text, "the file"), (new_text, "the change"))
    )
    return Merge(base, theirs, mine)


def merged_text(held: Merge, base_text: str, file_text: str, new_text: str, vocabulary: Vocabulary) -> str:
    """The text to write: the change's own where the file is as it was, else the two as one. Raises ShelfError."""
    if file_text == base_text:
        same = held.mine.status is held.story.status
        return new_text if same else with_facts(new_text, {"status": held.story.status})
    return revised(file_text, held.theirs, held.story, vocabulary)


def read_story(story_id: str, text: str, name: str, vocabulary: Vocabulary) -> Story:
    """A story from its text; raises ShelfError that says which text cannot be read."""
    reading = read_text(text, story_id, vocabulary)
    if reading.story is None:
        raise ShelfError(f"{name[:1].upper()}{name[1:]} cannot be read. {reading.problems[0]}")
    return reading.story


def _together(first: list[_Key], second: list[_Key]) -> list[_Key]:
    """The keys of both in the order of the first; what only the second has stands behind what it follows there."""
    order = list(first)
    for place, key in enumerate(second):
        if key not in order:
            follows = next((order.index(other) + 1 for other in reversed(second[:place]) if other in order), 0)
            order.insert(follows, key)
    return order


def _by_key(story: Story) -> dict[_Key, Section]:
    """The sections by beat, or by heading, and by how often it came before."""
    keyed: dict[_Key, Section] = {}
    for section in story.sections:
        name, count = str(section.beat or f"## {section.heading}"), 0
        while (name, count) in keyed:
            count += 1
        keyed[name, count] = section
    return keyed
