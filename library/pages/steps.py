"""A step in a story's life taken from a page: done, or said why not, and shown at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from library.pages import desk, parts
from library.records.entries import RecordsError
from library.review import workflow
from library.review.reviewer import Reviewer
from library.review.workflow import Reason, Step, StepError
from library.shelf import ShelfError
from library.story import Story
from library.vocabulary import VocabularyError
from library.wording import day

_PATIENCE = 3.0
"""Seconds a click waits at most until the page shows what it changed."""


def reviewer() -> Reviewer:
    """Whoever is here now, able to take a step; raises RecordsError while steps cannot be recorded."""
    library, shelf = desk.library(), desk.shelf()
    settings = library.settings
    return Reviewer(
        desk.viewer(),
        settings.stories,
        shelf.vocabulary,
        library.records,
        library.now,
        library.today,
        git=settings.git,
    )


def take(step: Callable[[Reviewer], object], done: str, *boxes: str, able: Reviewer | None = None) -> bool:
    """Take a step and say so, or why it was not taken; the boxes are emptied when it was.

    `able` is whoever takes it where more was written before: to ask who is here, Streamlit may stop a click.
    """
    try:
        trouble = step(able or reviewer())
    except (StepError, ShelfError, RecordsError, VocabularyError, OSError) as error:
        said = "The file cannot be written; nothing was done." if isinstance(error, OSError) else str(error)
        st.toast(parts.prose(said), icon=":material/error:")
        catch_up()
        return False
    for box in filter(None, boxes):
        st.session_state.pop(box, None)
    catch_up()
    st.toast(done, icon=":material/check:")
    if trouble and isinstance(trouble, str):
        st.toast(parts.prose(trouble), icon=":material/warning:")
    return True


def catch_up() -> None:
    """Let the running library read what a click wrote, before the page is shown again."""
    library = desk.library()
    if not library.ready:
        return
    until = time.monotonic() + _PATIENCE
    while library.outdated() and time.monotonic() < until:
        library.start()
        time.sleep(0.05)


def retire_popover(story: Story, key: str) -> None:
    """Take a story off the shelf: the three usual reasons in one click each, two more with words."""
    with st.popover("Retire", icon=":material/archive:"):
        st.markdown("Why is it no longer told?")
        words = f"{key}-words"
        for reason in Reason:
            if reason is Reason.OUT_OF_DATE:
                st.text_input("In your words", key=words, placeholder="For another reason, say which")
            st.button(
                reason.value,
                key=f"{key}-{reason.name.lower()}",
                width="stretch",
                on_click=_retire,
                args=(story.id, reason, words),
            )


def _retire(story_id: str, reason: Reason, words: str) -> None:
    said = str(st.session_state.get(words) or "")
    take(lambda reviewer: reviewer.retire(story_id, reason, said), "Retired. Nobody is offered it any more.", words)


def extend_popover(story: Story, key: str) -> None:
    """Let a story be told longer: a year in one click, or until a day."""
    today = desk.library().today
    with st.popover("Tell it longer", icon=":material/event_repeat:"):
        longer = workflow.longer(story, today)
        st.button(
            f"Until {day(longer)}", key=f"{key}-year", width="stretch", on_click=_extend, args=(story.id, "", longer)
        )
        box = f"{key}-until"
        st.date_input(
            "Or until",
            None,
            min_value=today + timedelta(days=1),
            max_value=today + workflow.LONGEST,
            key=box,
            format="YYYY-MM-DD",
        )
        st.button("Until that day", key=f"{key}-day", on_click=_extend, args=(story.id, box))


def _extend(story_id: str, box: str, until: date | None = None) -> None:
    chosen: date | None = st.session_state.get(box) if box else until
    if chosen is None:
        st.toast("Choose a day.", icon=":material/event:")
        return
    take(lambda reviewer: reviewer.extend(story_id, chosen), f"It may be told until {day(chosen)}.", box)


def life_buttons(story: Story, key: str) -> None:
    """What somebody may do for a published story's life, where they may do anything."""
    person = desk.viewer()
    if workflow.may(Step.EXTEND, person, story):
        extend_popover(story, f"extend-{key}")
    if workflow.may(Step.RETIRE, person, story):
        retire_popover(story, f"retire-{key}")


def step_button(label: str, icon: str, step: Step, story: Story) -> None:
    """One of the steps that need no words."""
    st.button(label, icon=f":material/{icon}:", key=f"{step}-{story.id}", on_click=_one, args=(step, story.id))


def _one(step: Step, story_id: str) -> None:
    if step is Step.SEND:
        take(lambda reviewer: reviewer.send(story_id), "Sent to review.")
    else:
        take(lambda reviewer: reviewer.bring_back(story_id), "It waits for review again.")


def verify_button(story: Story, key: str) -> None:
    """The one click that says that a story still stands."""
    st.button(
        "Verified today",
        icon=":material/verified:",
        key=key,
        on_click=verify,
        args=(story.id,),
        help="You asked the teller or the customer, and the story still stands.",
    )


def verify(story_id: str) -> None:
    """Write into the story's file that it was checked today, and by whom."""
    take(lambda reviewer: reviewer.verify(story_id), "Verified today.")
