"""Masks over a shelf say the same as every story asked one by one, and what scales is what is exact."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library import search as searching
from library.facets import StoryFacets
from library.likeness import best_rows
from library.offered import Offered
from library.shelf import Shelf
from library.situation import Facet
from library.story import Status
from library.wishes import Wish
from tests.helpers import TODAY, VOCABULARY, make_story
from tests.test_search import FOUR, find, search_over

VALUES = st.sampled_from(
    [
        *(("industry", value) for value in ("banking", "hospitals", "healthcare", "manufacturing")),
        *(("region", "europe"), ("country", "DE"), ("country", "NO"), ("role", "cfo"), ("role", "coo")),
        *(("size", "0-199"), ("size", "1000-"), ("size", "200-999")),
    ]
)
WISHES = st.lists(st.builds(lambda v, wish: Facet(*v, wish), VALUES, st.sampled_from(list(Wish))), max_size=4)
STORIES = st.lists(
    st.builds(
        replace,
        st.sampled_from(FOUR),
        status=st.sampled_from([Status.PUBLISHED, Status.DRAFT]),
        industry=st.sampled_from(["", "banking", "hospitals", "healthcare"]),
        country=st.sampled_from(["", "NO", "DE"]),
        size=st.sampled_from(["", "50-199", "1000-4999"]),
    ),
    max_size=5,
).map(lambda stories: {f"story-{n}": replace(story, id=f"story-{n}") for n, story in enumerate(stories)})


def one_by_one(story, wishes) -> bool:
    facets = StoryFacets(story, VOCABULARY)
    families = {"region": "place", "country": "place"}
    wished: dict[str, list[bool]] = {}
    for wish in wishes:
        if wish.wish is Wish.ONLY and wish.kind != "size":
            wished.setdefault(families.get(wish.kind, wish.kind), []).append(facets.carries(wish))
        elif not facets.holds(wish):
            return False
    return story.tellable(TODAY) and all(any(carried) for carried in wished.values())


@settings(max_examples=60)
@given(STORIES, st.lists(WISHES, min_size=1, max_size=3))
def test_a_mask_says_what_each_story_says(stories, asked):
    offered = Offered(Shelf(stories, vocabulary=VOCABULARY))
    for wishes in asked:  # on the same shelf, so that what is remembered is asked too
        assert offered.on(TODAY, wishes).tolist() == [one_by_one(story, wishes) for story in stories.values()]


def test_a_day_that_passes_is_another_mask():
    story = make_story(expires_on=TODAY)
    offered = Offered(Shelf({story.id: story}, vocabulary=VOCABULARY))
    assert offered.on(TODAY).tolist() == [True]
    assert offered.on(TODAY.replace(day=TODAY.day + 1)).tolist() == [False]
    assert offered.on(TODAY).tolist() == [True]


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(0, 35))
def test_the_best_rows_are_those_of_a_stable_sort(scores, count):
    rows = best_rows(np.array(scores, dtype=np.float32), count)
    assert rows.tolist() == sorted(range(len(scores)), key=lambda row: -scores[row])[:count]


@pytest.mark.parametrize("said", ["nurses leave", "truck drivers quit", "the sardine boat, only healthcare"])
def test_where_wishes_leave_many_the_same_stories_are_found(monkeypatch, said):
    """Where the index finds none of those allowed, all are compared, or those nearest as a whole."""
    search = search_over([replace(story, id=f"{story.id}-{n}") for story in FOUR for n in range(4)])
    assert search._index is not None
    monkeypatch.setattr(search._index, "nearest", lambda *_: [])
    exact = find(search, f"{said}, only Europe", limit=2)
    monkeypatch.setattr(searching, "_FEW", 2)
    assert exact.ranked
    assert find(search, f"{said}, only Europe", limit=2).ranked == exact.ranked


def test_a_search_answers_while_the_index_is_a_shelf_ahead():
    search, ahead = search_over(FOUR[:2]), search_over(FOUR)
    search._index = ahead._index
    assert set(find(search, "truck drivers quit, nurses leave").stories) <= {"ward", "clinic"}
