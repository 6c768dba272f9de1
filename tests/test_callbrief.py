"""What is taken to a call: the seven cues, the quote where it may be said, whom to thank, what not to claim."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from library.people import Person, Role
from library.sharing import documents
from library.sharing.callbrief import (
    CUE_LETTERS,
    QUESTION_LETTERS,
    BriefError,
    TheirWords,
    call_brief,
    their_words,
    why_not,
)
from library.sharing.safe import safe_story
from library.shelf import Shelf
from library.story import Beat, Health, ShowAs, Status
from tests.helpers import STORIES, TODAY, VOCABULARY, make_story

REP, LEAD = Person("Callum Reid"), Person("Nora Lindqvist", Role.LEAD)
STORY = make_story(near_miss="The board had signed for frozen fish.", not_for="canneries with boats of their own")
SHELF = Shelf.read(STORIES)
TOLD = SHELF.tellable(TODAY)
QUOTE = "I would rather know the bad number at noon."


def card(story=STORY, **more):
    return call_brief([story], TODAY, **more).cards[0]


def on_paper(brief) -> dict[str, str]:
    pages = PdfReader(BytesIO(documents.pdf(brief))).pages
    said = "\n".join(paragraph.text for paragraph in Document(BytesIO(documents.word(brief))).paragraphs)
    pdf = "\n".join(page.extract_text() for page in pages)
    return {"markdown": documents.markdown(brief), "plain": documents.plain_words(brief), "pdf": pdf, "word": said}


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


# --- the seven lines ---


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.id)
def test_seven_cues_of_the_storys_own_words_in_telling_order(story):
    safe, cues = safe_story(story, TODAY), card(story).cues
    assert [cue.beat for cue in cues] == list(Beat)
    for cue in cues:
        assert cue.words
        assert len(cue.words) <= (QUESTION_LETTERS if cue.beat is Beat.QUESTION else CUE_LETTERS) + 2
        own = cue.words.removesuffix(" …")
        assert own in " ".join(safe.beat(cue.beat).split()), "nothing is invented"
    assert cues[-1].words.endswith("?")


def test_a_beat_that_is_missing_has_its_line_and_says_so():
    story = replace(STORY, sections=tuple(s for s in STORY.sections if s.beat is not Beat.NEED))
    brief = call_brief([story], TODAY)
    assert [cue.words for cue in brief.cards[0].cues if cue.beat is Beat.NEED] == [""]
    assert "What they needed: The story does not say." in documents.plain_words(brief)


@given(st.text(max_size=400), st.text(max_size=200))
def test_any_beat_whatever_makes_seven_lines(pain, question):
    story = make_story(beats={"pain": pain, "question": question})
    cues = card(story).cues
    assert len(cues) == 7
    assert all("\n" not in cue.words for cue in cues)


# --- what may be said ---


def test_the_quote_stands_only_where_the_right_is_a_yes_that_day():
    assert card().quote == QUOTE
    for may, quoting in (
        ("ask first", "Ask Ines Carvalho before you quote them."),
        ("yes, until 2026-11-21", "Ask Ines Carvalho before you quote them."),
        ("no", "Do not quote them."),
    ):
        story = replace(STORY, may_quote=may)
        brief = call_brief([story], TODAY)
        assert (brief.cards[0].quote, brief.cards[0].quoting) == ("", quoting)
        for text in on_paper(brief).values():
            assert letters(QUOTE) not in letters(text)
            assert letters(quoting) in letters(text)


def test_safe_by_default_and_with_names_only_for_who_may_see_and_say_them():
    story = replace(STORY, show_as=ShowAs.VERBAL)
    safe, own = call_brief([story], TODAY), call_brief([story], TODAY, reader=REP)
    assert not safe.own_eyes
    assert own.own_eyes
    assert own.cards[0].name == "Sardinella Norte"
    for text in on_paper(safe).values():
        assert "Sardinella" not in text
        assert "Lurdes" not in text
        assert documents.OWN_EYES not in text
    for text in on_paper(own).values():
        assert "Sardinella" in text
        assert letters(documents.OWN_EYES) in letters(text)


@pytest.mark.parametrize("reader", [REP, LEAD, Person("Ines Carvalho")])
@pytest.mark.parametrize("changes", [{"show_as": ShowAs.ANONYMISED}, {"may_name_aloud": "ask first"}])
def test_a_name_that_may_not_be_said_is_on_nobodys_paper(reader, changes):
    story = replace(STORY, **{"show_as": ShowAs.VERBAL, **changes})
    for text in on_paper(call_brief([story], TODAY, reader=reader)).values():
        assert "Sardinella" not in text
        assert "Lurdes" not in text


def test_whom_to_ask_for_the_quote_is_a_customers_name_only_on_ones_own_paper():
    story = replace(STORY, show_as=ShowAs.VERBAL, may_quote="ask first, by Vigdis Holm")
    assert card(story, reader=REP).quoting == "Ask Vigdis Holm, through Ines Carvalho, before you quote them."
    assert card(story).quoting == "Ask Ines Carvalho before you quote them."


def test_who_to_thank_and_bring_along():
    assert card().thank == "Ines Carvalho brought this story, with Dev Raman. Thank them, or bring one along."
    assert card(replace(STORY, contributors=())).thank.startswith("Ines Carvalho brought this story. Thank them")
    assert card(replace(STORY, contributors=(), told_by="")).thank == ""


def test_what_not_to_claim():
    story = replace(
        STORY,
        heard_how="second-hand",
        verified_on=date(2026, 1, 5),
        may_metric="ask first",
        may_logo="yes, until 2026-06-30",
    )
    assert card(story).not_to_claim == (
        "That it fits everybody. Not for canneries with boats of their own.",
        "That it was plain from the start. The board had signed for frozen fish.",
        "That we heard it from them: it came second-hand.",
        "Their figures, before you asked.",
        "Logo, as before: that right ran out on 30 June 2026.",
        "That it is still so: nobody has checked since 5 January 2026. Ask Ines Carvalho.",
    )
    assert card(make_story()).not_to_claim == ()


# --- what is refused ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"show_as": ShowAs.INTERNAL}, "is for us only"),
        ({"expires_on": date(2026, 11, 21)}, "was over on 21 November 2026"),
        ({"status": Status.DRAFT}, "is not published"),
        ({"status": Status.RETIRED}, "is not published"),
        ({"health": Health.CHURNED}, "has left us"),
        ({"health": Health.LEFT}, "has left us"),
    ],
)
def test_a_story_that_may_not_be_told_is_refused_with_a_sentence(changes, said):
    story = replace(STORY, title="Sardinella Norte closed", **changes)
    with pytest.raises(BriefError, match=said) as refused:
        call_brief([STORY, story][::-1] if story.id != STORY.id else [story], TODAY)
    assert "Sardinella" not in str(refused.value)


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_stories(count):
    stories = [replace(STORY, id=f"story-{number}") for number in range(count)]
    with pytest.raises(BriefError, match=f"Found {count} stories; choose one to three"):
        call_brief(stories, TODAY)


def test_what_is_refused_is_just_what_is_not_tellable():
    assert [story.id for story in SHELF if not why_not(story, TODAY)] == [story.id for story in TOLD]


# --- the rep's words ---


@pytest.mark.parametrize(
    ("said", "change", "pain"),
    [
        ("Nurses keep leaving and temp staff cost a fortune", "Nurses keep leaving", "temp staff cost a fortune"),
        (
            "New audit law in June, their spreadsheets are a mess",
            "New audit law in June",
            "their spreadsheets are a mess",
        ),
        ("It is a nightmare. The founder retired", "The founder retired", "It is a nightmare."),
        ("", "", ""),
    ],
)
def test_a_reps_words_are_split_and_never_changed(said, change, pain):
    words = their_words(said, VOCABULARY)
    assert (words.change, words.pain) == (change, pain)


@given(st.text(max_size=300))
def test_no_word_of_a_rep_is_lost_but_the_one_that_joins(said):
    words = their_words(said, VOCABULARY)
    kept = letters(words.change + words.pain)
    joined = letters(re.sub(r"\s(?:and|but|while|so)\s", " ", said, flags=re.IGNORECASE))
    assert len(kept) >= len(joined)


def test_their_words_and_the_prospect_stand_on_every_paper():
    brief = call_brief([STORY], TODAY, TheirWords("Boats\n stay in", "Tins\tstand *idle*"), "Nordvik <Care>")
    for text in on_paper(brief).values():
        for said in ("Call brief: Nordvik <Care>", "“Boats stay in”", "“Tins stand *idle*”", "22 November 2026"):
            assert letters(said) in letters(text)
    assert r"Tins stand \*idle\*" in documents.markdown(brief)


# --- paper ---


def test_three_stories_stand_on_one_page_whichever_they_are():
    longest = sorted(TOLD, key=lambda story: -len(documents.markdown(call_brief([story], TODAY))))
    for three in (longest[:3], longest[-3:], TOLD[:3], TOLD[20:23]):
        words = TheirWords("What changed for them, at some length. " * 6, "What it costs them. " * 12)
        for reader in (None, REP):
            brief = call_brief(three, TODAY, words, "A prospect", **({"reader": reader} if reader else {}))
            assert len(PdfReader(BytesIO(documents.pdf(brief))).pages) == 1


def test_the_same_brief_gives_the_same_pdf():
    assert documents.pdf(call_brief([STORY], TODAY)) == documents.pdf(call_brief([STORY], TODAY))


def test_every_line_stands_on_every_paper():
    brief = call_brief([STORY, *TOLD[:2]], TODAY)
    lines = [line for c in brief.cards for line in (*documents.cue_lines(c), *documents.other_lines(c))]
    assert len(lines) > 21
    for text in on_paper(brief).values():
        for line in lines:
            assert letters(line.words) in letters(text), line
