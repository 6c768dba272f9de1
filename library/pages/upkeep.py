"""What keeps the shelf full from a page: a story asked for."""

from __future__ import annotations

from datetime import date

import streamlit as st

from library.coverage.capture import due_day, fitting
from library.pages import agenda, desk
from library.records.entries import RecordsError


def ask_for_story(wanted: str, key: str, asks: tuple[str, ...] = ()) -> None:
    """A form that asks somebody for a story; the words can be changed first."""
    with st.popover("Ask for a story", icon=":material/add_task:"):
        st.text_area("What should it be about?", wanted, key=f"{key}-wanted", help="No customer's name, please.")
        st.selectbox("Who brings it", agenda.team(), index=None, key=f"{key}-owner", accept_new_options=True)
        st.date_input("Until", due_day(desk.library().today), key=f"{key}-due")
        st.button("Ask", type="primary", key=f"{key}-ask", on_click=_ask, args=(key, asks))


def _ask(key: str, asks: tuple[str, ...]) -> None:
    wanted = str(st.session_state.get(f"{key}-wanted") or "").strip()
    owner = str(st.session_state.get(f"{key}-owner") or "").strip()
    due: date | None = st.session_state.get(f"{key}-due")
    person, library = desk.viewer(), desk.library()
    if not person.leads:
        return
    if not wanted:
        st.toast("Say what the story should be about.", icon=":material/edit:")
        return
    fitted = fitting(library.state.search, wanted, library.today) if library.ready else ()
    try:
        library.records.tasks.add(
            person.name, wanted, at=library.now, owner=owner, due_on=due, asks=asks, fitted=fitted
        )
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.toast(f"{owner or 'Nobody yet'} is asked for it.", icon=":material/check:")
