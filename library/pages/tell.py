"""Tell a story: from notes, in ninety seconds, or whole; kept while it is written, then sent to the lead."""

from __future__ import annotations

import time
from functools import partial

import streamlit as st

from library.capture.form import QUOTE, beat_field, empty
from library.capture.guide import QUESTIONS, guide, guide_pdf
from library.pages import agenda, desk, parts, placing, sending, writing
from library.pages.browser import keeper
from library.pages.writing import NOTES, STORY
from library.records.drafts import Draft
from library.records.entries import RecordsError
from library.review.workflow import StepError, may_change
from library.shelf import ShelfError
from library.story import Beat, Status, Story
from library.wording import day

STUB = "In 90 seconds"


def begin(step: str) -> None:
    """Begin a new draft and open it."""
    library = desk.library()
    try:
        draft = library.records.drafts.begin(viewer.name, at=library.now)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
        return
    st.query_params["draft"] = draft.id
    st.session_state[f"step-{draft.id}"] = step


def open_draft(draft_id: str) -> None:
    st.query_params["draft"] = draft_id


def throw_away(draft_id: str) -> None:
    """Delete a draft of one's own."""
    try:
        desk.library().records.drafts.throw_away(draft_id, viewer.name)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
        return
    if st.query_params.get("draft") == draft_id:
        del st.query_params["draft"]
    st.toast("Thrown away.", icon=":material/delete:")


# --- the beginning ----------------------------------------------------------------------------------------------------


def chooser() -> None:
    """Three ways to begin, the guide to take along, and what one was writing."""
    st.markdown("After a win, ask: **what made you decide that way?** Then bring it here.")
    with st.container(horizontal=True):
        st.button("From my notes", type="primary", icon=":material/notes:", on_click=begin, args=(NOTES,))
        st.button(STUB, icon=":material/timer:", on_click=begin, args=(STUB,))
        st.button("The whole story", icon=":material/edit_note:", on_click=begin, args=(STORY,))
    drafts = kept.drafts.of(viewer.name)
    if drafts:
        st.subheader("Go on writing", anchor=False)
    for draft in drafts:
        with st.container(border=True):
            st.markdown(f"**{parts.prose(called(draft))}**")
            st.caption(f"Last changed {day(draft.changed_at.date())}")
            with st.container(horizontal=True):
                st.button("Go on", icon=":material/edit:", key=f"on-{draft.id}", on_click=open_draft, args=(draft.id,))
                with st.popover("Throw away", icon=":material/delete:", type="tertiary", key=f"away-{draft.id}"):
                    st.markdown("It is gone for good.")
                    st.button("Throw it away", key=f"gone-{draft.id}", on_click=throw_away, args=(draft.id,))
    with st.expander("Nine questions for the call", icon=":material/quiz:"):
        for number, question in enumerate(QUESTIONS, start=1):
            st.markdown(f"{number}. **{parts.prose(question.asked)}**  \n:small[{parts.prose(question.listen_for)}]")
        with st.container(horizontal=True):
            st.download_button(
                "Print them",
                partial(guide_pdf, desk.library().now),
                "interview-guide.pdf",
                "application/pdf",
                icon=":material/print:",
                on_click="ignore",
            )
            st.download_button(
                "As text", guide(), "interview-guide.md", "text/markdown", icon=":material/download:", on_click="ignore"
            )


def called(draft: Draft) -> str:
    """What a draft is about, in a few words."""
    if title := str(draft.written.get("title") or "").strip():
        return title
    texts = [str(draft.written.get(name) or "") for name in (beat_field(Beat.CHANGE), QUOTE, "notes", "customer")]
    words = next((text.split() for text in texts if text.strip()), [])
    return " ".join(words[:10]) or "Nothing written yet"


# --- ninety seconds ---------------------------------------------------------------------------------------------------


def stub(draft: Draft) -> None:
    """The least a story can begin with: who, what changed, why, and when it first worked."""
    st.caption("What you know now is enough. The rest can follow.")
    writing.box(draft, "customer")
    writing.box(
        draft, beat_field(Beat.CHANGE), tall=True, example="What happened to them that they had not chosen, and when?"
    )
    writing.box(
        draft, QUOTE, example="“I would rather know the bad number at noon.”", asked="Why they decided, word for word."
    )
    writing.first_win(draft)
    with st.container(horizontal=True):
        st.button(
            "Put on the shelf as a draft",
            type="primary",
            icon=":material/draft:",
            disabled=empty(draft.written),
            on_click=sending.send,
            args=(draft.id, Status.DRAFT),
            help="You and the lead see it; nobody is offered it.",
        )
        st.button("Write it whole", icon=":material/edit_note:", on_click=go_to, args=(draft.id, STORY))


# --- step by step -----------------------------------------------------------------------------------------------------


def write(draft: Draft) -> None:
    """One step of a draft at a time."""
    # In the address, so that a reload shows the box again whose words only the browser has yet.
    linked = st.query_params.get("step", "")
    begun = STORY if draft.written.get(beat_field(Beat.WHO)) else NOTES
    step = st.session_state.setdefault(f"step-{draft.id}", linked if linked in {*writing.STEPS, STUB} else begun)
    st.query_params["step"] = step
    if step == STUB:
        stub(draft)
    else:
        st.segmented_control("Step", writing.STEPS, key=f"step-{draft.id}", label_visibility="collapsed", required=True)
        if sending.changed_by_hand(draft):
            return
        try:
            take_step(step, draft, sending.made(draft, shelf))
        except ShelfError as error:  # the text it began from; what was written stays in the draft
            st.error(parts.prose(str(error)), icon=":material/error:")
    keeper(draft.id, writing.labels(draft), key=f"keeper-{draft.id}")
    st.button("Close", icon=":material/arrow_back:", type="tertiary", on_click=close)


def take_step(step: str, draft: Draft, story: Story) -> None:
    """One of the steps, with the story as it stands in the form."""
    checked = sending.held_or_said(story)
    if draft.story:
        st.caption(f":material/edit: {parts.prose(story.title)}")
    if step == NOTES:
        placing.notes(draft)
    elif step == STORY:
        writing.beats(draft, checked)
        writing.telling(checked)
        sending.twin(story)
    elif step == writing.FACTS:
        writing.facts(draft)
    else:
        sending.check_and_send(draft, story, checked)


def close() -> None:
    """Back to the beginning; the draft is kept."""
    st.query_params.clear()


def change(story_id: str) -> None:
    """Open what one writes of a story that is on the shelf already."""
    del st.query_params["story"]
    story = shelf.get(story_id)
    if story is None or not may_change(viewer, story) or story.status not in {Status.DRAFT, Status.PUBLISHED}:
        st.info("This story is not yours to write, or it waits for review.", icon=":material/lock:")
        return
    try:
        st.query_params["draft"] = sending.begin_change(story, viewer).id
    except (RecordsError, ShelfError, StepError) as error:
        st.error(parts.prose(str(error)), icon=":material/error:")


def go_to(draft_id: str, step: str) -> None:
    st.session_state[f"step-{draft_id}"] = step


# --- sent -------------------------------------------------------------------------------------------------------------


def sent() -> None:
    """What became of the story that was just sent; for a while, whatever shows the page again meanwhile."""
    told = st.session_state.get("sent") or {}
    if time.monotonic() > told.get("until", 0.0):
        return
    done = {Status.REVIEW: "It waits for the lead.", Status.PUBLISHED: "The change waits; the story stays as it is."}
    said = done.get(told["status"], "It is on the shelf as a draft.")
    st.success(f"Thank you. {said}", icon=":material/check_circle:")
    st.page_link(desk.STORY, label="See it", icon=":material/menu_book:", query_params={"story": told["story"]})


shelf, viewer = desk.shelf(), desk.viewer()
st.title("Tell a story", anchor=False)
if not viewer.name:
    st.info("Say who you are at the foot of the page: a story has a teller.", icon=":material/person:")
    st.stop()
kept = agenda.records()
if "story" in st.query_params:
    change(st.query_params["story"])
writing.keep_typed(st.query_params.get("draft", ""))
draft = kept.drafts.get(st.query_params.get("draft", ""), viewer.name)
if draft is None:
    st.query_params.clear()
    sent()
    chooser()
else:
    write(draft)
