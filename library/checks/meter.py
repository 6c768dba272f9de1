"""The product-centricity meter: how much of a text is about us, and how much about the one who bought."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from library.checks.words import Words
from library.story import QUOTE, sentences

MOST_OURS = 0.25
"""From this share of sentences on that name us, a text is about us. Told in docs/capture.md."""
MANY_PRODUCTS = 0.2
"""From this share of sentences on that speak of a platform, module or app, the product is the text's hero."""
ENOUGH_THEIRS = 0.4
"""From this share of sentences on that are about the customer, a text that names us is still about them."""
_FIRST_WORDS = 9
"""What a sentence is about stands in its first words: its subject, also behind "In May 2025,"."""
_DATELINE = 5
"""Up to so many words a first line says where and when, and about whom nothing."""
_WE = re.compile(r"\b(?:we|we['’](?:re|ve|ll|d)|our|ours|us)\b", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s.*$", re.MULTILINE)
_MARKS = re.compile(r"[*_>|`]+|^\s*(?:[-•]|\d+[.)])\s+", re.MULTILINE)
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<!^)\b[A-Z][a-zà-ÿ]+(?:[ -][A-Z][a-zà-ÿ]+)*\b")
_ORDINARY = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday Europe European American The This That These Those Their There When With From "
    "Challenge Solution Results Customer Industry Products Background".split()
)


@dataclass(frozen=True)
class Meter:
    """What a text outside its quotes is about."""

    text: str
    words: Words
    customer: tuple[str, ...] = ()
    """The customer's and its people's names, where they are known."""

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences, quotes, headings and marks taken out."""
        plain = _MARKS.sub(" ", _HEADING.sub("\n", self.text))
        return [said for said in sentences(QUOTE.sub("“…”", plain)) if len(said.split()) > 2]

    @cached_property
    def ours(self) -> list[str]:
        """What names us, in order: our company, our products, "our platform", "we"."""
        return [word for sentence in self.sentences for _, word in self._ours_in(sentence)]

    @cached_property
    def share(self) -> float:
        """The share of sentences that name us, our products or "we", 0 to 1."""
        named = sum(bool(self._ours_in(sentence)) for sentence in self.sentences)
        return named / len(self.sentences) if self.sentences else 0.0

    @cached_property
    def first_word(self) -> int | None:
        """After how many words we first appear; None where we do not."""
        words = 0
        for sentence in self.sentences:
            if found := self._ours_in(sentence):
                return words + len(sentence[: found[0][0]].split())
            words += len(sentence.split())
        return None

    @cached_property
    def subjects(self) -> Counter[str]:
        """How many sentences are about the "customer", about "us", or about something else."""
        return Counter(self._subject(sentence) for sentence in self.sentences)

    @property
    def customer_share(self) -> float:
        """The share of sentences whose subject is the customer or its people, 0 to 1."""
        return self.subjects["customer"] / len(self.sentences) if self.sentences else 0.0

    @property
    def our_subject_share(self) -> float:
        """The share of sentences whose subject is us or our product, 0 to 1."""
        return self.subjects["us"] / len(self.sentences) if self.sentences else 0.0

    @property
    def opens_with_us(self) -> bool:
        """Whether the first whole sentence is about us; a dateline is none."""
        first = next((sentence for sentence in self.sentences if len(sentence.split()) > _DATELINE), "")
        return bool(first) and self._subject(first) == "us"

    @property
    def product_centric(self) -> bool:
        """Whether the text is about what we sell rather than why somebody bought it."""
        return bool(self.sentences) and (
            self.share >= MOST_OURS or (self.opens_with_us and self.share >= MOST_OURS / 2)
        )

    @property
    def about_customer(self) -> bool:
        """Whether enough sentences are about the customer, and more than about us."""
        return self.customer_share >= ENOUGH_THEIRS and self.subjects["customer"] > self.subjects["us"]

    def names_us_in(self, sentence: str) -> bool:
        """Whether a sentence names us, our product or "we"."""
        return bool(self._ours_in(sentence))

    def people_in(self, text: str) -> bool:
        """Whether somebody of theirs appears in a text."""
        return bool(self._theirs.search(text) or self.words.pattern("customer").search(text))

    def product_centric_text(self, text: str) -> bool:
        """Whether a part of the text, its quotes aside, names us in half its sentences."""
        said = sentences(QUOTE.sub("“…”", text))
        return bool(said) and sum(map(self.names_us_in, said)) * 2 >= len(said)

    @cached_property
    def _names_us(self) -> bool:
        """Whether a text speaks of us at all, or of products all the time; only then is "the platform" ours."""
        if self.words.named.search(self.text) or any(_WE.search(sentence) for sentence in self.sentences):
            return True
        about_products = sum(bool(self.words.pattern("product").search(sentence)) for sentence in self.sentences)
        return about_products >= MANY_PRODUCTS * len(self.sentences)

    def _ours_in(self, sentence: str) -> list[tuple[int, str]]:
        found = [(m.start(), m.group()) for m in self.words.named.finditer(sentence)]
        found += [(m.start(), m.group()) for m in _WE.finditer(sentence)]
        if self._names_us:
            found += [(m.start(), m.group()) for m in self.words.pattern("product").finditer(sentence)]
        return sorted(found)

    @cached_property
    def _theirs(self) -> re.Pattern[str]:
        """The customer's names: those given, else the names that come back and are not ours."""
        known = [part for name in self.customer for part in re.findall(r"[^\W_]{3,}", name)]
        seen = Counter(
            part
            for sentence in self.sentences
            for name in _NAME.findall(self.words.named.sub(" ", sentence))
            for part in re.split(r"[ -]", name)
            if len(part) > 3 and part not in _ORDINARY
        )
        known += [name for name, count in seen.items() if count > 1]
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})" if known else r"(?!)")

    def _subject(self, sentence: str) -> str:
        first = " ".join(sentence.split()[:_FIRST_WORDS])
        us = min((place for place, _ in self._ours_in(first)), default=None)
        found = [m.start() for p in (self._theirs, self.words.pattern("customer")) if (m := p.search(first))]
        them = min(found, default=None)
        if us is not None and (them is None or us < them):
            return "us"
        return "other" if them is None else "customer"
