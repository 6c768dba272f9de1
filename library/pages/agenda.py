"""What the pages of the meeting share: the agenda being made, the team, and who may change it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import streamlit as st

from library.meeting.picks import Picks, count_for, next_day
from library.pages import desk, parts
from library.people import Person, Role, seen_by
from library.records.entries import (
    Audience,
    CustomerVoice,
    Meeting,
    MeetingChangedError,
    RecordsError,
    VoiceKind,
)
from library.records.records import Records
from library.story import Story
from library.wording import day

ROOM = Person(role=Role.REP)
"""Whoever may look at the screen in the room: nobody's own names."""
ASKS_DAYS = 28


def records() -> Records:
    """The records, without which there is no meeting."""
    found = desk.records()
    if found is None:
        st.stop()
    return found


def team() -> list[str]:
    """Everybody who may tell a story: the tellers, and who said who they are."""
    known = {story.told_by for story in desk.shelf() if story.told_by}
    return sorted(known | desk.library().settings.lead_names | {member.name for member in records().members})


def story_named(story_id: str) -> Story | None:
    """A story as the room may see it; None when it left the shelf."""
    story = desk.shelf().get(story_id)
    return seen_by(ROOM, story) if story else None


def title(story_id: str) -> str:
    """A story's title as Markdown, also when it left the shelf."""
    story = story_named(story_id)
    return parts.prose(story.title) if story else "A story that left the shelf"


def told_counts() -> Counter[str]:
    """How often each story was told to prospects."""
    return Counter(telling.story for telling in records().tellings.all() if telling.audience is Audience.PROSPECT)


def asks_since() -> datetime:
    """From when on asks are looked at: as long as their words are kept."""
    library = desk.library()
    return library.now - timedelta(days=library.settings.keep_asks_days)


def long_day(when: date) -> str:
    """A date with its weekday."""
    return f"{when:%A} {day(when)}"


def upcoming() -> date:
    """The day of the next meeting."""
    return next_day(desk.library().today, records().meetings.all())


def picks(day: date) -> Picks:
    """What may be proposed for a day, from everything that is recorded."""
    kept, now = records(), desk.library().now
    asks = kept.asks.since(now - timedelta(days=ASKS_DAYS))
    return Picks(desk.shelf(), day, kept.meetings.all(), kept.tellings.all(), asks, kept.notes.all())


def picks_rested(day: date, story_id: str) -> bool:
    """Whether a story was on no agenda of the week before or after."""
    return Picks(desk.shelf(), day, records().meetings.all()).rested(story_id)


def draft(day: date) -> Meeting:
    """The agenda on this person's desk: what they changed, else what is saved, else a proposal."""
    saved = records().meetings.on(day)
    mine: Meeting | None = st.session_state.get("agenda")
    base: Meeting | None = st.session_state.get("agenda_base")
    if mine and mine.held_on == day and (mine != base or (saved.version if saved else 0) == mine.version):
        return mine
    fresh = saved or Meeting(day, picks=picks(day).propose(count_for(30)))
    st.session_state.agenda = st.session_state.agenda_base = fresh
    return fresh


def on_desk() -> Meeting:
    """The agenda as this person has it before them."""
    meeting: Meeting = st.session_state.agenda
    return meeting


def changed() -> bool:
    """Whether the agenda on the desk holds something that is not saved."""
    return bool(st.session_state.agenda != st.session_state.agenda_base)


def change(**what: object) -> None:
    """Change the agenda on the desk."""
    st.session_state.agenda = replace(st.session_state.agenda, **what)


def take(meeting: Meeting) -> None:
    """Put a saved agenda on the desk."""
    st.session_state.agenda = st.session_state.agenda_base = meeting
    st.session_state.pop("agenda_clash", None)


def take_typed() -> None:
    """Take what was said in the boxes of tellers, notes and the customer's voice since they were looked at last.

    All of them: Streamlit stops a callback, and does not call it again, where the next thing is done in that moment.
    """
    here: Meeting | None = st.session_state.get("agenda")
    if here is None:
        return
    known: dict[str, str] = st.session_state.setdefault("agenda_boxes", {})
    seen: dict[str, str] = {}

    def said(key: str, before: str) -> str:
        seen[key] = str(st.session_state.get(key, before) or "").strip()
        # A box nobody typed into may show what another lead has changed since.
        return seen[key] if seen[key] != known.get(key, before) else before

    on, was = here.held_on, here.voice
    picks = tuple(
        replace(p, teller=said(f"teller-{on}-{p.story}", p.teller), note=said(f"note-{on}-{p.story}", p.note))
        for p in here.picks
    )
    kind = said(f"voice-{on}", was.kind if was else "")
    whose = said(f"voice-story-{on}", was.story if was else "")
    words = said(f"voice-words-{on}", was.words if was else "")
    voice = CustomerVoice(VoiceKind(kind), whose, words) if kind else None
    if (picks, voice) != (here.picks, was):
        change(picks=picks, voice=voice)
    known.update(seen)  # last: stopped before, it is looked at again


def save() -> None:
    """Save the agenda on the desk, with what was typed last; where somebody saved first, keep both in sight."""
    take_typed()
    person = desk.viewer()
    if not person.leads:
        st.session_state.agenda_trouble = "Only the team lead saves the agenda."
        return
    st.session_state.pop("agenda_trouble", None)
    try:
        take(records().meetings.save(st.session_state.agenda, person.name, at=desk.library().now))
    except MeetingChangedError as error:
        st.session_state.agenda_clash = error
    except RecordsError as error:
        st.session_state.agenda_trouble = str(error)
