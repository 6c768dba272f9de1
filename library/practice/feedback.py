"""What a rep hears back after a telling: beat by beat, and the one thing to do better next time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from library.masking import masked, names_said, without_names
from library.practice.details import Change, details
from library.practice.hearing import Heard, Opening
from library.practice.judge import Judge, Told
from library.practice.order import first_out_of_order
from library.sharing.rights import Right, allows
from library.story import Beat, Story
from library.vocabulary import Vocabulary
from library.wording import many

LONG, SHORT = 2.6, 1.2
"""Minutes: a telling over or under these is not the two that were asked for."""
FEW_WORDS = 20
_HEAVIEST = (Beat.CHANGE, Beat.PAIN, Beat.DECISION, Beat.QUESTION, Beat.WIN, Beat.NEED, Beat.WHO)
"""Which missing beat is spoken of first: without the change and the pain there is no story."""
_WHY = {
    Beat.WHO: "Say who it happened to, so that they see somebody.",
    Beat.CHANGE: "Say what changed outside, and when. It is why they had to move at all.",
    Beat.PAIN: "Say what it cost them to stay as they were, with the one human moment.",
    Beat.NEED: "Say what they needed and by when, in their words.",
    Beat.DECISION: "Say what else they could have done, and why they chose, in their own words.",
    Beat.WIN: "Say the first small win: the numbers, the day, whom they told.",
    Beat.QUESTION: "End on the question about their world, and stop.",
}


@dataclass(frozen=True)
class Feedback:
    """What came of one telling."""

    story: str
    minutes: float
    beats: Mapping[Beat, Told]
    opening: Opening
    ends_in_question: bool
    right: tuple[str, ...] = ()
    """The numbers that are the story's."""
    changed: tuple[Change, ...] = ()
    slips: tuple[str, ...] = ()
    """Names that may not be said aloud."""
    late: tuple[Beat, Beat] | None = None
    """Two beats that changed places: the one that came too late, and the one it should have preceded."""
    other_story: bool = False
    by_meaning: bool = True
    extra: tuple[str, ...] = field(default=())

    @property
    def told(self) -> int:
        """How many beats were told."""
        return sum(told is Told.TOLD for told in self.beats.values())

    @property
    def whole(self) -> bool:
        """Whether every beat was told."""
        return self.told == len(self.beats)

    @property
    def flags(self) -> tuple[str, ...]:
        """What is to mend beside the beats, by name."""
        found = {
            "other story": self.other_story,
            "slip": bool(self.slips),
            "opened with us": self.opening is Opening.US,
            "changed": bool(self.changed),
            "no question": not self.ends_in_question,
            "order": self.late is not None,
            "long": self.minutes > LONG,
            "short": self.minutes < SHORT,
        }
        return tuple(name for name, there in found.items() if there)

    @property
    def next_time(self) -> str:
        """The one thing to do better, in a sentence or two; the gravest first."""
        if self.other_story:
            return "That sounds like another story. Read this one again, then tell it."
        if self.slips:
            return f"{' and '.join(self.slips)} may not be said aloud. Say the alias."
        if self.opening is Opening.US:
            return "Open with the customer. We and our product come late, or not at all."
        for wanted in (Told.MISSING, Told.PARTLY):
            for beat in _HEAVIEST:
                if self.beats.get(beat) is wanted:
                    lead = "left out" if wanted is Told.MISSING else "only touched"
                    return f"“{beat.heading}” was {lead}. {_WHY[beat]}"
        if self.changed:
            return self.changed[0].sentence
        if not self.ends_in_question:
            return "You asked, and talked on. End on the question, and stop."
        if self.late:
            return f"It seems “{self.late[0].heading}” came after “{self.late[1].heading}”. Keep the order of events."
        if self.minutes > LONG:
            return f"That takes {self.minutes:.1f} minutes. Leave out what two minutes do not need."
        if self.minutes < SHORT:
            return f"That takes {self.minutes:.1f} minutes. There is time for one more moment they will remember."
        return "Whole, and in two minutes. Now tell it to somebody."


@dataclass(frozen=True, slots=True)
class Progress:
    """A telling beside the one before it."""

    gained: tuple[Beat, ...] = ()
    lost: tuple[Beat, ...] = ()
    minutes: float = 0.0
    """How much longer, in minutes; negative for shorter."""

    @property
    def sentence(self) -> str:
        """What changed since the last time; empty where nothing did."""
        parts = [f"new since last time: {_listed(self.gained)}"] if self.gained else []
        parts += [f"gone since last time: {_listed(self.lost)}"] if self.lost else []
        return "; ".join(parts)


def since(before: Mapping[Beat, Told], now: Feedback, minutes: float) -> Progress:
    """Compare a telling with an earlier one of the same story."""
    gained = tuple(b for b, told in now.beats.items() if told is Told.TOLD and before.get(b) is not Told.TOLD)
    lost = tuple(b for b, told in now.beats.items() if told is not Told.TOLD and before.get(b) is Told.TOLD)
    return Progress(gained, lost, round(now.minutes - minutes, 1))


def feedback(said: str, story: Story, judge: Judge, vocabulary: Vocabulary, today: date | None = None) -> Feedback:
    """Hold what was said against the whole story; names count as told under the name or the alias.

    Raises ValueError for fewer than twenty words: there is nothing to hold against anything.
    """
    count = len(Heard.of(said).words)
    if count < FEW_WORDS:
        raise ValueError(f"That is {many(count, 'word')}; a telling has about 250. Tell it whole.")
    us, products = vocabulary.of_kind("ours"), vocabulary.of_kind("product")
    ours = [word for term in (*us, *products) for word in (term.label, *term.words)]
    # A product's label alone may be anybody's word: a finance director is no product.
    by_name = [word for term in us for word in (term.label, *term.words)]
    by_name += [word for term in products for word in (term.words or (term.label,))]
    heard = Heard.of(masked(said, story), by_name)
    safe = without_names(story)
    result = judge.judge(heard, safe)
    found = details(heard.text, safe, result.beat_at(len(heard.words)), ours)
    aloud = allows(story, Right.NAME_ALOUD, today)
    return Feedback(
        story.id,
        round(heard.minutes, 2),
        result.verdicts,
        heard.opening,
        heard.ends_in_question,
        found.right,
        () if result.other_story else found.changed,
        () if aloud else names_said(said, story),
        first_out_of_order(result.places),
        result.other_story,
        judge.by_meaning,
    )


def _listed(beats: tuple[Beat, ...]) -> str:
    return ", ".join(beat.heading.lower() for beat in beats)
