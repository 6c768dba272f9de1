"""How well a wish in words holds: python -m benchmarks.wishes.

Each situation of the file that names the stories holding its wish ("holds") is read, and the stories let through are
held against that list. No model is needed: a wish filters before anything is ranked.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import mean

from benchmarks import settings_for
from benchmarks.table import table
from library.offered import Offered
from library.shelf import Shelf
from library.situation import understand


@dataclass(frozen=True)
class Wished:
    """One situation with a wish: the stories let through, those that hold it, and those that answer."""

    half: str
    said: str
    through: frozenset[str]
    holding: frozenset[str]
    answers: frozenset[str]
    offered: int
    """How many stories there are to offer."""

    @property
    def kept(self) -> bool:
        """Whether every story let through holds the wish."""
        return self.through <= self.holding

    @property
    def leaked(self) -> float:
        """The share let through of the stories that do not hold it."""
        return len(self.through - self.holding) / max(self.offered - len(self.holding), 1)

    @property
    def lost(self) -> float:
        """The share held back of the stories that answer."""
        return len(self.answers - self.through) / len(self.answers)


def wished(labels: Path, shelf: Shelf, offered: Offered, day: date) -> list[Wished]:
    """Every situation of a file of JSON lines that has a wish and says which stories hold it."""
    found = []
    tellable = int(offered.on(day).sum())
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("holds"):
            continue
        mask = offered.on(day, understand(row["situation"], shelf.vocabulary).facets)
        through = frozenset(story for story, may in zip(offered.ids, mask.tolist(), strict=True) if may)
        answers = frozenset(row["judged"])
        found.append(Wished(row["half"], row["situation"], through, frozenset(row["holds"]), answers, tellable))
    return found


def as_text(rows: Sequence[Wished]) -> str:
    """The table a person reads."""
    lines = []
    for half in dict.fromkeys(row.half for row in rows):
        part = [row for row in rows if row.half == half]
        figures = [mean(row.kept for row in part), mean(r.leaked for r in part), mean(r.lost for r in part)]
        lines.append([half, str(len(part)), *(f"{figure:.3f}" for figure in figures)])
    return table(["half", "wishes", "all shown hold it", "others let through", "answers held back"], lines)


def main() -> None:
    """Print how well wishes hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wishes", description=__doc__)
    parser.add_argument("--labels", type=Path, default=Path("tests/situations_second.jsonl"), help="JSON lines")
    parser.add_argument("--stories", type=Path, default=Path("stories"), help="the folder of stories")
    parser.add_argument("--missed", action="store_true", help="print the wishes of the choosing half that do not hold")
    asked = parser.parse_args()
    shelf = Shelf.read(asked.stories)
    rows = wished(asked.labels, shelf, Offered(shelf), settings_for(asked.stories, Path("data")).day)
    print(as_text(rows))
    if asked.missed:
        print(*(f"- {row.said}" for row in rows if row.half == "choose" and not row.kept), sep="\n")


if __name__ == "__main__":
    main()
