"""Asks the shelf could not meet, those that mean the same together: a story to ask for each."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from library.encoder import Vectors
from library.match import Verdict
from library.records.entries import Ask

APART = 0.66
"""Groups are joined while the mean cosine distance between their asks is below this (python -m benchmarks.grouping)."""
MOST = 500
"""So many of the newest asks are compared; more would say nothing new."""
GOES_ON = timedelta(hours=1)
"""An ask by the same person so soon after, whose words hold the ones before, is the same talk."""
_WORD = re.compile(r"[^\W\d_]{4,}")

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Group:
    """Asks of one meaning."""

    asks: tuple[Ask, ...]
    """The most typical first."""
    words: tuple[str, ...] = ()
    """Words that several of them share and the other asks do not."""

    @property
    def typical(self) -> Ask:
        """The ask that stands for the others."""
        return self.asks[0]

    @property
    def people(self) -> int:
        """How many people asked."""
        return len({ask.person for ask in self.asks if ask.person}) or 1

    @property
    def latest(self) -> datetime:
        """When it was asked last."""
        return max(ask.at for ask in self.asks)

    @property
    def facets(self) -> tuple[str, ...]:
        """What at least half of them name, as "kind:value", the most named first."""
        counts = Counter(facet for ask in self.asks for facet in set(ask.facets))
        return tuple(facet for facet, count in counts.most_common() if 2 * count >= len(self.asks))


def unmet(asks: Iterable[Ask]) -> list[Ask]:
    """The asks that got nothing, or only the nearest and nobody used it; one a talk, erased ones left out."""
    last: dict[str, Ask] = {}
    ended: list[Ask] = []
    for ask in sorted(asks, key=lambda ask: ask.at):
        before = last.get(ask.person)
        if before and not _goes_on(before, ask):
            ended.append(before)
        last[ask.person] = ask
    found = [ask for ask in [*ended, *last.values()] if ask.text and not _met(ask)]
    return sorted(found, key=lambda ask: (ask.at, ask.id))


def groups_of(asks: Sequence[Ask], encode: Encode | None) -> list[Group]:
    """The asks in groups of one meaning, the largest first, among equals the latest; without an encoder one by one."""
    asks = list(asks)[-MOST:]
    if len(asks) < 2 or encode is None:
        return sorted((Group((ask,)) for ask in asks), key=_order)
    vectors = encode([ask.text for ask in asks])
    together: dict[int, list[int]] = defaultdict(list)
    for row, number in enumerate(fcluster(linkage(vectors, "average", "cosine"), APART, "distance")):
        together[int(number)].append(row)
    counts = Counter(word for ask in asks for word in _words(ask))
    groups = [_group([asks[row] for row in rows], vectors[rows], counts, len(asks)) for rows in together.values()]
    return sorted(groups, key=_order)


def _met(ask: Ask) -> bool:
    return ask.verdict == Verdict.CLOSE or bool(ask.verdict == Verdict.NEAREST and (ask.opened or ask.copied))


def _goes_on(before: Ask, ask: Ask) -> bool:
    return bool(before.text) and before.text in ask.text and ask.at - before.at <= GOES_ON


def _order(group: Group) -> tuple[int, float, str]:
    return -len(group.asks), -group.latest.timestamp(), group.typical.id


def _group(asks: Sequence[Ask], vectors: Vectors, counts: Counter[str], total: int) -> Group:
    nearness = vectors @ vectors.sum(axis=0)
    order = np.argsort(-nearness, kind="stable")
    inside = Counter(word for ask in asks for word in _words(ask))
    rest = max(1, total - len(asks))
    telling = {word: count / len(asks) - (counts[word] - count) / rest for word, count in inside.items() if count > 1}
    words = sorted(telling, key=lambda word: (-telling[word], word))[:4]
    return Group(tuple(asks[row] for row in order), tuple(words))


def _words(ask: Ask) -> set[str]:
    return {word.lower() for word in _WORD.findall(ask.text)} - _COMMON


_COMMON = frozenset(
    "about after also been before cannot could does doesn each even every everything from have having into just keep "
    "keeps know knows like long make makes many month more most much need needs never next nobody none only other over "
    "people really same since some still such takes than that their them then there these they thing things this those "
    "until very want wants week weeks were what when where which while will with within without would year years "
    "company prospect customer customers small large group now".split()
)
