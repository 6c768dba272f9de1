"""The desk every page works at: the running library, who is here, and the way from page to page."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from library.library import Library, State
from library.people import Person, Role, may_see_name
from library.records.entries import RecordsError
from library.settings import Settings, wrong_settings
from library.shelf import Shelf, ShelfError
from library.vocabulary import VocabularyError

if TYPE_CHECKING:
    from library.records.records import Records
    from library.story import Story

ASK, BROWSE, STORY = "library/pages/ask.py", "library/pages/browse.py", "library/pages/story.py"
MEETING, RUN, HISTORY = "library/pages/meeting.py", "library/pages/run.py", "library/pages/history.py"
SHELF, TASKS, TEAM = "library/pages/shelf.py", "library/pages/tasks.py", "library/pages/team.py"
LEARN, PRACTISE, QUIZ = "library/pages/learn.py", "library/pages/practise.py", "library/pages/quiz.py"
TELL = "library/pages/tell.py"
REVIEW, LOOK, CHANGE = "library/pages/review.py", "library/pages/look.py", "library/pages/change.py"
INDUSTRY, WORDS = "library/pages/industry.py", "library/pages/words.py"
BRIEF = "library/pages/brief.py"
PIPELINE = "library/pages/pipeline.py"
EXCHANGE, CREDIT = "library/pages/exchange.py", "library/pages/credit.py"
ICON = Path(__file__).with_name("icon.svg")
"""Ours: Streamlit fetches its own icons for the browser's tab from far away."""
HEAD_START = 1.5
"""Seconds the first page has for itself before the model is loaded; a page that needs it does not wait so long."""


def library() -> Library:
    """The one library of this server, beginning to read when somebody comes and has their first page."""
    try:
        return _running()
    except ValidationError as error:
        st.error(wrong_settings(error), icon=":material/settings_alert:")
        st.stop()


@st.cache_resource(show_spinner=False)
def _running() -> Library:
    running = Library(Settings())
    later = threading.Timer(HEAD_START, running.start)  # loading the model would halve the first page's speed
    later.daemon = True
    later.start()
    return running


def shelf() -> Shelf:
    """The stories, at once, also while the model is still loading."""
    running = library()
    early = not running.ready
    try:
        there = running.shelf
    except (ShelfError, VocabularyError) as error:
        st.error(str(error), icon=":material/folder_off:")
        st.stop()
    if early and not st.session_state.get("shelf_seen"):  # what changes from here on is news to this page
        st.session_state.shelf_seen = there.fingerprint
    return there


def on_shelf() -> list[Story]:
    """What whoever is here may read, each story as they may see it."""
    person, there = viewer(), shelf()
    return [
        story if may_see_name(person, story) else there.without_names(story.id)
        for story in there.browsable(library().today)
    ]


def state() -> State:
    """The library with its search; shows how far it is while it is not ready."""
    running = library()
    if not running.ready:
        if not running.starting:  # also after a failure: what was missing may be there by now
            running.start()
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
            bar.progress(done / total, text=f"Reading the stories: {done} of {total} parts")
        time.sleep(0.2)
    bar.empty()


def watch() -> None:
    """Bring what changes in the folder of stories to the page that is open.

    The page about to be drawn shows the shelf as it is now. To rerun for that would draw it twice after each click that
    wrote something, and Streamlit drops what such a click had said (a toast) when a new run begins before it is sent.
    """
    running = library()
    st.session_state.shelf_seen = running.shelf.fingerprint if running.ready else None
    _look_again()


@st.fragment(run_every=3)
def _look_again() -> None:
    running = library()
    if running.ready and running.seems_outdated():
        running.start()
    if not running.ready:
        return
    seen, now = st.session_state.get("shelf_seen"), running.shelf.fingerprint
    if seen is None:
        st.session_state.shelf_seen = now
    elif seen != now:  # Streamlit may lose this run; then the page is still the old one at the next look
        st.rerun()


def records() -> Records | None:
    """What people did with the stories; None, said in a sentence, while that cannot be kept."""
    try:
        return library().records
    except RecordsError as error:
        st.warning(f"Nothing is recorded now. {error}", icon=":material/history_off:")
        return None


def viewer() -> Person:
    """Who is here: in local use somebody picks their own name; the settings, or the team's lead, say who leads."""
    name = str(st.session_state.get("person_name") or "").strip()
    role = Role.LEAD if name and _leads(name) else Role.REP
    return Person(name, role, named_verifier=name in library().settings.verifier_names)


def _leads(name: str) -> bool:
    """Whether somebody leads, and the first time they come, a note that they are of the team."""
    if name in library().settings.lead_names:
        return True
    try:
        kept = library().records
        if st.session_state.get("enrolled") != name:
            kept.enrol(name)
            st.session_state.enrolled = name
        return any(member.leads for member in kept.members if member.name == name)
    except RecordsError:
        return False
