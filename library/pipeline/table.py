"""The answers as a table that may leave: each story in safe wording, whoever takes it along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from library.exchange.exporting import fit_to_leave
from library.exchange.tables import Table
from library.people import GUEST, display_name
from library.pipeline.answers import Answer
from library.story import Story, sentences

if TYPE_CHECKING:
    from library.shelf import Shelf

HEADINGS: Mapping[str, str] = {
    "deal": "Deal",
    "account": "Account",
    "owner": "Owner",
    "stage": "Stage",
    "closes": "Close date",
    "amount": "Amount",
    "why": "Why",
    "ask_owner": "Ask about the deal",
    "verdict": "Fit",
    "story": "Story",
    "told_of": "Told of",
    "evidence": "Why it fits",
    "question": "Ask the prospect",
    "next_step": "Next step",
    "story_id": "Story id",
    "id": "Opportunity id",
    "row": "Row",
}
"""What is said of a deal: its key in JSON, and its heading in a table."""
Value = str | float | None


@dataclass
class SafeWording:
    """The stories of a shelf as they may go out on a day, each made once."""

    shelf: Shelf
    today: date
    _made: dict[str, Story | None] = field(default_factory=dict, repr=False)

    def story(self, story_id: str) -> Story | None:
        """A story in safe wording, its id without a name; None where it is gone or may not go out."""
        if story_id not in self._made:
            story = self.shelf.get(story_id)
            goes = story is not None and story.tellable(self.today)
            self._made[story_id] = fit_to_leave(story, GUEST, self.today) if story is not None and goes else None
        return self._made[story_id]

    def evidence(self, answer: Answer) -> str:
        """The sentence that fits, in safe wording; its whole beat where the sentence cannot be told apart there."""
        safe, whole = self.story(answer.story), self.shelf.get(answer.story)
        if safe is None or whole is None:
            return ""
        said = sentences(safe.beat(answer.beat))
        same = len(said) == len(sentences(whole.beat(answer.beat)))
        return said[answer.place] if same and 0 <= answer.place < len(said) else safe.beat(answer.beat)


def rows_of(answers: Iterable[Answer], shelf: Shelf, today: date) -> list[dict[str, Value]]:
    """A row a deal, in the order given: plain values under the keys of HEADINGS."""
    wording = SafeWording(shelf, today)
    return [_row(answer, wording) for answer in answers]


def table_of_answers(answers: Iterable[Answer], shelf: Shelf, today: date) -> Table:
    """The same as a table, to be written by `exchange.tables`, which leaves no cell a formula."""
    answers = list(answers)
    labels = [{"why": answer.why.label, "verdict": answer.fit.value} for answer in answers]
    told = zip(rows_of(answers, shelf, today), labels, strict=True)
    rows = [[said.get(key, row[key]) for key in HEADINGS] for row, said in told]
    return Table(rows, columns=list(HEADINGS.values()), dtype=object)


def _row(answer: Answer, wording: SafeWording) -> dict[str, Value]:
    deal, safe = answer.deal, wording.story(answer.story)
    return {
        "deal": deal.title,
        "account": deal.account,
        "owner": deal.owner,
        "stage": deal.stage,
        "closes": deal.closes_on.isoformat() if deal.closes_on else deal.closes,
        "amount": int(deal.amount) if deal.amount is not None and deal.amount.is_integer() else deal.amount,
        "why": answer.why.value,
        "ask_owner": answer.asked.question(wording.today),
        "verdict": answer.verdict.value,
        "story": safe.title if safe else "",
        "told_of": display_name(safe) if safe else "",
        "evidence": wording.evidence(answer),
        "question": safe.question if safe else "",
        "next_step": deal.next_step,
        "story_id": safe.id if safe else "",
        "id": deal.id,
        "row": deal.row,
    }
