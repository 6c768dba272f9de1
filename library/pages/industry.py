"""Industry: one industry at a glance: what changes there, what hurts, who buys, which words they use, the stories."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from library.pages import desk, parts
from library.patterns import Pattern, patterns, telling_words
from library.people import display_name, seen_by
from library.story import Beat, Story, sentences
from library.wording import many

_HURTS = 5


def recurring(pattern: Pattern) -> None:
    """A change that several stories share, with the stories behind it."""
    name = shelf.vocabulary.label("change", pattern.change)
    shared = f" They say: {', '.join(pattern.words)}." if pattern.words else ""
    st.markdown(f"**{parts.prose(name)}** in {many(len(pattern.stories), 'story', 'stories')}.{parts.prose(shared)}")
    for story in here:
        if story.id in pattern.stories:
            parts.story_link(story, parts.prose(story.title))


def hurt(story: Story) -> None:
    """The sentence of a story that says what it cost."""
    said = sentences(story.beat(Beat.PAIN))
    if said:
        st.markdown(f"> {parts.prose(said[0])}  \n> :small[{parts.prose(display_name(story))}]")


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
industry = st.query_params.get("industry", "")
everything = [seen_by(viewer, story) for story in shelf.browsable(today)]
here = [story for story in everything if story.industry == industry and industry]
st.title(parts.prose(shelf.vocabulary.label("industry", industry)) if here else "No such industry here", anchor=False)
if not here:
    st.info("No story of this industry may be read here.", icon=":material/search_off:")
else:
    st.caption(many(len(here), "story", "stories"))
    again = patterns(here, everything, shelf.vocabulary)
    shared = {story for pattern in again for story in pattern.stories}
    st.subheader("What changes there", anchor=False)
    for pattern in again:
        recurring(pattern)
    for story in here:
        if story.id not in shared:
            name = shelf.vocabulary.label("change", story.change) if story.change else "Something else"
            st.markdown(f"**{parts.prose(name)}**")
            parts.story_link(story, parts.prose(story.title))
    st.subheader("What hurts", anchor=False)
    for story in here[:_HURTS]:
        hurt(story)
    st.subheader("Who buys", anchor=False)
    buyers = Counter(role for story in here for role in story.roles)
    for role, count in buyers.most_common(6):
        st.markdown(f"{parts.prose(shelf.vocabulary.label('role', role))}: {many(count, 'story', 'stories')}")
    if spoken := telling_words(here, everything):
        st.subheader("Words they use", anchor=False)
        st.markdown(parts.prose(", ".join(spoken)))
    st.page_link(
        desk.LEARN,
        label="Begin with the stories of this industry",
        icon=":material/school:",
        query_params={"industry": industry},
    )
st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
