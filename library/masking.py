"""Names taken out of a story, in every form they are written in: the alias in their place."""

from __future__ import annotations

import re
from dataclasses import fields, replace

from library.names import (
    any_case,
    bare,
    customer_forms,
    fold,
    has_role,
    heard,
    parts_of,
    pattern,
    places_of,
)
from library.names import person_forms as forms_of_person
from library.ordinary import is_ordinary
from library.sharing.rights import givers, without_givers
from library.story import Section, Story

_OURS = frozenset("told_by contributors owner verified_by".split())
_TAKEN_OUT = frozenset("customer heard_from demo_url media_url".split())
"""Fields that are the name, or lead to it."""


def without_names(story: Story) -> Story:
    """The story with the customer, and who was heard, taken out of every field, and the alias in their place."""
    mask = _Mask(story)
    rights = without_givers(story)
    gone = {"id", "alias", "also_called", *rights, *_TAKEN_OUT}
    kept = {f.name: getattr(story, f.name) for f in fields(story) if f.name not in gone}
    masked: dict[str, object] = {**dict.fromkeys(_TAKEN_OUT, ""), **rights}
    for name, value in kept.items():
        said = mask.whole_names if name in _OURS else mask
        if type(value) is str:
            masked[name] = said(value)
        elif isinstance(value, tuple) and name != "sections":
            masked[name] = tuple(said(item) for item in value)
    sections = tuple(Section(mask(s.heading), mask(s.text), s.beat) for s in story.sections)
    return replace(story, **masked, also_called=(), alias=mask.alias, extra={}, sections=sections)  # type: ignore[arg-type]


def names_said(text: str, story: Story) -> tuple[str, ...]:
    """Every form of the customer's name, and of who was heard, that stands in a text, as it stands there."""
    return _Mask(story).found(text)


def masked(text: str, story: Story) -> str:
    """Words of ours about a story, every form of its customer's names replaced as in the story itself."""
    return _Mask(story)(text)


def spoken_alias(story: Story) -> str:
    """What to call the customer where the name may not be said."""
    return story.alias or "one of our customers"


_IN_AN_ADDRESS = {"before": r"(?:https?://)?(?:www\.)?", "after": r"(?:\.[a-z]{2,6}\b)*"}

Swap = tuple[re.Pattern[str] | None, str]
"""A pattern, and what is said instead of what it finds."""


class _Mask:
    """Replaces every form of a story's names: any case, accents or none, hyphens, line breaks, initials, domains."""

    def __init__(self, story: Story) -> None:
        whole, words = customer_forms(story.customer)
        others = [_also(entry) for entry in story.also_called]
        words += [form for name, said in others if not said for form in _other_forms(name)]
        customer = pattern([*whole, *words], **_IN_AN_ADDRESS)
        called = [(pattern(_other_forms(name, said), **_IN_AN_ADDRESS), said) for name, said in others if said]
        people = _people(story)
        alias = spoken_alias(story)
        gives_away = _spans(customer, alias) or any(_spans(found, alias) for found, _ in called)
        self.alias = "one of our customers" if gives_away else alias
        roles = [(names, _replaced(customer, role, self.alias)) for names, role in people]
        persons = [(_person(names, role), role) for names, role in roles]
        if any(_spans(person, self.alias) for person, _ in persons):
            self.alias = "one of our customers"
        self._swaps: list[Swap] = [*called, (customer, self.alias), *persons]
        in_full = [*whole, *(any_case(name) for name, _ in others if " " in name)]
        self._whole: list[Swap] = [(pattern(in_full), self.alias)]
        self._whole += [(pattern(any_case(name) for name in names if " " in name), role) for names, role in roles]

    def __call__(self, text: str) -> str:
        for found, phrase in self._swaps:
            text = _replaced(found, text, phrase)
        return text

    def found(self, text: str) -> tuple[str, ...]:
        """What would be replaced, in order, each once."""
        plain, places = fold(text)
        there = sorted(place for found, _ in self._swaps if found for place in places_of(found, plain))
        return tuple(dict.fromkeys(text[places[start] : places[end]] for start, end, _ in there))

    def whole_names(self, text: str) -> str:
        """Only the names said in full: for our own people, who may share a first name with a customer's."""
        for found, phrase in self._whole:
            text = _replaced(found, text, phrase)
        return text


def _people(story: Story) -> list[tuple[list[str], str]]:
    """Who was heard, and who gave a right, with what to call them."""
    found = [heard(story.heard_from)]
    for giver in givers(story):
        people, role = heard(giver)
        new = [person for person in people if not any(person in known for known, _ in found)]
        found += [(new, role)] if new else []
    return found


def _person(names: list[str], role: str) -> re.Pattern[str] | None:
    return pattern(
        [form for name in names for form in forms_of_person(name)],
        before=r"(?:(?i:mrs?|ms|mx|miss|dr|prof|herr|frau|hr|fru|sir|dame|sra?|mme)\.?\s+)?",
        # "Moira, compliance officer, has never" shall not become "the compliance officer, compliance officer".
        after=rf"(?:-san\b)?(?:,\s+(?:(?:an?|the|our|their)\s+)?{any_case(bare(role), torn=False)},?)?",
    )


def _also(entry: str) -> tuple[str, str]:
    """A name in `also_called` and what follows its comma: what to say instead, as in "Kystby, their town"."""
    name, _, instead = entry.partition(",")
    return name.strip(), " ".join(instead.split())


def _other_forms(name: str, instead: str = "") -> list[str]:
    """The forms of another name: a thing's, and a person's where it is one by its role or its look."""
    whole, words = customer_forms(name)
    parts = parts_of(name)
    looks = 1 < len(parts) < 4 and all(part[0].isupper() and not is_ordinary(part) for part in parts)
    return [*whole, *words, *(forms_of_person(name) if looks or has_role(instead) else [])]


def _spans(found: re.Pattern[str] | None, text: str) -> bool:
    return bool(found and found.search(fold(text)[0]))


def _replaced(found: re.Pattern[str] | None, text: str, phrase: str) -> str:
    """The text with the phrase for each match: with one article, and a capital where a sentence begins."""
    if not found or not text:
        return text
    plain, places = fold(text)
    kept: list[str] = []
    at = 0
    for first, last, article in places_of(found, plain):
        start, end = places[first], places[last]
        said = f"{article}{bare(phrase)}" if article.strip().lower() == "the" else phrase
        before = text[:start].rstrip('"“‘(*_>#- ')
        if not before or before[-1] in ".!?\n" or before.endswith(('."', '?"', '!"', ".”", "?”", "!”")):
            said = said[:1].upper() + said[1:]
        kept += [text[at:start], said]
        at = end
    return "".join([*kept, text[at:]])
