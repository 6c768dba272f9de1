"""Numbers, months and weekdays that came out changed, learned from the labels: python -m benchmarks.swaps.

Prints the weights that stand in library/practice/swaps.py, fitted on the retellings of the choosing half and those to
teach with, and what they find when each story is judged by weights of the others. Ten minutes: the part in which
each detail is told is the judge's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.reader import TAUGHT_ON
from benchmarks.retellings import ROOT, alike, found_among, heard_in, made_up, retellings
from library.encoder import SentenceEncoder
from library.masking import without_names
from library.practice.judge import Judge
from library.practice.quantities import quantities
from library.practice.swaps import WEIGHTS, Detail, Swap, details_in, details_of, possible_swaps, swaps
from library.settings import Settings
from library.shelf import Shelf
from library.vectors import VectorCache


@dataclass(frozen=True)
class Told:
    """One labelled retelling: its details, and those of its story."""

    row: dict[str, Any]
    told: list[Detail]
    theirs: list[Detail]

    def is_swap(self, swap: Swap) -> bool:
        """Whether the label says that the one stands for the other."""
        return any(
            alike(change["said"], swap.told.quantity.said) and _names(change["was"], swap.theirs)
            for change in self.row["changed"]
        )


def _names(label: str, detail: Detail) -> bool:
    was = detail.quantity
    return alike(label, was.said) or any(q.kind is was.kind and q.value == was.value for q in quantities(label))


def read(shelf: Shelf, judge: Judge) -> list[Told]:
    """All retellings to learn from, each detail with the part it is told in."""
    tellings = []
    for row in (row for half in TAUGHT_ON for row in retellings(half)):
        story = without_names(shelf.stories[row["story"]])
        heard = heard_in(row, shelf)
        places = judge.judge(heard, story).beat_at(len(heard.words))
        tellings.append(Told(row, details_in(heard.text, places), details_of(story)))
    return tellings


def fit(tellings: list[Told]) -> dict[str, float]:
    """The weight of each sign."""
    pairs = [
        (swap.signs, telling.is_swap(swap))
        for telling in tellings
        for swap in possible_swaps(telling.told, telling.theirs)
    ]
    vectorizer = DictVectorizer(sparse=False)
    model = LogisticRegression(max_iter=5000, fit_intercept=False)
    # Ten times as large, the intercept is hardly held back by the regularisation.
    signs = vectorizer.fit_transform([{**signs, "always": 10.0} for signs, _ in pairs])
    model.fit(signs, [is_swap for _, is_swap in pairs])
    weights = dict(zip(vectorizer.get_feature_names_out(), model.coef_[0].tolist(), strict=True))
    return {sign: round(weight * (10 if sign == "always" else 1), 2) for sign, weight in weights.items()}


def across_stories(tellings: list[Told]) -> tuple[int, int, int]:
    """How many labelled changes are found, of how many, and how many others, each eighth of the stories by the rest."""
    met = labelled = extra = 0
    parts = defaultdict(list)
    stories = sorted({telling.row["story"] for telling in tellings})
    for telling in tellings:
        parts[stories.index(telling.row["story"]) % 8].append(telling)
    for part, tested in parts.items():
        weights = fit([telling for other, rest in parts.items() if other != part for telling in rest])
        for telling in tested:
            said = [swap.told.quantity.said for swap in swaps(telling.told, telling.theirs, weights)]
            wanted = [change["said"] for change in telling.row["changed"]]
            labelled += len(wanted)
            met, extra = met + found_among(wanted, said), extra + made_up(wanted, said)
    return met, labelled, extra


def main() -> None:
    shelf = Shelf.read(ROOT / "stories")
    tellings = read(shelf, Judge(shelf, VectorCache(None, SentenceEncoder.of(Settings()))))
    weights = fit(tellings)
    print("WEIGHTS = {", *(f'    "{sign}": {weight},' for sign, weight in weights.items()), "}", sep="\n")
    met, labelled, extra = across_stories(tellings)
    print(
        f"{met} of {labelled} changed details found, {extra} called changed that were not, in {len(tellings)} tellings"
    )
    same = weights.keys() == WEIGHTS.keys() and np.allclose(
        [*weights.values()], [WEIGHTS[s] for s in weights], atol=0.2
    )
    print("The weights that ship are these." if same else "The weights that ship are others.")


if __name__ == "__main__":
    main()
