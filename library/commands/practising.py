"""Practising: a telling held against a story, beat by beat."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import AsJson, Stories, app, fail, opened, print_json
from library.practice.feedback import feedback


@app.command()
def practise(
    story: Annotated[str, typer.Argument(help="The id of the story that was told.")],
    text: Annotated[Path, typer.Option(help="The file with what was told; - for the standard input.")],
    stories: Stories = None,
    as_json: AsJson = False,
) -> None:
    """Hold a telling against a story: each beat told, partly or missing, and the one thing to do better."""
    try:
        said = (sys.stdin.buffer.read() if str(text) == "-" else text.read_bytes()).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        fail(f"{text}: found no text to read; name a file with what was told, saved as UTF-8.")
    with opened(stories) as library:
        shelf = library.state.shelf
        told = shelf.get(story)
        if told is None:
            fail(f"There is no story {story} in {library.settings.stories}; its id is its file's name without .md.")
        if not told.beats:
            fail(f"The story {story} has none of the seven parts yet; write them before it is told.")
        try:
            heard = feedback(said, told, library.judge, shelf.vocabulary, library.today)
        except ValueError as error:
            fail(str(error))
    if as_json:
        print_json(
            {
                "story": heard.story,
                "minutes": heard.minutes,
                "beats": {beat.value: verdict.value for beat, verdict in heard.beats.items()},
                "flags": list(heard.flags),
                "opens_with": heard.opening.value,
                "ends_in_question": heard.ends_in_question,
                "in_order": heard.late is None,
                "right": list(heard.right),
                "changed": [
                    {"said": change.said, "was": change.was, "beat": change.beat.value} for change in heard.changed
                ],
                "slips": list(heard.slips),
                "next_time": heard.next_time,
                "by_meaning": heard.by_meaning,
            }
        )
        return
    for beat, verdict in heard.beats.items():
        print(f"{beat.heading}: {verdict}")
    for change in heard.changed:
        print(change.sentence)
    for slip in heard.slips:
        print(f"{slip} may not be said aloud.")
    print(f"{heard.told} of {len(heard.beats)} parts told, {heard.minutes:.1f} minutes.")
    print(heard.next_time)
