"""The safe wording of a story: fit for anybody outside, by its rights on that day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from library.people import GUEST, display_name, seen_by
from library.practice.quantities import Kind, quantities
from library.sharing.rights import Right, allows, without_givers
from library.story import Beat, Section, ShowAs, Story

LEFT_OUT = "[…]"
"""Stands where a figure of the customer's may not be given."""

_SPEECH = re.compile(r"([\"“„])([^\"“”„]+)([\"”“])")
_FEW_WORDS = 3
"""Up to so many words in quotation marks are a name or a turn of phrase; more are somebody's speech."""
_COUNTED = frozenset({Kind.COUNT, Kind.PERCENT, Kind.SHARE})
_OUTSIDE = frozenset({Beat.CHANGE, Beat.NEED})
"""Beats that tell of the world and its dates: there a number of days or weeks is no figure of the customer's."""
_TIME = re.compile(r"\s*-?\s*(?:minute|hour|day|night|week|month|quarter|year)s?\b", re.IGNORECASE)
_BEFORE = re.compile(r"[€$£]\s?\Z|\b[Aa]n?\s\Z")
_BESIDE = re.compile(r"\s?(?:%|per ?cent|[€$£])")


def safe_story(story: Story, today: date | None) -> Story:
    """The story as it may go out in writing: name, speech and figures only where their right is a plain yes.

    Who was heard and who gave a right never go out. Without a day, a right that runs out some day counts as run out.
    Raises ValueError for an internal story, which never leaves.
    """
    if story.show_as is ShowAs.INTERNAL:
        raise ValueError(f"{story.id} is for us only; nothing of it may be copied.")
    return worded(seen_by(GUEST, story, today), today)


def worded(story: Story, today: date | None) -> Story:
    """A story as somebody may see it, without the speech, the figures and the recording its rights hold back."""
    safe = replace(story, **without_givers(story), heard_from="", also_called=(), extra={})  # type: ignore[arg-type]
    if not allows(story, Right.RECORDING, today):
        safe = replace(safe, media_url="")
    if not allows(story, Right.METRIC, today):
        safe = _without_figures(safe)
    if not allows(story, Right.QUOTE, today):
        sections = tuple(Section(s.heading, without_speech(s.text, s.beat), s.beat) for s in safe.sections)
        safe = replace(safe, sections=sections)
    return safe


def safe_version(story: Story, today: date) -> str:
    """The story in safe wording as one text, the question left to the one who tells it.

    Raises ValueError for an internal story.
    """
    safe = safe_story(story, today)
    name = display_name(safe)
    beats = [text for beat, text in safe.beats.items() if beat is not Beat.QUESTION]
    return "\n\n".join([safe.title, f"{name[:1].upper()}{name[1:]}", *beats])


def without_speech(text: str, beat: Beat | None = None) -> str:
    """A text with an ellipsis for what somebody said; a few words in quotation marks are kept outside the decision."""

    def said(match: re.Match[str]) -> str:
        few = len(match[2].split()) <= _FEW_WORDS and beat is not Beat.DECISION
        return match[0] if few else f"{match[1]}…{match[3]}"

    return _SPEECH.sub(said, text)


def without_figures(text: str, beat: Beat | None = None) -> str:
    """A text with [...] for each number of the customer's; days, years and hours of the clock are kept."""
    kept: list[str] = []
    at = 0
    for number in quantities(text):
        start, end = number.span
        if number.kind not in _COUNTED or (beat in _OUTSIDE and _TIME.match(text, end)):
            continue
        if before := _BEFORE.search(text[:start]):
            start = before.start()
        if beside := _BESIDE.match(text, end):
            end = beside.end()
        kept += [text[at:start], LEFT_OUT]
        at = end
    return "".join([*kept, text[at:]])


def _masked_fact(words: str) -> str:
    return without_figures(words, Beat.CHANGE)


def _without_figures(story: Story) -> Story:
    """A story without its figures; who they are and the question say no result."""
    untouched = {Beat.WHO, Beat.QUESTION}
    sections = tuple(
        s if s.beat in untouched else Section(s.heading, without_figures(s.text, s.beat), s.beat)
        for s in story.sections
    )
    texts = {name: _masked_fact(getattr(story, name)) for name in ("title", "near_miss", "surprise", "not_for")}
    lists = {name: tuple(map(_masked_fact, getattr(story, name))) for name in ("alternatives", "tags")}
    return replace(story, **texts, **lists, sections=sections)  # type: ignore[arg-type]
