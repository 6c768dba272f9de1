"""Sizes of companies as people say them: "under 200 people", "mid-size", "a 40-person practice"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from library.wishes import CLAUSE_END


@dataclass(frozen=True, slots=True)
class SizeSaid:
    """A size named in a text: two numbers of people ("0-199", "1000-"), the words, and where they stand."""

    value: str
    said: str
    start: int
    end: int
    alone: bool = False
    """Whether it is a limit that stands alone in its clause: then it is wished, whatever stands round it."""


_NUMBER_WORDS = {
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "a hundred": 100, "hundred": 100, "one hundred": 100,
    "two hundred": 200, "three hundred": 300, "four hundred": 400, "five hundred": 500, "a thousand": 1000,
    "thousand": 1000, "one thousand": 1000, "two thousand": 2000, "three thousand": 3000, "four thousand": 4000,
    "five thousand": 5000, "ten thousand": 10_000, "a dozen": 12, "six hundred": 600, "seven hundred": 700,
    "eight hundred": 800, "nine hundred": 900, "a couple hundred": 200, "couple of hundred": 200,
    "a couple thousand": 2000, "a couple of thousand": 2000, "twenty thousand": 20_000,
}  # fmt: skip
_DIGIT_WORDS = "zero one two three four five six seven eight nine".split()
_NUMBER = (
    r"(?P<number>\d{1,3}(?:[,.' ]\d{3})+|\d+(?:\.\d+)?\s?k|\d+|"
    + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
    + r")"
)
_PEOPLE = (
    r"[\s-]*(?:\+\s*)?(?:people|persons?|employees|staff|heads?\b|headcount|ftes?\b|workers|colleagues|souls|"
    r"strong\b|person\b|employee\b|man\b|folks?\b|guys\b|hands\b|bodies\b|ppl\b|lads\b|blokes\b|dudes\b|"
    r"on\s+(?:the\s+)?(?:payroll|books)|in\s+all\b)"
)
_BELOW = (
    r"(?:under|below|less\s+than|fewer\s+than|smaller\s+than|at\s+most|no\s+more\s+than|up\s+to|max(?:imum)?|"
    r"not\s+over|<)"
)
_ABOVE = (
    r"(?:over|above|more\s+than|at\s+least|larger\s+than|bigger\s+than|minimum|min|not\s+under|no\s+fewer\s+than|"
    r"north\s+of|upwards?\s+of|>)"
)
_LIMIT = re.compile(rf"\b(?P<which>(?P<below>{_BELOW})|(?P<above>{_ABOVE}))\s*{_NUMBER}(?P<people>{_PEOPLE})?", re.I)
_BELOW_AFTER = (
    r"\s*(?:or\s+(?:fewer|less|under|below|smaller)|tops|max(?:imum)?|"
    r"at\s+(?:the\s+)?most|and\s+(?:under|below|down))\b"
)
_ABOVE_AFTER = (
    r"\s*(?:or\s+(?:more|over|above|bigger|larger)|and\s+(?:up|over|above|more)|plus\b|upwards?|"
    r"at\s+(?:the\s+)?least|min(?:imum)?)\b"
)
_LIMIT_AFTER = re.compile(
    rf"\b{_NUMBER}(?P<people>{_PEOPLE})?(?:(?P<below>{_BELOW_AFTER})|(?P<above>{_ABOVE_AFTER}))(?P<who>{_PEOPLE})?",
    re.I,
)
_COUNT = re.compile(rf"\b{_NUMBER}{_PEOPLE}", re.I)
_WHO_LEFT = re.compile(
    r"\s+(?:have\s+|has\s+|just\s+|all\s+)*(?:quit|left|leave|leaving|resign|retire|retiring|gone|walked)", re.I
)
"""After a number of people: they are those who went, not those who are there."""
_WORD_NUMBER = r"\d[\d,.]*k?|" + "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_BETWEEN = re.compile(
    rf"\b(?:between\s+)?(?P<low>{_WORD_NUMBER}|two|three|four|five|six|seven|eight|nine)\s*(?:-|–|to|and)\s*"
    rf"(?P<high>{_WORD_NUMBER}){_PEOPLE}",
    re.I,
)
_BANDS_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:tiny|very small|micro)\s+(?:compan|business|firm|team|customer)\w*", re.I), "0-49"),
    (re.compile(r"\bsmall(?:er)?\s+(?:compan|business|firm|customer|one|player|shop|outfit)\w*", re.I), "0-199"),
    (re.compile(r"\bsmbs?\b|\bsmes?\b", re.I), "0-199"),
    (re.compile(r"\bmid-?\s?(?:size|sized|market)\b|\bmedium-?\s?sized?\b|\bmittelstand\b", re.I), "50-999"),
    (re.compile(r"\b(?:larger?|big|bigger|huge)\s+(?:compan|business|firm|customer|group|one)\w*", re.I), "1000-"),
    (re.compile(r"\benterprises?\b|\bcorporat(?:es?|ions?)\b|\bmultinationals?\b", re.I), "1000-"),
    (re.compile(r"\bfortune (?:500|1000)\b|\bgiants\b", re.I), "5000-"),
    (re.compile(r"\b(?:tiny|wee|mom-and-pop|small fry)(?: ones| outfits| shops)?\b", re.I), "0-49"),
)  # fmt: skip
_LIMIT_ONLY = re.compile(
    r"(?:\s|[^\w\s]|please|and|or|but|it|a|an|the|story|stories|show|me|customers?|compan(?:y|ies)|firms?|ones?|with|for|"
    r"of|to|in|from|only|must|be|has|have|just|what|about|how|forget|nothing|people|than|there|need|want|prefer|"
    r"something|business(?:es)?|organi[sz]ations?|size|strictly|max|hard|limit)*",
    re.IGNORECASE,
)


def sizes_in(text: str) -> list[SizeSaid]:
    """The sizes a text names, limits first; two at most."""
    found: list[SizeSaid] = []
    taken: list[tuple[int, int]] = []

    def free(span: tuple[int, int]) -> bool:
        return all(span[1] <= a or span[0] >= b for a, b in taken)

    for match in _BETWEEN.finditer(text):
        low, high = _number(match["low"]), _number(match["high"])
        if low < 10 and high >= 100:  # "three to seven hundred"
            low *= 1000 if high % 1000 == 0 else 100
        found.append(_size(text, match, f"{low}-{high}"))
        taken.append(match.span())
    for match in [*_LIMIT.finditer(text), *_LIMIT_AFTER.finditer(text)]:
        number = _number(match["number"])
        people = match["people"] or (match.re is _LIMIT_AFTER and match["who"])
        if free(match.span()) and (people or (number >= 10 and _is_the_clause(text, match.span()))):
            # "Under 200" leaves 200 out; "at most 200" and "200 or fewer" do not.
            inclusive = match.re is _LIMIT_AFTER or re.match(r"at|no|up|max|min|not", match["which"], re.I)
            if match["below"]:
                value = f"0-{number if inclusive else number - 1}"
            else:
                value = f"{number if inclusive else number + 1}-"
            found.append(_size(text, match, value, limit=True))
            taken.append(match.span())
    for match in _COUNT.finditer(text):
        if _WHO_LEFT.match(text, match.end()):
            continue
        if free(match.span()) and (number := _number(match["number"])) >= 10:
            found.append(_size(text, match, f"{number}-{number}"))
            taken.append(match.span())
    for pattern, value in _BANDS_SAID:
        for match in pattern.finditer(text):
            if free(match.span()):
                found.append(_size(text, match, value))
                taken.append(match.span())
    return found[:2]


def _size(text: str, match: re.Match[str], value: str, limit: bool = False) -> SizeSaid:
    return SizeSaid(value, match.group().strip(), *match.span(), alone=limit and _is_the_clause(text, match.span()))


def _is_the_clause(text: str, span: tuple[int, int]) -> bool:
    """Whether a limit stands alone between two commas: it is then a wish, not a description."""
    start = max((m.end() for m in CLAUSE_END.finditer(text, 0, span[0])), default=0)
    following = CLAUSE_END.search(text, span[1])
    rest = text[start : span[0]] + " " + text[span[1] : following.start() if following else len(text)]
    return bool(_LIMIT_ONLY.fullmatch(rest))


def _number(said: str) -> int:
    said = " ".join(said.lower().split())
    if said in _NUMBER_WORDS:
        return _NUMBER_WORDS[said]
    if said.endswith("k"):
        return round(float(said[:-1].strip().replace(",", ".")) * 1000)
    if said in _DIGIT_WORDS:
        return _DIGIT_WORDS.index(said)
    return int(re.sub(r"\D", "", said) or 0)


def people_in(text: str) -> int | None:
    """The first head count a text names, or None."""
    for match in _COUNT.finditer(text):
        if (number := _number(match["number"])) >= 5:
            return number
    return None


def size_range(value: str) -> tuple[int, int]:
    """The fewest and the most people of a size: "200-999", "5000+", "0-199", "1000-"."""
    low, _, high = value.replace("+", "-").partition("-")
    return int(low or 0), int(high) if high else 10**9


def size_label(value: str) -> str:
    """A size in words."""
    low, high = size_range(value)
    if low <= 1:
        return f"up to {high:,} people"
    if high >= 10**9:
        return f"{low:,} people or more"
    return f"about {low:,} people" if low == high else f"{low:,} to {high:,} people"
