"""Which beat of a story each sentence of somebody's notes belongs to, or none: proposed, for a person to move."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from library.capture.notes import Sentence
from library.encoder import Vectors
from library.practice.quantities import quantities
from library.story import Beat

WEIGHTS = Path(__file__).with_name("weights.npz")
"""Fitted by python -m benchmarks.proposals fit."""
PLACES: tuple[Beat | None, ...] = (*Beat, None)
KEEPS_ON = 0.4
"""How much weight what usually follows what has, beside what a sentence says."""
NEIGHBOURS_WEIGH, QUESTION_WEIGHS = 0.5, 0.7
"""How much the sentences beside one count, and the last question. All three chosen with the weights: docs/capture.md."""


class Meaning(Protocol):
    """Texts into vectors that are kept nowhere."""

    @property
    def encoder_name(self) -> str:
        """Which model makes them."""

    def once(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence and the beat it seems to belong to."""

    sentence: Sentence
    beat: Beat | None
    sure: float
    """How likely the model holds it, 0 to 1."""


@dataclass(frozen=True)
class Weights:
    """A multinomial logistic model: one row of weights and one intercept a place, and what follows what."""

    weights: Vectors
    """Shape (places, measures)."""
    at: Vectors
    follows: Vectors
    """For each place how much more often another follows than by chance; shape (places, places)."""

    def places(self, measures: Vectors) -> tuple[list[int], list[float]]:
        """The likeliest row of places for a whole note (Viterbi), and how sure each is by itself."""
        scores = measures @ self.weights.T + self.at
        likely = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        following = KEEPS_ON * np.log(self.follows)
        best, back = likely[0], []
        for row in likely[1:]:
            ways = best[:, None] + following
            back.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + row
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        path.reverse()
        return path, [float(np.exp(row[place])) for row, place in zip(likely, path, strict=True)]


def propose(said: Sequence[Sentence], meaning: Meaning | None) -> list[Proposal]:
    """A place for every sentence, in their order; without a model, or with another one, by the words alone."""
    if not said:
        return []
    model, by_meaning, by_words = _weights()
    vectors = meaning.once([s.text for s in said]) if meaning and meaning.encoder_name == model else None
    measures = measured(said, vectors)
    places, sure = (by_words if vectors is None else by_meaning).places(measures)
    return [Proposal(s, PLACES[place], chance) for s, place, chance in zip(said, places, sure, strict=True)]


def by_meaning(meaning: Meaning | None) -> bool:
    """Whether a model that the weights were fitted on is there."""
    return meaning is not None and meaning.encoder_name == _weights()[0]


def measured(said: Sequence[Sentence], vectors: Vectors | None) -> Vectors:
    """One row a sentence: cues and place; with vectors those of it, of its neighbours and of the last question."""
    cues = np.array([_cues(said, at) for at in range(len(said))], dtype=np.float32)
    if vectors is None:
        return cues
    nothing = np.zeros_like(vectors[:1])
    before, after = np.vstack([nothing, vectors[:-1]]), np.vstack([vectors[1:], nothing])
    asked = np.zeros_like(vectors)
    last = nothing[0]
    for at, sentence in enumerate(said):
        asked[at] = last
        if sentence.asks:
            last = vectors[at]
    blocks = [vectors, NEIGHBOURS_WEIGH * before, NEIGHBOURS_WEIGH * after, QUESTION_WEIGHS * asked, cues]
    return np.hstack(blocks).astype(np.float32)


@cache
def _weights() -> tuple[str, Weights, Weights]:
    with np.load(WEIGHTS) as kept:
        follows = kept["follows"]
        return (
            str(kept["model"]),
            Weights(kept["meaning"].astype(np.float32), kept["meaning_at"], follows),
            Weights(kept["words"].astype(np.float32), kept["words_at"], follows),
        )


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_CUES = tuple(
    re.compile(cue, re.IGNORECASE)
    for cue in (
        r"\?[\"”’)]*\s*$",
        r"[\"“”„]",
        r"\b(?:we|our|us|i|me|my)\b",
        r"\b(?:you|your)\b",
        r"\b(?:todo|to do|send|follow up|remember|note to self|price list|discount|demo|module|slides?|deck|licen[cs]e|renewal|recording|invoice|contract value|"
        r"my colleague|remind|check with|thanks?|hello|hi|bye|call back|approv\w+|off the record|off tape)\b",
        r"\b(?:told|announced|rang|forwarded|showed|read out|posted|pinned|mailed|wrote to|photo)\b",
        r"\b(?:nothing|wait|carry(?:ing)? on|as before|alternativ\w*|competitor\w*|bidders?|shortlist\w*|looked at|considered|nearly|almost|chose|decid\w+|reason|"
        r"because|options?|instead|signed|cheaper|why us|settled it)\b",
        r"\b(?:need\w*|wanted|had to|must|by the|before|deadline|so that|without|requirement|as long as|no later)\b",
        r"\b(?:law|regulation|act|announced|merged|bought|took over|stopped|closed|left|retired|died|rule|letter|since|notice|from (?:january|february|march|april|"
        r"may|june|july|august|september|october|november|december))\b",
        r"\b(?:cost\w*|lost|errors?|wrong|late|hours|overtime|penalt\w+|fines?|cried|crying|nights?|complain\w*|missing|nobody knew|by hand|paper|spreadsheets?|"
        r"resign\w*|tears|blamed|afraid|ashamed)\b",
        r"\b(?:first|since then|now|after|went live|go-live|live on|down to|instead of|fell|dropped|began with|started with|pilot|down from|proud\w*)\b",
        r"\b(?:people|employees|staff|runs|head of|director|manager|owner|family|company|years? (?:there|with)|sites|branches|founded|turnover)\b",
        r"\b(?:good question|good q|ask (?:others|prospects|them|everyone)|question (?:for|to|i)|q for|use (?:this|that) (?:on|with))\b",
        r"\b(?:20\d\d|19\d\d)\b",
        rf"\b(?:{_MONTHS})\b",
        r"[€$£]|\b(?:euros?|kroner|pounds?|dollars?|thousand|million|k)\b",
        r"%|\bper cent\b|\bpercent\b",
    )
)


def _cues(said: Sequence[Sentence], at: int) -> list[float]:
    sentence = said[at]
    count, numbers = len(sentence.text.split()), len(quantities(sentence.text))
    after_question = at > 0 and said[at - 1].asks
    return [
        *(float(bool(cue.search(sentence.text))) for cue in _CUES),
        min(count, 40) / 40,
        float(count < 5),
        float(numbers > 0),
        float(numbers > 1),
        float(bool(sentence.speaker)),
        float(sentence.asker),
        float(at == 0),
        float(at == len(said) - 1),
        at / len(said),
        float(after_question),
    ]
