"""Which story would you tell: four that differ, the library's among them, and nobody's name in what is asked."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.evaluation import read_labelled
from library.match import Verdict
from library.practice.quiz import nameless, round_of
from library.search import Search
from library.shelf import Shelf
from library.situation import understand
from library.story import ShowAs
from tests.helpers import TODAY, VOCABULARY, make_story
from tests.test_quality import LABELLED
from tests.test_search import CANNERY, CLINIC, FREIGHT, WARD, search_over

NURSES = "nurses leave the hospital wards"
LEDGER = make_story("ledger", title="The ledger screen", tags=("legacy ledger", "old screen", "sunset"), change="other")


@pytest.fixture(scope="module")
def search() -> Search:
    """Eight stories of wards, of a boat, of trucks and of ledgers, and one about wards that is for us only."""
    ours = replace(WARD, id="ward-internal", show_as=ShowAs.INTERNAL)
    more = [replace(story, id=f"{story.id}-2") for story in (CANNERY, FREIGHT, LEDGER)]
    return search_over([WARD, CLINIC, CANNERY, FREIGHT, LEDGER, *more, ours])


# --- a round ----------------------------------------------------------------------------------------------------------


def test_a_round_has_four_stories_and_the_librarys_own_is_among_them(search):
    found = search.find(understand(NURSES, VOCABULARY), TODAY, 12)
    for number in range(20):
        played = round_of(NURSES, search, TODAY, number)
        assert played.situation == NURSES
        assert len(set(played.stories)) == 4
        assert played.best in played.stories
        assert played.best == found.stories[0] == played.ranked[0]
        assert sorted(played.ranked) == sorted(played.stories)


def test_the_others_are_none_that_the_library_would_also_show(search):
    shown = search.find(understand(NURSES, VOCABULARY), TODAY, 12).stories[:3]
    for number in range(20):
        others = set(round_of(NURSES, search, TODAY, number).stories) - {shown[0]}
        assert not others & set(shown)


def test_a_story_for_us_only_is_never_a_choice(search):
    rounds = [round_of(NURSES, search, TODAY, number) for number in range(20)]
    assert "ward-internal" not in {story for played in rounds for story in played.stories}


def test_the_same_number_gives_the_same_round_and_another_number_another(search):
    rounds = [round_of(NURSES, search, TODAY, number) for number in range(20)]
    assert rounds == [round_of(NURSES, search, TODAY, number) for number in range(20)]
    assert len({played.stories for played in rounds}) > 5
    assert len({played.stories.index(played.best) for played in rounds}) == 4, "its place says nothing"


@pytest.mark.parametrize("situation", ["zebras and giraffes quarrel", "", "nurses quit, only banks"])
def test_a_situation_nothing_fits_gives_no_round(search, situation):
    assert round_of(situation, search, TODAY, 1) is None


def test_a_shelf_of_four_has_no_three_that_fit_less():
    assert round_of(NURSES, search_over([WARD, CLINIC, CANNERY, FREIGHT]), TODAY, 1) is None
    assert round_of(NURSES, search_over([]), TODAY, 1) is None


def test_choosing_as_the_library_would_agrees(search):
    played = round_of(NURSES, search, TODAY, 1)
    assert [story for story in played.stories if played.agrees(story)] == [played.best]
    assert played.understood(search.shelf) == understand(NURSES, VOCABULARY)


@pytest.mark.model
def test_what_is_answered_closely_makes_a_round_on_the_shelf_that_ships_and_nothing_else_does(real_library, shipped):
    search = real_library.state.search
    written = [row.situation for row in read_labelled(LABELLED)]
    verdicts = [search.find(understand(text, shipped.vocabulary), TODAY, 12).verdict for text in written]
    rounds = [round_of(text, search, TODAY, 7) for text in written]
    assert set(verdicts) == set(Verdict)
    assert [played is not None for played in rounds] == [verdict is Verdict.CLOSE for verdict in verdicts]
    for played in filter(None, rounds):
        assert len(set(played.stories)) == 4
        assert played.best in played.stories
        assert all(shipped.stories[story].tellable(TODAY) for story in played.stories)
        assert played == round_of(played.situation, search, TODAY, 7)


@pytest.mark.model
def test_two_of_the_four_are_far_from_the_situation_on_the_shelf_that_ships(real_library, shipped):
    search = real_library.state.search
    said = "Nurses keep leaving for agencies, and the agency bill is out of control."
    found = search.find(understand(said, shipped.vocabulary), TODAY, 12)
    played = round_of(said, search, TODAY, 1)
    assert found.verdict is Verdict.CLOSE
    assert found.stories[0] == played.best
    far = [story for story in played.stories if story not in found.stories]
    assert len(far) == 2
    assert shipped.stories[played.best].change not in {shipped.stories[story].change for story in far}


@pytest.mark.model
@pytest.mark.parametrize("situation", ["The zoo's penguins will not breed.", "Where do I hand in my expenses?"])
def test_what_the_shelf_that_ships_cannot_answer_gives_no_round(real_library, situation):
    assert round_of(situation, real_library.state.search, TODAY, 1) is None


# --- nobody's name ----------------------------------------------------------------------------------------------------

NAMES = [
    "Zwickau lost its nurses",
    "their ceo Zwickau lost nurses",
    "the nurses of Zwickau's wards",
    "the nurses of ZWICKAU leave",
    "ZWICKAU, nurses leave",
    "the auditors of KPMG found it",
    "nurses at van der Zwick",
    "nurses at O'Brien leave",
    "nurses at L’Oréal leave",
    "nurses at Al-Rashid leave",
    "nurses at McZwick leave",
    "nurses at deZwick leave",
    "nurses at eZwick leave",
    "nurses at Ørsted leave",
    "Åse says that nurses leave",
    "Élodie says that nurses leave",
    "nurses leave\nZwickau",
    "(Zwickau) nurses leave",
    "«Zwickau» nurses leave",
    "Zwickau/nurses leave",
    "J. Zwick rang about nurses",
    "J.P. rang about nurses",
    "nurses at H&M leave",
    "nurses leave, write to j.zwick@zwickau.no",
    "nurses leave, see zwickau.no",
    "nurses leave, see zwickau.co.uk",
    "nurses leave, see www.zwickau",
    "nurses leave, see HTTPS://zwickau",
    "NURSES LEAVE, SEE ZWICKAU.COM",
]


@pytest.mark.parametrize("ask", NAMES)
def test_an_ask_with_a_name_in_it_is_not_shown(shipped, ask):
    assert nameless(ask, shipped) == ""


@pytest.mark.parametrize("ask", ["fjordheim loses its nurses", "marit at the norwegian hospital", "fjordheim's nurses"])
def test_a_customer_or_contact_of_the_shelf_is_known_without_a_capital(shipped, ask):
    assert nameless(ask, shipped) == ""


@pytest.mark.parametrize(
    "ask",
    [
        "nurses leave the wards for agencies",
        "Nurses leave. The wards close! I am meeting their finance chief",
        "A bank in Norway has two ledgers, and they'll close one",
        "They'll lose a third of the staff; I'm seeing them on the 3rd",
        "the CFO of a hospital in the UK, HR wants shifts by Q4",
        "NURSES LEAVE THE WARDS",
        "energy bill up 40%, e.g. for bread, i.e. no margin at all",
        "Nurses' shifts cost €1.5m and the drivers don't come",
    ],
)
def test_an_ordinary_ask_comes_through_as_it_was_put(shipped, ask):
    assert nameless(ask, shipped) == ask


def test_line_breaks_and_double_spaces_become_one_space(shipped):
    assert nameless("  nurses leave\n\nthe  wards ", shipped) == "nurses leave the wards"
    assert nameless("", shipped) == ""


def test_most_situations_that_are_written_hold_nobodys_name(shipped):
    written = [row.situation for row in read_labelled(LABELLED)]
    through = [text for text in written if nameless(text, shipped)]
    assert len(through) > len(written) * 0.7


def test_every_customers_name_is_kept_back(shipped):
    for story in shipped:
        for said in (story.customer, story.customer.upper(), story.customer.lower(), f"{story.customer}'s"):
            assert nameless(f"nurses leave {said} for agencies", shipped) == "", story.id


@settings(max_examples=100)
@given(st.text(max_size=40), st.booleans())
def test_a_name_is_found_in_any_text_around_it(around, before):
    shelf = Shelf({"ward": WARD}, vocabulary=VOCABULARY)
    ask = f"{around} Zwickau" if before else f"Zwickau {around}"
    assert nameless(ask, shelf) == ""
    through = nameless(around, shelf)
    assert through in {"", " ".join(around.split())}
