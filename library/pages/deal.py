"""One deal of a pipeline: what its notes say, why it should close, the story that fits, and the question to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from library.match import Match
from library.pages import desk, parts
from library.pages import telling as after
from library.pages.reviewed import Reviewed
from library.pipeline.answers import Answer, Fit
from library.sharing.rights import what_may_be_said
from library.wording import day

_LONG = 600


def show(mine: Reviewed, shown: Sequence[Answer], place: int) -> None:
    """The deal that is open, and the way to the one before and the one after."""
    answer = shown[place]
    with st.container(horizontal=True, vertical_alignment="center", key="deal-steps"):
        for label, icon, to in (("Previous", "arrow_back", place - 1), ("Next", "arrow_forward", place + 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"deal-{label.lower()}",
                disabled=not 0 <= to < len(shown),
                on_click=_go,
                args=(mine, shown[to].deal.row if 0 <= to < len(shown) else -1),
            )
        st.caption(f"{place + 1:,} of {len(shown):,}", width="content")
    with st.container(border=True, key="deal-open"):
        theirs, ours = st.columns([2, 3], gap="large")
        with theirs:
            _deal(answer)
        with ours:
            _why(answer)
            _story(answer)


def _go(mine: Reviewed, row: int) -> None:
    mine.open = row
    mine.moves += 1


def _deal(answer: Answer) -> None:
    """What the CRM says."""
    deal = answer.deal
    st.subheader(parts.prose(deal.title), anchor=False)
    facts = [deal.account if deal.account != deal.title else "", deal.owner, deal.stage]
    facts.append(f"{deal.amount:,.0f}" if deal.amount is not None else "")
    facts.append(f"closes {day(deal.closes_on)}" if deal.closes_on else f"closes {deal.closes}" if deal.closes else "")
    st.markdown(f":small[{' · '.join(parts.prose(fact) for fact in facts if fact)}]")
    if deal.next_step:
        st.markdown(f"**Next step** {parts.prose(deal.next_step)}")
    said = "\n".join(text for text in (deal.change, deal.pain, deal.notes) if text)
    if not said:
        st.caption("No notes.")
    elif len(said) <= _LONG:
        st.markdown(f"**Notes**  \n{parts.prose(said)}")
    else:
        st.markdown(f"**Notes**  \n{parts.prose(said[:_LONG].rsplit(' ', 1)[0])} …")
        with st.expander("All of the notes"):
            st.markdown(parts.prose(said))


def _why(answer: Answer) -> None:
    """What to ask whoever owns the deal."""
    if question := answer.asked.question(desk.library().today):
        st.warning(f"**{parts.prose(question)}**", icon=":material/contact_support:")


def _story(answer: Answer) -> None:
    search, viewer, today = desk.state().search, desk.viewer(), desk.library().today
    if not answer.story:
        st.badge(answer.fit.value, color="gray", icon=":material/do_not_disturb_on:")
        st.caption(
            "Nothing in the notes tells of the customer, so no story was looked for."
            if answer.fit is Fit.NOT_ASKED
            else "No story fits what the notes tell of the customer."
        )
        return
    story = search.shelf.get(answer.story)
    if story is None or not story.tellable(today):
        st.info("The story that was found is no longer to be told. Bring the file again.", icon=":material/history:")
        return
    _card(search.match(answer.found, viewer, [answer.story])[0], answer)


def _card(match: Match, answer: Answer) -> None:
    shelf, today, story = desk.shelf(), desk.library().today, match.story
    parts.badges(replace(match, verdict=answer.verdict), shelf.vocabulary, today)
    st.markdown(f"#### {parts.prose(story.title)}")
    st.markdown(f"**{parts.whose(story)}**  \n:small[{parts.facts_line(story, shelf.vocabulary)}]")
    st.markdown(f"**Why it fits** {parts.marked(story.beat(match.evidence.beat), match.evidence.sentence)}")
    if story.question:
        st.markdown(f":material/forum: **Ask** {parts.prose(story.question)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.story_link(story)
        parts.take_along([story.id])
    after.doubts(story.id)
    st.caption(f":material/record_voice_over: {parts.prose(what_may_be_said(story, today))}")
