"""What the checks say of a story being written, the story it would repeat, and the two ways out."""

from __future__ import annotations

import streamlit as st

from library.capture.form import empty, story_of
from library.capture.twins import Twin, twin_of
from library.checks.checks import check
from library.checks.findings import Checked, Verdict
from library.checks.words import TEAMS_OWN, Words
from library.pages import desk, parts, steps, writing
from library.people import display_name, seen_by
from library.records.drafts import Draft
from library.records.entries import RecordsError
from library.saving import save_new
from library.shelf import Shelf, ShelfError
from library.story import HEADINGS, Status, Story


def made(draft: Draft, shelf: Shelf) -> Story:
    """The story as it stands in the form."""
    return story_of(draft.written, shelf.vocabulary, teller=draft.person, known=set(shelf.stories))


def held(story: Story) -> Checked:
    """The story held against the checks, with a team's own words where it has some."""
    shelf = desk.shelf()
    words = Words.load(shelf.vocabulary, desk.library().settings.stories / TEAMS_OWN)
    return check(story, words)


def check_and_send(draft: Draft, story: Story, checked: Checked) -> None:
    """What must be mended, what would be better, a twin, and the two ways out."""
    must, better = checked.of(Verdict.BLOCK), checked.of(Verdict.ADVISE)
    if must:
        st.subheader("Before it can be published", anchor=False)
        writing.said_underneath(must)
    if better:
        st.subheader("It would be better", anchor=False)
        writing.said_underneath(better)
    fine = len(checked.of(Verdict.PASS))
    st.caption(f"{writing.ICONS[Verdict.PASS]} {fine} of {len(checked.findings)} checks pass.")
    twin(story)
    with st.container(horizontal=True):
        st.button(
            "Send to the lead",
            type="primary",
            icon=":material/send:",
            disabled=not checked.publishable,
            on_click=send,
            args=(draft.id, Status.REVIEW),
            help=None if checked.publishable else "Mend what stands above first.",
        )
        st.button(
            "Put on the shelf as a draft",
            icon=":material/draft:",
            disabled=empty(draft.written),
            on_click=send,
            args=(draft.id, Status.DRAFT),
            help="You and the lead see it; nobody is offered it.",
        )


def twin(story: Story) -> None:
    """The story it would repeat."""
    running, shelf = desk.library(), desk.shelf()
    with st.spinner("Looking for one like it"):
        found = twin_of(story, shelf, running.state.search.meaning if running.ready else None)
    if found is None:
        return
    seen = seen_by(desk.viewer(), found.story)
    with st.container(border=True):
        st.markdown(f":material/content_copy: **{twin_sentence(found)}**")
        parts.story_link(seen, parts.prose(f"{seen.title} ({display_name(seen)})"))
        st.caption(parts.prose(differences(story, found)))


def twin_sentence(found: Twin) -> str:
    if found.same_customer:
        return "This customer has a story already. Would yours make that one better?"
    return "A story on the shelf tells much the same."


def differences(story: Story, found: Twin) -> str:
    """What of the facts differs, and which parts say the same."""
    vocabulary = desk.shelf().vocabulary
    kinds = {"roles": "role"}
    said = []
    for key in found.differs:
        mine, theirs = getattr(story, key), getattr(found.story, key)
        kind = kinds.get(key, key)
        shown = [vocabulary.label(kind, value[0] if isinstance(value, tuple) else value) for value in (mine, theirs)]
        said.append(f"{shown[0]} instead of {shown[1]}")
    same = ", ".join(HEADINGS[beat] for beat in found.same_beats)
    differ = f"Differs: {'; '.join(said)}." if said else "Its facts are the same."
    return f"{differ} Much alike: {same}." if same else differ


def send(draft_id: str, status: Status) -> None:
    """Write the story's file, once, and let the draft go."""
    library, person = desk.library(), desk.viewer()
    try:
        draft = library.records.drafts.get(draft_id, person.name)
        if draft is None:
            st.toast("This draft was sent already.", icon=":material/info:")
            return
        shelf_now = library.shelf
        story = story_of(draft.written, shelf_now.vocabulary, teller=person.name, known=set(shelf_now.stories))
        if status is Status.REVIEW and not held(story).publishable:
            st.toast("Something still keeps it from being published.", icon=":material/error:")
            return
        written = save_new(story, library.settings.stories)
        library.records.drafts.throw_away(draft_id, person.name)
    except (RecordsError, ShelfError, OSError) as error:
        st.toast(f"Nothing was sent; your draft is kept. {parts.prose(str(error))}", icon=":material/error:")
        return
    if status is Status.REVIEW and not steps.take(lambda reviewer: reviewer.send(written.id), "Sent."):
        status = Status.DRAFT
    steps.catch_up()
    del st.query_params["draft"]
    st.session_state.sent = written.id, status.value
