"""Calls: customers who could tell a story, and three of them for each rep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from library.coverage.capture import A_REP, Candidate, calls_for, candidates, due_day, task_words
from library.exchange.columns import ExchangeError
from library.pages import agenda, desk, parts
from library.records.entries import Customer, RecordsError, Task
from library.wording import day, many

_SHOWN = 6


def show(tasks: list[Task]) -> None:
    """For the lead: who could be asked next, and by whom."""
    shelf, today = desk.shelf(), desk.library().today
    waiting = candidates(shelf, agenda.records().customers.all(), today)
    asked = {task.customer for task in tasks if task.customer}
    left = [candidate for candidate in waiting if candidate.customer not in asked]
    st.subheader("Customers who could tell one", anchor=False)
    st.caption("Their first win is near or past, and no story of theirs may be told yet.")
    for candidate in left[:_SHOWN]:
        _one(candidate)
    if left[_SHOWN:]:
        with st.expander(f"{len(left) - _SHOWN} more"):
            for candidate in left[_SHOWN:]:
                _one(candidate)
    if not left:
        st.info("Nobody comes to mind. Take in a list of your customers.", icon=":material/upload_file:")
    given = _given(tasks)
    if given:
        with st.expander(f"Up to {A_REP} to call for each of the team", icon=":material/call:", expanded=True):
            for person, theirs in given.items():
                names = ", ".join(candidate.customer for candidate in theirs)
                st.markdown(f"**{parts.prose(person)}** {parts.prose(names)}")
            count = sum(map(len, given.values()))
            label = f"Ask for these {count}" if count > 1 else "Ask for this one"
            st.button(label, icon=":material/add_task:", on_click=_give_out, key="give-out")
    _take_in()


def _one(candidate: Candidate) -> None:
    when = "first win on" if candidate.live_on > desk.library().today else "first win was on"
    industry = desk.shelf().vocabulary.label("industry", candidate.industry) if candidate.industry else ""
    begun = "a draft is there" if candidate.story else ""
    said = [f"{when} {day(candidate.live_on)}", industry, candidate.owner, begun]
    line = parts.prose(" · ".join(part for part in said if part))
    st.markdown(f"**{parts.prose(candidate.customer)}**  \n:small[{line}]")


def _given(tasks: list[Task]) -> Mapping[str, list[Candidate]]:
    """Who would call whom: the reps among themselves; whom a lead looks after is called by no one else."""
    kept, library = agenda.records(), desk.library()
    leads = library.settings.lead_names | {member.name for member in kept.members if member.leads}
    waiting = candidates(desk.shelf(), kept.customers.all(), library.today)
    reps = [person for person in agenda.team() if person not in leads]
    return calls_for(reps, [candidate for candidate in waiting if candidate.owner not in leads], tasks)


def _give_out() -> None:
    """Make a task of each call, worked out anew from what is recorded now."""
    person, library = desk.viewer(), desk.library()
    if not person.leads:
        return
    kept, shelf = agenda.records(), desk.shelf()
    for owner, theirs in _given(kept.tasks.all()).items():
        for candidate in theirs:
            kept.tasks.add(
                person.name,
                task_words(candidate, shelf),
                at=library.now,
                owner=owner,
                due_on=due_day(library.today),
                customer=candidate.customer,
            )


def _take_in() -> None:
    """Take in a list of customers."""
    with st.expander("Take in a list of customers", icon=":material/upload_file:"):
        file = st.file_uploader(
            "CSV or Excel, with a column for the customer and one for the go-live date",
            type=["csv", "xlsx", "tsv"],
            key="customer-list",
        )
        st.caption("Columns for the owner and the industry are taken too. The names are for you and who is asked.")
        if file is None:
            return
        from library.exchange.customers import customers_in  # noqa: PLC0415 - pandas takes a second
        from library.exchange.tables import table_of  # noqa: PLC0415

        try:
            listed = customers_in(table_of(file.name, file.getvalue()), desk.shelf().vocabulary)
        except ExchangeError as error:
            st.error(str(error), icon=":material/error:")
            return
        st.markdown(f"{many(len(listed.customers), 'customer')} found.")
        for sentence in listed.left_out[:_SHOWN]:
            st.caption(parts.prose(sentence))
        if len(listed.left_out) > _SHOWN:
            st.caption(f"And {len(listed.left_out) - _SHOWN} rows more were left out.")
        if listed.customers:
            st.button("Take them in", type="primary", icon=":material/check:", on_click=_put, args=(listed.customers,))


def _put(customers: Sequence[Customer]) -> None:
    """Keep the customers of a list."""
    try:
        agenda.records().customers.put(customers)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
    else:
        st.toast(f"{many(len(customers), 'customer')} taken in.", icon=":material/check:")
