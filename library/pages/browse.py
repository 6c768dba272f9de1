"""Browse: the shelf by industry, with filters that count."""

from __future__ import annotations

from datetime import date

import streamlit as st

from library.keywords import terms
from library.pages import desk, parts
from library.pages import telling as after
from library.people import display_name
from library.story import Story

FILTERS = {
    "change": "What changed",
    "roles": "Role",
    "size": "Size",
    "region": "Region",
    "products": "Product",
    "alternatives": "What else they could have done",
}
KINDS = {"change": "change", "roles": "role", "region": "region", "industry": "industry", "products": "product"}
ORDERS = {"": "By industry", "told": "Told most", "newest": "Newest", "verified": "Recently verified"}


def label(facet: str, value: str) -> str:
    """A value as it is shown."""
    if facet in KINDS:
        return shelf.vocabulary.label(KINDS[facet], value)
    return f"{value.replace('-', '–')} people" if facet == "size" else value


def choice(facet: str, name: str) -> None:
    """A filter whose numbers say how many stories each value brings, the words and other filters left as they are."""
    counts = shelf.counts(shelf.matching(within, {**chosen, facet: []}), facet)
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


def holds(story: Story, words: str) -> bool:
    """Whether a story holds every word searched for, by its stem."""
    safe = (story.title, *story.tags, display_name(story), *story.alternatives, story.telling, story.notes)
    return set(terms(words)) <= set(terms(" ".join(safe)))


def with_words(stories: list[Story], words: str) -> list[Story]:
    """Those that hold every word, looked for once: a filter changed beside the words reads no story again."""
    asked = words, shelf.fingerprint, viewer, today
    if "browse_held" not in st.session_state or st.session_state.browse_held[0] != asked:
        st.session_state.browse_held = asked, {story.id for story in stories if holds(story, words)}
    return [story for story in stories if story.id in st.session_state.browse_held[1]]


def ordered(stories: list[Story], order: str) -> list[Story]:
    """The stories in the order asked for; among equals by industry and title."""
    stories = sorted(stories, key=lambda s: (s.industry, s.title))
    if order == "told":
        told = after.told_counts()
        return sorted(stories, key=lambda s: -told[s.id])
    if order in {"newest", "verified"}:
        field = "heard_on" if order == "newest" else "verified_on"
        return sorted(stories, key=lambda s: getattr(s, field) or date.min, reverse=True)
    return stories


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
on_shelf = desk.on_shelf()

st.title("Browse the shelf")
if not on_shelf:
    st.info(
        "The shelf is empty. Put stories into its folder, one Markdown file each.",
        icon=":material/shelves:",
    )
    st.stop()

if "q" not in st.session_state:
    st.session_state.q = st.query_params.get("q", "")
words = st.session_state.q.strip()
within = with_words(on_shelf, words) if words else on_shelf
chosen = {facet: wanted(facet) for facet in ("industry", *FILTERS)}
industries = shelf.counts(shelf.matching(within, {**chosen, "industry": []}), "industry")
st.pills(
    "Industry",
    sorted({*industries, *chosen["industry"]}, key=lambda value: label("industry", value)),
    format_func=lambda value: f"{label('industry', value)} ({industries[value]})",
    key="industry",
)
with st.expander("Filter", icon=":material/filter_list:", expanded=any(chosen[facet] for facet in FILTERS)):
    for facet, name in FILTERS.items():
        choice(facet, name)

with st.container(horizontal=True, vertical_alignment="bottom"):
    if "order" not in st.session_state:
        linked = st.query_params.get("order", "")
        st.session_state.order = linked if linked in ORDERS else ""
    st.text_input("Search within", key="q", placeholder="A word they use")
    order = st.selectbox("Order", list(ORDERS), format_func=ORDERS.__getitem__, key="order", width=200)
view = {facet: values for facet, values in chosen.items() if values}
st.query_params.from_dict(view | {name: said for name, said in (("q", words), ("order", order)) if said})
found = shelf.matching(within, chosen)
if chosen["industry"]:
    name = label("industry", chosen["industry"][0])
    st.page_link(
        desk.INDUSTRY,
        label=f"{name}: what changes there, what hurts, who buys",
        icon=":material/domain:",
        query_params={"industry": chosen["industry"][0]},
    )
st.caption(f"{len(found)} {'story' if len(found) == 1 else 'stories'}")
if not found:
    st.info("No story carries all of these. Take a filter or a word away.", icon=":material/filter_list_off:")
rows = parts.first_of(ordered(found, order), key=f"{view} {words} {order}")
for story in rows:
    row(story)
parts.more_of(len(found) - len(rows))
st.page_link(desk.WORDS, label="Why they decided, in their own words", icon=":material/format_quote:")
