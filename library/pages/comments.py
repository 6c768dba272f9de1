"""What people say of a story, or of a change to it, while it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from library.pages import desk, parts
from library.people import words_seen
from library.records.entries import RecordsError
from library.records.proposed import Comment
from library.review.waiting import Waiting
from library.story import Story
from library.wording import day


def show(one: Waiting, forms: Sequence[Story]) -> None:
    """The open ones, a box for another, and the settled ones out of the way."""
    try:
        said = desk.library().records.comments.all(one.story.id, one.proposal.id if one.proposal else "")
    except RecordsError as error:
        st.warning(str(error), icon=":material/history_off:")
        return
    waiting, settled = [c for c in said if c.open], [c for c in said if not c.open]
    st.subheader(f"Comments ({len(waiting)})" if waiting else "Comments", anchor=False)
    for comment in waiting:
        with st.container(border=True):
            _said(comment, forms)
            st.button(
                "Mark as settled",
                icon=":material/check:",
                key=f"settle-{comment.id}",
                type="tertiary",
                on_click=_settle,
                args=(one, comment.id),
            )
    box = f"comment-{one.key}"
    st.text_area(
        "Say something about it",
        key=box,
        height=80,
        placeholder="Which day was that? Who heard it?",
        persist_state="session",
    )
    st.button("Add the comment", icon=":material/add_comment:", key=f"add-{one.key}", on_click=_add, args=(one, box))
    if settled:
        with st.expander(f"{len(settled)} settled"):
            for comment in settled:
                _said(comment, forms)


def _said(comment: Comment, forms: Sequence[Story]) -> None:
    words = words_seen(desk.viewer(), comment.words, *forms)
    settled = f" · settled by {comment.settled_by}" if comment.settled_by else ""
    by = parts.prose(f"{comment.person} · {day(comment.at.date())}{settled}")
    st.markdown(f"{parts.prose(words)}  \n:small[:gray[{by}]]")


def _add(one: Waiting, box: str) -> None:
    words, person, library = str(st.session_state.get(box) or "").strip(), desk.viewer(), desk.library()
    if not words:
        st.toast("Write something first.", icon=":material/edit:")
        return
    if not one.shown_to(person):
        st.toast("This is not yours to comment on.", icon=":material/lock:")
        return
    about = one.proposal.id if one.proposal else ""
    try:
        library.records.comments.add(person.name, one.story.id, words, at=library.now, proposal=about)
    except RecordsError as error:
        st.toast(parts.prose(str(error)), icon=":material/error:")
        return
    st.session_state[box] = ""


def _settle(one: Waiting, comment_id: str) -> None:
    person, library = desk.viewer(), desk.library()
    if not one.shown_to(person):
        return
    try:
        if not library.records.comments.settle(comment_id, person.name, at=library.now):
            st.toast("Somebody settled it already.", icon=":material/check:")
    except RecordsError as error:
        st.toast(parts.prose(str(error)), icon=":material/error:")
