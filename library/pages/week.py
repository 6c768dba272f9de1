"""Week: the team's week in numbers, and how it went before."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from library.coverage.week import WEEKS, Week, weeks
from library.pages import agenda, charts, desk
from library.story import ShowAs, Status
from library.wording import day, many

_NUMBERS = {
    "Asked": "asks",
    "Answered": "answered",
    "Told": "told",
    "Leaned in": "landed",
    "New stories": "new_stories",
}


def show() -> None:
    """The view."""
    kept, library = agenda.records(), desk.library()
    since = library.now - timedelta(weeks=WEEKS + 1)
    public = [s for s in desk.shelf() if s.status is Status.PUBLISHED and s.show_as is not ShowAs.INTERNAL]
    past = weeks(library.today, kept.asks.since(since), kept.tellings.all(since=since), public)
    st.caption(f"The week of {day(past[-1].monday)} so far, against the week before.")
    with st.container(horizontal=True):
        for name, field in _NUMBERS.items():
            _number(name, field, past)
    if not any(week.asks or week.told for week in past):
        st.info("Nobody asked or told anything yet. The weeks will stand here.", icon=":material/monitoring:")
        return
    st.markdown(_sentence(past))
    charts.answered(past)
    charts.landed(past)


def _number(name: str, field: str, past: list[Week]) -> None:
    now, before = getattr(past[-1], field), getattr(past[-2], field)
    st.metric(
        name,
        now,
        now - before,
        chart_data=[getattr(week, field) for week in past],
        chart_type="bar",
        border=True,
        delta_color="off",
        width=126,
    )


def _sentence(past: list[Week]) -> str:
    """The quarter in two sentences."""
    asks, answered = sum(w.asks for w in past), sum(w.answered for w in past)
    told, landed = sum(w.told for w in past), sum(w.landed for w in past)
    first = f"In {len(past)} weeks: {many(asks, 'situation')} asked, a story offered for {answered}."
    second = f" {many(told, 'story', 'stories')} told to prospects, who leaned in {landed} times." if told else ""
    return first + second
