"""Your stories: what came of what somebody brought, and who said thanks. One person a page, and nobody's place."""

from __future__ import annotations

import streamlit as st

from library.credit import Credit, credits_of
from library.pages import desk, parts
from library.records.entries import Feedback, RecordsError, Telling
from library.wording import day


def recorded() -> tuple[list[Telling], list[Feedback]] | None:
    """Every telling and every note; None, said in a sentence, while the records are out of reach."""
    try:
        kept = desk.library().records
        return kept.tellings.all(), kept.notes.all()
    except RecordsError as error:
        st.warning(f"What came of the stories is out of reach now. {error}", icon=":material/history_off:")
        return None


def one(credit: Credit, known: bool) -> None:
    """A story, and what came of it where that is known."""
    story = credit.story
    with st.container(border=True, key=f"credit-{story.id}"):
        parts.for_us_only(story)
        parts.story_link(story, f"**{parts.prose(story.title)}**")
        st.markdown(f"{parts.whose(story)}  \n:small[{' · '.join(credit.shares)}]")
        if known:
            landed = f" {credit.landed}" if credit.landed else ""
            st.markdown(f":material/campaign: {parts.prose(credit.told + landed)}")
        for thanks in credit.thanks:
            words = f": “{parts.prose(thanks.words)}”" if thanks.words else ""
            st.markdown(
                f":material/favorite: {parts.prose(thanks.person)} said thanks{words}  \n:small[{day(thanks.on)}]"
            )
        if credit.lately:
            with st.expander("Lately", icon=":material/history:"):
                for line in credit.lately:
                    st.markdown(parts.prose(line))
        st.caption(parts.told_line(story, today))


def nothing_yet(own: bool) -> None:
    """Nobody is behind: everybody begins with a first story."""
    said = "You have not told a story yet." if own else f"{parts.prose(person)} has not told a story yet."
    st.info(f"{said} After the next win, ask: What made you decide that way?", icon=":material/auto_stories:")
    tell = getattr(desk, "TELL", "")
    if own and tell:
        st.page_link(tell, label="Tell a story", icon=":material/edit:")
    elif not own:
        st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")


viewer, today = desk.viewer(), desk.library().today
person = st.query_params.get("person", "").strip()[:200] or viewer.name
is_own = bool(person) and person == viewer.name
st.title("Your stories" if is_own or not person else f"{parts.prose(person)}’s stories", anchor=False)
if not person:
    st.info("Say who you are at the foot of the page, and see what came of your stories.", icon=":material/person:")
    st.stop()
came = recorded()
mine = credits_of(person, desk.shelf(), *(came or ([], [])), viewer)
for one_story in mine:
    one(one_story, known=came is not None)
if not mine:
    nothing_yet(is_own)
