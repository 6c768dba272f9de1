"""Learn: the stories to begin with, what comes back today, and the ways to practise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from library.pages import agenda, desk, parts
from library.people import seen_by
from library.practice.path import Step, first_week, steps_of
from library.records.entries import Path, RecordsError
from library.story import Beat
from library.wording import day, many

BEATS = len(Beat)


def lay(person: str, industry: str, role: str, stories: list[str], made_by: str = "") -> None:
    """Keep somebody's path."""
    try:
        kept.practice.lay(Path(person, tuple(stories), industry, role, made_by))
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")


def begin() -> None:
    """Choose an industry and a role, and get five stories."""
    industries = sorted({s.industry for s in shelf.tellable(today) if s.industry}, key=named("industry"))
    roles = sorted({term.within[0] for term in shelf.vocabulary.of_kind("role") if term.within}, key=named("role"))
    linked = st.query_params.get("industry", "")
    st.markdown("Which industry do you sell to, and whom do you call on? You get five stories to make your own.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        industry = st.selectbox(
            "Industry",
            industries,
            index=industries.index(linked) if linked in industries else None,
            format_func=named("industry"),
            placeholder="Any",
            key="path-industry",
        )
        role = st.selectbox("Role", roles, index=None, format_func=named("role"), placeholder="Any", key="path-role")
    steps = first_week(shelf, today, industry or "", role or "", agenda.told_counts())
    if not steps:
        st.info("No story may be told yet.", icon=":material/shelves:")
        return
    st.button(
        "Make my first week",
        type="primary",
        icon=":material/school:",
        on_click=lay,
        args=(viewer.name, industry or "", role or "", [step.story for step in steps]),
    )


def named(kind: str) -> Callable[[str], str]:
    """How a value of a kind is shown."""
    return lambda value: shelf.vocabulary.label(kind, value)


def one(number: int, step: Step) -> None:
    """A story to own."""
    story = seen_by(viewer, shelf.stories[step.story])
    with st.container(border=True):
        st.markdown(f"**{number} · {parts.prose(story.title)}**")
        st.caption(parts.prose(step.why))
        told = best.get(step.story)
        if told is None:
            st.markdown(":material/radio_button_unchecked: Not told yet")
        elif told == BEATS:
            st.markdown(":material/check_circle: Told whole")
        else:
            st.markdown(f":material/timelapse: {told} of {BEATS} parts told")
        with st.container(horizontal=True):
            practise_link(step.story, "Practise it")
            parts.story_link(story)


def practise_link(story: str, label: str) -> None:
    st.page_link(desk.PRACTISE, label=label, icon=":material/record_voice_over:", query_params={"story": story})


def my_week(path: Path) -> None:
    """The path, how far it is, and what is next."""
    computed = {s.story: s for s in first_week(shelf, today, path.industry, path.role, agenda.told_counts())}
    chosen = steps_of(shelf, path.stories, today)
    own = [computed.get(step.story, replace(step, why="It was chosen when you began.")) for step in chosen]
    steps = chosen if path.made_by else own
    whole = sum(best.get(step.story) == BEATS for step in steps)
    if not steps:
        st.info("None of your stories may be told any more. Begin anew.", icon=":material/event_busy:")
    else:
        st.progress(whole / len(steps), text=f"{whole} of {len(steps)} told whole")
    for number, step in enumerate(steps, start=1):
        one(number, step)
    st.button(
        "Begin anew", icon=":material/restart_alt:", type="tertiary", on_click=lay, args=(viewer.name, "", "", [])
    )


def comes_back() -> None:
    """The practised stories that are due."""
    mine = [held for held in kept.practice.held(viewer.name) if held.story in there]
    due, later = [held for held in mine if held.due <= today], [held for held in mine if held.due > today]
    if due:
        st.subheader(f"Back today ({len(due)})", anchor=False)
        for held in due:
            story = seen_by(viewer, shelf.stories[held.story])
            practise_link(held.story, parts.prose(story.title))
    elif later:
        st.caption(f":material/event: The next story comes back on {day(later[0].due)}.")


def team() -> None:
    """For the lead: who is where, what was shared, and other stories for somebody's first week."""
    st.subheader("Who is where", anchor=False)
    paths, counts = kept.practice.paths(), kept.practice.counts()
    people = sorted({*(p for p, path in paths.items() if path.stories), *counts})
    if not people:
        st.caption("Nobody has begun yet.")
    for person in people:
        path = paths.get(person) or Path(person, ())
        mine = counts.get(person, {})
        whole = sum(told == BEATS for told in mine.values())
        on_path = sum(mine.get(story) == BEATS for story in path.stories)
        said = [f"{on_path} of {len(path.stories)} of the first week"] if path.stories else []
        said.append(f"{many(whole, 'story', 'stories')} told whole")
        with st.container(border=True):
            st.markdown(f"**{parts.prose(person)}** {parts.prose(' · '.join(said))}")
            with st.popover("Change the stories", icon=":material/edit:"):
                titles = {story.id: seen_by(viewer, story).title for story in shelf.tellable(today)}
                chosen = st.multiselect(
                    "The first week",
                    list(titles),
                    default=[story for story in path.stories if story in titles],
                    format_func=titles.__getitem__,
                    key=f"path-{person}",
                )
                st.button(
                    "Save",
                    type="primary",
                    key=f"lay-{person}",
                    on_click=lay,
                    args=(person, path.industry, path.role, chosen, viewer.name),
                )
    shared = [attempt for attempt in kept.practice.shared() if not attempt.example_by and attempt.story in there]
    if shared:
        st.subheader(f"Shared with you ({len(shared)})", anchor=False)
    for attempt in shared:
        story = seen_by(viewer, shelf.stories[attempt.story])
        practise_link(attempt.story, parts.prose(f"{attempt.person}: {story.title}"))


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
kept = agenda.records()
there = {story.id for story in shelf.browsable(today)}
st.title("Learn to tell them", anchor=False)
if not viewer.name:
    st.info("Say who you are at the foot of the page; what you practise is yours alone.", icon=":material/person:")
else:
    best = kept.practice.counts().get(viewer.name, {})
    comes_back()
    mine = kept.practice.paths().get(viewer.name)
    if mine and mine.stories:
        my_week(mine)
    else:
        begin()
    if viewer.leads:
        team()
with st.container(horizontal=True):
    st.page_link(desk.QUIZ, label="Which story would you tell?", icon=":material/quiz:")
    st.page_link(desk.WORDS, label="In their words", icon=":material/format_quote:")
