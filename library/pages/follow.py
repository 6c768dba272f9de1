"""The shelf as a feed, to download: for the foot of a page."""

from __future__ import annotations

import streamlit as st

from library.pages import desk
from library.sharing.feed import feed


def download() -> None:
    """The Atom feed of the stories that may be told, in safe wording, made when somebody clicks."""
    shelf, library = desk.shelf(), desk.library()
    today, address = library.today, library.settings.address
    st.download_button(
        "Feed of the shelf (Atom)",
        lambda: feed(shelf, today, address if address.startswith(("http://", "https://")) else ""),
        "stories.xml",
        "application/atom+xml",
        icon=":material/rss_feed:",
        help="The stories that may be told, in safe wording, for those who follow the shelf.",
        key="feed",
    )
