"""A telling as it was heard: its words, minutes, how it opened and how it ended; typed, or from a recogniser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from library.story import WORDS_A_MINUTE, sentences

WINDOWS = (8, 16, 28)
"""Stretches of so many words are held against a beat: a clause, a sentence, two."""
_OPENING_WORDS = 22
_FILLERS = re.compile(r"\b(?-i:(?!ERM?\b))(?:u+h*m+|u+h+|er+m*|hmm+)\b[,.]?\s*", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|we['’](?:re|ve|ll|d)|our|ours|us)\b", re.IGNORECASE)
_THEY = re.compile(
    r"\b(?:she|he|they|her|his|their|who|there['’]?s|there (?:was|is)|customer|company|group|runs|works)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:who|whose|what|when|where|which|how|why|if (?:you|your|one)|do you|does|did|is there|are there|have you|"
    r"would|could|can you)\b",
    re.IGNORECASE,
)


class Opening(StrEnum):
    """Whom a telling opens with."""

    CUSTOMER = "customer"
    US = "us"
    OTHER = "other"


@dataclass(frozen=True)
class Heard:
    """What somebody told, fillers taken out."""

    text: str
    ours: Sequence[str] = ()
    """Our own name and products, as they are said."""

    @classmethod
    def of(cls, said: str, ours: Sequence[str] = ()) -> Heard:
        """Take the fillers and the line breaks out of what was said."""
        return cls(" ".join(_FILLERS.sub("", said).split()), ours)

    @cached_property
    def words(self) -> list[str]:
        """The words in order."""
        return self.text.split()

    @property
    def minutes(self) -> float:
        """How long it takes, spoken calmly."""
        return len(self.words) / WORDS_A_MINUTE

    @property
    def punctuated(self) -> bool:
        """Whether it has sentences; a recogniser gives none."""
        return len(re.findall(r"[.!?](?!\w)", self.text)) * 60 >= len(self.words)

    @cached_property
    def windows(self) -> list[tuple[int, str]]:
        """Every stretch that is held against the beats, with the place of its middle word."""
        found: dict[str, int] = {}
        for length in WINDOWS:
            last = max(0, len(self.words) - length)
            for start in [*range(0, last, max(1, length // 3)), last]:
                stretch = self.words[start : start + length]
                found.setdefault(" ".join(stretch), start + len(stretch) // 2)
        return [(middle, stretch) for stretch, middle in found.items() if stretch]

    def around(self, middle: int, length: int) -> str:
        """So many words round a place, or as many as there are."""
        start = max(0, min(middle - length // 2, len(self.words) - length))
        return " ".join(self.words[start : start + length])

    @cached_property
    def questions(self) -> list[str]:
        """What is asked: sentences with a question mark, or without punctuation the end from a question's word on."""
        if self.punctuated:
            return [sentence for sentence in sentences(self.text) if sentence.rstrip("\"”’' ").endswith("?")]
        tail = " ".join(self.words[-35:])
        return [tail[match.start() :] for match in _ASKS.finditer(tail) if len(tail[match.start() :].split()) >= 4]

    @property
    def ends_in_question(self) -> bool:
        """Whether the floor is handed over at the end."""
        if self.punctuated:
            return bool(self.text) and self.text.rstrip("\"”’' ").endswith("?")
        return bool(self.questions)

    @property
    def opening(self) -> Opening:
        """Whom it opens with: us when our name, a product or "we" stands before anything of the customer."""
        first = " ".join(self.words[:_OPENING_WORDS])
        named = [m.start() for name in self.ours if (m := re.search(rf"\b{re.escape(name)}\b", first, re.IGNORECASE))]
        we = _WE.search(first)
        us = min([*named, *([we.start()] if we else [])], default=None)
        they = _THEY.search(first)
        if us is not None and (they is None or us < they.start() or len(named) > 0):
            return Opening.US
        return Opening.CUSTOMER if they else Opening.OTHER
