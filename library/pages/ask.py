"""Ask: describe a prospect, get the stories that fit."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from library.conversation import Conversation, Kind, Talk, Turn
from library.match import Verdict
from library.pages import desk, parts
from library.people import seen_by
from library.records.entries import RecordsError

EXAMPLES = (
    "Nurses keep leaving and temp staff cost a fortune",
    "Distributor undercut online, reps discount blindly",
    "Two companies merged, month end takes three weeks",
)

SEARCHES = {Kind.DESCRIPTION, Kind.REFINEMENT, Kind.FACETS, Kind.NEW}
"""The turns that say something of a prospect; the others look on at what is there."""


def talk() -> Conversation:
    """The conversation of this session; what somebody with a name was shown is not for the next one here."""
    name = desk.viewer().name
    if st.session_state.get("talk_of", "") not in {"", name}:
        st.session_state.talk = Conversation()
    st.session_state.talk_of = name
    conversation: Conversation = st.session_state.setdefault("talk", Conversation())
    return conversation


def talker() -> Talk:
    """Who answers this person on the shelf as it stands."""
    return Talk(desk.state().search, desk.viewer(), desk.library().today)


def take(box: str) -> None:
    """Answer what a box holds before the page is drawn, where the library is ready.

    A page that answers while it is drawn must be drawn once more (st.rerun). Where it looks for news of the shelf in
    that very moment, Streamlit drops the second run, and the answer is not seen.
    """
    words = st.session_state.get(box)
    if words and desk.library().ready:
        say(words)
        st.session_state.taken = words


def say(words: str) -> None:
    """Take a turn."""
    if words.strip():
        st.session_state.talk = talker().say(still_there(talk()), words[:4000])
        remember(st.session_state.talk.turns[-1])


def remember(turn: Turn) -> None:
    """Record what was asked and what came of it; an answer never waits for that, nor fails by it."""
    reply = turn.reply
    if reply.verdict is None or reply.kind not in SEARCHES or not turn.situation.text:
        return
    results = tuple(match.story.id for match in reply.matches)
    facets = [f"{facet.kind}:{facet.value}" for facet in turn.situation.facets]
    try:
        ask = desk.library().records.asks.add(
            desk.viewer().name,
            turn.situation.text,
            at=desk.library().now,
            verdict=reply.verdict.value,
            facets=facets,
            results=results,
        )
    except RecordsError:
        return
    st.session_state.last_ask = ask.id, results


def still_there(before: Conversation) -> Conversation:
    """The conversation without the stories that left the shelf meanwhile."""
    shelf = desk.state().shelf
    gone = {story for story in before.table if not shelf.get(story)}
    if not gone:
        return before
    table = tuple(story for story in before.table if story not in gone)
    return replace(before, table=table, focus=table[0] if table else "", found=None)


def start_again() -> None:
    """Forget the prospect."""
    st.session_state.talk = Conversation()


def drop_chip() -> None:
    """Take away the chip that was clicked off."""
    kept = set(st.session_state.get(chips_key) or ())
    for facet in talk().chips:
        if facet.key not in kept:
            st.session_state.talk = talker().without(talk(), facet.key)


def correct() -> None:
    """Search with the rep's own wording."""
    st.session_state.talk = talker().corrected(talk(), st.session_state[f"wording-{len(talk().turns)}"])


def show(turn: Turn, number: int) -> None:
    """The latest turn: what was said, what was understood, the reply and the cards."""
    reply = turn.reply
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(parts.prose(turn.said))
    understood()
    with st.chat_message("assistant", avatar=":material/auto_stories:"):
        st.markdown(f"**{parts.prose(reply.text)}**" if not reply.answer else parts.prose(reply.text))
        if reply.asks and reply.asks not in reply.text:
            st.markdown(f":material/help: {reply.asks}")
        if reply.answer:
            parts.story_link(reply.answer.story)
        if reply.verdict is Verdict.NOTHING:
            st.page_link(desk.BROWSE, label="Browse the shelf", icon=":material/shelves:")
    cards = turn if reply.matches else last_with_cards()
    told: list[str] = []
    for place, match in enumerate(cards.reply.matches if cards else ()):
        story = state.shelf.get(match.story.id)
        if story and story.tellable(today):
            as_it_stands = replace(match, story=seen_by(desk.viewer(), story))
            parts.match_card(as_it_stands, state.shelf, today, key=f"card-{number}-{place}")
            told.append(story.id)
        else:
            st.info("A story shown here is no longer offered.", icon=":material/search_off:")
    if len(told) > 1:
        parts.take_along(told, f"Take {'both' if len(told) == 2 else f'all {len(told)}'} along")


def last_with_cards() -> Turn | None:
    """The stories still on the table when a turn brought none, as a question about one of them does."""
    if talk().turns[-1].reply.kind not in {Kind.QUESTION, Kind.TALK, Kind.OTHERS}:
        return None
    return next((turn for turn in reversed(talk().turns) if turn.reply.matches), None) if talk().table else None


def understood() -> None:
    """What was understood, always in sight, each part removable or to be put in other words."""
    situation = talk().situation
    if not situation.text and not situation.facets:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if situation.facets:
            labels = {facet.key: facet.label(state.shelf.vocabulary) for facet in situation.facets}
            st.pills(
                "Understood (click one to take it away)",
                list(labels),
                selection_mode="multi",
                default=list(labels),
                format_func=lambda key: f"{labels[key]} :material/close:",
                key=chips_key,
                on_change=drop_chip,
            )
        with st.popover("What I searched for", icon=":material/edit:", type="tertiary"):
            st.text_area("Put it in other words", situation.text, key=f"wording-{len(talk().turns)}")
            st.button("Search again", on_click=correct, type="primary")


def earlier(turns: tuple[Turn, ...]) -> None:
    """The turns before, newest first, their stories as links."""
    with st.expander("Earlier in this talk", icon=":material/history:"):
        for turn in reversed(turns):
            st.markdown(f"**{parts.prose(turn.said)}**  \n{parts.prose(turn.reply.text)}")
            for match in turn.reply.matches:
                parts.story_link(match.story, parts.prose(match.story.title))


today = desk.library().today
turns = talk().turns
chips_key = f"chips-{len(turns)}"

if not turns:
    st.title("Who are you about to call?")
    st.markdown("Say what changed for them and what it costs them. You get the customer stories that fit.")
with st.container():
    hint = "“only banks”, “more like the second”" if turns else "Two messy lines will do"
    words = st.chat_input(hint, key="ask", on_submit=take, args=("ask",))
if not turns:
    words = words or st.pills("For example", EXAMPLES, key="example", on_change=take, args=("example",))
taken = st.session_state.pop("taken", None)
if words or turns:
    state = desk.state()
    if words and words != taken:
        say(words)
        st.rerun()
    st.button("New prospect", icon=":material/restart_alt:", on_click=start_again, type="tertiary")
    if state.notice:
        st.info(state.notice, icon=":material/info:")
    show(turns[-1], len(turns))
    if len(turns) > 1:
        earlier(turns[:-1])
