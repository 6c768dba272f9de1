"""How well wishes are told from what is said of the prospect, mark by mark: python -m benchmarks.asking.

tests/wishes.jsonl holds lines as reps type them, each industry, role, place and size marked as wished ("only"), refused
("not") or merely said ("lean"). The weights that ship (library/asking.json) are fitted on the choosing half:

    python -m benchmarks.asking fit
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.table import table
from library.asking import WEIGHTS, Weights, commanded, meant, signs
from library.cues import Line, Named
from library.situation import facts_named
from library.vocabulary import Vocabulary
from library.wishes import Wish

LABELLED = Path(__file__).parent.parent / "tests" / "wishes.jsonl"
WISHES = [Wish.LEAN, Wish.ONLY, Wish.NOT]
OFTEN = 5
"""A sign seen less often is not learned from."""
LEAST = 0.08
"""A weight nearer to nothing is not kept."""


@dataclass(frozen=True)
class Marked:
    """One line with what its writer meant."""

    writer: str
    half: str
    text: str
    marks: tuple[tuple[Named, Wish], ...]
    known: tuple[Named, ...]
    """What the vocabulary knows of the line, whether marked or not."""

    @cached_property
    def labels(self) -> list[Wish]:
        """How each fact known is meant; what nobody marked is merely said."""
        return [self._label(named) for named in self.known]

    @property
    def unknown(self) -> list[tuple[Named, Wish]]:
        """The marks at words that the vocabulary does not know."""
        return [(mark, wish) for mark, wish in self.marks if not any(_meet(mark, named) for named in self.known)]

    @property
    def strict(self) -> bool:
        """Whether anything is wished or refused."""
        return any(wish is not Wish.LEAN for _, wish in self.marks)

    def _label(self, named: Named) -> Wish:
        wishes = [wish for mark, wish in self.marks if _meet(mark, named)]
        return next((wish for wish in wishes if wish is not Wish.LEAN), Wish.LEAN)


def _meet(a: Named, b: Named) -> bool:
    return a.start < b.end and b.start < a.end


def marked(path: Path, vocabulary: Vocabulary) -> list[Marked]:
    """Every line of a file of JSON lines."""
    found = []
    for written in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(written)
        at, marks = 0, []
        for mark in row["marks"]:
            start = row["text"].index(mark["said"], at)
            at = start + len(mark["said"])
            marks.append((Named(mark["kind"], start, at), Wish(mark["wish"])))
        known = tuple(named for named, _ in facts_named(row["text"], vocabulary.mentions(row["text"])))
        found.append(Marked(row["writer"], row["half"], row["text"], tuple(marks), known))
    return found


def fit(rows: Sequence[Marked]) -> dict[str, list[float]]:
    """For each sign what it says for a wish and for a refusal, against a mere mention."""
    found: list[dict[str, float]] = []
    labels: list[int] = []
    for row in rows:
        for line, which, wish, before in _taught(row):
            found.append(signs(line, which, commanded(line)[which][0], before))
            labels.append(WISHES.index(wish))
    seen = Counter(sign for one in found for sign in one)
    names = DictVectorizer()
    counted = names.fit_transform([{sign: w for sign, w in one.items() if seen[sign] >= OFTEN} for one in found])
    model = LogisticRegression(C=0.5, max_iter=5000).fit(counted, labels)
    against = model.coef_[1:] - model.coef_[0]
    kept = {"": [round(float(w), 2) for w in model.intercept_[1:] - model.intercept_[0]]}
    for name, weights in sorted(zip(names.get_feature_names_out(), against.T.tolist(), strict=True)):
        if max(map(abs, weights)) >= LEAST:
            kept[name] = [round(weight, 2) for weight in weights]
    return kept


def _taught(row: Marked) -> list[tuple[Line, int, Wish, Wish | None]]:
    """Each fact of a line with the label to learn: those known, and marks at words unknown so far."""
    line = Line(row.text, row.known)
    taught = [(line, n, wish, row.labels[n - 1] if n else None) for n, wish in enumerate(row.labels)]
    for mark, wish in row.unknown:
        named = sorted((*row.known, mark), key=lambda fact: fact.start)
        at = named.index(mark)
        taught.append((Line(row.text, named), at, wish, row.labels[at - 1] if at else None))
    return taught


def read(rows: Sequence[Marked], weights: Weights | None = None) -> list[list[Wish]]:
    """How the facts known of each line are meant, by the weights given or those that ship."""
    return [[wish for wish, _ in meant(row.text, row.known, weights)] for row in rows]


def across_writers(rows: Sequence[Marked]) -> list[list[Wish]]:
    """The same, each writer's lines by weights fitted on the others'."""
    by_writer = {writer: fit([row for row in rows if row.writer != writer]) for writer in {row.writer for row in rows}}
    return [read([row], by_writer[row.writer])[0] for row in rows]


def as_text(name: str, rows: Sequence[Marked], said: Sequence[Sequence[Wish]]) -> str:
    """The table a person reads, and how many lines are read as their writer meant them."""
    pairs = Counter(
        pair for row, wishes in zip(rows, said, strict=True) for pair in zip(row.labels, wishes, strict=True)
    )
    lines = [
        (label, *(str(pairs[label, wish]) for wish in WISHES), *_recall_and_precision(label, pairs)) for label in WISHES
    ]
    right = [row.labels == list(wishes) for row, wishes in zip(rows, said, strict=True)]
    strict = [hit for row, hit in zip(rows, right, strict=True) if row.strict]
    plain = [hit for row, hit in zip(rows, right, strict=True) if not row.strict]
    unknown = [wish for row in rows for _, wish in row.unknown]
    return "\n".join(
        (
            table(
                (f"{name}: {len(rows)} lines, meant", *(f"read as {wish}" for wish in WISHES), "found", "right"), lines
            ),
            f"lines read as meant: with a wish {np.mean(strict):.3f} of {len(strict)}, "
            f"without {np.mean(plain):.3f} of {len(plain)}",
            f"wished or refused in words the vocabulary does not know: {_strict(unknown)} of "
            f"{_strict(wish for row in rows for _, wish in row.marks)}\n",
        )
    )


def _strict(wishes: Iterable[Wish]) -> int:
    return sum(wish is not Wish.LEAN for wish in wishes)


def _recall_and_precision(label: Wish, pairs: Counter[tuple[Wish, Wish]]) -> tuple[str, str]:
    there, said = (sum(pairs[pair] for pair in pairs if pair[side] is label) for side in (0, 1))
    return f"{pairs[label, label] / max(1, there):.2f}", f"{pairs[label, label] / max(1, said):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asking", description=__doc__)
    parser.add_argument("step", nargs="?", choices=("measure", "fit"), default="measure")
    parser.add_argument("--labels", type=Path, default=LABELLED, help="JSON lines")
    asked = parser.parse_args()
    rows = marked(asked.labels, Vocabulary.load())
    choosing, reporting = ([row for row in rows if row.half == half] for half in ("choose", "report"))
    if asked.step == "fit":
        weights = fit(choosing)
        WEIGHTS.write_text(_as_json(weights), encoding="utf-8")
        print(f"{len(weights)} weights written to {WEIGHTS}.")
        return
    print(as_text("choosing half, each writer by weights of the others", choosing, across_writers(choosing)))
    print(as_text("reporting half, by the weights that ship", reporting, read(reporting)))


def _as_json(weights: Weights) -> str:
    """One weight a line, so that a change can be read."""
    rows = (f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(list(pair))}" for name, pair in weights.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    main()
