"""What may be said, by right: read from a line, narrowed by show_as, run out by the day."""

from datetime import date

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from library.masking import masked, without_names
from library.people import GUEST, Person, Role, may_see_name, seen_by
from library.reading import FIELDS, write_text
from library.sharing.rights import May, Right, RightError, allows, permission, read_right, what_may_be_said
from library.sharing.safe import safe_story, safe_version, without_figures
from library.shelf import Shelf, passages_of
from library.story import Beat, ShowAs
from tests.helpers import SARDINES, STORIES, TODAY, VOCABULARY, make_story, read

REP, LEAD, TELLER = Person("Callum Reid"), Person("Nora Lindqvist", Role.LEAD), Person("Ines Carvalho")
BEFORE, AFTER = date(2026, 11, 21), date(2026, 11, 23)


# --- a line of the front matter ---


@pytest.mark.parametrize(
    ("line", "may", "by", "until"),
    [
        ("yes", May.YES, "", None),
        ("ask first", May.ASK_FIRST, "", None),
        ("no", May.NO, "", None),
        ("yes, by Marit Aune", May.YES, "Marit Aune", None),
        ("yes, until 2027-03-31", May.YES, "", date(2027, 3, 31)),
        ("yes, by Marit Aune, until 2027-03-31", May.YES, "Marit Aune", date(2027, 3, 31)),
        ("ask first, by Aune, Marit", May.ASK_FIRST, "Aune, Marit", None),
    ],
)
def test_a_right_is_read_from_its_line_and_written_as_it_was(line, may, by, until):
    told = read_right(line)
    assert (told.may, told.by, told.until) == (may, by, until)
    assert told.written == line
    text = SARDINES.replace("may_quote: yes", f"may_quote: {line}")
    reading = read(text)
    assert reading.story is not None
    assert not reading.problems
    assert reading.story.may_quote == line
    assert read(write_text(reading.story)).story == reading.story


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("perhaps", "write yes, ask first or no."),
        ("Yes", "write yes, ask first or no."),
        ("yes!", "write yes, ask first or no."),
        ("yes by Marit", "write yes, ask first or no."),
        ("yes, until 2027-02-30", "write the last day as year-month-day"),
        ("yes, until soon", "write the last day as year-month-day"),
        ("yes, until 31.3.2027", "write the last day as year-month-day"),
        ("yes, until 2027-03-31, by Marit Aune", "after the answer only who gave it and the last day"),
        ("yes, but only in Norway", "after the answer only who gave it and the last day"),
        ("yes, by", "after the answer only who gave it and the last day"),
        ("yes,", "after the answer only who gave it and the last day"),
    ],
)
@pytest.mark.parametrize("right", [Right.QUOTE, Right.METRIC, Right.NAME_ALOUD])
def test_what_cannot_be_read_is_a_sentence_kept_and_never_a_yes(line, instead, right):
    with pytest.raises(RightError, match="found"):
        read_right(line)
    text = SARDINES.replace("may_quote: yes", f'{right.value}: "{line}"')
    (problem,) = read(text).problems
    assert problem.where == f"field {right.value}"
    assert instead in problem.instead
    story = read(text).story
    assert story is not None
    assert story.extra[right.value] == line
    assert permission(story, right, TODAY).may is May.ASK_FIRST
    assert permission(without_names(story), right, TODAY).may is May.ASK_FIRST, "also once it is masked"
    assert f"{right.value}: " in write_text(story)


@drawn(st.text(max_size=60))
def test_no_line_whatever_becomes_a_yes_that_was_not_written(line):
    story = make_story(may_quote=line)
    if allows(story, Right.QUOTE, TODAY):
        assert line.strip() == "yes" or line.strip().startswith("yes,")


def test_the_rights_are_known_keys_and_old_files_stay_as_they_are():
    assert {right.value for right in Right} <= set(FIELDS)
    assert not Shelf.read(STORIES).problems


# --- what show_as allows ---

Y, A, N = May.YES, May.ASK_FIRST, May.NO
UNSAID = {
    ShowAs.NAMED: (Y, Y, A, A, Y, A, A),
    ShowAs.VERBAL: (Y, N, N, A, Y, A, A),
    ShowAs.ANONYMISED: (N, N, N, A, Y, N, A),
    ShowAs.INTERNAL: (N, N, N, N, N, N, N),
}


@pytest.mark.parametrize("show_as", ShowAs)
def test_a_right_nobody_gave_is_worth_what_show_as_leaves(show_as):
    story = make_story(show_as=show_as, may_quote="")
    assert tuple(permission(story, right, TODAY).may for right in Right) == UNSAID[show_as]


@pytest.mark.parametrize("show_as", ShowAs)
@pytest.mark.parametrize("right", Right)
def test_a_yes_never_widens_what_show_as_allows(show_as, right):
    plain, told = make_story(show_as=show_as), make_story(show_as=show_as, **{right.value: "yes"})
    if right in {Right.NAME_ALOUD, Right.NAME_IN_WRITING} or show_as is ShowAs.INTERNAL:
        assert permission(told, right, TODAY).may is permission(plain, right, TODAY).may
    for viewer in (GUEST, REP, LEAD, TELLER):
        assert may_see_name(viewer, told, TODAY) == may_see_name(viewer, plain, TODAY)
    assert permission(make_story(show_as=show_as, **{right.value: "no"}), right, TODAY).may is May.NO


def test_a_logo_is_no_freer_than_the_name_in_writing():
    story = make_story(may_name_in_writing="ask first", may_logo="yes")
    assert permission(story, Right.LOGO, TODAY).may is May.ASK_FIRST


# --- the day ---


def test_a_yes_runs_out_after_its_last_day_and_asks_first():
    story = make_story(may_quote="yes, by Lurdes Amaro, until 2026-11-22")
    assert [permission(story, Right.QUOTE, day).may for day in (BEFORE, TODAY, AFTER)] == [Y, Y, A]
    late = permission(story, Right.QUOTE, AFTER)
    assert late.lapsed
    assert late.sentence == "ask first; the yes ran out on 22 November 2026"
    assert permission(story, Right.QUOTE, None).may is A, "without a day it is no yes"
    assert permission(make_story(may_quote="no, until 2020-01-01"), Right.QUOTE, TODAY).may is N


def test_a_name_in_writing_runs_out_too():
    story = make_story(may_name_in_writing="yes, until 2026-11-22")
    assert seen_by(GUEST, story, TODAY).customer == "Sardinella Norte"
    assert seen_by(GUEST, story, AFTER).customer == ""
    assert seen_by(GUEST, story).customer == ""
    assert "Sardinella" in safe_version(story, TODAY)
    assert "Sardinella" not in safe_version(story, AFTER)
    assert seen_by(REP, story, AFTER).customer == "Sardinella Norte"


def test_a_name_that_may_be_neither_said_nor_written_is_seen_by_few():
    story = make_story(show_as=ShowAs.VERBAL, may_name_aloud="no")
    assert [may_see_name(viewer, story, TODAY) for viewer in (GUEST, REP, LEAD, TELLER)] == [False, False, True, True]


# --- in a sentence ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "You may name Sardinella Norte, aloud and in writing. You may quote it."),
        ({"may_quote": ""}, "You may name Sardinella Norte, aloud and in writing. Ask before you quote it."),
        ({"show_as": ShowAs.VERBAL}, "Say the name aloud only; in writing it is “a 310-person cannery in Portugal”."),
        ({"show_as": ShowAs.ANONYMISED}, "Never name them: say “a 310-person cannery in Portugal”."),
        ({"show_as": ShowAs.INTERNAL}, "For us only: do not tell it outside."),
        ({"may_name_in_writing": "ask first"}, "Say the name aloud; ask before you write it."),
        ({"may_name_in_writing": "no", "may_name_aloud": "no"}, "Never name them"),
        ({"may_name_aloud": "no"}, "You may write the name; do not say it."),
        ({"may_name_aloud": "ask first", "may_name_in_writing": "no"}, "Ask before you name them; until then say"),
        ({"may_metric": "no"}, "Do not give their figures."),
        ({"may_metric": "yes, until 2026-01-01"}, "Ask before you give their figures."),
        ({"may_quote": "no"}, "Do not quote it."),
    ],
)
def test_what_may_be_said_follows_the_rights(changes, said):
    assert said in what_may_be_said(make_story(**changes), TODAY)


# --- who gave it ---


def test_who_gave_a_right_is_a_name_like_any_other():
    beats = {"pain": "Vigdis Holmqvist signed. Holmqvist waited; vigdis.holmqvist@x.example, V. Holmqvist and VH."}
    story = make_story(beats=beats, may_quote="yes, by Vigdis Holmqvist, until 2027-03-31", show_as=ShowAs.VERBAL)
    safe = without_names(story)
    assert safe.may_quote == "yes, until 2027-03-31"
    assert not {"vigdis", "holmqvist", "vh"} & set(safe.beat(Beat.PAIN).lower().replace(".", " ").split())
    assert "Vigdis" not in repr(safe) + " ".join(part for p in passages_of(story, VOCABULARY) for part in p.parts)
    assert "Vigdis" not in repr(safe_story(make_story(may_quote=story.may_quote), TODAY)), "also of a named customer"


def test_other_words_that_give_a_customer_away_are_swapped():
    story = make_story(
        also_called=("Kvamsnes, their town", "GridPilot", "Torleif Brekkestad, the board member"), show_as=ShowAs.VERBAL
    )
    said = masked("In Kvamsnes, GRID-PILOT stopped and Torleif phoned. BREKKESTAD's son, in kvamsnes.no.", story)
    assert said == (
        "In their town, a 310-person cannery in Portugal stopped and the board member phoned. "
        "The board member's son, in their town."
    )
    assert without_names(story).also_called == ()
    text = write_text(story)
    again = read(text).story
    assert again is not None
    assert again.also_called == story.also_called


# --- figures and speech ---


@pytest.mark.parametrize(
    ("beat", "text", "read_as"),
    [
        (
            Beat.PAIN,
            "It cost 61 million kroner, a third more, by 14 May 2025.",
            "It cost […] kroner, […] more, by 14 May 2025.",
        ),
        (
            Beat.PAIN,
            "They lost €2.9 million and 8 percent, from nineteen to seven.",
            "They lost […] and […], from […] to […].",
        ),
        (Beat.WIN, "It took nine days, at 22:40, in 2025.", "It took […] days, at 22:40, in 2025."),
        (Beat.CHANGE, "Closed for fifty days; a third of them left.", "Closed for fifty days; […] of them left."),
    ],
)
def test_figures_go_and_days_stay(beat, text, read_as):
    assert without_figures(text, beat) == read_as


@pytest.mark.parametrize("may", ["ask first", "no", "yes, until 2026-01-01"])
def test_figures_that_may_not_be_given_are_in_no_safe_copy(may):
    beats = {"pain": "It cost 417 crates.", "win": "They saved 418.", "decision": 'She said: "It was 419."'}
    story = make_story(beats=beats, may_metric=may, title="They lost 416 crates")
    safe = safe_version(story, TODAY)
    assert not {"416", "417", "418", "419"} & set(safe.replace(".", " ").replace('"', " ").split())
    assert "417" in safe_version(make_story(beats=beats), TODAY)


@pytest.mark.parametrize("may", ["ask first", "no", "", "yes, until 2026-01-01"])
def test_speech_that_may_not_be_quoted_is_in_no_safe_copy(may):
    beats = {"pain": "A foreman shouted “send my own brother home first” at her. “The list” was a sheet."}
    safe = safe_version(make_story(beats=beats, may_quote=may), TODAY)
    assert "brother" not in safe
    assert "rather know the bad number" not in safe
    assert "“The list” was a sheet." in safe
