"""Industry: one industry at a glance: what changes there, what hurts, who buys, which words they use, the stories."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from library.pages import desk, parts
from library.patterns import patterns, telling_words
from library.story import Beat, Story
from library.wording import many

_HURTS = 8


def change(value: str, stories: list[Story], words: tuple[str, ...]) -> None:
    """One change, the stories behind it, and how many tell of it in other industries."""
    name = shelf.vocabulary.label("change", value) if value else "Something else"
    again = f": {many(len(stories), 'story', 'stories')}" if len(stories) > 1 else ""
    shared = f". Words they share: {', '.join(words)}" if words else ""
    st.markdown(f"**{parts.prose(name)}**{again}{parts.prose(shared)}")
    for story in stories:
        parts.story_link(story, parts.prose(story.title))
        parts.for_us_only(story)
    everywhere = sum(story.change == value for story in everything)
    if value and everywhere > len(stories):
        st.page_link(
            desk.BROWSE,
            label=f":small[The same change in any industry: {many(everywhere, 'story', 'stories')}]",
            icon=":material/lightbulb:",
            query_params={"change": value},
        )


def hurt(story: Story) -> None:
    """What it cost, in a sentence."""
    if whole := parts.telling_sentence(story.beat(Beat.PAIN)):
        st.markdown(f"> {parts.prose(whole)}  \n> :small[{parts.whose(story)}]")


def buyers() -> str:
    """The roles that the stories speak to, the commonest first."""
    roles = Counter(role for story in here for role in story.roles)
    return ", ".join(
        f"{shelf.vocabulary.label('role', role)}{f' ({count})' if count > 1 else ''}"
        for role, count in roles.most_common(8)
    )


shelf, today = desk.shelf(), desk.library().today
industry = st.query_params.get("industry", "")
everything = desk.on_shelf()
here = [story for story in everything if story.industry == industry and industry]
st.title(parts.prose(shelf.vocabulary.label("industry", industry)) if here else "No such industry here", anchor=False)
if not here:
    st.info("No story of this industry may be read here.", icon=":material/search_off:")
else:
    st.caption(many(len(here), "story", "stories"))
    again = {pattern.change: pattern for pattern in patterns(here, everything, shelf.vocabulary)}
    others = {story.change: () for story in here if story.change not in again}
    st.subheader("What changes there", anchor=False)
    for value, words in [*((value, pattern.words) for value, pattern in again.items()), *others.items()]:
        change(value, [story for story in here if story.change == value], words)
    st.subheader("What hurts", anchor=False)
    for story in here[:_HURTS]:
        hurt(story)
    if roles := buyers():
        st.subheader("Who buys", anchor=False)
        st.markdown(parts.prose(roles))
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
