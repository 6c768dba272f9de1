"""The judge of tellings, fitted and held against the labels: python -m benchmarks.retellings.

tests/retellings.jsonl holds retellings written by hand, labelled beat by beat: the choosing half, to fit the weights
that stand in library/practice/judge.py; more of the same stories and others, on which only the reader is taught
("teach", benchmarks/reader.py); the reporting half, of other stories and other writers; and the one before
it ("before"), of the same stories by others still, looked at often and learned from never.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.table import table
from library.encoder import SentenceEncoder
from library.masking import masked, without_names
from library.practice.details import details
from library.practice.hearing import Heard
from library.practice.judge import LINES, UNREAD, Judge, Line, Told, is_another_story, pair_of, verdict_on
from library.practice.measures import Heart
from library.practice.order import in_order
from library.practice.reader import Pair, Reader
from library.settings import Settings
from library.shelf import Shelf
from library.story import Beat, Story
from library.vectors import VectorCache

ROOT = Path(__file__).parent.parent
RETELLINGS = ROOT / "tests" / "retellings.jsonl"
VERDICTS = list(Told)


@dataclass(frozen=True)
class Row:
    """One beat of one retelling: its measures, what the reader reads, and what a coach said."""

    half: str
    story: str
    beat: Beat
    heart: Heart
    heard: Heard
    label: Told
    pair: Pair
    read: Sequence[float] = UNREAD


def retellings(half: str) -> list[dict[str, Any]]:
    """The labelled retellings of one half."""
    rows = [json.loads(line) for line in RETELLINGS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["half"] == half]


def rows_of(labelled: Sequence[dict[str, Any]], shelf: Shelf, judge: Judge) -> list[Row]:
    """The measures of each beat of each retelling."""
    rows: list[Row] = []
    for row in labelled:
        story = shelf.stories[row["story"]]
        labels = {beat: Told(row["beats"][beat.value]) for beat in Beat}
        rows += _rows(row["half"], masked(row["text"], story), without_names(story), labels, judge)
    return rows


def _rows(half: str, text: str, story: Story, labels: Mapping[Beat, Told], judge: Judge) -> list[Row]:
    heard = Heard.of(text)
    hearts, places = judge.measures.of(heard, story)
    if is_another_story(hearts):  # they are judged before any weight
        return []
    read = judge.read(heard, story, places)
    return [
        Row(
            half,
            story.id,
            beat,
            heart,
            heard,
            labels[beat],
            pair_of(heard, story, beat, places[beat]),
            read.get(beat, UNREAD),
        )
        for beat, heart in hearts.items()
    ]


def heard_in(row: Mapping[str, Any], shelf: Shelf) -> Heard:
    """A retelling as the judge hears it, names taken out."""
    return Heard.of(masked(row["text"], shelf.stories[row["story"]]))


def fit(rows: Sequence[Row]) -> dict[Told, Line]:
    """Multinomial logistic regression on the measures, with an intercept for each beat."""
    measures = np.array([row.heart.measures for row in rows])
    which = np.array([[row.beat is beat for beat in Beat] for row in rows], dtype=float)
    middle, scale = measures.mean(axis=0), measures.std(axis=0)
    model = LogisticRegression(C=1.0, max_iter=5000)
    model.fit(np.hstack([(measures - middle) / scale, 2 * which]), [VERDICTS.index(row.label) for row in rows])
    lines = {}
    for verdict, coefficients, intercept in zip(VERDICTS, model.coef_, model.intercept_, strict=True):
        weights = coefficients[: len(middle)] / scale
        at = intercept - weights @ middle + 2 * coefficients[len(middle) :]
        lines[verdict] = Line(*(tuple(round(float(w), 2) for w in part) for part in (weights, at)))
    return lines


def right(rows: Sequence[Row], lines: Mapping[Told, Line]) -> int:
    """How many verdicts are the coach's."""
    return sum(verdict_on(row.beat, row.heart, row.heard, lines, read=row.read) is row.label for row in rows)


def across_stories(rows: Sequence[Row]) -> float:
    """The share right when each story is judged with weights fitted on the others."""
    hits = 0
    for story in {row.story for row in rows}:
        lines = fit([row for row in rows if row.story != story])
        hits += right([row for row in rows if row.story == story], lines)
    return hits / len(rows)


def judged(
    half: str, shelf: Shelf, judge: Judge, every: int = 1
) -> list[tuple[dict[str, Any], dict[Beat, Told], bool, tuple[str, ...]]]:
    """Each retelling with the judge's verdicts, whether the order was kept, and what came out changed."""
    found = []
    for row in retellings(half)[::every]:
        story = without_names(shelf.stories[row["story"]])
        heard = heard_in(row, shelf)
        result = judge.judge(heard, story)
        changed = details(heard.text, story, result.beat_at(len(heard.words))).changed
        found.append((row, dict(result.verdicts), in_order(result.places), tuple(c.said for c in changed)))
    return found


def main() -> None:
    shelf = Shelf.read(ROOT / "stories")
    with TemporaryDirectory() as folder:
        encoder = SentenceEncoder.of(Settings())
        cache = VectorCache(Path(folder) / "vectors.db", encoder)
        choosing = rows_of(retellings("choose"), shelf, Judge(shelf, cache))
        judge = Judge(shelf, cache, Reader.of(encoder))
        lines = fit(choosing)
        print("weights fitted on the choosing half (those that ship stand in library/practice/judge.py):")
        for verdict, line in lines.items():
            print(f"  {verdict}: {line}")
        print(f"choosing half, each story by weights of the others, no reader: {across_stories(choosing):.3f} right\n")
        for half in sys.argv[1:] or ("report", "before"):
            _report(half, judged(half, shelf, judge))
    same = all(_alike_lines(line, LINES[verdict]) for verdict, line in lines.items())
    print("The weights that ship are these." if same else "The weights that ship are others.")


def _alike_lines(a: Line, b: Line) -> bool:
    """Whether two lines are the same but for what one batch more or less makes of a vector."""
    return np.allclose([*a.weights, *a.at], [*b.weights, *b.at], atol=0.2)


def _report(half: str, found: Sequence[tuple[dict[str, Any], dict[Beat, Told], bool, tuple[str, ...]]]) -> None:
    pairs = [(Told(row["beats"][beat]), told) for row, verdicts, _, _ in found for beat, told in verdicts.items()]
    counts = Counter(pairs)
    rows = [
        (label, *(str(counts[label, said]) for said in VERDICTS), _share(counts[label, label], label, counts))
        for label in VERDICTS
    ]
    print(table((f"{half}: {len(found)} retellings, labelled", *(f"judged {v}" for v in VERDICTS), "right"), rows))
    hits = sum(label is said for label, said in pairs)
    always = sum(label is Told.TOLD for label, _ in pairs)
    whether = sum((label is Told.TOLD) is (said is Told.TOLD) for label, said in pairs)
    print(f"right: {hits / len(pairs):.3f} of {len(pairs)} beats; always saying told: {always / len(pairs):.3f}")
    print(f"told or not: {whether / len(pairs):.3f} right; by kind of telling: {_by_kind(found)}")
    order = sum(row["in_order"] is kept for row, _, kept, _ in found)
    print(f"order kept or not: {order} of {len(found)} right")
    wanted = [(row, [c["said"] for c in row["changed"]], said) for row, _, _, said in found]
    met = sum(found_among(want, said) for _, want, said in wanted)
    extra = sum(made_up(want, said) for _, want, said in wanted)
    print(
        f"changed details: {met} of {sum(len(want) for _, want, _ in wanted)} found; "
        f"{extra} called changed that were not\n"
    )


def _by_kind(found: Sequence[tuple[dict[str, Any], dict[Beat, Told], bool, tuple[str, ...]]]) -> str:
    shares: dict[str, list[bool]] = {}
    for row, verdicts, _, _ in found:
        shares.setdefault(row["kind"], []).extend(Told(row["beats"][b]) is told for b, told in verdicts.items())
    return ", ".join(f"{kind} {sum(hits) / len(hits):.2f}" for kind, hits in sorted(shares.items()))


def _share(count: int, label: Told, counts: Counter[tuple[Told, Told]]) -> str:
    return f"{count / max(1, sum(counts[label, said] for said in VERDICTS)):.2f}"


def found_among(wanted: Sequence[str], said: Sequence[str]) -> int:
    """How many of the details labelled as changed are called so."""
    return sum(any(alike(want, call) for call in said) for want in wanted)


def made_up(wanted: Sequence[str], said: Sequence[str]) -> int:
    """How many are called changed that are not."""
    return sum(not any(alike(want, call) for want in wanted) for call in said)


def alike(a: str, b: str) -> bool:
    """Whether two details as they are said are the same: one holds the other."""
    a, b = (text.lower().replace("-", " ") for text in (a, b))
    return a in b or b in a


if __name__ == "__main__":
    main()
