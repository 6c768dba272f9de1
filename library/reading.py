"""Markdown <-> Story. A file that cannot be read becomes problems with a sentence each, never an exception."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from library.sharing.rights import Right, RightError, read_right
from library.story import HEADINGS, Beat, Health, Section, ShowAs, Status, Story
from library.vocabulary import SIZES, Vocabulary

MAX_FILE_BYTES = 256 * 1024
MAX_FRONT_MATTER_BYTES = 16 * 1024
ID_FORM = re.compile(r"[a-z0-9-]{3,80}")
REQUIRED = "title customer alias show_as industry roles change told_by heard_on status".split()
"""The fields a story needs before it is published."""

HEADING_LINE = re.compile(r"^##(?!#)[ \t]*(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029\ufffe\uffff]")
_ALSO_CALLED: Mapping[str, Beat] = {
    **{heading.lower(): beat for beat, heading in HEADINGS.items()},
    **{beat.value: beat for beat in Beat},
    "the change": Beat.CHANGE,
    "the pain": Beat.PAIN,
    "the need": Beat.NEED,
    "the decision": Beat.DECISION,
    "first win": Beat.WIN,
    "the question": Beat.QUESTION,
}
_GIVEN = re.compile(r"-given(?:-\d+)?\Z", re.ASCII)
_LISTS = frozenset("also_called roles moments products alternatives contributors tags".split())
_DATES = frozenset("critical_date first_win_on heard_on verified_on expires_on".split())
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "size": SIZES,
    "moments": ("awareness", "buying", "value"),
    "heard_how": ("call", "meeting", "recording", "survey", "second-hand"),
}
_RIGHTS = frozenset(right.value for right in Right)
_ENUMS: Mapping[str, type[StrEnum]] = {"show_as": ShowAs, "status": Status, "health": Health}
_WITH_VOCABULARY: Mapping[str, str] = {
    "industry": "industry",
    "region": "region",
    "country": "country",
    "roles": "role",
    "change": "change",
    "products": "product",
}
FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Story) if f.name not in {"id", "extra", "sections"})
"""The known keys of the front matter, in the order they are written."""


@dataclass(frozen=True, slots=True)
class StoryProblem:
    """One thing wrong with a story's file: where, what was found, and what to write instead."""

    file: str
    where: str
    found: str
    instead: str
    served: bool = True
    """Whether the story is on the shelf all the same."""

    def __str__(self) -> str:
        return f"{self.file}, {self.where}: found {self.found}; {self.instead}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading one file: the story, or None, and every problem met."""

    story: Story | None
    problems: tuple[StoryProblem, ...] = ()


class UnreadableError(ValueError):
    """A file that cannot be a story, with where, what was found and what to do instead."""

    def __init__(self, where: str, found: str, instead: str) -> None:
        super().__init__(f"{where}: found {found}; {instead}")
        self.where, self.found, self.instead = where, found, instead


def read_file(path: Path, vocabulary: Vocabulary, name: str | None = None) -> Reading:
    """Read one file of the shelf; links, oversized and undecodable files are problems."""
    shown = name or path.name
    try:
        text = decoded(file_bytes(path))
    except UnreadableError as error:
        return Reading(None, (StoryProblem(shown, error.where, error.found, error.instead, served=False),))
    return read_text(text, path.stem, vocabulary, shown)


def read_text(text: str, story_id: str, vocabulary: Vocabulary, name: str | None = None) -> Reading:
    """Read a story from its Markdown; the id is the file's name without its ending."""
    shown = name or f"{story_id}.md"
    problems: list[StoryProblem] = []

    def note(where: str, found: str, instead: str) -> None:
        problems.append(StoryProblem(shown, where, found, instead))

    try:
        if not ID_FORM.fullmatch(story_id):
            raise UnreadableError(
                "file name",
                _short(story_id),
                "name the file with 3 to 80 of a-z, 0-9 and hyphens, as in bakery-energy.md.",
            )
        front, body, body_line = _split(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
        values = _front_matter(front)
    except UnreadableError as error:
        return Reading(None, (StoryProblem(shown, error.where, error.found, error.instead, served=False),))
    facts = _facts(values, vocabulary, note)
    story = Story(id=story_id, **facts, sections=_sections(body, body_line, note))
    _name_in_the_open(story, note)
    return Reading(story, tuple(problems))


def write_text(story: Story) -> str:
    """The story's Markdown; reading it gives the same story. Raises ValueError where it would read differently."""
    lines: dict[str, Any] = {}
    for key in FIELDS:
        if key in story.extra:
            lines[key] = _plain(story.extra[key])
        elif (value := getattr(story, key)) not in ("", (), None) and value != _DEFAULTS.get(key):
            lines[key] = _plain(value)
    lines |= {key: _plain(value) for key, value in story.extra.items() if key not in lines}
    parts = ["---\n", *(fact_line(key, value) for key, value in lines.items()), "---\n"]
    for section in story.sections:
        if (
            section.text != section.text.strip("\n")
            or HEADING_LINE.search(section.text)
            or _CONTROL.search(section.text)
        ):
            raise ValueError(
                f"{story.id}, {section.heading or 'text before the first heading'}: the text holds a line that begins "
                "with ##, a control character or empty lines at an end; take them out before saving."
            )
        parts += [f"\n## {section.heading}\n"] if section.heading else []
        parts += [f"\n{section.text}\n"] if section.text else []
    text = "".join(parts)
    _check_it_reads_the_same(story, text)
    return text


def beat_named(heading: str) -> Beat | None:
    """The beat a heading stands for, or None."""
    return _ALSO_CALLED.get(heading.strip().rstrip(":").strip().lower())


def missing_fields(story: Story) -> list[str]:
    """What the story still needs before it is published: fields, then beats by their heading."""
    fields_missing = [key for key in REQUIRED if key in story.extra or getattr(story, key) in ("", (), None)]
    return fields_missing + [beat.heading for beat in story.missing_beats]


def _check_it_reads_the_same(story: Story, text: str) -> None:
    """Whatever a form or an import put into a field: what is saved is what will be read, or it is not saved."""
    try:
        decoded(text.encode())
        reading = read_text(text, "as-written", Vocabulary(()))
    except (UnicodeEncodeError, UnreadableError) as error:
        raise ValueError(f"{story.id}: {error}") from error
    if reading.story is None:
        raise ValueError(f"{story.id}: {reading.problems[0]}")
    if len(text.encode()) > MAX_FILE_BYTES:
        raise ValueError(f"{story.id}: found over {MAX_FILE_BYTES // 1024} KiB; shorten the story.")
    for name in (*FIELDS, "extra", "sections"):
        if getattr(reading.story, name) != getattr(story, name):
            raise ValueError(
                f"{story.id}, {name}: found a text that would be read differently from the file; take out empty "
                "items, spaces at an end and lines that begin with ##."
            )


# --- the file ------------------------------------------------------------------------------------------------


def file_bytes(path: Path) -> bytes:
    """What a story's file holds; raises UnreadableError for links, pipes, and what is too large for a story."""
    try:
        # O_NONBLOCK: a pipe that somebody left in the folder must not hold the shelf up.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if path.is_symlink():
            raise UnreadableError("the file", "a link to another place", "put the story itself here.") from error
        raise UnreadableError("the file", f"no way to open it ({error.strerror})", "check its permissions.") from error
    info = os.fstat(handle)
    if not stat.S_ISREG(info.st_mode):
        os.close(handle)
        raise UnreadableError("the file", "something that is not a file", "put a Markdown file here.")
    with os.fdopen(handle, "rb") as file:
        if info.st_size > MAX_FILE_BYTES:
            raise UnreadableError(
                "the file",
                f"{info.st_size // 1024} KiB",
                f"a story has at most {MAX_FILE_BYTES // 1024} KiB; shorten it.",
            )
        return file.read(MAX_FILE_BYTES + 1)


def decoded(content: bytes) -> str:
    """The text of a story's file; raises UnreadableError where it is no UTF-8, or holds control characters."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("the file", "UTF-16 text", "save it as UTF-8.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(f"line {line}", "text that is not UTF-8", "save the file as UTF-8.") from error
    if control := _CONTROL.search(text):
        line = text[: control.start()].count("\n") + 1
        raise UnreadableError(f"line {line}", f"the control character {control.group()!r}", "take it out.")
    return text


def _split(text: str) -> tuple[str, str, int]:
    match = re.match(r"---[ \t]*\n(.*?)(?:\n|^)---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not match:
        first = next((line for line in text.splitlines() if line.strip()), "an empty file")
        raise UnreadableError(
            "line 1", _short(first), "begin the file with a line ---, then the facts, then another line ---."
        )
    if len(match.group(1).encode()) > MAX_FRONT_MATTER_BYTES:
        raise UnreadableError(
            "front matter", f"over {MAX_FRONT_MATTER_BYTES // 1024} KiB", "move long texts under a ## heading."
        )
    return match.group(1), text[match.end() :], text[: match.end()].count("\n") + 1


# --- the front matter ------------------------------------------------------------------------------------------


def _front_matter(text: str) -> dict[str, str | tuple[str, ...]]:
    """Every value as the string it was written as: NO stays NO, 007 stays 007, 12:30:45 stays itself."""
    values: dict[str, str | tuple[str, ...]] = {}
    key: str | None = None
    items: list[str] | None = None
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            line = f"line {event.start_mark.line + 2}" if event.start_mark else "front matter"
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise UnreadableError(line, "a YAML anchor or alias (& or *)", "write the value out, in quotes.")
            if tag := getattr(event, "tag", None):
                raise UnreadableError(line, f"the YAML tag {tag}", "write the plain value.")
            if isinstance(event, yaml.MappingStartEvent):
                depth += 1
                if depth > 1 or items is not None:
                    raise UnreadableError(line, "a value inside a value", "write one line a key, or a list of words.")
            elif isinstance(event, yaml.SequenceStartEvent):
                if items is not None:
                    raise UnreadableError(line, "a list inside a list", "write key: [one, two].")
                if depth == 0 or key is None:
                    raise UnreadableError(line, "a list where a key belongs", "write key: [one, two].")
                items = []
            elif isinstance(event, yaml.SequenceEndEvent):
                values[key or ""], key, items = tuple(items or ()), None, None
            elif isinstance(event, yaml.ScalarEvent):
                if depth == 0:
                    raise UnreadableError(line, _short(event.value), "write key: value lines.")
                if items is not None:
                    items.append(event.value)
                elif key is None:
                    key = event.value
                    if key in values:
                        raise UnreadableError(line, f"{_short(key)} a second time", "keep one of the two.")
                else:
                    values[key], key = event.value, None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 2}" if mark else "front matter"
        problem = f"text that YAML cannot read ({getattr(error, 'problem', None) or 'a character it does not allow'})"
        raise UnreadableError(
            where, problem, 'write key: value, and put a value that holds : or # in "quotes".'
        ) from error
    return values


_LIST_TAG = "tag:yaml.org,2002:seq"
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DEFAULTS = {f.name: f.default for f in fields(Story) if f.name in {"verify_every_days", "health"}}


def _facts(
    values: Mapping[str, str | tuple[str, ...]], vocabulary: Vocabulary, note: Callable[[str, str, str], None]
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    extra: dict[str, str | tuple[str, ...]] = {}
    for key, value in values.items():
        if key not in FIELDS:
            extra[key] = value
            # An import keeps the words it was given under size-given, roles-given, roles-given-2: nothing to mend.
            if not _GIVEN.search(key):
                note(f"field {_short(key)}", "a key nobody knows", "it is kept; take it out or put it under tags.")
            continue
        if value in ("", ()):
            continue
        try:
            facts[key] = _converted(key, value)
        except UnreadableError as error:
            extra[key] = value
            note(f"field {key}", error.found, error.instead)
            continue
        if kind := _WITH_VOCABULARY.get(key):
            given = facts[key] if isinstance(facts[key], tuple) else (facts[key],)
            for term in given:
                if vocabulary.get(kind, term) is None:
                    known = ", ".join(t.id for t in vocabulary.of_kind(kind)[:4])
                    note(f"field {key}", _short(term), f"use a known {kind} ({known}, …) or add it to vocabulary.toml.")
    return {**facts, "extra": extra}


def _converted(key: str, value: str | tuple[str, ...]) -> Any:  # noqa: ANN401 - each field has its own type
    if key in _LISTS:
        given = tuple(item for item in ((value,) if isinstance(value, str) else value) if item)
        if key in _CHOICES and (wrong := [item for item in given if item not in _CHOICES[key]]):
            raise UnreadableError(key, _short(wrong[0]), f"write {_one_of(_CHOICES[key])}.")
        return given
    if isinstance(value, tuple):
        raise UnreadableError(key, "a list", "write one value.")
    if key in _ENUMS:
        try:
            return _ENUMS[key](value.strip().lower())
        except ValueError as error:
            kept = {
                "show_as": " It is treated as internal until then.",
                "status": " It is treated as a draft until then.",
            }
            allowed = [member.value for member in _ENUMS[key]]
            raise UnreadableError(key, _short(value), f"write {_one_of(allowed)}.{kept.get(key, '')}") from error
    if key in _DATES:
        return _date(key, value)
    if key in _RIGHTS:
        try:
            read_right(value)
        except RightError as error:
            raise UnreadableError(key, _short(error.found), error.instead) from error
        return value
    if key == "verify_every_days":
        if not re.fullmatch(r"[1-9][0-9]{0,3}", value.strip()):
            raise UnreadableError(key, _short(value), "write a number of days, as in 90.")
        return int(value)
    if key in _CHOICES and value not in _CHOICES[key]:
        raise UnreadableError(key, _short(value), f"write {_one_of(_CHOICES[key])}.")
    return value


def _date(key: str, value: str) -> date:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value.strip(), re.ASCII)
    try:
        if not match:
            raise ValueError(value)
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise UnreadableError(key, _short(value), "write a date as year-month-day, as in 2026-03-31.") from error


# --- the beats -------------------------------------------------------------------------------------------------


def _sections(body: str, first_line: int, note: Callable[[str, str, str], None]) -> tuple[Section, ...]:
    found = list(HEADING_LINE.finditer(body))
    sections: list[Section] = []
    preamble = body[: found[0].start()] if found else body
    if text := _trimmed(preamble):
        sections.append(Section("", text))
    for this, following in zip(found, [*found[1:], None], strict=False):  # one more: the last has no next
        text = _trimmed(body[this.end() : following.start() if following else len(body)])
        beat = beat_named(this.group(1))
        where = f"line {first_line + body[: this.start()].count(chr(10))}"
        if beat is None:
            note(
                where,
                f"the heading {_short(this.group(1))}",
                f"the beats are {', '.join(HEADINGS.values())}; it is kept.",
            )
        elif any(section.beat is beat for section in sections):
            note(where, f"the heading {_short(this.group(1))} a second time", "join the two.")
        sections.append(Section(this.group(1), text, beat))
    return tuple(sections)


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _name_in_the_open(story: Story, note: Callable[[str, str, str], None]) -> None:
    """A restricted name that stands where everybody reads it: masked when shown, and said here."""
    if story.show_as is ShowAs.NAMED or len(story.customer) < 3:
        return
    open_texts = {
        "the file name": story.id.replace("-", " "),
        "field title": story.title,
        "field alias": story.alias,
        "field tags": " ".join(story.tags),
        **{f"the beat {beat.heading}": text for beat, text in story.beats.items()},
    }
    for where, text in open_texts.items():
        if story.customer.lower() in text.lower():
            note(where, "the customer's name", "write the alias; only the field customer may hold the name.")


# --- words -----------------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [str(item) for item in value]
    return value if isinstance(value, date | int) else str(value)


class _Dumper(yaml.SafeDumper):
    """Writes a list on one line, as people write it here."""


_Dumper.add_representer(list, lambda dumper, items: dumper.represent_sequence(_LIST_TAG, items, flow_style=True))


def fact_line(key: str, value: object) -> str:
    """One fact as it stands in the front matter, with the end of its line."""
    return yaml.dump({key: _plain(value)}, Dumper=_Dumper, allow_unicode=True, default_flow_style=False, width=10**6)


def _short(value: str) -> str:
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    return f'"{text[:57]}…"' if len(text) > 60 else f'"{text}"'


def _one_of(values: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"
