"""What keeps the shelf sound from a page: a story verified in one click, a story asked for."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import streamlit as st

from library.coverage.capture import due_day, fitting
from library.pages import agenda, desk
from library.people import Person
from library.records.entries import Act, RecordsError
from library.saving import verified
from library.shelf import ShelfError
from library.story import Story

_PATIENCE = 3.0
"""Seconds a click waits at most until the page shows what it changed."""


def may_verify(person: Person, story: Story) -> bool:
    """Whether somebody may say that a story still stands: the lead, its teller, its owner."""
    return person.leads or (bool(person.name) and person.name in {story.told_by, story.owner})


def verify(story_id: str) -> None:
    """Write into the story's file that it was checked today, and by whom."""
    person, library = desk.viewer(), desk.library()
    story = desk.shelf().get(story_id)
    if story is None or not may_verify(person, story):
        st.toast("Only the team lead, the teller or the owner of a story can say that.", icon=":material/lock:")
        return
    try:
        verified(library.settings.stories, story_id, desk.shelf().vocabulary, by=person.name, on=library.today)
    except (ShelfError, OSError) as error:
        st.toast(str(error), icon=":material/error:")
        return
    with suppress(RecordsError):
        library.records.reviews.add(person.name, story_id, Act.VERIFIED, at=library.now)
    catch_up()
    st.toast("Verified today.", icon=":material/check:")


def catch_up() -> None:
    """Let the running library read what a click wrote, before the page is shown again."""
    library = desk.library()
    if not library.ready:
        return
    library.start()
    until = time.monotonic() + _PATIENCE
    while library.outdated() and time.monotonic() < until:
        time.sleep(0.05)


def verify_button(story: Story, key: str) -> None:
    """The one click."""
    st.button(
        "Verified today",
        icon=":material/verified:",
        key=key,
        on_click=verify,
        args=(story.id,),
        help="You asked the teller or the customer, and the story still stands.",
    )


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
