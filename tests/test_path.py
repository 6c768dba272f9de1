"""A new hire's first week, and when a practised story comes back."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.practice.feedback import Feedback
from library.practice.hearing import Opening
from library.practice.judge import Told
from library.practice.path import Step, first_week, steps_of
from library.practice.spacing import Memory, after
from library.shelf import Shelf
from library.story import Beat, Health, ShowAs, Status
from tests.helpers import TODAY, VOCABULARY, make_story

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
CHANGES = ["regulation", "margin", "people-loss", "vendor-failing", "growth-or-merger", "technology-end", "other"]


def shelf_of(*stories) -> Shelf:
    return Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)


def week(shelf: Shelf, *about, **known) -> list[str]:
    return [step.story for step in first_week(shelf, TODAY, *about, **known)]


# --- the first week ---------------------------------------------------------------------------------------------------


def test_the_first_week_has_a_story_for_each_of_the_five_commonest_changes():
    numbers = zip(CHANGES, [7, 6, 5, 4, 3, 2, 1], strict=True)
    shelf = shelf_of(*(make_story(f"{change}-{n}", change=change) for change, count in numbers for n in range(count)))
    assert [shelf.stories[story].change for story in week(shelf)] == CHANGES[:5]


def test_an_empty_shelf_gives_no_week():
    assert first_week(shelf_of(), TODAY) == []
    assert first_week(shelf_of(), TODAY, "hospitals", "cfo", {"gone": 3}) == []


def test_a_small_shelf_gives_as_many_stories_as_it_has_changes():
    shelf = shelf_of(
        *(make_story(f"story-{n}", change=change) for n, change in enumerate(["margin", "margin", "other"]))
    )
    assert week(shelf) == ["story-0", "story-2"]


UNTELLABLE = {
    "draft": {"status": Status.DRAFT},
    "retired": {"status": Status.RETIRED},
    "expired": {"expires_on": TODAY - timedelta(days=1)},
    "internal": {"show_as": ShowAs.INTERNAL},
    "churned": {"health": Health.CHURNED},
    "left": {"health": Health.LEFT},
}


@pytest.mark.parametrize("changes", UNTELLABLE.values(), ids=UNTELLABLE)
def test_a_story_that_may_not_be_told_is_on_nobodys_path(changes):
    shelf = shelf_of(make_story("not-this", industry="hospitals", **changes), make_story("told", industry="retail"))
    assert week(shelf, "hospitals") == ["told"]
    assert steps_of(shelf, ["not-this", "told"], TODAY) == [Step("told", "Your lead chose it for you.")]


def test_a_story_that_may_not_be_told_makes_no_change_commoner():
    drafts = [make_story(f"draft-{n}", change="margin", status=Status.DRAFT) for n in range(3)]
    shelf = shelf_of(*drafts, make_story("m", change="margin"), *(make_story(f"r{n}", change="other") for n in "12"))
    assert week(shelf) == ["r1", "m"]
    assert "only story" in first_week(shelf, TODAY)[1].why


def test_the_persons_industry_comes_first():
    shelf = shelf_of(
        *(make_story(f"a-retail-{n}", industry="retail", change="margin") for n in range(3)),
        make_story("z-ward", industry="hospitals", change="margin"),
        make_story("ledger", industry="hospitals", change="technology-end"),
    )
    assert week(shelf) == ["a-retail-0", "ledger"]
    assert week(shelf, "hospitals") == ["z-ward", "ledger"]
    only_ledger = shelf_of(*(story for story in shelf if story.id != "z-ward"))
    assert week(only_ledger, "hospitals") == ["ledger", "a-retail-0"], "a change of the industry before a commoner one"


def test_a_wider_industry_takes_in_the_narrower_one():
    shelf = shelf_of(make_story("a-bank", industry="banking"), make_story("b-ward", industry="hospitals"))
    assert week(shelf, "healthcare") == ["b-ward"]


def test_the_role_decides_within_an_industry_and_a_wider_role_takes_in_the_narrower_one():
    shelf = shelf_of(
        make_story("a-plant", industry="retail", roles=("plant-manager",)),
        make_story("b-cfo", industry="retail", roles=("cfo", "coo")),
        make_story("c-cfo", industry="banking", roles=("cfo",)),
    )
    assert week(shelf, "retail") == ["a-plant"]
    assert week(shelf, "retail", "cfo") == ["b-cfo"]
    assert week(shelf, "retail", VOCABULARY.get("role", "cfo").within[0]) == ["b-cfo"]
    assert week(shelf, "banking", "plant-manager") == ["c-cfo"], "the industry weighs more"


def test_a_fresh_story_comes_before_a_stale_one_and_a_told_one_before_one_nobody_tells():
    stale = make_story("a-stale", verified_on=date(2025, 1, 1))
    shelf = shelf_of(stale, make_story("b-fresh"), make_story("c-fresh"))
    assert week(shelf) == ["b-fresh"]
    assert week(shelf, told={"c-fresh": 2}) == ["c-fresh"]
    assert week(shelf, told={"a-stale": 9}) == ["b-fresh"]


def test_nobodys_stories_come_a_third_time_while_somebody_else_has_one():
    ines = [make_story(f"a-{change}", change=change, told_by="Ines") for change in CHANGES[:5]]
    dev = [make_story(f"b-{change}", change=change, told_by="Dev") for change in CHANGES[:4]]
    shelf = shelf_of(*ines, *dev)
    tellers = [shelf.stories[story].told_by for story in week(shelf)]
    assert sorted(tellers) == ["Dev", "Dev", "Ines", "Ines", "Ines"], "the last change has none but hers"
    assert len(week(shelf_of(*ines))) == 5


def test_each_step_says_why_it_is_there():
    shelf = shelf_of(
        make_story("ward", industry="hospitals", roles=("cfo",), change="margin"),
        make_story("shop", industry="retail", roles=("coo",), change="margin"),
    )
    (step,) = first_week(shelf, TODAY, "hospitals", "cfo", {"ward": 4})
    change = VOCABULARY.label("change", "margin")
    assert step.why == (
        f"{change}: 2 stories here begin so. It is in your industry. It speaks to the people you call on. "
        "The team told it 4 times."
    )
    assert first_week(shelf, TODAY)[0].why == f"{change}: 2 stories here begin so."


@st.composite
def shelves(draw) -> list:
    kinds = st.tuples(
        st.sampled_from(CHANGES),
        st.sampled_from(["hospitals", "retail", "banking", ""]),
        st.sampled_from(["Ines", "Dev"]),
        st.sampled_from(ShowAs),
        st.sampled_from([None, TODAY - timedelta(days=1)]),
        st.sampled_from([date(2026, 10, 1), date(2025, 1, 1)]),
    )
    names = "change industry told_by show_as expires_on verified_on".split()
    rows = draw(st.lists(kinds, max_size=14))
    return [make_story(f"story-{n}", **dict(zip(names, row, strict=True))) for n, row in enumerate(rows)]


@settings(max_examples=80)
@given(shelves(), st.sampled_from(["", "hospitals", "healthcare"]), st.randoms())
def test_the_first_week_keeps_its_rules_on_any_shelf(stories, industry, draw):
    shelf = shelf_of(*stories)
    path = [shelf.stories[story] for story in week(shelf, industry)]
    shuffled = list(stories)
    draw.shuffle(shuffled)
    assert [story.id for story in path] == week(shelf_of(*shuffled), industry), "the same shelf, the same path"
    assert all(story.tellable(TODAY) for story in path)
    changes = {story.change for story in shelf.tellable(TODAY)}
    assert len({story.change for story in path}) == len(path) == min(5, len(changes))
    near = VOCABULARY.covers("industry", industry)
    for at, story in enumerate(path):
        told = [earlier.told_by for earlier in path[:at]]
        rivals = [s for s in shelf.tellable(TODAY) if s.change == story.change]
        if told.count(story.told_by) > 1:
            assert all(told.count(rival.told_by) > 1 for rival in rivals)
        if not story.industry or story.industry not in near:
            assert not [s for s in rivals if s.industry in near and told.count(s.told_by) < 2 and industry]


def test_the_shelf_that_ships_gives_five_stories_in_every_industry(shipped):
    for industry in sorted({story.industry for story in shipped.tellable(TODAY)}):
        path = first_week(shipped, TODAY, industry)
        assert len({shipped.stories[step.story].change for step in path}) == 5
        assert "It is in your industry." in path[0].why


def test_a_path_the_lead_made_keeps_its_order_without_what_left_the_shelf():
    shelf = shelf_of(make_story("a-story"), make_story("b-story"))
    assert [step.story for step in steps_of(shelf, ["b-story", "gone", "a-story"], TODAY)] == ["b-story", "a-story"]
    assert steps_of(shelf, [], TODAY) == []


# --- when a story comes back ------------------------------------------------------------------------------------------

EASY = Feedback("sardines", 2.0, dict.fromkeys(Beat, Told.TOLD), Opening.CUSTOMER, ends_in_question=True)
GOOD = replace(EASY, opening=Opening.US)
HARD = replace(EASY, beats={**EASY.beats, Beat.NEED: Told.PARTLY, Beat.WIN: Told.MISSING})
FAILED = replace(EASY, beats=dict.fromkeys(Beat, Told.MISSING))
TELLINGS = {"easy": EASY, "good": GOOD, "hard": HARD, "failed": FAILED}


def wait(memory: Memory, told_at: datetime) -> int:
    return (memory.due - told_at.date()).days


def told_when_due(*tellings: Feedback) -> list[int]:
    """The days each of these tellings is away from the next, each told on the day it was due."""
    memory, at, waits = None, NINE, []
    for telling in tellings:
        memory = after(memory, telling, at)
        waits.append(wait(memory, at))
        at = datetime(memory.due.year, memory.due.month, memory.due.day, 9, tzinfo=UTC)
    return waits


def test_a_story_told_easily_comes_back_later_than_one_told_with_trouble():
    easy, good, hard, failed = (wait(after(None, telling, NINE), NINE) for telling in TELLINGS.values())
    assert easy > good > hard >= failed == 1


@pytest.mark.parametrize("before", [(EASY,), (GOOD, GOOD), (HARD, GOOD, EASY)])
def test_that_holds_after_any_past(before):
    easy, good, hard, failed = (told_when_due(*before, telling)[-1] for telling in TELLINGS.values())
    assert easy > good > hard > failed
    assert failed <= 3


@pytest.mark.parametrize("telling", [EASY, GOOD])
def test_told_well_again_and_again_it_stays_away_longer_and_longer(telling):
    waits = told_when_due(*[telling] * 5)
    assert waits == sorted(set(waits))


@pytest.mark.parametrize(
    "changes",
    [{"other_story": True}, {"slips": ("Sardinella",)}, {"beats": {**EASY.beats, **dict.fromkeys([*Beat][:3], "x")}}],
    ids=["another story", "a name said", "three beats short"],
)
def test_what_went_wrong_altogether_comes_back_the_next_day(changes):
    assert wait(after(None, replace(EASY, **changes), NINE), NINE) == 1


@pytest.mark.parametrize("minutes", [0.9, 3.5])
def test_a_whole_telling_of_another_length_is_as_easy(minutes):
    assert after(None, replace(EASY, minutes=minutes), NINE) == after(None, EASY, NINE)


def test_a_memory_kept_as_text_goes_on_as_if_it_had_never_been_put_away():
    memory = after(after(None, GOOD, NINE), EASY, NINE + timedelta(days=2))
    kept = json.loads(json.dumps({"card": memory.card, "due": memory.due.isoformat()}))
    again = Memory(kept["card"], date.fromisoformat(kept["due"]))
    assert again == memory
    assert again.days == memory.days > after(None, GOOD, NINE).days > 0
    later = NINE + timedelta(days=30)
    assert after(again, HARD, later) == after(memory, HARD, later)
    assert after(again, HARD, later) != after(None, HARD, later)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(list(TELLINGS)), st.integers(0, 90 * 24)), min_size=1, max_size=8))
def test_no_story_is_due_before_it_was_told(rounds):
    memory, at = None, NINE
    for telling, hours in rounds:
        at += timedelta(hours=hours)
        memory = after(memory, TELLINGS[telling], at)
        assert type(memory.due) is date
        assert wait(memory, at) >= 1
