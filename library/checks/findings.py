"""What a check says of a text: whether it passes, and a sentence that teaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from library.checks.meter import Meter
from library.checks.words import Words
from library.story import HEADINGS, WORDS_A_MINUTE, Beat, Story


class Verdict(StrEnum):
    """What comes of a check, from the best to the worst."""

    PASS = "pass"  # noqa: S105 - no password
    ADVISE = "advise"
    BLOCK = "block"
    """It cannot be published like this."""


class Reason(StrEnum):
    """What is wrong, in a word."""

    TOO_LONG = "too-long"
    TOO_SHORT = "too-short"
    BEATS_MISSING = "beats-missing"
    OUT_OF_ORDER = "out-of-order"
    OPENS_WITH_US = "opens-with-us"
    OUR_SHARE = "our-share"
    CUSTOMER_NOT_SUBJECT = "customer-not-subject"
    TITLE_NAMES_PRODUCT = "title-names-product"
    TITLE_TOO_LONG = "title-too-long"
    NO_OUTSIDE_CHANGE = "no-outside-change"
    NO_DATED_CHANGE = "no-dated-change"
    NO_COST = "no-cost"
    NEED_NAMES_PRODUCT = "need-names-product"
    NO_DEADLINE = "no-deadline"
    NO_QUOTE = "no-quote"
    QUOTE_TOO_LONG = "quote-too-long"
    QUOTE_PRAISES_US = "quote-praises-us"
    NO_ALTERNATIVES = "no-alternatives"
    NO_DOING_NOTHING = "no-doing-nothing"
    NO_DATED_WIN = "no-dated-win"
    NOBODY_TOLD = "nobody-told"
    NUMBERS_BARE = "numbers-bare"
    HYPE = "hype"
    NO_QUESTION = "no-question"
    NO_PROVENANCE = "no-provenance"
    FACTS_MISSING = "facts-missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and what came of it."""

    check: str
    """The check's name, as it is shown."""
    verdict: Verdict
    sentence: str
    """What was found, and what to write instead."""
    reasons: tuple[Reason, ...] = ()
    beat: Beat | None = None
    """The beat to look at, where there is one."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name, and the beat it looks at; what comes of it is said here."""

    name: str
    beat: Beat | None = None

    def passes(self, sentence: str) -> Finding:
        """Nothing is amiss."""
        return Finding(self.name, Verdict.PASS, sentence, (), self.beat)

    def advises(self, sentence: str, *reasons: Reason, beat: Beat | None = None) -> Finding:
        """It could be better; of the whole telling a beat may be the one to look at."""
        return Finding(self.name, Verdict.ADVISE, sentence, reasons, beat or self.beat)

    def blocks(self, sentence: str, *reasons: Reason, beat: Beat | None = None) -> Finding:
        """It cannot be published like this; of the whole telling a beat may be the one to look at."""
        return Finding(self.name, Verdict.BLOCK, sentence, reasons, beat or self.beat)


@dataclass(frozen=True)
class Piece:
    """A text held against the checks: a story, or any text with the beats that could be told apart."""

    title: str
    text: str
    beats: Mapping[Beat, str]
    words: Words
    story: Story | None = None

    @classmethod
    def of(cls, story: Story, words: Words) -> Piece:
        """A story as it stands."""
        return cls(story.title, story.telling, story.beats, words, story)

    @cached_property
    def meter(self) -> Meter:
        """What the text is about."""
        known = (self.story.customer, self.story.heard_from.split(",")[0]) if self.story else ()
        return Meter(self.text, self.words, tuple(filter(None, known)))

    @property
    def count(self) -> int:
        """How many words are spoken."""
        return len(self.text.split())

    @property
    def minutes(self) -> float:
        """How long it takes, spoken calmly."""
        return self.count / WORDS_A_MINUTE

    def where(self, beat: Beat) -> str:
        """The text of a beat; of a text without any beats, all of it: what is sought may stand anywhere."""
        return self.beats.get(beat, "" if self.beats else self.text)


@dataclass(frozen=True)
class Checked:
    """Every check of one text, in the order they are read."""

    piece: Piece
    findings: tuple[Finding, ...]

    @property
    def meter(self) -> Meter:
        """What the text is about."""
        return self.piece.meter

    def of(self, verdict: Verdict) -> list[Finding]:
        """The findings of one verdict."""
        return [finding for finding in self.findings if finding.verdict is verdict]

    @property
    def verdict(self) -> Verdict:
        """The worst of the verdicts."""
        order = list(Verdict)
        return max((finding.verdict for finding in self.findings), key=order.index, default=Verdict.PASS)

    @property
    def publishable(self) -> bool:
        """Whether nothing keeps it from being published."""
        return not self.of(Verdict.BLOCK)

    @property
    def product_centric(self) -> bool:
        """Whether it is about what we sell rather than why somebody bought it."""
        return self.meter.product_centric

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that is wrong with it, in a word each."""
        return tuple(reason for finding in self.findings for reason in finding.reasons)


def listed(beats: Iterable[Beat]) -> str:
    """Beats by their headings, as they are read in a sentence."""
    return ", ".join(HEADINGS[beat] for beat in beats)
