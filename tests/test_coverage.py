"""What the shelf lacks and what needs care: counted, grouped, asked for, and told in a digest."""

import json
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.grouping import b_cubed, labelled
from library.coverage.capture import arrived, calls_for, candidates, fitting
from library.coverage.care import due_for_check, ending, never_told, overused, surprises, waiting
from library.coverage.digest import News, digest
from library.coverage.grid import FACETS, grid_of
from library.coverage.unmet import groups_of, unmet
from library.coverage.week import monday_of, weeks
from library.library import Library
from library.records.entries import Ask, Audience, Customer, Landed, Meeting, Pick, Task, Telling
from library.settings import Settings
from library.shelf import Shelf, facet_values
from library.story import Health, ShowAs, Status
from tests.helpers import TODAY, FakeEncoder, make_story, write_shelf

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def shelf_of(*stories) -> Shelf:
    return Shelf({story.id: story for story in stories})


def ask(text: str, person="Dev", at=NOW, verdict="nothing", **more) -> Ask:
    return Ask(
        f"{person}{at}{text}", at, person, text, more.pop("facets", ()), verdict, more.pop("results", ()), **more
    )


def telling(story: str, person="Dev", at=NOW, audience=Audience.PROSPECT, landed=Landed.POLITE) -> Telling:
    return Telling(f"{story}{person}{at}{audience}{landed}", at, person, story, audience, landed=landed)


# --- the grid ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facet", FACETS)
def test_every_cell_holds_what_may_be_told_there_and_nothing_else(shipped, facet):
    grid = grid_of(shipped, TODAY, facet)
    told = shipped.tellable(TODAY)
    if facet != "roles":  # a role stands under its group
        for cell in grid.all:
            here = [s.id for s in shipped.matching(told, {"industry": [cell.industry], facet: [cell.value]})]
            assert list(cell.stories) == here, cell
    known = {story.id for story in told if facet_values(story, facet)}
    assert {story for cell in grid.all for story in cell.stories} == known


def test_a_story_due_for_a_check_or_doubted_is_not_sound():
    stale = make_story("stale", verified_on=date(2026, 1, 1))
    fresh, doubted = make_story("fresh"), make_story("doubted")
    cell = grid_of(shelf_of(stale, fresh, doubted), TODAY, doubted={"doubted"}).cell("food-manufacturing", "regulation")
    assert (len(cell.stories), cell.sound) == (3, 1)


def test_what_was_asked_for_and_is_empty_is_a_gap_most_asked_first():
    shelf = shelf_of(make_story())
    hospitals = ("industry:hospitals", "change:people-loss")
    banks = ("industry:banking", "change:margin", "region:europe")
    asks = [
        ask("a", facets=banks),
        ask("b", facets=hospitals),
        ask("c", facets=hospitals),
        ask("d", facets=("industry:food-manufacturing", "change:regulation")),
        ask("e", facets=("industry:manufacturing", "change:margin")),
        ask("f", facets=("industry:retail",)),
    ]
    grid = grid_of(shelf, TODAY, "change", asks)
    assert [(g.industry, g.value, g.asks) for g in grid.gaps] == [
        ("hospitals", "people-loss", 2),
        ("banking", "margin", 1),
    ]
    assert grid.cell("food-manufacturing", "regulation").asks == 1
    assert [(g.industry, g.value) for g in grid_of(shelf, TODAY, "region", asks).gaps] == [("banking", "europe")]


def test_roles_stand_under_their_group(shipped):
    assert {"finance-people", "operations-people"} <= set(grid_of(shipped, TODAY, "roles").values)
    assert "cfo" not in grid_of(shipped, TODAY, "roles").values


# --- care --------------------------------------------------------------------------------------------------------


def test_the_story_told_most_is_checked_first():
    old = make_story("old", verified_on=date(2026, 1, 1))
    told = make_story("told", verified_on=date(2026, 6, 1))
    never = make_story("never", verified_on=None)
    shelf = shelf_of(old, told, never, make_story("fresh"), make_story("draft", status=Status.DRAFT, verified_on=None))
    assert [s.id for s in due_for_check(shelf, TODAY, [telling("told")])] == ["told", "never", "old"]


def test_drafts_wait_those_in_review_first_and_time_runs_out_soonest_first():
    shelf = shelf_of(
        make_story("draft", status=Status.DRAFT, heard_on=date(2025, 1, 1)),
        make_story("review", status=Status.REVIEW),
        make_story("soon", expires_on=TODAY + 30 * DAY),
        make_story("sooner", expires_on=TODAY),
        make_story("over", expires_on=TODAY - DAY),
    )
    assert [s.id for s in waiting(shelf)] == ["review", "draft"]
    assert [s.id for s in ending(shelf, TODAY)] == ["sooner", "soon"]


def test_overused_takes_both_a_count_and_a_share_of_late():
    shelf = shelf_of(make_story("one"), make_story("two"))
    some = [telling("one", at=NOW - n * DAY) for n in range(5)]
    assert [(u.story.id, u.told, u.of) for u in overused(shelf, TODAY, some)] == [("one", 5, 5)]
    assert not overused(shelf, TODAY, some[:4])
    assert not overused(
        shelf,
        TODAY,
        [*some, *(telling("two", f"P{n}") for n in range(4)), *(telling(f"gone-{n}", f"P{n}") for n in range(17))],
    )
    assert not overused(shelf, TODAY, [telling("one", at=NOW - 100 * DAY) for _ in range(9)])
    assert not overused(shelf, TODAY, [telling("one", f"P{n}", audience=Audience.TEAM) for n in range(9)])


def test_never_told_means_neither_to_a_prospect_nor_in_a_meeting():
    shelf = shelf_of(*(make_story(name) for name in ("told", "met", "coming", "silent")))
    meetings = [
        Meeting(TODAY - 7 * DAY, picks=(Pick("met"),)),
        Meeting(TODAY + DAY, picks=(Pick("coming"),)),
    ]
    assert [s.id for s in never_told(shelf, TODAY, [telling("told")], meetings)] == ["coming", "silent"]


def test_surprises_are_read_from_the_stories_one_may_learn_from():
    shelf = shelf_of(
        make_story("new", surprise="It was the dog.", heard_on=date(2026, 9, 1)),
        make_story("inside", surprise="It was pride.", show_as=ShowAs.INTERNAL),
        make_story("draft", surprise="Not yet.", status=Status.DRAFT),
        make_story("plain"),
    )
    assert [s.id for s in surprises(shelf, TODAY)] == ["new", "inside"]


# --- weeks -------------------------------------------------------------------------------------------------------


def test_weeks_run_from_monday_and_end_with_this_one():
    monday = monday_of(TODAY)
    asks = [ask("a", results=("x",)), ask("b"), ask("c", at=NOW - 7 * DAY)]
    tellings = [telling("x", landed=Landed.LEANED_IN), telling("x", audience=Audience.TEAM)]
    past = weeks(TODAY, asks, tellings, [make_story(heard_on=monday)], 3)
    assert [week.monday for week in past] == [monday - 14 * DAY, monday - 7 * DAY, monday]
    last = past[-1]
    assert (last.asks, last.answered, last.told, last.landed, last.new_stories) == (2, 1, 1, 1, 1)
    assert (past[1].asks, past[0].asks) == (1, 0)


# --- unmet asks --------------------------------------------------------------------------------------------------


def test_an_ask_is_unmet_when_nothing_came_or_the_nearest_was_left_lying():
    nothing = ask("no story", "A")
    nearest = ask("near", "B", verdict="nearest", results=("x",))
    opened = ask("near", "C", verdict="nearest", results=("x",), opened=("x",))
    copied = ask("near", "D", verdict="nearest", results=("x",), copied=("x",))
    close = ask("close", "E", verdict="close", results=("x",))
    erased = ask("", "F")
    assert unmet([nothing, nearest, opened, copied, close, erased]) == [nothing, nearest]


def test_a_talk_counts_once_by_its_last_words():
    first = ask("ferries lose cars")
    second = ask("ferries lose cars to a bridge", at=NOW + timedelta(minutes=5))
    answered = ask("ferries lose cars to a bridge in Norway", at=NOW + timedelta(minutes=9), verdict="close")
    other = ask("zoo closed", at=NOW + timedelta(minutes=20))
    again = ask("zoo closed", at=NOW + timedelta(days=2))
    assert unmet([first, second]) == [second]
    assert unmet([first, second, answered]) == []
    assert unmet([first, other, again]) == [first, other, again]
    assert unmet([ask("zoo", "A"), ask("zoo closed", "B", at=NOW + DAY / 50)]) != []


def test_asks_about_the_same_topic_lie_together_and_say_which_words_they_share():
    encoder = FakeEncoder()
    texts = [
        "nurses quit",
        "nurses leave the wards",
        "wards lose nurses who leave",
        "truck freight",
        "freight by truck",
    ]
    asks = [ask(text, f"P{n}", NOW + n * DAY, facets=("industry:hospitals",)) for n, text in enumerate(texts)]
    groups = groups_of(asks, encoder.encode)
    assert [{a.text for a in group.asks} for group in groups] == [set(texts[:3]), set(texts[3:])]
    assert groups[0].people == 3
    assert "nurses" in groups[0].words
    assert groups[0].facets == ("industry:hospitals",)
    assert groups[0].latest == NOW + 2 * DAY
    assert [len(group.asks) for group in groups_of(asks, None)] == [1] * 5
    assert groups_of([], encoder.encode) == []


@given(st.lists(st.sampled_from("nurses quit|truck freight|zoo|bank ledger|law".split("|")), max_size=12), st.randoms())
def test_every_unmet_ask_is_in_one_group_in_whichever_order_they_come(texts, draw):
    asks = [ask(text, f"P{n}", NOW + n * DAY) for n, text in enumerate(texts)]
    groups = groups_of(asks, FakeEncoder().encode)
    assert sorted(a.id for group in groups for a in group.asks) == sorted(a.id for a in asks)
    shuffled = list(asks)
    draw.shuffle(shuffled)
    again = groups_of(shuffled, FakeEncoder().encode)
    assert {frozenset(a.id for a in g.asks) for g in groups} == {frozenset(a.id for a in g.asks) for g in again}


@pytest.mark.model
def test_sixty_asks_written_for_it_are_grouped_sensibly(real_library):
    texts, gold = labelled("report")
    assert len(texts) == 60
    asks = [ask(text, f"P{n}", NOW) for n, text in enumerate(texts)]
    group_of = {a.text: n for n, g in enumerate(groups_of(asks, real_library.state.search.vectors)) for a in g.asks}
    precision, recall, both = b_cubed(gold, [group_of[text] for text in texts])
    assert precision >= 0.72
    assert recall >= 0.78
    assert both >= 0.76


def test_the_labelled_asks_are_whole():
    rows = [json.loads(line) for line in (Path(__file__).parent / "asks.jsonl").read_text().splitlines()]
    assert len({row["text"] for row in rows}) == len({row["id"] for row in rows}) == len(rows) == 100
    for half in ("choose", "report"):
        sizes = Counter(row["group"] for row in rows if row["half"] == half and row["group"])
        assert min(sizes.values()) >= 3
    assert not {r["group"] for r in rows if r["half"] == "choose"} & {
        r["group"] for r in rows if r["half"] == "report"
    } - {""}


# --- whom to ask -------------------------------------------------------------------------------------------------


def test_who_could_tell_a_story_next():
    shelf = shelf_of(
        make_story("told", customer="Mar Azul S.A."),
        make_story("draft", customer="Baltic Tins", status=Status.DRAFT, first_win_on=TODAY - 40 * DAY),
        make_story("unwon", customer="Later Ltd", status=Status.DRAFT, first_win_on=TODAY + 90 * DAY),
    )
    listed = [
        Customer("MAR AZUL", TODAY - 10 * DAY),
        Customer("Nova Nets", TODAY + 20 * DAY, "Dev"),
        Customer("Old Oak", TODAY - 400 * DAY),
        Customer("Far Off", TODAY + 31 * DAY),
        Customer("Baltic Tins AB", TODAY - 12 * DAY),
    ]
    found = candidates(shelf, listed, TODAY)
    assert [(c.customer, c.owner, c.story) for c in found] == [
        ("Baltic Tins AB", "Ines Carvalho", "draft"),
        ("Nova Nets", "Dev", ""),
    ]


def test_each_rep_gets_three_their_own_first_and_nobody_is_called_twice():
    waiting_ = candidates(
        shelf_of(),
        [Customer(f"Own {n}", TODAY - n * DAY, "Dev") for n in range(5)]
        + [Customer(f"Free {n}", TODAY - n * DAY) for n in range(4)],
        TODAY,
    )
    open_call = Task("t", NOW, "Ada", "a story", "Ines", customer="Free 0")
    came_to_nothing = Task("u", NOW, "Ada", "a story", "Ines", customer="Own 0", closed_at=NOW)
    calls = calls_for(["Dev", "Ines"], waiting_, [open_call, came_to_nothing])
    assert [c.customer for c in calls["Dev"]] == ["Own 1", "Own 2", "Own 3"]
    assert [c.customer for c in calls["Ines"]] == ["Free 1", "Free 2"]


@given(st.integers(0, 4), st.lists(st.sampled_from(["Dev", "Ines", "Gone", ""]), max_size=25))
def test_calls_are_shared_fairly(count, owners):
    team = ["Dev", "Ines", "Owen", "Priya"][:count]
    listed = [Customer(f"Customer {n}", TODAY - timedelta(days=n), owner) for n, owner in enumerate(owners)]
    calls = calls_for(team, candidates(shelf_of(), listed, TODAY))
    given_out = [candidate.customer for theirs in calls.values() for candidate in theirs]
    assert len(given_out) == len(set(given_out))
    assert all(1 <= len(theirs) <= 3 for theirs in calls.values())
    for person, theirs in calls.items():
        own = sum(owner == person for owner in owners)
        assert sum(c.owner == person for c in theirs) == min(own, 3)
        assert not any(c.owner in team and c.owner != person for c in theirs)


@pytest.fixture
def library(tmp_path):
    folder = write_shelf(tmp_path / "stories", make_story("sardines"))
    made = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY), FakeEncoder())
    yield made
    made.close()


def test_a_task_is_done_when_its_story_arrives_and_not_by_one_that_was_there(library, tmp_path):
    search = library.state.search
    wanted = "nurses leave hospital wards"
    task = Task("t", NOW, "Ada", wanted, "Dev", fitted=fitting(search, wanted, TODAY))
    assert arrived(task, search.shelf, search, TODAY) is None
    nurses = make_story(
        "wards",
        title="The nurses leave the hospital wards",
        tags=("nurses leave", "hospital wards", "nurses quit wards"),
        beats={"change": "The nurses leave the hospital wards.", "pain": "The wards of the hospital lose nurses."},
    )
    write_shelf(tmp_path / "stories", nurses)
    state = library.sync()
    came = arrived(task, state.shelf, state.search, TODAY)
    assert came is not None
    assert came.id == "wards"
    there_before = Task("t", NOW, "Ada", wanted, "Dev", fitted=("wards",))
    assert arrived(there_before, state.shelf, state.search, TODAY) is None
    closed = Task("t", NOW, "Ada", wanted, "Dev", closed_at=NOW)
    assert arrived(closed, state.shelf, state.search, TODAY) is None


@pytest.mark.parametrize(
    ("facts", "came"),
    [
        ({}, True),
        ({"customer": "Nova Nets"}, True),
        ({"show_as": ShowAs.INTERNAL}, True),
        ({"status": Status.REVIEW}, False),
        ({"expires_on": TODAY - DAY}, False),
        ({"health": Health.LEFT}, False),
        ({"customer": "Nova Netsuke"}, False),
    ],
)
def test_a_call_is_done_when_the_customers_own_story_may_be_told(facts, came):
    shelf = shelf_of(
        make_story("other", customer="Somebody"), make_story("nova", **{"customer": "Nova Nets SA", **facts})
    )
    task = Task("t", NOW, "Ada", "a story", "Dev", customer="nova nets")
    assert (arrived(task, shelf, None, TODAY) is not None) is came


# --- the digest --------------------------------------------------------------------------------------------------


def test_the_digest_tells_the_week():
    fresh = make_story("fresh", title="The nets tore", heard_on=TODAY - 2 * DAY, told_by="Ines Carvalho")
    stale = make_story("stale", title="The ice ran out", verified_on=date(2026, 1, 1), owner="Dev Raman")
    asks = [ask("a", results=("fresh",)), ask("b", "Ines"), ask("c", at=NOW - 9 * DAY)]
    news = News(
        TODAY,
        Meeting(date(2026, 11, 23), picks=(Pick("fresh", teller="Ines Carvalho"),)),
        asks=asks,
        tellings=[telling("stale", "Priya", landed=Landed.LEANED_IN), telling("stale", "Dev", at=NOW - 9 * DAY)],
        tasks=[
            Task("t", NOW, "Ada", "secret words", "Dev", TODAY - DAY),
            Task("u", NOW, "Ada", "w", "", closed_at=NOW),
        ],
        unmet=groups_of(
            [
                ask("nurses quit", "A", facets=("industry:hospitals",)),
                ask("nurses leave", "B", facets=("industry:hospitals",)),
            ],
            FakeEncoder().encode,
        ),
    )
    text = digest(news, shelf_of(fresh, stale))
    for said in (
        "## The next meeting: Monday, 23 November 2026",
        "- The nets tore (Sardinella Norte). Ines Carvalho tells it.",
        "| Asked | 2 | 1 |",
        "| Answered | 1 | 0 |",
        "| They leaned in | 1 | 0 |",
        "- The ice ran out (Sardinella Norte): leaned in once, told by Priya.",
        "- The nets tore (Sardinella Norte). Thank you, Ines Carvalho.",
        "- 2 asks by 2 people: hospitals",
        "## Due for a check: 1",
        "Dev Raman asks the customer.",
        "## Stories asked for: 1, 1 late",
    ):
        assert said in text
    assert "secret words" not in text


def test_a_digest_names_no_group_in_anybodys_own_words():
    groups = groups_of([ask("Molar Dental quits", "A"), ask("Molar Dental leaves", "B")], FakeEncoder().encode)
    text = digest(News(TODAY, unmet=groups), shelf_of())
    assert "- 2 asks about 1 situation we have no word for yet" in text
    assert "molar" not in text.lower()


def test_a_digest_of_nothing_is_short_and_whole():
    assert digest(News(TODAY), shelf_of()).startswith("# Customer stories, 22 November 2026\n\n## The last seven days")


def test_no_restricted_name_and_no_internal_story_is_in_a_digest(shipped):
    draw = random.Random(5)
    stories = [story.id for story in shipped]
    hidden = [s for s in shipped if s.show_as is not ShowAs.NAMED]
    internal = {s.title for s in shipped if s.show_as is ShowAs.INTERNAL}
    for _ in range(30):
        picks = tuple(Pick(story, ("Because.",), "Dev") for story in draw.sample(stories, 12))
        told = [telling(story, landed=Landed.LEANED_IN) for story in draw.sample(stories, 40)]
        asks = [ask(f"{story.customer} lost its nurses", f"P{n}") for n, story in enumerate(draw.sample(hidden, 5))]
        tasks = [Task("t", NOW, "Ada", "A story", "Dev", customer=hidden[0].customer)]
        news = News(
            date(2026, 12, 20),
            Meeting(TODAY + DAY, picks=picks),
            asks=asks,
            tellings=told,
            tasks=tasks,
            unmet=groups_of(asks, FakeEncoder().encode),
        )
        text = digest(news, shipped)
        assert not [s.customer for s in hidden if s.customer in text]
        assert not [title for title in internal if title in text]
