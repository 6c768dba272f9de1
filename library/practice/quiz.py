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

    A name is taken to be a word with a capital that is no term of the vocabulary and that no story uses without one.
    """
    ordinary = _ordinary(shelf)
    terms = {word.lower() for m in shelf.vocabulary.mentions(text) for word in text[m.start : m.end].split()}
    strange = [w for w in _CAPITAL.findall(text) if w.lower() not in ordinary | terms and not w.isupper()]
    return "" if strange or _ADDRESS.search(text) else " ".join(text.split())


def _ordinary(shelf: Shelf) -> frozenset[str]:
    """Every word the stories use in lower case."""
    return frozenset(word for story in shelf for word in re.findall(r"\b[a-z][a-z'’-]+", story.telling)) | {"i"}


_CAPITAL = re.compile(r"\b[A-Z][^\W\d_]*(?:['’][^\W\d_]+)?")
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|net|org|io)\b")
