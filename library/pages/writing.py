"""The form of a story being written: each box kept as it is left, with the check that looks at it underneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from library.capture.form import DATES, LISTS, RIGHTS, beat_field
from library.capture.guide import asked_for
from library.checks.findings import Checked, Finding, Verdict
from library.pages import desk, parts
from library.pages.browser import listen_button
from library.records.drafts import Draft, Written
from library.records.entries import RecordsError
from library.story import HEADINGS, Beat, ShowAs
from library.vocabulary import SIZES

NOTES, STORY, FACTS, SEND = "Notes", "Story", "Facts", "Check and send"
STEPS = (NOTES, STORY, FACTS, SEND)
"""The steps of a story being written, as they are called on the page and in its address."""
ICONS = {
    Verdict.PASS: ":material/check_circle:",
    Verdict.ADVISE: ":material/lightbulb:",
    Verdict.BLOCK: ":material/error:",
}
LABELS: Mapping[str, str] = {
    "title": "Title",
    "customer": "Customer",
    "alias": "What to call them where the name may not be said",
    "heard_from": "Heard from",
    "near_miss": "What they nearly did",
    "surprise": "What surprised you",
    "announced_to": "Whom they told",
    "not_for": "For whom it is no story",
    "quote": "Their very words",
    "notes": "Your notes",
    **{beat_field(beat): heading for beat, heading in HEADINGS.items()},
}
"""How the boxes for texts are called: also by the browser, which keeps what is typed under its label."""
_SHOWN: Mapping[str, str] = {
    ShowAs.NAMED: "Everybody, aloud and in writing",
    ShowAs.VERBAL: "Everybody here; aloud only",
    ShowAs.ANONYMISED: "Only you and the lead; others say the alias",
    ShowAs.INTERNAL: "Nobody outside: for us only",
}
_RIGHTS: Mapping[str, str] = {
    "may_name_aloud": "Say the name aloud",
    "may_name_in_writing": "Write the name",
    "may_logo": "Show the logo",
    "may_quote": "Quote their words",
    "may_metric": "Pass on their figures",
    "may_recording": "Play the recording",
    "may_call": "Let a prospect call them",
}
_HOW = ("call", "meeting", "recording", "survey", "second-hand")
_MAY = ("yes", "ask first", "no")
_TALL = 140


def field_key(draft: Draft, name: str) -> str:
    """The key of a box."""
    return f"tell-{draft.id}-{name}"


def keep_typed(draft_id: str) -> None:
    """Write into the draft what its boxes hold by now, at once; what is kept already is left as it is.

    Streamlit stops a callback where the next box is left in the same moment, and does not call it again: so this looks
    at every box, and the page does it too, each time it begins.
    """
    known = _known(draft_id)
    held = {
        name: _held(st.session_state[key]) for name in known if (key := f"tell-{draft_id}-{name}") in st.session_state
    }
    changed = {name: value for name, value in held.items() if value != known[name]}
    if not changed:
        return
    library = desk.library()
    try:
        there = library.records.drafts.keep(draft_id, desk.viewer().name, changed, at=library.now)
    except RecordsError as error:
        st.toast(f"Not kept: {error}", icon=":material/error:")
        return
    known.update(changed)
    if not there:
        st.toast("This draft was thrown away or sent in another window.", icon=":material/error:")


def _known(draft_id: str) -> dict[str, Written]:
    """What this window knows to be kept of each box it showed."""
    known: dict[str, Written] = st.session_state.setdefault(f"kept-{draft_id}", {})
    return known


def _held(value: Any) -> Written:  # noqa: ANN401 - whatever a widget holds
    """What a box holds, as a draft keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value or ""


def keep_all(draft: Draft, changed: dict[str, Written]) -> bool:
    """Keep what a button changed; the boxes show it from then on."""
    library = desk.library()
    try:
        there = library.records.drafts.keep(draft.id, desk.viewer().name, changed, at=library.now)
    except RecordsError as error:
        st.toast(f"Not kept: {error}", icon=":material/error:")
        return False
    for name in changed:
        _known(draft.id).pop(name, None)
        st.session_state.pop(field_key(draft, name), None)
    return there


def notes_box(draft: Draft) -> None:
    """The box for notes and transcripts."""
    key = _begin(draft, "notes")
    st.text_area(
        LABELS["notes"],
        key=key,
        height=260,
        max_chars=400_000,
        placeholder="Paste what you wrote down, in any order. A transcript will do.",
        on_change=keep_typed,
        args=(draft.id,),
    )


def first_win(draft: Draft) -> None:
    """The day of the first win."""
    _day(draft, "first_win_on", "First win on, or expected on")


def box(draft: Draft, name: str, *, tall: bool = False, asked: str = "", example: str = "") -> str:
    """A box for a text."""
    key = _begin(draft, name)
    more: dict[str, Any] = {"key": key, "placeholder": example, "on_change": keep_typed, "args": (draft.id,)}
    if tall:
        st.text_area(LABELS[name], height=_TALL, max_chars=4000, help=asked or None, **more)
    else:
        st.text_input(LABELS[name], max_chars=300, help=asked or None, **more)
    return str(st.session_state.get(key) or "")


def labels(draft: Draft) -> dict[str, str]:
    """What the server has of each text, by its box's label."""
    return {label: str(draft.written.get(name) or "").strip() for name, label in LABELS.items()}


def beats(draft: Draft, checked: Checked) -> None:
    """The seven boxes, each with the question that fills it and what the check says."""
    for beat in Beat:
        question = asked_for(beat)
        box(draft, beat_field(beat), tall=True, asked=question.listen_for, example=question.asked)
        if checked.piece.beats.get(beat):
            said_underneath([f for f in checked.findings if f.beat is beat and f.verdict is not Verdict.PASS])


def said_underneath(findings: list[Finding]) -> None:
    """What the checks say, a line each."""
    for finding in findings:
        st.caption(f"{ICONS[finding.verdict]} **{finding.check}** {parts.prose(finding.sentence)}")


def facts(draft: Draft) -> None:
    """What is known beside the telling."""
    vocabulary = desk.shelf().vocabulary

    def named(kind: str) -> Callable[[str], str]:
        return lambda value: vocabulary.label(kind, value)

    box(draft, "title", example="What changed or hurt, in at most ten words", asked="Never the product.")
    st.subheader("The customer", anchor=False)
    box(draft, "customer", asked="Only you and the lead see the name until you say below who may.")
    box(draft, "alias", example="a 1,200-bed hospital group in Norway")
    _choices(draft, "also_called", "Other words that give them away", [], added=True)
    with st.container(horizontal=True):
        _choice(draft, "industry", "Industry", [t.id for t in vocabulary.of_kind("industry")], named("industry"))
        _choice(draft, "country", "Country", [t.id for t in vocabulary.of_kind("country")], named("country"))
        _choice(draft, "size", "People", list(SIZES))
    roles = [term.id for term in vocabulary.of_kind("role") if term.within]
    _choices(draft, "roles", "Roles of those who decided", roles, named("role"))
    _choice(draft, "change", "Kind of change", [t.id for t in vocabulary.of_kind("change")], named("change"))
    st.subheader("The talk", anchor=False)
    box(draft, "heard_from", example="Marit Aune, chief nursing officer")
    with st.container(horizontal=True):
        _day(draft, "heard_on", "Heard on")
        _choice(draft, "heard_how", "How", list(_HOW))
    _choices(draft, "contributors", "With help from", [], added=True)
    st.subheader("The deal", anchor=False)
    _choices(draft, "alternatives", "What else they could have done", ["do nothing"], added=True)
    box(draft, "near_miss")
    box(draft, "surprise", asked="A reason our own training does not name.")
    with st.container(horizontal=True):
        _day(draft, "critical_date", "Needed by")
        _day(draft, "first_win_on", "First win on")
    box(draft, "announced_to")
    box(draft, "not_for")
    _choices(draft, "tags", "Words somebody would search it by", [], added=True)
    st.subheader("What may be said", anchor=False)
    _choice(draft, "show_as", "Who may meet the name", list(_SHOWN), lambda value: _SHOWN[value])
    st.caption("What they allowed, as in: yes, by Marit Aune, until 2027-03-31. What nobody asked stays empty.")
    for pair in (RIGHTS[:2], RIGHTS[2:4], RIGHTS[4:6], RIGHTS[6:]):
        with st.container(horizontal=True):
            for name in pair:
                _choice(draft, name, _RIGHTS[name], list(_MAY), added=True)


def telling(checked: Checked) -> None:
    """The story as it would be told so far."""
    piece = checked.piece
    if not piece.text:
        return
    with st.expander(f"As it is told, {piece.minutes:.1f} minutes", icon=":material/auto_stories:"):
        if piece.title:
            st.markdown(f"**{parts.prose(piece.title)}**")
        for text in piece.beats.values():
            st.markdown(parts.prose(text))
        listen_button(piece.text, key="listen-draft")


def _choice(
    draft: Draft,
    name: str,
    label: str,
    options: list[str],
    shown: Callable[[str], str] = lambda value: value,
    *,
    added: bool = False,
) -> None:
    key = _begin(draft, name)
    there = st.session_state.get(key)
    st.selectbox(
        label,
        [*options, *([there] if there and there not in options else [])],
        index=None,
        key=key,
        format_func=shown,
        accept_new_options=added,
        placeholder="Choose",
        on_change=keep_typed,
        args=(draft.id,),
    )


def _choices(
    draft: Draft,
    name: str,
    label: str,
    options: list[str],
    shown: Callable[[str], str] = lambda value: value,
    *,
    added: bool = False,
) -> None:
    key = _begin(draft, name)
    there = list(st.session_state.get(key) or [])
    st.multiselect(
        label,
        list(dict.fromkeys([*options, *there])),
        key=key,
        format_func=shown,
        accept_new_options=added,
        placeholder="Type, then Enter" if added else "Choose",
        on_change=keep_typed,
        args=(draft.id,),
    )


def _day(draft: Draft, name: str, label: str) -> None:
    key = _begin(draft, name)
    st.date_input(
        label,
        value=None,
        key=key,
        format="YYYY-MM-DD",
        min_value=date(2000, 1, 1),
        on_change=keep_typed,
        args=(draft.id,),
    )


def _begin(draft: Draft, name: str) -> str:
    """The key of a box, filled from what was kept when the box is shown anew."""
    key = field_key(draft, name)
    if key not in st.session_state:
        value = draft.written.get(name)
        begun: Any = list(value or []) if name in LISTS else value or (None if name not in LABELS else "")
        if name in DATES:
            try:
                begun = date.fromisoformat(str(value)) if value else None
            except ValueError:
                begun = None
        _known(draft.id)[name] = _held(begun)
        st.session_state[key] = begun
    return key
