"""The desk every page works at: the running library, who is here, and the way from page to page."""

from __future__ import annotations

import time

import streamlit as st

from library.library import Library, State
from library.people import Person, Role
from library.settings import Settings
from library.shelf import Shelf, ShelfError
from library.vocabulary import VocabularyError

ASK, BROWSE, STORY = "library/pages/ask.py", "library/pages/browse.py", "library/pages/story.py"


@st.cache_resource(show_spinner=False)
def library() -> Library:
    """The one library of this server, beginning to read as soon as somebody comes."""
    running = Library(Settings())
    running.start()
    return running


def shelf() -> Shelf:
    """The stories, at once, also while the model is still loading."""
    try:
        return library().shelf
    except (ShelfError, VocabularyError) as error:
        st.error(str(error), icon=":material/folder_off:")
        st.stop()


def state() -> State:
    """The library with its search; shows how far it is while it is not ready."""
    running = library()
    if not running.ready and not running.starting and not running.trouble:
        running.start()
    if not running.ready:
        _wait_for(running)
    if running.trouble and not running.ready:
        st.error(running.trouble, icon=":material/error:")
        st.stop()
    return running.state


def _wait_for(running: Library) -> None:
    bar = st.progress(0.0, text="Getting the library ready")
    while running.starting and not running.ready:
        done, total = running.progress
        if total:
            bar.progress(done / total, text=f"Reading the stories: {done} of {total} passages")
        time.sleep(0.2)
    bar.empty()


@st.fragment(run_every="3s")
def watch() -> None:
    """Bring what changed in the folder of stories to the page that is open."""
    running = library()
    seen = st.session_state.get("shelf_seen")
    if running.ready and running.outdated():
        running.start()
    now = running.shelf.fingerprint if running.ready else None
    st.session_state.shelf_seen = now
    if seen and now and seen != now:
        st.rerun()


def viewer() -> Person:
    """Who is here: in local use somebody picks their own name, and the settings say who leads."""
    name = str(st.session_state.get("person_name") or "").strip()
    return Person(name, Role.LEAD if name and name in library().settings.lead_names else Role.REP)


def sign_in() -> None:
    """Let somebody say who they are."""
    person = viewer()
    known = sorted({s.told_by for s in shelf() if s.told_by} | library().settings.lead_names)
    label = f"{person.name}{', team lead' if person.leads else ''}" if person.name else "Your name"
    with st.popover(label, icon=":material/person:", type="tertiary"):
        st.selectbox(
            "Your name",
            known,
            index=None,
            key="person_name",
            accept_new_options=True,
            placeholder="Pick or type your name",
            persist_state="session",
            help="Your own stories show you the customer's name. Team leads are named in the settings.",
        )
