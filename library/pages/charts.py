"""The charts: the shelf by industry and change, and the team's weeks. Each has a title, units and a text beside it."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import streamlit as st

from library.coverage.grid import FACETS, Cell, Grid
from library.coverage.week import Week
from library.vocabulary import Vocabulary
from library.wording import many

_LIGHT, _DARK = ("#d9ece8", "#0f6e63"), ("#1f4a45", "#4fc3b0")
_FEW = 3
"""From so many stories in one place on the colour no longer deepens."""


def label(facet: str, value: str, vocabulary: Vocabulary) -> str:
    """A value of a facet as it is shown."""
    return f"{value.replace('-', '–')} people" if facet == "size" else vocabulary.label(FACETS[facet], value)


def heat_map(grid: Grid, vocabulary: Vocabulary) -> None:
    """Industries down, a facet across: how many stories may be told, and where somebody asked for one in vain."""
    rows = [
        {
            "industry": vocabulary.label("industry", cell.industry),
            "value": label(grid.facet, cell.value, vocabulary),
            "stories": len(cell.stories),
            "shade": min(len(cell.stories), _FEW),
            "said": _said(cell),
            "sound": f"{cell.sound} of {len(cell.stories)}",
            "asks": cell.asks,
        }
        for cell in grid.all
    ]
    dark = st.context.theme.type == "dark"
    pale, strong = _DARK if dark else _LIGHT
    ink, on_strong = ("#e8efee", "#12191a") if dark else ("#0f1b1a", "#ffffff")
    across = [label(grid.facet, value, vocabulary) for value in grid.values]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X(
            "value:N",
            sort=across,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-50, labelLimit=150, labelOverlap=False),
        ),
        y=alt.Y("industry:N", title=None, axis=alt.Axis(labelLimit=150)),
        tooltip=[
            alt.Tooltip("industry:N", title="Industry"),
            alt.Tooltip("value:N", title="Here"),
            alt.Tooltip("stories:Q", title="Stories"),
            alt.Tooltip("sound:N", title="Checked lately"),
            alt.Tooltip("asks:Q", title="Asks, 90 days"),
        ],
    )
    some = alt.datum.stories > 0
    boxes = base.mark_rect(cornerRadius=3, strokeWidth=2).encode(
        color=alt.condition(
            some,
            alt.Color("shade:Q", scale=alt.Scale(domain=[1, _FEW], range=[pale, strong]), legend=None),
            alt.value("transparent"),
        )
    )
    words = base.mark_text(fontSize=13).encode(
        text="said:N", color=alt.condition(alt.datum.shade >= _FEW, alt.value(on_strong), alt.value(ink))
    )
    chart = (boxes + words).properties(height=alt.Step(26), title="Stories that may be told")
    st.altair_chart(chart, width="stretch", alt=_in_words(grid, vocabulary))
    st.caption(
        "A number: stories that may be told. **!** some are due for a check. **?** asked for, and none is there."
    )


def _said(cell: Cell) -> str:
    if not cell.stories:
        return "?" if cell.asks else "·"
    return f"{len(cell.stories)}{'' if cell.sound == len(cell.stories) else '!'}"


def _in_words(grid: Grid, vocabulary: Vocabulary) -> str:
    told = len({story for cell in grid.all for story in cell.stories})
    gaps = [
        f"{vocabulary.label('industry', gap.industry)} and {label(grid.facet, gap.value, vocabulary)}"
        for gap in grid.gaps[:3]
    ]
    asked = f" Asked for and empty: {'; '.join(gaps)}." if gaps else ""
    return (
        f"{many(told, 'story', 'stories')} in {len(grid.industries)} industries; {grid.empty} places are empty.{asked}"
    )


def answered(weeks: Sequence[Week]) -> None:
    """How many situations were asked each week, and how many found a story."""
    kinds = (("A story was offered", lambda w: w.answered), ("Nothing fitted", lambda w: w.asks - w.answered))
    _bars(weeks, kinds, "Situations asked, a week", "Situations")


def landed(weeks: Sequence[Week]) -> None:
    """How many stories were told to prospects each week, and how many made them lean in."""
    kinds = (("They leaned in", lambda w: w.landed), ("Polite or flat", lambda w: w.told - w.landed))
    _bars(weeks, kinds, "Stories told to prospects, a week", "Tellings")


def _bars(weeks: Sequence[Week], kinds: Sequence[tuple[str, object]], title: str, unit: str) -> None:
    rows = [
        {"week": f"{w.monday:%d %b}".lstrip("0"), "kind": name, "order": order, "count": count(w)}  # type: ignore[operator]
        for w in weeks
        for order, (name, count) in enumerate(kinds)
    ]
    days = [f"{w.monday:%d %b}".lstrip("0") for w in weeks]
    strong = "#4fc3b0" if st.context.theme.type == "dark" else "#0f6e63"
    pale = "#7d8f8c"
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X("week:N", sort=days, title="Week of", axis=alt.Axis(labelAngle=-45, labelOverlap=False)),
            y=alt.Y("count:Q", title=unit, axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "kind:N",
                sort=[name for name, _ in kinds],
                scale=alt.Scale(domain=[name for name, _ in kinds], range=[strong, pale]),
                legend=alt.Legend(orient="top", title=None),
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("week:N", title="Week of"),
                alt.Tooltip("kind:N", title="What"),
                alt.Tooltip("count:Q", title=unit),
            ],
        )
        .properties(title=title, height=300)
    )
    last = ", ".join(f"{name.lower()} {count(weeks[-1])}" for name, count in kinds)  # type: ignore[operator]
    st.altair_chart(chart, width="stretch", alt=f"{title}: this week {last}, over {len(weeks)} weeks.")
