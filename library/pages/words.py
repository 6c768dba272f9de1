"""Words: why customers decided, what nearly happened and what surprised us, in their own words, by industry."""

from __future__ import annotations

import streamlit as st

from library.keywords import terms
from library.pages import desk, parts
from library.sharing.rights import May, Right, permission
from library.story import Story
from library.wording import many

KINDS = {"quote": "Why they decided", "near_miss": "What nearly happened", "surprise": "What surprised us"}

QUOTING = {May.ASK_FIRST: "Ask them before you quote it", May.NO: "Not to be quoted"}


def said(story: Story, kind: str) -> str:
    """What a story has of one kind."""
    return str(getattr(story, kind))


def card(story: Story, kind: str) -> None:
    """One saying, and whose it is."""
    words = said(story, kind)
    with st.container(border=True):
        parts.for_us_only(story)
        st.markdown(f"“{parts.prose(words)}”" if kind == "quote" else parts.prose(words))
        may = permission(story, Right.QUOTE, today).may
        if kind == "quote" and may in QUOTING:
            st.caption(f":material/lock: {QUOTING[may]}")
        parts.story_link(story, f":small[{parts.whose(story)}]")


shelf, today = desk.shelf(), desk.library().today
stories = desk.on_shelf()
st.title("In their words", anchor=False)
kind = st.radio("Kind", list(KINDS), format_func=KINDS.__getitem__, horizontal=True, label_visibility="collapsed")
with_words = [story for story in stories if said(story, kind)]
industries = sorted({s.industry for s in stories}, key=lambda value: shelf.vocabulary.label("industry", value))
with st.container(horizontal=True, vertical_alignment="bottom"):
    words = st.text_input("Search within", placeholder="A word they use")
    industry = st.selectbox(
        "Industry",
        industries,
        index=None,
        format_func=lambda value: shelf.vocabulary.label("industry", value),
        placeholder="Any",
        width=240,
    )
found = [
    story
    for story in with_words
    if (not industry or story.industry == industry)
    and set(terms(words)) <= set(terms(f"{said(story, kind)} {story.title}"))
]
st.caption(many(len(found), "saying"))
if not found:
    st.info("Nobody said it in these words. Take one away.", icon=":material/search_off:")
for story in sorted(found, key=lambda s: (s.industry, s.title)):
    card(story, kind)
