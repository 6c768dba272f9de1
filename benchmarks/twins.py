"""Whether a story told again is known as the one that is there: python -m benchmarks.twins.

Retellings of the shelf's stories that tell all of it (both reporting halves of tests/retellings.jsonl, as told and in
other words) are put into beats by the proposals, as Tell does with notes, and held against the shelf. Beside them the
shelf's own stories, each against the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.retellings import ROOT, retellings
from benchmarks.table import table
from library.capture.notes import note_sentences
from library.capture.propose import propose
from library.capture.twins import ALIKE, Twins
from library.encoder import SentenceEncoder
from library.settings import Settings
from library.shelf import Shelf
from library.story import Beat, Section, Story
from library.vectors import VectorCache

KINDS = {"complete": "told again, whole", "own-words": "told again in other words"}
BARS = (0.4, 0.45, ALIKE, 0.55, 0.6)


def draft(row: dict[str, Any], shelf: Shelf, cache: VectorCache) -> Story:
    """A retelling as a story being written, of a customer not yet named."""
    said = note_sentences(row["text"])
    parts: dict[Beat, list[str]] = {}
    for sentence, proposal in zip(said, propose(said, cache), strict=True):
        if proposal.beat:
            parts.setdefault(proposal.beat, []).append(sentence.text)
    sections = tuple(Section(beat.heading, " ".join(parts[beat]), beat) for beat in Beat if beat in parts)
    return replace(shelf.stories[row["story"]], id=row["id"], customer="", alias="", sections=sections)


def seen(twins: Twins, drafts: Sequence[tuple[str, Story]]) -> str:
    """The share of stories whose twin is found, and is the story that was told."""
    found = [(story, twins.of(one)) for story, one in drafts]
    return f"{sum(twin is not None and twin.story.id == story for story, twin in found) / len(found):.2f}"


def main() -> None:
    """Print how many are seen, by the bar."""
    shelf = Shelf.read(ROOT / "stories")
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        cache = VectorCache(Path(place, "vectors.db"), SentenceEncoder.of(Settings()))
        told: dict[str, list[tuple[str, Story]]] = {kind: [] for kind in KINDS}
        for row in (*retellings("report"), *retellings("before")):
            if row["kind"] in told:
                told[row["kind"]].append((row["story"], draft(row, shelf, cache)))
        rows = []
        for bar in BARS:
            twins = Twins(shelf, cache, bar)
            strangers = [replace(story, customer="") for story in shelf]
            own = sum(twins.of(story) is not None for story in strangers)
            name = f"{bar:.2f}{', as it ships' if bar == ALIKE else ''}"
            rows.append([name, *(seen(twins, told[kind]) for kind in KINDS), f"{own} of {len(strangers)}"])
    head = [f"{name} ({len(told[kind])})" for kind, name in KINDS.items()]
    print(table(["bar", *head, "the shelf's own, called another's twin"], rows))


if __name__ == "__main__":
    main()
