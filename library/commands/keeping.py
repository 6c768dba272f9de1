"""The shelf: check it, sync it, fill it from a table and write it to one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import AsRole, Stories, app, fail, opened, sentences, settings_for
from library.people import Person, Role
from library.settings import Settings
from library.shelf import Shelf
from library.story import Status
from library.wording import many


@app.command()
def sync(stories: Stories = None) -> None:
    """Bring the index in step with the stories."""
    with opened(stories) as library:
        shelf = library.state.shelf
        print(f"{len(shelf)} stories, {len(shelf.passages)} passages; {len(shelf.problems)} problems.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON lines of case studies, or a zip of a shelf.")],
    stories: Stories = None,
    column_map: Annotated[list[str] | None, typer.Option("--map", help="column=field, as often as needed.")] = None,
    status: Annotated[
        Status | None, typer.Option(help="The status the stories of a table get; draft otherwise.")
    ] = None,
) -> None:
    """Make stories of a table, or take those of a zip."""
    settings = settings_for(stories)
    if file.suffix.lower() == ".zip":
        if column_map or status:
            fail(f"{file.name}: found a zip, whose stories come as they are; leave --map and --status out.")
        _take_in(file, settings.stories)
        return
    from library.exchange.importing import import_stories, write_stories  # noqa: PLC0415 - pandas takes a second
    from library.exchange.tables import read_table  # noqa: PLC0415

    wrong = [pair for pair in column_map or [] if "=" not in pair]
    if wrong:
        fail(f"--map {wrong[0]}: found no =; write column=field, as in --map 'Pain point=pain'.")
    columns = dict(pair.split("=", 1) for pair in column_map or [])
    with sentences():
        settings.stories.mkdir(parents=True, exist_ok=True)
        shelf = Shelf.read(settings.stories)
        imported = import_stories(
            read_table(file), shelf.vocabulary, columns=columns, status=status or Status.DRAFT, today=settings.day
        )
        written = write_stories(imported, settings.stories)
    for note in imported.report:
        print(note)
    known = ", ".join(f"{column} as {meaning or 'it is'}" for column, meaning in imported.columns.items())
    print(f"Columns taken: {known}.")
    there = len(imported) - len(written)
    already = f", {there} were there already." if there else "."
    print(f"{len(written)} stories written to {settings.stories}{already}")


def _take_in(file: Path, folder: Path) -> None:
    from library.exchange.arriving import compared, take_in  # noqa: PLC0415 - pandas takes a second
    from library.exchange.bundle import read_bundle  # noqa: PLC0415

    with sentences():
        with file.open("rb") as packed:
            arriving = compared(read_bundle(packed, file.name), folder)
        written = take_in(arriving, folder)
    for sentence in arriving.left_out:
        print(sentence)
    for clash in arriving.clashes:
        print(f"{clash.id}: is here with other words, and stays as it is; the zip has:")
        print("".join(f"    {line}\n" for line in clash.difference), end="")
    already = f", {len(arriving.same)} there already" if arriving.same else ""
    kept = f", {len(arriving.clashes)} kept as here" if arriving.clashes else ""
    print(f"{many(len(written), 'story', 'stories')} written to {folder}{already}{kept}.")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The .csv, .xlsx, .jsonl or .zip to write.")],
    stories: Stories = None,
    role: AsRole = Role.GUEST,
    everything: Annotated[bool, typer.Option("--all", help="Drafts and retired stories too.")] = False,
) -> None:
    """Write the published stories to a file, customers' names only where everybody may read them."""
    if file.suffix.lower() == ".zip":
        _pack(file, settings_for(stories), Person(role=role))
        return
    from library.exchange.exporting import export_table  # noqa: PLC0415 - pandas takes a second
    from library.exchange.tables import write_table  # noqa: PLC0415

    with sentences():
        settings = settings_for(stories)
        shelf = Shelf.read(settings.stories)
        table = export_table(shelf, Person(role=role), include_unpublished=everything, today=settings.day)
        write_table(table, file)
    print(f"{len(table)} stories written to {file}.")


def _pack(file: Path, settings: Settings, viewer: Person) -> None:
    from library.exchange.bundle import write_bundle  # noqa: PLC0415 - pandas takes a second

    packed = io.BytesIO()
    with sentences():
        done = write_bundle(settings.stories, viewer, packed, today=settings.day)
        file.write_bytes(packed.getvalue())
    for sentence in done.left_out:
        print(sentence)
    print(f"{many(done.stories, 'story', 'stories')} written to {file}.")
