"""Look: one story, or one change to a story, that waits to be let onto the shelf."""

from __future__ import annotations

import streamlit as st

from library.pages import agenda, deciding, desk, parts
from library.people import seen_by
from library.review.waiting import waiting
from library.review.workflow import may_follow
from library.wording import day


def over(key: str) -> None:
    """Say what came of it, to whom that may be said."""
    proposal = kept.proposals.get(key)
    story = shelf.get(proposal.story if proposal else key)
    if not story or not (may_follow(viewer, story) or (proposal and viewer.name == proposal.person)):
        st.info("This is not here, or it is not yours to read.", icon=":material/search_off:")
        return
    if proposal and proposal.decided_at:
        said = f"{proposal.decided_by}: {proposal.state} on {day(proposal.decided_at.date())}."
        st.info(f"This waits no more. {parts.prose(said)}", icon=":material/task_alt:")
    else:
        st.info("This does not wait for review.", icon=":material/task_alt:")
    parts.story_link(story, parts.prose(seen_by(viewer, story).title))


shelf, viewer = desk.shelf(), desk.viewer()
kept = agenda.records()
asked = st.query_params.get("proposal", "") or st.query_params.get("story", "")
found = [one for one in waiting(shelf, kept.proposals.open(), kept.reviews.all()) if one.shown_to(viewer)]
chosen = next((one for one in found if one.key == asked), None)

if chosen is None or not viewer.name:
    st.title("Review", anchor=False)
st.page_link(desk.REVIEW, label="Everything that waits", icon=":material/arrow_back:")
if not viewer.name:
    st.info("Say who you are at the foot of the page.", icon=":material/person:")
elif chosen is not None:
    deciding.show(chosen)
else:
    over(asked)
