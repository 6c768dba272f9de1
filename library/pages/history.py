"""History: earlier meetings, and what came of them."""

from __future__ import annotations

import streamlit as st

from library.meeting.outcomes import FOLLOWS_DAYS, Outcome, outcomes
from library.pages import agenda, desk, parts
from library.records.entries import Meeting


def times(count: int) -> str:
    return {0: "not told", 1: "told once", 2: "told twice"}.get(count, f"told {count} times")


def line(outcome: Outcome) -> None:
    """What came of one story, in a line or two."""
    said = [times(outcome.told)]
    if outcome.told:
        said.append(f"leaned in {outcome.leaned_in} of {outcome.told}")
    if outcome.heard:
        said.append(f"change heard by {', '.join(outcome.heard)}")
    st.markdown(f"**{agenda.title(outcome.story)}**  \n:small[{parts.prose(' · '.join(said))}]")
    for hand in outcome.promised:
        icon = "task_alt" if hand in outcome.kept else "schedule"
        st.markdown(f":small[:material/{icon}: {parts.prose(f'{hand.person} to {hand.whom}')}]")


def show(meeting: Meeting) -> None:
    """One meeting."""
    with st.container(border=True):
        st.subheader(agenda.long_day(meeting.held_on), anchor=False)
        for outcome in outcomes(meeting, agenda.records().meetings.hands(meeting.held_on), tellings):
            line(outcome)


st.title("Earlier meetings", anchor=False)
st.caption(f"What prospects were told in the {FOLLOWS_DAYS} days after each, and how it landed.")
tellings = agenda.records().tellings.all()
held = [m for m in agenda.records().meetings.all() if m.held_on <= desk.library().today]
if not held:
    st.info("No meeting yet. The first one will stand here afterwards.", icon=":material/history:")
for meeting in reversed(held[-12:]):
    show(meeting)
st.page_link(desk.MEETING, label="This week's stories", icon=":material/event:")
