"""A table that comes in: its columns, its stories as they would read, what to look at, and the button."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from library.pages import columns, desk, hand, parts, steps
from library.records.entries import RecordsError
from library.shelf import Shelf, files_by_id
from library.story import Status, Story
from library.wording import many

if TYPE_CHECKING:
    from library.exchange.importing import Imported
    from library.exchange.tables import Table
    from library.exchange.twins import Twin

_SHOWN = 8


def show(mine: hand.InHand, table: Table) -> None:
    """The table on its way in."""
    from library.exchange.twins import brought, twins  # noqa: PLC0415 - pandas takes a second

    st.caption(f"{many(len(table), 'row')}, {many(len(table.columns), 'column')}")
    with st.expander("The first rows", icon=":material/table:"):
        st.dataframe(table.head(5), hide_index=True)
    chosen = columns.choose(table, mine.remembered, mine.key)
    status = st.segmented_control(
        "They come in as",
        [Status.DRAFT, Status.REVIEW],
        default=Status.DRAFT,
        format_func=lambda s: {Status.DRAFT: "Drafts", Status.REVIEW: "Ready for review"}[s],
        required=True,
        key=f"{mine.key}-status",
        persist_state="session",
    )
    imported = _imported(mine, table, chosen, status or Status.DRAFT)
    like = twins(imported.stories, mine.shelf())
    wanted = _here_already(imported.stories, like, mine.shelf())
    stories = brought(imported.stories, like, wanted, files_by_id(desk.library().settings.stories))
    if stories:
        _show_rights(imported)
    _show_report(imported)
    hand.preview(stories)
    _bring_in(mine, imported, stories, chosen)


def _imported(mine: hand.InHand, table: Table, chosen: dict[str, str], status: Status) -> Imported:
    """The stories of the table, made anew only when a choice changed."""
    from library.exchange.importing import import_stories  # noqa: PLC0415 - pandas takes a second
    from library.exchange.mapping import wishes  # noqa: PLC0415

    vocabulary = desk.shelf().vocabulary
    made_for = (tuple(chosen.items()), status, vocabulary)
    if mine.made is None or mine.made[0] != made_for:
        bar = st.progress(0.0, text="Reading the rows")

        def show_progress(done: int, total: int) -> None:
            bar.progress(done / total, text=f"Reading the rows: {done} of {total}")

        try:
            imported = import_stories(
                table,
                vocabulary,
                columns=wishes(chosen),
                status=status,
                today=desk.library().today,
                progress=show_progress,
            )
        finally:
            bar.empty()
        mine.made = made_for, imported
    return mine.made[1]


def _here_already(stories: Sequence[Story], like: dict[str, Twin], shelf: Shelf) -> list[str]:
    """Say which of the stories are here; those somebody wants all the same."""
    from library.exchange.twins import How  # noqa: PLC0415 - pandas takes a second

    counts = Counter(twin.how for twin in like.values())
    if counts[How.SAME]:
        verb = "is" if counts[How.SAME] == 1 else "are"
        st.markdown(f":material/check: {many(counts[How.SAME], 'story', 'stories')} {verb} here already, and left out.")
    doubtful = {story.id: story for story in stories if story.id in like and like[story.id].doubtful}
    related = {story.id: story for story in stories if story.id in like and like[story.id].how is How.CUSTOMER}
    if not doubtful and not related:
        return []
    told = len(doubtful) + len(related)
    with st.expander(f"Like stories that are here ({told})", icon=":material/content_copy:", expanded=bool(doubtful)):
        for story in [*doubtful.values(), *related.values()][: hand.LINKED]:
            twin = like[story.id]
            here = shelf.get(twin.here)
            if here is not None:
                st.markdown(f"**{parts.prose(story.title)}** {twin.how}")
                parts.story_link(here, parts.prose(here.title))
        if told > hand.LINKED:
            st.caption(f"And {told - hand.LINKED} more.")
        if not doubtful:
            return []
        return st.multiselect(
            "Bring in all the same, beside the one here",
            list(doubtful),
            format_func=lambda story_id: doubtful[story_id].title,
            placeholder="None of them",
            key="bring-in-beside",
        )


def _show_rights(imported: Imported) -> None:
    unsaid = next((note for note in imported.report if note.column == "show_as" and not note.row), None)
    if unsaid is not None:
        st.info(
            "The table does not say who may hear the customers’ names. They come in anonymised: only team leads, the "
            "teller and the owner see them, until somebody has asked the customer.",
            icon=":material/lock:",
        )


def _show_report(imported: Imported) -> None:
    from library.exchange.report import grouped, report_csv  # noqa: PLC0415 - pandas takes a second

    remarks = grouped(note for note in imported.report if note.column != "show_as" or note.row)
    if not remarks:
        return
    with st.expander(f"What to look at ({len(remarks)})", icon=":material/fact_check:"):
        for remark in remarks[:_SHOWN]:
            st.markdown(parts.prose(remark.sentence))
        if len(remarks) > _SHOWN:
            st.caption(f"And {len(remarks) - _SHOWN} more in the report.")
        hand.report_button(report_csv(imported.report), "before")


def _bring_in(mine: hand.InHand, imported: Imported, stories: Sequence[Story], chosen: dict[str, str]) -> None:
    from library.exchange.importing import write_stories  # noqa: PLC0415 - pandas takes a second
    from library.exchange.report import report_csv  # noqa: PLC0415

    if not hand.says_yes(mine, len(stories)):
        return
    person = desk.viewer().name
    with st.spinner("Writing the stories"):  # nothing in here lets a second click in before all of it is done
        written = write_stories(replace(imported, stories=tuple(stories)), desk.library().settings.stories)
        left = len(imported) - len(written)
        said = (f"{many(left, 'story', 'stories')} stayed out, like one that is here.",) if left else ()
        mine.outcome = hand.Outcome(tuple(path.stem for path in written), said, report_csv(imported.report))
        with suppress(RecordsError):  # the stories are in; next time the columns are guessed again
            columns.remember(chosen, person)
        steps.catch_up()
