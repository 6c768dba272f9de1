"""A whole file matched in one go: situations, or the deals of a CRM's export."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from library.commands.console import AsJson, Stories, app, fail, opened, print_json, sentences
from library.exchange.columns import ExchangeError
from library.pipeline.situations import PipelineError, Row, holds_situations, match_all, read_situations
from library.wording import many

if TYPE_CHECKING:
    from library.exchange.tables import Table
    from library.pipeline.answers import Answer
    from library.pipeline.deals import Pipeline

Item = TypeVar("Item")
STOPPED = 130
"""What a shell reads as "ended by Ctrl-C"."""
_HEADER = ("id", "rank", "story", "score", "verdict")


@app.command("match")
def match_(
    file: Annotated[Path, typer.Argument(help="Situations (CSV, JSON lines), or the deals of a CRM (CSV, XLSX).")],
    stories: Stories = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many stories a situation at most.")] = 3,
    out: Annotated[Path | None, typer.Option(help="The file to write; the screen otherwise.")] = None,
    mapped: Annotated[list[str] | None, typer.Option("--map", help="For deals: 'Column=field', repeated.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Deals that are won or lost too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find the stories for a whole file of situations, or for every deal of a pipeline."""
    with sentences():
        deals = _deals_in(file, mapped or [])
        situations = [] if deals is not None else read_situations(file)
        if out is not None:
            _can_be_written(out, deals is not None)
    if deals is not None:
        _match_deals(deals, closed, stories, out, as_json)
    else:
        _match_situations(situations, limit, stories, out, as_json)


def _deals_in(file: Path, mapped: list[str]) -> Pipeline | None:
    """The deals of a file; None where it is one of situations, or nothing that looks like deals."""
    if not mapped and file.suffix.lower() != ".xlsx" and holds_situations(file):
        return None
    from library.exchange.tables import read_table  # noqa: PLC0415 - pandas takes a second
    from library.pipeline.deals import look_like_deals, read_deals  # noqa: PLC0415

    asked = dict(_column_and_field(one) for one in mapped)
    try:
        table = read_table(file)
    except ExchangeError:
        if mapped or file.suffix.lower() == ".xlsx":
            raise
        return None  # what is wrong is said to somebody who has situations
    if not mapped and file.suffix.lower() != ".xlsx" and not look_like_deals(table):
        return None
    return read_deals(file.name, table, asked)


def _column_and_field(said: str) -> tuple[str, str]:
    column, equals, wanted = said.rpartition("=")
    if not equals:
        raise PipelineError(f"--map {said}: found no =; write 'Column=field', as in 'Rep comments=notes'.")
    return column.strip(), wanted.strip()


def _can_be_written(out: Path, deals: bool) -> None:
    """Say before the work begins that its end could not be kept; a file that is there stays until then."""
    if deals and out.suffix.lower() not in {".csv", ".xlsx", ".jsonl"}:
        fail(f'{out.name}: found the ending "{out.suffix}"; write .csv, .xlsx or .jsonl.')
    out.open("a").close()


# --- situations -------------------------------------------------------------------------------------------------------


def _match_situations(
    situations: list[tuple[str, str]], limit: int, stories: Path | None, out: Path | None, as_json: bool
) -> None:
    rows: list[Row] = []
    with opened(stories) as library:
        state = library.state
        with typer.progressbar(length=len(situations), label="Matching", file=sys.stderr) as bar:
            found = match_all(situations, state.search, state.shelf.vocabulary, library.today, limit, bar.update)
            whole = _taken(found, rows)
    if as_json:
        _json([dict(zip(_HEADER, row, strict=True)) for row in rows], out)
    elif out is not None and out.suffix.lower() == ".xlsx":
        _written(_table(rows), out)
    else:
        handle = out.open("w", newline="", encoding="utf-8") if out else sys.stdout
        writer = csv.writer(handle)
        writer.writerow(_HEADER)
        writer.writerows(rows)
        if out:
            handle.close()
    done = len({row[0] for row in rows}) if not whole else len(situations)
    _say(done, len(situations), "situation", out, whole)


def _table(rows: Iterable[Row]) -> Table:
    from library.exchange.tables import Table  # noqa: PLC0415 - pandas takes a second

    return Table(list(rows), columns=_HEADER, dtype=object)


# --- deals ------------------------------------------------------------------------------------------------------------


def _match_deals(pipeline: Pipeline, closed: bool, stories: Path | None, out: Path | None, as_json: bool) -> None:
    from library.pipeline.answers import answers_of  # noqa: PLC0415
    from library.pipeline.table import rows_of, table_of_answers  # noqa: PLC0415 - pandas takes a second

    deals = pipeline.deals if closed else pipeline.open
    print(pipeline.sentence if not closed else f"{many(len(deals), 'deal')}.", file=sys.stderr)
    for remark in pipeline.remarks:
        print(remark, file=sys.stderr)
    answers: list[Answer] = []
    with opened(stories) as library:
        shelf, today = library.state.shelf, library.today
        with typer.progressbar(length=len(deals), label="Matching", file=sys.stderr) as bar:
            whole = _taken(answers_of(deals, library.state.search, today, bar.update), answers)
        table = table_of_answers(answers, shelf, today)
        rows = rows_of(answers, shelf, today)
    if as_json:
        _json(rows, out)
    elif out is not None:
        _written(table, out)
    else:
        from library.exchange.tables import table_bytes  # noqa: PLC0415

        sys.stdout.write(table_bytes(table, "deals.csv").decode("utf-8-sig").replace("\r\n", "\n"))
    _say(len(answers), len(deals), "deal", out, whole)
    unsaid = sum(answer.why.asks for answer in answers)
    print(
        f"{unsaid} of {many(len(answers), 'deal')} with a part of the why missing, first in the list.", file=sys.stderr
    )


# --- both -------------------------------------------------------------------------------------------------------------


def _taken(found: Iterator[Item], into: list[Item]) -> bool:
    """Take what is found until it ends, True, or until somebody presses Ctrl-C, False: what is done is kept."""
    try:
        for one in found:
            into.append(one)
    except KeyboardInterrupt:
        return False
    return True


def _json(rows: Sequence[Mapping[str, object]], out: Path | None) -> None:
    if out is None:
        print_json(rows)
    else:
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _written(table: Table, out: Path) -> None:
    from library.exchange.tables import write_table  # noqa: PLC0415 - pandas takes a second

    with sentences():
        write_table(table, out)


def _say(done: int, of: int, noun: str, out: Path | None, whole: bool) -> None:
    where = f", in {out}" if out else ""
    if not whole:
        print(f"Stopped: {done} of {many(of, noun)} matched{where}.", file=sys.stderr)
        raise typer.Exit(STOPPED)
    if out:
        print(f"{many(done, noun)} matched{where}.", file=sys.stderr)
