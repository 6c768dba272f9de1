"""A customer story, its seven beats, and the words for its facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

WORDS_A_MINUTE = 130
"""How fast a story is told: a calm storyteller speaks 120 to 140 words a minute."""

LIFETIME_YEARS = 2
"""How long after it was heard a story may be told when no other date is set."""

GIST = "gist"

QUOTE = re.compile(r"[\"“„]([^\"“”„]+)[\"”“]")
"""Something said, its words without the marks around them."""
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+(?=[\"“(‘]?[^\W_a-z]|[€$£])")


class Beat(StrEnum):
    """The seven beats, in the order they are told."""

    WHO = "who"
    CHANGE = "change"
    PAIN = "pain"
    NEED = "need"
    DECISION = "decision"
    WIN = "win"
    QUESTION = "question"

    @property
    def heading(self) -> str:
        """The heading the beat stands under in a story's file."""
        return HEADINGS[self]


HEADINGS: Mapping[Beat, str] = MappingProxyType(
    {
        Beat.WHO: "Who",
        Beat.CHANGE: "What changed",
        Beat.PAIN: "What it cost",
        Beat.NEED: "What they needed",
        Beat.DECISION: "Why they decided",
        Beat.WIN: "The first win",
        Beat.QUESTION: "Ask",
    }
)


class ShowAs(StrEnum):
    """Who meets the customer's name, from everybody to the fewest."""

    NAMED = "named"
    VERBAL = "verbal"
    ANONYMISED = "anonymised"
    INTERNAL = "internal"


class Status(StrEnum):
    """Where a story stands on its way."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class Health(StrEnum):
    """How the customer is doing with us."""

    ACTIVE = "active"
    AT_RISK = "at-risk"
    CHURNED = "churned"
    LEFT = "left"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a story's file and the text under it; the heading is empty for what precedes the first."""

    heading: str
    text: str
    beat: Beat | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a story as it is indexed, names taken out: a beat under a short head, or the gist."""

    story: str
    beat: Beat | None
    """The beat, or None for the gist: the story's title and tags."""
    parts: tuple[str, ...]
    """The texts embedded; the passage's vector is their mean, of length 1."""

    @property
    def id(self) -> str:
        """The passage's key in an index."""
        return f"{self.story}:{self.beat or GIST}"


@dataclass(frozen=True)
class Story:
    """A two-minute story of why a customer bought."""

    id: str
    title: str = ""
    customer: str = ""
    alias: str = ""
    also_called: tuple[str, ...] = ()
    """What else gives the customer away: other names, a product of theirs, a town, a person nobody heard."""
    show_as: ShowAs = ShowAs.INTERNAL
    industry: str = ""
    region: str = ""
    country: str = ""
    size: str = ""
    roles: tuple[str, ...] = ()
    change: str = ""
    moments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    near_miss: str = ""
    surprise: str = ""
    critical_date: date | None = None
    first_win_on: date | None = None
    announced_to: str = ""
    not_for: str = ""
    told_by: str = ""
    contributors: tuple[str, ...] = ()
    heard_from: str = ""
    heard_on: date | None = None
    heard_how: str = ""
    may_name_aloud: str = ""
    """A right as it is written, as in "yes, by Marit Aune, until 2027-03-31"; library/sharing/rights.py reads them."""
    may_name_in_writing: str = ""
    may_logo: str = ""
    may_quote: str = ""
    may_metric: str = ""
    may_recording: str = ""
    may_call: str = ""
    owner: str = ""
    status: Status = Status.DRAFT
    verified_on: date | None = None
    verified_by: str = ""
    verify_every_days: int = 90
    expires_on: date | None = None
    health: Health = Health.UNKNOWN
    demo_url: str = ""
    media_url: str = ""
    tags: tuple[str, ...] = ()
    extra: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What the front matter holds beyond the known keys, or under them but not understood; kept as written."""
    sections: tuple[Section, ...] = ()

    def beat(self, beat: Beat) -> str:
        """The text of one beat, empty when the story lacks it."""
        return "\n\n".join(s.text for s in self.sections if s.beat is beat and s.text)

    @property
    def beats(self) -> dict[Beat, str]:
        """The beats that are there, in telling order."""
        return {beat: text for beat in Beat if (text := self.beat(beat))}

    @property
    def missing_beats(self) -> list[Beat]:
        """The beats the story lacks."""
        return [beat for beat in Beat if not self.beat(beat)]

    @property
    def telling(self) -> str:
        """The whole story as it is told."""
        return "\n\n".join(self.beats.values())

    @property
    def notes(self) -> str:
        """What the file says outside the seven beats."""
        return "\n\n".join(s.text for s in self.sections if s.beat is None and s.text)

    @property
    def words(self) -> int:
        """How many words the telling has."""
        return len(self.telling.split())

    @property
    def minutes(self) -> float:
        """How long the telling takes, spoken calmly."""
        return self.words / WORDS_A_MINUTE

    @property
    def quote(self) -> str:
        """The customer's own reason, from the decision beat; empty when it has none."""
        quotes = [match.strip().rstrip(",") for match in QUOTE.findall(self.beat(Beat.DECISION))]
        return max(quotes, key=len, default="")

    @property
    def question(self) -> str:
        """The question that hands the floor to the prospect."""
        return self.beat(Beat.QUESTION)

    @property
    def expires(self) -> date | None:
        """The last day the story may be told: as set, or 24 months after it was heard."""
        if self.expires_on or not self.heard_on:
            return self.expires_on
        last_year = min(self.heard_on.year + LIFETIME_YEARS, date.max.year)
        try:
            return self.heard_on.replace(year=last_year)
        except ValueError:  # heard on 29 February
            return self.heard_on.replace(year=last_year, day=28)

    @property
    def verify_by(self) -> date | None:
        """The day by which somebody should ask the customer again."""
        if not self.verified_on:
            return None
        return self.verified_on + min(timedelta(days=self.verify_every_days), date.max - self.verified_on)

    def expired(self, today: date) -> bool:
        """Whether the story's time is over."""
        return self.expires is not None and self.expires < today

    def stale(self, today: date) -> bool:
        """Whether the story is past its verify date; one never verified is."""
        return self.verify_by is None or self.verify_by < today

    def tellable(self, today: date) -> bool:
        """Whether a rep may be offered the story: published, for others, in time, and the customer still ours."""
        return (
            self.status is Status.PUBLISHED
            and self.show_as is not ShowAs.INTERNAL
            and not self.expired(today)
            and self.health not in {Health.CHURNED, Health.LEFT}
        )


def sentences(text: str) -> list[str]:
    """The sentences of a text, with their punctuation."""
    return [s.strip() for line in text.splitlines() for s in _SENTENCE_END.split(line) if s.strip()]
