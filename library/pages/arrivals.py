"""Bring in, a view of In and out: a table or a zip looked at before anything of it is written; for the lead."""

from __future__ import annotations

import hashlib
import io

import streamlit as st

from library.exchange.columns import ExchangeError
from library.pages import columns, from_table, from_zip, hand, parts
from library.shelf import ShelfError
from library.vocabulary import VocabularyError


def show() -> None:
    """The file in hand, or a place to put one."""
    mine: hand.InHand | None = st.session_state.get("in_hand")
    if mine is None:
        _pick()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{parts.prose(mine.name)}**", width="content")
        st.button("Another file", icon=":material/close:", type="tertiary", on_click=_let_go)
    place = st.empty()
    try:
        if mine.outcome is None:
            with place.container():
                if mine.bundle is not None:
                    from_zip.show(mine, mine.bundle)
                elif mine.table is not None:
                    from_table.show(mine, mine.table)
        if mine.outcome is not None:
            place.empty()  # where the lead has just said yes, what came in takes the place of what was to come
            hand.show_outcome(mine.outcome, mine.shelf())
    except (ExchangeError, ShelfError, VocabularyError, OSError) as error:
        st.error(parts.prose(str(error)), icon=":material/error:")


def _pick() -> None:
    file = st.file_uploader(
        "A table of case studies (Excel, CSV, JSON lines), or a zip of a shelf",
        key="bring-in",
        on_change=_take,
        help="Nothing is written before you have looked at it and said so.",
    )
    if file is not None and (refused := st.session_state.get("in_hand_refused")):
        st.error(parts.prose(refused), icon=":material/error:")
        return
    st.caption("Each row of a table becomes a story. Columns are known by their usual names; you can say otherwise.")


def _take() -> None:
    """Read the file the lead brought, before the page is drawn."""
    st.session_state.pop("in_hand_refused", None)
    file = st.session_state.get("bring-in")
    if file is None:
        return
    try:
        with st.spinner("Reading the file"):
            st.session_state.in_hand = _read(file.name, file.getvalue())
    except ExchangeError as error:
        st.session_state.in_hand_refused = str(error)


def _let_go() -> None:
    st.session_state.pop("in_hand", None)


def _read(name: str, content: bytes) -> hand.InHand:
    from library.exchange.bundle import read_bundle  # noqa: PLC0415 - pandas takes a second
    from library.exchange.tables import table_of  # noqa: PLC0415

    key = hashlib.sha256(content).hexdigest()[:10]
    if not content.strip():
        raise ExchangeError(f"{name}: found an empty file; bring a table with a row for each story, or a zip.")
    if name.lower().endswith(".zip"):
        return hand.InHand(name, key, bundle=read_bundle(io.BytesIO(content), name))
    table = table_of(name, content)
    return hand.InHand(name, key, table=table, remembered=columns.remembered([str(column) for column in table.columns]))
