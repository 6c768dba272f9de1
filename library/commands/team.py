"""The team's week: the digest that is mailed or posted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import Stories, app, opened, sentences
from library.coverage.digest import DAYS, News, digest
from library.coverage.unmet import groups_of, unmet
from library.library import Library
from library.meeting.picks import Picks, count_for, next_day

_ASKS_DAYS = 90


@app.command("digest")
def digest_(
    stories: Stories = None,
    out: Annotated[Path | None, typer.Option(help="The Markdown file to write; the screen otherwise.")] = None,
) -> None:
    """Write the week's digest: the next meeting, what landed, what is missing, what is due."""
    with opened(stories) as library, sentences():
        text = digest(_news(library), library.state.shelf)
        if out is None:
            print(text, end="")
            return
        out.write_text(text, encoding="utf-8")
    print(f"The digest is in {out}.")


def _news(library: Library) -> News:
    kept, shelf, today = library.records, library.state.shelf, library.today
    meetings, tellings = kept.meetings.all(), kept.tellings.all()
    asks = kept.asks.since(library.now - timedelta(days=_ASKS_DAYS))
    day = next_day(today, meetings)
    planned = next((meeting for meeting in meetings if meeting.held_on == day), None)
    search = library.state.search
    return News(
        today=today,
        meeting=planned,
        proposed=()
        if planned
        else Picks(shelf, day, meetings, tellings, asks, kept.notes.all()).propose(count_for(30)),
        asks=[ask for ask in asks if (today - ask.at.date()).days <= 2 * DAYS],
        tellings=tellings,
        tasks=kept.tasks.all(),
        unmet=groups_of(unmet(asks), search.vectors if search.by_meaning else None),
    )
