"""What each part of a story's score is worth: python -m benchmarks.parts.

The search ranks all answerable situations of both sets with one part taken away, then with one alone. Ranking only,
nDCG@10; the weights of what is left stay as they are.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from statistics import mean

from benchmarks import settings_for
from benchmarks.table import table
from benchmarks.untagged import measured, searches
from library.calibration import projection_of
from library.encoder import SentenceEncoder
from library.evaluation import read_labelled
from library.search import Weights
from library.shelf import Shelf
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
        lines = []
        for name, search in searches(Shelf.read(asked.stories), cache, set(), WITHOUT).items():
            gains = [measured(search, rows, set(), settings.day)[0] for rows in halves.values()]
            lines.append([name, *(f"{mean(gain):.3f}" for gain in gains)])
    heads = [f"{name}, {half}, {len(rows)}" for (name, half), rows in halves.items()]
    print(table(["nDCG@10, ranking only", *heads], lines))


if __name__ == "__main__":
    main()
