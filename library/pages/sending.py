"""What the checks say of a story being written, the story it would repeat, and the two ways out."""

from __future__ import annotations

import time

import streamlit as st

from library.capture.form import BASE, FACTS, LISTS, beat_field, empty, story_of, written_of
from library.capture.twins import Twin, Twins
from library.checks.checks import check
from library.checks.findings import Checked, Verdict
from library.checks.words import Words
from library.pages import desk, parts, steps, writing
from library.people import Person, display_name, seen_by
from library.reading import write_text
from library.records.drafts import Draft, Written
from library.records.entries import RecordsError
from library.review.merging import read_story
from library.review.workflow import StepError
from library.saving import ChangedError, replace_text, revised, save_new
from library.shelf import Shelf, ShelfError
from library.story import HEADINGS, Beat, Status, Story
from library.vocabulary import Vocabulary, VocabularyError

SHOWN = 120.0
"""Seconds the page says what became of a story that was sent."""


def made(draft: Draft, shelf: Shelf) -> Story:
    """The story as it stands in the form; raises ShelfError where the text it began from is none any more."""
    return story_of(
        draft.written,
        shelf.vocabulary,
        teller=draft.person,
        known=set(shelf.stories),
        base=_base(draft, shelf.vocabulary),
    )


def _base(draft: Draft, vocabulary: Vocabulary) -> Story | None:
    """The story of the shelf that a draft changes, as it stood when the change was begun."""
    return read_story(draft.story, str(draft.written[BASE]), "the file", vocabulary) if draft.story else None


def begin_change(story: Story, person: Person) -> Draft:
    """What this person was writing of a story of the shelf, else a draft that begins with its file as it stands."""
    library = desk.library()
    drafts = library.records.drafts
    if there := next((draft for draft in drafts.of(person.name) if draft.story == story.id), None):
        return there
    text = steps.reviewer().text(story.id)
    began = read_story(story.id, text, "the file", desk.shelf().vocabulary)
    return drafts.begin(person.name, at=library.now, story=story.id, written={**written_of(began), BASE: text})


def held(story: Story) -> Checked:
    """The story held against the checks, with a team's own words where it has some; raises VocabularyError."""
    return check(story, Words.beside(desk.shelf().vocabulary, desk.library().settings.stories))


def held_or_said(story: Story) -> Checked:
    """The same; where the team's words cannot be read the page says so and goes by the shipped ones."""
    try:
        return held(story)
    except VocabularyError as error:
        st.error(f"{parts.prose(str(error))} Until then nothing can be sent to the lead.", icon=":material/error:")
        return check(story, Words.load(desk.shelf().vocabulary))


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
    alike = st.container()  # filled last: the way out need not wait for it
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
            disabled=empty(draft.written) or story.status is not Status.DRAFT,
            on_click=send,
            args=(draft.id, Status.DRAFT),
            help="You and the lead see it; nobody is offered it.",
        )
    with alike:
        twin(story)


def twin(story: Story) -> None:
    """The story it would repeat, if there is one; by the customer alone while the model is loading."""
    running = desk.library()
    with st.spinner("Looking for one like it"):
        found = (running.twins if running.ready else Twins(desk.shelf(), None)).of(story)
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
    """Write the story's file, once, and let the draft go.

    All looks at session state come first: at each of them Streamlit may stop a callback for the next event.
    """
    writing.keep_typed(draft_id)
    library, person = desk.library(), desk.viewer()
    told: dict[str, object] = st.session_state.setdefault("sent", {})
    try:
        able = steps.reviewer()
        draft = library.records.drafts.get(draft_id, person.name)
        if draft is None:
            st.toast("This draft was sent already.", icon=":material/info:")
            return
        story = made(draft, library.shelf)
        if status is Status.REVIEW and not held(story).publishable:
            st.toast("Something still keeps it from being published.", icon=":material/error:")
            return
        story, status = _written(draft, story, status)
        library.records.drafts.throw_away(draft_id, person.name)
    except ChangedError as error:
        st.session_state[f"changed-{draft_id}"] = error.theirs
        return
    except (RecordsError, ShelfError, StepError, VocabularyError, OSError) as error:
        st.toast(f"Nothing was sent; your draft is kept. {parts.prose(str(error))}", icon=":material/error:")
        return
    told.update(story=story.id, status=status, until=time.monotonic() + SHOWN)
    if status is not Status.REVIEW:
        steps.catch_up()
    elif not steps.take(lambda reviewer: reviewer.send(story.id), "Sent.", able=able):
        told.update(status=Status.DRAFT)
    st.query_params.clear()


def _written(draft: Draft, story: Story, status: Status) -> tuple[Story, Status]:
    """The story put where it belongs: a file of its own, its own file anew, or a change that waits beside its file."""
    library = desk.library()
    base = _base(draft, library.shelf.vocabulary)
    if base is None:
        return save_new(story, library.settings.stories), status
    text = str(draft.written[BASE])
    changed = revised(text, base, story, library.shelf.vocabulary)
    if changed == text and status is not Status.REVIEW:
        raise ShelfError("Nothing is changed yet.")
    if base.status is Status.PUBLISHED:
        steps.reviewer().propose(story.id, changed, base_text=text)
        return story, Status.PUBLISHED
    folder, vocabulary = library.settings.stories, library.shelf.vocabulary
    return replace_text(folder, story.id, changed, vocabulary, instead_of=text.encode()), status


def changed_by_hand(draft: Draft) -> bool:
    """Both texts, where the file was changed while somebody wrote; says whether that is so."""
    theirs = st.session_state.get(f"changed-{draft.id}")
    if not theirs:
        return False
    st.warning("Somebody changed the story's file meanwhile. Nothing was written.", icon=":material/call_split:")
    with st.expander("The file as it stands now", expanded=True):
        st.code(str(theirs), language=None, wrap_lines=True)
    with st.expander("Yours"):
        try:
            st.code(write_text(made(draft, desk.shelf())), language=None, wrap_lines=True)
        except (ShelfError, ValueError) as error:
            st.markdown(parts.prose(str(error)))
    with st.container(horizontal=True):
        st.button("Keep mine, over theirs", on_click=_go_on, args=(draft, str(theirs), True))
        st.button("Begin again from theirs", on_click=_go_on, args=(draft, str(theirs), False))
    return True


def _go_on(draft: Draft, theirs: str, mine: bool) -> None:
    """Go on from the file as it stands: with what was written kept, or begun anew."""
    changed: dict[str, Written] = {BASE: theirs}
    try:
        began = read_story(draft.story, theirs, "the file", desk.shelf().vocabulary)
    except ShelfError as error:
        st.toast(f"Nothing was changed. {parts.prose(str(error))}", icon=":material/error:")
        return
    if not mine:
        nothing: dict[str, Written] = {**dict.fromkeys((*FACTS, *map(beat_field, Beat)), ""), **{k: [] for k in LISTS}}
        changed = {**nothing, **written_of(began), **changed}
    if writing.keep_all(draft, changed):
        st.session_state.pop(f"changed-{draft.id}", None)
