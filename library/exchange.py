"""Stories out of somebody's table, and into one: CSV, Excel, JSON lines."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pandas as pd
import yaml

from library.columns import (
    BEAT_HEADED,
    DATES,
    LISTS,
    TEXTS,
    ExchangeError,
    alias_from,
    date_in,
    has_headings,
    is_all_of,
    meanings_of,
    size_in,
    under_beats,
)
from library.people import GUEST, Person, display_name, may_see_name, seen_by, without_names
from library.reading import FIELDS, read_text, write_text
from library.shelf import ShelfError, save, slug
from library.story import HEADINGS, Beat, Section, ShowAs, Status, Story, sentences
from library.vocabulary import SIZES, Vocabulary

__all__ = [
    "ExchangeError",
    "ImportNote",
    "Imported",
    "export_table",
    "import_stories",
    "read_table",
    "write_stories",
    "write_table",
]

MAX_TABLE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
"""What an Excel workbook may unpack to: about five times the largest file taken, less than a zip bomb makes."""
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 100_000, 500, 5_000_000
MAX_EXCEL_CELL = 32_767
ENDINGS = (".csv", ".xlsx", ".jsonl", ".json")

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HEADING = re.compile(r"^(##)(?!#)", re.MULTILINE)
_LOWERED = frozenset("moments heard_how may_quote may_call show_as health status".split())
_CASE_STUDY, _SOLUTION = "Case study", "Solution"

Row = tuple[int, list[str]]


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
        return tuple(note.row for note in self.report if note.done.endswith(_A_GUESS))


_A_GUESS = "a guess; read it once."

# --- tables from files -----------------------------------------------------------------------------------------------


def read_table(path: Path) -> pd.DataFrame:
    """The table of a CSV, Excel, JSON lines or JSON file, each cell as the text it was written as, missing ones empty.

    The index, named "row", is the row as a person sees it in the file. Raises ExchangeError.
    """
    name, ending = path.name, path.suffix.lower()
    if ending not in {*ENDINGS, ".tsv", ".txt", ".ndjson"}:
        raise ExchangeError(f'{name}: found the ending "{ending}"; save the table as one of {", ".join(ENDINGS)}.')
    try:
        if path.stat().st_size > MAX_TABLE_BYTES:
            raise ExchangeError(f"{name}: found {path.stat().st_size / 2**20:.0f} MB; split it into files under 20 MB.")
        content = path.read_bytes()
    except OSError as error:
        raise ExchangeError(
            f"{name}: found no way to read it ({error.strerror}); check name and permissions."
        ) from error
    if not content.strip():
        raise ExchangeError(f"{name}: found an empty file; write a line of column names and a line for each story.")
    if ending == ".xlsx":
        header, rows = _excel(name, content)
    elif ending in {".jsonl", ".json", ".ndjson"}:
        header, rows = _json(name, _text(name, content))
    else:
        header, rows = _csv(name, _text(name, content))
    return _framed(name, header, rows)


def _framed(name: str, header: list[str], rows: list[Row]) -> pd.DataFrame:
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
    _refuse_twins(name, names)
    table = [[cells[column] if column < len(cells) else "" for column in kept] for _, cells in rows]
    return pd.DataFrame(table, columns=names, index=pd.Index([row for row, _ in rows], name="row"), dtype=object)


def _refuse_twins(where: str, names: list[str]) -> None:
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


def _csv(name: str, text: str) -> tuple[list[str], list[Row]]:
    try:
        parsed = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise ExchangeError(f"{name}: found {error}; save it again as CSV, every text in quotes.") from error
    start = next(place for place, cells in enumerate(parsed) if any(cell.strip() for cell in cells))
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


def _excel(name: str, content: bytes) -> tuple[list[str], list[Row]]:
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except zipfile.BadZipFile as error:
        raise ExchangeError(f"{name}: found no Excel workbook; save it as .xlsx without a password.") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise ExchangeError(f"{name}: found {unpacked / 2**20:.0f} MB when unpacked; save the sheet alone, or as CSV.")
    rows: list[Row] = []
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


def _json(name: str, text: str) -> tuple[list[str], list[Row]]:
    def one(said: str, where: str) -> object:
        def each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
            _refuse_twins(where, [key for key, _ in pairs])
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


# --- stories from a table --------------------------------------------------------------------------------------------


def import_stories(
    table: pd.DataFrame,
    vocabulary: Vocabulary,
    *,
    columns: Mapping[str, str] | None = None,
    status: Status = Status.DRAFT,
    today: date,
    known_ids: Collection[str] = (),
) -> Imported:
    """A story for each row that is not empty; what has no place is kept and reported. Raises ExchangeError."""
    names = [str(name).strip() for name in table.columns]
    _refuse_twins("the table", names)
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
    for row, cells in _rows(table, names):
        made = _Row(row, taken, keys, vocabulary, today, notes)
        if not any(cells.values()):
            made.note("", "an empty row", "skipped.")
            continue
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
        keys[name] = _free(key, set(keys.values()))
    return keys


def _free(wanted: str, used: Collection[str]) -> str:
    """The name, or the first of name-2, name-3 ... that is free, within an id's 80 letters."""
    made, count = wanted, 1
    while made in used:
        count += 1
        made = f"{wanted[: 79 - len(str(count))].rstrip('-')}-{count}"
    return made


class _Row:
    """One row on its way to a story: what it says, by field and by beat."""

    def __init__(
        self,
        row: int,
        taken: Mapping[str, str],
        keys: Mapping[str, str],
        vocabulary: Vocabulary,
        today: date,
        notes: list[ImportNote],
    ) -> None:
        self._row, self._taken, self._keys = row, taken, keys
        self._vocabulary, self._today, self._notes = vocabulary, today, notes
        self.values: dict[str, str | tuple[str, ...]] = {}
        self._beats: dict[Beat, list[str]] = defaultdict(list)
        self._texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._id = ("", "")

    def note(self, column: str, found: str, done: str) -> None:
        """Report something of this row."""
        self._notes.append(ImportNote(self._row, column, found, done))

    def take(self, name: str, cell: str) -> None:
        """Put a cell where it belongs."""
        text = self._clean(name, cell)
        meaning = self._taken[name]
        if not text:
            return
        if meaning == "change" and not self._is_a_kind_of_change(text):
            meaning = Beat.CHANGE.heading
        if meaning in BEAT_HEADED:
            self._beats[BEAT_HEADED[meaning]].append(text)
        elif meaning in TEXTS:
            self._texts[meaning].append((name, text))
        elif not meaning:
            self._aside(self._keys[name], text)
        else:
            self._take_fact(name, meaning, text)

    def _clean(self, name: str, cell: str) -> str:
        text, removed = _CONTROL.subn("", cell)
        if removed:
            self.note(name, f"{removed} control characters", "taken out.")
        text = "\n".join(line.rstrip() for line in _LINE_ENDS.sub("\n", text).split("\n"))
        return text.strip()

    def _aside(self, key: str, text: str) -> None:
        """Keep a cell's own words in the front matter, beside the fields."""
        self.values[_free(key, self.values)] = text

    def _is_a_kind_of_change(self, text: str) -> bool:
        found = self._vocabulary.canonical("change", text)
        return found is not None and is_all_of(text, found, "change", self._vocabulary)

    def _take_fact(self, name: str, meaning: str, text: str) -> None:
        line = " ".join(text.split())
        if meaning == "id":
            self._id = (name, line)
        elif meaning in {"region", "country"}:
            self._take_place(name, meaning, line)
        elif meaning == "size":
            self._take_size(name, line)
        elif meaning in DATES:
            day = date_in(line)
            if day is None or (meaning == "heard_on" and day > self._today):
                why = "no date" if day is None else "after today"
                self.note(name, _short(line), f"{why}, kept as written; write year-month-day.")
                self._aside(meaning if day is None else f"{meaning}-given", line)
            else:
                self.values[meaning] = day.isoformat()
        elif meaning in {"industry", "change"}:
            self.values[meaning] = self._term(name, meaning, meaning, line)
        elif meaning in LISTS:
            kind = {"roles": "role", "products": "product"}.get(meaning, "")
            items = _items(text.lower() if meaning in _LOWERED else text, kind, self._vocabulary)
            terms = [self._term(name, meaning, kind, item) if kind else item for item in items]
            before = self.values.get(meaning, ())
            self.values[meaning] = tuple(dict.fromkeys([*before, *terms]))
        else:
            self.values[meaning] = line.lower() if meaning in _LOWERED else line

    def _term(self, name: str, field_name: str, kind: str, said: str) -> str:
        """The vocabulary's id for what is said, or the words themselves; what the id leaves out is kept aside."""
        found = self._vocabulary.canonical(kind, said)
        if found is None:
            self.note(name, _short(said), f"no known {kind}, kept as written.")
            return said
        if not is_all_of(said, found, kind, self._vocabulary):
            self.note(name, _short(said), f"taken for {found}, the words kept as {field_name}-given.")
            self._aside(f"{field_name}-given", said)
        return found

    def _take_place(self, name: str, meaning: str, said: str) -> None:
        found = {kind: term for kind in ("country", "region") if (term := self._vocabulary.canonical(kind, said))}
        if not found and meaning not in self.values:
            self.values[meaning] = said
            self.note(name, _short(said), f"no known {meaning}, kept as written.")
            return
        if not any(is_all_of(said, term, kind, self._vocabulary) for kind, term in found.items()) or any(
            self.values.get(kind, term) != term for kind, term in found.items()
        ):
            taken = f"taken for {' and '.join(found.values())}" if found else "not taken, the place is known"
            self.note(name, _short(said), f"{taken}, the words kept as {meaning}-given.")
            self._aside(f"{meaning}-given", said)
        for kind, term in found.items():
            self.values.setdefault(kind, term)
        country = self._vocabulary.get("country", found.get("country", ""))
        if country and country.within:
            self.values.setdefault("region", country.within[0])

    def _take_size(self, name: str, said: str) -> None:
        band = size_in(said)
        if band is None:
            self.note(name, _short(said), f"no size, kept as written; write one of {', '.join(SIZES)}.")
            self._aside("size", said)
            return
        self.values["size"] = band
        if said != band:
            self._aside("size-given", said)
            if not re.search(r"\d", said):
                self.note(name, _short(said), f"taken for {band}, the words kept as size-given.")

    # --- the whole ---------------------------------------------------------------------------------------------------

    def story(self, status: Status, used_ids: Collection[str]) -> Story:
        """The story of the row, as it will be read from its file."""
        self.values.setdefault("show_as", ShowAs.ANONYMISED.value)
        self.values.setdefault("status", status.value)
        others = self._place_texts()
        self._add_quotes()
        sections = [Section(beat.heading, "\n\n".join(self._beats[beat]), beat) for beat in Beat if self._beats[beat]]
        sections += [Section(heading, text) for heading, text in others]
        sections = [replace(section, text=self._without_headings(section)) for section in sections]
        self._name_it(sections)
        return self._as_read(self._made_id(used_ids), sections)

    def _place_texts(self) -> list[tuple[str, str]]:
        """Put running texts under beats where they are needed to be found; the rest goes outside the beats."""
        for name, text in self._texts["background"]:
            if self._beats.keys() & {Beat.CHANGE, Beat.PAIN}:
                self._beats[Beat.WHO].insert(0, text)
            else:
                self._place(name, text, {Beat.WHO, Beat.CHANGE, Beat.PAIN})
        others = [(_SOLUTION, text) for _, text in self._texts["solution"]]
        said = [text for texts in self._beats.values() for text in texts] + [text for _, text in others]
        few = sum(bool(texts) for texts in self._beats.values()) < 2
        for name, text in sorted(self._texts["text"], key=lambda named: -len(named[1])):
            everything = _as_words(" ".join(said))
            if all(_as_words(sentence) in everything for sentence in sentences(text)):
                continue
            said.append(text)
            if few:
                others += self._place(name, text, set(Beat))
            else:
                others.append((_CASE_STUDY, text))
        joined: dict[str, list[str]] = defaultdict(list)
        for heading, text in others:
            joined[heading].append(text)
        return [(heading, "\n\n".join(texts)) for heading, texts in joined.items()]

    def _place(self, name: str, text: str, among: Collection[Beat]) -> list[tuple[str, str]]:
        placed = under_beats(text, among)
        for heading, part in placed.items():
            if heading in BEAT_HEADED:
                self._beats[BEAT_HEADED[heading]].append(part)
        if not has_headings(text) and (len(placed) > 1 or len(among) == len(Beat)):
            self.note(name, _short(text), f"put under {', '.join(placed)}: {_A_GUESS}")
        return [(_SOLUTION, part) for heading, part in placed.items() if heading not in BEAT_HEADED]

    def _add_quotes(self) -> None:
        for _, text in self._texts["quote"]:
            match = re.fullmatch(r"[\"“„](.+)[\"”“]\s*[-–—,]+\s*([^\"“”]{3,80})", text, re.DOTALL)
            if match and "heard_from" not in self.values:
                self.values["heard_from"] = " ".join(match[2].split())
                text = match[1]  # noqa: PLW2901
            words = " ".join(text.split()).strip('"“”„ ')
            words = re.sub(r"[\"“”„]", "'", words)
            decision = self._beats[Beat.DECISION]
            if words and _as_words(words) not in _as_words(" ".join(decision)):
                before = f"{decision.pop()} " if decision else ""
                decision.append(f'{before}"{words}"')

    def _without_headings(self, section: Section) -> str:
        text, demoted = _HEADING.subn("###", section.text.strip("\n"))
        if demoted:
            self.note(section.heading, f"{demoted} headings that are no beats", "made ### headings.")
        return text

    def _name_it(self, sections: list[Section]) -> None:
        """Give the story an alias and a title where it has none; neither holds the customer's name."""
        given = str(self.values.get("alias", ""))
        if given and given == self.values.get("customer"):
            del self.values["customer"]  # our own export, made for somebody who may not see the name
        if given and self._gives_away(given):
            self.note("alias", _short(given), "it holds the customer's name: kept as alias-given, another made.")
            self._aside("alias-given", str(self.values.pop("alias")))
        industry, size, country, region = (
            str(self.values.get(key, "")) for key in ("industry", "size", "country", "region")
        )
        place = self._vocabulary.label("country", country) if country else ""
        place = place or (self._vocabulary.label("region", region) if region else "")
        candidates = (
            alias_from(industry[:60], size, place[:60]),
            alias_from(industry[:60], size, ""),
            alias_from(industry[:60], "", ""),
            "a customer",
        )
        made = next((alias for alias in candidates if not self._gives_away(alias)), "one of ours")
        self.values.setdefault("alias", made)
        texts = {section.beat: section.text for section in reversed(sections)}
        order = (Beat.CHANGE, Beat.PAIN, Beat.NEED, Beat.DECISION, Beat.WIN, Beat.WHO, Beat.QUESTION, None)
        opening = next((texts[beat] for beat in order if beat in texts), "")
        first = next((s for line in opening.splitlines() for s in sentences(line.strip("#*->• \t"))), "")
        title = _shortened(self._hidden(first), 80).rstrip(".") or str(self.values["alias"])
        self.values.setdefault("title", title[0].upper() + title[1:])

    def _hidden(self, text: str) -> str:
        """The text without the customer and the person heard."""
        customer, heard = (str(self.values.get(key, "")) for key in ("customer", "heard_from"))
        return without_names(Story("row", text, customer, "the customer", heard_from=heard)).title

    def _gives_away(self, text: str) -> bool:
        return self._hidden(text) != text

    def _made_id(self, used_ids: Collection[str]) -> str:
        column, given = self._id
        wanted = slug(given) if given else ""
        if given and self.values["show_as"] != ShowAs.NAMED and self._gives_away(re.sub(r"[\W_]+", " ", given)):
            self.note(column, _short(given), "it holds the customer's name: kept as id-given, another made.")
            self._aside("id-given", given)
            wanted = ""
        elif given and re.findall(r"[^\W_]+", given.casefold()) != wanted.split("-"):
            self.note(column, _short(given), f"the story's id is {wanted}, the words kept as id-given.")
            self._aside("id-given", given)
        wanted = wanted or slug(self._hidden(str(self.values["title"])))
        made = _free(wanted, used_ids)
        if made != wanted:
            self.note(column, f"the id {wanted} a second time", f"the story's id is {made}.")
        return made

    def _as_read(self, story_id: str, sections: list[Section]) -> Story:
        """The story exactly as its file will be read; what is too long for the front matter goes under a heading."""
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in self.values.items() if v}
        while (reading := read_text(_drafted(values, sections), story_id, self._vocabulary)).story is None:
            longest = max(values, key=lambda key: len(str(values[key])))
            if longest in _PRIVATE or len(str(values[longest])) < 50:
                raise ExchangeError(
                    f"row {self._row}: found {len(str(values[longest]))} letters in {longest}, more than a story's "
                    "facts can hold; shorten it, or give the column another meaning with --map."
                )
            value = values.pop(longest)
            sections.append(
                Section(longest, self._clean(longest, value if isinstance(value, str) else "; ".join(value)))
            )
            self.note(longest, "a long text", "kept under a heading of its own, outside the beats.")
        try:
            write_text(reading.story)
        except ValueError as error:
            raise ExchangeError(f"row {self._row}: {error}") from error
        for problem in reading.problems:
            key = problem.where.removeprefix("field ")
            if key in FIELDS and key in reading.story.extra and key not in {"size", *DATES}:
                self.note(key, problem.found, f"kept as written; {problem.instead}")
        return reading.story


_PRIVATE = frozenset({"customer", "heard_from", "alias-given", "id-given"})


def _drafted(values: Mapping[str, str | list[str]], sections: Iterable[Section]) -> str:
    front = yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False, width=10**6)
    return "".join([f"---\n{front}---\n", *(f"\n## {section.heading}\n\n{section.text}\n" for section in sections)])


def _items(text: str, kind: str, vocabulary: Vocabulary) -> list[str]:
    """The items of a cell; a comma parts them unless it stands in a name ("Vice President, Operations")."""
    lines = [" ".join(item.split()) for item in re.split(r"[;|\n]", text)]
    items: list[str] = []
    for line in filter(None, lines):
        parts = [part.strip() for part in line.split(",") if part.strip()]
        together = kind and not all(vocabulary.canonical(kind, part) for part in parts)
        items += [line] if together else parts
    return items


def _as_words(text: str) -> str:
    # The spaces at both ends keep "art" from being found in "start".
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _shortened(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _short(text: str) -> str:
    return f'"{_shortened(text, 60)}"'


def write_stories(imported: Imported, folder: Path) -> list[Path]:
    """Save the stories, and return the files written; one there already stays, and another under its id is refused.

    Raises ExchangeError before anything is written when an id of the folder has another text.
    """
    there = {path.stem: path for path in folder.rglob("*.md")}
    written: list[Path] = []
    fresh: list[Story] = []
    for story in imported.stories:
        path = there.get(story.id)
        first = there.get(re.sub(r"-\d+$", "", story.id))
        if any(_holds(file, story) for file in (path, first) if file):
            continue
        if path:
            raise ExchangeError(
                f"{path.name} is in {folder} with another text; import again with the folder's ids as known ids."
            )
        fresh.append(story)
    for story in fresh:
        try:
            written.append(save(story, folder))
        except (ShelfError, OSError) as error:
            raise ExchangeError(f"{story.id}.md: found no way to save it ({error}); {len(written)} were.") from error
    return written


def _holds(path: Path, story: Story) -> bool:
    try:
        return path.read_text(encoding="utf-8") == write_text(story)
    except (OSError, UnicodeDecodeError):
        return False


# --- a table from stories --------------------------------------------------------------------------------------------

_FACTS = (
    "title customer alias show_as industry region country size roles change moments products alternatives near_miss "
    "surprise critical_date first_win_on announced_to not_for told_by heard_on heard_how may_quote may_call status "
    "verified_on expires_on health tags"
).split()


def export_table(
    stories: Iterable[Story], viewer: Person = GUEST, *, include_unpublished: bool = False
) -> pd.DataFrame:
    """One row a story, as the viewer may see it: the facts, the beats, the quote, the spoken minutes.

    Internal stories never leave; the person heard and the fields nobody knows stay here too.
    """
    rows = [
        _exported(story, viewer)
        for story in stories
        if story.show_as is not ShowAs.INTERNAL and (include_unpublished or story.status is Status.PUBLISHED)
    ]
    columns = ["id", *_FACTS, *HEADINGS.values(), "quote", "minutes"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _exported(story: Story, viewer: Person) -> list[str | float]:
    seen = seen_by(viewer, story)
    story_id = story.id
    if not may_see_name(viewer, story):
        said = replace(story, alias="customer", title=story.id.replace("-", " "))
        story_id = slug(without_names(said).title)
        seen = replace(seen, customer=display_name(seen))
    facts = [_flat(getattr(seen, key)) for key in _FACTS]
    return [story_id, *facts, *(seen.beat(beat) for beat in Beat), seen.quote, round(seen.minutes, 1)]


def _flat(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as its ending says: .csv, .xlsx or .jsonl. In the first two no cell is a formula.

    Raises ExchangeError.
    """
    ending = path.suffix.lower()
    try:
        if ending == ".csv":
            _each_text(table, _no_formula).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        elif ending == ".xlsx":
            _each_text(table, lambda text: _excel_cell(path.name, text)).to_excel(path, index=False)
        elif ending == ".jsonl":
            lines = (json.dumps(row, ensure_ascii=False, default=str) for row in table.to_dict("records"))
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
        else:
            raise ExchangeError(f'{path.name}: found the ending "{ending}"; write .csv, .xlsx or .jsonl.')
    except (OSError, UnicodeEncodeError) as error:
        raise ExchangeError(f"{path.name}: found no way to write it ({error}); choose another place.") from error
    return path


def _each_text(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    def changed(cell: Hashable) -> Hashable:
        return change(cell) if isinstance(cell, str) else cell

    return table.map(changed).rename(columns=changed)


def _no_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it."""
    begins = text.lstrip()[:1] or " "
    return f"'{text}" if begins in "=+-@＝＋－＠" or text.lstrip(" ")[:1] in {"\t", "\r"} else text


def _excel_cell(name: str, text: str) -> str:
    text = _no_formula(_CONTROL.sub("", text))
    if len(text) > MAX_EXCEL_CELL:
        raise ExchangeError(
            f"{name}: found a text of {len(text):,} letters, Excel takes {MAX_EXCEL_CELL:,}; write .csv or .jsonl."
        )
    return text
