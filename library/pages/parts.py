"""What more than one page shows: a story's words made safe, a match card, a line of facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

import streamlit as st

from library.match import Match, Verdict
from library.pages import desk
from library.pages import telling as after
from library.pages.browser import copy_button
from library.people import display_name
from library.records.entries import RecordsError
from library.sharing.rights import what_may_be_said
from library.sharing.safe import safe_version
from library.shelf import Shelf, ShelfError
from library.story import Beat, ShowAs, Story, sentences
from library.vocabulary import Vocabulary, VocabularyError
from library.wording import day, many

Color = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray", "grey", "primary"]
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:=^&])")
_VERDICTS: dict[Verdict, tuple[Color, str]] = {
    Verdict.CLOSE: ("green", ":material/check_circle:"),
    Verdict.NEAREST: ("orange", ":material/near_me:"),
}

ROWS = 24
"""So many rows of a long list are drawn at once: a browser takes half a second for seventy."""
_A_SENTENCE = 9
"""So many words can stand alone."""


def prose(text: str) -> str:
    """A story's words as Markdown that shows them as they are: no markup, no picture; an address links to itself."""
    return "  \n".join(_MARKUP.sub(r"\\\1", line) for line in text.splitlines())


def whose(story: Story) -> str:
    """Whose story it is, as Markdown that begins a line."""
    name = display_name(story)
    return prose(name[:1].upper() + name[1:])


def facts_line(story: Story, vocabulary: Vocabulary) -> str:
    """Industry, place, size and role in a line."""
    facts = [vocabulary.label("industry", story.industry)] if story.industry else []
    if story.country or story.region:
        kind = "country" if story.country else "region"
        facts.append(vocabulary.label(kind, story.country or story.region))
    facts += [f"{story.size.replace('-', '–')} people"] if story.size else []
    facts += [vocabulary.label("role", role) for role in story.roles[:2]]
    return " · ".join(prose(fact) for fact in facts)


def told_line(story: Story, today: date) -> str:
    """Who tells it, when it was heard and verified, in a line."""
    parts = [f"Told by {story.told_by}"] if story.told_by else []
    if story.heard_on:
        second_hand = " second-hand" if story.heard_how == "second-hand" else ""
        parts.append(f"heard{second_hand} {day(story.heard_on)}")
    parts.append(f"verified {day(story.verified_on)}" if story.verified_on else "never verified")
    if story.stale(today):
        parts.append("due for a check")
    return prose(" · ".join(parts))


def chosen_view(views: Mapping[str, tuple[str, str, Callable[[], None]]], key: str, *, kept: bool = False) -> str:
    """Which of a page's views somebody chose, by name; kept in the address, and over pages where wished.

    A view is its label, its icon and what shows it; the first is where a page begins.
    """
    first = next(iter(views))
    if key not in st.session_state:
        linked = st.query_params.get("view", "")
        st.session_state[key] = linked if linked in views else first
    view = (
        st.segmented_control(
            "View",
            list(views),
            format_func=lambda name: f"{views[name][1]} {views[name][0]}",
            label_visibility="collapsed",
            required=True,
            key=key,
            persist_state="session" if kept else None,
        )
        or first
    )
    st.query_params["view"] = view
    return view


def first_of(items: Sequence[Story], key: str) -> Sequence[Story]:
    """The first of a long list, more at each click on `more_of`; from the beginning again under another key."""
    if st.session_state.get("list_key") != key:
        st.session_state.list_key, st.session_state.list_shown = key, ROWS
    return items[: st.session_state.list_shown]


def more_of(left: int) -> None:
    """A button for what `first_of` left out."""
    if left > 0:
        st.button(f"Show {min(left, ROWS)} more", icon=":material/expand_more:", on_click=_show_more)


def _show_more() -> None:
    st.session_state.list_shown += ROWS


def sign_in() -> None:
    """Let somebody say who they are."""
    person = desk.viewer()
    try:
        tellers = {story.told_by for story in desk.library().shelf if story.told_by}
    except (ShelfError, VocabularyError):  # the page says what is wrong with the folder
        tellers = set()
    settings = desk.library().settings
    known = sorted(tellers | settings.lead_names | settings.verifier_names)
    label = f"{prose(person.name)}{', team lead' if person.leads else ''}" if person.name else "Your name"
    with st.popover(label, icon=":material/person:", type="tertiary"):
        st.selectbox(
            "Your name",
            known,
            index=None,
            key="person_name",
            accept_new_options=True,
            placeholder="Pick or type your name",
            persist_state="session",
            help="Your own stories show you the customer's name. Team leads are named in the settings.",
        )
        if person.name:
            st.page_link(desk.CREDIT, label="Your stories", icon=":material/favorite:")
            st.page_link(desk.TASKS, label="Stories to bring", icon=":material/task:")
            st.page_link(desk.REVIEW, label="In review", icon=":material/rate_review:")
            st.page_link(desk.TEAM, label="The team", icon=":material/group:")
            if not person.leads:  # a lead has it in the menu
                st.page_link(desk.EXCHANGE, label="Take stories along", icon=":material/download:")
            st.button("Forget my words", icon=":material/delete:", type="tertiary", on_click=_forget)


def _forget() -> None:
    """Erase the words of everything this person asked, or told for practice and did not share."""
    records, name = desk.library().records, desk.viewer().name
    try:
        asked, told = records.asks.erase(person=name), records.practice.erase(name)
    except RecordsError as error:
        st.toast(str(error), icon=":material/error:")
    else:
        for box in map(str, st.session_state):
            if box.startswith("said-"):  # what stands in the box of a story is somebody's words too
                st.session_state[box] = ""
        st.toast(f"Forgotten: {many(asked, 'ask')}, {many(told, 'telling')}.", icon=":material/delete:")


def telling_sentence(text: str) -> str:
    """The first sentence that can stand alone; "Nine days." says nothing to somebody who has not read on."""
    said = sentences(text)
    return next((sentence for sentence in said if len(sentence.split()) >= _A_SENTENCE), " ".join(said))


def media_links(story: Story) -> None:
    """The demo and the recording that go with a story, where it has them."""
    for label, address in (("Watch the demo", story.demo_url), ("Hear the customer", story.media_url)):
        if address.startswith("https://"):
            st.link_button(label, address, icon=":material/play_circle:")


def story_link(story: Story, label: str = "Open the story") -> None:
    """A link to a story's own page; the label is Markdown."""
    st.page_link(desk.STORY, label=label, icon=":material/menu_book:", query_params={"story": story.id})


def take_along(stories: Sequence[str], label: str = "Take along") -> None:
    """A link to the call brief of these stories."""
    st.page_link(desk.BRIEF, label=label, icon=":material/assignment:", query_params={"stories": ",".join(stories)})


def credit_link(person: str) -> None:
    """A link to what came of the stories somebody brought."""
    label = f"What came of {prose(person)}’s stories"
    st.page_link(desk.CREDIT, label=label, icon=":material/favorite:", query_params={"person": person})


def match_card(match: Match, shelf: Shelf, today: date, key: str) -> None:
    """One story that fits: why, the quote, the question, and what may be said."""
    story, evidence = match.story, match.evidence
    with st.container(border=True, key=key):
        badges(match, shelf.vocabulary, today)
        st.subheader(prose(story.title), anchor=False)
        st.markdown(f"**{whose(story)}**  \n:small[{facts_line(story, shelf.vocabulary)}]")
        changed = sentences(story.beat(Beat.CHANGE))
        if changed and evidence.beat is not Beat.CHANGE:
            st.markdown(f"**What changed** {prose(changed[0])}")
        st.markdown(f"**Why it fits** {marked(story.beat(evidence.beat), evidence.sentence)}")
        if story.quote and story.quote not in evidence.sentence:
            st.markdown(f"> “{prose(story.quote)}”")
        if story.question:
            st.markdown(f":material/forum: **Ask** {prose(story.question)}")
        with st.expander(f"The whole story, {story.minutes:.1f} minutes", icon=":material/auto_stories:"):
            telling(story)
        with st.container(horizontal=True, vertical_alignment="center"):
            story_link(story)
            take_along([story.id])
            copy_button(
                "Copy the safe version",
                safe_version(story, today),
                f"{key}-copy",
                lambda: after.used(story.id, "copied"),
            )
            after.told_it(story, f"{key}-{story.id}")
            after.say_something(story, f"{key}-{story.id}")
        after.doubts(story.id)
        said = f":material/record_voice_over: {prose(what_may_be_said(story, today))}"
        tally = after.tally(story.id).sentence
        came = f"  \n:material/campaign: {tally[:1].upper()}{tally[1:]}" if tally else ""
        st.caption(f"{said}  \n:material/history_edu: {told_line(story, today)}{came}")


def badges(match: Match, vocabulary: Vocabulary, today: date) -> None:
    """How well a story fits, what agrees and what differs, and whether it is due for a check."""
    color, icon = _VERDICTS.get(match.verdict, ("gray", ":material/help:"))
    agrees, differs = agreement(match, vocabulary)
    with st.container(horizontal=True, gap="small"):
        st.badge(match.verdict.label, color=color, icon=icon)
        if agrees:
            st.badge(agrees, color="blue")
        if differs:
            st.badge(differs, color="gray")
        if match.story.stale(today):
            st.badge("Due for a check", color="gray", icon=":material/history:")


def agreement(match: Match, vocabulary: Vocabulary) -> tuple[str, str]:
    """What agrees and what differs, in a few words: "Same pain, different industry", "Not in Germany"."""
    agrees = [facet for facet in match.evidence.agrees if facet.kind != "change"]
    differs = [facet for facet in match.evidence.differs if facet.kind != "change"]
    named = [facet.label(vocabulary).removeprefix("Only ") for facet in agrees]
    other = [facet.label(vocabulary) for facet in differs if facet.kind != "industry"]
    same = f"Agrees: {', '.join(dict.fromkeys(named))}" if named else ""
    if any(f.kind == "industry" for f in differs) and not any(f.kind == "industry" for f in agrees):
        what = "change" if match.evidence.beat is Beat.CHANGE else "pain"
        same = f"Same {what}, different industry" + (f" · {same}" if same else "")
    return same, f"Differs: {', '.join(dict.fromkeys(other))}" if other else ""


def marked(passage: str, sentence: str) -> str:
    """A passage with its best sentence marked; unmarked where the sentence is no longer in it."""
    if not sentence or sentence not in passage:
        return prose(passage)
    before, _, after = passage.partition(sentence)
    return f"{prose(before)}**:primary-background[{prose(sentence)}]**{prose(after)}"


def telling(story: Story) -> None:
    """The beats as they are told, each under a small heading."""
    for beat in Beat:
        if text := story.beat(beat):
            st.markdown(f"**{beat.heading}**  \n{prose(text)}")


def for_us_only(story: Story) -> None:
    """Say when a story is for learning and not for telling."""
    if story.show_as is ShowAs.INTERNAL:
        st.badge("For us only", color="red", icon=":material/lock:")
