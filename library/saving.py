"""Stories into their files, in one step: a whole story, or a few facts of one in its own text."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from library.reading import ID_FORM, read_file, read_text, write_text
from library.shelf import ShelfError, story_file
from library.story import Status, Story
from library.vocabulary import Vocabulary

_FRONT = re.compile(r"(\ufeff?---[ \t]*\r?\n)(.*?)((?:^)---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE)


def save(story: Story, folder: Path) -> Path:
    """Write a story to its file in one step, so that a reader sees the old text or the new; raises ShelfError."""
    if not ID_FORM.fullmatch(story.id):
        raise ShelfError(f"The id {story.id!r} is no file name; use 3 to 80 of a-z, 0-9 and hyphens.")
    try:
        text = write_text(story)
    except ValueError as error:
        raise ShelfError(str(error)) from error
    folder.mkdir(parents=True, exist_ok=True)
    # Where the story already lives: a second file with its id would take both off the shelf.
    path = story_file(folder, story.id) or folder / f"{story.id}.md"
    _put(path, text.encode("utf-8"))
    return path


def save_new(story: Story, folder: Path, *, status: Status) -> Story:
    """Write a story that is new, under an id of its own where somebody took it meanwhile; raises ShelfError."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = replace(story, status=status)
    for number in range(1, 100):
        named = replace(wanted, id=story.id if number == 1 else f"{story.id[:76]}-{number}")
        path = folder / f"{named.id}.md"
        if story_file(folder, named.id) is not None:
            continue
        try:
            path.open("x").close()  # two who send at once: one of them takes the next name
        except FileExistsError:
            continue
        try:
            save(named, folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return named
    raise ShelfError(f"A hundred stories are called {story.id}; give yours another title.")


def verified(folder: Path, story_id: str, vocabulary: Vocabulary, *, by: str, on: date) -> Story:
    """Write into a story's file that somebody asked the customer again; returns the story. Raises ShelfError."""
    return revise(folder, story_id, vocabulary, verified_on=on, verified_by=by)


def revise(folder: Path, story_id: str, vocabulary: Vocabulary, **facts: date | str) -> Story:
    """Set facts in a story's file as it stands now, whatever was changed by hand since it was read.

    Only single values, and only lines of the front matter, are touched. Raises ShelfError, and writes nothing, where
    the file is gone, cannot be read, or would read differently in anything but these facts.
    """
    path = story_file(folder, story_id)
    if path is None:
        raise ShelfError(f"There is no story {story_id} in {folder} any more; somebody renamed it or took it away.")
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


def _scalar(value: str) -> str:
    value = " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
    plain = re.fullmatch(r"[^\W\d_][\w .'’-]*[\w.]|\d{4}-\d\d-\d\d", value)
    if plain and not re.search(r"\s[#:]|:\s", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _put(path: Path, content: bytes, instead_of: bytes | None = None) -> None:
    """Put a file in place in one step; with `instead_of` only where it still holds just that."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        if instead_of is not None and path.read_bytes() != instead_of:
            raise ShelfError(f"{path.name} was changed by somebody else just now; nothing was written. Try again.")
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
