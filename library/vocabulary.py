"""The words facts are written in: industries, roles, changes, places, and what people say for them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeGuard

SHIPPED = Path(__file__).with_name("vocabulary.toml")
GROUPS = {"industry_group": "industry", "industry_part": "industry", "role_group": "role"}
"""Sections that are no kinds of their own: what is wider than the facts of a story, or narrower."""
_NARROWER = "industry_part"
SIZES: tuple[str, ...] = ("1-49", "50-199", "200-999", "1000-4999", "5000+")

_SAID_AS_SHOWN = frozenset({"industry", "region", "country"})
_TOKEN = re.compile(r"[^\W_]+|&")


class VocabularyError(ValueError):
    """A vocabulary file that cannot be used, with the entry and what to write instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """One fact a story can carry, how it is shown, what people say for it, and what it belongs to."""

    kind: str
    id: str
    label: str
    words: tuple[str, ...]
    within: tuple[str, ...] = ()
    narrow: bool = False
    """Whether it is narrower than a story's facts are written in: it is only heard, in a wish."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A term said in a text, and where."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True)
class Vocabulary:
    """Every term a library knows, findable in running text."""

    terms: tuple[Term, ...]

    @classmethod
    def load(cls, extra: Path | None = None) -> Vocabulary:
        """The shipped vocabulary with a team's own file added; raises VocabularyError for a bad file."""
        entries = {(term.kind, term.id): _joined(None, term) for term in _terms(SHIPPED)}
        kinds = {term.kind for term in entries.values()}
        if extra is not None and extra.is_file():
            for term in _terms(extra):
                if term.kind not in kinds:
                    raise VocabularyError(
                        f"{extra.name}: found [{term.kind}]; write one of {', '.join(f'[{k}]' for k in sorted(kinds))}."
                    )
                joined = _joined(entries.get((term.kind, term.id)), term)
                if joined.narrow and not joined.within:
                    raise VocabularyError(
                        f"{extra.name}, [{_NARROWER}] {term.id}: found no industry it is a part of; "
                        'write within = ["insurance"] or another.'
                    )
                entries[term.kind, term.id] = joined
        return cls(tuple(entries.values()))

    def of_kind(self, kind: str) -> list[Term]:
        """The terms of one kind that a story's facts are written in, in the order of the file."""
        return [term for term in self.terms if term.kind == kind and not term.narrow]

    def get(self, kind: str, term_id: str) -> Term | None:
        """The term with this id, or None."""
        return self._by_id.get((kind, term_id))

    def label(self, kind: str, term_id: str) -> str:
        """How a value is shown; a value nobody defined is shown as written, without its hyphens."""
        term = self.get(kind, term_id)
        return term.label if term else term_id.replace("-", " ").capitalize() if term_id.islower() else term_id

    def covers(self, kind: str, term_id: str) -> frozenset[str]:
        """The term's id and every id within it: europe covers DK, manufacturing covers food-manufacturing."""
        return self._covered.get((kind, term_id), frozenset({term_id}))

    def canonical(self, kind: str, text: str) -> str | None:
        """The id for a value written by a person ("Financial Services"), or None; of a narrower term the wider."""
        found = self._canonical(kind, text.strip())
        return None if found is None else found.within[0] if found.narrow else found.id

    def _canonical(self, kind: str, said: str) -> Term | None:
        for candidate in (said, said.lower().replace(" ", "-"), said.upper()):
            if term := self._by_id.get((kind, candidate)):
                return term
        whole = _tokens(said)
        found = [m for m in self.mentions(said) if m.term.kind == kind]
        for mention in found:
            if _tokens(said[mention.start : mention.end]) == whole or _tokens(mention.term.label) == whole:
                return mention.term
        return found[0].term if found else None

    def mentions(self, text: str) -> list[Mention]:
        """The terms said in a text, longest wording first where two overlap, in order of place."""
        places = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        found: list[Mention] = []
        at = 0
        while at < len(places):
            longest = self._longest.get(places[at][0].lower(), 0)
            for length in range(min(longest, len(places) - at), 0, -1):
                said = tuple(word for word, _, _ in places[at : at + length])
                terms = self._spoken.get(said) or self._spoken.get(tuple(w.lower() for w in said))
                if terms:
                    found += [Mention(term, places[at][1], places[at + length - 1][2]) for term in terms]
                    at += length
                    break
            else:
                at += 1
        return found

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Term]:
        return {(term.kind, term.id): term for term in self.terms}

    @cached_property
    def _covered(self) -> Mapping[tuple[str, str], frozenset[str]]:
        inner: dict[tuple[str, str], set[str]] = defaultdict(set)
        for term in self.terms:
            kind = "region" if term.kind == "country" else term.kind
            for wider in term.within:
                inner[kind, wider].add(term.id)
        return {(t.kind, t.id): frozenset({t.id} | inner[t.kind, t.id]) for t in self.terms}

    @cached_property
    def _spoken(self) -> Mapping[tuple[str, ...], tuple[Term, ...]]:
        spoken: dict[tuple[str, ...], list[Term]] = defaultdict(list)
        for term in self.terms:
            shown = {term.label.lower()} if term.kind in _SAID_AS_SHOWN else set()
            for word in {*term.words} | shown:
                if not (tokens := tuple(_TOKEN.findall(word))):
                    continue
                plural = (*tokens[:-1], tokens[-1] + "s") if len(tokens[-1]) > 3 else tokens
                for form in {tokens, plural}:
                    if term not in spoken[form]:
                        spoken[form].append(term)
        return {form: tuple(terms) for form, terms in spoken.items()}

    @cached_property
    def _longest(self) -> Mapping[str, int]:
        """How many words the longest wording has that begins with this one, in small letters."""
        longest: dict[str, int] = {}
        for form in self._spoken:
            longest[form[0].lower()] = max(len(form), longest.get(form[0].lower(), 0))
        return longest


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _TOKEN.findall(text))


def _joined(known: Term | None, term: Term) -> Term:
    """What a team adds to a term: words and wider terms beside the known ones, and a label where it gives one."""
    label = term.label or (known.label if known else term.id.replace("-", " ").capitalize())
    words, within = (known.words, known.within) if known else ((), ())
    return replace(term, label=label, words=(*words, *term.words), within=(*within, *term.within))


def _terms(path: Path) -> Iterator[Term]:
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise VocabularyError(f"{path.name} is not readable as TOML ({error}); mend it or move it away.") from error
    except OSError as error:
        raise VocabularyError(f"{path.name} cannot be opened ({error.strerror}); check its permissions.") from error
    for section, entries in sections.items():
        if not isinstance(entries, dict):
            raise VocabularyError(f"{path.name}: found {section} outside a section; write it under [industry] or so.")
        for term_id, entry in entries.items():
            if not _is_entry(entry):
                raise VocabularyError(
                    f"{path.name}, [{section}] {term_id}: found {entry!r}; "
                    'write { label = "As shown", words = ["as said"] }.'
                )
            words = tuple(word for word in entry.get("words", ()) if _TOKEN.search(word))
            kind = GROUPS.get(section, section)
            yield Term(
                kind, term_id, entry.get("label", ""), words, tuple(entry.get("within", ())), section == _NARROWER
            )


def _is_entry(entry: object) -> TypeGuard[dict[str, Any]]:
    """Whether an entry is a label and lists of words; a plain string for a list would be taken letter by letter."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("label", ""), str)
        and all(
            isinstance(words := entry.get(key, []), list) and all(isinstance(word, str) for word in words)
            for key in ("words", "within")
        )
    )
