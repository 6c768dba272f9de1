"""A customer's own voice at the meeting: a recording or a guest, and whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import streamlit as st

from library.pages import agenda, desk
from library.people import display_name
from library.records.entries import Meeting, VoiceKind

_KINDS: Mapping[VoiceKind | None, str] = MappingProxyType(
    {None: "None this week", VoiceKind.RECORDING: "A recording", VoiceKind.GUEST: "A guest"}
)
_NOBODY: Mapping[VoiceKind, str] = MappingProxyType(
    {
        VoiceKind.RECORDING: "No story has a recording yet. Say below what you will play.",
        VoiceKind.GUEST: "No customer may be called yet. Say below whom you invite.",
    }
)


def show(here: Meeting) -> None:
    """A slot for it on the agenda."""
    day, now = here.held_on, here.voice
    with st.expander("A customer's own voice", icon=":material/mic:", expanded=now is not None):
        st.caption("A recording, or a guest for five minutes. Reading a story aloud is not the same.")
        st.segmented_control(
            "Voice",
            list(_KINDS),
            default=now.kind if now else None,
            format_func=_KINDS.__getitem__,
            label_visibility="collapsed",
            key=f"voice-{day}",
            on_change=_take,
            args=(day,),
        )
        if now is None:
            return
        options = _may_be_heard(now.kind, day)
        if not options:
            st.info(_NOBODY[now.kind], icon=":material/mic_off:")
        st.selectbox(
            "Whose",
            options,
            index=options.index(now.story) if now.story in options else None,
            format_func=_whose,
            placeholder="Choose a customer" if options else "Nobody yet",
            key=f"voice-story-{day}",
            on_change=_take,
            args=(day,),
        )
        st.text_input(
            "What to play, or whom to invite", now.words, key=f"voice-words-{day}", on_change=_take, args=(day,)
        )


def _may_be_heard(kind: VoiceKind, day: date) -> list[str]:
    """The stories whose customer can be heard so, those on the agenda first."""
    may = [
        story.id
        for story in desk.shelf().tellable(day)
        if (story.media_url if kind is VoiceKind.RECORDING else story.may_call in {"yes", "ask first"})
    ]
    return sorted(may, key=lambda story: (story not in agenda.on_desk().stories, agenda.title(story)))


def _take(day: date) -> None:
    """Take what the boxes say; whose voice it is begins with a story on the agenda."""
    agenda.take_typed()
    now = agenda.on_desk().voice
    if now is not None and now.story not in (options := _may_be_heard(now.kind, day)):
        agenda.change(voice=replace(now, story=options[0] if options else ""))


def _whose(story_id: str) -> str:
    """A customer to be heard, as the room may call them, and whether they must be asked first."""
    story = agenda.story_named(story_id)
    if story is None:
        return "A story that left the shelf"
    first = ", ask first" if story.may_call == "ask first" else ""
    return f"{display_name(story)}{first} (told by {story.told_by})"
