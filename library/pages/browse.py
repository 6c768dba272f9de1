"""Browse: the shelf by industry, with filters that count."""

from __future__ import annotations

import streamlit as st

from library.pages import desk, parts
from library.people import display_name, seen_by
from library.story import Story

FILTERS = {"change": "What changed", "roles": "Role", "size": "Size", "region": "Region"}
KINDS = {"change": "change", "roles": "role", "region": "region", "industry": "industry"}


def label(facet: str, value: str) -> str:
    """A value as it is shown."""
    return shelf.vocabulary.label(KINDS[facet], value) if facet in KINDS else f"{value.replace('-', '–')} people"


def choice(facet: str, name: str) -> None:
    """A filter whose numbers say how many stories each value brings, the other filters left as they are."""
    counts = shelf.counts(shelf.matching(on_shelf, {**chosen, facet: []}), facet)
    options = sorted({*counts, *chosen[facet]}, key=lambda value: (-counts[value], label(facet, value)))
    st.multiselect(
        name,
        options,
        format_func=lambda value: f"{label(facet, value)} ({counts[value]})",
        key=facet,
        placeholder="Any",
    )


def wanted(facet: str) -> list[str]:
    """The values chosen for a facet: by the widget, or on the first look by the link that led here."""
    if facet not in st.session_state:
        linked = [value for value in st.query_params.get_all(facet) if value in shelf.counts(on_shelf, facet)]
        st.session_state[facet] = linked if facet in FILTERS else next(iter(linked), None)
    value = st.session_state[facet]
    return list(value) if facet in FILTERS else [value] if value else []


def row(story: Story) -> None:
    """One story in the list."""
    with st.container(border=True):
        with st.container(horizontal=True, gap="small"):
            if story.change:
                st.badge(label("change", story.change), color="blue")
            parts.for_us_only(story)
            if story.stale(today):
                st.badge("Due for a check", color="gray", icon=":material/history:")
        parts.story_link(story, f"**{parts.prose(story.title)}**")
        st.caption(f"{parts.prose(display_name(story))} · {parts.facts_line(story, shelf.vocabulary)}")


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
on_shelf = [seen_by(viewer, story) for story in shelf.browsable(today)]

st.title("Browse the shelf")
if not on_shelf:
    st.info(
        "The shelf is empty. Put stories into its folder, one Markdown file each.",
        icon=":material/shelves:",
    )
    st.stop()

chosen = {facet: wanted(facet) for facet in ("industry", *FILTERS)}
industries = shelf.counts(shelf.matching(on_shelf, {**chosen, "industry": []}), "industry")
st.pills(
    "Industry",
    sorted({*industries, *chosen["industry"]}, key=lambda value: label("industry", value)),
    format_func=lambda value: f"{label('industry', value)} ({industries[value]})",
    key="industry",
)
with st.expander("Filter", icon=":material/filter_list:", expanded=any(chosen[facet] for facet in FILTERS)):
    for facet, name in FILTERS.items():
        choice(facet, name)

st.query_params.from_dict({facet: values for facet, values in chosen.items() if values})
found = shelf.matching(on_shelf, chosen)
st.caption(f"{len(found)} {'story' if len(found) == 1 else 'stories'}")
if not found:
    st.info("No story carries all of these. Take a filter away.", icon=":material/filter_list_off:")
for story in sorted(found, key=lambda s: (s.industry, s.title)):
    row(story)
