"""After the call: told it, to whom, how it landed. Two taps, from a phone too."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import streamlit as st

from library.pages import desk
from library.records.entries import Audience, Concern, Feedback, Landed, RecordsError
from library.story import Story
from library.tally import Tally

_LANDED = {
    Landed.LEANED_IN: ("Leaned in", ":material/sentiment_satisfied:"),
    Landed.POLITE: ("Polite", ":material/sentiment_neutral:"),
    Landed.FELL_FLAT: ("Fell flat", ":material/sentiment_dissatisfied:"),
}
_DOUBTS = {
    Concern.MAY_NOT_BE_SAID: "Somebody says this may not be said. Ask the team lead first.",
    Concern.WRONG: "Somebody says something in this story is wrong. Ask its teller first.",
}
TROUBLE = "This could not be recorded. Try again in a moment."


def used(story_id: str, did: str) -> None:
    """Record that a story of the last answer was "opened" or "copied"; others are nobody's answer."""
    ask, results = st.session_state.get("last_ask", ("", ()))
    if story_id in results:
        with suppress(RecordsError):
            desk.library().records.asks.used(ask, story_id, did, at=desk.library().now)


def tally(story_id: str) -> Tally:
    """What came of a story so far."""
    try:
        return Tally.of(desk.library().records.tellings.all(story=story_id))
    except RecordsError:
        return Tally()


def told_counts() -> Counter[str]:
    """How often each story was told to prospects; none while the records are out of reach."""
    try:
        tellings = desk.library().records.tellings.all()
    except RecordsError:
        return Counter()
    return Counter(telling.story for telling in tellings if telling.audience is Audience.PROSPECT)


def doubts(story_id: str) -> None:
    """Warn when somebody said that the story is wrong, or may not be told, and no lead has looked yet."""
    try:
        open_notes = [note for note in desk.library().records.notes.all(story=story_id) if note.open]
    except RecordsError:
        return
    for concern, sentence in _DOUBTS.items():
        if any(note.concern is concern for note in open_notes):
            st.warning(sentence, icon=":material/front_hand:")


def told_it(story: Story, key: str) -> None:
    """The button that records a telling: one tap opens it, the next says how it landed."""
    done = st.session_state.get(f"{key}-told")
    with st.popover("Noted" if done else "Told it", icon=":material/check:" if done else ":material/campaign:"):
        if done:
            st.markdown("Noted, thank you.")
            st.pills(
                "What had you expected? (optional)",
                list(_LANDED),
                format_func=lambda landed: _LANDED[landed][0],
                key=f"{key}-expected",
                on_change=_add,
                args=(key,),
            )
            st.text_input("What did they ask next? (optional)", key=f"{key}-next", on_change=_add, args=(key,))
            st.button("Take it back", icon=":material/undo:", key=f"{key}-undo", on_click=_take_back, args=(key,))
            if _may_thank(story):
                _thanks(story, f"{key}-after")
            return
        _name(f"{key}-teller")
        st.text_input("To whom (optional)", key=f"{key}-whom", placeholder="A plant manager, a bank …")
        st.markdown("How did it land?")
        for landed, (label, icon) in _LANDED.items():
            st.button(
                label,
                icon=icon,
                key=f"{key}-{landed}",
                width="stretch",
                on_click=_note,
                args=(key, story.id, landed),
            )


def say_something(story: Story, key: str) -> None:
    """The button for what somebody thinks of a story: it goes to the team lead."""
    if st.session_state.get(f"{key}-said"):
        st.caption(":material/check: Thank you. The team lead sees it.")
        return
    with st.popover("Say something", icon=":material/flag:", help="Wrong, stale, unclear, great: it goes to the lead."):
        _name(f"{key}-critic")
        concern = st.pills("This story is", list(Concern), format_func=str.capitalize, key=f"{key}-what")
        st.text_input("Why (optional)", key=f"{key}-why")
        st.button("Send", key=f"{key}-send", disabled=concern is None, on_click=_feedback, args=(key, story.id))


def say_thanks(story: Story, key: str) -> None:
    """The button that thanks whoever brought a story; they read it with what else came of it."""
    if st.session_state.get(f"thanked-{story.id}"):
        st.caption(":material/favorite: Your thanks are said.")
    elif _may_thank(story):
        with st.popover("Say thanks", icon=":material/favorite:"):
            _name(f"{key}-thanks")
            _thanks(story, key)


def _may_thank(story: Story) -> bool:
    """Whether there is somebody to thank, and it is not oneself."""
    thanked = st.session_state.get(f"thanked-{story.id}")
    return bool(story.told_by) and story.told_by != desk.viewer().name and not thanked


def _thanks(story: Story, key: str) -> None:
    st.text_input("A word to who brought it (optional)", key=f"{key}-words")
    st.button("Say thanks", icon=":material/favorite:", key=f"{key}-thank", on_click=_thank, args=(key, story.id))


def open_feedback(story: Story) -> None:
    """For the lead: what people said of this story and nobody has looked at."""
    try:
        notes = [note for note in desk.library().records.notes.all(story=story.id) if note.open]
    except RecordsError:
        return
    for note in notes:
        note_to_settle(note)


def note_to_settle(note: Feedback) -> None:
    """What somebody said of a story, and the lead's click that settles it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(f"{note.person}: {note.concern.value}. {note.words}".strip())
        st.button("Looked at", icon=":material/check:", key=f"note-{note.id}", on_click=_settle, args=(note.id,))


def _name(key: str) -> None:
    """Ask for a name where nobody said it; the person is here by that name from then on."""
    if not desk.viewer().name:
        st.text_input("Your name", key=f"{key}-name")


def _person(key: str) -> str:
    name = desk.viewer().name or str(st.session_state.get(f"{key}-name") or "").strip()
    if name:
        st.session_state.person_name = name
    else:
        st.toast("Say your name first.", icon=":material/person_alert:")
    return name


def _note(key: str, story_id: str, landed: Landed) -> None:
    if not (person := _person(f"{key}-teller")):
        return
    whom = str(st.session_state.get(f"{key}-whom") or "").strip()
    try:
        told = desk.library().records.tellings.add(person, story_id, at=desk.library().now, landed=landed, whom=whom)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")
        return
    st.session_state[f"{key}-told"] = told.id, person
    st.toast("Noted.", icon=":material/check:")


def _add(key: str) -> None:
    """Add to a telling what was not said at once."""
    telling, person = st.session_state[f"{key}-told"]
    said = str(st.session_state.get(f"{key}-next") or "").strip()
    expected: Landed | None = st.session_state.get(f"{key}-expected")
    try:
        desk.library().records.tellings.complete(telling, person, asked_next=said, expected=expected)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")


def _take_back(key: str) -> None:
    telling, person = st.session_state[f"{key}-told"]
    try:
        desk.library().records.tellings.take_back(telling, person, at=desk.library().now)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")
        return
    del st.session_state[f"{key}-told"]


def _feedback(key: str, story_id: str) -> None:
    concern = st.session_state.get(f"{key}-what")
    if concern is None or not (person := _person(f"{key}-critic")):
        return
    why = str(st.session_state.get(f"{key}-why") or "").strip()
    try:
        desk.library().records.notes.add(person, story_id, concern, at=desk.library().now, words=why)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")
        return
    st.session_state[f"{key}-said"] = True


def _thank(key: str, story_id: str) -> None:
    if not (person := _person(f"{key}-thanks")):
        return
    words = str(st.session_state.get(f"{key}-words") or "").strip()
    try:
        desk.library().records.notes.add(person, story_id, Concern.GREAT, at=desk.library().now, words=words)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")
        return
    st.session_state[f"thanked-{story_id}"] = True
    st.toast("Your thanks are said.", icon=":material/favorite:")


def _settle(note_id: str) -> None:
    person = desk.viewer()
    if not person.leads:
        return
    try:
        desk.library().records.notes.settle(note_id, person.name, at=desk.library().now)
    except RecordsError:
        st.toast(TROUBLE, icon=":material/error:")
