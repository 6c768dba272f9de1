"""Numbers and names of a telling: which are the story's, and which came out changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from library.keywords import terms
from library.practice.quantities import MONTHS, WEEKDAYS
from library.practice.swaps import details_in, details_of, swaps
from library.story import Beat, Story

_CALENDAR = frozenset([*MONTHS, *WEEKDAYS])
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+)*")
_PEOPLE = re.compile(r"\w+(?:ian|ish|ese)|Dutch|French|German|Swiss|Greek|Czech")
_NO_NAMES = frozenset("I I'm I'd I've Mr Mrs Ms Dr OK God ERP CEO CFO COO HR IT".split())


@dataclass(frozen=True, slots=True)
class Change:
    """A number, date or name that came out changed."""

    said: str
    was: str
    beat: Beat

    @property
    def sentence(self) -> str:
        """What to mend, in words."""
        return f"You said {self.said}; in the story it is {self.was}."


@dataclass(frozen=True, slots=True)
class Details:
    """What of the story's numbers and names a telling holds."""

    right: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()


def details(text: str, story: Story, beat_at: Mapping[int, Beat] | None = None, ours: Collection[str] = ()) -> Details:
    """Hold a telling's numbers, calendar words and names against the story's.

    `beat_at` says which beat is told around each word of the text, where that is known; `ours` are our own names. Only
    what plainly stands in the place of something in the story is called changed; a number the story does not have may
    be the teller's own.
    """
    told = details_in(text, beat_at)
    theirs = details_of(story)
    right = [d.quantity for d in told if not d.in_calendar and any(d.holds(their) for their in theirs)]
    changed = [
        Change(swap.told.quantity.said, swap.theirs.quantity.said, swap.theirs.beat)
        for swap in swaps(told, theirs)
        if swap.theirs.beat is not None
    ]
    changed += _names(text, story, {word for name in ours for word in name.split()})
    return Details(tuple(dict.fromkeys(said.said for said in right)), tuple(changed))


def _names(text: str, story: Story, ours: Collection[str]) -> list[Change]:
    """A name the story does not know, beside the words where it has another."""
    whole = story.telling.lower()
    strange = [m for m in _NAME.finditer(text) if m.group() not in _NO_NAMES and m.group().lower() not in _CALENDAR]
    strange = [m for m in strange if not {*m.group().split()} & {*ours}]
    known = {
        word.lower()
        for word in re.findall(r"\w+", f"{story.customer} {story.alias} {story.heard_from} {story.country}")
    }
    strange = [
        m for m in strange if not any(p.lower()[:4] in whole or p.lower() in known for p in re.split("[ -]", m.group()))
    ]
    theirs = [(beat, m, words) for beat, words in story.beats.items() for m in _NAME.finditer(words)]
    theirs = [t for t in theirs if t[1].group().lower() not in _CALENDAR and t[1].group().lower() not in text.lower()]
    found: list[Change] = []
    for match in strange:
        if match.group() in {change.said for change in found}:
            continue
        here = _beside(text, match)
        alike = [t for t in theirs if bool(_PEOPLE.fullmatch(t[1].group())) == bool(_PEOPLE.fullmatch(match.group()))]
        best = max(alike, key=lambda t: _like(match, t[1]) + len(here & _beside(t[2], t[1])), default=None)
        if best and _like(match, best[1]) + len(here & _beside(best[2], best[1])) >= 3:
            found.append(Change(match.group(), best[1].group(), best[0]))
            theirs.remove(best)
    return found


def _like(said: re.Match[str], name: re.Match[str]) -> int:
    """Two where a name begins alike and is about as long: Klaas for Kees."""
    alike = said.group()[0] == name.group()[0] and abs(len(said.group()) - len(name.group())) <= 2
    return 2 if alike else 0


def _beside(text: str, match: re.Match[str]) -> set[str]:
    before, after = text[: match.start()].split()[-6:], text[match.end() :].split()[:6]
    return set(terms(" ".join([*before, *after])))
