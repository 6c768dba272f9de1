from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.facets import StoryFacets
from library.index import ExactIndex
from library.match import Verdict
from library.people import GUEST, Person, Role
from library.search import Search
from library.shelf import Shelf
from library.situation import Facet, Situation, understand
from library.story import Beat, Health, ShowAs, Status, Story
from library.vectors import PassageVectors, VectorCache
from library.verdicts import Signs, Thresholds
from library.wishes import Wish
from tests.helpers import TODAY, VOCABULARY, FakeEncoder, make_story

REP = Person("Ravi Shah", Role.REP)
LEAD = Person("Nora Lindqvist", Role.LEAD)


def search_over(stories: Iterable[Story], by_meaning: bool = True) -> Search:
    shelf = Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)
    if not by_meaning:
        return Search(shelf, None, PassageVectors(), None)
    cache = VectorCache(None, FakeEncoder())
    vectors = cache.passages(shelf.passages)
    index = ExactIndex()
    index.sync(vectors)
    return Search(shelf, cache, vectors, index)


def find(search: Search, said: str, limit: int = 10):
    return search.find(understand(said, VOCABULARY), TODAY, limit)


WARD = make_story(
    "ward",
    title="Nurses leave the wards",
    customer="Fjordheim Helse",
    alias="a hospital group in Norway",
    show_as=ShowAs.VERBAL,
    industry="hospitals",
    country="NO",
    size="1000-4999",
    roles=("chief-nursing-officer",),
    change="people-loss",
    heard_from="Marit Aune, chief nursing officer",
    tags=("nurses leave", "hospital wards", "agency nurses"),
    told_by="Hanne Bruun",
    owner="Hanne Bruun",
    beats={
        "who": "Marit runs the wards of Fjordheim Helse, a hospital.",
        "change": "In 2025 a third of the nurses quit and left the hospital.",
        "pain": "Fjordheim bought agency nurses for the wards. Trucks stood idle.",
        "need": "To know by noon which wards lack nurses.",
        "decision": 'She said: "My nurses leave, and agency nurses quit."',
        "win": "On 14 November 2025 the wards had their nurses.",
        "question": "Who nurses your nurses?",
    },
)
CLINIC = replace(WARD, id="clinic", title="Clinic nurses quit", country="DE", size="50-199", alias="a German clinic")
CANNERY = make_story("cannery", tags=("sardine quota", "boat", "tins"), title="The sardine boat stayed in")
FREIGHT = make_story(
    "freight",
    title="Truck drivers of a haulier quit",
    industry="logistics",
    country="IT",
    roles=("coo",),
    tags=("drivers quit", "trucks idle", "freight late"),
    beats={
        "who": "Gino runs trucks for a haulier.",
        "change": "Drivers quit; trucks stood in the warehouse.",
        "pain": "Freight was late and parcel drivers left.",
        "need": "To know which truck has a driver.",
        "decision": 'He said: "A truck without driver is a warehouse."',
        "win": "On 2 May 2025 every truck had a driver.",
        "question": "Which truck of yours has no driver?",
    },
)
FOUR = (WARD, CLINIC, CANNERY, FREIGHT)


@pytest.fixture(scope="module")
def search() -> Search:
    return search_over(FOUR)


def test_the_nearest_story_comes_first(search):
    assert find(search, "nurses leave the hospital wards").stories[:2] in {("ward", "clinic"), ("clinic", "ward")}
    assert find(search, "the sardine boat and its tins").stories[0] == "cannery"
    assert find(search, "truck drivers quit").stories[0] == "freight"
    assert find(search, "nurses leave the hospital wards").verdict is Verdict.CLOSE


def test_without_words_nothing_is_found(search):
    for situation in (Situation(), understand("only hospitals", VOCABULARY)):
        assert search.find(situation, TODAY).ranked == ()
        assert search.find(situation, TODAY).verdict is Verdict.NOTHING


def test_an_empty_shelf_finds_nothing():
    for by_meaning in (True, False):
        empty = search_over([], by_meaning)
        assert find(empty, "nurses leave").ranked == ()
        assert empty.similar("ward", TODAY) == []
        assert empty.like("ward", Situation("nurses"), TODAY).ranked == ()


def test_the_limit_is_kept(search):
    assert len(find(search, "nurses quit the trucks and the boat", limit=2).ranked) == 2


# --- who may never be offered ---------------------------------------------------------------------------------------

UNTELLABLE = {
    "draft": {"status": Status.DRAFT},
    "review": {"status": Status.REVIEW},
    "retired": {"status": Status.RETIRED},
    "expired": {"expires_on": TODAY - timedelta(days=1)},
    "heard too long ago": {"heard_on": date(2024, 11, 21), "expires_on": None},
    "internal": {"show_as": ShowAs.INTERNAL},
    "churned": {"health": Health.CHURNED},
    "left": {"health": Health.LEFT},
}


@pytest.mark.parametrize("changes", UNTELLABLE.values(), ids=UNTELLABLE)
@pytest.mark.parametrize("by_meaning", [True, False], ids=["meaning", "words"])
def test_a_story_that_may_not_be_told_is_never_offered(changes, by_meaning):
    search = search_over([replace(WARD, **changes), CANNERY], by_meaning)
    for said in ("nurses leave the hospital wards", "Nurses leave the wards", "nurses, only hospitals"):
        assert "ward" not in find(search, said).stories
    assert "ward" not in search.like("cannery", Situation("nurses leave"), TODAY).stories
    assert "ward" not in search.similar("cannery", TODAY)


def test_on_its_last_day_a_story_may_be_told():
    assert find(search_over([replace(WARD, expires_on=TODAY)]), "nurses leave the wards").stories == ("ward",)


SITUATIONS = st.lists(
    st.sampled_from(
        [
            *"nurses leave hospital boat sardine tins trucks quit agency price doubled".split(),
            *("only banks", "only hospitals", "not hospitals", "in Germany", "only Norway", "not Europe,"),
            *("under 200 people,", "for a CFO", "at least 1000 people,", "only Italy or Norway", "neither banks nor"),
            *("food,", "logistics", ",", "and", "healthcare only", "not food"),
        ]
    ),
    min_size=1,
    max_size=10,
).map(" ".join)

SHELVES = st.lists(
    st.builds(
        replace,
        st.sampled_from(FOUR),
        status=st.sampled_from([Status.PUBLISHED, *Status]),
        show_as=st.sampled_from(ShowAs),
        health=st.sampled_from([Health.ACTIVE, *Health]),
        industry=st.sampled_from(["", "banking", "hospitals", "healthcare", "retail", "food-manufacturing"]),
        country=st.sampled_from(["", "NO", "DE", "US", "IT"]),
        size=st.sampled_from(["", "1-49", "50-199", "1000-4999"]),
        expires_on=st.sampled_from([None, TODAY, TODAY - timedelta(days=1)]),
        verified_on=st.sampled_from([None, TODAY, date(2024, 1, 1)]),
    ),
    max_size=6,
).map(lambda stories: [replace(story, id=f"story-{number}") for number, story in enumerate(stories)])


@settings(max_examples=60)
@given(SHELVES, SITUATIONS, st.booleans())
def test_what_is_ranked_may_be_told_and_holds_every_strict_wish(stories, said, by_meaning):
    search = search_over(stories, by_meaning)
    situation = understand(said, VOCABULARY)
    tellable = {story.id for story in stories if story.tellable(TODAY)}
    known = {story.id: StoryFacets(story, VOCABULARY) for story in stories}
    ranked = {*search.find(situation, TODAY).stories}
    for story in stories:
        ranked |= {*search.like(story.id, situation, TODAY).stories}
        assert set(search.similar(story.id, TODAY)) <= tellable - {story.id}
    assert ranked <= tellable
    for story in ranked:
        for wish in situation.strict:
            if wish.wish is Wish.NOT or wish.kind == "size":
                assert known[story].holds(wish)
        for family in ({"industry"}, {"region", "country"}, {"role"}):
            wished = [w for w in situation.strict if w.wish is Wish.ONLY and w.kind in family]
            assert not wished or any(known[story].carries(w) for w in wished)


@settings(max_examples=40)
@given(SHELVES, SITUATIONS)
def test_a_viewer_is_never_shown_a_name_by_a_search(stories, said):
    search = search_over(stories)
    found = find(search, said)
    for match in search.match(found, GUEST):
        if match.story.show_as is not ShowAs.NAMED:
            assert not match.story.customer
            for text in (match.evidence.passage, match.evidence.sentence, match.story.telling):
                assert "Fjordheim" not in text
                assert "Sardinella" not in text


# --- strict wishes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("nurses quit, only Norway", {"ward"}),
        ("nurses quit, not Norway", {"clinic", "cannery", "freight"}),
        ("nurses quit, only Norway or Germany", {"ward", "clinic"}),
        ("nurses quit, only healthcare", {"ward", "clinic"}),
        ("nurses quit, only hospitals, under 200 people", {"clinic"}),
        ("nurses quit, neither hospitals nor logistics", {"cannery"}),
        ("nurses quit, Europe only", {"ward", "clinic", "cannery", "freight"}),
        ("nurses quit, only banks", set()),
    ],
)
def test_a_strict_wish_holds_for_every_story_ranked(search, said, wanted):
    assert set(find(search, said).stories) <= wanted
    if wanted:
        assert find(search, said).stories


def test_a_narrower_term_of_a_story_fulfils_a_wider_wish():
    search = search_over([WARD, replace(CANNERY, industry="food-manufacturing")])
    assert find(search, "boats and nurses, only manufacturing").stories == ("cannery",)
    assert find(search, "boats and nurses, not manufacturing").stories == ("ward",)


def test_the_prose_decides_where_the_facts_are_silent_or_wider():
    silent = replace(WARD, id="silent", industry="", country="", region="", alias="a hospital in Germany")
    wider = replace(WARD, id="wider", industry="healthcare", alias="a hospital")
    search = search_over([silent, wider, CANNERY])
    assert set(find(search, "nurses quit, only hospitals").stories) == {"silent", "wider"}
    assert not {"silent", "wider"} & set(find(search, "nurses quit, not hospitals").stories)
    assert find(search, "nurses quit, only Germany").stories == ("silent",)
    assert "silent" not in find(search, "nurses quit, not Germany").stories


def test_the_wishes_that_leave_nothing_are_named(search):
    found = find(search, "nurses leave the hospital wards, only banks, not Germany")
    assert found.verdict is Verdict.NOTHING
    assert {facet.key for facet in found.held_back_by} == {"only:industry:banking", "not:country:DE"}


def test_wishes_are_not_blamed_when_nothing_would_fit_anyhow(search):
    assert find(search, "zzz qqq xxx, only hospitals").verdict is Verdict.NOTHING
    assert find(search, "zzz qqq xxx, only hospitals").held_back_by == ()
    assert find(search, "nurses leave the wards, only hospitals").held_back_by == ()


# --- what is shown first ---------------------------------------------------------------------------------------------


def test_at_most_three_are_shown_first_without_those_left_out():
    stories = [replace(story, id=f"{story.id}-{n}") for story in FOUR for n in range(3)]
    search = search_over(stories)
    found = find(search, "nurses leave the hospital and drivers quit")
    first = search.diverse(found)
    assert len(first) == 3
    assert first[0] == found.stories[0]
    more = search.diverse(found, leave_out=first)
    assert not set(more) & set(first)
    assert search.diverse(found, count=1) == first[:1]
    assert search.diverse(found, leave_out=found.stories) == []


def test_a_story_not_fitting_at_all_is_not_shown(search):
    search = search.with_thresholds(Thresholds(close=1.5, nearest=1.2))  # topics of the fake encoder lie far apart
    found = find(search, "nurses leave the hospital wards")
    unfit = {story for story, _, verdict in found.ranked if verdict is Verdict.NOTHING}
    assert unfit
    assert not unfit & set(search.diverse(found, count=10))


def test_a_story_that_only_meets_a_wish_is_no_answer(search):
    free = understand("nurses leave the hospital wards", VOCABULARY)
    wished = replace(free, facets=(Facet("country", "IT", Wish.ONLY),))
    kind = Thresholds(held_back=0)
    (_, alone), *_ = search.with_thresholds(kind).strengths(wished, TODAY)
    bars = {"close": alone + 0.02, "nearest": alone - 0.02}  # so near that what it holds back decides
    assert search.with_thresholds(replace(kind, **bars)).find(wished, TODAY).verdict is not Verdict.NOTHING
    strict = search.with_thresholds(replace(Thresholds(), **bars))
    assert strict.find(free, TODAY).verdict is not Verdict.NOTHING
    under = strict.find(wished, TODAY)
    assert (under.verdict, under.held_back_by) == (Verdict.NOTHING, wished.facets), "far less near than without it"


def test_the_best_story_loses_nothing_under_a_wish_it_holds(search):
    free = understand("nurses leave the hospital wards", VOCABULARY)
    wished = replace(free, facets=(Facet("country", "NO", Wish.ONLY),))
    (story, strength), *_ = search.strengths(wished, TODAY)
    without = dict(search.strengths(free, TODAY))
    assert story == "ward"
    assert strength == pytest.approx(without["ward"] + Thresholds().strict, abs=0.3)


def test_words_about_another_kind_of_thing_are_weaker(search):
    signs = Signs(likeness=0.4, shelf=0.2, words=5, stories=50)
    of = Thresholds().strength
    plain = of(Situation("x"), signs)
    assert plain > of(Situation("x"), replace(signs, shelf=0.0))
    assert plain > of(Situation("x", wants=True), signs)
    assert plain == of(Situation("x", wants=True, pain=True), signs)
    assert plain > of(Situation("x", asks=True), signs)
    assert of(Situation("x", (Facet("country", "IT", Wish.ONLY),)), signs) > plain
    assert of(Situation("x", (Facet("country", "IT"),)), replace(signs, nearer=0.5)) == plain


def test_the_most_similar_story_says_the_same(search):
    assert search.similar("ward", TODAY)[0] == "clinic"
    assert search.similar("ward", TODAY, limit=1) == ["clinic"]
    assert "ward" not in search.similar("ward", TODAY)
    assert search.similar("unknown", TODAY) == []
    assert search.like("ward", Situation(), TODAY).stories[0] == "clinic"
    assert "ward" not in search.like("ward", Situation("nurses"), TODAY).stories


def test_a_stale_story_loses_a_tie():
    fresh, stale = replace(WARD, id="z-fresh", verified_on=TODAY), replace(WARD, id="a-stale", verified_on=None)
    assert find(search_over([fresh, stale]), "nurses leave the wards").stories == ("z-fresh", "a-stale")


def test_a_role_merely_named_lifts_a_story():
    cfo, cno = replace(WARD, id="b-cfo", roles=("cfo",)), replace(WARD, id="a-cno")
    search = search_over([cfo, cno])
    assert find(search, "nurses leave the wards").stories[0] == "a-cno"
    assert search.find(Situation("nurses leave", (Facet("role", "cfo"),)), TODAY).stories[0] == "b-cfo"


# --- evidence ---------------------------------------------------------------------------------------------------------


def evidence(search: Search, said: str, viewer: Person, story: str = "ward"):
    found = find(search, said)
    (match,) = search.match(found, viewer, {story})
    return match


def test_the_evidence_is_a_sentence_of_the_story_as_the_viewer_may_see_it(search):
    said = "agency nurses for the wards, trucks idle"
    for viewer, customer in ((REP, "Fjordheim Helse"), (LEAD, "Fjordheim Helse"), (GUEST, "")):
        match = evidence(search, said, viewer)
        assert match.story.customer == customer
        assert match.evidence.passage == match.story.beat(match.evidence.beat)
        assert match.evidence.sentence in match.evidence.passage
    assert match.evidence.beat is Beat.PAIN
    assert "agency nurses" in match.evidence.sentence
    assert "Fjordheim" not in repr(match)


def test_facets_that_agree_and_differ_are_told(search):
    match = evidence(search, "nurses leave in a hospital in Germany", REP)
    assert {f.key for f in match.evidence.agrees} >= {"lean:industry:hospitals"}
    assert {f.key for f in match.evidence.differs} == {"lean:country:DE"}


# --- words alone ------------------------------------------------------------------------------------------------------


def test_by_words_alone():
    search = search_over(FOUR, by_meaning=False)
    assert not search.by_meaning
    assert find(search, "nurses leave the wards").verdict is Verdict.CLOSE
    assert find(search, "nurses leave the wards").stories[0] in {"ward", "clinic"}
    assert find(search, "zebras and giraffes").verdict is Verdict.NOTHING
    assert find(search, "truck drivers quit").stories[0] == "freight"
    match = evidence(search, "agency nurses bought", GUEST)
    assert match.evidence.sentence in match.evidence.passage
    assert "Fjordheim" not in repr(match)
    assert len(search.diverse(find(search, "nurses and drivers quit"))) <= 3
    assert search.similar("ward", TODAY) == []


def test_a_customers_name_finds_nothing(search):
    for by_meaning in (True, False):
        named = search_over([WARD, CANNERY], by_meaning)
        assert find(named, "Fjordheim").verdict is Verdict.NOTHING
    assert find(search, "Sardinella Norte").verdict is Verdict.NOTHING
