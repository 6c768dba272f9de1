"""Why They Bought: who is here, which pages there are, run."""

from __future__ import annotations

import streamlit as st

from library.pages import desk, parts

st.set_page_config(page_title="Why They Bought", page_icon=str(desk.ICON), layout="centered")

page = st.navigation(
    [
        st.Page(
            desk.ASK,
            title="Ask",
            icon=":material/forum:",
            default=True,
            help="Describe a prospect in your own words; get the customer stories that fit and what to ask.",
        ),
        st.Page(
            desk.BROWSE,
            title="Browse",
            icon=":material/shelves:",
            help="The whole shelf by industry, with filters for what changed, role, size and region.",
        ),
        st.Page(
            desk.MEETING,
            title="Meeting",
            icon=":material/event:",
            help="The stories of the weekly meeting: proposed with reasons, changed by the team lead.",
        ),
        st.Page(
            desk.RUN,
            title="Run the meeting",
            visibility="hidden",
            help="The meeting itself, one story at a time.",
        ),
        st.Page(
            desk.HISTORY,
            title="Earlier meetings",
            visibility="hidden",
            help="Earlier meetings, and what came of them.",
        ),
        st.Page(
            desk.STORY,
            title="Story",
            url_path="story",
            visibility="hidden",
            help="One story: the telling, what may be said of it, its facts, and stories like it.",
        ),
    ],
    position="top",
)

page.run()
parts.sign_in()
desk.watch()
