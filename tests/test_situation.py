from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.offered import Offered
from library.shelf import Shelf
from library.situation import Facet, Situation, in_one_line, merged_facets, understand
from library.sizes import people_in, size_label, size_range
from library.story import Status
from library.wishes import Wish
from tests.helpers import TODAY, VOCABULARY, make_story


def heard(said: str) -> Situation:
    return understand(said, VOCABULARY)


def keys(said: str) -> set[str]:
    return {facet.key for facet in heard(said).facets}


@pytest.mark.parametrize(
    ("said", "facets", "text"),
    [
        # Only
        ("only banks", {"only:industry:banking"}, ""),
        ("banks only", {"only:industry:banking"}, ""),
        ("just banks", {"only:industry:banking"}, ""),
        ("must be a bank", {"only:industry:banking"}, ""),
        ("has to be a hospital", {"only:industry:hospitals"}, ""),
        ("specifically a university", {"only:industry:higher-education"}, ""),
        ("strictly food manufacturing", {"only:industry:food-manufacturing"}, ""),
        ("retail or forget it", {"only:industry:retail"}, ""),
        ("nothing but hospitals", {"only:industry:hospitals"}, ""),
        ("another charity, companies don't count", {"only:industry:charities"}, ""),
        ("Europe only", {"only:region:europe"}, ""),
        ("UK only", {"only:country:GB"}, ""),
        ("must be in Norway", {"only:country:NO"}, ""),
        ("I need a German reference", {"only:country:DE"}, ""),
        ("we need US references only", {"only:country:US"}, ""),
        # Not
        ("not public sector", {"not:industry:public-sector"}, ""),
        ("no hospitals please", {"not:industry:hospitals"}, ""),
        ("without hospitals", {"not:industry:hospitals"}, ""),
        ("anything but retail", {"not:industry:retail"}, ""),
        ("anyone but insurers", {"not:industry:insurance"}, ""),
        ("excluding public sector", {"not:industry:public-sector"}, ""),
        ("except for banks", {"not:industry:banking"}, ""),
        ("avoid government", {"not:industry:public-sector"}, ""),
        ("banks don't count", {"not:industry:banking"}, ""),
        ("insurers won't do", {"not:industry:insurance"}, ""),
        ("don't show me banks", {"not:industry:banking"}, ""),
        ("must not be a bank", {"not:industry:banking"}, ""),
        ("it can't be a bank", {"not:industry:banking"}, ""),
        ("explicitly not an American one", {"not:country:US"}, ""),
        ("nothing American", {"not:country:US"}, ""),
        ("non-US", {"not:country:US"}, ""),
        ("no US stories", {"not:country:US"}, ""),
        ("Not in the UK", {"not:country:GB"}, ""),
        ("outside Europe", {"not:region:europe"}, ""),
        # Coordination
        ("neither banks nor insurers", {"not:industry:banking", "not:industry:insurance"}, ""),
        ("not banks, not insurers", {"not:industry:banking", "not:industry:insurance"}, ""),
        ("only banks and insurers", {"only:industry:banking", "only:industry:insurance"}, ""),
        ("only France or Spain", {"only:country:FR", "only:country:ES"}, ""),
        (
            "only banks or insurers in Germany",
            {"only:industry:banking", "only:industry:insurance", "only:country:DE"},
            "",
        ),
        ("rather than a bank, a hospital", {"not:industry:banking", "lean:industry:hospitals"}, "a hospital"),
        ("not a bank but an insurer", {"not:industry:banking", "lean:industry:insurance"}, "an insurer"),
        # A mere mention leans and stays among the words
        ("in Germany", {"lean:country:DE"}, "in Germany"),
        ("for a CFO", {"lean:role:cfo"}, "for a CFO"),
        ("for the head of HR", {"lean:role:chro"}, "for the head of HR"),
        ("not only banks", {"lean:industry:banking"}, "not only banks"),
        ("the only hospital in the valley", {"lean:industry:hospitals"}, "the only hospital in the valley"),
        ("they need a bank guarantee", {"lean:industry:banking"}, "they need a bank guarantee"),
        ("no, a bank", {"lean:industry:banking"}, "no, a bank"),
        ("a retailer, but not in Germany", {"lean:industry:retail", "not:country:DE"}, "a retailer"),
        ("a hospital, ideally in Norway", {"lean:industry:hospitals", "lean:country:NO"}, None),
        ("hospital group, nothing American", {"lean:industry:hospitals", "not:country:US"}, "hospital group"),
        # What is left is searched for
        ("nurses walk out, only hospitals", {"only:industry:hospitals"}, "nurses walk out"),
        ("hospitals only, nurses leaving", {"only:industry:hospitals"}, "nurses leaving"),
        ("the bank wants figures, only builders", {"lean:industry:banking", "only:industry:construction"}, None),
        # Sizes
        ("under 200 people", {"only:size:0-199"}, ""),
        ("under 50 heads or forget it", {"only:size:0-49"}, ""),
        ("more than 5000 people", {"only:size:5001-"}, ""),
        ("at least 1000 employees", {"only:size:1000-"}, ""),
        ("up to 250 people", {"only:size:0-250"}, ""),
        ("smaller than a hundred staff", {"only:size:0-99"}, ""),
        ("only SMEs", {"only:size:0-199"}, ""),
        ("about 300 employees", {"lean:size:300-300"}, "about 300 employees"),
        ("between 200 and 500 employees", {"lean:size:200-500"}, None),
        ("a 1,200-person maker of lifts", {"lean:size:1200-1200"}, None),
        ("2k employees", {"lean:size:2000-2000"}, None),
        ("Mittelstand maker of pumps", {"lean:size:50-999"}, None),
        # Words that only look like a facet
        ("give us a story", set(), ""),
        ("tell us more", set(), "tell us more"),
        ("polish the deck", set(), "polish the deck"),
        ("turkey dinner for the staff", set(), "turkey dinner for the staff"),
        ("under pressure", set(), "under pressure"),
        ("under 30 days", set(), "under 30 days"),
        ("over 50 invoices a day", set(), "over 50 invoices a day"),
        ("30 people left in May", set(), None),
        ("Chad from accounts is angry", set(), "Chad from accounts is angry"),
    ],
)
def test_what_a_rep_says_becomes_facets_and_words(said, facets, text):
    situation = heard(said)
    assert {f.key for f in situation.facets if f.kind != "change"} == facets
    if text is not None:
        assert situation.text == text


def test_us_is_the_country_only_in_capitals():
    assert keys("show us a prospect in the US") == {"lean:country:US"}


def test_polish_is_the_country_only_with_its_capital():
    assert "lean:country:PL" in keys("a Polish bakery, prices rise")


def test_a_chip_taken_away_leaves_the_words_and_the_others():
    before = heard("nurses leaving, only hospitals, not in Germany")
    after = before.without("only:industry:hospitals")
    assert [facet.key for facet in after.facets] == ["not:country:DE"]
    assert after.text == before.text == "nurses leaving"
    assert before.without("only:industry:nobody") == before


@pytest.mark.parametrize(
    ("before", "now", "left"),
    [
        ("only banks", "only retail", {"only:industry:retail"}),
        ("only banks", "for a CFO", {"only:industry:banking", "lean:role:cfo"}),
        ("only Germany", "only Europe", {"only:region:europe"}),
        ("not Germany", "only Europe", {"not:country:DE", "only:region:europe"}),
        ("not banks", "only banks", {"only:industry:banking"}),
        ("only banks", "not banks", {"not:industry:banking"}),
        ("under 200 people", "more than 5000 people", {"only:size:5001-"}),
        ("not banks", "not retail", {"not:industry:banking", "not:industry:retail"}),
    ],
)
def test_a_facet_said_anew_replaces_the_one_before(before, now, left):
    assert {f.key for f in heard(before).and_also(heard(now)).facets} == left


def test_what_changed_is_kept_when_another_change_is_said():
    left = Facet("change", "regulation", said="law"), Facet("change", "people-loss", said="quit")
    assert merged_facets(left[:1], left[1:]) == left


def test_two_turns_join_their_words_and_what_they_lack():
    both = heard("nurses keep leaving").and_also(heard("it costs them millions"))
    assert both.text == "nurses keep leaving it costs them millions"
    assert both.missing == ()


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("a hospital group in Norway", ("change", "pain")),
        ("their vendor went bankrupt", ("pain",)),
        ("the close takes far too long and is full of errors", ("change",)),
        ("since the merger the close takes three weeks", ()),
        ("just banks", ("change", "pain")),
        ("without retailers", ("change", "pain")),
        ("nurses leave and the agency bill is out of control", ()),
    ],
)
def test_what_a_description_lacks(said, missing):
    assert heard(said).missing == missing


def test_labels_are_words_for_a_chip():
    facets = {f.key: f.label(VOCABULARY) for f in heard("only banks, not in the UK, under 200 people").facets}
    assert facets["only:industry:banking"] == "Only banking"
    assert facets["not:country:GB"] == "Not United Kingdom"
    assert facets["only:size:0-199"] == "Only up to 199 people"
    assert size_label("1000-") == "1,000 people or more"


def test_sizes_are_read_as_two_numbers_of_people():
    assert size_range("200-999") == (200, 999)
    assert size_range("5000+") == (5000, 10**9)
    assert people_in("a 3,400-person hospital group") == 3400
    assert people_in("a hospital group") is None


def test_a_question_to_nobody_in_particular_is_marked():
    assert heard("where do I book a holiday?").asks
    assert not heard("nurses leave for agencies").asks


@pytest.mark.parametrize(
    "said",
    [
        "insurer wants a new logo",
        "hospital looking for scrubs",
        "credit union needs 300 new laptops",
        "courier is thinking of electric vans",
        "shoe shop fancies sponsoring a podcast",
    ],
)
def test_a_thing_that_is_wanted_while_nothing_hurts_is_shopping(said):
    assert heard(said).only_wants


@pytest.mark.parametrize(
    "said",
    [
        "nurses leave for agencies",
        "the bank wants job figures and they come three weeks late",  # somebody else wants it, and it hurts
        "insurer wants a new claims system, the old one costs them customers",
        "wants to hear from a bank. month end takes forever",
        "",
    ],
)
def test_what_hurts_is_no_shopping(said):
    assert not heard(said).only_wants


def test_shopping_stays_shopping_when_only_a_wish_is_added():
    logo = heard("insurer wants a new logo")
    assert logo.and_also(heard("only in Europe")).only_wants
    assert not logo.and_also(heard("claims take weeks since the storms")).only_wants
    assert heard("where do I book a holiday?").and_also(heard("only in Europe")).asks


# --- which story holds a wish ---------------------------------------------------------------------------------------


def holds(story, said: str) -> bool:
    shelf = Shelf({story.id: replace(story, status=Status.PUBLISHED)}, vocabulary=VOCABULARY)
    return bool(Offered(shelf).on(TODAY, heard(said).strict)[0])


def test_one_of_two_industries_wished_is_enough():
    bank, insurer, bakery = (make_story(industry=i) for i in ("banking", "insurance", "food-manufacturing"))
    assert [holds(s, "only banks and insurers") for s in (bank, insurer, bakery)] == [True, True, False]


def test_one_of_two_places_wished_is_enough_and_both_limits_of_a_size_hold():
    cannery = make_story(alias="a cannery", beats={"who": "She runs a cannery."}, size="200-999", country="PT")
    assert holds(cannery, "only Portugal or Spain")
    assert not holds(cannery, "only France or Spain")
    assert holds(cannery, "at least 100 people, under 2000 people")
    assert not holds(cannery, "at least 100 people, under 500 people")


def test_a_refusal_holds_beside_a_wish():
    assert not holds(make_story(), "only Europe, not Portugal")
    assert holds(make_story(country="ES", beats={"who": "A cannery."}, alias="a cannery"), "only Europe, not Portugal")


# --- any words at all -----------------------------------------------------------------------------------------------

SNIPPETS = st.lists(
    st.sampled_from(
        "only not no banks hospital Germany US us under 200 people , . ! and or but neither nor CFO anything must be a "
        "the without retail Europe 1,000 – ( ) since quit ' \n \u200b é 猫".split(" ")
    ),
    max_size=20,
).map(" ".join)


@given(st.one_of(st.text(max_size=200), SNIPPETS))
@example("only banks, but")
@example("under ٣ people")
@example("more than ² people")
@example("over 9999999999999999999999999999 people")
@example("neither")
def test_understanding_never_fails_and_never_adds_words(said):
    situation = heard(said)
    assert len(situation.text) <= len(said) + max(0, len(said.splitlines()) - 1)  # a full stop where a line ends
    assert len({facet.key for facet in situation.facets}) == len(situation.facets)
    for facet in situation.facets:
        assert facet.label(VOCABULARY)
        assert facet.key not in {f.key for f in situation.without(facet.key).facets}
        if facet.kind == "size":
            size_range(facet.value)


@given(SNIPPETS, SNIPPETS)
def test_a_value_is_never_wished_and_refused_at_once_after_two_turns(before, now):
    merged = heard(before).and_also(heard(now)).facets
    refused = {(f.kind, f.value) for f in heard(now).facets if f.wish is Wish.NOT}
    wished = {(f.kind, f.value) for f in heard(now).facets if f.wish is Wish.ONLY}
    for facet in merged:
        if (facet.kind, facet.value) in refused - wished:
            assert facet.wish is Wish.NOT


# --- lines ---


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ("two nurses quit this week, agency costs explode\nEurope only please", ("region", "europe", Wish.ONLY)),
        ("two nurses quit this week, agency costs explode\n\n  only banks", ("industry", "banking", Wish.ONLY)),
        ("two nurses quit this week, agency costs explode -\r\nnothing American", ("country", "US", Wish.NOT)),
    ],
)
def test_a_wish_on_a_line_of_its_own_is_one(said, wished):
    assert wished in [(facet.kind, facet.value, facet.wish) for facet in heard(said).facets]


def test_where_somebody_begins_a_new_line_a_sentence_ends():
    assert heard("Two nurses quit\nagency costs explode,\n\nboard is asking").text == (
        "Two nurses quit. agency costs explode, board is asking"
    )


def test_a_page_that_was_only_so_wide_ends_no_sentence():
    pasted = (
        "the cannery stood still for nine days because the harbour was\n"
        "closed and nobody had told the plant, and now the finance chief\n"
        "asks every week what the next such day would cost them, and no\n"
        "one can say"
    )
    assert heard(pasted).text == pasted.replace("\n", " ")


@given(st.text(st.sampled_from("ab ,.\n\r"), max_size=200))
def test_lines_keep_every_word(text):
    assert in_one_line(text).replace(".", " ").split() == text.replace(".", " ").split()
    assert len(in_one_line(text).splitlines()) <= 1
