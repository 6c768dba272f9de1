"""Whether a fact that a rep names is wished of the story or said of the prospect: "she only listens to banks".

Nobody can list the ways people say it. So it is learned: a multinomial logistic regression on the signs of cues.py,
fitted on lines of many writers (tests/wishes.jsonl; python -m benchmarks.asking fit). A few words alone are a command,
and have a grammar of their own (wishes.py).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from library.cues import Line, Named
from library.wishes import Wish, wish_for

WEIGHTS = Path(__file__).with_name("asking.json")
STRICT = 0.5
"""From this probability on something is wished or refused."""
COMMAND = 8
"""Up to so many words a line is a command: "only banks, not in the UK"."""

Span = tuple[int, int]
Weights = Mapping[str, Sequence[float]]
"""For each sign what it says for a wish and for a refusal, against a mere mention; "" is what holds anyway."""


def meant(text: str, named: Sequence[Named], weights: Weights | None = None) -> list[tuple[Wish, Span]]:
    """How each fact named is meant, and the stretch of text that says so; the facts in order, none overlapping."""
    line = Line(text, named)
    weights = _weights() if weights is None else weights
    commands = commanded(line)
    joined = _joined(line, commands)
    short = len(text.split()) <= COMMAND
    read: list[tuple[Wish, Span]] = []
    for which, (wish, span) in enumerate(commands):
        if short or _is_bare(line, which, joined):
            read.append(joined[which])
            continue
        learned = most_likely(signs(line, which, wish, read[-1][0] if read else None), weights)
        read.append((learned, span if learned is wish else line.clause(which)))
    return read


def commanded(line: Line) -> list[tuple[Wish, Span]]:
    """What the grammar of commands makes of each fact, and the stretch of text that says so."""
    found: list[tuple[Wish, Span]] = []
    before: tuple[int, Wish] | None = None
    for fact in line.named:
        # A size never goes on with the wish before it: "not in the UK, under 200 people".
        wish, span = wish_for(line.text, fact.start, fact.end, None if fact.kind == "size" else before)
        if wish is Wish.NOT and fact.kind != "place" and line.text[span[0] :].lower().startswith("outside "):
            wish, span = Wish.LEAN, (fact.start, fact.end)  # "outside accountants" refuses nobody
        if fact.kind != "size":
            before = fact.end, wish
        found.append((wish, span))
    return found


def _joined(line: Line, commands: Sequence[tuple[Wish, Span]]) -> list[tuple[Wish, Span]]:
    """With what stands right before a wish wished too: "a European manufacturer, nothing else"."""
    found = list(commands)
    for at in range(len(found) - 2, -1, -1):
        fact, following = line.named[at : at + 2]
        (wish, _), (theirs, span) = found[at : at + 2]
        beside = line.text[fact.end : following.start].isspace() and fact.kind != following.kind
        if beside and wish is Wish.LEAN and theirs is Wish.ONLY:
            found[at] = theirs, (min(fact.start, span[0]), span[1])
    return found


def _is_bare(line: Line, which: int, commands: Sequence[tuple[Wish, Span]]) -> bool:
    """Whether a clause is nothing but commands: "nurses leave, only banks in Europe"."""
    start, end = line.clause(which)
    wish, _ = commands[which]
    if wish is Wish.LEAN or (wish is Wish.NOT and line.named[which].kind == "role"):  # "no HR, no IT, one dispatcher"
        return False
    at = start
    for strict, (first, last) in commands:
        if strict is not Wish.LEAN and start <= last <= end:
            if not _NOTHING_MORE.fullmatch(line.text[at : max(at, first)]):
                return False
            at = max(at, last)
    return bool(_NOTHING_MORE.fullmatch(line.text[at:end]))


_NOTHING_MORE = re.compile(r"[\W_]*(?:(?:and|but|so|also|please|pls|thanks)[\W_]*)?", re.IGNORECASE)


def signs(line: Line, which: int, commanded: Wish, before: Wish | None) -> dict[str, float]:
    """All signs of how a fact is meant: those round it, and what the grammar of commands makes of it."""
    start, end = line.clause(which)
    length = min(len(line.text[start:end].split()), 8)
    return {
        **line.signs(which, before or ""),
        f"command={commanded}": 1.5,
        f"command={commanded}, {length}": 1.0,
        f"softly, {bool(_SOFT.search(line.text, start))}": 1.0,
    }


_SOFT = re.compile(
    r"\b(?:ideally|preferably|prefer(?:s|red)?|nice to have|would help|not a must|no condition|not needed|bonus|"
    r"(?:would|['’]d) be (?:nice|nicer|nicest|the nicest|best|great|good|lovely|ideal|perfect)|"
    r"if (?:possible|you can|we can|there is one))\b",
    re.IGNORECASE,
)
"""What makes a wish of a preference."""


def most_likely(found: Mapping[str, float], weights: Weights) -> Wish:
    """What the signs say: one of two strict wishes where these are likely enough, else a mere mention."""
    only, refused = weights[""]
    for sign, weight in found.items():
        if sign in weights:
            only += weight * weights[sign][0]
            refused += weight * weights[sign][1]
    if math.exp(min(only, 50)) + math.exp(min(refused, 50)) < STRICT / (1 - STRICT):
        return Wish.LEAN
    return Wish.ONLY if only >= refused else Wish.NOT


@cache
def _weights() -> Weights:
    """Those that ship."""
    kept: Weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return kept
