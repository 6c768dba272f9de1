"""Numbers as people say them: 3,400, nineteen, a third, 61 million, the 14th, twenty to eleven."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile

_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (place + 2) for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {"thirtieth": 30}
_SCALES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "k": 1_000,
    "m": 1_000_000,
}
_FRACTIONS = {
    **{"half": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "quarters": 0.25, "fifth": 0.2, "fifths": 0.2},
    **{"tenth": 0.1, "halved": 0.5},
}
_PARTS_OF_AN_HOUR = {"quarter": 15, "half": 30}
_TIMES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "tripled": 3.0, "dozen": 12.0, "couple": 2.0}
MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = [*MONTHS, *"jan feb mar apr jun jul aug sep sept oct nov dec".split()]
_TOKEN = re.compile(
    r"(?<!\w)['’]\d{2}(?!\w)|\d{1,2}[:.]\d{2}(?!\d)|\d+(?:[.,]\d+)*(?:st|nd|rd|th|k|m|%)?|[^\W\d_]+(?:['’][^\W\d_]+)?|[%€$£]"
)


class Kind(StrEnum):
    """What a number counts."""

    COUNT = "count"
    PERCENT = "percent"
    SHARE = "share"
    YEAR = "year"
    DAY = "day"
    TIME = "time"
    MONTH = "month"
    WEEKDAY = "weekday"


CALENDAR = frozenset({Kind.MONTH, Kind.WEEKDAY})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number said in a text."""

    value: float
    """As counted; a percentage and a share from 0 to 1, a time in minutes after midnight, January and Monday 1."""
    kind: Kind
    said: str
    at: int = 0
    """Which word of the text it is, from 0."""
    span: tuple[int, int] = field(default=(0, 0), compare=False)
    """Where in the text it stands."""


def quantities(text: str) -> list[Quantity]:
    """The numbers said in a text, in order; "one" and "first" alone are no numbers."""
    matches = list(_TOKEN.finditer(text.replace("-", " ")))
    tokens = [match.group() for match in matches]
    words = [token.lower().replace("’", "'") for token in tokens]
    place_of = _places(text)
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        made = _time(words, at) or _number(words, at)
        if made is None:
            at += 1
            continue
        value, kind, end = made
        if not _alone(words, at, end):
            span = matches[at].start(), matches[end - 1].end()
            found.append(Quantity(value, kind, " ".join(tokens[at:end]), place_of(span[0]), span))
        at = end
    return found


def calendar_words(text: str) -> list[Quantity]:
    """The months and weekdays said in a text, in order; "may" only where it stands as a month does."""
    place_of = _places(text)
    found: list[Quantity] = []
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group().lower()
        names, kind = (MONTHS, Kind.MONTH) if word in MONTHS else (WEEKDAYS, Kind.WEEKDAY)
        word = word.removesuffix("s") if kind is Kind.WEEKDAY else word
        if word not in names or (
            word == "may" and not _IS_MAY.search(text[max(0, match.start() - 12) : match.end() + 2])
        ):
            continue
        said, place = match.group().capitalize(), place_of(match.start())
        found.append(Quantity(names.index(word) + 1.0, kind, said, place, match.span()))
    return found


def _places(text: str) -> Callable[[int], int]:
    """Which word of the text stands at a letter; "twenty-six" is one word."""
    starts = [word.start() for word in re.finditer(r"\S+", text)]
    return lambda letter: bisect_right(starts, letter) - 1


_IS_MAY = re.compile(
    r"(?:\b(?:in|of|by|since|until|last|early|late|mid|before|after|from)|\d(?:st|nd|rd|th)?) may\b|\bmay \d", re.I
)


def _alone(words: list[str], at: int, end: int) -> bool:
    """Whether "one", "first" or "second" counts nothing here, or "a few dozen"; the first of June is a day."""
    if words[at] == "dozen" and words[max(0, at - 1)] in {"few", "several", "some", "couple"}:
        return True
    day = words[end : end + 1] == ["of"] and _month_after(words, end)
    return end == at + 1 and not day and words[at] in {"one", "first", "second", "zero", "k", "m", "may"}


def _month_after(words: list[str], end: int) -> bool:
    """Whether a month stands next, as in 14 November or the 14th of November."""
    at = end + 1 if words[end : end + 1] == ["of"] else end
    return at < len(words) and words[at] in _MONTHS


def _time(words: list[str], at: int) -> tuple[float, Kind, int] | None:
    word = words[at]
    if re.fullmatch(r"\d{1,2}[:.]\d{2}", word):
        hours, minutes = re.split("[:.]", word)
        after = words[at + 1] if at + 1 < len(words) else ""
        clock = ":" in word or after in {"am", "pm"}
        if clock and int(hours) < 24 and int(minutes) < 60:
            return 60.0 * int(hours) + int(minutes), Kind.TIME, at + 1
        return None
    small = (_PARTS_OF_AN_HOUR[word], at + 1) if word in _PARTS_OF_AN_HOUR else _small(words, at)
    if small is None:
        return None
    value, end = small
    if word == "half" and (hour := _small(words, end)) and 0 < hour[0] <= 12 and _day_part(words, hour[1]):
        return 60.0 * hour[0] + 30, Kind.TIME, hour[1]  # half ten at night, as the British say it
    hour = _small(words, end + 1) if end + 1 < len(words) and words[end] in {"to", "past"} else None
    counted = words[max(0, at - 1) : at] == ["from"] or (hour and set(words[hour[1] : hour[1] + 1]) & set(_SCALES))
    minutes_said = value in {5, 10, 15, 20, 25} or (word == "half" and words[end : end + 1] == ["past"])
    if hour and 0 < hour[0] <= 12 and minutes_said and not counted:
        return 60.0 * hour[0] + (value if words[end] == "past" else -value), Kind.TIME, hour[1]
    if value <= 12 and _day_part(words, end):
        return 60.0 * value, Kind.TIME, end
    return None


def _day_part(words: list[str], at: int) -> bool:
    """Whether a time of day is said to be one: o'clock, am, at night."""
    return bool(
        re.match(r"o'clock|am\b|pm\b|at night|in the (?:morning|evening|afternoon)", " ".join(words[at : at + 3]))
    )


def _small(words: list[str], at: int) -> tuple[int, int] | None:
    """A whole number below a hundred, in figures or words."""
    word = words[at] if at < len(words) else ""
    if re.fullmatch(r"\d{1,2}", word):
        return int(word), at + 1
    if word in _TENS:
        if at + 1 < len(words) and 0 < _UNITS.get(words[at + 1], 0) < 10:
            return _TENS[word] + _UNITS[words[at + 1]], at + 2
        return _TENS[word], at + 1
    return (_UNITS[word], at + 1) if word in _UNITS else None


def _number(words: list[str], at: int) -> tuple[float, Kind, int] | None:
    word = words[at]
    if word in _FRACTIONS and word != "second":
        return _share(words, at)
    if word in _ORDINALS or re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
        return float(_ORDINALS.get(word) or re.sub(r"\D", "", word)), Kind.DAY, at + 1
    ordinal = _TENS.get(word, 0) + _ORDINALS.get(words[at + 1], 31) if at + 1 < len(words) else 0
    if word in _TENS and ordinal <= 31 and ordinal % 10:  # twenty-first, thirty-first
        return float(ordinal), Kind.DAY, at + 2
    if word in _TIMES:
        return _TIMES[word], Kind.COUNT, at + 1
    start = _figure(words, at)
    if start is None:
        return None
    value, end, bare = start
    if end < len(words) and words[end] in _FRACTIONS and value < 20:  # two thirds, three quarters
        return value * _FRACTIONS[words[end]], Kind.SHARE, end + 1
    if words[end : end + 3] == ["and", "a", "half"]:
        value, end, bare = value + 0.5, end + 3, False
    while end < len(words) and words[end] in _SCALES:
        scale = _SCALES[words[end]]
        value, end, bare = value * scale, end + 1, False
        if not word[0].isdigit() and (rest := _rest(words, end, scale)):
            value, end = value + rest[0], rest[1]
    following = words[end] if end < len(words) else ""
    if word.endswith("%") or following in {"%", "percent"} or words[end : end + 2] == ["per", "cent"]:
        return value / 100, Kind.PERCENT, end + (2 if following == "per" else 1 if following in {"%", "percent"} else 0)
    if bare and 1900 <= value <= 2100 and "," not in word:
        return value, Kind.YEAR, end
    before = words[at - 1] if at else ""
    if bare and value <= 31 and (before in _MONTHS or _month_after(words, end)):
        return value, Kind.DAY, end
    return value, Kind.COUNT, end


def _rest(words: list[str], at: int, below: int) -> tuple[float, int] | None:
    """What follows a scale in words: forty in two hundred and forty, four hundred in three thousand four hundred."""
    at += words[at : at + 1] == ["and"]
    small = _small(words, at)
    if small is None or small[0] >= below or words[at][0].isdigit():
        return None
    value, end = float(small[0]), small[1]
    while end < len(words) and (scale := _SCALES.get(words[end], below)) < below:
        value, end = value * scale, end + 1
        if more := _rest(words, end, scale):
            value, end = value + more[0], more[1]
    following = _SCALES.get(words[end], 0) if end < len(words) else 0
    begins_another = following > 0 and not following > below == 100  # a hundred and ten thousand goes on
    return None if begins_another else (value, end)


def _share(words: list[str], at: int) -> tuple[float, Kind, int]:
    """A half, every third: a share; the third of May is a day, half a million a count."""
    if words[at] == "half" and words[at + 1 : at + 2] == ["a"] and words[at + 2 : at + 3] != ["m"]:
        scale = _SCALES.get(words[at + 2], 0) if at + 2 < len(words) else 0
        if scale:
            return 0.5 * scale, Kind.COUNT, at + 3
    if words[at] in _ORDINALS and _month_after(words, at + 1):
        return float(_ORDINALS[words[at]]), Kind.DAY, at + 1
    return _FRACTIONS[words[at]], Kind.SHARE, at + 1


def _figure(words: list[str], at: int) -> tuple[float, int, bool] | None:
    """A number in figures or words, where it ends, and whether it is bare figures."""
    word = words[at]
    if word[0] == "'" and word[1:].isdigit():  # early '25
        return (2000.0 if word < "'50" else 1900.0) + int(word[1:]), at + 1, True
    if match := re.fullmatch(r"(\d+(?:[.,]\d+)*)([km%]?)", word):
        figures = match[1]
        if not re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figures) and figures.count(".") + figures.count(",") > 1:
            return None  # 3.14.15 is no number
        in_thousands = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", figures)
        value = float(re.sub("[.,]", "", figures) if in_thousands else figures.replace(",", "."))
        return value * _SCALES.get(match[2], 1), at + 1, match[2] in {"", "%"}
    small = _small(words, at)
    if small and small[0] in {19, 20} and (rest := _small(words, small[1])) and rest[0] > 9:  # twenty twenty-five
        return float(100 * small[0] + rest[0]), rest[1], True
    if small and words[small[1] : small[1] + 1] == ["point"]:  # two point three
        tenths = [str(_UNITS[w]) for w in takewhile(lambda w: _UNITS.get(w, 10) < 10, words[small[1] + 1 :])]
        if tenths:
            return float(f"{small[0]}.{''.join(tenths)}"), small[1] + 1 + len(tenths), False
    if word == "a" and at + 1 < len(words) and words[at + 1] in {"hundred", "thousand", "million", "billion"}:
        return 1.0, at + 1, False
    if word in {"hundred", "thousand"} and _rest(words, at + 1, _SCALES[word]):  # hundred and forty, as one says it
        return 1.0, at, False
    return (float(small[0]), small[1], False) if small else None
