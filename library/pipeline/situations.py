"""A whole file of situations matched in one go."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

from library.match import Verdict
from library.search import Search
from library.situation import understand
from library.vocabulary import Vocabulary

CHUNK = 256
ID_COLUMNS = ("id", "_id", "query_id", "query-id")
TEXT_COLUMNS = ("situation", "query", "text")

Row = tuple[str, int, str, float, str]
"""id, rank, story, score, verdict; for nothing rank 1 and an empty story."""


class PipelineError(ValueError):
    """A file of situations that cannot be used, with the line and what to write instead."""


def read_situations(path: Path) -> list[tuple[str, str]]:
    """Id and text of every situation of a CSV or JSON-lines file; raises PipelineError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PipelineError(f"{path.name}: found text that is not UTF-8; save the file as UTF-8.") from error
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        rows = [_json_row(path, number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    else:
        try:
            rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text.split("\n", 1)[0])))
        except csv.Error as error:
            raise PipelineError(
                f"{path.name}: found no table ({error}); write the columns id and situation."
            ) from error
    if not rows:
        raise PipelineError(f"{path.name}: found no situations; write the columns id and situation.")
    names = {str(name).strip().lower(): name for name in rows[0] if name}
    text_column = next((names[name] for name in TEXT_COLUMNS if name in names), None)
    id_column = next((names[name] for name in ID_COLUMNS if name in names), None)
    if text_column is None:
        raise PipelineError(
            f"{path.name}: found the columns {', '.join(map(str, names))}; one must be called situation (or query)."
        )
    return [
        (str(row.get(id_column) or number) if id_column else str(number), str(row.get(text_column) or ""))
        for number, row in enumerate(rows, start=1)
    ]


def holds_situations(path: Path) -> bool:
    """Whether a file is one of situations by its form: JSON lines, or a first line that names a column for them."""
    if path.suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        return True
    with path.open("rb") as file:
        first = file.readline(100_000).decode("utf-8-sig", "replace")
    names = next(csv.reader([first], delimiter=_delimiter(first)), [])
    return any(name.strip().lower() in TEXT_COLUMNS for name in names)


def match_all(
    situations: Sequence[tuple[str, str]],
    search: Search,
    vocabulary: Vocabulary,
    today: date,
    limit: int = 3,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Row]:
    """Rows of every situation, in plain order of relevance; the texts reach the encoder many at a time."""
    for at in range(0, len(situations), CHUNK):
        part = [(key, understand(text, vocabulary)) for key, text in situations[at : at + CHUNK]]
        search.prepare([situation.text for _, situation in part if situation.text])
        for key, situation in part:
            found = search.find(situation, today, limit)
            if found.verdict is Verdict.NOTHING:
                yield key, 1, "", 0.0, Verdict.NOTHING.value
            else:
                for rank, (story, score, verdict) in enumerate(found.ranked, start=1):
                    shown = verdict if verdict is not Verdict.NOTHING else Verdict.NEAREST
                    yield key, rank, story, round(score, 4), shown.value
            if progress:
                progress(1)


def _delimiter(first_line: str) -> str:
    return ";" if first_line.count(";") > first_line.count(",") else ","


def _json_row(path: Path, number: int, line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise PipelineError(f"{path.name}, line {number}: found no JSON; write one object a line.") from error
    if not isinstance(row, dict):
        raise PipelineError(f"{path.name}, line {number}: found {line[:40]!r}; write one object a line.")
    return row
