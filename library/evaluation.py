"""How well the library answers: labelled situations in, measures out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean


class LabelError(ValueError):
    """A file of labelled situations that cannot be used, with the line and what to write instead."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A situation and which stories answer it: 2 the story to tell, 1 usable; empty when nothing should."""

    id: str
    situation: str
    judged: Mapping[str, int]
    kind: str = ""
    half: str = ""


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured over a set of situations; each between 0 and 1, and None where it does not apply."""

    situations: int
    ndcg_at_10: float | None
    """Discounted cumulative gain of the first ten, gain = grade, over the best possible (Järvelin, Kekäläinen 2002)."""
    best_in_3: float | None
    """How often a story of the highest grade is among the first three."""
    recall_at_3: float | None
    """Which part of the stories of the highest grade is among the first three."""
    mrr: float | None
    """The mean of 1 / the rank of the first story of the highest grade."""
    success_at_1: float | None
    """How often the first story has the highest grade."""
    wrong_nothing: float | None
    """How often an answerable situation gets nothing."""
    right_nothing: float | None
    """How often an unanswerable situation gets nothing."""


Answer = Callable[[str], Sequence[str]]
"""A situation in; the ids of the stories, best first, empty for nothing."""


def read_labelled(path: Path) -> list[Labelled]:
    """Read JSON lines of id, situation (or query), judged {story: grade}, and optionally kind and half."""
    rows: list[Labelled] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            situation = row.get("situation", row.get("query"))
            judged = {str(story): int(grade) for story, grade in dict(row.get("judged", {})).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise LabelError(_sentence(path, number, line)) from error
        if not isinstance(situation, str):
            raise LabelError(_sentence(path, number, line))
        kept = {story: grade for story, grade in judged.items() if grade > 0}
        row_id = str(row.get("id", number))
        rows.append(Labelled(row_id, situation, kept, str(row.get("kind", "")), str(row.get("half", ""))))
    return rows


def measures_of(answered: Sequence[tuple[Labelled, Sequence[str]]]) -> Measures:
    """The measures of answers already given."""
    wanted = [(row.judged, ranked) for row, ranked in answered if row.judged]
    unanswerable = [ranked for row, ranked in answered if not row.judged]

    def average(value: Callable[[Mapping[str, int], Sequence[str]], float]) -> float | None:
        return mean(value(judged, ranked) for judged, ranked in wanted) if wanted else None

    return Measures(
        situations=len(answered),
        ndcg_at_10=average(ndcg),
        best_in_3=average(lambda judged, ranked: float(bool(best(judged) & set(ranked[:3])))),
        recall_at_3=average(lambda judged, ranked: len(best(judged) & set(ranked[:3])) / min(3, len(best(judged)))),
        mrr=average(lambda judged, ranked: next((1 / n for n, s in enumerate(ranked, 1) if s in best(judged)), 0.0)),
        success_at_1=average(lambda judged, ranked: float(bool(best(judged) & set(ranked[:1])))),
        wrong_nothing=average(lambda _, ranked: float(not ranked)),
        right_nothing=mean(float(not ranked) for ranked in unanswerable) if unanswerable else None,
    )


def by_kind(
    answered: Sequence[tuple[Labelled, Sequence[str]]],
) -> dict[str, Measures]:
    """The measures of each kind of situation, and of all together under "all"."""
    kinds = dict.fromkeys(row.kind for row, _ in answered)
    parts = {kind: measures_of([pair for pair in answered if pair[0].kind == kind]) for kind in kinds if kind}
    return {**parts, "all": measures_of(answered)}


def ndcg(judged: Mapping[str, int], ranked: Sequence[str], cutoff: int = 10) -> float:
    """Normalised discounted cumulative gain; the gain is the grade itself."""
    gain = sum(judged.get(story, 0) / math.log2(rank + 1) for rank, story in enumerate(ranked[:cutoff], start=1))
    ideal = sorted(judged.values(), reverse=True)[:cutoff]
    return gain / sum(grade / math.log2(rank + 1) for rank, grade in enumerate(ideal, start=1))


def best(judged: Mapping[str, int]) -> set[str]:
    """The stories of the highest grade given."""
    highest = max(judged.values())
    return {story for story, grade in judged.items() if grade == highest}


def _sentence(path: Path, number: int, line: str) -> str:
    return (
        f"{path.name}, line {number}: found {line[:60]!r}; write one JSON object a line, as in "
        '{"id": "q1", "situation": "nurses keep leaving", "judged": {"hospital-agency-nurses": 2}}.'
    )
