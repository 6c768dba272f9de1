"""The deals of a pipeline with their answers: what stands out, filters, the table, the file to take along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from library.pages import deal, desk
from library.pages.reviewed import Reviewed
from library.pipeline.answers import Answer, Fit, Why
from library.wording import many

if TYPE_CHECKING:
    from library.pipeline.run import Run
    from library.shelf import Shelf

_FILES = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv"),
}
_TALL = 420
_ROW = 35


def show(mine: Reviewed, run: Run) -> None:
    """Everything that is done so far."""
    answers = run.answers
    if not answers:
        _nothing(mine)
        return
    _stands_out(answers)
    shown = _filtered(answers)
    if not shown:
        st.info("No deal is like that. Take a filter away.", icon=":material/filter_alt_off:")
        return
    place = _open_place(mine, shown)
    _table(mine, shown, place)
    deal.show(mine, shown, place)


def _nothing(mine: Reviewed) -> None:
    pipeline = mine.pipeline
    if pipeline is not None and not pipeline.open and pipeline.deals:
        st.info("Every deal in this file is closed.", icon=":material/task_alt:")
        st.button(
            "Match the closed ones", icon=":material/play_arrow:", key="pipeline-closed", on_click=mine.with_closed
        )


def _stands_out(answers: Sequence[Answer]) -> None:
    silent = [answer for answer in answers if answer.why is Why.NONE]
    half = sum(answer.why in {Why.NO_CHANGE, Why.NO_PAIN} for answer in answers)
    amount, whole = (sum(answer.deal.amount or 0 for answer in some) for some in (silent, answers))
    worth = f", worth {_short(amount)} of {_short(whole)}" if amount else ""
    if silent:
        has = "has" if len(silent) == 1 else "have"
        st.markdown(f"#### {len(silent):,} of {many(len(answers), 'deal')} {has} no why{worth}")
    else:
        st.markdown(f"#### Every one of {many(len(answers), 'deal')} has a why, or half of one")
    st.caption(
        "Their notes name neither a change in the customer’s world nor what staying as they are costs. "
        f"{half:,} more name only one of the two."
    )


def _short(amount: float) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{amount:.0f}"


# --- filters ---------------------------------------------------------------------------------------------------------


Value = TypeVar("Value")


def _filtered(answers: Sequence[Answer]) -> list[Answer]:
    whys = Counter(answer.why for answer in answers)
    fits = Counter(answer.fit for answer in answers)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = _some(
            "Why", [why for why in Why if whys[why]], lambda why: f"{why.label} ({whys[why]})", "Any why, or none"
        )
        owners = _chosen("Owner", answers, lambda answer: answer.deal.owner)
        more = st.popover("Stage and fit", icon=":material/filter_alt:")
        with more:
            stages = _chosen("Stage", answers, lambda answer: answer.deal.stage)
            wished = _some("Fit", [fit for fit in Fit if fits[fit]], lambda fit: f"{fit} ({fits[fit]})", "Any fit")
        shown = _like(answers, wanted, owners, stages, wished)
        _take_along(shown)
    if len(shown) < len(answers):
        st.caption(f"{len(shown):,} of {many(len(answers), 'deal')} are shown, and go into the file.")
    return shown


def _like(
    answers: Sequence[Answer],
    whys: Collection[Why],
    owners: Collection[str],
    stages: Collection[str],
    fits: Collection[Fit],
) -> list[Answer]:
    return [
        answer
        for answer in answers
        if (not whys or answer.why in whys)
        and (not owners or answer.deal.owner in owners)
        and (not stages or answer.deal.stage in stages)
        and (not fits or answer.fit in fits)
    ]


def _chosen(label: str, answers: Sequence[Answer], of: Callable[[Answer], str]) -> list[str]:
    """The owners or stages somebody picks, each with how many of its deals lack a why."""
    every = Counter(map(of, answers))
    lacking = Counter(of(answer) for answer in answers if answer.why.asks)
    values = sorted(value for value in every if value)

    def told(value: str) -> str:
        return f"{value} ({lacking[value]} of {every[value]} lack a part of the why)"

    return _some(label, values, told, f"Every {label.lower()}")


def _some(label: str, values: Sequence[Value], told: Callable[[Value], str], none: str) -> list[Value]:
    chosen: list[Value] = st.multiselect(
        label,
        values,
        format_func=told,
        placeholder=none,
        key=f"pipeline-{label.lower()}",
        persist_state="session",
    )
    return chosen


# --- the table -------------------------------------------------------------------------------------------------------


def _open_place(mine: Reviewed, shown: Sequence[Answer]) -> int:
    return next((place for place, answer in enumerate(shown) if answer.deal.row == mine.open), 0)


def _table(mine: Reviewed, shown: Sequence[Answer], place: int) -> None:
    titles = _titles(shown)
    rows = [
        {
            "Deal": answer.deal.title,
            "Why": [answer.why.label],
            "Closes": answer.deal.closes_on,
            "Amount": answer.deal.amount,
            "Owner": answer.deal.owner,
            "Fit": [answer.fit.value],
            "Story": titles.get(answer.story, ""),
            "Stage": answer.deal.stage,
            "Account": answer.deal.account,
        }
        for answer in shown
    ]
    kept = [name for name in rows[0] if any(row[name] not in {None, ""} for row in rows if type(row[name]) is not list)]
    key = f"pipeline-table-{mine.key}-{mine.moves}-{len(shown)}-{shown[0].deal.row}"
    st.dataframe(
        rows,
        hide_index=True,
        height=min(_TALL, _ROW * (len(rows) + 1) + 3),
        column_order=[name for name in rows[0] if name in kept or name in {"Why", "Fit"}],
        column_config={
            "Deal": st.column_config.TextColumn(width=190),
            "Why": st.column_config.MultiselectColumn(
                options=[why.label for why in Why], color=["red", "orange", "orange", "green"], width=150
            ),
            "Closes": st.column_config.DateColumn(format="D MMM YYYY", width=100),
            "Amount": st.column_config.NumberColumn(format="localized", width=90),
            "Fit": st.column_config.MultiselectColumn(
                options=[fit.value for fit in Fit], color=["green", "orange", "gray", "gray"], width=160
            ),
            "Story": st.column_config.TextColumn(width=300),
        },
        key=key,
        on_select=partial(_picked, mine, [answer.deal.row for answer in shown], key),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [place]}},
        placeholder="",
        alt="The deals, those with no why first. The buttons under the table go from deal to deal.",
    )


def _picked(mine: Reviewed, rows: Sequence[int], key: str) -> None:
    picked = st.session_state[key].selection.rows
    if picked and picked[0] < len(rows):
        mine.open = rows[picked[0]]


def _titles(shown: Sequence[Answer]) -> dict[str, str]:
    """The title of each story among these, as this person may see it."""
    search, viewer = desk.state().search, desk.viewer()
    wanted = {answer.story for answer in shown if answer.story in search.shelf.stories}
    kept = st.session_state.get("pipeline_titles")
    made_for = (search.shelf.fingerprint, viewer)
    if kept is None or kept[0] != made_for:
        kept = st.session_state.pipeline_titles = (made_for, {})
    titles: dict[str, str] = kept[1]
    titles |= {story: search.seen(story, viewer).title for story in wanted - titles.keys()}
    return titles


# --- out -------------------------------------------------------------------------------------------------------------


def _take_along(shown: Sequence[Answer]) -> None:
    shelf, today = desk.shelf(), desk.library().today
    for ending, (label, mime) in _FILES.items():
        st.download_button(
            label,
            partial(file_of, tuple(shown), shelf, today, f"deals.{ending}"),
            f"deals-{today}.{ending}",
            mime,
            icon=":material/download:",
            on_click="ignore",
            key=f"pipeline-{ending}",
            disabled=not shown,
            help="Stories stand in it in safe wording, customers under the name that may be written.",
        )


def file_of(answers: Sequence[Answer], shelf: Shelf, today: date, name: str) -> bytes:
    """The deals as a file, made when somebody takes it."""
    from library.exchange.tables import table_bytes  # noqa: PLC0415 - pandas takes a second
    from library.pipeline.table import table_of_answers  # noqa: PLC0415

    return table_bytes(table_of_answers(answers, shelf, today), name)
