"""Gaps: what was asked for and is not on the shelf, and the shelf as a field of industry by change."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from library.coverage.grid import FACETS, Cell, grid_of
from library.coverage.unmet import Group, groups_of, unmet
from library.pages import agenda, charts, desk, parts, upkeep
from library.records.entries import Ask, Task
from library.wording import day, many

ASKS_DAYS = 90
_SHOWN, _GAPS = 6, 4
NAMES = {"change": "What changed", "roles": "Role", "size": "Size", "region": "Region"}


def show() -> None:
    """The view."""
    kept, library = agenda.records(), desk.library()
    asks = kept.asks.since(library.now - timedelta(days=ASKS_DAYS))
    st.subheader("Asked for, and not on the shelf", anchor=False)
    _asked_in_vain(asks, kept.tasks.all())
    st.subheader("Industry by industry", anchor=False)
    _field(asks)


def _asked_in_vain(asks: list[Ask], tasks: list[Task]) -> None:
    missing = unmet(asks)
    if not missing:
        st.info(f"Every ask of the last {ASKS_DAYS} days found a story.", icon=":material/task_alt:")
        return
    search = desk.state().search
    groups = groups_of(missing, search.vectors if search.by_meaning else None)
    again = [group for group in groups if len(group.asks) > 1]
    once = [group for group in groups if len(group.asks) == 1]
    for number, group in enumerate(again[:_SHOWN]):
        _group(group, tasks, f"unmet-{number}")
    if again[_SHOWN:] or once:
        with st.expander(f"Less often ({len(again[_SHOWN:]) + len(once)})", icon=":material/more_horiz:"):
            for number, group in enumerate([*again[_SHOWN:], *once]):
                _group(group, tasks, f"once-{number}")


def _group(group: Group, tasks: list[Task], key: str) -> None:
    ids = tuple(ask.id for ask in group.asks)
    with st.container(border=True, key=key):
        st.markdown(f"**{parts.prose(_short(group.typical.text))}**")
        said = [many(len(group.asks), "ask")]
        said += [f"by {group.people} people"] if group.people > 1 else []
        said.append(f"last on {day(group.latest.date())}")
        said += [f"they say: {', '.join(group.words)}"] if group.words else []
        st.caption(parts.prose(" · ".join(said)))
        asked = next((task for task in tasks if task.open and set(ids) & set(task.asks)), None)
        with st.container(horizontal=True, vertical_alignment="center"):
            if asked:
                until = f", until {day(asked.due_on)}" if asked.due_on else ""
                words = f"Asked of {asked.owner or 'nobody yet'}{until}"
                st.markdown(f":material/task_alt: {parts.prose(words)}")
            else:
                upkeep.ask_for_story(_short(group.typical.text, 400), f"{key}-{group.typical.id}", ids)
            if len(group.asks) > 1:
                with st.popover("What they asked", type="tertiary"):
                    for ask in group.asks:
                        st.markdown(f"- {parts.prose(_short(ask.text, 400))}")


def _field(asks: list[Ask]) -> None:
    shelf = desk.shelf()
    facet = st.segmented_control(
        "Across",
        list(FACETS),
        default="change",
        format_func=NAMES.__getitem__,
        label_visibility="collapsed",
        required=True,
        key="across",
    )
    doubted = {note.story for note in agenda.records().notes.all() if note.open}
    grid = grid_of(shelf, desk.library().today, facet, asks, doubted)
    if not grid.industries:
        st.info("No story may be told yet, and nobody asked for one.", icon=":material/shelves:")
        return
    charts.heat_map(grid, shelf.vocabulary)
    for gap in grid.gaps[:_GAPS]:
        _gap(gap, facet)
    with st.expander("The same as a table", icon=":material/table:"):
        rows = [
            {"Industry": shelf.vocabulary.label("industry", industry)}
            | {charts.label(facet, v, shelf.vocabulary): len(grid.cell(industry, v).stories) for v in grid.values}
            for industry in grid.industries
        ]
        st.dataframe(rows, hide_index=True)


def _gap(gap: Cell, facet: str) -> None:
    vocabulary = desk.shelf().vocabulary
    place = f"{vocabulary.label('industry', gap.industry)}: {charts.label(facet, gap.value, vocabulary)}"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{parts.prose(place)}**  \n:small[{many(gap.asks, 'ask')}, no story]")
        upkeep.ask_for_story(place, f"gap-{facet}-{gap.industry}-{gap.value}")


def _short(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
