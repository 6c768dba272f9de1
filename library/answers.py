"""A question about a story, answered with the story's own sentences or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from library.keywords import terms
from library.masking import without_names
from library.sharing.rights import what_may_be_said
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
        return " ".join((*self.sentences, self.fact)).strip() or "The story does not say."


def _first_win(story: Story) -> str:
    return f"First win on {story.first_win_on:%-d %B %Y}." if story.first_win_on else ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """A way of asking, the beats that hold the answer, what an answering sentence must show, and what it must not."""

    asked: re.Pattern[str]
    beats: tuple[Beat, ...]
    shows: re.Pattern[str] | None = None
    fact: Callable[[Story], str] | None = None
    """A fact of the story that answers as well."""


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
_TAKEN = _words(
    rf"\b(?:\d+|{_NUMBER_WORD}|an?|few|several|first)[\s-]+(?:working |business |calendar )?"
    rf"(?:minute|hour|day|night|week|weekend|month|quarter|year)s?\b(?! (?:before|earlier|ago))|\b(?:{_MONTH})\b|"
    r"\b20\d\d\b|\bovernight\b|\b(?:weeks|months|days) later\b"
)
"""A duration or a date; "210 kilos a week" is a rate, "last month" neither."""
_RATE = _words(r"(?:\d\S*|\w+) (?:an?|per|every) (?:minute|hour|day|night|week|weekend|month|quarter|year)\b")
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
        (Beat.WIN,),
        _TAKEN,
        _first_win,
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
_COUNTED = _words(
    r"\bhow many (?P<what>[^?.,]*?)(?:\?|$|[.,]| (?:did|do|does|were|was|are|is|had|have|has|could|they|in|on|at|per|a|"
    r"left|quit)\b)"
)
_SPEAKER = _words(
    r"\bwhat (?:did|does|do|was) (?:the|their|his|her|our) (?P<who>[^?]*?)\s+(?:say|said|put|quote|think)"
)
_ANY_SPEAKER = frozenset(
    terms("customer client buyer boss company person people team contact champion decision maker executive story")
)
_COUNTS_ANYTHING = frozenset(terms("people of the them times others ones"))


def answer(question: str, story: Story, likeness: Likeness, vocabulary: Vocabulary, today: date) -> Answer:
    """What the story, as this person may see it, says to the question."""
    if fact := _fact(question, story, vocabulary, today):
        return Answer(story, fact=fact)
    if not _knows_who(question, story, vocabulary):
        return Answer(story)
    kind = next((kind for kind in _KINDS if kind.asked.search(question)), None)
    fact = kind.fact(story) if kind and kind.fact else ""
    beats = kind.beats if kind else tuple(Beat)[:-1]
    candidates = _sentences_of(story, beats)
    if kind and kind.shows:
        candidates = [c for c in candidates if kind.shows.search(_RATE.sub(" ", c.said))]
    candidates = _about_what_is_counted(question, candidates)
    if not candidates:
        return Answer(story, fact=fact)
    # Compared without the customer's name: it is never embedded, whoever asks.
    near = list(likeness([c.nameless for c in candidates], question))
    best = max(
        range(len(candidates)),
        key=lambda i: (
            near[i]
            - 0.15 * _place(beats, candidates[i].beat)
            + (0.3 if fact and _names_the_day(story, candidates[i].said) else 0)
        ),
    )
    if kind is None and near[best] < SAYS_SO:
        return Answer(story)
    beat = candidates[best].beat
    if kind and kind.shows is None and len(kind.beats) == 1:
        return Answer(story, tuple(sentences(story.beat(beat))), beat)
    return Answer(story, (candidates[best].said,), beat, fact)


@dataclass(frozen=True, slots=True)
class _Candidate:
    beat: Beat
    said: str
    nameless: str


def _names_the_day(story: Story, sentence: str) -> bool:
    day = story.first_win_on
    return day is not None and (f"{day:%-d %B}" in sentence or f"{day:%B %-d}" in sentence)


def _sentences_of(story: Story, beats: Sequence[Beat]) -> list[_Candidate]:
    hidden = without_names(story)
    found: list[_Candidate] = []
    for beat in beats:
        said, nameless = sentences(story.beat(beat)), sentences(hidden.beat(beat))
        if len(said) != len(nameless):
            said = nameless
        found += [_Candidate(beat, *pair) for pair in zip(said, nameless, strict=True)]
    return found


def _knows_who(question: str, story: Story, vocabulary: Vocabulary) -> bool:
    """Whether the story has the person asked about: what the nurse said is no answer for "what did the CFO say?"."""
    asked = [m.term.id for m in vocabulary.mentions(question) if m.term.kind == "role"]
    if asked:
        wanted = frozenset[str]().union(*(vocabulary.covers("role", role) for role in asked))
        there = {m.term.id for m in vocabulary.mentions(story.telling) if m.term.kind == "role"} | {*story.roles}
        return bool(wanted & there)
    match = _SPEAKER.search(question)
    speaker = set(terms(match["who"])) - _ANY_SPEAKER if match else set()
    labels = " ".join(vocabulary.label("role", role) for role in story.roles)
    return not speaker or bool(speaker & set(terms(f"{story.telling} {story.heard_from} {labels}")))


def _about_what_is_counted(question: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """For "how many nurses": the sentences that speak of nurses; all of them where nothing is named."""
    if not (match := _COUNTED.search(question)):
        return candidates
    counted = set(terms(match["what"])) - _COUNTS_ANYTHING
    return [c for c in candidates if counted <= set(terms(c.said))] if counted else candidates


def _place(beats: tuple[Beat, ...], beat: Beat) -> int:
    """How far down its list of beats an answer stands: the first beat is where it is looked for."""
    return min(beats.index(beat), 2)


def _fact(question: str, story: Story, vocabulary: Vocabulary, today: date) -> str:
    """What the story's facts say to a question about them, in a sentence; empty for any other question."""
    asked = question.lower()
    if re.search(
        r"\b(?:name|mention)\b.*\b(?:them|customer|company|say|use)|\b(?:can|may|could) (?:i|we) (?:name|say|quote|"
        r"mention)|\bwho(?: is|['’]s|s) (?:it|this|that|the (?:customer|company))\b|\bwhich (?:company|customer)\b|"
        r"\bcompany name\b|\bwho are they\b|\b(?:their|its|customer['’]?s?|company['’]?s?) (?:real |actual )?names?\b|"
        r"\bwhat (?:are|is) (?:they|it) called\b",
        asked,
    ):
        return what_may_be_said(story, today)
    if re.search(
        r"\bhow (?:old|recent|fresh|current)\b|\bstill (?:true|valid|current|a customer)\b|\bverified\b", asked
    ):
        parts = [f"Heard on {story.heard_on:%-d %B %Y}" if story.heard_on else "Nobody wrote down when it was heard"]
        parts += [f"verified on {story.verified_on:%-d %B %Y}"] if story.verified_on else ["never verified since"]
        return ", ".join(parts) + "."
    if re.search(r"\bwho (?:told|brought|heard|collected|(?:can|do|should) (?:i|we) thank)\b|\bwhose story\b", asked):
        helped = f", with help from {' and '.join(story.contributors)}" if story.contributors else ""
        return f"{story.told_by} heard it and tells it{helped}." if story.told_by else ""
    if re.search(r"\bhow (?:big|large|small)\b|\bhow many (?:people|employees|staff)\b|\bwhat size\b", asked):
        return f"{story.alias[:1].upper()}{story.alias[1:]}." if story.alias else ""
    if re.search(r"\bwhere (?:are|is|were)\b|\bwhich (?:country|region)\b|\bwhat country\b", asked) and story.country:
        return f"{vocabulary.label('country', story.country)}."
    if re.search(r"\b(?:nearly|almost|near miss|close to (?:buying|signing|choosing))\b", asked) and story.near_miss:
        return story.near_miss
    if re.search(r"\b(?:demo|video|recording)\b", asked):
        return f"There is a recording: {story.media_url or story.demo_url}" if story.media_url or story.demo_url else ""
    return ""
