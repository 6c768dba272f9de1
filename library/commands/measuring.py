"""Measuring and calibrating: the answers against labelled situations."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from library.calibrating import WRONG, Choice, Progress, choose
from library.calibration import keep
from library.commands.console import AsJson, Stories, app, opened, print_json, sentences
from library.evaluation import Measures, by_kind, read_labelled
from library.settings import ROOT
from library.situation import understand


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="JSON lines of situation and judged {story: grade}.")],
    stories: Stories = None,
    half: Annotated[str, typer.Option(help="Only the situations of this half: choose or report.")] = "",
    as_json: AsJson = False,
) -> None:
    """Measure the answers against labelled situations, by kind of situation and all together."""
    with sentences():
        labelled = [row for row in read_labelled(file) if not half or row.half == half]
    with opened(stories) as library:
        state = library.state
        answered = []
        for row in labelled:
            found = state.search.find(understand(row.situation, state.shelf.vocabulary), library.today)
            answered.append((row, found.delivered))
    measures = by_kind(answered)
    if as_json:
        print_json({kind: asdict(values) for kind, values in measures.items()})
        return
    names = ("ndcg_at_10", "best_in_3", "recall_at_3", "mrr", "success_at_1", "wrong_nothing", "right_nothing")
    print(f"{'kind':14}{'asked':>6}" + "".join(f"{name:>15}" for name in names))
    for kind, values in measures.items():
        print(f"{kind:14}{values.situations:>6}" + "".join(f"{_figure(values, name):>15}" for name in names))


def _figure(values: Measures, name: str) -> str:
    figure = getattr(values, name)
    return "-" if figure is None else f"{figure:.3f}"


@app.command()
def calibrate(
    labels: Annotated[Path, typer.Option(help="JSON lines of situation and judged {story: grade}.")] = ROOT
    / "tests"
    / "situations.jsonl",
    wrong: Annotated[
        float, typer.Option(min=0, max=0.5, help="The share of answerable situations that may get nothing.")
    ] = WRONG,
    stories: Stories = None,
    as_json: AsJson = False,
) -> None:
    """Choose from labelled situations when an answer is close, the nearest, or nothing, and keep that for the model."""
    with sentences():
        labelled = read_labelled(labels)
    with opened(stories) as library, sentences(), _steps() as progress:
        library.learn_projection()
        choice = choose(library.state.search, labelled, library.today, progress, wrong)
        meaning = library.state.search.meaning
        assert meaning is not None
        about = (
            f"Written by python -m library calibrate on {library.today.isoformat()}, from {choice.situations} "
            f"situations of {labels.name}.\nDelete this file to go back to the thresholds that ship."
        )
        path = keep(library.settings.data, meaning.encoder_name, choice.thresholds, about)
    if as_json:
        print_json({"encoder": meaning.encoder_name, "file": str(path), **asdict(choice)})
        return
    _print_choice(choice, meaning.encoder_name)
    print(f"The thresholds are in {path}. A running app takes them when it starts again.")


def _print_choice(choice: Choice, encoder: str) -> None:
    print(f"{encoder}, chosen on {choice.situations} situations.")
    if choice.left_out:
        print(f"{choice.left_out} left out: no story that answers them may be told here today.")
    print(f"{'':16}{'was':>8}{'is':>8}")
    after = asdict(choice.thresholds)
    for name, was in asdict(choice.before).items():
        print(f"{name:16}{was:>8.3f}{after[name]:>8.3f}")
    for half in choice.halves:
        print(f"{half.name}: {half.after.situations} situations")
        for name in ("wrong_nothing", "right_nothing", "ndcg_at_10"):
            print(f"  {name:14}{_figure(half.before, name):>8}{_figure(half.after, name):>8}")


@contextmanager
def _steps() -> Iterator[Progress]:
    """A bar on the error output, from the first step on."""
    with ExitStack() as until_done:
        bars: list[Any] = []

        def show(done: int, total: int) -> None:
            if not bars:
                bar = typer.progressbar(length=total, label="Calibrating", file=sys.stderr)
                bars.append(until_done.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield show
