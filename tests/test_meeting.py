"""The week's picks: the rules they keep on any shelf, and the reasons they give."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.meetings import simulate
from library.meeting.picks import Picks, count_for, next_day, repeats
from library.records.entries import Ask, Concern, Feedback, Landed, Meeting, Pick, Telling
from library.shelf import Shelf
from library.story import Health, ShowAs, Status
from tests.helpers import make_story

MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def shelf_of(*stories) -> Shelf:
    return Shelf({story.id: story for story in stories})


def ids(picks) -> list[str]:
    return [pick.story for pick in picks]


def words(shelf: Shelf, story: str, **known) -> str:
    return " ".join(r.words for r in Picks(shelf, MONDAY, **known).reasons(shelf.stories[story]))


@st.composite
def shelves(draw, most: int = 9) -> Shelf:
    kinds = st.tuples(
        st.sampled_from(["hospitals", "retail", "banking", ""]),
        st.sampled_from(["regulation", "margin", "people-loss"]),
        st.sampled_from(["Ines", "Dev", "Greta", ""]),
        st.sampled_from([ShowAs.NAMED, ShowAs.NAMED, *ShowAs]),
        st.sampled_from([Status.PUBLISHED, Status.PUBLISHED, *Status]),
        st.sampled_from([Health.ACTIVE, Health.ACTIVE, *Health]),
        st.dates(date(2024, 9, 1), date(2026, 11, 1)),
    )
    rows = draw(st.lists(kinds, min_size=0, max_size=most))
    return shelf_of(
        *(
            make_story(
                f"story-{n}",
                industry=industry,
                change=change,
                told_by=teller,
                show_as=show_as,
                status=status,
                health=health,
                heard_on=heard,
            )
            for n, (industry, change, teller, show_as, status, health, heard) in enumerate(rows)
        )
    )


@st.composite
def pasts(draw, shelf: Shelf) -> list[Meeting]:
    days = draw(st.lists(st.integers(1, 60), unique=True, max_size=5))
    pick = st.sampled_from(sorted(shelf.stories) or ["gone"]).map(lambda s: Pick(s, teller="Ines"))
    picks = st.lists(pick, max_size=3).map(tuple)
    return [Meeting(MONDAY - timedelta(days=back), picks=draw(picks), version=1) for back in days]


@settings(max_examples=150)
@given(data=st.data(), shelf=shelves(), count=st.integers(3, 5))
def test_the_rules_hold_on_any_shelf(data, shelf, count):
    past = data.draw(pasts(shelf))
    stories = sorted(shelf.stories) or ["gone"]
    doubted = data.draw(st.sampled_from(stories))
    feedback = [Feedback("f", NOON, "Dev", doubted, Concern.MAY_NOT_BE_SAID)]
    picks = Picks(shelf, MONDAY, past, feedback=feedback).propose(count)
    again = Picks(shelf, MONDAY, list(reversed(past)), feedback=feedback).propose(count)
    assert picks == again, "the same data give the same picks"
    chosen = [shelf.stories[story] for story in ids(picks)]
    assert len(set(ids(picks))) == len(picks) <= count
    assert all(story.tellable(MONDAY) for story in chosen)
    assert doubted not in ids(picks)
    lately = {s for m in past if (MONDAY - m.held_on).days <= 13 for s in m.stories}
    assert not lately & set(ids(picks))
    last = max(past, key=lambda m: m.held_on, default=Meeting(MONDAY))
    assert not set(last.stories) & set(ids(picks))
    rested = [s for s in shelf.tellable(MONDAY) if s.id not in {*lately, *last.stories, doubted}]
    assert len(picks) == min(count, len(rested))
    assert repeats(chosen) == min(repeats(c) for c in combinations(rested, len(picks)))
    assert all(pick.because and pick.teller == shelf.stories[pick.story].told_by for pick in picks if pick.because)


def test_what_is_kept_stays_first_and_the_rest_differs_from_it():
    shelf = shelf_of(
        make_story("kept", industry="retail", change="margin", told_by="Ines"),
        make_story("like-it", industry="retail", change="margin", told_by="Ines", first_win_on=MONDAY),
        make_story("unlike", industry="banking", change="regulation", told_by="Dev"),
        make_story("left-out", industry="hospitals", change="people-loss", told_by="Greta"),
    )
    assert ids(Picks(shelf, MONDAY).propose(2, keep=["kept"], leave_out=["left-out"])) == ["kept", "unlike"]


def test_a_story_planned_for_next_week_is_not_proposed_for_this_one():
    shelf = shelf_of(make_story("a-story"), make_story("b-story"))
    planned = Meeting(MONDAY + WEEK, picks=(Pick("a-story"),), version=1)
    assert ids(Picks(shelf, MONDAY, [planned]).propose(2)) == ["b-story"]


def test_the_meeting_itself_does_not_count_as_heard():
    shelf = shelf_of(make_story("a-story"))
    assert ids(Picks(shelf, MONDAY, [Meeting(MONDAY, picks=(Pick("a-story"),), version=1)]).propose(3)) == ["a-story"]


def test_each_reason_is_said_when_it_is_true():
    early = make_story("early", change="regulation", moments=("awareness",), industry="banking", told_by="Dev")
    shelf = shelf_of(early, make_story("other", industry="retail", told_by="Ines", moments=()))
    ask = Ask("1", NOON, "Priya", "a new rule", ("change:regulation",), "close", ("early",))
    two = [ask, replace(ask, id="2", text="another rule")]
    assert "Fits 2 asks of the last seven days." in words(shelf, "early", asks=two)
    assert "2 asks this month share its change" in words(shelf, "early", asks=two)
    assert "share its change" not in words(shelf, "other", asks=two)
    assert "share its change" not in words(shelf, "early", asks=[ask, ask])
    long_ago = Meeting(MONDAY - 9 * WEEK, picks=(Pick("other", teller="Ines"),), version=1)
    assert "Not told for 9 weeks." in words(shelf, "other", meetings=[long_ago])
    assert "Banking: nothing heard yet." in words(shelf, "early", meetings=[long_ago])
    assert "Dev's turn." in words(shelf, "early", meetings=[long_ago])
    assert "Ines's turn." not in words(shelf, "other", meetings=[long_ago])
    leaned = [Telling(str(n), NOON, "Priya", "early", landed=landed) for n, landed in enumerate(Landed)]
    leaned.append(replace(leaned[0], id="9", landed=Landed.LEANED_IN))
    assert "Prospects leaned in 2 times of 4." in words(shelf, "early", tellings=leaned)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_win_on": date(2026, 11, 3)}, "The first win is dated 3 November 2026."),
        ({"heard_on": date(2026, 10, 6)}, "New: heard from the customer on 6 October 2026."),
        ({"expires_on": date(2026, 12, 3)}, "May be told only until 3 December 2026."),
    ],
)
def test_a_story_s_own_dates_are_reasons(changes, said):
    shelf = shelf_of(make_story("dated", **changes), make_story("plain"))
    assert said in words(shelf, "dated")
    assert said not in words(shelf, "plain")
    assert Picks(shelf, MONDAY)._points["dated"] > Picks(shelf, MONDAY)._points["plain"]


def test_a_telling_that_fell_flat_takes_nothing_away():
    shelf = shelf_of(make_story("flat"), make_story("never"))
    flat = [Telling(str(n), NOON, "Dev", "flat", landed=Landed.FELL_FLAT) for n in range(9)]
    told = Picks(shelf, MONDAY, tellings=flat)._points["flat"]
    assert told >= Picks(shelf, MONDAY, tellings=flat[:1])._points["flat"]


def test_a_settled_concern_lets_the_story_back():
    shelf = shelf_of(make_story("a-story"))
    note = Feedback("f", NOON, "Dev", "a-story", Concern.WRONG)
    assert ids(Picks(shelf, MONDAY, feedback=[note]).propose(3)) == []
    assert ids(Picks(shelf, MONDAY, feedback=[replace(note, settled_by="Ada")]).propose(3)) == ["a-story"]
    assert ids(Picks(shelf, MONDAY, feedback=[replace(note, concern=Concern.GREAT)]).propose(3)) == ["a-story"]


@pytest.mark.parametrize(("minutes", "count"), [(30, 3), (45, 3), (60, 5), (90, 5)])
def test_a_longer_meeting_holds_more(minutes, count):
    assert count_for(minutes) == count


def test_the_next_meeting_is_the_planned_one_else_the_usual_weekday():
    sunday = date(2026, 11, 22)
    assert next_day(sunday, []) == MONDAY
    assert next_day(MONDAY, []) == MONDAY
    assert next_day(sunday, [Meeting(date(2026, 11, 19))]) == date(2026, 11, 26)
    assert next_day(sunday, [Meeting(MONDAY + WEEK), Meeting(MONDAY)]) == MONDAY


@pytest.mark.parametrize("minutes", [30, 60])
def test_in_a_year_every_story_is_heard_and_no_teller_carries_it_alone(shipped, minutes):
    year = simulate(shipped, MONDAY, minutes)
    assert len(year.meetings) == 52
    assert not year.unheard
    assert max(year.turns.values()) < 2 * min(year.turns.values())
    assert year.repeated_weeks == 0
    assert year.repeats == 0
