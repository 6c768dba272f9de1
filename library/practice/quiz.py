"""Which story would you tell? A situation, four stories, a choice, and what the library thinks of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date

from library.match import Verdict
from library.search import Search
from library.shelf import Shelf
from library.situation import Situation, understand

FOUR = 4


@dataclass(frozen=True, slots=True)
class Round:
    """One question."""

    situation: str
    stories: tuple[str, ...]
    """Four stories in no order that says anything."""
    best: str
    """What the library would tell."""
    ranked: tuple[str, ...]
    """The four as the library ranks them, best first."""

    def understood(self, shelf: Shelf) -> Situation:
        """The situation as a search takes it."""
        return understand(self.situation, shelf.vocabulary)

    def agrees(self, chosen: str) -> bool:
        """Whether somebody chose as the library would."""
        return chosen == self.best


def round_of(situation: str, search: Search, today: date, number: int) -> Round | None:
    """A round on a situation: the library's story among three that fit less; None where nothing comes close.

    The number decides the three and the order: the same number gives the same round.
    """
    found = search.find(understand(situation, search.shelf.vocabulary), today, 12)
    if found.verdict is not Verdict.CLOSE:
        return None
    draw = random.Random(f"{situation}{number}")  # noqa: S311 - a game
    best = found.stories[0]
    change = search.shelf.stories[best].change
    near = [story for story in found.stories[3:] if story != best]
    far = [s.id for s in search.shelf.tellable(today) if s.id not in found.stories and s.change != change]
    if len(near) + len(far) < FOUR - 1:
        return None
    others = draw.sample(near, min(1, len(near)))
    others += draw.sample(far, min(FOUR - 1 - len(others), len(far)))
    others += [story for story in near if story not in others][: FOUR - 1 - len(others)]
    four = [best, *others]
    place = {story: at for at, story in enumerate(found.stories)}
    ranked = sorted(four, key=lambda story: (place.get(story, len(place)), story))
    draw.shuffle(four)
    return Round(situation, tuple(four), best, tuple(ranked))


def nameless(text: str, shelf: Shelf) -> str:
    """A real ask fit to be shown to others: empty where a word of it may be somebody's name.

    A name is taken to be a word with a capital that is no term of the vocabulary and that no story uses without one;
    so is a word of a customer's or a contact's name, in whatever case.
    """
    ordinary = _ordinary(shelf) | {
        word for m in shelf.vocabulary.mentions(text) for word in _lower(text[m.start : m.end])
    }
    known = {word for story in shelf for word in _lower(f"{story.customer} {story.heard_from.split(',')[0]}")}
    strange = [
        word
        for word in _WORD.findall(text)
        if word not in _SHORT_FORMS and word.lower() not in ordinary and (word != word.lower() or word in known)
    ]
    return "" if strange or _ADDRESS.search(text) else " ".join(text.split())


def _ordinary(shelf: Shelf) -> frozenset[str]:
    """Every word the stories use in lower case."""
    return frozenset(word for story in shelf for word in re.findall(r"\b[a-z][a-z'’-]+", story.telling)) | {"a", "i"}


def _lower(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


_WORD = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]*(?:['’](?!(?:s|m|d|ll|re|ve)\b)[^\W_]+)?")
_ADDRESS = re.compile(r"@|https?:|www\.|[^\W_]\.[a-z]{2,}\b", re.IGNORECASE)
_SHORT_FORMS = frozenset(
    "AI B2B BI CRM CT DSO EBITDA ERP FTE GDP GDPR GL HQ HR ICT IFRS ISO IT KPI NGO OEM OK OTIF PDF PO Q1 Q2 Q3 Q4 QA "
    "RFP SLA SME TV VAT VP".split()
)
"""Capitals that are nobody's name."""
