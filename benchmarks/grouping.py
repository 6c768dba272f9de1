"""Unmet asks put together by meaning, held against simpler ways: python -m benchmarks.grouping.

tests/asks.jsonl holds 100 asks no story answers, each labelled with the story a lead would ask for, or with none: 40
for choosing how far apart a group may be, 60 by another writer for reporting. Each way has its own distance chosen on
the first. B-cubed precision and recall are means over asks (Bagga and Baldwin 1998), adjusted Rand is 0 for chance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

from benchmarks.table import table
from library.coverage.unmet import APART
from library.encoder import SentenceEncoder, Vectors
from library.settings import Settings

ASKS = Path(__file__).parent.parent / "tests" / "asks.jsonl"
DISTANCES = np.arange(0.3, 1.2, 0.02)


def labelled(half: str) -> tuple[list[str], list[str]]:
    """The texts of one half, and the group of each; a single is a group of its own."""
    rows = [json.loads(line) for line in ASKS.read_text(encoding="utf-8").splitlines()]
    chosen = [row for row in rows if row["half"] == half]
    return [row["text"] for row in chosen], [row["group"] or row["id"] for row in chosen]


def b_cubed(gold: Sequence[str], found: Sequence[object]) -> tuple[float, float, float]:
    """Precision, recall and their harmonic mean, averaged over items."""
    same_gold = np.array([[a == b for b in gold] for a in gold])
    same_found = np.array([[a == b for b in found] for a in found])
    both = (same_gold & same_found).sum(axis=1)
    precision = float((both / same_found.sum(axis=1)).mean())
    recall = float((both / same_gold.sum(axis=1)).mean())
    return precision, recall, 2 * precision * recall / (precision + recall)


def grouped(vectors: Vectors, method: str, apart: float) -> list[int]:
    return [int(number) for number in fcluster(linkage(vectors, method, "cosine"), apart, "distance")]


def by_words(texts: Sequence[str]) -> Vectors:
    words = re.compile(r"[^\W\d_]{3,}")
    weighed = TfidfVectorizer(tokenizer=words.findall, token_pattern=None, sublinear_tf=True).fit_transform(texts)
    return np.asarray(weighed.toarray(), dtype=np.float32)


def main() -> None:
    encoder = SentenceEncoder.of(Settings())
    ways: dict[str, tuple[Callable[[Sequence[str]], Vectors], str]] = {
        "vectors, mean distance": (encoder.encode, "average"),
        "vectors, farthest pair": (encoder.encode, "complete"),
        "vectors, nearest pair": (encoder.encode, "single"),
        "shared words, mean distance": (by_words, "average"),
    }
    (choosing, right), (reporting, gold) = labelled("choose"), labelled("report")
    rows = []
    for name, (vectors_of, method) in ways.items():
        ahead = vectors_of(choosing)
        apart = float(max(DISTANCES, key=lambda d: b_cubed(right, grouped(ahead, method, float(d)))[2]))
        rows.append(_row(name, apart, gold, grouped(vectors_of(reporting), method, apart)))
    rows.append(_row("as it ships", APART, gold, grouped(encoder.encode(reporting), "average", APART)))
    rows.append(_row("every ask alone", 0.0, gold, list(range(len(gold)))))
    print(table(("60 asks, reporting half", "apart", "groups", "precision", "recall", "F", "adj. Rand"), rows))


def _row(name: str, apart: float, gold: Sequence[str], found: Sequence[int]) -> tuple[str, ...]:
    precision, recall, both = b_cubed(gold, found)
    rand = adjusted_rand_score(gold, found)
    figures = (f"{value:.3f}" for value in (precision, recall, both, rand))
    return (name, f"{apart:.2f}", str(len(set(found))), *figures)


if __name__ == "__main__":
    main()
