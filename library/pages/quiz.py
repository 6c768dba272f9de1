"""Quiz: a situation and four stories; choose one, say why, and see what the library would tell."""

from __future__ import annotations

import streamlit as st

from library.evaluation import LabelError, read_labelled
from library.pages import agenda, desk, parts
from library.people import display_name, seen_by
from library.practice.quiz import Round, nameless, round_of
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
    asked = situations()
    number = st.session_state.setdefault("quiz_number", 0)
    for ahead in range(len(asked)):
        # Steps of 37 through the list: neighbours in it are often alike.
        found = round_of(asked[(number + ahead) * 37 % len(asked)], search, today, number)
        if found and all(shelf.get(story) for story in found.stories):
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
        kept.practice.chose(viewer.name, chosen, round_.best, at=desk.library().now, why=why)


def go_on() -> None:
    """To the next situation."""
    st.session_state.quiz_number = st.session_state.get("quiz_number", 0) + 1
    for name in ("quiz_answer", "quiz_choice", "quiz_why"):
        st.session_state.pop(name, None)


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
