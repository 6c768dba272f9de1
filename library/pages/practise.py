"""Practise: read a story, hide it, tell it, and hear what was left out; one's own until it is shared."""

from __future__ import annotations

import streamlit as st

from library.masking import masked
from library.pages import agenda, desk, parts
from library.pages.browser import clock, dictation, listen_button
from library.people import may_see_name, seen_by
from library.practice.feedback import Feedback, feedback, since
from library.practice.judge import Told
from library.practice.spacing import Memory, after
from library.records.entries import Attempt, RecordsError
from library.story import Beat, Story
from library.wording import day, many

SHOWN = {
    Told.TOLD: (":material/check_circle:", "told"),
    Told.PARTLY: (":material/timelapse:", "only touched"),
    Told.MISSING: (":material/radio_button_unchecked:", "left out"),
}


def hear(story: Story, whole: Story) -> None:
    """Judge what was told, and keep it."""
    said = str(st.session_state.get(f"said-{story.id}") or "")
    st.session_state[f"attempt-{story.id}"] = None
    running = desk.library()
    try:
        heard = feedback(said, whole, running.judge, shelf.vocabulary, running.today)
    except ValueError as error:
        st.session_state[f"heard-{story.id}"] = None
        st.toast(str(error), icon=":material/edit:")
        return
    before = kept.practice.of(viewer.name, story=story.id) if viewer.name else []
    st.session_state[f"heard-{story.id}"] = heard
    st.session_state[f"before-{story.id}"] = before[-1] if before else None
    if not viewer.name:
        return
    try:
        attempt = kept.practice.add(
            viewer.name,
            story.id,
            said,
            at=running.now,
            minutes=heard.minutes,
            beats={beat.value: told.value for beat, told in heard.beats.items()},
            flags=heard.flags,
        )
        held = next((h for h in kept.practice.held(viewer.name) if h.story == story.id), None)
        memory = after(Memory(held.card, held.due) if held else None, heard, running.now)
        kept.practice.hold(viewer.name, story.id, memory.card, memory.due)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.session_state[f"attempt-{story.id}"] = attempt.id


def for_one_alone() -> None:
    """What somebody with a name told is not for the next one here."""
    if st.session_state.get("practice_of", "") not in {"", viewer.name}:
        for name in map(str, st.session_state):
            if name.startswith(("said-", "heard-", "before-", "attempt-")):
                st.session_state[name] = "" if name.startswith("said-") else None
    st.session_state.practice_of = viewer.name


def hide(story: str) -> None:
    st.session_state[f"hide-{story}"] = True


def share(attempt: str) -> None:
    try:
        shared = kept.practice.share(attempt, viewer.name)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.toast("Shared." if shared else "Its words were erased; there is nothing to share.", icon=":material/share:")


def mark(attempt: str) -> None:
    try:
        if viewer.leads and kept.practice.mark(attempt, viewer.name):
            st.toast("It is the example to hear now.", icon=":material/check:")
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")


def show(heard: Feedback, story: Story) -> None:
    """The one thing first, then beat by beat."""
    st.success(heard.next_time, icon=":material/trending_up:") if heard.whole and not heard.slips else st.info(
        heard.next_time, icon=":material/trending_up:"
    )
    before: Attempt | None = st.session_state.get(f"before-{story.id}")
    line = [f"{heard.told} of {len(heard.beats)} parts told", f"{heard.minutes:.1f} minutes"]
    if before:
        earlier = {Beat(beat): Told(told) for beat, told in before.beats.items()}
        line += [since(earlier, heard, before.minutes).sentence or "as much as last time"]
    st.caption(parts.prose(" · ".join(line)))
    for beat, told in heard.beats.items():
        icon, word = SHOWN[told]
        if told is Told.TOLD:
            st.markdown(f"{icon} **{beat.heading}** {word}")
        else:
            with st.expander(f"{icon} **{beat.heading}** {word}"):
                st.markdown(parts.prose(story.beat(beat)))
    for change in heard.changed:
        st.markdown(f":material/edit_note: {parts.prose(change.sentence)}")
    for slip in heard.slips:
        st.markdown(f":material/lock: {parts.prose(slip)} may not be said aloud.")
    # "Four" is right in any telling.
    if figures := [said for said in heard.right if " " in said or (not said.isalpha() and len(said) > 1)]:
        st.caption(parts.prose(f"Numbers right: {', '.join(figures)}"))
    if not heard.by_meaning:
        st.caption("Judged by the words alone: the model is not loaded.")


def afterwards(story: Story) -> None:
    """Share it, and when it comes back."""
    attempt = st.session_state.get(f"attempt-{story.id}")
    if not viewer.name:
        st.caption("Say who you are at the foot of the page, and your tellings are kept for you alone.")
        return
    held = next((h for h in kept.practice.held(viewer.name) if h.story == story.id), None)
    if held:
        st.caption(f":material/event_repeat: It comes back on {day(held.due)}.")
    if attempt in {shared.id for shared in kept.practice.shared(story=story.id)}:
        st.caption(":material/share: Your lead can read it.")
    elif attempt:
        st.caption("What you said is yours alone. Your lead sees only how many parts of a story you tell.")
        st.button("Share it with the lead", icon=":material/share:", on_click=share, args=(attempt,))


def examples(story: Story) -> None:
    """What was shared: the examples for everybody, the rest for the lead."""
    for shared in kept.practice.shared(story=story.id):
        if not (shared.example_by or viewer.leads):
            continue
        name = f"Hear {shared.person} tell it" if shared.example_by else f"{shared.person} shared this"
        with st.expander(parts.prose(name), icon=":material/headphones:"):
            told = shared.text if may_see_name(viewer, story) else masked(shared.text, story)
            st.markdown(parts.prose(told))
            listen_button(told, key=f"listen-{shared.id}")
            if viewer.leads and not shared.example_by:
                st.button(
                    "The example to hear",
                    icon=":material/star:",
                    key=f"mark-{shared.id}",
                    on_click=mark,
                    args=(shared.id,),
                )


def history(story: Story) -> None:
    """Earlier tellings, for their person alone."""
    mine = kept.practice.of(viewer.name, story=story.id) if viewer.name else []
    if len(mine) > 1:
        with st.expander(f"Your {many(len(mine), 'telling')}", icon=":material/history:"):
            for attempt in reversed(mine):
                parts_told = f"{attempt.told} of {len(attempt.beats)} parts, {attempt.minutes:.1f} minutes"
                st.markdown(f"**{day(attempt.at.date())}** {parts_told}")


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
kept = agenda.records()
for_one_alone()
story_id = st.query_params.get("story", "")
whole = shelf.get(story_id)
if whole is None or whole not in shelf.browsable(today):
    st.title("Practise", anchor=False)
    st.info("No such story may be practised here. Choose one of yours.", icon=":material/search_off:")
    st.page_link(desk.LEARN, label="Your stories", icon=":material/school:")
else:
    story = seen_by(viewer, whole)
    st.title(parts.prose(story.title), anchor=False)
    st.markdown(f"**{parts.whose(story)}**")
    parts.for_us_only(story)
    hidden = st.toggle("Hide the story", key=f"hide-{story.id}", help="Read it once or twice, hide it, then tell it.")
    if not hidden:
        with st.container(horizontal=True):
            listen_button(story.telling, key=f"listen-{story.id}")
            parts.media_links(story)
        parts.telling(story)
        st.button(
            "Hide it and tell it", type="primary", icon=":material/visibility_off:", on_click=hide, args=(story.id,)
        )
        examples(whole)
    else:
        clock(key=f"clock-{story.id}")
        desk.state()
        spoken = dictation(key=f"dictation-{story.id}")
        if spoken and spoken != st.session_state.get(f"spoken-{story.id}"):
            st.session_state[f"spoken-{story.id}"] = spoken
            before_it = str(st.session_state.get(f"said-{story.id}") or "")
            st.session_state[f"said-{story.id}"] = f"{before_it} {spoken}".strip()
        st.text_area(
            "Tell it",
            key=f"said-{story.id}",
            height=240,
            max_chars=6000,
            persist_state="session",
            placeholder="As you would say it to somebody: who it happened to, what changed …",
        )
        if st.button("How was it?", type="primary", icon=":material/hearing:"):
            with st.spinner("Listening"):
                hear(story, whole)
        if heard := st.session_state.get(f"heard-{story.id}"):
            show(heard, story)
            afterwards(story)
            history(story)
    st.page_link(desk.LEARN, label="Your stories", icon=":material/school:")
