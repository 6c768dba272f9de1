"""What the commands share: the app, the library of a folder, errors as sentences, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from library.calibration import CalibrationError
from library.documents import DocumentError
from library.evaluation import LabelError
from library.exchange.columns import ExchangeError
from library.library import Library
from library.people import Role
from library.pipeline.situations import PipelineError
from library.records.entries import RecordsError
from library.settings import Settings, wrong_settings
from library.sharing.callbrief import BriefError
from library.sharing.feed import FeedError
from library.shelf import ShelfError
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


def settings_for(stories: Path | None) -> Settings:
    """The settings, on a folder of stories where one is given."""
    with sentences():
        return Settings(stories=stories) if stories else Settings()


@contextmanager
def opened(stories: Path | None) -> Iterator[Library]:
    """The library of a folder, synced, with a progress bar where there is much to embed."""
    library = Library(settings_for(stories))
    try:
        with sentences():
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


_MENDABLE = (
    *(ShelfError, VocabularyError, ExchangeError, LabelError, PipelineError, RecordsError, BriefError, FeedError),
    *(DocumentError, CalibrationError),
)
"""The errors a person can mend, each with its sentence."""


@contextmanager
def sentences() -> Iterator[None]:
    """Turns the errors a person can mend into a sentence and exit code 2."""
    try:
        yield
    except _MENDABLE as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename}: {str(error.strerror or error).lower()}.")
    except UnicodeDecodeError:
        fail("The file holds text that is not UTF-8; save it as UTF-8.")
    except ValidationError as error:
        fail(wrong_settings(error))


def fail(sentence: str) -> NoReturn:
    """End with 2 and a sentence on the error output."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(2)


def print_json(value: object) -> None:
    """Print a value as JSON, dates as year-month-day."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_as_text))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
