"""Shelf: what it lacks, what needs care, and the team's week; for the lead."""

from __future__ import annotations

import streamlit as st

from library.pages import care, desk, follow, gaps, week

VIEWS = {
    "gaps": ("Gaps", ":material/grid_view:", gaps.show),
    "care": ("Care", ":material/healing:", care.show),
    "week": ("Week", ":material/monitoring:", week.show),
}

st.title("How the shelf stands", anchor=False)
if not desk.viewer().leads:
    st.info("This page is for the team lead.", icon=":material/person:")
    st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
    st.stop()

if "view" not in st.session_state:
    linked = st.query_params.get("view", "")
    st.session_state.view = linked if linked in VIEWS else "gaps"
view = (
    st.segmented_control(
        "View",
        list(VIEWS),
        format_func=lambda name: f"{VIEWS[name][1]} {VIEWS[name][0]}",
        label_visibility="collapsed",
        required=True,
        key="view",
    )
    or "gaps"
)
st.query_params["view"] = view
VIEWS[view][2]()
follow.download()
