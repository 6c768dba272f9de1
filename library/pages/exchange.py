"""In and out: stories taken along as a table or a zip by anybody, and brought in by the lead."""

from __future__ import annotations

import streamlit as st

from library.pages import arrivals, desk, leaving, parts

VIEWS = {
    "out": ("Take along", ":material/download:", leaving.show),
    "in": ("Bring in", ":material/upload:", arrivals.show),
}

st.title("In and out" if desk.viewer().leads else "Take stories along", anchor=False)
view = parts.chosen_view(VIEWS, "exchange_view", kept=True) if desk.viewer().leads else "out"
VIEWS[view][2]()
