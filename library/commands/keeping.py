"""The shelf: check it, sync it, fill it from a table and write it to one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import AsRole, Stories, app, fail, opened, sentences, settings_for
from library.people import Person, Role
from library.shelf import Shelf
from library.story import Status


@app.command()
def sync(stories: Stories = None) -> None:
    """Bring the index in step with the stories."""
    with opened(stories) as library:
        shelf = library.state.shelf
        print(f"{len(shelf)} stories, {len(shelf.passages)} passages; {len(shelf.problems)} problems.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON lines of case studies.")],
    stories: Stories = None,
    column_map: Annotated[list[str] | None, typer.Option("--map", help="column=field, as often as needed.")] = None,
    status: Annotated[Status, typer.Option(help="The status the stories get.")] = Status.DRAFT,
) -> None:
    """Make stories of a table."""
    from library.exchange.importing import import_stories, write_stories  # noqa: PLC0415 - pandas takes a second
    from library.exchange.tables import read_table  # noqa: PLC0415

    settings = settings_for(stories)
    wrong = [pair for pair in column_map or [] if "=" not in pair]
    if wrong:
        fail(f"--map {wrong[0]}: found no =; write column=field, as in --map 'Pain point=pain'.")
    columns = dict(pair.split("=", 1) for pair in column_map or [])
    with sentences():
        settings.stories.mkdir(parents=True, exist_ok=True)
        shelf = Shelf.read(settings.stories)
        imported = import_stories(
            read_table(file), shelf.vocabulary, columns=columns, status=status, today=settings.day
        )
        written = write_stories(imported, settings.stories)
    for note in imported.report:
        print(note)
    known = ", ".join(f"{column} as {meaning or 'it is'}" for column, meaning in imported.columns.items())
    print(f"Columns taken: {known}.")
    there = len(imported) - len(written)
    already = f", {there} were there already." if there else "."
    print(f"{len(written)} stories written to {settings.stories}{already}")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The .csv, .xlsx or .jsonl to write.")],
    stories: Stories = None,
    role: AsRole = Role.GUEST,
    everything: Annotated[bool, typer.Option("--all", help="Drafts and retired stories too.")] = False,
) -> None:
    """Write the published stories to a table, customers' names only where everybody may read them."""
    from library.exchange.exporting import export_table  # noqa: PLC0415 - pandas takes a second
    from library.exchange.tables import write_table  # noqa: PLC0415

    with sentences():
        settings = settings_for(stories)
        shelf = Shelf.read(settings.stories)
        table = export_table(shelf, Person(role=role), include_unpublished=everything, today=settings.day)
        write_table(table, file)
    print(f"{len(table)} stories written to {file}.")
