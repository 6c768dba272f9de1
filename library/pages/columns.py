"""What the columns of a table are taken for: guessed, as last time, or as the lead says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from library.exchange.columns import meanings_of
from library.exchange.mapping import MEANINGS, chosen_again, table_key
from library.pages import desk, parts
from library.records.entries import RecordsError

if TYPE_CHECKING:
    from library.exchange.tables import Table

_SAMPLE = 60


def remembered(names: Sequence[str]) -> dict[str, str]:
    """What was chosen when such a table last came in; empty where none did, or the records are out of reach."""
    with suppress(RecordsError):
        return chosen_again(names, desk.library().records.mappings.get(table_key(names)))
    return {}


def remember(chosen: Mapping[str, str], person: str) -> None:
    """Keep what was chosen for the next table like it; raises RecordsError."""
    library = desk.library()
    library.records.mappings.keep(table_key(chosen), chosen, person, at=library.now)


def choose(table: Table, before: Mapping[str, str], key: str) -> dict[str, str]:
    """What each column is taken for, to be changed one by one."""
    names = [str(name) for name in table.columns]
    proposed = {**meanings_of(names, {}), **before}
    unknown = sum(not meaning for meaning in proposed.values())
    with st.expander(
        f"What the columns are ({len(names)})", icon=":material/view_column:", expanded=bool(unknown) and not before
    ):
        if before:
            st.caption(":material/history: As you said for a table like this before.")
        return {name: _one(name, place, table, proposed[name], key) for place, name in enumerate(names)}


def _one(name: str, place: int, table: Table, proposed: str, key: str) -> str:
    """A column with a cell of it, and what it is taken for."""
    said, taken = st.columns([1, 1], vertical_alignment="center")
    sample = next((cell for cell in table.iloc[:20, place] if str(cell).strip()), "")
    line = " ".join(str(sample).split())
    line = line if len(line) <= _SAMPLE else f"{line[: _SAMPLE - 1]}…"
    said.markdown(f"**{parts.prose(name)}**  \n:small[{parts.prose(line)}]")
    options = list(MEANINGS)
    return taken.selectbox(
        f"{name} is",
        options,
        index=options.index(proposed),
        format_func=MEANINGS.__getitem__,
        label_visibility="collapsed",
        key=f"{key}-column-{place}",
        persist_state="session",
    )
