"""The command line: python -m library. The only place that prints; docs/commands.md tells what each prints."""

from __future__ import annotations

import csv
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from library import plain
from library.answers import what_may_be_said
from library.columns import ExchangeError
from library.conversation import Conversation, Talk
from library.evaluation import LabelError, Measures, by_kind, read_labelled
from library.library import Library
from library.match import Verdict
from library.people import Person, Role, display_name
from library.pipeline import PipelineError, match_all, read_situations
from library.reading import missing_fields
from library.settings import Settings, wrong_settings
from library.shelf import Shelf, ShelfError
from library.situation import understand
from library.story import Status
from library.vocabulary import VocabularyError

app = typer.Typer(
    help="Why They Bought: a library of two-minute customer stories.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Stories = Annotated[Path | None, typer.Option("--stories", help="The folder of stories; LIBRARY_STORIES otherwise.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, in the form of docs/commands.md.")]
AsRole = Annotated[Role, typer.Option("--as", help="Who is asking: a rep, a lead, or a guest.")]


@app.command()
def check(stories: Stories = None, as_json: AsJson = False) -> None:
    """Read every story and list what is wrong with it; ends with 1 when anything is."""
    settings = _settings(stories)
    with _sentences():
        shelf = Shelf.read(settings.stories)
    incomplete = {s.id: missing for s in shelf if s.status is Status.PUBLISHED and (missing := missing_fields(s))}
    if as_json:
        _print_json(
            {
                "stories": [
                    {
                        "id": s.id,
                        "minutes": round(s.minutes, 1),
                        "words": s.words,
                        "missing": missing_fields(s),
                        "tellable": s.tellable(settings.day),
                    }
                    for s in shelf
                ],
                "problems": [asdict(problem) for problem in shelf.problems],
            }
        )
    else:
        for problem in shelf.problems:
            print(problem)
        for story_id, missing in incomplete.items():
            print(f"{story_id}.md: published and incomplete; add {', '.join(missing)}.")
        for story in shelf:
            beats = f", missing {', '.join(b.heading for b in story.missing_beats)}" if story.missing_beats else ""
            print(f"{story.id}: {story.minutes:.1f} minutes, {story.words} words{beats}")
        faults = len(shelf.problems) + len(incomplete)
        told = len(shelf.tellable(settings.day))
        print(f"{len(shelf)} stories, {told} may be told; {faults or 'no'} problem{'' if faults == 1 else 's'}.")
    raise typer.Exit(1 if shelf.problems or incomplete else 0)


@app.command()
def sync(stories: Stories = None) -> None:
    """Bring the index in step with the stories."""
    with _open(stories) as library:
        shelf = library.state.shelf
        print(f"{len(shelf)} stories, {len(shelf.passages)} passages; {len(shelf.problems)} problems.")


@app.command()
def ask(
    situation: Annotated[str, typer.Argument(help="The prospect's situation, in your own words.")],
    stories: Stories = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many stories at most.")] = 3,
    role: AsRole = Role.REP,
    as_json: AsJson = False,
) -> None:
    """Find the stories for one situation."""
    with _open(stories) as library:
        viewer, search = Person(role=role), library.state.search
        turn = Talk(search, viewer, library.today).say(Conversation(), situation).turns[-1]
        reply = turn.reply
        matches = reply.matches
        if limit != 3 and reply.verdict not in {None, Verdict.NOTHING}:
            found = search.find(turn.situation, library.today, limit)
            matches = tuple(search.match(found, viewer))
        if as_json:
            _print_json(plain.answer(turn, matches[:limit], library.state.shelf.vocabulary))
            return
        print(reply.text)
        for number, match in enumerate(matches[:limit], start=1):
            story = match.story
            print(f"\n{number}. {story.title}  ({match.verdict.label}, {story.minutes:.1f} minutes, {story.id})")
            print(f"   {display_name(story)}")
            print(f"   Why it fits: {match.evidence.sentence}")
            print(f"   In their words: “{story.quote}”" if story.quote else "   No quote.")
            print(f"   Ask: {story.question}" if story.question else "   No question.")
            print(f"   {what_may_be_said(story)}")
        if reply.asks:
            print(f"\n{reply.asks}")


@app.command()
def chat(
    stories: Stories = None,
    role: AsRole = Role.REP,
    as_json: AsJson = False,
) -> None:
    """Talk to the library: a line in, a reply out; with --json one JSON object a line."""
    with _open(stories) as library:
        talk = Talk(library.state.search, Person(role=role), library.today)
        conversation = Conversation()
        vocabulary = library.state.shelf.vocabulary
        if not as_json and sys.stdin.isatty():
            print("Describe a prospect: what changed for them, and what does it cost them? An empty line ends.")
        for line in sys.stdin:
            if not line.strip():
                if sys.stdin.isatty():
                    break
                continue
            conversation = talk.say(conversation, line)
            turn = conversation.turns[-1]
            if as_json:
                print(json.dumps(plain.turn(turn, vocabulary), ensure_ascii=False), flush=True)
                continue
            print(turn.reply.text)
            for number, match in enumerate(turn.reply.matches, start=1):
                print(f"  {number}. {match.story.title} ({display_name(match.story)}): {match.evidence.sentence}")
            print(turn.reply.asks, end="\n" if turn.reply.asks else "", flush=True)


@app.command("match")
def match_(
    file: Annotated[Path, typer.Argument(help="CSV or JSON lines with columns id and situation (or query).")],
    stories: Stories = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many stories a situation at most.")] = 3,
    out: Annotated[Path | None, typer.Option(help="The CSV to write; the screen otherwise.")] = None,
) -> None:
    """Find the stories for a whole file of situations."""
    with _sentences():
        situations = read_situations(file)
        handle = out.open("w", newline="", encoding="utf-8") if out else sys.stdout
    with _open(stories) as library:
        state = library.state
        with typer.progressbar(length=len(situations), label="Matching", file=sys.stderr) as bar:
            rows = list(match_all(situations, state.search, state.shelf.vocabulary, library.today, limit, bar.update))
    writer = csv.writer(handle)
    writer.writerow(["id", "rank", "story", "score", "verdict"])
    writer.writerows(rows)
    if out:
        handle.close()
        print(f"{len(situations)} situations matched, in {out}.", file=sys.stderr)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON lines of case studies.")],
    stories: Stories = None,
    column_map: Annotated[list[str] | None, typer.Option("--map", help="column=field, as often as needed.")] = None,
    status: Annotated[Status, typer.Option(help="The status the stories get.")] = Status.DRAFT,
) -> None:
    """Make stories of a table."""
    from library.exchange import import_stories, read_table, write_stories  # noqa: PLC0415 - pandas takes a second

    settings = _settings(stories)
    wrong = [pair for pair in column_map or [] if "=" not in pair]
    if wrong:
        _fail(f"--map {wrong[0]}: found no =; write column=field, as in --map 'Pain point=pain'.")
    columns = dict(pair.split("=", 1) for pair in column_map or [])
    with _sentences():
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
    from library.exchange import export_table, write_table  # noqa: PLC0415 - pandas takes a second

    with _sentences():
        shelf = Shelf.read(_settings(stories).stories)
        table = export_table(shelf, Person(role=role), include_unpublished=everything)
        write_table(table, file)
    print(f"{len(table)} stories written to {file}.")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="JSON lines of situation and judged {story: grade}.")],
    stories: Stories = None,
    half: Annotated[str, typer.Option(help="Only the situations of this half: choose or report.")] = "",
    as_json: AsJson = False,
) -> None:
    """Measure the answers against labelled situations, by kind of situation and all together."""
    with _sentences():
        labelled = [row for row in read_labelled(file) if not half or row.half == half]
    with _open(stories) as library:
        state = library.state
        answered = []
        for row in labelled:
            found = state.search.find(understand(row.situation, state.shelf.vocabulary), library.today)
            answered.append((row, found.delivered))
    measures = by_kind(answered)
    if as_json:
        _print_json({kind: asdict(values) for kind, values in measures.items()})
        return
    names = ("ndcg_at_10", "best_in_3", "recall_at_3", "mrr", "success_at_1", "wrong_nothing", "right_nothing")
    print(f"{'kind':14}{'asked':>6}" + "".join(f"{name:>15}" for name in names))
    for kind, values in measures.items():
        print(f"{kind:14}{values.situations:>6}" + "".join(f"{_figure(values, name):>15}" for name in names))


def _figure(values: Measures, name: str) -> str:
    figure = getattr(values, name)
    return "-" if figure is None else f"{figure:.3f}"


def _settings(stories: Path | None) -> Settings:
    with _sentences():
        return Settings(stories=stories) if stories else Settings()


@contextmanager
def _open(stories: Path | None) -> Iterator[Library]:
    """The library of a folder, synced, with a progress bar where there is much to embed."""
    library = Library(_settings(stories))
    try:
        with _sentences():
            state = library.sync(_progress())
        if state.notice:
            print(state.notice, file=sys.stderr)
        yield library
    finally:
        library.close()


def _progress() -> Any:  # noqa: ANN401 - a callable with a memory
    bars: list[Any] = []

    def show(done: int, total: int) -> None:
        if total < 200:
            return
        if not bars:
            bars.append(typer.progressbar(length=total, label="Reading the stories", file=sys.stderr).__enter__())
        bars[0].update(done - bars[0].pos)
        if done >= total:
            bars[0].render_finish()

    return show


@contextmanager
def _sentences() -> Iterator[None]:
    """Turns the errors a person can mend into a sentence and exit code 2."""
    try:
        yield
    except (ShelfError, VocabularyError, ExchangeError, LabelError, PipelineError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {str(error.strerror or error).lower()}.")
    except UnicodeDecodeError:
        _fail("The file holds text that is not UTF-8; save it as UTF-8.")
    except ValidationError as error:
        _fail(wrong_settings(error))


def _fail(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise typer.Exit(2)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    app(prog_name="python -m library")
