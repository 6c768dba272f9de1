"""Brief: what to take to one call, of one to three stories."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from library.conversation import Conversation
from library.pages import desk, parts
from library.pages import telling as after
from library.pages.browser import copy_button
from library.people import GUEST, seen_by
from library.sharing import documents
from library.sharing.callbrief import MOST_STORIES, BriefError, CallBrief, TheirWords, call_brief, their_words, why_not
from library.story import Story

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BOXES = ("brief_change", "brief_pain")


def asked_for() -> list[str]:
    """The ids in the address, and why those that cannot be taken are left out."""
    ids = [story_id for story_id in st.query_params.get("stories", "").split(",") if story_id]
    left_out = [(story_id, shelf.get(story_id)) for story_id in ids if story_id not in offered]
    for story_id, story in left_out:
        reason = why_not(story, today) if story else f"There is no story called “{story_id[:80]}” here."
        st.warning(parts.prose(reason), icon=":material/search_off:")
    return [story_id for story_id in dict.fromkeys(ids) if story_id in offered][:MOST_STORIES]


def choose() -> list[Story]:
    """The stories to take, kept in the address, so that it can be sent on."""
    address = st.query_params.get("stories", "")
    wanted = asked_for()
    if st.session_state.get("brief_address") != address or "brief_stories" not in st.session_state:
        st.session_state.brief_address, st.session_state.brief_stories = address, wanted
    st.session_state.brief_stories = [s for s in st.session_state.brief_stories if s in offered]
    chosen = st.multiselect(
        "Stories",
        list(offered),
        format_func=lambda story_id: seen_by(viewer, offered[story_id]).title,
        max_selections=MOST_STORIES,
        key="brief_stories",
        on_change=keep_in_address,
        placeholder="One to three stories",
    )
    return [offered[story_id] for story_id in chosen]


def keep_in_address() -> None:
    """Put what is chosen into the address."""
    address = ",".join(st.session_state.brief_stories)
    st.session_state.brief_address = st.query_params["stories"] = address


def fill_in() -> None:
    """Their change and pain from the last ask, unless somebody wrote over what stood there."""
    talk: Conversation | None = st.session_state.get("talk")
    own = talk is not None and st.session_state.get("talk_of", "") in {"", viewer.name}
    said = talk.situation.text if talk is not None and own else ""
    before = st.session_state.get("brief_filled", ("", "", ""))
    if said == before[0]:
        return
    words = their_words(said, shelf.vocabulary)
    for box, filled, now in zip(BOXES, before[1:], (words.change, words.pain), strict=True):
        if st.session_state.get(box, "") in {"", filled}:
            st.session_state[box] = now
    st.session_state.brief_filled = said, words.change, words.pain


def ask_for_words() -> tuple[TheirWords, str]:
    """The prospect's change and pain, and its name."""
    fill_in()
    change, pain = st.columns(2)
    with change:
        changed = st.text_area("Their change", key=BOXES[0], height=90, max_chars=600, persist_state="session")
    with pain:
        hurts = st.text_area("Their pain", key=BOXES[1], height=90, max_chars=600, persist_state="session")
    name = st.text_input(
        "The prospect", max_chars=80, placeholder="Optional", help="It stands on the paper and is kept nowhere."
    )
    return TheirWords(changed or "", hurts or ""), name or ""


def with_names(chosen: list[Story], words: TheirWords, prospect: str) -> CallBrief:
    """The brief in safe wording or, where somebody wants it and it differs, with the names they may say."""
    safe = call_brief(chosen, today, words, prospect, GUEST)
    own = call_brief(chosen, today, words, prospect, viewer)
    if own.cards == safe.cards:
        return safe
    wanted = st.toggle("For my eyes: with the names I may say aloud", help="Else it is safe to hand on.")
    return own if wanted else safe


def take(brief: CallBrief) -> None:
    """The brief on the clipboard, and as files."""
    file = f"call-brief{'-for-my-eyes' if brief.own_eyes else ''}-{today}"

    def taken() -> None:
        for card in brief.cards:
            after.used(card.story, "copied")

    forms: tuple[tuple[str, str, Callable[[CallBrief], bytes | str], str], ...] = (
        ("PDF", "pdf", documents.pdf, "application/pdf"),
        ("Word", "docx", documents.word, WORD),
        ("Markdown", "md", documents.markdown, "text/markdown"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        copy_button("Copy the brief", documents.plain_words(brief), "copy-brief", taken)
        for label, ending, made, kind in forms:
            st.download_button(
                label,
                partial(made, brief),
                f"{file}.{ending}",
                kind,
                icon=":material/download:",
                on_click=taken,
                key=ending,
            )


def show(brief: CallBrief) -> None:
    """The brief as it will stand on paper."""
    if brief.own_eyes:
        st.warning(documents.OWN_EYES, icon=":material/visibility_lock:")
    for card in brief.cards:
        with st.container(border=True, key=f"card-{card.story}"):
            st.subheader(parts.prose(card.title), anchor=False)
            st.markdown(f"**{parts.prose(card.name)}**")
            for lines in (documents.cue_lines(card), documents.other_lines(card)):
                st.markdown("  \n".join(f"**{line.name}** {parts.prose(line.words)}" for line in lines))
            parts.story_link(offered[card.story])


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
offered = {story.id: story for story in shelf.tellable(today)}
st.title("Take along", anchor=False)
stories = choose()
if not stories:
    st.info("Choose a story, or take one along from an answer.", icon=":material/assignment:")
    st.page_link(desk.ASK, label="Ask for a story", icon=":material/forum:")
    st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
    st.stop()
theirs, whom = ask_for_words()
try:
    made = with_names(stories, theirs, whom)
except BriefError as error:  # a story left the shelf between two clicks
    st.warning(parts.prose(str(error)), icon=":material/search_off:")
    st.stop()
take(made)
show(made)
