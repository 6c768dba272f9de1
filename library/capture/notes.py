"""Notes of a conversation as sentences: who speaks, what asks, each word as it was written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from library.story import sentences

_BULLET = re.compile(r"^\s*(?:[-–—*•·>]+|\d{1,2}[.)])\s+")
_TIME = re.compile(r"^\s*[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s?(?:am|pm)?[\])]?\s*[-–:]?\s*", re.IGNORECASE)
_SPEAKER = re.compile(
    r"^\s*\**(?P<who>(?-i:[A-Z])[\w.'’-]*(?:[ ](?-i:[A-Z&])[\w.'’-]*){0,2}(?:\s*\([^)]{1,40}\))?|q|a|me|i)\**\s*:\**\s+",
    re.IGNORECASE,
)
_NO_SPEAKER = frozenset(
    "before after now then need needs pain win decision change todo note notes who what why when first quote reason result results background summary update "
    "re subject ps nb also later next steps action actions alternatives options trigger deadline cost question ask outcome problem".split()
)
"""What stands before a colon and is no speaker."""
_ASKERS = frozenset("q i me int interviewer question host".split())
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|St|Prof|approx|ca|incl|excl|e\.g|i\.e|a\.m|p\.m|vs|etc|Nr|No|max|min|resp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])\.$"
)
_FULL_STOP = re.compile(r"(?<=[a-z\d)][.!?])\s+(?=[a-z])")
_ASKS = re.compile(r"\?[\"”’)]*\s*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of somebody's notes."""

    text: str
    """As it was written, without a bullet, a time or the speaker's name."""
    speaker: str = ""
    asker: bool = False
    """Whether whoever asks the questions says it."""

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return bool(_ASKS.search(self.text))


def note_sentences(notes: str) -> list[Sentence]:
    """The sentences of notes in order, whoever says them; a bullet is a sentence, also without a full stop."""
    found: list[Sentence] = []
    askers = _askers(notes)
    speaker = ""
    for line in notes.splitlines():
        bare = _TIME.sub("", _BULLET.sub("", line))
        if match := _speaker(bare):
            speaker, bare = match[1], bare[match[0] :]
        elif not line.strip():
            continue
        asker = _short(speaker) in askers
        found += [Sentence(said, speaker, asker) for said in _joined(_pieces(bare)) if said.strip()]
    return found


def _askers(notes: str) -> set[str]:
    """Who asks: those called Q, me or interviewer, else the one speaker most of whose turns are questions."""
    turns: dict[str, list[bool]] = {}
    for line in notes.splitlines():
        bare = _TIME.sub("", _BULLET.sub("", line))
        if match := _speaker(bare):
            turns.setdefault(_short(match[1]), []).append(bool(_ASKS.search(bare)))
    known = set(turns) & _ASKERS
    if known or len(turns) < 2:
        return known
    return {who for who, asked in turns.items() if len(asked) > 2 and sum(asked) > 0.6 * len(asked)}


def _speaker(line: str) -> tuple[int, str] | None:
    match = _SPEAKER.match(line)
    if match is None or _short(match["who"]) in _NO_SPEAKER or (match["who"].split()[0].lower() in _NO_SPEAKER):
        return None
    return match.end(), match["who"].strip()


def _short(who: str) -> str:
    return re.sub(r"\s*\(.*", "", who).strip().lower()


def _pieces(line: str) -> list[str]:
    """The sentences of a line; in notes one may also begin with a small letter."""
    return [piece for said in sentences(line) for piece in _FULL_STOP.split(said)]


def _joined(pieces: list[str]) -> list[str]:
    """What belongs together put together again: cut at an abbreviation's full stop, or inside somebody's words."""
    whole: list[str] = []
    for piece in pieces:
        if whole and (_ABBREVIATED.search(whole[-1]) or _open_quote(whole[-1])):
            whole[-1] = f"{whole[-1]} {piece}"
        else:
            whole.append(piece)
    return whole


def _open_quote(text: str) -> bool:
    """Whether a text ends inside a quote: what a customer said stays whole."""
    return text.count('"') % 2 == 1 or text.count("“") + text.count("„") > text.count("”")
