"""How often nothing is said rightly under a wish that no story fulfils: python -m benchmarks.vain.

Made of the labelled situations: each that a story answers, and that has no wish, under a country, an industry and a
region that stories carry and none of those that answer it does. Whatever is shown then only meets the wish. Beside
them the labelled situations with a wish that does hold, which must not get nothing; and those that nothing answers,
under a wish at random.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean

from benchmarks import settings_for
from benchmarks.table import table
from library.evaluation import Labelled, read_labelled
from library.library import Library
from library.match import Verdict
from library.search import Search
from library.shelf import Shelf
from library.situation import Facet, Situation, understand
from library.wishes import Wish

SEED = 7
KINDS = ("country", "industry", "region")


def in_vain(situation: Situation, judged: Sequence[str], shelf: Shelf, day: date, chance: random.Random) -> list[Facet]:
    """For each kind a wish at random that some story holds, and none of those judged."""
    told = shelf.tellable(day)
    answers = [story for story in told if story.id in judged]
    found = []
    for kind in KINDS:
        free = {getattr(story, kind) for story in told} - {getattr(story, kind) for story in answers} - {""}
        found += [Facet(kind, chance.choice(sorted(free)), Wish.ONLY)] if free else []
    return [facet for facet in found if facet.key not in {known.key for known in situation.facets}]


def asked(rows: Sequence[Labelled], shelf: Shelf, day: date) -> Iterator[tuple[str, Situation]]:
    """Every situation under its wish, and which of the three groups it belongs to."""
    chance = random.Random(SEED)
    for row in rows:
        situation = understand(row.situation, shelf.vocabulary)
        if situation.strict:
            if row.judged:
                yield "a wish that holds", situation
            continue
        group = "fits only without the wish" if row.judged else "fits nowhere"
        for facet in in_vain(situation, list(row.judged), shelf, day, chance):
            yield f"{group}: {facet.kind}", replace(situation, facets=(*situation.facets, facet))


def nothings(search: Search, rows: Sequence[Labelled], day: date) -> dict[str, list[bool]]:
    """Whether nothing was the answer, by group."""
    found: dict[str, list[bool]] = {}
    for group, situation in asked(rows, search.shelf, day):
        found.setdefault(group, []).append(search.find(situation, day).verdict is Verdict.NOTHING)
    return found


def main() -> None:
    """Print how often nothing is said, half by half."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vain", description=__doc__)
    parser.add_argument("--labels", type=Path, nargs="*", help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    given = parser.parse_args()
    files = given.labels or [Path("tests/situations.jsonl"), Path("tests/situations_second.jsonl")]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(given.stories, Path(place))
        library = Library(settings)
        search, lines = library.state.search, []
        for file in files:
            labelled = read_labelled(file)
            for half in dict.fromkeys(row.half for row in labelled):
                part = nothings(search, [row for row in labelled if row.half == half], settings.day)
                lines += [
                    [f"{file.stem}, {half}", name, str(len(v)), f"{mean(v):.3f}"] for name, v in sorted(part.items())
                ]
        library.close()
    print(table(["", "", "asked", "nothing"], lines))


if __name__ == "__main__":
    main()
