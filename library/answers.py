"""A question about a story, answered with the story's own sentences or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from library.story import Beat, Story, sentences
from library.vocabulary import Vocabulary

Likeness = Callable[[Sequence[str], str], Sequence[float]]
"""How near each sentence is to a question in meaning, -1 to 1."""

SAYS_SO = 0.40
"""From this likeness on a sentence answers a question that names no part of the story; docs/search.md."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a story says to a question: sentences of its own, or facts it carries; empty when it does not say."""

    story: Story
    sentences: tuple[str, ...] = ()
    beat: Beat | None = None
    fact: str = ""

    @property
    def said(self) -> bool:
        """Whether the story answers."""
        return bool(self.sentences or self.fact)

    @property
    def text(self) -> str:
        """The answer in one line."""
        if self.sentences:
            return " ".join(self.sentences)
        return self.fact or "The story does not say."


@dataclass(frozen=True, slots=True)
class _Kind:
    """A way of asking, the beats that hold the answer, and what an answering sentence must show."""

    asked: re.Pattern[str]
    beats: tuple[Beat, ...]
    shows: re.Pattern[str] | None = None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_MONTH = r"january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundred|thousand|million|half|quarter|third|dozen|double|twice"
)
_TIME = _words(
    rf"\b(?:\d+|{_NUMBER_WORD}|a|an|few|several|first|next|last)[\s-]+(?:working |business |calendar )?"
    rf"(?:minute|hour|day|night|week|weekend|month|quarter|year)s?\b|\b(?:{_MONTH})\b|\b20\d\d\b|"
    r"\b(?:overnight|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_AMOUNT = _words(rf"\d|\b(?:{_NUMBER_WORD})\b|%|€|\$|£")
_SPEECH = _words(r"[\"“”]")

_KINDS: tuple[_Kind, ...] = (
    _Kind(
        _words(r"\b(?:say|said|says|quote|own words|words|exact|verbatim|put it)\b"),
        (Beat.DECISION, Beat.PAIN, Beat.WIN, Beat.NEED),
        _SPEECH,
    ),
    _Kind(
        _words(
            r"\bhow (?:long|fast|quick\w*|soon)\b|\bwhen (?:did|was|were)?.*\b(?:live|win|work\w*|run\w*|done|result)"
        ),
        (Beat.WIN, Beat.DECISION, Beat.NEED),
        _TIME,
    ),
    _Kind(_words(r"\bby when|deadline|what date|which date|urgent|why (?:then|that date)\b"), (Beat.NEED,), _TIME),
    _Kind(
        _words(
            r"\b(?:alternativ\w*|else .*(?:consider|look|try|think)|competitor|other (?:option|vendor|choice)\w*|"
            r"instead|options|nearly|almost|near miss|shortlist)\b"
        ),
        (Beat.DECISION,),
    ),
    _Kind(
        _words(
            r"\b(?:first (?:win|result|success|step|victory)|start(?:ed)? with|go live|went live|result\w*|outcome|"
            r"improve\w*|achieve\w*|benefit\w*|get out of it|better after|roll(?:ed)? ?out|who did they tell)\b"
        ),
        (Beat.WIN,),
    ),
    _Kind(
        _words(r"\bwhy\b.*\b(?:buy|bought|choose|chose|decide\w*|change\w*|pick\w*|do it|switch\w*|go for)\b"),
        (Beat.DECISION,),
    ),
    _Kind(_words(r"\b(?:what (?:had )?changed|what happened|trigger\w*|why now|what started)\b"), (Beat.CHANGE,)),
    _Kind(
        _words(r"\bhow (?:much|many|big|high|often)\b.*\b(?:sav\w*|better|less|fewer|after)\b"), (Beat.WIN,), _AMOUNT
    ),
    _Kind(
        _words(r"\b(?:cost|costing|lose|lost|losing|hurt\w*|pain|damage|wrong|suffer\w*|problem|how bad)\b"),
        (Beat.PAIN, Beat.CHANGE),
    ),
    _Kind(_words(r"\b(?:what|which) .*\b(?:need|want|ask for|require|requirement\w*)\b|\bneeded\b"), (Beat.NEED,)),
    _Kind(_words(r"\bwho (?:is|was|are|were|decid\w*|bought|championed|led)\b|\bwhat kind of company\b"), (Beat.WHO,)),
    _Kind(_words(r"\bhow (?:much|many|high)\b"), (Beat.PAIN, Beat.WIN, Beat.DECISION, Beat.CHANGE), _AMOUNT),
    _Kind(_words(r"\bwhen\b"), (Beat.CHANGE, Beat.WIN, Beat.NEED), _TIME),
)
_ABOUT_TIME = _words(r"\bhow (?:long|fast|quick|soon)\b|\bwhen\b")


def answer(question: str, story: Story, likeness: Likeness, vocabulary: Vocabulary) -> Answer:
    """What the story, as this person may see it, says to the question."""
    if fact := _fact(question, story, vocabulary):
        return Answer(story, fact=fact)
    kind = next((kind for kind in _KINDS if kind.asked.search(question)), None)
    beats = kind.beats if kind else tuple(Beat)[:-1]
    candidates = [(beat, sentence) for beat in beats for sentence in sentences(story.beat(beat))]
    if kind and kind.shows:
        candidates = [(beat, sentence) for beat, sentence in candidates if kind.shows.search(sentence)]
    if not candidates:
        return Answer(story)
    near = list(likeness([sentence for _, sentence in candidates], question))
    best = max(range(len(candidates)), key=lambda i: near[i] - 0.15 * _place(beats, candidates[i][0]))
    if kind is None and near[best] < SAYS_SO:
        return Answer(story)
    beat, sentence = candidates[best]
    if kind and kind.shows is None and len(kind.beats) == 1:
        return Answer(story, tuple(sentences(story.beat(beat))), beat)
    return Answer(story, (sentence,), beat)


def _place(beats: tuple[Beat, ...], beat: Beat) -> int:
    """How far down its list of beats an answer stands: the first beat is where it is looked for."""
    return min(beats.index(beat), 2)


def _fact(question: str, story: Story, vocabulary: Vocabulary) -> str:
    """What the story's facts say to a question about them, in a sentence; empty for any other question."""
    asked = question.lower()
    if re.search(
        r"\b(?:name|mention)\b.*\b(?:them|customer|company|say|use)|\bcan i (?:name|say|quote|mention)|\bwho is "
        r"(?:it|this|the customer)\b|\bwhich (?:company|customer)\b|\bcompany name\b",
        asked,
    ):
        return what_may_be_said(story)
    if re.search(
        r"\bhow (?:old|recent|fresh|current)\b|\bstill (?:true|valid|current|a customer)\b|\bverified\b", asked
    ):
        parts = [f"Heard on {story.heard_on:%-d %B %Y}" if story.heard_on else "Nobody wrote down when it was heard"]
        parts += [f"verified on {story.verified_on:%-d %B %Y}"] if story.verified_on else ["never verified since"]
        return ", ".join(parts) + "."
    if re.search(r"\bwho (?:told|brought|heard|collected)\b|\bwhose story\b", asked) and story.told_by:
        return f"{story.told_by} heard it and tells it."
    if re.search(r"\bhow (?:big|large|small)\b|\bhow many (?:people|employees|staff)\b|\bwhat size\b", asked):
        return f"{story.alias[:1].upper()}{story.alias[1:]}." if story.alias else ""
    if re.search(r"\bwhere (?:are|is|were)\b|\bwhich (?:country|region)\b|\bwhat country\b", asked) and story.country:
        return f"{vocabulary.label('country', story.country)}."
    if re.search(r"\b(?:demo|video|recording)\b", asked):
        return f"There is a recording: {story.media_url or story.demo_url}" if story.media_url or story.demo_url else ""
    return ""


def what_may_be_said(story: Story) -> str:
    """What a rep may say of the customer, in a sentence, for a story as this rep may see it."""
    if story.show_as == "named":
        quote = {"yes": " You may quote it.", "ask first": " Ask before you quote it.", "no": " Do not quote it."}
        return f"You may name {story.customer or 'the customer'}, aloud and in writing.{quote.get(story.may_quote, '')}"
    if story.show_as == "verbal":
        return f"Say the name aloud only; in writing it is “{story.alias}”."
    if story.show_as == "anonymised":
        return f"Never name them: say “{story.alias}”."
    return "For us only: do not tell it outside."
