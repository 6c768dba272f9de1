"""Stories without tags among stories with: python -m benchmarks.untagged.

Every fourth story loses its tags, in several draws. How often the best story, where it is one of those, is still among
the first three, and the nDCG@10 of all: with the second look as it is, and without it.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean

from benchmarks import settings_for
from benchmarks.table import table
from library.calibration import projection_of
from library.encoder import SentenceEncoder
from library.evaluation import Labelled, best, ndcg, read_labelled
from library.index import ExactIndex
from library.search import Search, Weights
from library.shelf import Shelf
from library.situation import understand
from library.vectors import VectorCache

DRAWS = 6
EVERY = 4
WEIGHTS: Mapping[str, Weights] = {"as it is": Weights(), "no second look": Weights(tokens=0, neighbours=0)}


def searches(
    shelf: Shelf, cache: VectorCache, untagged: set[str], weights: Mapping[str, Weights] = WEIGHTS
) -> dict[str, Search]:
    """The same shelf with the tags of some stories taken away, searched in each way."""
    stories = {s.id: replace(s, tags=()) if s.id in untagged else s for s in shelf}
    bare = Shelf(stories, vocabulary=shelf.vocabulary)
    vectors = cache.passages(bare.passages)
    index = ExactIndex()
    index.sync(vectors)
    return {name: Search(bare, cache, vectors, index, weighed) for name, weighed in weights.items()}


def measured(search: Search, rows: Sequence[Labelled], untagged: set[str], day: date) -> tuple[list[float], list[bool]]:
    """The nDCG@10 of each answerable situation; and of those whose best story has no tags, whether it is in three."""
    gains, found = [], []
    for row in rows:
        ranked = search.find(understand(row.situation, search.shelf.vocabulary), day).stories
        gains.append(ndcg(row.judged, ranked))
        if wanted := best(row.judged) & untagged:
            found.append(bool(wanted & set(ranked[:3])))
    return gains, found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.untagged", description=__doc__)
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"), help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    parser.add_argument("--half", default="report", help="choose, report or all")
    asked = parser.parse_args()
    rows = [row for row in read_labelled(asked.labels) if row.judged and asked.half in {"all", row.half}]
    gains: dict[str, list[float]] = {name: [] for name in WEIGHTS}
    found: dict[str, list[bool]] = {name: [] for name in WEIGHTS}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(asked.stories, Path(place))
        encoder = SentenceEncoder.of(settings)
        cache = VectorCache(Path(place, "vectors.db"), encoder, projection_of(settings.data, encoder.name))
        shelf = Shelf.read(asked.stories)
        for draw in range(DRAWS):
            untagged = set(random.Random(draw).sample(sorted(shelf.stories), len(shelf) // EVERY))
            for name, search in searches(shelf, cache, untagged).items():
                more, there = measured(search, rows, untagged, settings.day)
                gains[name] += more
                found[name] += there
    print(f"{len(rows)} situations ({asked.labels.name}, half: {asked.half}), {DRAWS} draws, ranking only.")
    lines = [[name, f"{mean(found[name]):.3f}", f"{len(found[name])}", f"{mean(gains[name]):.3f}"] for name in WEIGHTS]
    print(table(["", "an untagged best story in 3", "of", "nDCG@10"], lines))


if __name__ == "__main__":
    main()
