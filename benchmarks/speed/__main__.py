"""python -m benchmarks.speed: every figure of docs/speed.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks import settings_for
from benchmarks.speed import __doc__ as about
from benchmarks.speed.asking import ENCODE, FIND, Times, ask, together
from benchmarks.speed.keeping import Build, Kept, build, kept_in_files, kept_in_memory
from benchmarks.speed.sessions import drawn
from benchmarks.speed.shelves import ComposingEncoder, TimedEncoder
from benchmarks.speed.starting import Start, can_start, shipped_start
from benchmarks.table import table
from library.evaluation import read_labelled
from library.shelf import Shelf

IN_MEMORY = 20_000
"""Shelves above are made in memory and asked only: a hundred thousand files say nothing new about files."""
EVERY = 10.0
"""Seconds between two questions of one person."""
LIMITS = {10_000: 1.5, 100_000: 2.5}


def cold(start: Start) -> str:
    """The cold start."""
    figures = (start.listening, start.page, start.visit, start.answer)
    rows = [["seconds", *(f"{figure:.1f}" for figure in figures)]]
    return "\n".join(
        [
            "Cold start of the shipped shelf in a real browser (Chromium, Playwright), from the start of the server:",
            table(["", "server answers", "Browse drawn", "since the visit", "first answer, asked at once"], rows),
        ]
    )


def builds(made: Build) -> str:
    """What building costs beside the bare model."""
    row = [
        f"{made.stories:,}",
        f"{made.texts:,}",
        f"{made.work.seconds:.1f}",
        f"{made.work.beside:.1f}",
        f"{made.bare:.1f}",
        f"{made.texts / made.bare:.0f}",
        f"{made.share:.0%}",
        f"{1000 * made.work.seconds / made.stories:.0f}",
    ]
    head = ["stories", "texts", "build s", "beside model", "bare encode s", "texts/s", "of bare", "s per 1,000 stories"]
    return f"Build, every text embedded; model.encode of the same texts before and after it:\n{table(head, [row])}"


def asks(times: Times, size: int) -> list[list[str]]:
    """A row a step."""
    encode = float(np.median(times[ENCODE]))
    rows = []
    for name, taken in times.items():
        p50, p95 = np.percentile(taken, [50, 95])
        rows.append([name, f"{size:,}", f"{p50:.1f}", f"{p95:.1f}", f"{p50 / encode:.2f}"])
    return rows


def verdict(times: Times, size: int) -> str:
    """Whether a promise was kept."""
    if size not in LIMITS:
        return ""
    ratio = float(np.median(times[FIND]) / np.median(times[ENCODE]))
    kept = "kept" if ratio <= LIMITS[size] else "not kept"
    return f"Promise at {size:,} stories: at most {LIMITS[size]} x encode at the median. {ratio:.2f}: {kept}."


def shelves(kept: Kept, size: int) -> list[str]:
    """What a shelf costs to keep."""
    parts = [kept.build, kept.again, kept.edit, kept.many]
    cells = [f"{work.beside:.2f}" if work else "" for work in parts]
    if kept.many:
        cells.append(f"{1000 * kept.many.seconds / kept.changed:.1f}")
    else:
        cells.append("")
    return [f"{size:,}", f"{kept.passages:,}", *cells, f"{kept.megabytes:,.0f}", f"{kept.disk:,.0f}"]


def crowds(kept: Kept, size: int, texts: Sequence[str], day: date, asked: argparse.Namespace) -> list[list[str]]:
    """A row a number of people, without the page and with it."""
    alone = [together(kept.search, texts, day, people, EVERY, asked.seconds) for people in asked.people]
    page = drawn(kept.stories, kept.data, texts, asked.people, EVERY, asked.seconds) if kept.stories else []
    rows = []
    for how, crowd in (("search", alone), ("page drawn", page)):
        for people, taken in zip(asked.people, crowd, strict=False):
            p50, p95 = np.percentile(taken, [50, 95])
            rows.append([f"{people}", f"{size:,}", how, f"{len(taken)}", f"{p50:.0f}", f"{p95:.0f}"])
    return rows


def run(asked: argparse.Namespace) -> Iterator[str]:
    """The figures, one part after another."""
    shelf = Shelf.read(asked.stories)
    shipped = list(shelf)
    texts = [row.situation for row in read_labelled(asked.labels)][: asked.texts]
    given = settings_for(asked.stories, Path("data"))
    if asked.start:
        yield cold(shipped_start(asked.stories)) if can_start() else "No cold start: there is no /usr/bin/chromium."
    encoder = TimedEncoder(given.model, given.threads)
    encoder.load()
    if asked.build:
        yield builds(build(shipped, asked.build, encoder))
    composing = ComposingEncoder(given.model, given.threads)
    composing.learn(shipped, shelf.vocabulary)
    yield (
        f"Beyond {len(shipped)} stories a shelf is recombined from the beats of the shipped ones, names taken out. "
        f"Their beats' vectors are not embedded but composed: the donor's, moved towards the new title. Above "
        f"{IN_MEMORY:,} stories the shelf is in memory only, and names are not taken out a second time."
    )
    steps, keeping, crowd = [], [], []
    for size in asked.sizes:
        large = size > IN_MEMORY
        opened = (
            kept_in_memory(shipped, size, composing, shelf.vocabulary)
            if large
            else kept_in_files(shipped, size, composing)
        )
        with opened as kept:
            if size in asked.people_at:  # before the asks, which empty the file of vectors
                crowd += crowds(kept, size, texts, given.day, asked)
            times = ask(kept.search, composing, texts, given.day, kept.data)
            steps += asks(times, size)
            keeping.append(shelves(kept, size))
        yield from filter(None, [verdict(times, size)])
    yield (
        f"{len(texts)} situations; every step right after a bare encode of the same text. Milliseconds.\n"
        + table(["", "stories", "p50", "p95", "x encode"], steps)
    )
    head = ["stories", "passages", "build", "opened again", "one edit", "many edits", "s per 1,000 edits", "RSS MB"]
    yield (
        "Seconds beside the model: building, opening an unchanged folder, one edit, one story in ten; "
        "and with the model by 1,000 edits.\n" + table([*head, "disk MB"], keeping)
    )
    if crowd:
        yield (
            f"People at once, each with a question every {EVERY:.0f} s for {asked.seconds:.0f} s: in this process, a "
            "thread each, answered with evidence for three and without a page; and at the app's WebSocket, with all "
            "that the server sends to draw the page. Milliseconds.\n"
            + table(["people", "stories", "", "asks", "p50", "p95"], crowd)
        )


def main() -> None:
    """Print the measurements as they come."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=about)
    sizes = [72, 1000, 10_000, 100_000]
    parser.add_argument("--sizes", type=int, nargs="*", default=sizes, help="stories on the shelf")
    parser.add_argument("--texts", type=int, default=200, help="how many situations are asked, at most")
    parser.add_argument("--people", type=int, nargs="*", default=[1, 10, 25, 50], help="how many ask at once")
    parser.add_argument("--people-at", type=int, nargs="*", default=[72, 10_000], help="on shelves of which sizes")
    parser.add_argument("--seconds", type=float, default=60, help="how long they ask")
    parser.add_argument("--build", type=int, default=1000, help="stories to embed for the build; 0 for none")
    parser.add_argument("--start", action=argparse.BooleanOptionalAction, default=True, help="cold start in a browser")
    parser.add_argument("--quick", action="store_true", help="72 and 1,000 stories, 40 situations, a build of 72")
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"), help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories to recombine")
    asked = parser.parse_args()
    if asked.quick:
        asked.sizes, asked.people_at, asked.build, asked.seconds, asked.texts = [72, 1000], [1000], 72, 20.0, 40
    for part in run(asked):
        print(part, end="\n\n", flush=True)


if __name__ == "__main__":
    main()
