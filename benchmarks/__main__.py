"""Every figure of the README and of docs/, printed anew.

    python -m benchmarks                    # all of them: an hour and a quarter on two cores, the quick ones first
    python -m benchmarks quality wishes     # some
    python -m benchmarks --list             # what there is, what document it is for, and how long it takes
    python -m benchmarks --collections ../shared/collections/cranfield ../shared/collections/npl

Collections that are not ours do not ship: give their folders. Each part is a command of its own, with settings of its
own: python -m benchmarks.quality --help. Nothing is fitted anew and nothing written beside a temporary folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import table

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Part:
    """A command that prints figures."""

    name: str
    document: str
    minutes: float
    """On two cores that do nothing else."""
    runs: tuple[tuple[str, ...], ...] = ((),)
    """The settings it runs with, once each."""


SECOND = ("--labels", "tests/situations_second.jsonl")
PARTS = (
    Part("checks", "docs/capture.md", 0.1),
    Part("twins", "docs/capture.md", 1),
    Part("proposals", "docs/capture.md", 1),
    Part("grouping", "docs/architecture.md", 0.5),
    Part("meetings", "docs/architecture.md", 0.2),
    Part("wishes", "docs/search.md", 1),
    Part("asking", "docs/search.md", 3),
    Part("nothing", "docs/search.md", 2),
    Part("untagged", "docs/search.md", 2),
    Part("parts", "docs/search.md", 2),
    Part("quality", "docs/search.md", 5, ((), ("--with-tags",), SECOND)),
    Part("questions", "docs/search.md", 4),
    Part("pipeline", "docs/pipeline.md", 2),
    Part("retellings", "docs/practice.md", 5),
    Part("swaps", "docs/practice.md", 10),
    Part("speed", "docs/speed.md", 40),
)


def run(name: str, settings: Sequence[str]) -> bool:
    """Run one command with what it prints shown; whether it came to its end."""
    print(f"\n=== python -m benchmarks.{' '.join([name, *settings])}\n", flush=True)
    return (
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *settings], cwd=ROOT, check=False).returncode == 0
    )


def main() -> None:
    """Run the parts that are asked for, and end with an error where one failed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [part.name for part in PARTS]
    parser.add_argument("names", nargs="*", metavar="part", help=", ".join(names))
    parser.add_argument("--list", action="store_true", help="what there is")
    parser.add_argument("--collections", nargs="+", type=Path, default=[], metavar="FOLDER", help="that are not ours")
    asked = parser.parse_args()
    if unknown := [name for name in asked.names if name not in names]:
        parser.error(f"There is no part called {', '.join(unknown)}. There are: {', '.join(names)}.")
    if asked.list:
        print(table(["part", "figures of", "minutes"], [[p.name, p.document, f"{p.minutes:g}"] for p in PARTS]))
        return
    # Collections alone are asked for alone.
    wanted = asked.names or ([] if asked.collections else names)
    runs = [(part.name, settings) for part in PARTS if part.name in wanted for settings in part.runs]
    runs += [("collections", (str(folder.resolve()),)) for folder in asked.collections]
    if failed := [" ".join([name, *settings]) for name, settings in runs if not run(name, settings)]:
        sys.exit(f"Did not come to their end: {'; '.join(failed)}.")


if __name__ == "__main__":
    main()
