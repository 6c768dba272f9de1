"""Stories out of the rows of somebody's table, with a report of what to look at, and into a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from library.exchange.columns import ExchangeError, meanings_of
from library.exchange.placing import place_new
from library.exchange.rows import A_GUESS, Note, Row, free_name
from library.exchange.tables import refuse_twins
from library.reading import FIELDS, write_text
from library.story import Status, Story
from library.vocabulary import Vocabulary

Progress = Callable[[int, int], None]
_ROWS_A_STEP = 25


@dataclass(frozen=True, slots=True)
class ImportNote:
    """One thing an import did that somebody may want to look at; row 0 is the whole table."""

    row: int
    column: str
    found: str
    done: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{place or 'the table'}: found {self.found}; {self.done}"


@dataclass(frozen=True)
class Imported:
    """The stories made of a table, what each column was taken for, and what to look at."""

    stories: tuple[Story, ...]
    report: tuple[ImportNote, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """By column what it was taken for: a field, a beat's heading, a text; "" when it is kept as it is."""

    def __len__(self) -> int:
        return len(self.stories)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """The columns nobody knows, kept beside the known fields."""
        return tuple(column for column, meaning in self.columns.items() if not meaning)

    @property
    def guessed(self) -> tuple[int, ...]:
        """The rows whose text was put under beats by a guess."""
        return tuple(note.row for note in self.report if note.done.endswith(A_GUESS))


def import_stories(
    table: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    columns: Mapping[str, str] | None = None,
    status: Status = Status.DRAFT,
    today: date,
    known_ids: Collection[str] = (),
    progress: Progress | None = None,
) -> Imported:
    """A story for each row that is not empty; what has no place is kept and reported. Raises ExchangeError.

    Progress is told now and then how many rows are done, of how many.
    """
    names = [str(name).strip() for name in table.columns]
    refuse_twins("the table", names)
    taken = meanings_of(names, columns or {})
    keys = _extra_keys(names)
    notes = [
        ImportNote(0, name, "a column nobody knows", f"kept as {keys[name]}; give it a meaning with --map.")
        for name, meaning in taken.items()
        if not meaning
    ]
    stories: list[Story] = []
    ids = set(known_ids)
    unsaid = False
    for place, (row, cells) in enumerate(_rows(table, names)):
        if progress and place % _ROWS_A_STEP == 0:
            progress(place, len(table))
        note = _noting(notes, row)
        if not any(cells.values()):
            note("", "an empty row", "skipped.")
            continue
        made = Row(row, taken, keys, vocabulary, today, note)
        for name, text in cells.items():
            made.take(name, text)
        unsaid = unsaid or "show_as" not in made.values
        story = made.story(status, ids)
        ids.add(story.id)
        stories.append(story)
    if unsaid:
        said = "no word on who may hear the customers' names"
        notes.insert(0, ImportNote(0, "show_as", said, "anonymised until somebody asked the customer."))
    return Imported(tuple(stories), tuple(notes), MappingProxyType(taken))


def _noting(notes: list[ImportNote], row: int) -> Note:
    return lambda column, found, done: notes.append(ImportNote(row, column, found, done))


def _rows(table: pd.DataFrame, names: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    numbered = table.index.name == "row"
    for place, (label, cells) in enumerate(zip(table.index, table.itertuples(index=False, name=None), strict=True)):
        texts = ("" if cell is None or cell != cell else str(cell) for cell in cells)  # noqa: PLR0124 - NaN
        yield int(label) if numbered else place + 2, dict(zip(names, texts, strict=True))


def _extra_keys(names: list[str]) -> dict[str, str]:
    """A front-matter key for each column, should it be kept as it is; never one with a meaning of its own."""
    keys: dict[str, str] = {}
    for name in names:
        key = re.sub(r"[^a-z0-9_-]+", "-", name.casefold()).strip("-_")[:60] or "column"
        key = f"{key}-given" if key in {*FIELDS, "id"} else key
        keys[name] = free_name(key, set(keys.values()))
    return keys


def write_stories(imported: Imported, folder: Path) -> list[Path]:
    """Save the stories, and return the files written; one there already stays, and another under its id is refused.

    Raises ExchangeError, and nothing is written, when an id of the folder has another text or one cannot be saved.
    """
    there = {path.stem: path for path in folder.rglob("*.md")}
    fresh: dict[Path, bytes] = {}
    for story in imported.stories:
        path = there.get(story.id)
        first = there.get(re.sub(r"-\d+$", "", story.id))
        if any(_holds(file, story) for file in (path, first) if file):
            continue
        if path:
            raise ExchangeError(
                f"{path.name} is in {folder} with another text; import again with the folder's ids as known ids."
            )
        fresh[folder / f"{story.id}.md"] = write_text(story).encode()
    return place_new(fresh, folder)


def _holds(path: Path, story: Story) -> bool:
    try:
        return path.read_text(encoding="utf-8") == write_text(story)
    except (OSError, UnicodeDecodeError):
        return False
