"""How fast an answer comes beside one bare encode of the same text, and what a shelf costs to build and keep.

Each step is timed right after a bare encode of the same text, so that both meet the same machine. Shelves larger than
the shipped one are made by recombining the beats of its stories: real sentences under new ids, in a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import settings_for
from benchmarks.table import table
from library.encoder import SentenceEncoder, Vectors
from library.evaluation import read_labelled
from library.library import Library
from library.people import Person
from library.saving import save
from library.search import Search
from library.shelf import Shelf
from library.situation import Facet, Situation, understand
from library.story import Beat, Section, Story
from library.wishes import Wish

TEXTS = 200
EDITS = 3
SHOWN = 3
SEED = 7
ENCODE = "bare encode"
WISHES = (
    Facet("industry", "manufacturing", Wish.ONLY),
    Facet("region", "europe", Wish.ONLY),
    Facet("size", "0-999", Wish.ONLY),
    Facet("industry", "public-sector", Wish.NOT),
)
Times = dict[str, list[float]]
"""Milliseconds, by step."""


class TimedEncoder(SentenceEncoder):
    """The real encoder with a stopwatch."""

    seconds = 0.0

    def _encoded(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        started = perf_counter()
        vectors = super()._encoded(encode, texts, prompt)
        self.seconds += perf_counter() - started
        return vectors

    @property
    def bare(self) -> Any:
        """The sentence-transformers model itself."""
        return self._model


@dataclass(frozen=True)
class Work:
    """Seconds something took, and how many of them were the encoder's."""

    seconds: float
    encoder: float

    @property
    def beside(self) -> float:
        return self.seconds - self.encoder


@dataclass(frozen=True)
class Run:
    """What was measured on a shelf of one size."""

    stories: int
    passages: int
    build: Work
    edit: Work
    times: Times
    megabytes: float


# --- a shelf of any size ----------------------------------------------------------------------------------------------


def fill(folder: Path, shipped: Sequence[Story], size: int) -> None:
    """Put stories into a folder: the shipped ones first, then as many recombined ones as are missing."""
    chance = random.Random(SEED)
    made = (recombined(f"made-{number:06d}", shipped, chance) for number in range(size - len(shipped)))
    for story in [*shipped[:size], *made]:
        save(story, folder)


def recombined(story_id: str, shipped: Sequence[Story], chance: random.Random) -> Story:
    """The facts of one story, each beat from another, title and tags from those of the change and the pain."""
    donors = {beat: chance.choice(shipped) for beat in Beat}
    change, pain = donors[Beat.CHANGE], donors[Beat.PAIN]
    tags = dict.fromkeys((*change.tags[::2], *pain.tags[1::2]))
    sections = tuple(Section(beat.heading, donor.beat(beat), beat) for beat, donor in donors.items())
    return replace(chance.choice(shipped), id=story_id, title=change.title, tags=tuple(tags), sections=sections)


# --- what is timed ----------------------------------------------------------------------------------------------------


def measure(size: int, shipped: Sequence[Story], texts: Sequence[str], encoder: TimedEncoder) -> Run:
    """Build a shelf, edit it, and ask it every text."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(Path(place, "stories"), Path(place, "data"))
        fill(settings.stories, shipped, size)
        library = Library(settings, encoder)
        build = worked(library.sync, encoder)
        edit = sorted((one_edit(library, encoder, number) for number in range(EDITS)), key=lambda work: work.seconds)
        times = ask(library, encoder, texts)
        run = Run(size, len(library.state.shelf.passages), build, edit[EDITS // 2], times, resident_megabytes())
        library.close()
        return run


def one_edit(library: Library, encoder: TimedEncoder, number: int) -> Work:
    """Change a sentence of one story and sync."""
    story = list(library.state.shelf)[number]
    sections = (*story.sections[:-1], replace(story.sections[-1], text=f"Tell me, {story.sections[-1].text}"))
    save(replace(story, sections=sections), library.settings.stories)
    return worked(library.sync, encoder)


def worked(step: Callable[[], object], encoder: TimedEncoder) -> Work:
    """Run a step; how long it took, and how much of that in the encoder."""
    before, started = encoder.seconds, perf_counter()
    step()
    return Work(perf_counter() - started, encoder.seconds - before)


def ask(library: Library, encoder: TimedEncoder, texts: Sequence[str]) -> Times:
    """The milliseconds of every step for every text, each beside a bare encode of the same text."""
    search = library.state.search
    times: Times = defaultdict(list)
    wishes = cycle(WISHES)
    search.find(Situation("warm up"), library.today)
    for text in texts:
        situation = understand(text, search.shelf.vocabulary)
        if not situation.text:
            continue
        strict = replace(situation, facets=(*situation.facets, next(wishes)))
        for name, step, forget in steps(library, text, situation, strict):
            forget()
            times[ENCODE].append(timed(partial(encoder.bare.encode, [situation.text], normalize_embeddings=True)))
            times[name].append(timed(step))
    return times


Step = tuple[str, Callable[[], object], Callable[[], object]]
"""A name, what is timed, and what is done before."""


def steps(library: Library, text: str, situation: Situation, strict: Situation) -> Iterator[Step]:
    """What a rep waits for, step by step."""
    search, today, data = library.state.search, library.today, library.settings.data
    yield "understand the words", partial(understand, text, search.shelf.vocabulary), keep
    for wish, asked in (("", situation), (", strict wish", strict)):
        yield f"find{wish}", partial(search.find, asked, today), partial(forget_queries, search)
        yield f"find + match of three{wish}", partial(answer, search, asked, today), partial(forget_all, search, data)
        yield f"the same again{wish}", partial(answer, search, asked, today), keep


def answer(search: Search, situation: Situation, today: date) -> None:
    """Find, and the evidence for the three the page shows."""
    found = search.find(situation, today)
    search.match(found, Person("A rep"), search.diverse(found, SHOWN))


def keep() -> None:
    """Forget nothing."""


def forget_queries(search: Search) -> None:
    """As if nobody had asked this before."""
    assert search._cache is not None
    search._cache._queries.clear()


def forget_all(search: Search, data: Path) -> None:
    """As if no sentence had ever been shown as evidence either; the passages stay in memory with the search."""
    forget_queries(search)
    assert search._cache is not None
    search._cache._recent.clear()
    with closing(sqlite3.connect(data / "vectors.db")) as database, database:
        database.execute("delete from vectors")


def timed(step: Callable[[], object]) -> float:
    """Milliseconds."""
    started = perf_counter()
    step()
    return (perf_counter() - started) * 1000


def resident_megabytes() -> float:
    """The memory this process holds now; on systems without /proc the most it ever held."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024
    except OSError:
        import resource  # noqa: PLC0415 - not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- what is printed --------------------------------------------------------------------------------------------------


def as_text(runs: Sequence[Run], texts: int, shipped: int) -> str:
    """The tables a person reads."""
    asks = []
    for run in runs:
        encode = float(np.median(run.times[ENCODE]))
        for name, times in run.times.items():
            p50, p95 = np.percentile(times, [50, 95])
            asks.append([name, f"{run.stories:,}", f"{p50:.1f}", f"{p95:.1f}", f"{p50 / encode:.2f}"])
    shelves = [
        [
            f"{run.stories:,}",
            f"{run.passages:,}",
            f"{run.build.seconds:.1f}",
            f"{run.build.beside:.1f}",
            f"{run.edit.seconds:.2f}",
            f"{run.edit.beside:.2f}",
            f"{run.megabytes:,.0f}",
        ]
        for run in runs
    ]
    return "\n".join(
        [
            f"{texts} situations; every step right after a bare encode of the same text. Milliseconds.",
            f"Beyond {shipped} stories the shelf is made by recombining the beats of the shipped ones.",
            "",
            table(["", "stories", "p50", "p95", "x encode"], asks),
            "",
            table(["stories", "passages", "build s", "beside model", "one edit s", "beside model", "RSS MB"], shelves),
        ]
    )


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[72, 1000], help="how many stories on the shelf")
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"), help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories to recombine")
    asked = parser.parse_args()
    shipped = list(Shelf.read(asked.stories))
    texts = [row.situation for row in read_labelled(asked.labels)][:TEXTS]
    given = settings_for(asked.stories, Path("data"))
    encoder = TimedEncoder(given.model, given.threads)
    encoder.load()
    runs = [measure(size, shipped, texts, encoder) for size in asked.sizes]
    print(as_text(runs, len(texts), len(shipped)))


if __name__ == "__main__":
    main()
