"""In and out: stories taken along as a table or a zip by anybody, and brought in by the lead."""

from __future__ import annotations

import streamlit as st

from library.pages import arrivals, desk, leaving

VIEWS = {
    "out": ("Take along", ":material/download:", leaving.show),
    "in": ("Bring in", ":material/upload:", arrivals.show),
}

st.title("In and out" if desk.viewer().leads else "Take stories along", anchor=False)
view = "out"
if desk.viewer().leads:
    if "exchange_view" not in st.session_state:
        linked = st.query_params.get("view", "")
        st.session_state.exchange_view = linked if linked in VIEWS else "out"
    view = (
        st.segmented_control(
            "View",
            list(VIEWS),
            format_func=lambda name: f"{VIEWS[name][1]} {VIEWS[name][0]}",
            label_visibility="collapsed",
            required=True,
            key="exchange_view",
            persist_state="session",
        )
        or "out"
    )
    st.query_params["view"] = view
VIEWS[view][2]()
