"""How often nothing is said, rightly and wrongly: python -m benchmarks.nothing.

First the curve: for each bar that "nothing" could lie at, the share of the answerable situations that get nothing,
which is wrong, and of those that nothing answers, which is right. Then wishes that no story fulfils. They are made:
each situation that a story answers, and that has no wish, under a country, an industry and a region that stories carry
and none of those that answer it does. Whatever is shown then only meets the wish. Beside them the labelled situations
with a wish that does hold, which must not get nothing; and those that nothing answers, under a wish at random. Last,
for each strength that "close" could begin at, the share of the answers from there on that begin with a story that can
be told, and how many would be close of the asks of tests/asks.jsonl, of reps with a prospect that no story is about.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
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

ASKS = Path("tests/asks.jsonl")
SEED = 7
BARS = [bar / 100 for bar in range(12, 52, 4)]
CLOSE = [bar / 100 for bar in range(56, 80, 4)]
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


def best(search: Search, situation: str, day: date) -> tuple[float, str]:
    """The strength the verdict is read from (the best of the first three stories), and the id of the first story."""
    found = search.strengths(understand(situation, search.shelf.vocabulary), day)
    return max((strength for _, strength in found), default=-1.0), found[0][0] if found else ""


def curve(rows: Sequence[Labelled], answers: Sequence[tuple[float, str]]) -> list[tuple[float, float]]:
    """For each bar, the share of wrong and of right nothings."""
    strengths: dict[bool, list[float]] = {True: [], False: []}
    for row, (strength, _) in zip(rows, answers, strict=True):
        strengths[bool(row.judged)].append(strength)
    return [(mean(s < bar for s in strengths[True]), mean(s < bar for s in strengths[False])) for bar in BARS]


def closeness(rows: Sequence[Labelled], answers: Sequence[tuple[float, str]]) -> list[str]:
    """For each strength that "close" could begin at, the answers from there on that begin with a story of any grade."""
    told = [(strength, first in row.judged) for row, (strength, first) in zip(rows, answers, strict=True)]
    usable = [[right for strength, right in told if strength >= bar] for bar in CLOSE]
    return [f"{mean(those):.2f} of {len(those)}" if those else "none" for those in usable]


def in_vain_asked(search: Search, day: date) -> tuple[list[str], str]:
    """How many asks that no story is about would be close from each strength on; and how they are answered."""
    asks = [json.loads(line)["text"] for line in ASKS.read_text(encoding="utf-8").splitlines()]
    strengths = [best(search, ask, day)[0] for ask in asks]
    given = Counter(search.find(understand(ask, search.shelf.vocabulary), day).verdict for ask in asks)
    close = [f"{sum(strength >= bar for strength in strengths)} of {len(asks)}" for bar in CLOSE]
    return close, ", ".join(f"{verdict} {given[verdict]}" for verdict in Verdict)


def main() -> None:
    """Print all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nothing", description=__doc__)
    parser.add_argument("--labels", type=Path, nargs="*", help="JSON lines of situations")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    given = parser.parse_args()
    files = given.labels or [Path("tests/situations.jsonl"), Path("tests/situations_second.jsonl")]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(given.stories, Path(place))
        library = Library(settings)
        search = library.state.search
        parts = {
            f"{file.stem}, {half}": [row for row in read_labelled(file) if row.half == half]
            for file in files
            for half in dict.fromkeys(row.half for row in read_labelled(file))
        }
        answers = {name: [best(search, row.situation, settings.day) for row in rows] for name, rows in parts.items()}
        vain = [
            [name, group, str(len(said)), f"{mean(said):.3f}"]
            for name, rows in parts.items()
            for group, said in sorted(nothings(search, rows, settings.day).items())
        ]
        close, answered = in_vain_asked(search, settings.day)
        library.close()
    curves = [curve(rows, answers[name]) for name, rows in parts.items()]
    shares = [closeness(rows, answers[name]) for name, rows in parts.items()]
    print(f"Wrong and right nothing by the bar; it lies at {search.thresholds.nearest}.")
    lines = [
        [f"{bar:.2f}", *(f"{wrong:.3f}  {right:.3f}" for wrong, right in at)]
        for bar, *at in zip(BARS, *curves, strict=True)
    ]
    print(table(["bar", *parts], lines))
    print("\nUnder wishes.")
    print(table(["", "", "asked", "nothing"], vain))
    print(f"\nAnswers that begin with a story that can be told, by strength; close is from {search.thresholds.close}.")
    rows = [[f"{bar:.2f}", *those] for bar, *those in zip(CLOSE, *shares, close, strict=True)]
    print(table(["from", *parts, "asks no story is about"], rows))
    print(f"\nThese asks are answered: {answered}.")


if __name__ == "__main__":
    main()
