"""Care: what somebody should look at on the shelf, each with the one click that settles it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from library.coverage import care
from library.pages import agenda, desk, parts, steps
from library.pages import telling as after
from library.people import display_name
from library.records.entries import Telling
from library.story import Status, Story
from library.tally import Tally
from library.wording import day

_SHOWN = 5


def show() -> None:
    """The view."""
    kept, shelf, today = agenda.records(), desk.shelf(), desk.library().today
    tellings, meetings = kept.tellings.all(), kept.meetings.all()
    notes = [note for note in kept.notes.all() if note.open]
    due = care.due_for_check(shelf, today, tellings)
    waiting, ending = care.waiting(shelf), care.ending(shelf, today)
    often, never = care.overused(shelf, today, tellings), care.never_told(shelf, today, tellings, meetings)
    if notes:
        _part("Somebody said something", len(notes))
        for note in notes:
            st.markdown(f"**{agenda.title(note.story)}**")
            after.note_to_settle(note)
    if due:
        _part("Due for a check", len(due))
        _listed(due, lambda story: _due(story, tellings))
    if waiting:
        _part("Not published yet", len(waiting))
        _listed(waiting, _waiting)
    if ending:
        _part("Their time is nearly over", len(ending))
        _listed(ending, _ending)
    if often:
        _part("Told too often", len(often))
        for use in often:
            _line(use.story, f"told {use.told} of {use.of} times in {care.RECENT_DAYS} days")
            _instead(use.story, {rest.id for rest in never})
    if never:
        _part("Never told", len(never))
        _listed(never, lambda story: _line(story, _heard(story)))
    surprising = care.surprises(shelf, today)
    if surprising:
        _part("Reasons our training lacks", len(surprising))
        _listed(surprising, lambda story: _line(story, _masked(story).surprise))
    if not (notes or due or waiting or ending or often or never):
        st.info("Nothing waits for you here.", icon=":material/task_alt:")


def _part(name: str, count: int) -> None:
    st.subheader(f"{name} ({count})", anchor=False)


def _listed(stories: Sequence[Story], one: Callable[[Story], None]) -> None:
    for story in stories[:_SHOWN]:
        one(story)
    if stories[_SHOWN:]:
        with st.expander(f"{len(stories) - _SHOWN} more"):
            for story in stories[_SHOWN:]:
                one(story)


def _masked(story: Story) -> Story:
    return agenda.story_named(story.id) or story


def _line(story: Story, words: str) -> None:
    seen = _masked(story)
    parts.story_link(story, f"**{parts.prose(seen.title)}**")
    said = " · ".join(part for part in (display_name(seen), words) if part)
    st.caption(parts.prose(said))


def _due(story: Story, tellings: Sequence[Telling]) -> None:
    told = Tally.of(telling for telling in tellings if telling.story == story.id)
    checked = f"last checked {day(story.verified_on)}" if story.verified_on else "never checked"
    who = story.owner or story.told_by or "nobody"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width=420):
            _line(story, " · ".join(part for part in (checked, f"{who} knows them", told.sentence) if part))
        with st.container(horizontal=True, width="content"):
            steps.verify_button(story, f"verify-{story.id}")
            steps.retire_popover(story, f"retire-due-{story.id}")


def _ending(story: Story) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width=420):
            _line(story, f"until {day(story.expires)}" if story.expires else "")
        with st.container(horizontal=True, width="content"):
            steps.extend_popover(story, f"extend-{story.id}")
            steps.retire_popover(story, f"retire-ending-{story.id}")


def _waiting(story: Story) -> None:
    stands = "in review" if story.status is Status.REVIEW else "a draft"
    heard = f"heard {day(story.heard_on)}" if story.heard_on else ""
    by = f"by {story.told_by}" if story.told_by else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width=420):
            _line(story, " · ".join(part for part in (f"{stands} {by}".strip(), heard) if part))
        if story.status is Status.REVIEW:
            way = {"story": story.id}
            st.page_link(desk.LOOK, label="Look at it", icon=":material/rate_review:", query_params=way)


def _heard(story: Story) -> str:
    return f"heard {day(story.heard_on)} by {story.told_by or 'nobody'}" if story.heard_on else ""


def _instead(story: Story, resting: set[str]) -> None:
    """Stories like it that nobody told yet."""
    running = desk.library()
    alike = running.state.search.similar(story.id, running.today, 6) if running.ready else []
    rested = [other for other in alike if other in resting][:2]
    if rested:
        st.caption(f"Like it, and never told: {'; '.join(agenda.title(other) for other in rested)}")
