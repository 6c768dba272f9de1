"""Quiz: a situation and four stories; choose one, say why, and see what the library would tell."""

from __future__ import annotations

import streamlit as st

from library.evaluation import LabelError, read_labelled
from library.pages import agenda, desk, parts
from library.people import display_name, seen_by
from library.practice.quiz import Round, nameless, round_of
from library.records.entries import RecordsError
from library.settings import ROOT
from library.story import Beat

# The labelled situations are the quiz's too, where they are at hand.
WRITTEN = ROOT / "tests" / "situations.jsonl"


@st.cache_data(show_spinner=False)
def written() -> list[str]:
    """The situations written for measuring that a story answers."""
    try:
        return [row.situation for row in read_labelled(WRITTEN) if row.judged]
    except (OSError, LabelError):
        return []


def situations() -> list[str]:
    """Everything that may be asked: the written situations, and real asks in which nobody's name stands."""
    real = [nameless(ask.text, shelf) for ask in kept.asks.since(agenda.asks_since()) if ask.verdict == "close"]
    return [text for text in dict.fromkeys([*written(), *real]) if len(text.split()) >= 5]


def next_round() -> Round | None:
    """The round in hand, else the next that the shelf can answer."""
    there = {story.id for story in shelf.tellable(today)}
    in_hand: Round | None = st.session_state.get("quiz_round")
    if in_hand and there.issuperset(in_hand.stories):
        return in_hand
    begin_anew()
    asked = situations()
    first = st.session_state.setdefault("quiz_number", 0)
    # Steps of 37 through the list: neighbours in it are often alike.
    step = 37 if len(asked) % 37 else 1
    for number in range(first, first + len(asked)):
        found = round_of(asked[number * step % len(asked)], search, today, number)
        if found and there.issuperset(found.stories):
            st.session_state.quiz_round, st.session_state.quiz_number = found, number
            return found
    return None


def decide(round_: Round) -> None:
    """Take the choice."""
    chosen = st.session_state.get("quiz_choice")
    if chosen is None:
        st.toast("Choose one first.", icon=":material/quiz:")
        return
    st.session_state.quiz_answer = chosen
    if viewer.name:
        why = str(st.session_state.get("quiz_why") or "").strip()
        try:
            kept.practice.chose(viewer.name, chosen, round_.best, at=desk.library().now, why=why)
        except RecordsError as error:
            st.toast(str(error), icon=":material/error:")


def go_on() -> None:
    """To the next situation."""
    st.session_state.quiz_number = st.session_state.get("quiz_number", 0) + 1
    begin_anew()


def begin_anew() -> None:
    """Nothing chosen, nothing said: set so, for what is only taken out of the state still stands in the browser."""
    st.session_state.quiz_round = st.session_state.quiz_answer = st.session_state.quiz_choice = None
    st.session_state.quiz_why = ""


def title(story_id: str) -> str:
    """A story as a choice."""
    return parts.prose(seen_by(viewer, shelf.stories[story_id]).title)


def changed(story_id: str) -> str:
    """What changed in a story, in a sentence."""
    return parts.prose(parts.telling_sentence(seen_by(viewer, shelf.stories[story_id]).beat(Beat.CHANGE)))


def verdict(round_: Round, chosen: str) -> None:
    """What the library thinks, and where the two differ."""
    best = seen_by(viewer, shelf.stories[round_.best])
    if round_.agrees(chosen):
        st.success("The library would tell the same.", icon=":material/check_circle:")
    else:
        place = round_.ranked.index(chosen) + 1
        st.info(
            f"The library would tell “{parts.prose(best.title)}”. Yours comes {('second', 'third', 'last')[place - 2]} "
            "of the four. You may be right: say so in the meeting.",
            icon=":material/compare_arrows:",
        )
    matches = search.match(search.find(round_.understood(shelf), today, 12), viewer, {round_.best})
    for match in matches:
        st.markdown(f"**Why it fits** {parts.marked(match.story.beat(match.evidence.beat), match.evidence.sentence)}")
        st.caption(parts.prose(display_name(match.story)))
        parts.story_link(match.story)


shelf, viewer, today = desk.shelf(), desk.viewer(), desk.library().today
kept = agenda.records()
st.title("Which story would you tell?", anchor=False)
search = desk.state().search
if st.session_state.get("quiz_of", "") not in {"", viewer.name}:  # what somebody chose is not for the next one here
    begin_anew()
st.session_state.quiz_of = viewer.name
found = next_round()
if found is None:
    st.info("The shelf answers no situation closely enough to ask about one yet.", icon=":material/quiz:")
else:
    st.subheader(parts.prose(" ".join(found.situation.split())), anchor=False)
    answer = st.session_state.get("quiz_answer")
    done = answer is not None
    st.radio(
        "Which of these would you tell?",
        found.stories,
        index=None,
        format_func=title,
        captions=[changed(story) for story in found.stories],
        key="quiz_choice",
        label_visibility="collapsed",
        disabled=done,
    )
    st.text_input("Why this one? (optional)", key="quiz_why", disabled=done)
    if answer is None:
        st.button("This one", type="primary", icon=":material/check:", on_click=decide, args=(found,))
    else:
        verdict(found, answer)
        st.button("Next situation", type="primary", icon=":material/arrow_forward:", on_click=go_on)
if viewer.name:
    agreed, of = kept.practice.agreed(viewer.name)
    if of:
        st.caption(f"You and the library agreed in {agreed} of {of}.")
st.page_link(desk.LEARN, label="Your stories", icon=":material/school:")
