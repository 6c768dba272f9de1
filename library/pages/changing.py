"""Other words for a published story: title and beats as they stand, to be changed and sent to review."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from library.pages import steps
from library.records.proposed import Proposal
from library.review.merging import read_story
from library.review.reviewer import Reviewer
from library.review.workflow import StepError
from library.saving import revised
from library.story import Beat, Section, Story

TITLE = "title"


def form(story: Story, key: str) -> None:
    """Title, beats, and a word to whoever looks at it."""
    st.text_input("Title", story.title, key=f"{key}-{TITLE}", persist_state="session")
    for beat in Beat:
        st.text_area(beat.heading, story.beat(beat), key=f"{key}-{beat}", height="content", persist_state="session")
    st.text_input(
        "What did you change, and why?", key=f"{key}-note", placeholder="The date was wrong", persist_state="session"
    )


def answer_form(proposal: Proposal, mine: Story) -> None:
    """One's own change, to be put in other words and sent again."""
    form(mine, proposal.id)
    st.button("Send again", type="primary", key=f"again-{proposal.id}", on_click=_answer, args=(proposal,))


def written(key: str, story: Story) -> Story:
    """The story with what stands in the form."""
    said = {beat: str(st.session_state.get(f"{key}-{beat}") or "").strip() for beat in Beat}
    sections = [
        section if section.beat is None or story.beat(section.beat) == said[section.beat] else None
        for section in story.sections
    ]
    made: list[Section] = []
    done: set[Beat] = set()
    for section, kept in zip(story.sections, sections, strict=True):
        beat = section.beat
        if kept is not None:
            made.append(kept)
        elif beat is not None and beat not in done:
            made.append(Section(section.heading, said[beat], beat))
        if beat is not None:
            done.add(beat)
    made += [Section(beat.heading, said[beat], beat) for beat in Beat if beat not in done and said[beat]]
    title = " ".join(str(st.session_state.get(f"{key}-{TITLE}") or "").split())
    return replace(story, title=title, sections=tuple(made))


def _text(reviewer: Reviewer, story_id: str, key: str, text: str) -> str:
    before = read_story(story_id, text, "the file", reviewer.vocabulary)
    after = written(key, before)
    if after == before:
        raise StepError("Nothing is changed yet.")
    return revised(text, before, after, reviewer.vocabulary)


def propose(story_id: str, text: str) -> None:
    """Send what stands in the form as a change to the file's text it began from."""

    def step(reviewer: Reviewer) -> None:
        note = str(st.session_state.get(f"{story_id}-note") or "")
        made = reviewer.propose(story_id, _text(reviewer, story_id, story_id, text), base_text=text, note=note)
        st.session_state[f"change-sent-{story_id}"] = made.id

    steps.take(step, "Sent to review.", *_boxes(story_id), f"change-base-{story_id}")


def _answer(proposal: Proposal) -> None:
    def step(reviewer: Reviewer) -> None:
        note = str(st.session_state.get(f"{proposal.id}-note") or "")
        reviewer.answer(proposal, _text(reviewer, proposal.story, proposal.id, proposal.new_text), note)

    steps.take(step, "Sent to review again.", *_boxes(proposal.id))


def _boxes(key: str) -> list[str]:
    return [f"{key}-{name}" for name in (TITLE, *Beat, "note")]
