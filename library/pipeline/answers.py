"""Deals with their answers: the story that fits, why, and what to ask where the notes give no reason to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from library.match import Found, Verdict
from library.people import Person, Role
from library.pipeline.deals import Deal
from library.search import SHOWN, Search
from library.situation import Situation
from library.story import Beat, sentences
from library.vocabulary import Vocabulary
from library.wording import day

CHUNK = 128
"""So many deals go through the model at a time; between two chunks a run can be stopped."""
_SEES_ALL = Person(role=Role.LEAD)
"""Only the place of a sentence is kept of what this person sees; whoever reads it gets it in their own wording."""


class Why(StrEnum):
    """What a deal's notes say of why the customer should change."""

    NONE = "none"
    NO_CHANGE = "no change"
    NO_PAIN = "no pain"
    TOLD = "told"

    @property
    def label(self) -> str:
        """The same in a table's cell."""
        return {
            Why.NONE: "No why",
            Why.NO_CHANGE: "No change named",
            Why.NO_PAIN: "No cost named",
            Why.TOLD: "Change and cost",
        }[self]

    @property
    def asks(self) -> bool:
        """Whether a part of the why is missing, so that somebody is to be asked for it."""
        return self is not Why.TOLD


class Fit(StrEnum):
    """The verdict on a deal, as it is read; no story is looked for where nothing tells of the customer."""

    CLOSE = Verdict.CLOSE.label
    NEAREST = Verdict.NEAREST.label
    NOTHING = Verdict.NOTHING.label
    NOT_ASKED = "Not looked for"


_QUESTIONS = {
    Why.NONE: "What changed for them, and what does staying as they are cost them?",
    Why.NO_CHANGE: "What changed for them?",
    Why.NO_PAIN: "What does staying as they are cost them?",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A deal and what its notes were understood as."""

    deal: Deal
    situation: Situation

    @property
    def why(self) -> Why:
        """Whether the notes name a change and a pain."""
        return {
            (False, False): Why.NONE,
            (False, True): Why.NO_CHANGE,
            (True, False): Why.NO_PAIN,
            (True, True): Why.TOLD,
        }[self.situation.change, self.situation.pain]

    @property
    def order(self) -> tuple[int, date, float, int]:
        """What it is sorted by: no why first, then what closes soonest, then the largest."""
        missing = len(self.situation.missing)
        return -missing, self.deal.closes_on or date.max, -(self.deal.amount or 0), self.deal.row

    def question(self, today: date) -> str:
        """What to ask whoever owns the deal, put concretely; empty where the notes tell why."""
        if not self.why.asks:
            return ""
        when = self.deal.closes_on
        if when is None:
            return f"Why is this deal expected to close? {_QUESTIONS[self.why]}"
        verb = "was" if when < today else "is"
        return f"Why {verb} this deal expected to close on {day(when)}? {_QUESTIONS[self.why]}"


@dataclass(frozen=True, slots=True)
class Answer:
    """A deal with the stories found for it, best first, and where in the best one the sentence stands that fits."""

    asked: Asked
    found: Found
    stories: tuple[str, ...] = ()
    beat: Beat = Beat.WHO
    place: int = -1
    """Which sentence of the beat; -1 where it stands only in a wording without names."""

    @property
    def deal(self) -> Deal:
        """The deal."""
        return self.asked.deal

    @property
    def why(self) -> Why:
        """Whether its notes name a change and a pain."""
        return self.asked.why

    @property
    def verdict(self) -> Verdict:
        """How well the shelf answers it."""
        return self.found.verdict if self.stories else Verdict.NOTHING

    @property
    def fit(self) -> Fit:
        """The verdict in words."""
        return Fit[self.verdict.name] if self.asked.situation.text else Fit.NOT_ASKED

    @property
    def story(self) -> str:
        """The id of the best story, or ""."""
        return self.stories[0] if self.stories else ""


def asked_of(
    deals: Iterable[Deal], vocabulary: Vocabulary, progress: Callable[[], bool] | None = None
) -> Iterator[Asked]:
    """Each deal as understood, in the order of the file; ends early where progress, called for each, says False."""
    for deal in deals:
        if progress is not None and not progress():
            return
        yield Asked(deal, deal.situation(vocabulary))


def in_order(asked: Iterable[Asked]) -> list[Asked]:
    """Deals with no why first, then what closes soonest, then the largest."""
    return sorted(asked, key=lambda one: one.order)


def answers_of(
    deals: Iterable[Deal], search: Search, today: date, progress: Callable[[int], None] | None = None
) -> Iterator[Answer]:
    """The answers of all deals, in order; progress is told how many more are done."""
    asked = in_order(asked_of(deals, search.shelf.vocabulary))
    for at in range(0, len(asked), CHUNK):
        for answer in answers_to(asked[at : at + CHUNK], search, today):
            yield answer
            if progress:
                progress(1)


def answers_to(asked: Sequence[Asked], search: Search, today: date) -> list[Answer]:
    """The stories for a chunk of deals; their words reach the encoder together, and are kept in memory only."""
    search.prepare([one.situation.text for one in asked if one.situation.text])
    found = [search.find(one.situation, today, SHOWN) for one in asked]
    chosen = [tuple(search.diverse(one, SHOWN)) if one.verdict is not Verdict.NOTHING else () for one in found]
    search.embed_reasons({stories[0] for stories in chosen if stories})
    return [_answer(*one, search) for one in zip(asked, found, chosen, strict=True)]


def _answer(asked: Asked, found: Found, stories: tuple[str, ...], search: Search) -> Answer:
    if not stories:
        return Answer(asked, found)
    evidence = search.match(found, _SEES_ALL, stories[:1])[0].evidence
    told = sentences(search.shelf.stories[stories[0]].beat(evidence.beat))
    place = told.index(evidence.sentence) if evidence.sentence in told else -1
    return Answer(asked, found, stories, evidence.beat, place)
