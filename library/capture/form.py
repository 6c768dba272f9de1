"""What stands in the form of a story being written, and the story it makes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from library.exchange.rows import free_name
from library.masking import names_said
from library.sharing.rights import Right
from library.shelf import slug
from library.story import HEADINGS, Beat, Health, Section, ShowAs, Status, Story
from library.vocabulary import Vocabulary

Written = Mapping[str, Any]
"""By field or beat what was written: texts, lists of words; days as 2026-11-25."""

TEXTS = "title customer alias near_miss surprise announced_to not_for heard_from".split()
RIGHTS = [right.value for right in Right]
CHOICES = [*"show_as industry country size change heard_how".split(), *RIGHTS]
LISTS = "roles alternatives contributors tags products also_called".split()
DATES = "critical_date first_win_on heard_on".split()
FACTS = (*TEXTS, *CHOICES, *LISTS, *DATES)
BASE = "base"
"""The text of a story's file when a change to it was begun."""
QUOTE = "quote"
"""The stub's own field: the very words, before there is a decision beat to put them in."""
_ENDS = re.compile(r"[.!?…][\"”’)]*$")
_QUOTES = '"“”„'


def beat_field(beat: Beat) -> str:
    """Under which name the text of a beat is kept."""
    return f"beat-{beat.value}"


def written_of(story: Story) -> dict[str, Any]:
    """What stands in the form when a story of the shelf is changed."""
    written: dict[str, Any] = {key: value for key in (*TEXTS, *CHOICES) if (value := str(getattr(story, key) or ""))}
    written |= {key: list(value) for key in LISTS if (value := getattr(story, key))}
    written |= {key: value.isoformat() for key in DATES if (value := getattr(story, key))}
    return written | {beat_field(beat): text for beat, text in story.beats.items()}


def story_of(
    written: Written, vocabulary: Vocabulary, *, teller: str, known: Collection[str] = (), base: Story | None = None
) -> Story:
    """The story that a form makes: a new draft, or a story of the shelf with what was changed.

    A new one gets an id of its title that nobody has and that does not give the customer away.
    """
    facts = _facts(written, vocabulary)
    if base is not None:
        kept = {key: value for key, value in vars(base).items() if key not in {"sections", *facts}}
        extra = {key: value for key, value in base.extra.items() if key not in facts}
        return Story(**{**kept, **facts, "extra": extra, "sections": _sections(written, base)})
    title = facts.get("title") or _in_short(str(written.get(beat_field(Beat.CHANGE)) or "")) or "A story"
    facts["title"] = title
    story = Story(
        id="new",
        status=Status.DRAFT,
        told_by=teller,
        owner=teller,
        health=Health.ACTIVE,
        sections=_sections(written, None),
        **facts,
    )
    return Story(**{**vars(story), "id": new_id(story, known)})


def new_id(story: Story, known: Collection[str]) -> str:
    """A file's name for a story, of its title, or of its alias where the title holds the customer's name."""
    given_away = names_said(story.title, story)
    made = slug(story.alias or "story" if given_away else story.title)
    return free_name(made[:70].strip("-"), set(known))


def empty(written: Written) -> bool:
    """Whether nothing was written yet."""
    return not any(written.get(key) for key in (*FACTS, QUOTE, "notes", *map(beat_field, Beat)))


def placed(written: Written, sentences: Mapping[Beat, list[str]]) -> dict[str, str]:
    """The beats with sentences of the notes put in, word for word, behind what stands there already."""
    changed: dict[str, str] = {}
    for beat, said in sentences.items():
        before = str(written.get(beat_field(beat)) or "").strip()
        fresh = [sentence for sentence in said if sentence not in before]
        if fresh:
            changed[beat_field(beat)] = _joined([*([before] if before else []), *fresh])
    return changed


def _joined(said: list[str]) -> str:
    """Sentences in a row; one that ends without a full stop keeps its line, as its writer left it."""
    return "".join(f"{text}{' ' if _ENDS.search(text) else chr(10)}" for text in said).strip()


def _facts(written: Written, vocabulary: Vocabulary) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for key in TEXTS:
        if key in written:
            facts[key] = _line(written[key])
    for key in CHOICES:
        if key in written:
            facts[key] = _line(written[key])
    if "show_as" in facts:
        facts["show_as"] = ShowAs(facts["show_as"]) if facts["show_as"] in set(ShowAs) else ShowAs.INTERNAL
    for key in LISTS:
        if key in written:
            facts[key] = tuple(dict.fromkeys(said for item in written[key] if (said := _line(item))))
    for key in DATES:
        if key in written:
            facts[key] = _day(str(written[key] or ""))
    if facts.get("country"):
        term = vocabulary.get("country", facts["country"])
        if term and term.within:
            facts["region"] = term.within[0]
    return facts


def _sections(written: Written, base: Story | None) -> tuple[Section, ...]:
    texts = {beat: _text(written.get(beat_field(beat))) for beat in Beat}
    quote = _line(written.get(QUOTE)).strip(_QUOTES)
    if quote and quote not in texts[Beat.DECISION]:
        texts[Beat.DECISION] = f"{texts[Beat.DECISION]} “{quote}”".strip()
    told = tuple(Section(HEADINGS[beat], text, beat) for beat, text in texts.items() if text)
    return (*told, *(section for section in (base.sections if base else ()) if section.beat is None))


def _in_short(text: str) -> str:
    """The first words of a text, as a title until somebody finds one."""
    return " ".join(text.split()[:9]).rstrip(".,;: ")


def _line(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value or "")).split())


def _text(value: object) -> str:
    """Paragraphs without what a story's file cannot hold: control characters, lines that would be headings."""
    lines = str(value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = ["".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines]
    clean = [line.lstrip("#").lstrip() if line.startswith("##") else line for line in clean]
    return "\n".join(clean).strip()


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
