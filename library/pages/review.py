"""Review: what waits to be looked at before it is on the shelf, and each of it by itself."""

from __future__ import annotations

import streamlit as st

from library.pages import agenda, changing, deciding, desk, parts
from library.people import seen_by
from library.review.waiting import Waiting, waiting
from library.wording import day, many


def row(one: Waiting) -> None:
    """One that waits, in two lines."""
    seen = seen_by(viewer, one.story)
    kind = "proposal" if one.proposal else "story"
    with st.container(border=True, gap="small"):
        st.page_link(
            desk.REVIEW,
            label=f"**{parts.prose(seen.title or 'A story without a title')}**",
            icon=":material/edit:" if one.proposal else ":material/menu_book:",
            query_params={kind: one.key},
        )
        what = "A change" if one.proposal else "A new story"
        whose = "sent back" if one.sent_back else f"from {one.person or 'nobody'}"
        since = f" on {day(one.since)}" if one.since else ""
        st.caption(parts.prose(f"{what} {whose}{since}"))


def part(name: str, listed: list[Waiting]) -> None:
    if listed:
        st.subheader(f"{name} ({len(listed)})", anchor=False)
        for one in listed:
            row(one)


def everything(shown: list[Waiting]) -> None:
    """What waits, oldest first; what was sent back to this person comes before."""
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


def one_of(shown: list[Waiting], key: str) -> None:
    """The one that was asked for."""
    st.page_link(desk.REVIEW, label="Everything that waits", icon=":material/arrow_back:")
    chosen = next((one for one in shown if one.key == key), None)
    if chosen is not None:
        deciding.show(chosen)
        return
    st.info("This does not wait any more, or it is not yours to read.", icon=":material/task_alt:")
    proposal = kept.proposals.get(key)
    story = shelf.get(proposal.story if proposal else key)
    if story and (viewer.verifies or viewer.name in {story.told_by, story.owner}):
        if proposal and proposal.decided_at and proposal.over:
            st.caption(
                parts.prose(f"{proposal.decided_by}: {proposal.state.value} on {day(proposal.decided_at.date())}")
            )
        parts.story_link(story, "Open the story")


shelf, viewer = desk.shelf(), desk.viewer()
kept = agenda.records()
asked = st.query_params.get("proposal", "") or st.query_params.get("story", "")
change = st.query_params.get("change", "")

if not viewer.name:
    st.title("Review", anchor=False)
    st.info("Say who you are at the foot of the page, and see what waits for you.", icon=":material/person:")
    st.stop()
found = [one for one in waiting(shelf, kept.proposals.open(), kept.reviews.all()) if one.shown_to(viewer)]
if change:
    changing.show(change)
elif asked:
    one_of(found, asked)
else:
    st.title("Review", anchor=False)
    open_now = sum(not one.sent_back for one in found)
    st.caption(
        f"{many(open_now, 'story or change', 'stories and changes')}, the longest waiting first." if found else ""
    )
    everything(found)
