"""Browse, the Industry page and the Words page: counts that come true, words searched for, views that can be sent."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from library.library import Library
from library.masking import names_said
from library.pages import desk, parts
from library.people import Person, seen_by
from library.records.entries import Audience
from library.settings import Settings
from library.shelf import Shelf
from library.story import Health, ShowAs, Status, Story
from tests.helpers import STORIES, TODAY, VOCABULARY, FakeEncoder, make_story, write_shelf
from tests.test_app import (
    ANONYMISED,
    APP,
    INTERNAL,
    ITS_CUSTOMER,
    LEAD,
    STRANGER,
    TELLER,
    everything,
    listed,
    number_in,
    plain,
)

FACETS = ("industry", "change", "roles", "size", "region", "products", "alternatives")
MAY_SEE_FEW = ("", STRANGER)


@pytest.fixture(scope="module")
def shipped_library(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    made = Library(Settings(stories=STORIES, data=data, today=TODAY, leads=LEAD), FakeEncoder())
    yield made
    made.close()


@pytest.fixture
def opened(shipped_library, monkeypatch):
    """Open the app on a page; on the shipped shelf when no other library is given."""

    def opened(page: str, person: str = "", library: Library = shipped_library, **query) -> AppTest:
        monkeypatch.setattr(desk, "library", lambda: library)
        app = AppTest.from_file(str(APP), default_timeout=60)
        if person:
            app.session_state["person_name"] = person
        return went(run(app).switch_page(page), **query)

    return opened


@pytest.fixture
def shelf_of(tmp_path):
    """A library of these stories and no others."""
    made: list[Library] = []

    def library(*stories: Story) -> Library:
        folder = write_shelf(tmp_path / "stories", *stories)
        made.append(Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder()))
        return made[-1]

    yield library
    for one in made:
        one.close()


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def went(app: AppTest, **query) -> AppTest:
    """To another address of the same page."""
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def choose(app: AppTest, facet: str, *values: str) -> AppTest:
    if facet == "industry":
        app.pills(key=facet).set_value(next(iter(values), None))
    else:
        app.multiselect(key=facet).set_value(list(values))
    return run(app)


def search(app: AppTest, words: str) -> AppTest:
    next(box for box in app.text_input if box.label == "Search within").set_value(words)
    return run(app)


def options(app: AppTest, facet: str) -> list[str]:
    return (app.pills if facet == "industry" else app.multiselect)(key=facet).options


def numbers(app: AppTest, facet: str) -> dict[str, int]:
    """What a filter says of each of its values."""
    return {option.rsplit(" (", 1)[0]: number_in(option) for option in options(app, facet)}


def titles(app: AppTest) -> list[str]:
    return [link.strip("*") for link in listed(app)]


def story_links(app: AppTest) -> list[str]:
    """The ids of the stories a page leads to, as often as it does."""
    asked = [link.proto.query_string for link in app.get("page_link")]
    return [query.removeprefix("story=") for query in asked if query.startswith("story=")]


def given_away(app: AppTest, shelf: Shelf) -> list[str]:
    """The names on a page, in any form, that only a story's own people may see."""
    page = everything(app)
    restricted = [s for s in shelf if s.show_as in {ShowAs.ANONYMISED, ShowAs.INTERNAL}]
    heard = [s.heard_from.split(",")[0] for s in restricted]
    customers = [name for s in restricted for name in names_said(page, replace(s, heard_from=""))]
    return customers + [name for name in heard if name and name in page]


# --- Browse: counts ---------------------------------------------------------------------------------------------------


def carried(story: Story, facet: str) -> set[str]:
    """The values of a facet read off the story, without the shelf's help."""
    value = getattr(story, facet)
    return set(value) if isinstance(value, tuple) else {value} - {""}


def assert_every_count_comes_true(shelf: Shelf, stories: list[Story]) -> None:
    """For any value of any facet chosen, what each value of another says is what choosing both gives."""
    values = {facet: sorted({v for s in stories for v in carried(s, facet)}) for facet in FACETS}
    for one, other in combinations(FACETS, 2):
        with_one = {a: shelf.counts(shelf.matching(stories, {one: [a]}), other) for a in values[one]}
        with_other = {b: shelf.counts(shelf.matching(stories, {other: [b]}), one) for b in values[other]}
        carry = defaultdict(list)
        for story in stories:
            for both in product(carried(story, one), carried(story, other)):
                carry[both].append(story)
        for a, b in product(values[one], values[other]):
            found = shelf.matching(stories, {one: [a], other: [b]})
            assert found == carry[a, b], (one, a, other, b)
            assert with_one[a][b] == with_other[b][a] == len(found), (one, a, other, b)


def test_on_the_shipped_shelf_every_count_comes_true_for_any_two_values_of_any_two_facets(shipped):
    assert_every_count_comes_true(shipped, shipped.browsable(TODAY))


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    """None, some or all of the values; one may stand there twice."""
    return st.lists(st.sampled_from(values), max_size=3).map(tuple)


FACTS = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(["", "banking", "retail"]),
        "change": st.sampled_from(["", "margin", "regulation"]),
        "roles": some("cfo", "ceo"),
        "size": st.sampled_from(["", "200-999", "1000-4999"]),
        "region": st.sampled_from(["", "europe", "africa"]),
        "products": some("finance", "service"),
        "alternatives": some("do nothing", "hire"),
    }
)


@given(st.lists(FACTS, max_size=8))
def test_on_any_shelf_every_count_comes_true(facts):
    stories = [Story(f"story-{n}", **given) for n, given in enumerate(facts)]
    assert_every_count_comes_true(Shelf(vocabulary=VOCABULARY), stories)


@given(st.lists(FACTS, max_size=8), st.dictionaries(st.sampled_from(FACETS), st.just([])))
def test_a_facet_of_which_nothing_is_chosen_leaves_every_story(facts, nothing):
    stories = [Story(f"story-{n}", **given) for n, given in enumerate(facts)]
    assert Shelf(vocabulary=VOCABULARY).matching(stories, nothing) == stories


PICKED = {
    "industry": ("hospitals", "Hospitals"),
    "change": ("people-loss", "People leaving"),
    "roles": ("cfo", "CFO"),
    "size": ("1000-4999", "1000–4999 people"),
    "region": ("europe", "Europe"),
    "products": ("workforce", "Workforce"),
    "alternatives": ("do nothing", "do nothing"),
}
"""One value of each facet, and how the page calls it: those of one story, so that any two of them meet."""


@pytest.mark.parametrize("one", FACETS)
def test_on_the_page_a_count_is_what_choosing_it_too_gives(opened, one):
    app = choose(opened(desk.BROWSE), one, PICKED[one][0])
    alone = titles(app)
    said = {other: numbers(app, other) for other in FACETS if other != one}
    for other, says in said.items():
        value, name = PICKED[other]
        both = titles(choose(app, other, value))
        assert len(both) == says[name] > 0, (one, other)
        assert set(both) <= set(alone)
        assert titles(choose(app, other)) == alone


def test_two_values_of_one_facet_widen_and_another_facet_narrows(opened):
    app = choose(opened(desk.BROWSE), "region", "europe")
    europe = set(titles(app))
    both = set(titles(choose(app, "region", "europe", "latin-america")))
    assert europe < both
    assert set(titles(choose(app, "change", "regulation"))) < both


# --- Browse: a long list ----------------------------------------------------------------------------------------------


def more(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.label.startswith("Show ")]


def show_more(app: AppTest) -> None:
    next(button for button in app.button if button.label.startswith("Show ")).click()
    run(app)


def test_a_long_list_is_drawn_a_part_at_a_time(opened, shipped, monkeypatch):
    monkeypatch.setattr(parts, "ROWS", 24)
    app = opened(desk.BROWSE)
    there = len(shipped.browsable(TODAY))
    assert app.caption[0].value == f"{there} stories"
    assert (len(titles(app)), more(app)) == (24, ["Show 24 more"])
    first = titles(app)
    show_more(app)
    assert titles(app)[:24] == first
    assert (len(titles(app)), more(app)) == (48, [f"Show {there - 48} more"])
    show_more(app)
    assert (len(set(titles(app))), more(app)) == (there, [])
    assert len(titles(choose(app, "region", "europe"))) == 24, "another view begins from its beginning"
    assert titles(choose(app, "region")) == first


def test_a_short_list_has_no_button(opened, monkeypatch):
    monkeypatch.setattr(parts, "ROWS", 24)
    assert more(choose(opened(desk.BROWSE), "industry", "hospitals")) == []


# --- Browse: words ----------------------------------------------------------------------------------------------------

INSPECTED = make_story("inspected", title="Inspected", beats={"pain": "The inspectors weighed every tin twice."})
ASLEEP = make_story("asleep", title="Asleep", change="margin", beats={"pain": "An inspector slept on the quay."})


def test_words_are_found_by_their_stem_and_all_of_them_must_stand(shelf_of, opened):
    app = opened(desk.BROWSE, library=shelf_of(INSPECTED, ASLEEP))
    for words, found in {
        "inspector": ["Asleep", "Inspected"],
        "INSPECTORS": ["Asleep", "Inspected"],
        "weighing inspectors": ["Inspected"],
        "inspector, sleeping? no: slept!": [],
        "the inspector who slept": ["Asleep"],
        "  ": ["Asleep", "Inspected"],
        "inspect": ["Inspected"],
    }.items():
        assert titles(search(app, words)) == found, words


def test_words_that_nobody_used_get_a_sentence(opened):
    app = search(opened(desk.BROWSE), "zeppelin")
    assert not titles(app)
    assert app.caption[0].value == "0 stories"
    assert "Take a filter or a word away" in app.info[0].value


def test_words_and_a_facet_must_both_hold_and_the_counts_know_the_words(shelf_of, opened):
    app = search(opened(desk.BROWSE, library=shelf_of(INSPECTED, ASLEEP)), "tin twice")
    assert titles(app) == ["Inspected"]
    assert list(numbers(app, "change").values()) == [1], "only what the words leave is counted"
    assert list(numbers(app, "industry").values()) == [1]
    assert titles(choose(app, "change", "regulation")) == ["Inspected"]
    assert titles(search(app, "slept")) == []
    assert titles(choose(app, "change", "margin")) == ["Asleep"]


def test_on_the_shipped_shelf_words_and_a_facet_give_what_the_count_says(opened):
    app = search(opened(desk.BROWSE), "agency")
    wide = titles(app)
    for facet in FACETS:
        value, name = PICKED[facet]
        says = numbers(app, facet)[name]
        narrow = titles(choose(app, facet, value))
        assert len(narrow) == says > 0, facet
        assert set(narrow) <= set(wide)
        assert titles(choose(app, facet)) == wide


def test_a_name_that_may_not_be_said_finds_the_story_for_its_people_only(opened, shipped):
    title = shipped.stories[ANONYMISED].title
    heard_from = shipped.stories[ANONYMISED].heard_from.split(",")[0]
    for stranger in MAY_SEE_FEW:
        app = opened(desk.BROWSE, stranger, q=ITS_CUSTOMER)
        assert titles(app) == []
        assert titles(search(app, heard_from)) == []
    for reader in (LEAD, TELLER):
        assert titles(opened(desk.BROWSE, reader, q=ITS_CUSTOMER)) == [title]


def test_words_are_looked_for_anew_when_somebody_says_who_they_are(opened, shipped):
    app = search(opened(desk.BROWSE), ITS_CUSTOMER)
    for reader, there in ((LEAD, [shipped.stories[ANONYMISED].title]), (STRANGER, [])):
        app.session_state["person_name"] = reader
        assert titles(run(app)) == there


@pytest.mark.parametrize("show_as", [ShowAs.ANONYMISED, ShowAs.INTERNAL])
def test_a_restricted_customers_name_finds_nothing_wherever_it_stands(shelf_of, opened, show_as):
    everywhere = "Sardinella Norte, says Lurdes"
    story = make_story(
        title=f"The harbour of {everywhere}",
        show_as=show_as,
        tags=(everywhere,),
        alternatives=(everywhere,),
        told_by=TELLER,
        beats=dict.fromkeys(("who", "change", "pain", "need", "decision", "win", "question"), f"It was {everywhere}."),
    )
    library = shelf_of(story)
    for name in ("Sardinella", "Norte", "Lurdes", "Amaro"):
        assert not titles(opened(desk.BROWSE, library=library, q=name)), name
    assert len(titles(opened(desk.BROWSE, library=library, q="harbour"))) == 1
    assert len(titles(opened(desk.BROWSE, TELLER, library, q="Sardinella"))) == 1


def test_browse_gives_no_restricted_name_away_whatever_is_chosen(opened, shipped):
    app = opened(desk.BROWSE, STRANGER)
    assert given_away(app, shipped) == []
    for industry in shipped.counts(shipped.browsable(TODAY), "industry"):
        assert given_away(choose(app, "industry", industry), shipped) == []


# --- Browse: orders and views -----------------------------------------------------------------------------------------

RANKED = (
    make_story("alba", title="Alba", industry="banking", heard_on=date(2025, 5, 1), verified_on=date(2026, 9, 1)),
    make_story("bruna", title="Bruna", industry="retail", heard_on=None, verified_on=date(2026, 11, 1)),
    make_story("carla", title="Carla", industry="banking", heard_on=date(2026, 5, 1), verified_on=None),
    make_story("delia", title="Delia", industry="hospitals", heard_on=date(2026, 1, 1), verified_on=date(2026, 9, 1)),
)
IN_ORDER = {
    "": ["Alba", "Carla", "Delia", "Bruna"],
    "told": ["Bruna", "Delia", "Alba", "Carla"],
    "newest": ["Carla", "Delia", "Alba", "Bruna"],
    "verified": ["Bruna", "Alba", "Delia", "Carla"],
}
"""Equals stand by industry and title; what has no date stands last."""


@pytest.fixture
def ranked(shelf_of):
    library = shelf_of(*RANKED)
    told = library.records.tellings
    for story in ("bruna", "bruna", "delia"):
        told.add("Dev Raman", story, at=library.now)
    for audience in set(Audience) - {Audience.PROSPECT}:
        for _ in range(3):
            told.add("Dev Raman", "carla", at=library.now, audience=audience)
    told.take_back(told.add("Dev Raman", "carla", at=library.now).id, "Dev Raman", at=library.now)
    return library


@pytest.mark.parametrize("order", IN_ORDER)
def test_each_order_and_the_view_it_makes_can_be_sent(ranked, opened, order):
    app = opened(desk.BROWSE, library=ranked)
    app.selectbox(key="order").set_value(order)
    assert titles(run(app)) == IN_ORDER[order]
    assert app.query_params == ({"order": order} if order else {})
    assert titles(opened(desk.BROWSE, library=ranked, **app.query_params)) == IN_ORDER[order]


def test_order_words_and_facets_stand_in_the_address_and_it_opens_the_same_list(opened):
    app = choose(opened(desk.BROWSE), "region", "europe", "north-america")
    choose(app, "alternatives", "do nothing", "carry on", "leave it alone")
    choose(app, "products", "finance")
    search(app, " lose ")
    app.selectbox(key="order").set_value("newest")
    there = titles(run(app))
    assert len(there) > 1
    assert app.query_params == {
        "region": ["europe", "north-america"],
        "alternatives": ["do nothing", "carry on", "leave it alone"],
        "products": "finance",
        "q": "lose",
        "order": "newest",
    }
    other = opened(desk.BROWSE, **app.query_params)
    assert titles(other) == there
    assert other.query_params == app.query_params
    assert next(box.value for box in other.text_input if box.label == "Search within") == "lose"


@pytest.mark.parametrize("facet", FACETS)
def test_a_view_of_any_facet_can_be_sent(opened, facet):
    app = choose(opened(desk.BROWSE), facet, PICKED[facet][0])
    assert app.query_params == {facet: PICKED[facet][0]}
    assert titles(opened(desk.BROWSE, **app.query_params)) == titles(app)


def test_what_is_taken_away_leaves_the_address(opened):
    app = opened(desk.BROWSE, industry="banking", q="ledger", order="newest")
    choose(search(app, ""), "industry")
    app.selectbox(key="order").set_value("")
    assert run(app).query_params == {}
    assert titles(app) == titles(opened(desk.BROWSE))


def test_an_order_that_there_is_not_is_no_order(opened):
    app = opened(desk.BROWSE, order="loudest")
    assert titles(app) == titles(opened(desk.BROWSE))
    assert app.query_params == {}


# --- Industry ---------------------------------------------------------------------------------------------------------

INDUSTRIES = sorted({story.industry for story in Shelf.read(STORIES).browsable(TODAY)})


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_an_industry_leads_to_each_of_its_stories_and_to_no_other(opened, shipped, industry):
    app = opened(desk.INDUSTRY, STRANGER, industry=industry)
    own = {story.id for story in shipped.browsable(TODAY) if story.industry == industry}
    assert plain(app.title[0].value) == shipped.vocabulary.label("industry", industry)
    assert set(story_links(app)) == own
    assert app.caption[0].value.split()[0] == str(len(own))
    heads = [head.value for head in app.subheader]
    assert {"What changes there", "What hurts", "Who buys"} <= set(heads)
    assert given_away(app, shipped) == []


@pytest.mark.parametrize("industry", ["nonsense", "", "Banking", "<b>bank</b>", "airlines"])
def test_an_industry_that_nobody_is_of_gets_a_plain_sentence(opened, industry):
    app = opened(desk.INDUSTRY, industry=industry)
    assert app.info[0].value.startswith("No ")
    assert story_links(app) == []
    assert not app.subheader
    assert industry == "" or industry not in everything(app)


def test_an_industry_shows_nothing_that_may_not_be_read(shelf_of, opened):
    stories = {
        "told": make_story("told"),
        "ours": make_story("ours", show_as=ShowAs.INTERNAL),
        "draft": make_story("draft", status=Status.DRAFT),
        "over": make_story("over", expires_on=date(2026, 1, 1)),
        "gone": make_story("gone", health=Health.CHURNED),
    }
    app = opened(desk.INDUSTRY, library=shelf_of(*stories.values()), industry="food-manufacturing")
    assert set(story_links(app)) == {"told", "ours"}


def test_on_an_industrys_page_its_own_people_meet_the_name(opened, shipped):
    industry = shipped.stories[ANONYMISED].industry
    for reader in (LEAD, TELLER):
        assert ITS_CUSTOMER in everything(opened(desk.INDUSTRY, reader, industry=industry))


def test_browse_leads_to_the_industry_chosen(opened):
    (link,) = [
        link for link in opened(desk.BROWSE, industry="banking").get("page_link") if "what hurts" in link.proto.label
    ]
    assert link.proto.query_string == "industry=banking"


# --- Words ------------------------------------------------------------------------------------------------------------

KINDS = ("quote", "near_miss", "surprise")


def sayings(app: AppTest) -> list[str]:
    """The ids of the stories whose sayings are shown."""
    assert int(app.caption[0].value.split()[0]) == len(story_links(app))
    return story_links(app)


def of_kind(app: AppTest, kind: str) -> AppTest:
    app.radio[0].set_value(kind)
    return run(app)


def in_industry(app: AppTest, industry: str | None) -> AppTest:
    next(box for box in app.selectbox if box.label == "Industry").set_value(industry)
    return run(app)


@pytest.mark.parametrize("kind", KINDS)
def test_words_shows_every_saying_of_a_kind_as_it_was_said(opened, shipped, kind):
    app = of_kind(opened(desk.WORDS, STRANGER), kind)
    told = {s.id: getattr(seen_by(Person(STRANGER), s), kind) for s in shipped.browsable(TODAY) if getattr(s, kind)}
    assert sorted(sayings(app)) == sorted(told)
    page = plain("\n".join(text.value for text in app.markdown))
    assert not [words for words in told.values() if words not in page]


@pytest.mark.parametrize("kind", KINDS)
def test_words_by_industry_are_those_of_its_stories(opened, shipped, kind):
    app = of_kind(opened(desk.WORDS), kind)
    said = [story for story in shipped.browsable(TODAY) if getattr(story, kind)]
    for industry in {story.industry for story in said}:
        assert set(sayings(in_industry(app, industry))) == {s.id for s in said if s.industry == industry}
    assert len(sayings(in_industry(app, None))) == len(said)


def test_an_industry_stays_chosen_when_another_kind_is_looked_at(opened, shipped):
    app = in_industry(opened(desk.WORDS), "banking")
    for kind in ("surprise", "near_miss", "quote"):
        own = {s.id for s in shipped.browsable(TODAY) if getattr(s, kind) and s.industry == "banking"}
        assert set(sayings(of_kind(app, kind))) == own, kind


def test_words_are_searched_by_stem_within_the_kind_and_the_industry(shelf_of, opened):
    late = make_story("late", title="Late", beats={"decision": 'She said: "I counted the tins twice."'})
    bank = make_story("bank", title="Bank", industry="banking", beats={"decision": 'He said: "We count tins."'})
    near = make_story("near", title="Near", near_miss="They nearly counted on luck.")
    app = opened(desk.WORDS, library=shelf_of(late, bank, near))
    assert sayings(search(app, "counting")) == ["bank", "late"]
    assert sayings(search(app, "counting twice")) == ["late"]
    assert sayings(in_industry(search(app, "tin"), "banking")) == ["bank"]
    assert sayings(search(app, "twice")) == []
    assert sayings(of_kind(search(in_industry(app, None), "count"), "near_miss")) == ["near"]


@pytest.mark.parametrize("kind", KINDS)
def test_words_nobody_said_get_a_sentence(opened, kind):
    app = search(of_kind(opened(desk.WORDS), kind), "zeppelin")
    assert sayings(app) == []
    assert "Nobody said it in these words" in app.info[0].value


def test_words_of_a_shelf_that_has_none_are_a_sentence(shelf_of, opened):
    app = opened(desk.WORDS, library=shelf_of())
    assert sayings(app) == []
    assert app.info[0].value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("person", MAY_SEE_FEW)
def test_words_give_no_restricted_name_away(opened, shipped, kind, person):
    app = of_kind(opened(desk.WORDS, person), kind)
    assert given_away(app, shipped) == []
    assert sayings(search(app, ITS_CUSTOMER)) == []


@pytest.mark.parametrize("show_as", [ShowAs.ANONYMISED, ShowAs.INTERNAL])
@pytest.mark.parametrize("kind", KINDS)
def test_a_restricted_name_within_a_saying_is_for_its_people_only(shelf_of, opened, show_as, kind):
    said = "Sardinella Norte would sink, Lurdes told us"
    story = make_story(
        show_as=show_as,
        told_by=TELLER,
        near_miss=said,
        surprise=said,
        beats={"decision": f'She chose: "{said}"'},
    )
    library = shelf_of(story)
    page = everything(app := of_kind(opened(desk.WORDS, library=library), kind))
    assert sayings(app) == ["sardines"]
    assert not names_said(page, replace(story, heard_from="Lurdes Amaro"))
    for name in ("Sardinella", "Norte", "Lurdes"):
        assert sayings(search(app, name)) == [], name
    assert "Sardinella Norte" in everything(of_kind(opened(desk.WORDS, TELLER, library), kind))


def test_words_of_a_story_for_us_only_say_so(opened, shipped):
    app = of_kind(opened(desk.WORDS, STRANGER), "near_miss")
    ours = [s for s in shipped.browsable(TODAY) if s.show_as is ShowAs.INTERNAL and s.near_miss]
    assert INTERNAL in {story.id for story in ours}
    assert everything(app).count("For us only") == len(ours)
