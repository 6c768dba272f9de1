"""What a shelf costs to build, to keep in step with its folder, and to hold."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks import settings_for
from benchmarks.speed.clock import Work, disk_megabytes, resident_megabytes, worked
from benchmarks.speed.shelves import ComposingEncoder, TimedEncoder, shelf_stories, write_folder
from library.calibration import projection_of
from library.index import open_index
from library.library import Library
from library.reading import write_text
from library.search import Search
from library.shelf import Shelf, _searched
from library.story import Story
from library.vectors import VectorCache
from library.vocabulary import Vocabulary

EDITS = 3
SHARE = 10
"""One story in so many changes in the sync of many."""


@dataclass(frozen=True)
class Build:
    """A first sync with every text embedded, beside the bare model on the same texts, before it and after it."""

    stories: int
    texts: int
    work: Work
    bare: float
    """Seconds of model.encode of the same texts, the mean of two."""

    @property
    def share(self) -> float:
        """Which part of the bare model's texts a second the build reaches."""
        return self.bare / self.work.seconds


@dataclass(frozen=True)
class Kept:
    """A shelf that is there to be asked, and what it cost."""

    search: Search
    data: Path
    stories: Path | None
    """The folder; None for a shelf that no folder holds."""
    passages: int
    build: Work
    again: Work | None = None
    """Opened anew on the unchanged folder."""
    edit: Work | None = None
    many: Work | None = None
    """A sync after one story in ten changed, and how many those were."""
    changed: int = 0
    megabytes: float = 0.0
    disk: float = 0.0


def build(shipped: Sequence[Story], size: int, encoder: TimedEncoder) -> Build:
    """Build a shelf, every text really embedded."""
    stories = shelf_stories(shipped, size)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(Path(place, "stories"), Path(place, "data"))
        write_folder(settings.stories, stories)
        texts = list(dict.fromkeys(p for made in Shelf.read(settings.stories).passages for p in made.parts))
        texts.sort(key=len)
        encode = partial(encoder.bare.encode, texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
        bare = [seconds(encode)]
        library = Library(settings, encoder)
        work = worked(library.sync, encoder)
        library.close()
        bare.append(seconds(encode))
        return Build(size, len(texts), work, sum(bare) / 2)


def seconds(step: partial[object]) -> float:
    """How long a step takes."""
    started = perf_counter()
    step()
    return perf_counter() - started


@contextmanager
def kept_in_files(shipped: Sequence[Story], size: int, encoder: ComposingEncoder) -> Iterator[Kept]:
    """A shelf in a folder, kept by a library: built, opened again, and edited."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(Path(place, "stories"), Path(place, "data"))
        write_folder(settings.stories, shelf_stories(shipped, size))
        library = Library(settings, encoder)
        first = worked(library.sync, encoder)
        library.close()
        library = Library(settings, encoder)
        again = worked(library.sync, encoder)
        edits = sorted((edited(library, encoder, [number]) for number in range(EDITS)), key=lambda work: work.seconds)
        changed = range(EDITS, size, SHARE)
        many = edited(library, encoder, changed)
        kept = Kept(
            library.state.search, settings.data, settings.stories, len(library.state.shelf.passages), first, again
        )
        yield replace(
            kept,
            edit=edits[EDITS // 2],
            many=many,
            changed=len(changed),
            megabytes=resident_megabytes(),
            disk=disk_megabytes(settings.data),
        )
        library.close()


def edited(library: Library, encoder: TimedEncoder, numbers: Sequence[int]) -> Work:
    """Change a sentence of some stories and sync."""
    stories = list(library.state.shelf)
    changed = []
    for number in numbers:
        *others, last = stories[number].sections
        changed.append(replace(stories[number], sections=(*others, replace(last, text=f"Tell me, {last.text}"))))
    for story in changed:
        (library.settings.stories / f"{story.id}.md").write_text(write_text(story), encoding="utf-8")
    return worked(library.sync, encoder)


@contextmanager
def kept_in_memory(
    shipped: Sequence[Story], size: int, encoder: ComposingEncoder, vocabulary: Vocabulary
) -> Iterator[Kept]:
    """A shelf that no folder holds, to be asked only; its donors had their names taken out, it is not done again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        data = Path(place)
        shelf = Shelf({story.id: story for story in shelf_stories(shipped, size)}, vocabulary=vocabulary)
        for story in list(shelf)[len(shipped) :]:
            shelf._made[story.id] = _searched(story, vocabulary)
        cache = VectorCache(None, encoder, projection_of(data, encoder.name))
        index = open_index(data / "index")

        def sync() -> Search:
            vectors = cache.passages(shelf.passages)
            index.sync(vectors)
            search = Search(shelf, cache, vectors, index)
            search.get_ready()
            made.append(search)
            return search

        made: list[Search] = []
        work = worked(sync, encoder)
        yield Kept(
            made[0], data, None, len(shelf.passages), work, megabytes=resident_megabytes(), disk=disk_megabytes(data)
        )
        index.close()
