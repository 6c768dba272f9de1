"""A story's own page: the telling, what may be said, the facts, and stories like it."""

from __future__ import annotations

import streamlit as st

from library.pages import desk, parts, permissions, steps, timeline
from library.pages import telling as after
from library.pages.browser import copy_button, listen_button
from library.people import display_name, seen_by
from library.records.entries import RecordsError
from library.review.workflow import Step, may, may_change, may_follow
from library.sharing.rights import what_may_be_said
from library.sharing.safe import safe_version
from library.story import Health, ShowAs, Status, Story
from library.wording import day


def not_here(sentence: str) -> None:
    """Say why there is no story, and where to go."""
    st.warning(sentence, icon=":material/search_off:")
    st.page_link(desk.ASK, label="Ask for a story", icon=":material/forum:")
    st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
    st.stop()


def life(story: Story) -> None:
    """Say plainly when a story should not be told, or should be checked first."""
    if story.show_as is ShowAs.INTERNAL:
        st.error("For us only: learn from it, do not tell it outside.", icon=":material/lock:")
    if story.status is not Status.PUBLISHED:
        st.warning(f"This story is not published yet ({story.status}).", icon=":material/edit_note:")
    if story.expired(today) and story.expires:
        st.warning(f"Its time was over on {day(story.expires)}. Do not tell it.", icon=":material/event_busy:")
    if story.health in {Health.CHURNED, Health.LEFT}:
        st.warning("This customer has left us. Do not tell it.", icon=":material/person_off:")
    elif story.stale(today):
        st.info("Nobody has checked with the customer lately. Ask the teller first.", icon=":material/history:")


def facts(story: Story) -> None:
    """What is known beside the telling."""
    known = {
        "Alternatives": ", ".join(story.alternatives),
        "Near miss": story.near_miss,
        "What surprised us": story.surprise,
        "Needed by": day(story.critical_date) if story.critical_date else "",
        "First win": day(story.first_win_on) if story.first_win_on else "",
        "Announced to": story.announced_to,
        "Not for": story.not_for,
        "Heard from": story.heard_from,
        "How": story.heard_how,
        "With help from": ", ".join(story.contributors),
        "May be told until": day(story.expires) if story.expires else "",
        "Also searched as": ", ".join(story.tags),
    }
    for name, value in known.items():
        if value:
            st.markdown(f"**{name}** {parts.prose(value)}")
    parts.media_links(story)
    if story.notes:
        with st.expander("Notes"):
            st.markdown(parts.prose(story.notes))


def on_its_way(story: Story) -> None:
    """For those whose business it is: what waits, what may be done for its life, and what was done."""
    if not may_follow(viewer, story):
        return
    try:
        kept = desk.library().records
        waiting, life_so_far = kept.proposals.open(story.id), kept.reviews.all(story=story.id)
    except RecordsError:
        return
    if story.status is Status.DRAFT and may_change(viewer, story):
        st.page_link(desk.TELL, label="Go on writing", icon=":material/edit_note:", query_params={"story": story.id})
    if story.status is Status.REVIEW:
        st.page_link(desk.LOOK, label="In review", icon=":material/rate_review:", query_params={"story": story.id})
    for one in waiting:
        label = f"A change by {parts.prose(one.person)} {'waits' if one.open else 'was sent back'}"
        st.page_link(desk.LOOK, label=label, icon=":material/rate_review:", query_params={"proposal": one.id})
    with st.container(horizontal=True):
        steps.life_buttons(story, story.id)
        if may(Step.SEND, viewer, story):
            steps.step_button("Send to review", "send", Step.SEND, story)
        if may(Step.BRING_BACK, viewer, story):
            steps.step_button("Bring it back", "unarchive", Step.BRING_BACK, story)
    if story.status is Status.PUBLISHED and may_change(viewer, story):
        st.page_link(desk.CHANGE, label="Suggest a change", icon=":material/edit:", query_params={"story": story.id})
    if life_so_far:
        with st.expander("What was done", icon=":material/history:"):
            timeline.show(life_so_far, story)


story_id = st.query_params.get("story", "")
shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
whole = shelf.get(story_id)

if not story_id:
    not_here("No story was named. A link to a story ends in ?story= and its id.")
elif whole is None:
    not_here(f"There is no story called “{parts.prose(story_id[:80])}” here. It may have been renamed or taken off.")
elif whole.status is not Status.PUBLISHED and not may_follow(viewer, whole):
    not_here("This story is not published yet. Its teller and the team lead can read it.")
else:
    story = seen_by(viewer, whole)
    st.title(parts.prose(story.title), anchor=False)
    facts_line = parts.facts_line(story, shelf.vocabulary)
    st.markdown(f"**{parts.whose(story)}**  \n:small[{facts_line}]")
    life(story)
    if whole.tellable(today) and story.stale(today) and may(Step.VERIFY, viewer, whole):
        steps.verify_button(whole, f"verify-{story.id}")
    if whole.tellable(today):
        st.markdown(f":material/record_voice_over: {parts.prose(what_may_be_said(story, today))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        listen_button(story.telling, key="listen")
        if whole.tellable(today):
            parts.take_along([story.id])
            copy_button(
                "Copy the safe version", safe_version(whole, today), "copy-safe", lambda: after.used(story_id, "copied")
            )
        copy_button("Copy the link", f"{(st.context.url or '').split('?')[0]}?story={story.id}", key="copy-link")
        if whole.tellable(today):
            after.told_it(story, f"story-{story.id}")
        after.say_something(story, f"story-{story.id}")
        after.say_thanks(story, f"thanks-{story.id}")
    after.doubts(story.id)
    if viewer.leads:
        after.open_feedback(story)
    came_of_it = after.tally(story.id).sentence
    told = " · ".join(part for part in (parts.told_line(story, today), came_of_it) if part)
    st.caption(f"{story.minutes:.1f} minutes to tell · {told}")
    if story.told_by:
        parts.credit_link(story.told_by)
    after.used(story.id, "opened")
    parts.telling(story)
    if whole in shelf.browsable(today):
        st.page_link(
            desk.PRACTISE,
            label="Practise telling it",
            icon=":material/record_voice_over:",
            query_params={"story": story.id},
        )
    st.divider()
    if whole.show_as is not ShowAs.INTERNAL:
        st.subheader("What may be said")
        permissions.show(whole)
    st.subheader("Facts")
    facts(story)
    on_its_way(whole)
    running = desk.library()
    alike = running.state.search.similar(story.id, today) if running.ready else []
    if alike:
        st.subheader("Stories like it")
        for other in alike:
            near = seen_by(viewer, shelf.stories[other]) if shelf.get(other) else None
            if near:
                parts.story_link(near, parts.prose(f"{near.title} ({display_name(near)})"))
