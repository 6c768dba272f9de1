"""Change: other words for a published story, sent to review while the story stays as it is."""

from __future__ import annotations

import streamlit as st

from library.pages import changing, desk, parts, steps
from library.records.entries import RecordsError
from library.review.merging import read_story
from library.review.workflow import may_change
from library.shelf import ShelfError
from library.story import Status

story_id = st.query_params.get("story", "")
story = desk.shelf().get(story_id)
sent = st.session_state.get(f"change-sent-{story_id}")

st.title("Suggest a change", anchor=False)
if story is None or story.status is not Status.PUBLISHED or not may_change(desk.viewer(), story):
    st.info("The teller, the owner or the team lead may change a published story.", icon=":material/lock:")
    st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
    st.stop()
if sent:
    st.success("Sent to review. The story stays as it is until somebody publishes the change.")
    label, way = "See what was sent", {"proposal": sent}
    st.page_link(desk.LOOK, label=label, icon=":material/rate_review:", query_params=way)
    parts.story_link(story, "Back to the story")
    st.button("Change something else", on_click=lambda: st.session_state.pop(f"change-sent-{story_id}", None))
    st.stop()
base = f"change-base-{story_id}"
try:
    # The text the change begins from stays the same while somebody types, whatever happens to the file.
    if base not in st.session_state:
        st.session_state[base] = steps.reviewer().text(story_id)
    text = str(st.session_state[base])
    began = read_story(story_id, text, "the file", desk.shelf().vocabulary)
except (ShelfError, RecordsError) as error:
    st.error(parts.prose(str(error)), icon=":material/error:")
    st.stop()
st.caption("The story stays as it is until somebody has looked at the change and published it.")
changing.form(began, story_id)
st.page_link(desk.TELL, label="Change its facts too", icon=":material/edit_note:", query_params={"story": story_id})
st.button("Send to review", type="primary", on_click=changing.propose, args=(story_id, text))
