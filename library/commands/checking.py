"""The checks from a shell: the whole shelf, or one text."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from library.checks.checks import check_file
from library.checks.findings import Checked, Verdict
from library.checks.words import Words
from library.commands.console import AsJson, Stories, app, print_json, sentences, settings_for
from library.reading import missing_fields
from library.settings import Settings
from library.shelf import Shelf
from library.story import Status

_MARKS = {Verdict.PASS: "ok    ", Verdict.ADVISE: "better", Verdict.BLOCK: "must  "}


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A story or any text (.md, .txt); the whole shelf when none is given.")
    ] = None,
    stories: Stories = None,
    as_json: AsJson = False,
) -> None:
    """Is this a two-minute customer story? Of a file every check with its reason; of the shelf what is wrong.

    Ends with 1 when a file could not be published, or the shelf has a problem.
    """
    settings = settings_for(stories)
    if file is not None:
        _check_file(file, settings, as_json)
    else:
        _check_shelf(settings, as_json)


def _check_file(file: Path, settings: Settings, as_json: bool) -> None:
    with sentences():
        shelf = Shelf.read(settings.stories)
        checked = check_file(file, shelf.vocabulary, Words.beside(shelf.vocabulary, settings.stories))
    if as_json:
        print_json(as_plain(checked))
    else:
        for finding in checked.findings:
            print(f"{_MARKS[finding.verdict]}  {finding.check}: {finding.sentence}")
        kind = "about our product; " if checked.product_centric else ""
        print(f"{file.name}: {kind}{'can be published' if checked.publishable else 'cannot be published yet'}.")
    raise typer.Exit(0 if checked.publishable else 1)


def as_plain(checked: Checked) -> dict[str, Any]:
    """A checked text as values for JSON, in the form of docs/commands.md."""
    meter = checked.meter
    return {
        "verdict": checked.verdict,
        "product_centric": checked.product_centric,
        "minutes": round(checked.piece.minutes, 1),
        "words": checked.piece.count,
        "meter": {
            "sentences": len(meter.sentences),
            "our_share": round(meter.share, 2),
            "our_first_word": meter.first_word,
            "customer_subject_share": round(meter.customer_share, 2),
            "opens_with_us": meter.opens_with_us,
            "ours": list(dict.fromkeys(meter.ours)),
        },
        "checks": [
            {
                "check": finding.check,
                "verdict": finding.verdict,
                "reason": finding.sentence,
                "reasons": list(finding.reasons),
                "beat": finding.beat,
            }
            for finding in checked.findings
        ],
    }


def _check_shelf(settings: Settings, as_json: bool) -> None:
    with sentences():
        shelf = Shelf.read(settings.stories)
    incomplete = {s.id: missing for s in shelf if s.status is Status.PUBLISHED and (missing := missing_fields(s))}
    if as_json:
        print_json(
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
