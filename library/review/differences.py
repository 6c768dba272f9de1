"""What differs between two forms of a story: fact by fact, and word by word in each beat. Plain data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from types import MappingProxyType

from library.reading import FIELDS
from library.story import Beat, Story

RIGHTS = "show_as may_quote may_call customer alias heard_from told_by owner expires_on".split()
"""The facts that say who meets which name, and who answers for it: read first."""
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "show_as": "Who meets the name",
        "may_quote": "May we quote",
        "may_call": "May they be called",
        "expires_on": "May be told until",
        "heard_how": "How",
        "first_win_on": "First win",
        "announced_to": "Announced to",
        "critical_date": "Needed by",
        "surprise": "What surprised us",
        "verify_every_days": "Checked every so many days",
        "demo_url": "Demo",
        "media_url": "Recording",
    }
)
_MOST = 1_000_000
"""Words of one text times words of the other, up to which they are compared word by word: a blink's work."""
_WORD = re.compile(r"\S+\s*|\s+")


class Fate(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that follow one another and share their fate."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that differs."""

    key: str
    before: str
    after: str

    @property
    def label(self) -> str:
        """What the fact is called where people read it."""
        return _LABELS.get(self.key, self.key.replace("_", " ").capitalize())

    @property
    def about_rights(self) -> bool:
        """Whether it changes who meets a name, or who answers for the story."""
        return self.key in RIGHTS


@dataclass(frozen=True, slots=True)
class TextChange:
    """The title, a part of the telling, or the notes, where they differ."""

    heading: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs between two forms of a story."""

    facts: tuple[FactChange, ...]
    texts: tuple[TextChange, ...]

    def __bool__(self) -> bool:
        return bool(self.facts or self.texts)

    @property
    def places(self) -> frozenset[str]:
        """The facts by their keys and the parts by their headings."""
        return frozenset({fact.key for fact in self.facts} | {text.heading for text in self.texts})


def differences(before: Story, after: Story) -> Differences:
    """What is different in the second; facts about rights come first."""
    first, second = facts_of(before), facts_of(after)
    keys = dict.fromkeys([*RIGHTS, *FIELDS, *before.extra, *after.extra])
    facts = [
        FactChange(key, first.get(key, ""), second.get(key, ""))
        for key in keys
        if first.get(key, "") != second.get(key, "")
    ]
    said, now = texts_of(before), texts_of(after)
    texts = [
        TextChange(heading, words(said.get(heading, ""), now.get(heading, "")))
        for heading in dict.fromkeys([*said, *now])
        if said.get(heading, "") != now.get(heading, "")
    ]
    return Differences(tuple(facts), tuple(texts))


def facts_of(story: Story) -> dict[str, str]:
    """A story's facts as they are read, by their keys; its title is a text."""
    known = {key: _said(getattr(story, key)) for key in FIELDS if key != "title"}
    return {**known, **{key: _said(value) for key, value in story.extra.items()}}


def texts_of(story: Story) -> dict[str, str]:
    """A story's texts by their headings: its title, the seven beats, and what stands beside them."""
    return {"Title": story.title, **{beat.heading: story.beat(beat) for beat in Beat}, "Notes": story.notes}


def words(before: str, after: str) -> tuple[Run, ...]:
    """Two texts word by word: what stayed and what is gone make the first, what stayed and what is new the second.

    A line broken elsewhere is no change: what stayed has the spaces of the second.
    """
    first, second = _WORD.findall(before), _WORD.findall(after)
    too_long = len(first) * len(second) > _MOST
    runs = [(Fate.GONE, before), (Fate.NEW, after)] if too_long else list(_runs(first, second))
    return tuple(Run(fate, text) for fate, text in runs if text.strip() or (text and fate is not Fate.GONE))


def _runs(first: list[str], second: list[str]) -> Iterator[tuple[Fate, str]]:
    gone, new = "", ""
    bare = [word.strip() for word in first], [word.strip() for word in second]
    found = SequenceMatcher(None, *bare, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(found):
        # One word that happens to stay between two changes makes confetti: it is read as changed with them.
        lonely = tag == "equal" and b - a == 1 and 0 < place < len(found) - 1
        if tag == "equal" and not lonely:
            yield Fate.GONE, gone
            yield Fate.NEW, new
            new = ""
            stayed = "".join(second[c:d])
            yield Fate.SAME, stayed
            # The last word of the second has no space after it; where words of the first follow, theirs is gone too.
            gone = "" if stayed[-1:].isspace() else first[b - 1][len(bare[0][b - 1]) :]
        else:
            gone, new = gone + "".join(first[a:b]), new + "".join(second[c:d])
    yield Fate.GONE, gone
    yield Fate.NEW, new


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)
