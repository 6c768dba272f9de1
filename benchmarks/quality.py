"""How well we answer beside what a team would use instead (benchmarks/anchors.py).

Every system ranks the same tellable stories. The anchors get the rep's raw words, wishes included, and always answer.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks import settings_for
from benchmarks.anchors import by_best_passage, by_one_vector, by_words, fused, ranking, reranked
from benchmarks.speed.shelves import TimedEncoder
from benchmarks.table import table
from library.encoder import SentenceEncoder
from library.evaluation import Answer, Labelled, Measures, by_kind, measures_of, ndcg, read_labelled
from library.library import Library
from library.masking import without_names
from library.search import Search
from library.settings import Settings
from library.situation import understand
from library.vectors import VectorCache

RESAMPLES = 1000
SEED = 7
COLUMNS = {
    "nDCG@10": "ndcg_at_10",
    "best in 3": "best_in_3",
    "MRR": "mrr",
    "success@1": "success_at_1",
    "wrong nothing": "wrong_nothing",
    "right nothing": "right_nothing",
}


@dataclass(frozen=True)
class System:
    """One way to answer, and what it answered to each situation."""

    name: str
    answered: Sequence[tuple[Labelled, Sequence[str]]]

    @property
    def measures(self) -> Measures:
        return measures_of(self.answered)

    @property
    def gains(self) -> list[float]:
        """The nDCG@10 of each answerable situation."""
        return [ndcg(row.judged, ranked) for row, ranked in self.answered if row.judged]


@dataclass(frozen=True)
class Lead:
    """How far ours is ahead in mean nDCG@10, and the middle 95 % of that over resampled situations."""

    over: str
    difference: float
    low: float
    high: float


def ours(search: Search, today: date, delivered: bool, situation: str) -> list[str]:
    """Our ranking; as delivered it is empty when the verdict is nothing."""
    found = search.find(understand(situation, search.shelf.vocabulary), today)
    return list(found.delivered if delivered else found.stories)


# --- the comparison ---------------------------------------------------------------------------------------------------


def compare(labelled: Sequence[Labelled], settings: Settings, with_tags: bool = False) -> list[System]:
    """Every system's answers, ours as delivered first; with_tags also gives the anchors each story's title and tags."""
    encoder = TimedEncoder.of(settings)
    library = Library(settings, encoder)
    cache = VectorCache(settings.data / "vectors.db", SentenceEncoder.of(settings, questions=None))  # as published
    search, shelf = library.state.search, library.state.shelf
    safe = [without_names(story) for story in shelf.tellable(settings.day)]
    texts = {s.id: " ".join((s.title, *s.tags, s.telling)) if with_tags else s.telling for s in safe}
    words, vector = by_words(texts), by_one_vector(texts, cache)
    more = ", with title and tags" if with_tags else ""
    answers: dict[str, Answer] = {
        "ours, as delivered": partial(ours, search, settings.day, True),
        "ours, ranking only": partial(ours, search, settings.day, False),
        f"BM25 (bm25s){more}": ranking(words),
        f"one vector a story{more}": ranking(vector),
        "best passage alone": ranking(by_best_passage(shelf, texts, cache)),
        f"equal-weight RRF{more}": ranking(fused(words, vector)),
        f"one vector, then reranked{more}": ranking(reranked(texts, vector, encoder.bare)),
    }
    systems = [System(name, [(row, answer(row.situation)) for row in labelled]) for name, answer in answers.items()]
    library.close()
    return systems


def lead(mine: System, other: System) -> Lead:
    """The difference in nDCG@10, with a bootstrap interval over the situations (percentiles, pairs kept together)."""
    return ahead(other.name, mine.gains, other.gains)


def ahead(over: str, mine: Sequence[float], theirs: Sequence[float]) -> Lead:
    """The same of what each situation gave to one and to the other."""
    gains = np.subtract(mine, theirs)
    picks = np.random.default_rng(SEED).integers(0, len(gains), (RESAMPLES, len(gains)))
    low, high = np.percentile(gains[picks].mean(axis=1), [2.5, 97.5])
    return Lead(over, mean(gains.tolist()), float(low), float(high))


# --- what is printed --------------------------------------------------------------------------------------------------


def as_text(systems: Sequence[System], about: str) -> str:
    """The tables a person reads."""
    leads = {other.name: lead(systems[0], other) for other in systems[2:]}
    rows = [[*_cells(s.name, s.measures), interval(leads.get(s.name))] for s in systems]
    kinds = by_kind(systems[0].answered)
    parts = [[*_cells(f"ours, {kind}", kinds[kind]), ""] for kind in kinds if kind != "all"]
    return "\n".join(
        [
            about,
            "The anchors get the raw words and always answer, so they are never right about nothing.",
            f"Ours ahead: ours as delivered minus the row, nDCG@10, 95 % of {RESAMPLES:,} resamples.",
            "",
            table(["", *COLUMNS, "ours ahead"], [*rows, [""] * (len(COLUMNS) + 2), *parts]),
        ]
    )


def as_json(systems: Sequence[System], about: str) -> str:
    """The same figures for a program."""
    return json.dumps(
        {
            "about": about,
            "systems": {system.name: asdict(system.measures) for system in systems},
            "ours_by_kind": {kind: asdict(found) for kind, found in by_kind(systems[0].answered).items()},
            "ours_ahead": [asdict(lead(systems[0], other)) for other in systems[2:]],
        },
        indent=2,
    )


def _cells(name: str, measures: Measures) -> list[str]:
    values = [getattr(measures, field) for field in COLUMNS.values()]
    return [name, *("" if value is None else f"{value:.3f}" for value in values)]


def interval(lead: Lead | None) -> str:
    """A lead as it is printed."""
    return f"{lead.difference:+.3f} ({lead.low:+.3f} to {lead.high:+.3f})" if lead else ""


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"), help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    parser.add_argument("--half", default="report", help="choose (which the weights were chosen on), report or all")
    parser.add_argument("--with-tags", action="store_true", help="give the anchors title and tags too")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    labelled = [row for row in read_labelled(asked.labels) if asked.half in {"all", row.half}]
    if not any(row.judged for row in labelled):
        parser.error(f"{asked.labels} has nothing answerable in the half {asked.half!r}; use choose, report or all")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        settings = settings_for(asked.stories, Path(data))
        systems = compare(labelled, settings, asked.with_tags)
    about = f"{len(labelled)} situations ({asked.labels.name}, half: {asked.half}), stories as of {settings.day}."
    print(as_json(systems, about) if asked.json else as_text(systems, about))


if __name__ == "__main__":
    main()
