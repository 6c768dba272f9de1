"""What stands round a fact that a rep names, as signs of how it is meant: wished of the story, refused, or neither."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from pathlib import Path

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+|[.;:!?,()/]|[–—-]+")
_UNIT = re.compile(r"[.;:!?()](?=\s|$)|\s[–—-]+\s|[—()]")
"""What ends a sentence, or a thought as people type one."""
_ENDS_A_CLAUSE = frozenset(", but because cuz since so that although though if unless when and".split())
_NEAR, _FAR, _OUTSIDE, _TURNS = 4, 14, 12, 9
"""So many words count as beside a fact, in its sentence, in the sentences round it, and for what turns it round."""

_TURN = frozenset({"no", "except", "refuse", "only", "soft"})
_KINDS: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8")).items()
}
CUES: Mapping[str, tuple[str, ...]] = {
    word: tuple(kind for kind, words in _KINDS.items() if word in words) for word in frozenset().union(*_KINDS.values())
}
"""The kinds of cue that a word is."""


@dataclass(frozen=True, slots=True)
class Named:
    """A fact named in a line: its kind (industry, role, place or size), and where it stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A line as it is read: each fact named is one word of it."""

    text: str
    named: Sequence[Named]
    """In order of place, none overlapping another."""

    def signs(self, which: int, before: str) -> dict[str, float]:
        """The signs round one fact, each with its weight; `before` is how the fact named before it was meant."""
        at = self._at[which]
        first, last = self._around(at, self._units)
        left, right = self.words[first:at], self.words[at + 1 : last]
        start, end = self._around(at, self._clauses, first, last)
        earlier, later = self.words[:first][-_FAR:], self.words[last:][:_OUTSIDE]
        clause = self.words[start:at]
        found: dict[str, float] = {f"kind={self.named[which].kind}": 1.0}
        for name, words, weight in (
            ("l", left[-_NEAR:], 1.0),
            ("r", right[:_NEAR], 1.0),
            ("L", left[-_FAR:], 0.7),
            ("R", right[:_FAR], 0.7),
            ("P", earlier, 0.4),
            ("N", later, 0.4),
        ):
            found |= dict.fromkeys(_words_and_pairs(name, words), weight)
        found |= dict.fromkeys(_edges(left, right), 1.0)
        for name, words in (
            ("l", left[::-1]),
            ("r", right),
            ("cl", clause[::-1]),
            ("cr", self.words[at + 1 : end]),
            ("P", earlier[::-1]),
            ("N", later),
        ):
            found |= _cues(name, words)
        kinds = [cue for word in clause for cue in CUES.get(word, ())]
        found |= {f"seq={'_'.join(kinds[-length:])}": 0.6 for length in (2, 3) if kinds}
        found |= _turns("tl", left[-_TURNS:]) | _turns("tr", right[:_TURNS]) | _turns("tc", clause)
        found |= self._after_another(which, before)
        found |= self._among_others(which, first, last)
        found["short"] = min(1.0, 5 / (1 + len(left) + len(right)))
        found["short clause"] = min(1.0, 4 / (end - start))
        return found

    def clause(self, which: int) -> tuple[int, int]:
        """From where to where in the text the clause goes that holds a fact."""
        at = self._at[which]
        start, end = self._around(at, self._clauses, *self._around(at, self._units))
        return self._tokens[start][1], self._tokens[end - 1][2]

    def _after_another(self, which: int, before: str) -> dict[str, float]:
        """How the fact before is meant, and what stands between the two."""
        if not which:
            return {}
        between = self.words[self._at[which - 1] + 1 : self._at[which]]
        if len(between) > 6:
            return {f"far after {before}": 1.0}
        same = self.named[which - 1].kind == self.named[which].kind
        words = "_".join(between[:4])
        joined = between[-1] if between else ""
        return {
            f"after {before}": 1.0,
            f"after {before}, {words}": 1.0,
            f"after {before}, {same}, {min(len(between), 4)}": 1.0,
            f"after {before}, then {joined}": 1.0,
        }

    def _among_others(self, which: int, first: int, last: int) -> dict[str, float]:
        """Where it stands among the other facts named."""
        this = self.named[which]
        said = self._said(this)
        alike = [n for n, other in enumerate(self.named) if n != which and other.kind == this.kind]
        return {
            "alike before": float(any(n < which for n in alike)),
            "alike after": float(any(n > which for n in alike)),
            "said again": float(any(self._said(self.named[n]) == said for n in alike)),
            "first": float(which == 0),
            "last": float(which == len(self.named) - 1),
            "plural": float(self.text[this.end - 1 : this.end].lower() == "s"),
            "in the first sentence": float(first == 0),
            "in the last sentence": float(last == len(self.words)),
            "how many in the sentence": sum(first <= at < last for at in self._at) / 4,
            "how far": this.start / max(1, len(self.text)),
        }

    def _said(self, named: Named) -> str:
        return self.text[named.start : named.end].lower().rstrip("s")

    @cached_property
    def words(self) -> list[str]:
        """The words and marks in order, a fact as its kind, digits as 0."""
        return [word for word, _, _ in self._tokens]

    @cached_property
    def _tokens(self) -> list[tuple[str, int, int]]:
        lowered = self.text.lower() if len(self.text.lower()) == len(self.text) else self.text
        found: list[tuple[str, int, int]] = []
        done = 0
        for named in (*self.named, Named("", len(self.text), len(self.text))):
            for match in _WORD.finditer(lowered, done, named.start):
                word = match.group().replace("’", "'")
                found.append(("0" if word[0].isdigit() else word, *match.span()))
            if named.kind:
                found.append((f"<{named.kind}>", named.start, named.end))
            done = named.end
        return found

    @cached_property
    def _at(self) -> list[int]:
        return [n for n, (word, _, _) in enumerate(self._tokens) if word[0] == "<"]

    @cached_property
    def _units(self) -> list[int]:
        """Before which words a sentence ends."""
        ends = sorted({match.end() for match in _UNIT.finditer(self.text)})
        starts = [start for _, start, _ in self._tokens]
        return sorted({bisect_right(starts, end - 1) for end in ends})

    @cached_property
    def _clauses(self) -> list[int]:
        return [edge for n, word in enumerate(self.words) if word in _ENDS_A_CLAUSE for edge in (n, n + 1)]

    def _around(self, at: int, ends: list[int], first: int = 0, last: int | None = None) -> tuple[int, int]:
        """The stretch of words between two ends that holds one of them."""
        before = bisect_right(ends, at)
        left = ends[before - 1] if before else 0
        right = ends[before] if before < len(ends) else len(self.words)
        return max(first, left), min(right, len(self.words) if last is None else last)


def _words_and_pairs(name: str, words: Sequence[str]) -> Iterator[str]:
    yield from (f"{name}:{word}" for word in words)
    yield from (f"{name}:{a}_{b}" for a, b in pairwise(words))


def _turns(name: str, words: Sequence[str]) -> dict[str, float]:
    """What refuses and what makes an exception, in order: two of them say the opposite of one."""
    turns = [cue for word in words for cue in CUES.get(word, ()) if cue in _TURN]
    return {f"{name}={'_'.join(turns[-3:])}": 0.8, f"{name}#{min(len(turns), 3)}": 0.5}


def _edges(left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    """What stands right before a fact, and right after it."""
    yield from (f"l{n}={'_'.join(left[-n:])}" for n in (1, 2, 3)) if left else ("l1=",)
    yield from (f"r{n}={'_'.join(right[:n])}" for n in (1, 2)) if right else ("r1=",)


def _cues(name: str, outward: Sequence[str]) -> dict[str, float]:
    """The kinds of cue among words, how far off the nearest of each is, and which stand together."""
    found: dict[str, float] = {}
    seen: list[str] = []
    for distance, word in enumerate(outward):
        for cue in CUES.get(word, ()):
            if cue not in seen:
                seen.append(cue)
                found[f"{name}~{cue}"] = 0.7
                found[f"{name}~{cue}@{min(distance.bit_length(), 4)}"] = 0.7
    if name not in {"P", "N"}:
        found |= {f"{name}~{a}+{b}": 0.4 for a, b in combinations(sorted(seen), 2)}
    return found
