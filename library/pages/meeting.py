"""Meeting: the week's agenda, proposed and changed by the team lead, read by everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import streamlit as st

from library.meeting.picks import MINUTES, count_for
from library.meeting.runsheet import calendar_entry, run_sheet, run_sheet_pdf
from library.pages import agenda, desk, parts, voice
from library.people import display_name
from library.records.entries import Meeting, MeetingChangedError, Pick
from library.situation import understand
from library.story import ShowAs, Story

STARTS_AT = time(9, 0)


def set_picks(chosen: list[Pick]) -> None:
    agenda.change(picks=tuple(chosen))


def move(place: int, by: int) -> None:
    chosen = list(agenda.on_desk().picks)
    chosen.insert(place + by, chosen.pop(place))
    set_picks(chosen)


def remove(place: int) -> None:
    chosen = list(agenda.on_desk().picks)
    dropped().add(chosen.pop(place).story)
    set_picks(chosen)


def another(place: int) -> None:
    """Another story in a place, one that was not turned down before."""
    chosen = list(agenda.on_desk().picks)
    old = chosen.pop(place)
    dropped().add(old.story)
    keep = [pick.story for pick in chosen]
    found = [p for p in agenda.picks(day).propose(len(keep) + 1, keep, dropped()) if p.story not in keep]
    if found:
        chosen.insert(place, found[0])
        set_picks(chosen)
    else:
        st.toast("No other story may be told and has rested.", icon=":material/search_off:")


def dropped() -> set[str]:
    """The stories turned down for this day."""
    turned_down: dict[str, set[str]] = st.session_state.setdefault("turned_down", {})
    return turned_down.setdefault(day.isoformat(), set())


def add(story: Story) -> None:
    agenda.change(picks=(*agenda.on_desk().picks, replace(agenda.picks(day).pick(story), because=())))


def set_minutes() -> None:
    """A longer meeting gets more stories; what is there stays."""
    minutes = st.session_state[f"minutes-{day}"]
    here = agenda.on_desk()
    keep = [pick.story for pick in here.picks]
    proposed = agenda.picks(day).propose(max(count_for(minutes), 0), keep, dropped())
    new = [pick for pick in proposed if pick.story not in keep]
    chosen = [*here.picks, *new][: count_for(minutes)] if not here.version else [*here.picks, *new]
    agenda.change(minutes=minutes, picks=tuple(chosen))


def one(place: int, pick: Pick, count: int) -> None:
    """A pick: the story, why it is on, who tells it."""
    story = agenda.story_named(pick.story)
    with st.container(border=True, key=f"pick-{place}"):
        if story is None:
            st.markdown(f"**{place + 1}** A story that left the shelf")
        else:
            with st.container(horizontal=True, gap="small"):
                parts.for_us_only(story)
                if story.stale(day):
                    st.badge("Due for a check", color="gray", icon=":material/history:")
            st.markdown(f"**{place + 1} · {parts.prose(story.title)}**")
            named = parts.prose(display_name(story))
            st.caption(f"{named} · {parts.facts_line(story, shelf.vocabulary)}")
            if not agenda.picks_rested(day, pick.story):
                st.warning("Heard the week before or after.", icon=":material/event_repeat:")
        for reason in pick.because:
            st.markdown(f":small[:material/lightbulb: {parts.prose(reason)}]")
        if story is not None:
            parts.story_link(story)
        if not leads:
            st.markdown(f"Told by **{parts.prose(pick.teller or 'nobody yet')}**")
            return
        key = f"{day}-{pick.story}"
        with st.container(horizontal=True, vertical_alignment="bottom"):
            names = sorted({*agenda.team(), *([pick.teller] if pick.teller else [])})
            st.selectbox(
                "Told by",
                names,
                index=names.index(pick.teller) if pick.teller else None,
                key=f"teller-{key}",
                accept_new_options=True,
                on_change=agenda.take_typed,
                width=220,
            )
            st.text_input(
                "Note to the teller",
                pick.note,
                key=f"note-{key}",
                on_change=agenda.take_typed,
                width=280,
            )
        with st.container(horizontal=True, gap="small"):
            st.button("Another", icon=":material/autorenew:", key=f"another-{key}", on_click=another, args=(place,))
            first, last = place == 0, place == count - 1
            for label, icon, by, off in (("Up", "arrow_upward", -1, first), ("Down", "arrow_downward", 1, last)):
                st.button(
                    label,
                    icon=f":material/{icon}:",
                    key=f"{label}-{key}",
                    disabled=off,
                    on_click=move,
                    args=(place, by),
                )
            st.button("Remove", icon=":material/close:", key=f"remove-{key}", on_click=remove, args=(place,))


def search_and_add(here: Meeting) -> None:
    """Add a story the lead has in mind."""
    with st.expander("Add a story", icon=":material/add:"):
        words = st.text_input("What should it be about?", key=f"add-{day}")
        if not words.strip():
            return
        search = desk.state().search
        found = search.find(understand(words, shelf.vocabulary), day, 8).stories
        inside = [s.id for s in shelf if s.show_as is ShowAs.INTERNAL and words.lower() in s.title.lower()]
        left = [story for story in dict.fromkeys([*found, *inside]) if story not in here.stories][:5]
        if not left:
            st.info("Nothing on the shelf fits that.", icon=":material/search_off:")
        for story_id in left:
            story = agenda.story_named(story_id)
            if story:
                label = f"{parts.prose(story.title)} ({parts.prose(display_name(story))})"
                st.button(label, icon=":material/add:", key=f"add-{day}-{story_id}", on_click=add, args=(story,))


def take_along(here: Meeting) -> None:
    """The agenda on paper and in the calendar, and the meeting itself."""
    name = f"stories-{here.held_on}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.page_link(desk.RUN, label="**Start the meeting**", icon=":material/play_circle:")
        st.download_button(
            "Print (PDF)",
            lambda: run_sheet_pdf(here, shelf, here.held_on),
            f"{name}.pdf",
            "application/pdf",
            icon=":material/print:",
            on_click="ignore",
        )
        st.download_button(
            "Markdown",
            lambda: run_sheet(here, shelf, here.held_on),
            f"{name}.md",
            "text/markdown",
            icon=":material/notes:",
            on_click="ignore",
        )
        st.download_button(
            "Calendar",
            lambda: calendar_entry(here, shelf, STARTS_AT),
            f"{name}.ics",
            "text/calendar",
            icon=":material/event:",
            on_click="ignore",
        )


def clash(error: MeetingChangedError) -> None:
    """Somebody saved first: both agendas in sight, and three ways on."""
    mine, theirs = error.mine, error.theirs
    st.warning(
        f"{parts.prose(theirs.saved_by)} saved this meeting first. Your changes are still here.",
        icon=":material/group:",
    )
    for name, meeting in ((f"Saved by {theirs.saved_by}", theirs), ("Yours", mine)):
        listed = "\n".join(f"1. {agenda.title(pick.story)} ({parts.prose(pick.teller)})" for pick in meeting.picks)
        st.markdown(f"**{parts.prose(name)}**\n\n{listed}")
    new = tuple(pick for pick in mine.picks if pick.story not in theirs.stories)
    both = replace(theirs, picks=(*theirs.picks, *new))
    with st.container(horizontal=True):
        st.button("Save mine instead", on_click=on_top, args=(replace(mine, version=theirs.version),))
        st.button("Add my stories to theirs", on_click=on_top, args=(both,))
        st.button("Take theirs", on_click=agenda.take, args=(theirs,))
    st.caption("Every saved version is kept.")


def on_top(meeting: Meeting) -> None:
    """Save an agenda on top of the newest."""
    agenda.change(picks=meeting.picks, version=meeting.version, minutes=meeting.minutes, voice=meeting.voice)
    st.session_state.pop("agenda_clash", None)
    agenda.save()


def nobody_leads() -> None:
    """In a new library somebody has to be the first lead."""
    known = desk.library().settings.lead_names or any(member.leads for member in agenda.records().members)
    if known or not viewer.name:
        st.caption(":material/person: The team lead plans the meeting. Say who you are at the foot of the page.")
    else:
        st.markdown("Nobody leads this team yet.")
        st.button("I lead the team", icon=":material/flag:", on_click=take_the_lead)


def take_the_lead() -> None:
    """Become the lead, unless somebody was quicker."""
    agenda.records().take_the_lead(viewer.name)


shelf, viewer = desk.shelf(), desk.viewer()
leads = viewer.leads
usual = agenda.upcoming()

st.title("This week's stories", anchor=False)
if not leads:
    day = usual
    saved = agenda.records().meetings.on(day)
    if saved is None:
        st.info("The next meeting is not planned yet.", icon=":material/event:")
    else:
        st.markdown(f"**{agenda.long_day(day)}**, {saved.minutes} minutes")
        for place, pick in enumerate(saved.picks):
            one(place, pick, len(saved.picks))
    nobody_leads()
else:
    agenda.take_typed()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input("Meeting on", usual, key="meeting_day", width=180) or usual
        here = agenda.draft(day)
        st.segmented_control(
            "Minutes",
            MINUTES,
            default=here.minutes if here.minutes in MINUTES else MINUTES[0],
            required=True,
            key=f"minutes-{day}",
            on_change=set_minutes,
        )
    if "agenda_clash" in st.session_state:
        clash(st.session_state.agenda_clash)
        st.stop()
    if trouble := st.session_state.get("agenda_trouble"):
        st.error(trouble, icon=":material/error:")
    if here.version and not agenda.changed():
        st.caption(f":material/check: Saved by {parts.prose(here.saved_by)}.")
        take_along(here)
    else:
        st.caption("Changed, not saved yet." if here.version else "Proposed for you, not saved yet.")
        st.button("Save the agenda", type="primary", icon=":material/check:", on_click=agenda.save)
    if not here.picks:
        st.info("No story is on the agenda. Add one below.", icon=":material/playlist_add:")
    for place, pick in enumerate(here.picks):
        one(place, pick, len(here.picks))
    search_and_add(here)
    voice.show(here)
st.page_link(desk.HISTORY, label="Earlier meetings", icon=":material/history:")
