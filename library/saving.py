"""Stories into their files, in one step: a whole story, or a few facts of one in its own text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from library.files import put, put_new, written_beside
from library.reading import FIELDS, HEADING_LINE, ID_FORM, MAX_FILE_BYTES, fact_line, read_file, read_text, write_text
from library.shelf import ShelfError, story_file
from library.story import Story
from library.vocabulary import Vocabulary


class ChangedError(ShelfError):
    """A file that was changed by hand since it was read; holds both texts, and nothing was written."""

    def __init__(self, name: str, mine: str, theirs: str) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__(f"{name} was changed by somebody else just now; nothing was written. Try again.")


_FRONT = re.compile(r"(\ufeff?---[ \t]*\r?\n)(.*?)((?:^)---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE)


def save(story: Story, folder: Path) -> Path:
    """Write a story to its file in one step, so that a reader sees the old text or the new; raises ShelfError."""
    content = _content(story)
    folder.mkdir(parents=True, exist_ok=True)
    # Where the story already lives: a second file with its id would take both off the shelf.
    path = story_file(folder, story.id) or folder / f"{story.id}.md"
    put(path, content)
    return path


def save_new(story: Story, folder: Path) -> Story:
    """Write a story that is new, under an id of its own where somebody took it meanwhile; raises ShelfError."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100):
        named = replace(story, id=story.id if number == 1 else f"{story.id[:76]}-{number}")
        if story_file(folder, named.id) is not None:
            continue
        try:
            put_new(folder / f"{named.id}.md", _content(named))
        except FileExistsError:  # two who send at once: one of them takes the next name
            continue
        return named
    raise ShelfError(f"A hundred stories are called {story.id}; give yours another title.")


def _content(story: Story) -> bytes:
    if not ID_FORM.fullmatch(story.id):
        raise ShelfError(f"The id {story.id!r} is no file name; use 3 to 80 of a-z, 0-9 and hyphens.")
    try:
        return write_text(story).encode("utf-8")
    except ValueError as error:
        raise ShelfError(str(error)) from error


def replace_text(folder: Path, story_id: str, text: str, vocabulary: Vocabulary, *, instead_of: bytes) -> Story:
    """Write another text into a story's file, in one step and only where it still holds just `instead_of`.

    Returns the story. Raises ShelfError, and writes nothing, where the file is gone or the text is no story, and
    ChangedError with both texts where somebody changed the file meanwhile.
    """
    path = file_of(folder, story_id)
    reading = read_text(text, story_id, vocabulary)
    if reading.story is None:
        raise ShelfError(f"{reading.problems[0]}")
    content = text.encode("utf-8")
    if len(content) > MAX_FILE_BYTES:
        raise ShelfError(f"{path.name}: found over {MAX_FILE_BYTES // 1024} KiB; shorten the story.")
    _put(path, content, instead_of=instead_of)
    return reading.story


def file_of(folder: Path, story_id: str) -> Path:
    """The file a story lives in; raises ShelfError where it is gone."""
    path = story_file(folder, story_id)
    if path is None:
        raise ShelfError(f"There is no story {story_id} in {folder} any more; somebody renamed it or took it away.")
    return path


def revise(folder: Path, story_id: str, vocabulary: Vocabulary, **facts: date | str) -> Story:
    """Set facts in a story's file as it stands now, whatever was changed by hand since it was read.

    Only single values, and only lines of the front matter, are touched. Raises ShelfError, and writes nothing, where
    the file is gone, cannot be read, or would read differently in anything but these facts.
    """
    path = file_of(folder, story_id)
    reading = read_file(path, vocabulary)
    if reading.story is None:
        raise ShelfError(f"{reading.problems[0]}")
    before = path.read_bytes()
    text = with_facts(before.decode("utf-8"), {key: str(value) for key, value in facts.items()})
    wanted = replace(reading.story, **facts)  # type: ignore[arg-type]
    after = read_text(text, story_id, vocabulary).story
    kept = {key: value for key, value in reading.story.extra.items() if key not in facts}
    if after is None or after != replace(wanted, extra=kept):
        raise ShelfError(f"{path.name}: {', '.join(facts)} could not be set without changing more; edit it by hand.")
    _put(path, text.encode("utf-8"), instead_of=before)
    return after


def with_facts(text: str, facts: dict[str, str]) -> str:
    """The text of a story's file with these keys of its front matter set, each on one line; new keys come last."""
    match = _FRONT.match(text)
    if not match:
        raise ShelfError("Found no front matter; begin the file with a line ---, then the facts, then another ---.")
    front, ends = match.group(2), "\r\n" if "\r\n" in match.group(1) else "\n"
    for key, value in facts.items():
        line = f"{key}: {_scalar(value)}"
        front, found = re.subn(rf"^{key}[ \t]*:[^\r\n]*", lambda _, line=line: line, front, flags=re.MULTILINE)
        if not found:
            front += f"{line}{ends}"
    return f"{match.group(1)}{front}{text[match.start(3) :]}"


def revised(text: str, before: Story, after: Story, vocabulary: Vocabulary) -> str:
    """The text of a story's file with what changed from `before` to `after` in it, and the rest as people wrote it.

    Where that would be read differently, the story is written anew. Raises ShelfError.
    """
    try:
        wanted = write_text(after)
    except ValueError as error:
        raise ShelfError(str(error)) from error
    changed = _with_texts(_with_values(text.replace("\r\n", "\n"), before, after), before, after)
    changed = changed.replace("\n", "\r\n") if "\r\n" in text else changed
    return changed if read_text(changed, after.id, vocabulary).story == after else wanted


def _with_values(text: str, before: Story, after: Story) -> str:
    match = _FRONT.match(text)
    if not match:
        return text
    front = match.group(2)
    for key in FIELDS:
        if (value := getattr(after, key)) == getattr(before, key):
            continue
        line = "" if value in ("", (), None) else fact_line(key, value)
        front, found = re.subn(rf"^{key}[ \t]*:.*(?:\n|\Z)", lambda _, line=line: line, front, flags=re.MULTILINE)
        front += "" if found else line
    return f"{match.group(1)}{front}{text[match.start(3) :]}"


def _with_texts(text: str, before: Story, after: Story) -> str:
    for old, new in zip(before.sections, after.sections, strict=False):
        if old == new or (old.heading, old.beat) != (new.heading, new.beat):
            continue
        found = [place for place in HEADING_LINE.finditer(text) if place.group(1) == old.heading]
        if len(found) == 1:
            start = found[0].end()
            following = HEADING_LINE.search(text, start)
            rest = text[following.start() :] if following else ""
            gap = "\n" if rest else ""
            text = f"{text[:start]}\n\n{new.text}\n{gap}{rest}"
    return text


def _scalar(value: str) -> str:
    value = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    plain = re.fullmatch(r"[^\W\d_][\w .'’-]*[\w.]|\d{4}-\d\d-\d\d", value)
    if plain and not re.search(r"\s[#:]|:\s", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _put(path: Path, content: bytes, instead_of: bytes) -> None:
    """Put a file in place where it still holds just what it held; raises ChangedError."""
    with written_beside(path, content) as finished:
        if (theirs := path.read_bytes()) != instead_of:
            raise ChangedError(path.name, content.decode("utf-8"), theirs.decode("utf-8", "replace"))
        finished.replace(path)
