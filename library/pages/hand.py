"""The file a lead brought, and how far they are with it: what its two kinds, table and zip, have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from library.pages import desk, parts
from library.shelf import Shelf, Stamp, stamp
from library.story import Status, Story
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
    seen: tuple[Stamp, Shelf] | None = None

    def shelf(self) -> Shelf:
        """The stories as they lie in the folder now: the running library may still be reading what came in before."""
        folder = desk.library().settings.stories
        looks = stamp(folder)
        if self.seen is None or self.seen[0] != looks:
            self.seen = looks, Shelf.read(folder)
        return self.seen[1]


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


def report_button(content: bytes, when: str) -> None:
    """The remarks as a file; what comes in and what came in stand on one page for a moment, and say when."""
    st.download_button(
        "Report as CSV",
        content,
        "import-report.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=f"report-{when}",
    )


def show_outcome(outcome: Outcome, shelf: Shelf) -> None:
    """What came in, with a way to each story."""
    count = len(outcome.written)
    st.success(f"{many(count, 'story is', 'stories are')} in.", icon=":material/check_circle:")
    for sentence in outcome.sentences[:LINKED]:
        st.caption(parts.prose(sentence))
    if outcome.report:
        report_button(outcome.report, "after")
    if desk.library().outdated():
        st.caption("The library is still reading them; in a moment they can be opened.")
    for story in [found for story_id in outcome.written[:LINKED] if (found := shelf.get(story_id))]:
        parts.story_link(story, parts.prose(story.title or story.id))
    if count > LINKED:
        st.caption(f"And {count - LINKED} more.")
    waiting = sum(shelf.stories[one].status is not Status.PUBLISHED for one in outcome.written if one in shelf.stories)
    if waiting:
        label = f"{many(waiting, 'is', 'are')} not published yet: see what waits"
        st.page_link(desk.SHELF, label=label, icon=":material/edit_note:", query_params={"view": "care"})
