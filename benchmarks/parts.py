"""What each part of a story's score is worth: python -m benchmarks.parts.

The search ranks all answerable situations of both sets with one part taken away, then with one alone. Ranking only,
nDCG@10; the weights of what is left stay as they are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from statistics import mean

from benchmarks import settings_for
from benchmarks.table import table
from library.calibration import projection_of
from library.encoder import SentenceEncoder
from library.evaluation import Labelled, ndcg, read_labelled
from library.index import ExactIndex
from library.search import Search, Weights
from library.shelf import Shelf
from library.situation import understand
from library.vectors import VectorCache

LEANINGS = {"role": 0.0, "size": 0.0, "change": 0.0, "industry": 0.0, "region": 0.0}
NOTHING = Weights(**dict.fromkeys((field.name for field in fields(Weights)), 0.0))
WITHOUT: Mapping[str, Weights] = {
    "as it is": Weights(),
    "without title and tags": Weights(gist=0.0),
    "without the mean of the beats": Weights(whole=0.0),
    "without the two best beats": Weights(beats=0.0),
    "without keywords": Weights(keywords=0.0),
    "without the second look at words": Weights(tokens=0.0),
    "without neighbours": Weights(neighbours=0.0),
    "without either": Weights(tokens=0.0, neighbours=0.0),
    "without facets merely mentioned": replace(Weights(), **LEANINGS),
    "title and tags alone": replace(NOTHING, gist=1.0, whole=1e-9),
    "the mean of the beats alone": replace(NOTHING, whole=1.0),
    "the two best beats alone": replace(NOTHING, beats=1.0),
    "keywords alone": replace(NOTHING, keywords=1.0, whole=1e-9),
}
SETS = (Path("tests/situations.jsonl"), Path("tests/situations_second.jsonl"))


def ranked_by(search: Search, rows: Sequence[Labelled], day: date) -> float:
    """The mean nDCG@10 of the situations."""
    vocabulary = search.shelf.vocabulary
    return mean(ndcg(row.judged, search.find(understand(row.situation, vocabulary), day).stories) for row in rows)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts", description=__doc__)
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    asked = parser.parse_args()
    answerable = {path.stem: [row for row in read_labelled(path) if row.judged] for path in SETS}
    halves = {
        (name, half): [r for r in rows if r.half == half]
        for name, rows in answerable.items()
        for half in ("choose", "report")
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(asked.stories, Path(place))
        encoder = SentenceEncoder.of(settings)
        cache = VectorCache(Path(place, "vectors.db"), encoder, projection_of(settings.data, encoder.name))
        shelf = Shelf.read(asked.stories)
        vectors = cache.passages(shelf.passages)
        index = ExactIndex()
        index.sync(vectors)
        lines = []
        for name, weights in WITHOUT.items():
            search = Search(shelf, cache, vectors, index, weights)
            lines.append([name, *(f"{ranked_by(search, rows, settings.day):.3f}" for rows in halves.values())])
    print(
        table(
            ["nDCG@10, ranking only", *(f"{name}, {half}, {len(rows)}" for (name, half), rows in halves.items())], lines
        )
    )


if __name__ == "__main__":
    main()
