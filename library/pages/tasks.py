"""Tasks: the stories people are asked to bring, until they are here."""

from __future__ import annotations

from datetime import date

import streamlit as st

from library.coverage.capture import arrived
from library.pages import agenda, calls, desk, parts, upkeep
from library.people import display_name, seen_by
from library.records.entries import Task
from library.wording import day

_DONE = 8


def settle_arrivals(tasks: list[Task]) -> list[Task]:
    """Close what has come; the tasks as they stand now."""
    running = desk.library()
    search = running.state.search if running.ready else None
    came = [(task, story) for task in tasks if (story := arrived(task, desk.shelf(), search, today))]
    for task, story in came:
        kept.tasks.close(task.id, "", at=running.now, story=story.id)
    return kept.tasks.all() if came else tasks


def close(task: Task, key: str) -> None:
    """Take the story that was chosen as the one awaited."""
    story = st.session_state.get(key)
    if story and mine(task):
        kept.tasks.close(task.id, viewer.name, at=desk.library().now, story=story)


def drop(task: Task) -> None:
    if viewer.leads:
        kept.tasks.close(task.id, viewer.name, at=desk.library().now)


def hand_over(task: Task, key: str) -> None:
    if viewer.leads:
        owner, due = st.session_state.get(f"owner-{key}"), st.session_state.get(f"due-{key}")
        kept.tasks.hand_over(task.id, str(owner or "").strip(), due)


def mine(task: Task) -> bool:
    """Whether somebody may see and settle a task: the lead, and who is asked."""
    return viewer.leads or (bool(viewer.name) and viewer.name == task.owner)


def one(task: Task) -> None:
    """An open task."""
    with st.container(border=True, key=f"task-{task.id}"):
        if task.late(today):
            st.badge("Late", color="red", icon=":material/schedule:")
        st.markdown(f"**{parts.prose(task.wanted)}**")
        if task.customer:
            st.markdown(f":material/call: {parts.prose(task.customer)}")
        until = f" until {day(task.due_on)}" if task.due_on else ""
        st.caption(parts.prose(f"{task.made_by} asked {task.owner or 'nobody yet'}{until}"))
        with st.container(horizontal=True):
            if viewer.name == task.owner:
                st.page_link(desk.TELL, label="Tell it", icon=":material/edit_note:")
            here(task)
            if viewer.leads:
                change(task)
                st.button("Drop", icon=":material/close:", key=f"drop-{task.id}", on_click=drop, args=(task,))


def here(task: Task) -> None:
    """It is here: which story is it."""
    with st.popover("It is here", icon=":material/check:"):
        own = {story.id: seen_by(viewer, story) for story in shelf if viewer.leads or story.told_by == viewer.name}
        newest = sorted(own, key=lambda s: (own[s].heard_on or date.min, s), reverse=True)
        key = f"came-{task.id}"
        st.selectbox(
            "Which story is it?",
            newest,
            index=None,
            format_func=lambda s: f"{own[s].title} ({display_name(own[s])})",
            key=key,
            placeholder="Yours, the newest first" if not viewer.leads else "The newest first",
        )
        st.button("Done", type="primary", key=f"done-{task.id}", on_click=close, args=(task, key))


def change(task: Task) -> None:
    """Somebody else, or another day."""
    with st.popover("Change", icon=":material/edit:"):
        names = sorted({*agenda.team(), *([task.owner] if task.owner else [])})
        st.selectbox(
            "Who brings it",
            names,
            index=names.index(task.owner) if task.owner else None,
            key=f"owner-{task.id}",
            accept_new_options=True,
        )
        st.date_input("Until", task.due_on, key=f"due-{task.id}")
        st.button("Save", type="primary", key=f"save-{task.id}", on_click=hand_over, args=(task, task.id))


def done(task: Task) -> None:
    """A task that is over."""
    story = shelf.get(task.story)
    if story is not None:
        seen = seen_by(viewer, story)
        parts.story_link(seen, parts.prose(seen.title))
        st.caption(parts.prose(f"{task.owner or task.closed_by}: {task.wanted}"))


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
kept = agenda.records()

st.title("Stories to bring", anchor=False)
if not viewer.name:
    st.info("Say who you are at the foot of the page, and see what you are asked for.", icon=":material/person:")
    st.stop()
tasks = [task for task in settle_arrivals(kept.tasks.all()) if mine(task)]
awaited = sorted((task for task in tasks if task.open), key=lambda t: (t.due_on or date.max, t.made_at))
if viewer.leads:
    upkeep.ask_for_story("", "new-task")
for task in awaited:
    one(task)
if not awaited:
    nobody = "Nobody is asked for a story." if viewer.leads else "You are asked for no story."
    st.info(f"{nobody} Any customer can still surprise you.", icon=":material/task_alt:")
brought = sorted((t for t in tasks if t.closed_at and t.story), key=lambda t: t.closed_at or t.made_at, reverse=True)
if brought:
    st.subheader("Brought", anchor=False)
    for task in brought[:_DONE]:
        done(task)
if viewer.leads:
    calls.show(tasks)
