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


def choice(facet: str, name: str, stories: list[Story]) -> list[str]:
    """A filter whose numbers say how many stories a click shows."""
    counts = shelf.counts(stories, facet)
    options = sorted(counts, key=lambda value: (-counts[value], label(facet, value)))
    chosen = st.multiselect(
        name,
        options,
        format_func=lambda value: f"{label(facet, value)} ({counts[value]})",
        key=facet,
        placeholder="Any",
        bind="query-params",
    )
    return list(chosen)


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

industries = shelf.counts(on_shelf, "industry")
industry = st.pills(
    "Industry",
    sorted(industries, key=lambda value: label("industry", value)),
    format_func=lambda value: f"{label('industry', value)} ({industries[value]})",
    key="industry",
    bind="query-params",
)
in_industry = shelf.matching(on_shelf, {"industry": [industry] if industry else []})

chosen: dict[str, list[str]] = {}
with st.expander("Filter", icon=":material/filter_list:", expanded=any(st.session_state.get(f) for f in FILTERS)):
    for facet, name in FILTERS.items():
        others = {other: values for other, values in chosen.items() if other != facet}
        chosen[facet] = choice(facet, name, shelf.matching(in_industry, others))

found = shelf.matching(in_industry, chosen)
st.caption(f"{len(found)} {'story' if len(found) == 1 else 'stories'}")
if not found:
    st.info("No story carries all of these. Take a filter away.", icon=":material/filter_list_off:")
for story in sorted(found, key=lambda s: (s.industry, s.title)):
    row(story)
