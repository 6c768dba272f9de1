"""The checks held against the shelf and against product case studies: python -m benchmarks.checks.

tests/case_studies.jsonl holds the case studies the words of the checks were chosen on, tests/case_studies_unseen.jsonl
those another writer wrote after that; an editor gave each its reasons. No model is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.table import table
from library.checks.checks import check, check_text
from library.checks.findings import Checked, Reason, Verdict
from library.checks.words import Words
from library.shelf import Shelf
from library.story import Status

ROOT = Path(__file__).parent.parent
CHOSEN_ON, UNSEEN = (ROOT / "tests" / f"case_studies{which}.jsonl" for which in ("", "_unseen"))
PRODUCT_CENTRIC = frozenset({"valve-foundry-carbon", "warehouse-hourly-stock"})
"""The drafts of the shelf that were written as such."""
OUR_NAME, NOBODYS_NAME = "ERP Corp", "Nordpeak"


@dataclass(frozen=True)
class Study:
    """A product case study, and what an editor said is amiss with it."""

    title: str
    text: str
    reasons: frozenset[str]


def studies(file: Path, vendor: str = OUR_NAME) -> list[Study]:
    """The case studies of a file, told of us or of another vendor."""
    rows = [json.loads(line.replace(OUR_NAME, vendor)) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Study(row["title"], row["text"], frozenset(row["reasons"])) for row in rows]


def named(held: Sequence[Checked], what: str, *, good: bool = False) -> list[str]:
    """A row: how many are called product-centric, and the sentences that name us in the one most or least like it."""
    shares = [one.meter.share for one in held]
    edge = f"most {max(shares):.2f}" if good else f"least {min(shares):.2f}"
    return [what, f"{sum(one.product_centric for one in held)} of {len(held)}", edge]


def reasons(pairs: Iterable[tuple[Study, Checked]], known: frozenset[str]) -> dict[str, tuple[int, int, int]]:
    """For each reason an editor knows: how often the editor gave it, how often the checks, how often both."""
    given: dict[str, tuple[int, int, int]] = dict.fromkeys(sorted(known), (0, 0, 0))
    for study, checked in pairs:
        said = {str(reason) for reason in checked.reasons}
        for reason, (theirs, ours, both) in given.items():
            meant, heard = reason in study.reasons, reason in said
            given[reason] = (theirs + meant, ours + heard, both + (meant and heard))
    return given


def found(given: Mapping[str, tuple[int, int, int]]) -> str:
    """Reasons together, then those of which fewer than three in four are found."""
    theirs, ours, both = (sum(counts[at] for counts in given.values()) for at in range(3))
    weak = [f"{name} {hit} of {meant}" for name, (meant, _, hit) in given.items() if 4 * hit < 3 * meant]
    return (
        f"{both} of {theirs} reasons found ({both / theirs:.2f}), {both} of {ours} named are the editor's too "
        f"({both / ours:.2f}). Weak: {', '.join(weak) or 'none'}."
    )


def main() -> None:
    """Print what the checks say of stories and of case studies."""
    shelf = Shelf.read(ROOT / "stories")
    words = Words.load(shelf.vocabulary)
    told = {story.id: check(story, words) for story in shelf}
    good = {story: checked for story, checked in told.items() if story not in PRODUCT_CENTRIC}
    rows = [
        named(list(good.values()), "stories of the shelf, without two", good=True),
        named([told[story] for story in sorted(PRODUCT_CENTRIC)], "the two, written about our product"),
    ]
    known = frozenset(Reason) & frozenset.union(*(study.reasons for study in studies(CHOSEN_ON)))
    lines = []
    for file, what in ((CHOSEN_ON, "the words were chosen on"), (UNSEEN, "by another writer, first sight")):
        ours = studies(file)
        held = [check_text(study.text, words, study.title) for study in ours]
        theirs = [check_text(study.text, words, study.title) for study in studies(file, NOBODYS_NAME)]
        rows.append(named(held, f"case studies {what}"))
        rows.append(named(theirs, "the same of a vendor nobody knows"))
        lines.append(f"Case studies {what}: {found(reasons(zip(ours, held, strict=True), known))}")
    print(table(["", "called product-centric", "sentences that name us"], rows))
    print(*lines, sep="\n")
    ready = [one for story, one in good.items() if shelf.stories[story].status is not Status.DRAFT]
    whole = sum(one.verdict is Verdict.PASS for one in ready)
    print(
        f"Stories published or in review: {sum(one.publishable for one in ready)} of {len(ready)} can be published, "
        f"{whole} pass every check."
    )


if __name__ == "__main__":
    main()
