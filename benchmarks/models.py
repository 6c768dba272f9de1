"""What another model costs beside the packaged one: python -m benchmarks.models NAME_OR_FOLDER.

Both on one thread, in turns on the same texts, so that both meet the same machine: each situation of the labelled set
as a question alone, and parts of the shelf's stories in batches as for a build.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.table import table
from library.encoder import SentenceEncoder
from library.evaluation import read_labelled
from library.shelf import Shelf

QUESTIONS, EVERY, TURNS = 60, 3, 3
"""So many situations, every third part of the shelf, and so many turns: some three minutes with a larger model."""


def in_turns(first: Callable[[], object], second: Callable[[], object], turns: int) -> tuple[float, float]:
    """The median processor seconds of two pieces of work that are done in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for work, took in zip((first, second), times, strict=True):
            started = process_time()
            work()
            took.append(process_time() - started)
    return median(times[0]), median(times[1])


def main() -> None:
    """Print the processor's time for both, and the ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    parser.add_argument("model", help="a sentence-transformers model, by its hub name or folder")
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"))
    parser.add_argument("--stories", type=Path, default=Path("stories"))
    given = parser.parse_args()
    ours, other = SentenceEncoder(threads=1), SentenceEncoder(given.model, threads=1)
    texts = [row.situation for row in read_labelled(given.labels)][:QUESTIONS]
    parts = [part for passage in Shelf.read(given.stories).passages for part in passage.parts][::EVERY]
    for encoder in (ours, other):
        encoder.encode(texts[:1])

    def asks(encoder: SentenceEncoder) -> Callable[[], object]:
        return lambda: [encoder.encode_queries([text]) for text in texts]

    rows = []
    for name, work, of in (
        (f"a question, {len(texts)} alone", asks, len(texts)),
        (f"{len(parts)} parts of stories in batches", lambda encoder: lambda: encoder.encode(parts), 1),
    ):
        mine, theirs = in_turns(work(ours), work(other), TURNS)
        rows.append([name, f"{mine / of:.3f}", f"{theirs / of:.3f}", f"{theirs / mine:.1f}"])
    print(table(["processor seconds", ours.name, other.name, "times"], rows))


if __name__ == "__main__":
    main()
