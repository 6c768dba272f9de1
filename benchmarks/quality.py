"""How well we answer beside BM25, one vector a story, the best passage, and an equal-weight fusion of the first two.

Every system ranks the same tellable stories. The anchors get the rep's raw words, wishes included, and always answer.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import mean

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from benchmarks import settings_for
from benchmarks.table import table
from library.encoder import SentenceEncoder
from library.evaluation import Answer, Labelled, Measures, by_kind, measures_of, ndcg, read_labelled
from library.keywords import Keywords
from library.library import Library
from library.masking import without_names
from library.search import Search
from library.settings import Settings
from library.shelf import Shelf
from library.situation import understand
from library.vectors import VectorCache

RESAMPLES = 1000
SEED = 7
RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""
COLUMNS = {
    "nDCG@10": "ndcg_at_10",
    "best in 3": "best_in_3",
    "MRR": "mrr",
    "success@1": "success_at_1",
    "wrong nothing": "wrong_nothing",
    "right nothing": "right_nothing",
}

Scores = Mapping[str, float]
Scorer = Callable[[str], Scores]
"""A rep's words in; a score for every story."""


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


# --- ways to answer ---------------------------------------------------------------------------------------------------


def ours(search: Search, today: date, delivered: bool, situation: str) -> list[str]:
    """Our ranking; as delivered it is empty when the verdict is nothing."""
    found = search.find(understand(situation, search.shelf.vocabulary), today)
    return list(found.delivered if delivered else found.stories)


def by_words(texts: Mapping[str, str]) -> Scorer:
    """BM25 alone; 0 for a story that shares no word."""
    keywords = Keywords(texts)
    return lambda situation: dict(zip(keywords.ids, map(float, keywords.scores(situation)), strict=True))


def by_one_vector(texts: Mapping[str, str], cache: VectorCache) -> Scorer:
    """One vector a story, in a Chroma collection of its own; the model cuts a text at 256 tokens."""
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    collection = client.create_collection(
        f"whole-{uuid.uuid4().hex}", embedding_function=None, metadata={"hnsw:space": "cosine"}
    )
    collection.add(ids=list(texts), embeddings=list(cache.vectors(list(texts.values()))))

    def scores(situation: str) -> Scores:
        found = collection.query(query_embeddings=[cache.query(situation)], n_results=len(texts))
        return {story: 1 - float(gap) for story, gap in zip(found["ids"][0], found["distances"][0], strict=True)}

    return scores


def by_best_passage(shelf: Shelf, stories: Mapping[str, str], cache: VectorCache) -> Scorer:
    """The nearest beat of a story, embedded under its head as we do; no gist."""
    passages = cache.passages([p for p in shelf.passages if p.beat and p.story in stories])

    def scores(situation: str) -> Scores:
        near = passages.matrix @ cache.query(situation)
        return {story: float(near[rows].max()) for story, rows in passages.rows.items()}

    return scores


def fused(*legs: Scorer) -> Scorer:
    """Reciprocal rank fusion of equal weight; a leg gives no rank to what it scores 0."""

    def scores(situation: str) -> Scores:
        total: dict[str, float] = {}
        for leg in legs:
            given = leg(situation)
            for rank, story in enumerate(in_order(given), start=1):
                total[story] = total.get(story, 0.0) + (1 / (RRF_K + rank) if given[story] else 0.0)
        return total

    return scores


def in_order(scores: Scores) -> list[str]:
    """The stories, best first; by id where two score the same."""
    return sorted(scores, key=lambda story: (-scores[story], story))


def ranking(scorer: Scorer) -> Answer:
    """The answer of a scorer: every story in its order."""
    return lambda situation: in_order(scorer(situation))


# --- the comparison ---------------------------------------------------------------------------------------------------


def compare(labelled: Sequence[Labelled], settings: Settings, with_tags: bool = False) -> list[System]:
    """Every system's answers, ours as delivered first; with_tags also gives the anchors each story's title and tags."""
    encoder = SentenceEncoder.of(settings)
    library = Library(settings, encoder)
    cache = VectorCache(settings.data / "vectors.db", encoder)
    search, shelf = library.state.search, library.state.shelf
    safe = [without_names(story) for story in shelf.tellable(settings.day)]
    texts = {s.id: " ".join((s.title, *s.tags, s.telling)) if with_tags else s.telling for s in safe}
    words, vector = by_words(texts), by_one_vector(texts, cache)
    more = ", with title and tags" if with_tags else ""
    answers: dict[str, Answer] = {
        "ours, as delivered": partial(ours, search, settings.day, True),
        "ours, ranking only": partial(ours, search, settings.day, False),
        f"BM25 alone{more}": ranking(words),
        f"one vector a story{more}": ranking(vector),
        "best passage alone": ranking(by_best_passage(shelf, texts, cache)),
        f"equal-weight RRF{more}": ranking(fused(words, vector)),
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
