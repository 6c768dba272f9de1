"""Team: who is of it, who leads, and who is new."""

from __future__ import annotations

from datetime import date

import streamlit as st

from library.pages import agenda, desk, parts
from library.records.entries import Member
from library.wording import day


def keep(name: str) -> None:
    """Keep what was said of somebody; a team never loses its last lead."""
    if not desk.viewer().leads:
        return
    leads, started = bool(st.session_state.get(f"leads-{name}")), st.session_state.get(f"started-{name}")
    others = fixed | {member.name for member in agenda.records().members if member.leads and member.name != name}
    if not leads and not others:
        st.toast("Somebody has to lead. Name another lead first.", icon=":material/person_alert:")
        return
    said = None if name in fixed else leads  # whom the settings name leads only as long as they do
    agenda.records().enrol(name, leads=said, started_on=started if isinstance(started, date) else None)


def one(member: Member) -> None:
    """Somebody of the team."""
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"**{parts.prose(member.name)}**", width=180)
        st.date_input("Here since", member.started_on, key=f"started-{member.name}", width=170)
        st.toggle(
            "Leads",
            member.leads or member.name in fixed,
            key=f"leads-{member.name}",
            disabled=member.name in fixed,
            help="Named in the settings." if member.name in fixed else None,
        )
        st.button("Save", key=f"keep-{member.name}", icon=":material/check:", on_click=keep, args=(member.name,))


viewer = desk.viewer()
fixed = desk.library().settings.lead_names
known = {member.name: member for member in agenda.records().members}
st.title("The team", anchor=False)
if viewer.leads:
    for name in agenda.team():
        one(known.get(name, Member(name)))
else:
    for name in agenda.team():
        member = known.get(name, Member(name))
        since = f", here since {day(member.started_on)}" if member.started_on else ""
        leads = ", leads" if member.leads or name in fixed else ""
        st.markdown(parts.prose(f"{name}{leads}{since}"))
