"""The report of an import as somebody reads it: what is alike together and counted, or row by row as a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import pandas as pd

from library.exchange.importing import ImportNote
from library.exchange.tables import table_bytes
from library.wording import many

_MADE_ID = re.compile(r"the story's id is [a-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What an import did in one column in one way, and in which rows."""

    column: str
    done: str
    rows: tuple[int, ...]
    """The rows of the table; empty where the whole table is meant."""
    example: str
    """What was found in the first of them."""

    @property
    def sentence(self) -> str:
        """What was found how often, and what was done."""
        place = f"{self.column}: " if self.column else ""
        if not self.rows:
            return f"{place}{self.example}; {self.done}"
        first = f"row {self.rows[0]}"
        where = f"in {first}" if len(self.rows) == 1 else f"in {many(len(self.rows), 'row')}, the first {first}"
        return f"{place}{self.example} {where}; {self.done}"


def grouped(report: Iterable[ImportNote]) -> list[Remarks]:
    """Remarks that say the same of one column together: those on the whole table first, then the most frequent."""
    alike: dict[tuple[str, str], list[ImportNote]] = {}
    for note in report:
        done = _MADE_ID.sub("another id was made", note.done).replace(" with --map", "")
        alike.setdefault((note.column, done), []).append(note)
    remarks = [
        Remarks(column, done, tuple(note.row for note in notes if note.row), notes[0].found)
        for (column, done), notes in alike.items()
    ]
    return sorted(remarks, key=lambda remark: -len(remark.rows) if remark.rows else -(10**9))


def report_csv(report: Iterable[ImportNote]) -> bytes:
    """Every remark with its row and column, as a CSV whose cells run nowhere."""
    names = [field.name for field in fields(ImportNote)]
    table = pd.DataFrame([asdict(note) for note in report], columns=names, dtype=object)
    return table_bytes(table, "report.csv")
