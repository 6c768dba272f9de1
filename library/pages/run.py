"""Run: the meeting itself, one story at a time."""

from __future__ import annotations

import streamlit as st

from library.pages import agenda, desk, parts
from library.pages.browser import clock
from library.people import display_name
from library.records.entries import Audience, CustomerVoice, Meeting, Pick, VoiceKind
from library.sharing.rights import what_may_be_said
from library.story import Beat, ShowAs, Story, sentences


def step(by: int) -> None:
    """To the next story or back; the one just told is recorded once."""
    place = min(st.session_state.get("run_place", 0), len(meeting.picks))
    if by > 0 and place < len(meeting.picks):
        told(meeting.picks[place])
    st.session_state.run_place = max(0, place + by)


def told(pick: Pick) -> None:
    """Record who told the story to the team, and who had heard its change."""
    if not desk.viewer().leads:
        return
    kept, now = agenda.records(), desk.library().now
    before = [t for t in kept.tellings.all(story=pick.story) if t.audience is Audience.TEAM]
    if pick.teller and not any(t.at.date() == now.date() and t.person == pick.teller for t in before):
        kept.tellings.add(pick.teller, pick.story, at=now, audience=Audience.TEAM)
    known = {hand.person for hand in kept.meetings.hands(day) if hand.story == pick.story and not hand.promises}
    for person in st.session_state.get(f"heard-{pick.story}") or []:
        if person not in known:
            kept.meetings.raise_hand(day, pick.story, person, at=now)


def promise(story: str) -> None:
    """Record who will tell the story to whom."""
    person, whom = st.session_state.get(f"who-{story}"), st.session_state.get(f"whom-{story}", "").strip()
    if person and whom and desk.viewer().leads:
        agenda.records().meetings.raise_hand(day, story, person, at=desk.library().now, whom=whom)
        st.session_state[f"whom-{story}"] = ""
        st.session_state[f"who-{story}"] = None
    else:
        st.toast("Say who tells it, and to whom.", icon=":material/person_alert:")


def tell(pick: Pick, story: Story) -> None:
    """The story, large, with what the teller needs at a glance."""
    st.title(parts.prose(story.title), anchor=False)
    st.markdown(f"**{parts.whose(story)}** · {parts.facts_line(story, shelf.vocabulary)}")
    st.header(f":material/record_voice_over: {parts.prose(pick.teller or 'Who tells it?')}", anchor=False)
    if story.show_as is ShowAs.INTERNAL:
        st.error("For us only: learn from it, do not tell it outside.", icon=":material/lock:")
    clock(key=f"clock-{pick.story}")
    if pick.note:
        st.markdown(f":material/lightbulb: {parts.prose(pick.note)}")
    if changed := sentences(story.beat(Beat.CHANGE)):
        st.subheader(parts.prose(changed[0]), anchor=False)
    if story.quote:
        st.subheader(f"“{parts.prose(story.quote)}”", anchor=False)
    if story.question:
        st.subheader(f":material/forum: {parts.prose(story.question)}", anchor=False)
    with st.expander("The whole story", icon=":material/auto_stories:"):
        parts.telling(story)
    st.caption(parts.prose(what_may_be_said(story, desk.library().today)))


def room(pick: Pick) -> None:
    """What the room says after the story."""
    st.divider()
    st.pills(
        "Who has heard this change from a prospect this week?",
        agenda.team(),
        selection_mode="multi",
        key=f"heard-{pick.story}",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Who tells it", agenda.team(), index=None, key=f"who-{pick.story}", placeholder="Name", width=200)
        st.text_input("To whom", key=f"whom-{pick.story}", placeholder="The CFO at …", width=240)
        st.button("Note it", icon=":material/add:", on_click=promise, args=(pick.story,))
    for hand in agenda.records().meetings.hands(day):
        if hand.story == pick.story and hand.promises:
            st.markdown(f":material/handshake: {parts.prose(hand.person)} tells it to {parts.prose(hand.whom)}")


def customer_voice(voice: CustomerVoice) -> None:
    """The customer's own voice, after the stories."""
    story = agenda.story_named(voice.story)
    st.title("A customer's own voice", anchor=False)
    kind = "A recording" if voice.kind is VoiceKind.RECORDING else "A guest"
    name = display_name(story) if story else ""
    st.header(parts.prose(": ".join(part for part in (kind, name) if part)), anchor=False)
    if voice.words:
        st.markdown(parts.prose(voice.words))
    if story and story.media_url.startswith("https://"):
        st.link_button("Play it", story.media_url, icon=":material/play_circle:")


def end(here: Meeting) -> None:
    """Who tells what to whom, read out at the end."""
    if here.voice:
        customer_voice(here.voice)
        st.divider()
    st.subheader("Who tells what to whom", anchor=False)
    promises = [hand for hand in agenda.records().meetings.hands(day) if hand.promises]
    for hand in promises:
        to = f"**{parts.prose(hand.person)}** tells {parts.prose(hand.whom)}"
        st.markdown(f":material/handshake: {to}: {agenda.title(hand.story)}")
    if not promises:
        st.markdown("Nobody took a story along this time.")
    st.page_link(desk.HISTORY, label="What came of earlier meetings", icon=":material/history:")


shelf = desk.shelf()
day = agenda.upcoming()
found = agenda.records().meetings.on(day)
if not desk.viewer().leads:
    st.title("The meeting", anchor=False)
    st.info("The team lead runs the meeting here.", icon=":material/person:")
    st.page_link(desk.MEETING, label="This week's stories", icon=":material/event:")
elif found is None or not found.picks:
    st.title("The meeting", anchor=False)
    st.info("No agenda is saved for the next meeting.", icon=":material/event:")
    st.page_link(desk.MEETING, label="Plan it", icon=":material/event:")
else:
    meeting = found
    count = len(meeting.picks)
    place = min(st.session_state.get("run_place", 0), count)
    st.caption(f"{agenda.long_day(day)} · {f'story {place + 1} of {count}' if place < count else 'the end'}")
    if place < count:
        pick = meeting.picks[place]
        story = agenda.story_named(pick.story)
        if story is None:
            st.title("A story that left the shelf", anchor=False)
        else:
            tell(pick, story)
            room(pick)
    else:
        end(meeting)
    with st.container(horizontal=True):
        st.button("Back", icon=":material/arrow_back:", disabled=place == 0, on_click=step, args=(-1,))
        if place < count:
            label = "Next story" if place < count - 1 else "To the end"
            st.button(label, icon=":material/arrow_forward:", type="primary", on_click=step, args=(1,))
