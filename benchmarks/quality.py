"""How well we answer beside BM25, one vector a story, the best passage, and an equal-weight fusion of the first two.

Every system ranks the same tellable stories. The anchors get the rep's raw words, wishes included, and always answer.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from benchmarks import DAY
from benchmarks.table import table
from library.encoder import Encoder, SentenceEncoder
from library.evaluation import Answer, Labelled, Measures, by_kind, measures_of, ndcg, read_labelled
from library.keywords import Keywords
from library.library import Library
from library.match import Verdict
from library.people import without_names
from library.search import Search
from library.settings import Settings
from library.shelf import Shelf
from library.situation import understand
from library.story import Passage, Story
from library.vectors import VectorCache

RESAMPLES = 1000
SEED = 7
RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""

Scores = Mapping[str, float]
Scorer = Callable[[str], Scores]
"""A rep's words in; a score for every story."""
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
    def gains(self) -> np.ndarray:
        """nDCG@10 of each answerable situation."""
        return np.array([ndcg(row.judged, ranked) for row, ranked in self.answered if row.judged])


@dataclass(frozen=True)
class Lead:
    """How far ours is ahead of another in mean nDCG@10, and the middle 95 % of that over resampled situations."""

    over: str
    difference: float
    low: float
    high: float


# --- what answers -----------------------------------------------------------------------------------------------------


def ours(search: Search, situation: str, *, delivered: bool) -> list[str]:
    """Our ranking; as delivered it is empty when the verdict is nothing."""
    found = search.find(understand(situation, search.shelf.vocabulary), DAY if search_day is None else search_day)
    return [] if delivered and found.verdict is Verdict.NOTHING else list(found.stories)
