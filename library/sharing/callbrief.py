"""The call brief: one to three stories for one prospect, in lines to speak from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from library.masking import without_names
from library.people import GUEST, Person, display_name, may_see_name
from library.practice.quantities import Kind, quantities
from library.sharing.rights import May, Right, allows, how_to_name, permission
from library.sharing.safe import LEFT_OUT, safe_story, worded
from library.situation import understand
from library.story import Beat, Health, ShowAs, Status, Story, sentences
from library.vocabulary import Vocabulary
from library.wording import day

MOST_STORIES = 3
CUE_LETTERS, QUESTION_LETTERS = 110, 200
"""How long a cue may be: a line on paper, read at a glance; the question is asked as it is written."""
NOT_TOLD = "The story does not say."

_CLAUSE = re.compile(r"(?<=[.!?;\n])\s+|,\s+|\s+(?:and|but|while|so)\s+(?=\S+\s+\S+\s)", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[;:,–—]\s|\s[–—]\s")
_SPOKEN = re.compile(r"[\"“”„]")
_LEANS = re.compile(r"(?:that|this|it|he|she|they|then|so)\b", re.IGNORECASE)
"""How a sentence begins that leans on the one before it."""
_HELD_BACK = re.compile(rf"…|{re.escape(LEFT_OUT)}")


class BriefError(ValueError):
    """A call brief that cannot be made, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class TheirWords:
    """What a rep said of a prospect, in the rep's own words: what changed, and what it costs them."""

    change: str = ""
    pain: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """One line to speak from: a sentence or a clause of the story's own words; empty where it lacks the beat."""

    beat: Beat
    words: str


@dataclass(frozen=True, slots=True)
class CueCard:
    """One story as it is taken to a call."""

    story: str
    title: str
    name: str
    """What the customer is called on this paper."""
    cues: tuple[Cue, ...]
    """Seven, one a beat, in telling order."""
    quote: str
    """The customer's words, where they may be quoted today."""
    quoting: str
    """What to do about the quote where it may not simply be given; empty where it may, or there is none."""
    question: str
    naming: str
    thank: str
    not_to_claim: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallBrief:
    """What is taken to one call."""

    cards: tuple[CueCard, ...]
    made_on: date
    words: TheirWords = TheirWords()
    prospect: str = ""
    own_eyes: bool = False
    """Whether it holds names its reader may say aloud, and may not pass on."""

    @property
    def title(self) -> str:
        """What stands at the head of the paper."""
        return f"Call brief: {self.prospect}" if self.prospect else "Call brief"


def their_words(said: str, vocabulary: Vocabulary) -> TheirWords:
    """A rep's words as they were said, each clause under what changed or what it costs.

    A clause that is neither stays with the one before it.
    """
    change: list[str] = []
    pain: list[str] = []
    into = change
    for clause in filter(None, (part.strip() for part in _CLAUSE.split(said))):
        heard = understand(clause, vocabulary)
        if heard.change and not (heard.pain and change):
            into = change
        elif heard.pain:
            into = pain
        into.append(clause.rstrip(",;"))
    return TheirWords(*("; ".join(clauses) for clauses in (change, pain)))


def call_brief(
    stories: Sequence[Story],
    today: date,
    words: TheirWords = TheirWords(),
    prospect: str = "",
    reader: Person = GUEST,
) -> CallBrief:
    """The brief of one to three stories, safe to hand on; for a reader who is signed in, with the names they may say.

    Raises BriefError for a story that may not be taken to a call.
    """
    chosen = list({story.id: story for story in stories}.values())
    if not 1 <= len(chosen) <= MOST_STORIES:
        raise BriefError(f"Found {len(chosen)} stories; choose one to three for a call.")
    for story in chosen:
        if reason := why_not(story, today):
            raise BriefError(reason)
    cards = tuple(_card(story, today, reader) for story in chosen)
    said = TheirWords(*(" ".join(part.split()) for part in (words.change, words.pain)))
    return CallBrief(cards, today, said, " ".join(prospect.split()), reader.signed_in)


def why_not(story: Story, today: date) -> str:
    """Why a story may not be taken to a call, in a sentence; empty where it may."""
    title = f"“{without_names(story).title or story.id}”"
    if story.show_as is ShowAs.INTERNAL:
        return f"{title} is for us only; it is not taken to a call."
    if story.status is not Status.PUBLISHED:
        return f"“{story.id}” is not published; ask its teller."
    if story.expired(today) and story.expires:
        return f"The time of {title} was over on {day(story.expires)}; take another one."
    if story.health in {Health.CHURNED, Health.LEFT}:
        return f"The customer of {title} has left us; take another one."
    return ""


def _card(story: Story, today: date, reader: Person) -> CueCard:
    named = reader.signed_in and may_see_name(reader, story, today) and allows(story, Right.NAME_ALOUD, today)
    seen = worded(story, today) if named else safe_story(story, today)
    may_quote = permission(story, Right.QUOTE, today)
    # Its own words, not those left after speech was taken out: a quote is whole or not there at all.
    spoken = seen.quote if may_quote.may is May.YES else ""
    teller = seen.told_by or "its teller"
    speaker = (may_quote.by or story.heard_from) if named else ""
    whom = f"{speaker}, through {teller}," if speaker else teller
    quoting = {May.YES: "", May.ASK_FIRST: f"Ask {whom} before you quote them.", May.NO: "Do not quote them."}
    name = display_name(seen)
    return CueCard(
        story.id,
        seen.title,
        f"{name[:1].upper()}{name[1:]}",
        tuple(Cue(beat, _cue(seen, beat)) for beat in Beat),
        spoken,
        quoting[may_quote.may] if story.quote else "",
        " ".join(seen.question.split()),
        how_to_name(seen, today),
        _thank(seen),
        _not_to_claim(story, seen, today),
    )


def _cue(story: Story, beat: Beat) -> str:
    """The sentence of a beat that brings the rest to mind, cut at a clause where it is long."""
    there = sentences(story.beat(beat))
    said = [sentence for sentence in there if not _HELD_BACK.search(sentence)] or there
    if not said:
        return ""
    if beat is Beat.QUESTION:
        asked = next((sentence for sentence in reversed(said) if sentence.endswith("?")), said[-1])
        return _cut(asked, QUESTION_LETTERS)
    if beat is Beat.DECISION:  # the quote has a line of its own
        said = [sentence for sentence in said if not _SPOKEN.search(sentence)] or said
    alone = [sentence for sentence in said if len(sentence.split()) > 3] or said
    alone = [sentence for sentence in alone if not _LEANS.match(sentence)] or alone
    telling = {Beat.CHANGE: _has_a_date, Beat.PAIN: _has_a_figure, Beat.WIN: _has_a_date}.get(beat)
    return _cut(next((sentence for sentence in alone if telling and telling(sentence)), alone[0]), CUE_LETTERS)


def _has_a_date(sentence: str) -> bool:
    return any(number.kind in {Kind.YEAR, Kind.DAY} for number in quantities(sentence))


def _has_a_figure(sentence: str) -> bool:
    return any(number.kind in {Kind.COUNT, Kind.PERCENT, Kind.SHARE} for number in quantities(sentence))


def _cut(sentence: str, most: int) -> str:
    sentence = " ".join(sentence.split())
    if len(sentence) <= most:
        return sentence
    ends = [end.start() for end in _CLAUSE_END.finditer(sentence[: most + 1])]
    if ends and len(sentence[: ends[-1]].split()) > 4:
        return f"{sentence[: ends[-1]]} …"
    return f"{sentence[:most].rsplit(' ', 1)[0]} …"


def _thank(story: Story) -> str:
    if not story.told_by:
        return f"Helped: {', '.join(story.contributors)}. Thank them." if story.contributors else ""
    if not story.contributors:
        return f"{story.told_by} brought this story. Thank them, or bring them along."
    return f"{story.told_by} brought this story, with {', '.join(story.contributors)}. Thank them, or bring one along."


def _not_to_claim(story: Story, seen: Story, today: date) -> tuple[str, ...]:
    """What a rep had better not say, each in a sentence."""
    said = [f"That it fits everybody. Not for {_sentence(seen.not_for)}"] if seen.not_for else []
    if seen.near_miss:
        said.append(f"That it was plain from the start. {_sentence(seen.near_miss)}")
    if story.heard_how == "second-hand":
        said.append("That we heard it from them: it came second-hand.")
    figures = permission(story, Right.METRIC, today).may
    if figures is not May.YES:
        said.append(f"Their figures{'' if figures is May.NO else ', before you asked'}.")
    for right in Right:
        told = permission(story, right, today)
        if told.lapsed and told.until:
            said.append(f"{right.label}, as before: that right ran out on {day(told.until)}.")
    if story.stale(today):
        since = f"since {day(story.verified_on)}" if story.verified_on else "since it was heard"
        said.append(
            f"That it is still so: nobody has checked {since}. Ask {seen.owner or seen.told_by or 'its teller'}."
        )
    return tuple(said)


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."
