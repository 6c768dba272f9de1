"""A story's life as it is read: who did what, and when, in their words."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from library.pages import desk, parts
from library.people import words_seen
from library.records.entries import Act, Review
from library.story import Story
from library.wording import day

_DID = {
    Act.VERIFIED: ("verified", "verified it"),
    Act.SENT: ("send", "sent it to review"),
    Act.PUBLISHED: ("publish", "published it"),
    Act.SENT_BACK: ("undo", "sent it back"),
    Act.WITHDRAWN: ("cancel", "took it back"),
    Act.RETIRED: ("archive", "retired it"),
    Act.BROUGHT_BACK: ("unarchive", "brought it back"),
    Act.EXTENDED: ("event_repeat", "let it be told longer"),
    Act.PROPOSED: ("edit", "sent a change"),
    Act.CHANGED: ("published_with_changes", "published the change"),
    Act.REFUSED: ("block", "kept it as it is"),
}
_ABOUT_A_CHANGE = {Act.SENT_BACK: "sent the change back", Act.WITHDRAWN: "took the change back"}


def show(steps: Iterable[Review], *forms: Story) -> None:
    """The steps, the newest first; the forms are those whose names may stand in somebody's words."""
    for step in reversed(list(steps)):
        icon, did = _DID[step.act]
        did = _ABOUT_A_CHANGE.get(step.act, did) if step.proposal else did
        said = words_seen(desk.viewer(), step.words, *forms)
        words = f"  \n{parts.prose(said)}" if said else ""
        st.markdown(
            f":material/{icon}: **{parts.prose(step.person)}** {did} :small[:gray[{day(step.at.date())}]]{words}"
        )
