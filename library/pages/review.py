"""Review: what waits to be looked at before it is on the shelf."""

from __future__ import annotations

import streamlit as st

from library.pages import agenda, desk, parts
from library.people import seen_by
from library.review.waiting import Waiting, waiting
from library.wording import day, many


def row(one: Waiting) -> None:
    """One that waits, in two lines."""
    seen = seen_by(viewer, one.story)
    with st.container(border=True, gap="small"):
        st.page_link(
            desk.LOOK,
            label=f"**{parts.prose(seen.title or 'A story without a title')}**",
            icon=":material/edit:" if one.proposal else ":material/menu_book:",
            query_params={"proposal" if one.proposal else "story": one.key},
        )
        st.caption(parts.prose(f"{'A change' if one.proposal else 'A new story'} {how_it_came(one)}"))


def how_it_came(one: Waiting) -> str:
    when = day(one.since) if one.since else "some day"
    if one.sent_back:
        return f"by {one.person or 'nobody'}, sent back on {when}"
    return f"by {one.person or 'nobody'}, {'sent on' if one.sent else 'heard on'} {when}"


def part(name: str, listed: list[Waiting]) -> None:
    if listed:
        st.subheader(f"{name} ({len(listed)})", anchor=False)
        for one in listed:
            row(one)


shelf, viewer = desk.shelf(), desk.viewer()
kept = agenda.records()
proposals = kept.proposals.open()

st.title("Review", anchor=False)
if not viewer.name:
    st.info("Say who you are at the foot of the page, and see what waits for you.", icon=":material/person:")
    st.stop()
shown = [one for one in waiting(shelf, proposals, kept.reviews.all()) if one.shown_to(viewer)]
mine = [one for one in shown if one.belongs_to(viewer)]
part("Sent back to you", [one for one in mine if one.sent_back])
if viewer.verifies:
    part("To be looked at", [one for one in shown if not one.sent_back])
    part("Sent back to others", [one for one in shown if one.sent_back and one not in mine])
else:
    part("Yours, waiting", [one for one in mine if not one.sent_back])
if not shown:
    nothing = "Nothing waits for review." if viewer.verifies else "Nothing of yours waits for review."
    st.info(nothing, icon=":material/task_alt:")
lost = [p for p in proposals if p.story not in shelf.stories and (viewer.leads or p.person == viewer.name)]
if lost:
    st.caption(
        f"{many(len(lost), 'change waits', 'changes wait')} for a story that left the shelf or cannot be read now."
    )
