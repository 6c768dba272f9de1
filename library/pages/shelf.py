"""Shelf: what it lacks, what needs care, and the team's week; for the lead."""

from __future__ import annotations

import streamlit as st

from library.pages import care, desk, follow, gaps, parts, week

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

VIEWS[parts.chosen_view(VIEWS, "view")][2]()
follow.download()
