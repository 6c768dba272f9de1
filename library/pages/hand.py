"""The file a lead brought, and how far they are with it: what its two kinds, table and zip, have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from library.pages import desk, parts
from library.story import Story
from library.wording import many

if TYPE_CHECKING:
    from library.exchange.arriving import Arriving
    from library.exchange.bundle import Bundle
    from library.exchange.importing import Imported
    from library.exchange.tables import Table

LINKED = 20
"""So many stories, or sentences, are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came in, to be read until somebody brings another file."""

    written: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    report: bytes = b""


@dataclass
class InHand:
    """A file somebody brought, and how far they are with it.

    It changes in place: a second click interrupts the first one's run, and must find what that one did.
    """

    name: str
    key: str
    table: Table | None = None
    bundle: Bundle | None = None
    remembered: dict[str, str] = field(default_factory=dict)
    made: tuple[object, Imported] | None = None
    held: tuple[object, Arriving] | None = None
    outcome: Outcome | None = None


def says_yes(hand: InHand, count: int) -> bool:
    """Whether the lead has just said that so many stories come in; once for each file in hand."""
    if not count:
        st.info("Nothing in it is new to the shelf.", icon=":material/task_alt:")
        return False
    label = f"Bring in {many(count, 'story', 'stories')}"
    pressed = st.button(label, type="primary", icon=":material/upload:", key="bring-in-now")
    if pressed and not desk.viewer().leads:
        st.toast("Only the team lead brings stories in.", icon=":material/lock:")
        return False
    return pressed and hand.outcome is None


def preview(stories: Iterable[Story]) -> None:
    """The first two stories as they would read."""
    for story in list(stories)[:2]:
        with st.expander(f"How it reads: {parts.prose(story.title or story.id)}", icon=":material/auto_stories:"):
            st.markdown(f"**{parts.whose(story)}**  \n:small[{parts.facts_line(story, desk.shelf().vocabulary)}]")
            parts.telling(story)
            if story.missing_beats:
                st.caption(f"Still missing: {', '.join(beat.heading for beat in story.missing_beats)}")


def report_button(content: bytes) -> None:
    st.download_button(
        "Report as CSV", content, "import-report.csv", "text/csv", icon=":material/download:", on_click="ignore"
    )


def show_outcome(outcome: Outcome) -> None:
    count = len(outcome.written)
    st.success(f"{many(count, 'story is', 'stories are')} in.", icon=":material/check_circle:")
    for sentence in outcome.sentences[:LINKED]:
        st.caption(parts.prose(sentence))
    if outcome.report:
        report_button(outcome.report)
    shelf = desk.shelf()
    for story in [found for story_id in outcome.written[:LINKED] if (found := shelf.get(story_id))]:
        parts.story_link(story, parts.prose(story.title or story.id))
    if count > LINKED:
        st.caption(f"And {count - LINKED} more.")
