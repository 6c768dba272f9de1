"""Deals out of a CRM's export: one a row, those that are closed told apart, and what could not be read said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from library.exchange.columns import date_in, size_in
from library.pipeline.fields import FEWEST, Columns, Field, columns_of, without_notes
from library.pipeline.notes import read_notes
from library.pipeline.situations import PipelineError
from library.situation import Facet, Situation, merged_facets
from library.vocabulary import Vocabulary
from library.wording import many

if TYPE_CHECKING:
    from library.exchange.tables import Table

_HEADING_ROWS = 25
"""So far down a report's column names are looked for: its title and its filters may stand above them."""


class Standing(StrEnum):
    """Where a deal stands: open, or how it ended."""

    OPEN = "open"
    WON = "closed won"
    LOST = "closed lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal, in the words of its CRM."""

    row: int
    """Its row as a person sees it in the file."""
    name: str = ""
    id: str = ""
    account: str = ""
    owner: str = ""
    stage: str = ""
    standing: Standing = Standing.OPEN
    closes: str = ""
    closes_on: date | None = None
    """The close date; None where there is none, or it may be read as two days."""
    amount: float | None = None
    industry: str = ""
    employees: str = ""
    country: str = ""
    next_step: str = ""
    notes: str = ""
    change: str = ""
    """What a column of its own says of the change, and below of the pain."""
    pain: str = ""

    @property
    def title(self) -> str:
        """What to call it: its name, else its account, else its row."""
        return self.name or self.account or self.id or f"Row {self.row}"

    def situation(self, vocabulary: Vocabulary) -> Situation:
        """What its notes say of the customer, with what its columns say of their kind; every facet only leans."""
        heard = read_notes(self.notes, vocabulary, self.change, self.pain).situation
        return replace(heard, facets=merged_facets(heard.facets, self._facets(vocabulary)))

    def _facets(self, vocabulary: Vocabulary) -> list[Facet]:
        found: list[Facet] = []
        industry = self.industry.replace("_", " ")
        if industry and (value := vocabulary.canonical("industry", industry)):
            found.append(Facet("industry", value, said=self.industry))
        for kind in ("country", "region"):
            if self.country and (value := vocabulary.canonical(kind, self.country)):
                found.append(Facet(kind, value, said=self.country))
                break
        if size := _size(self.employees):
            found.append(Facet("size", size, said=f"{self.employees} employees"))
        return found


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The deals of a file, which of its columns are what, and what there is to say about reading it."""

    deals: tuple[Deal, ...]
    columns: Columns
    remarks: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Deal, ...]:
        """The deals that may still be won."""
        return tuple(deal for deal in self.deals if deal.standing is Standing.OPEN)

    @property
    def sentence(self) -> str:
        """How many deals there are, and how many of them are closed."""
        counts = Counter(deal.standing for deal in self.deals)
        said = many(len(self.open), "open deal")
        if len(self.open) == len(self.deals):
            return f"{said}."
        ended = (standing for standing in Standing if standing is not Standing.OPEN and counts[standing])
        how = ", ".join(f"{counts[standing]} {standing}" for standing in ended)
        return f"{said}; left out: {how}."


def read_deals(name: str, table: Table, asked: Mapping[str, str] | None = None) -> Pipeline:
    """The deals of a table from `exchange.tables`; `asked` maps a column to a field's name, or to nothing.

    Raises PipelineError where there are no deals, or no column tells of the customer.
    """
    header, rows = _under_its_header([str(column) for column in table.columns], _numbered(table))
    columns = columns_of(header, asked)
    if not columns.are_of_deals and not asked:
        raise PipelineError(
            f"{name}: found no columns of deals among {', '.join(header)[:300]}; "
            "export opportunities with their name, stage, close date and description."
        )
    if not columns.have_notes:
        raise without_notes(name, header)
    places = {column: place for place, column in enumerate(header)}
    taken = {field: [places[column] for column in columns.of(field)] for field in Field}
    deals: list[Deal] = []
    skipped: list[int] = []
    for row, cells in rows:
        deal = _deal(row, {field: [cells[place] for place in found] for field, found in taken.items()})
        if _is_a_deal(deal, cells):
            deals.append(deal)
        elif any(cells):
            skipped.append(row)
    if not deals:
        raise PipelineError(f"{name}: found no deals under the column names; write a row for each.")
    return Pipeline(tuple(_with_days(deals)), columns, tuple(_remarks(deals, skipped, columns)))


def look_like_deals(table: Table) -> bool:
    """Whether a table's columns, wherever in it they stand, are those of deals."""
    header, _ = _under_its_header([str(column) for column in table.columns], _numbered(table))
    return columns_of(header).are_of_deals


def columns_in(table: Table) -> list[str]:
    """The names of a table's columns, below a report's title and filters where it has those."""
    return _under_its_header([str(column) for column in table.columns], _numbered(table))[0]


# --- rows ------------------------------------------------------------------------------------------------------------

Row = tuple[int, list[str]]


def _numbered(table: Table) -> list[Row]:
    values = table.to_numpy().tolist()
    return [(int(row), [str(c).strip() for c in cells]) for row, cells in zip(table.index, values, strict=True)]


def _under_its_header(header: list[str], rows: list[Row]) -> tuple[list[str], list[Row]]:
    """Column names and the rows below them: a formatted report has its title and its filters above."""
    if len(columns_of(header).taken) >= FEWEST:
        return header, rows
    for place, (_, cells) in enumerate(rows[:_HEADING_ROWS]):
        names = _each_once(cells)
        if len(columns_of(names).taken) > FEWEST:
            return names, rows[place + 1 :]
    return header, rows


def _each_once(cells: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(re.sub(r"[↑↓▲▼]", "", cell).split()) or f"column {place}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def _deal(row: int, cells: Mapping[Field, list[str]]) -> Deal:
    def first(field: Field) -> str:
        return " ".join(next(iter(cells[field]), "").split())

    def joined(field: Field) -> str:
        return "\n".join(cell for cell in cells[field] if cell)

    return Deal(
        row,
        first(Field.NAME),
        first(Field.ID),
        first(Field.ACCOUNT),
        first(Field.OWNER),
        first(Field.STAGE),
        _standing(first(Field.STAGE), first(Field.CLOSED), first(Field.WON)),
        first(Field.CLOSES),
        None,
        amount_in(first(Field.AMOUNT)),
        first(Field.INDUSTRY),
        first(Field.EMPLOYEES),
        first(Field.COUNTRY),
        first(Field.NEXT_STEP),
        joined(Field.NOTES),
        joined(Field.CHANGE),
        joined(Field.PAIN),
    )


_FOOT = re.compile(
    r"(?:grand |sub)?totals?\b|copyright\b|confidential information|generated by|report name|filtered by|as of \d|"
    r"(?:sum|average|count)$|record count",
    re.IGNORECASE,
)
"""What a report writes under its rows."""


def _is_a_deal(deal: Deal, cells: Sequence[str]) -> bool:
    """Whether a row is a deal, and not a total, a heading of a group or what a report writes at its foot."""
    filled = [cell for cell in cells if cell]
    if not (deal.name or deal.account or deal.id) or (len(cells) > 1 and len(filled) < 2):
        return False
    return not _FOOT.match(filled[0])


_YES = frozenset({"true", "yes", "1", "y", "closed", "won"})
_ENDED = re.compile(
    r"(?P<won>\bclosed[\s_-]*won\b|^won\b|^closedwon)|(?P<lost>\bclosed[\s_-]*lost\b|^lost\b|^closedlost|"
    r"^(?:disqualified|unqualified out|dead|abandoned|cancell?ed|omitted)\b)|(?P<closed>^closed\b)",
    re.IGNORECASE,
)


def _standing(stage: str, closed: str, won: str) -> Standing:
    if won.casefold() in _YES:
        return Standing.WON
    if ended := _ENDED.search(stage):
        return {"won": Standing.WON, "lost": Standing.LOST}.get(ended.lastgroup or "", Standing.CLOSED)
    if closed.casefold() in _YES:
        return Standing.LOST if won else Standing.CLOSED
    return Standing.OPEN


def _remarks(deals: Sequence[Deal], skipped: Sequence[int], columns: Columns) -> Iterable[str]:
    if skipped:
        rows = ", ".join(map(str, skipped[:5])) + (" …" if len(skipped) > 5 else "")
        yield f"{many(len(skipped), 'row holds', 'rows hold')} no deal: {rows}."
    if columns.unknown:
        yield f"Not used: {', '.join(columns.unknown[:12])}{' …' if len(columns.unknown) > 12 else ''}."
    undated = sum(bool(deal.closes) for deal in _with_days(deals) if deal.closes_on is None)
    if undated:
        yield f"{many(undated, 'close date')} could be read as two days, or as none; write 2026-11-30."
    if not columns.of(Field.STAGE) and not columns.of(Field.CLOSED):
        yield "No column says the stage: closed deals could not be left out."


# --- cells -----------------------------------------------------------------------------------------------------------

_DAY_AND_MONTH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?:,?\s+\d{1,2}:\d\d.*)?", re.ASCII)


def _with_days(deals: Sequence[Deal]) -> list[Deal]:
    """The deals with their close dates: a column that holds 3/14 has the month first in all its rows."""
    found = [match for deal in deals if (match := _DAY_AND_MONTH.fullmatch(deal.closes))]
    day_first = any(int(match[1]) > 12 or match[2] == "." for match in found)
    month_first = any(int(match[3]) > 12 for match in found)
    return [replace(deal, closes_on=_day(deal.closes, day_first, month_first)) for deal in deals]


def _day(said: str, day_first: bool, month_first: bool) -> date | None:
    match = _DAY_AND_MONTH.fullmatch(said)
    if match is None:
        return date_in(said)
    first, second = int(match[1]), int(match[3])
    if day_first == month_first and first != second:
        return date_in(said)
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    day, month = (first, second) if day_first else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


_AMOUNT = re.compile(r"(-?\d[\d.,'’   ]*)\s*(k|m|mn|mio|million|thousand)?\b", re.IGNORECASE)
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6}


def amount_in(text: str) -> float | None:
    """The amount a cell says: "€ 1.250.000", "120,000.00", "45k"; None where it says none."""
    match = _AMOUNT.search(text[:60])
    if match is None:
        return None
    digits = re.sub(r"[^\d.,-]", "", match[1]).rstrip(".,")
    marks = [c for c in digits if c in ".,"]
    if marks:
        # The last mark parts the cents where it stands once and not before three digits.
        last = max(digits.rfind("."), digits.rfind(","))
        cents = digits.count(digits[last]) == 1 and (len(digits) - last - 1 != 3 or len(set(marks)) == 2)
        whole = re.sub(r"[.,]", "", digits[:last])
        digits = f"{whole}.{digits[last + 1 :]}" if cents else re.sub(r"[.,]", "", digits)
    return float(digits) * _TIMES.get((match[2] or "").lower(), 1)


def _size(employees: str) -> str:
    """A size as a facet says it: an exact number as "310-310", else the band a cell says."""
    exact = re.sub(r"[\s,.'’](?=\d{3}(?!\d))", "", employees)
    if exact.isascii() and exact.isdigit():
        return f"{int(exact[:9])}-{int(exact[:9])}" if int(exact[:9]) else ""
    said = size_in(employees[:60]) if employees else None
    return said or ""
