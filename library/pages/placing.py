"""Notes of a talk on the page: brought, cut into sentences, each with the part it seems to belong to."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from library.capture.form import placed
from library.capture.notes import Sentence, note_sentences
from library.capture.propose import PLACES, propose
from library.documents import ENDINGS, MAX_BYTES, DocumentError, read_document
from library.pages import desk, parts, writing
from library.records.drafts import Draft
from library.story import HEADINGS, Beat
from library.wording import many

_NOWHERE = "nowhere"
_MANY = 400
"""So many sentences are placed at once; a longer talk is told in parts."""


def take_file(draft: Draft) -> None:
    """Put the text of a file behind the notes."""
    brought = st.session_state.get(f"file-{draft.id}")
    if brought is None:
        return
    try:
        text = read_document(brought.name, brought.getvalue())
    except DocumentError as error:
        st.session_state[f"refused-{draft.id}"] = str(error)
        return
    st.session_state.pop(f"refused-{draft.id}", None)
    before = str(st.session_state.get(writing.field_key(draft, "notes")) or "")
    writing.keep_all(draft, {"notes": f"{before}\n\n{text}".strip()})


def notes(draft: Draft) -> None:
    """Notes or a transcript, and the part each sentence seems to belong to."""
    writing.notes_box(draft)
    st.file_uploader(
        "Or bring a file",
        type=list(ENDINGS),
        max_upload_size=MAX_BYTES // 2**20,
        key=f"file-{draft.id}",
        on_change=take_file,
        args=(draft,),
        help="Text, Word, PDF, or a transcript with times. It stays here.",
    )
    if refused := st.session_state.get(f"refused-{draft.id}"):
        st.error(refused, icon=":material/error:")
    said = note_sentences(str(draft.written.get("notes") or ""))
    if not said:
        return
    rows = draft.written.get("placed")
    if st.button("Find the parts", type="primary", icon=":material/segment:"):
        with st.spinner("Reading your notes"):
            rows = find_parts(draft, said)
    if rows and isinstance(rows, list):
        place_by_hand(draft, [(str(row[0]), str(row[1])) for row in rows])


def find_parts(draft: Draft, said: Sequence[Sentence]) -> list[list[str]]:
    """Propose a part for every sentence, each as its words and the part; not a word is changed."""
    said = said[:_MANY]
    proposals = propose(said, desk.state().search.meaning)
    rows = [[proposal.sentence.text, proposal.beat or _NOWHERE] for proposal in proposals]
    for at in range(len(rows)):
        st.session_state.pop(f"place-{draft.id}-{at}", None)
    writing.keep_all(draft, {"placed": rows})
    return rows


def move(draft: Draft, rows: Sequence[tuple[str, str]], at: int) -> None:
    """Another part for a sentence."""
    moved = [list(row) for row in rows]
    moved[at][1] = str(st.session_state[f"place-{draft.id}-{at}"])
    writing.keep_all(draft, {"placed": moved})


def place_by_hand(draft: Draft, rows: list[tuple[str, str]]) -> None:
    """Every sentence with its part, to move."""
    places = [beat or _NOWHERE for beat in PLACES]
    used = sum(place != _NOWHERE for _, place in rows)
    st.caption(
        f"{used} of {many(len(rows), 'sentence')} belong to a part. Move what stands wrong; every word stays yours."
    )
    with st.container(border=True, height=520):
        for at, (text, place) in enumerate(rows):
            with st.container(horizontal=True, vertical_alignment="center"):
                key = f"place-{draft.id}-{at}"
                st.session_state.setdefault(key, place if place in places else _NOWHERE)
                st.selectbox(
                    f"Part of: {text[:60]}",
                    places,
                    key=key,
                    format_func=lambda value: "Nowhere" if value == _NOWHERE else HEADINGS[Beat(value)],
                    label_visibility="collapsed",
                    width=190,
                    on_change=move,
                    args=(draft, rows, at),
                )
                st.markdown(parts.prose(text), width="stretch")
    st.button("Put them into the story", type="primary", icon=":material/move_down:", on_click=put, args=(draft, rows))


def put(draft: Draft, rows: list[tuple[str, str]]) -> None:
    """Sentences into their boxes, word for word, and on to the story."""
    by_beat = {beat: [text for text, place in rows if place == beat] for beat in Beat}
    if writing.keep_all(draft, dict(placed(draft.written, by_beat))):
        st.session_state[f"step-{draft.id}"] = writing.STORY
