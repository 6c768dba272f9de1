"""Why They Bought: who is here, which pages there are, run."""

from __future__ import annotations

import streamlit as st

from library.pages import desk, parts

st.set_page_config(page_title="Why They Bought", page_icon=str(desk.ICON))

EVERYBODY = {
    desk.ASK: ("Ask", "forum", "Describe a prospect in your own words; get the customer stories that fit."),
    desk.BROWSE: ("Browse", "shelves", "The whole shelf by industry, with filters for change, role, size and region."),
    desk.LEARN: ("Learn", "school", "Your first week's stories, what comes back today, and practice in telling them."),
    desk.MEETING: (
        "Meeting",
        "event",
        "The stories of the weekly meeting: proposed with reasons, changed by the lead.",
    ),
    desk.PIPELINE: ("Pipeline", "conversion_path", "Every deal of your CRM's export with its story, no why first."),
    desk.TELL: ("Tell", "edit_note", "Bring a customer's story: from your notes, in ninety seconds, or whole."),
}
LEAD = {
    desk.SHELF: ("Shelf", "grid_view", "What the shelf lacks, what on it needs care, and the team's week in numbers."),
    desk.REVIEW: ("Review", "rate_review", "What waits to be looked at before it is on the shelf."),
    desk.TASKS: ("Stories to bring", "task", "Who is asked for which story, and which customers could tell one."),
    desk.EXCHANGE: ("In and out", "swap_horiz", "Take stories along as a table or a zip; bring some in."),
}
INSIDE = {
    desk.PRACTISE: ("Practise", "record_voice_over", "Read a story, hide it, tell it, and hear what was left out."),
    desk.QUIZ: ("Which story?", "quiz", "A situation and four stories: which would you tell?"),
    desk.INDUSTRY: ("Industry", "domain", "One industry: what changes there, what hurts, who buys, and its stories."),
    desk.WORDS: ("In their words", "format_quote", "Why customers decided, in their own words, by industry."),
    desk.LOOK: ("Look at it", "rate_review", "One story, or one change, that waits: checks, differences, comments."),
    desk.CHANGE: ("Suggest a change", "edit", "Other words for a published story, sent to review."),
    desk.RUN: ("Run the meeting", "play_circle", "The meeting itself, one story at a time."),
    desk.HISTORY: ("Earlier meetings", "history", "Earlier meetings, and what came of them."),
    desk.CREDIT: ("Your stories", "favorite", "What came of the stories somebody brought, and who said thanks."),
    desk.TEAM: ("The team", "group", "Who is of the team, who leads and who is new."),
    desk.BRIEF: ("Take along", "assignment", "What to take to a call: cue cards, what may be said, what not to claim."),
    desk.STORY: ("Story", "menu_book", "One story: the telling, what may be said, its facts, and stories like it."),
}

WIDE = {"pipeline"}
"""Pages that are a table."""


def pages() -> list[st.Page]:
    """Every page, those that are somebody else's or lie inside another one left out of the menu."""
    person = desk.viewer()
    shown = {*EVERYBODY, *(LEAD if person.leads else ()), *((desk.REVIEW,) if person.verifies else ())}
    return [
        st.Page(
            path,
            title=title,
            icon=f":material/{icon}:",
            default=path == desk.ASK,
            help=words,
            visibility="visible" if path in shown else "hidden",
        )
        for path, (title, icon, words) in {**EVERYBODY, **LEAD, **INSIDE}.items()
    ]


page = st.navigation(pages(), position="top")
# A layout is said once a run: of two the browser keeps the first every other time.
st.set_page_config(layout="wide" if page.url_path in WIDE else "centered")
body, foot = st.container(), st.container()
with foot:  # before the page, which may stop: who is here can be said on every page
    parts.sign_in()
    desk.watch()
with body:
    page.run()
