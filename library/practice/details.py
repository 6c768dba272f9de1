"""Numbers and names of a telling: which are the story's, and which came out changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from library.keywords import terms
from library.practice.quantities import Kind, Quantity, quantities, same
from library.story import Beat, Story

_CALENDAR = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
).split()
_DAYS = frozenset(_CALENDAR[12:])
_ALIKE = ({Kind.COUNT, Kind.PERCENT}, {Kind.PERCENT, Kind.SHARE}, {Kind.YEAR}, {Kind.DAY}, {Kind.TIME})
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
    theirs = [(beat, quantity) for beat, words in story.beats.items() for quantity in quantities(words)]
    said = quantities(text)
    right = [told for told in said if any(same(told, quantity) for _, quantity in theirs)]
    open_ = [(beat, q) for beat, q in theirs if not any(same(told, q) for told in said)]
    changed: list[Change] = []
    for told in (told for told in said if told not in right):
        best = max(
            ((_stands_for(told, beat, q, beat_at or {}), -n) for n, (beat, q) in enumerate(open_)), default=(0.0, 0)
        )
        if best[0] >= 1:
            beat, quantity = open_.pop(-best[1])
            changed.append(Change(told.said, quantity.said, beat))
    changed += _calendar(text, story)
    changed += _names(text, story, {word for name in ours for word in name.split()})
    return Details(tuple(dict.fromkeys(told.said for told in right)), tuple(changed))


def _stands_for(told: Quantity, beat: Beat, theirs: Quantity, beat_at: Mapping[int, Beat]) -> float:
    """How plainly a number stands where the story has another; from 1 on it does."""
    if not any({told.kind, theirs.kind} <= kinds for kinds in _ALIKE):
        return 0.0
    if told.kind is Kind.COUNT and not 0.1 <= (told.value or 1) / (theirs.value or 1) <= 10:
        return 0.0
    beside = len(_stems(told.around) & _stems(theirs.around))
    here = beat_at.get(told.at)
    placed = 0.6 if here is beat else -0.5 if here else 0.0
    plain = 0.5 if told.kind in {Kind.DAY, Kind.YEAR, Kind.TIME, Kind.PERCENT} else 0.0
    turned = 0.6 if _digits(told) == _digits(theirs) else 0.0  # 340 for 430: heard right, said wrong
    return 0.5 * min(beside, 3) + placed + plain + turned


def _digits(quantity: Quantity) -> list[str]:
    return sorted(f"{quantity.value:g}".replace(".", ""))


def _stems(words: Iterable[str]) -> set[str]:
    return set(terms(" ".join(words)))


def _calendar(text: str, story: Story) -> list[Change]:
    """A month or weekday the story does not know, where it has another: beside the same day, or the only one unsaid."""
    said = [word for word in re.findall(r"[a-z]+", text.lower()) if word in _CALENDAR and word != "may"]
    said += ["may"] if re.search(r"\b(?:in|of|by|since|\d+) May\b|\bMay \d", text) else []
    known = {
        w: beat
        for beat, words in story.beats.items()
        for w in re.findall(r"[A-Z][a-z]+", words)
        if w.lower() in _CALENDAR
    }
    found: list[Change] = []
    for word in dict.fromkeys(said):
        if word in {w.lower() for w in known}:
            continue
        alike = [w for w in known if _same_kind(w.lower(), word)]
        left = [w for w in alike if w.lower() not in said]
        day = _days(text, word)
        beside = [w for w in alike if day & _days(story.telling, w.lower()) - _days(text, w.lower())]
        if len(beside) == 1 or len(left) == 1:
            was = (beside or left)[0]
            beats = [beat for beat, words in story.beats.items() if day & _days(words, was.lower())]
            found.append(Change(word.capitalize(), was, (beats or [known[was]])[0]))
    return found


def _days(text: str, month: str) -> set[str]:
    """The days of a month that are named: "15 May", "May 15th"."""
    pattern = rf"(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {month}\b|\b{month} (?:the )?(\d{{1,2}})\b"
    return {match[1] or match[2] for match in re.finditer(pattern, text, re.IGNORECASE)}


def _same_kind(a: str, b: str) -> bool:
    return (a in _DAYS) == (b in _DAYS)


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
