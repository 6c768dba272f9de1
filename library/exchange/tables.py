"""Tables out of files, and into them: CSV, Excel, JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd

from library.exchange.columns import ExchangeError

MAX_TABLE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
"""What an Excel workbook may unpack to: about five times the largest file taken, less than a zip bomb makes."""
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 500, 5_000_000
MAX_EXCEL_CELL = 32_767
ENDINGS = (".csv", ".xlsx", ".jsonl", ".json")

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
"""What is taken out on either way: characters that show nothing, most of which a workbook or a story's file refuses."""

_EMPTY = "{}: found an empty file; write a line of column names and a line for each row."

Table = pd.DataFrame
Numbered = tuple[int, list[str]]
"""The cells of a row, with its number as a person sees it in the file."""

# --- out of a file ---------------------------------------------------------------------------------------------------


def read_table(path: Path) -> pd.DataFrame:
    """The table of a file; raises ExchangeError. See `table_of`."""
    name = path.name
    _known_ending(name)
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise ExchangeError(f"{name}: found {path.stat().st_size / 2**20:.0f} MB; split it into files under 20 MB.")
        content = path.read_bytes()
    except OSError as error:
        raise ExchangeError(
            f"{name}: found no way to read it ({error.strerror}); check name and permissions."
        ) from error
    return table_of(name, content)


def table_of(name: str, content: bytes) -> pd.DataFrame:
    """The table of a CSV, Excel, JSON lines or JSON file, each cell as the text it was written as, missing ones empty.

    The index, named "row", is the row as a person sees it in the file. Raises ExchangeError.
    """
    ending = _known_ending(name)
    if len(content) > MAX_TABLE_BYTES:
        raise ExchangeError(f"{name}: found {len(content) / 2**20:.0f} MB; split it into files under 20 MB.")
    if not content.strip():
        raise ExchangeError(_EMPTY.format(name))
    if ending == ".xlsx":
        header, rows = _excel(name, content)
    elif ending in {".jsonl", ".json", ".ndjson"}:
        header, rows = _json(name, _text(name, content))
    else:
        header, rows = _csv(name, _text(name, content))
    return _framed(name, header, rows)


def _known_ending(name: str) -> str:
    ending = Path(name).suffix.lower()
    if ending not in {*ENDINGS, ".tsv", ".txt", ".ndjson"}:
        raise ExchangeError(f'{name}: found the ending "{ending}"; save the table as one of {", ".join(ENDINGS)}.')
    return ending


def _framed(name: str, header: list[str], rows: list[Numbered]) -> pd.DataFrame:
    while rows and not any(cell.strip() for cell in rows[-1][1]):
        rows.pop()
    if not rows:
        raise ExchangeError(f"{name}: found no rows under the column names; write a row for each story.")
    width = max(len(header), *(len(cells) for _, cells in rows))
    used = [any(column < len(cells) and cells[column].strip() for _, cells in rows) for column in range(width)]
    header = [cell.strip() for cell in header] + [""] * (width - len(header))
    kept = [column for column in range(width) if header[column] or used[column]]
    names = [header[column] or f"column {column + 1}" for column in kept]
    if len(names) > MAX_COLUMNS:
        raise ExchangeError(f"{name}: found {len(names)} columns; a table has at most {MAX_COLUMNS}, take some out.")
    refuse_twins(name, names)
    table = [[cells[column] if column < len(cells) else "" for column in kept] for _, cells in rows]
    return pd.DataFrame(table, columns=names, index=pd.Index([row for row, _ in rows], name="row"), dtype=object)


def refuse_twins(where: str, names: list[str]) -> None:
    """Raise ExchangeError where two columns have one name, whatever the capitals and the spaces around it."""
    twins = [name for name, count in Counter(n.strip().casefold() for n in names).items() if count > 1]
    if twins:
        raise ExchangeError(f'{where}: found more than one column "{twins[0]}"; give each a name of its own.')


def _text(name: str, content: bytes) -> str:
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ExchangeError(f"{name}: found text that is neither UTF-8 nor Windows-1252; save it as UTF-8.")


def _csv(name: str, text: str) -> tuple[list[str], list[Numbered]]:
    if not text.strip():
        raise ExchangeError(_EMPTY.format(name))
    try:
        parsed = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise ExchangeError(f"{name}: found {error}; save it again as CSV, every text in quotes.") from error
    start = next((place for place, cells in enumerate(parsed) if any(cell.strip() for cell in cells)), None)
    if start is None:  # nothing but separators
        raise ExchangeError(_EMPTY.format(name))
    header = parsed[start]
    rows = [(place + 1, cells) for place, cells in enumerate(parsed) if place > start]
    for row, cells in rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            raise ExchangeError(
                f"{name}, row {row}: found {len(cells)} cells under {len(header)} column names; "
                "put a text that holds the separator in quotes."
            )
    return header, rows


def _delimiter(text: str) -> str:
    """The separator under which the first rows are as wide as the header; none where the header is one column."""

    def fit(delimiter: str) -> tuple[float, int]:
        rows: list[list[str]] = []
        for row in csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=delimiter):
            rows += [row] if row else []
            if len(rows) == 50:
                break
        width = len(rows[0])
        return (sum(len(row) == width for row in rows) / len(rows) if width > 1 else -1.0, width)

    best = max(",;\t", key=fit)
    return best if fit(best)[1] > 1 else "\x1f"


def _excel(name: str, content: bytes) -> tuple[list[str], list[Numbered]]:
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile as error:
        raise ExchangeError(f"{name}: found no Excel workbook; save it as .xlsx without a password.") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise ExchangeError(f"{name}: found {unpacked / 2**20:.0f} MB when unpacked; save the sheet alone, or as CSV.")
    rows: list[Numbered] = []
    cells = 0
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells += len(row) + 1
            if number > MAX_ROWS or cells > MAX_CELLS:
                raise ExchangeError(f"{name}: found over {MAX_ROWS:,} rows; delete the empty ones, or save it as CSV.")
            rows.append((number, [_shown(cell.value, getattr(cell, "number_format", "") or "") for cell in row]))
    except ExchangeError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part led to
        raise ExchangeError(
            f"{name}: found a workbook that cannot be read ({error}); save it anew in Excel."
        ) from error
    rows = rows[next((place for place, (_, row) in enumerate(rows) if any(row)), len(rows)) :]
    return (rows[0][1], rows[1:]) if rows else ([], [])


def _shown(value: object, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0{2,}", form):
        return str(value).zfill(len(form))
    return str(value)


def _json(name: str, text: str) -> tuple[list[str], list[Numbered]]:
    def one(said: str, where: str) -> object:
        def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
            refuse_twins(where, [key for key, _ in pairs])
            return dict(pairs)

        try:
            return json.loads(said, object_pairs_hook=each_once, parse_int=str, parse_float=str, parse_constant=str)
        except json.JSONDecodeError as error:
            line = where if "line" in where else f"{where}, line {error.lineno}"
            raise ExchangeError(f"{line}: found broken JSON ({error.msg}); write one object a line.") from error
        except RecursionError as error:
            raise ExchangeError(f"{where}: found lists in lists without end; write plain values.") from error

    if text.lstrip().startswith("["):
        whole = one(text, name)
        found = list(enumerate(whole if isinstance(whole, list) else [], start=1))
    else:
        lines = enumerate(text.split("\n"), start=1)
        found = [(number, one(line, f"{name}, line {number}")) for number, line in lines if line.strip()]
    objects: list[tuple[int, dict[str, object]]] = []
    for number, item in found:
        if not isinstance(item, dict):
            raise ExchangeError(f'{name}, item {number}: found {str(item)[:40]}; write {{"customer": "...", ...}}.')
        objects.append((number, item))
    header = list(dict.fromkeys(key for _, item in objects for key in item))
    return header, [(number, [_said(item.get(key)) for key in header]) for number, item in objects]


def _said(value: object) -> str:
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(_said(item) for item in value)
    if isinstance(value, str) or value is None:
        return value or ""
    return json.dumps(value, ensure_ascii=False)


# --- into a file -----------------------------------------------------------------------------------------------------


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as its ending says: .csv, .xlsx or .jsonl. In the first two no cell is a formula.

    Raises ExchangeError.
    """
    try:
        path.write_bytes(table_bytes(table, path.name))
    except OSError as error:
        raise ExchangeError(f"{path.name}: found no way to write it ({error}); choose another place.") from error
    return path


def table_bytes(table: pd.DataFrame, name: str) -> bytes:
    """What a file of this name holds of a table: .csv, .xlsx or .jsonl. In the first two no cell is a formula.

    Raises ExchangeError.
    """
    ending = Path(name).suffix.lower()
    try:
        if ending == ".csv":
            text = _each_text(table, _no_formula).to_csv(index=False, lineterminator="\r\n")
            return text.encode("utf-8-sig")
        if ending == ".xlsx":
            workbook = io.BytesIO()
            _each_text(table, lambda text: _excel_cell(name, text)).to_excel(workbook, index=False)
            return workbook.getvalue()
        if ending == ".jsonl":
            lines = (json.dumps(row, ensure_ascii=False, default=str) for row in table.to_dict("records"))
            return "".join(f"{line}\n" for line in lines).encode()
    except UnicodeEncodeError as error:
        raise ExchangeError(f"{name}: found no way to write it ({error}); take the letters out.") from error
    raise ExchangeError(f'{name}: found the ending "{ending}"; write .csv, .xlsx or .jsonl.')


def _each_text(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    def changed(cell: Hashable) -> Hashable:
        return change(cell) if isinstance(cell, str) else cell

    return table.map(changed).rename(columns=changed)


def _no_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it."""
    begins = text.lstrip()[:1] or " "
    return f"'{text}" if begins in "=+-@＝＋－＠" or text.lstrip(" ")[:1] in {"\t", "\r"} else text


def _excel_cell(name: str, text: str) -> str:
    text = _no_formula(CONTROL.sub("", text))
    if len(text) > MAX_EXCEL_CELL:
        raise ExchangeError(
            f"{name}: found a text of {len(text):,} letters, Excel takes {MAX_EXCEL_CELL:,}; write .csv or .jsonl."
        )
    return text
