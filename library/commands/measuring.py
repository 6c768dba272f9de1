"""Measuring: the answers against labelled situations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import AsJson, Stories, app, opened, print_json, sentences
from library.evaluation import Measures, by_kind, read_labelled
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
