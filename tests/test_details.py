"""Numbers as people say them, and which numbers, dates and names of a story come out changed when it is told."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.practice.details import Change, details
from library.practice.quantities import Kind, Quantity, calendar_words, quantities
from library.practice.rounding import bound_before, holds, same
from library.story import Beat, Story
from tests.helpers import make_story

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {10**9: "billion", 10**6: "million", 1_000: "thousand", 100: "hundred"}
SOUP = (
    "one two nineteen twenty hundred thousand million a half third quarter dozen couple twice and point to past from "
    "of the first 31st May 3 2025 22:40 24:61 3.400 3,400 1.000.000 % percent per cent k m o'clock at night in - ' ½ ٣ "
    "Kees Rotterdam June Friday"
).split()
ANYTHING = st.text() | st.lists(st.sampled_from(SOUP)).map(" ".join)
MAYOR = make_story(beats={"who": "The whole Norwegian yard calls Kees the mayor, and he keeps the keys."})
AGENCY = make_story(beats={"pain": "The agency sold 61 nights, and the bill was 24 percent over the budget."})


def in_words(number: int, and_: str = " and ") -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    scale = next(scale for scale in SCALES if number >= scale)
    rest = number % scale
    said = f"{in_words(number // scale, and_)} {SCALES[scale]}"
    return said + (f"{and_ if rest < 100 else ' '}{in_words(rest, and_)}" if rest else "")


def number(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


def values(text: str) -> list[float]:
    return [found.value for found in quantities(text)]


def changes(text: str, story: Story, **known) -> list[tuple[str, str]]:
    return [(change.said, change.was) for change in details(text, story, **known).changed]


def ways(*rows: tuple) -> list[tuple]:
    """Each way of saying something, with what is said."""
    return [(said, *meant) for *meant, together in rows for said in together.split(" | ")]


@pytest.mark.parametrize(
    ("said", "value"),
    ways(
        (1.5, "1,50 a tin | 1.5 tins | one point five"),
        (2, "two boats | 2 boats | a couple of boats | twice the price"),
        (6, "six tins | half a dozen tins"),
        (24, "24 boats | two dozen | twenty-four | twenty four"),
        (110, "110 boats | a hundred and ten boats | one hundred ten boats | hundred and ten boats"),
        (1_400, "1,400 | fourteen hundred | one thousand four hundred"),
        (3_400, "3,400 people | 3.400 people | three thousand four hundred people | 3.4k"),
        (400_000, "€400,000 of tin | 400k | four hundred thousand euros"),
        (500_000, "half a million | 0.5 million"),
        (1_500_000, "1.5m | 1,500,000 | 1.500.000 | one and a half million | one point five million"),
        (61_000_000, "61 million kroner | sixty-one million | 61 million One of them said so"),
        (1_000_000_000, "a billion | one billion"),
    ),
)
def test_a_count_is_read_as_it_is_said(said, value):
    assert number(said).kind is Kind.COUNT
    assert number(said).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    ways(
        (Kind.SHARE, 0.5, "half of them"),
        (Kind.SHARE, 1 / 3, "a third of her nurses | one third | a third in May"),
        (Kind.SHARE, 0.75, "three quarters"),
        (Kind.PERCENT, 0.24, "24% | 24 percent | twenty-four per cent"),
        (Kind.PERCENT, 0.025, "2.5% | 2,5 percent"),
        (Kind.YEAR, 2025, "2025 | twenty twenty-five | early '25"),
        (Kind.YEAR, 1994, "the summer of '94"),
        (Kind.COUNT, 2025, "2,025 boats | two thousand and twenty-five"),
        (Kind.DAY, 14, "the 14th | 14 November | November 14 | 14 of November | the fourteenth of November"),
        (Kind.DAY, 21, "May 21st | the twenty-first of May"),
        (Kind.DAY, 1, "1 June | the first of June"),
        (Kind.DAY, 3, "the third of March"),
        (Kind.TIME, 22 * 60 + 40, "22:40"),
        (Kind.TIME, 10 * 60, "ten o'clock | ten at night | 10 pm | 10pm | ten in the morning"),
        (Kind.TIME, 10 * 60 + 30, "10.30 pm | half past ten | half ten at night"),
        (Kind.TIME, 10 * 60 + 40, "twenty to eleven | 20 to 11"),
        (Kind.TIME, 10 * 60 + 45, "a quarter to eleven"),
        (Kind.TIME, 11 * 60 + 15, "a quarter past eleven"),
    ),
)
def test_a_number_knows_what_it_counts(said, kind, value):
    assert number(said).kind is kind
    assert number(said).value == pytest.approx(value)


@pytest.mark.parametrize(
    "said",
    "a few dozen | one of them | the first boat | a second try | in May | they may | 12:60 | 24:00 | 1.2.3".split(
        " | "
    ),
)
def test_what_counts_nothing_is_no_number(said):
    assert quantities(said) == []


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("from nineteen to seven", [19, 7]),
        ("down from twenty to seven", [20, 7]),
        ("a quarter to eleven million", [0.25, 11_000_000]),
        ("four hundred, two hundred of them ours", [400, 200]),
        ("three thousand, three million", [3_000, 3_000_000]),
        ("of four hundred 19 came", [400, 19]),
    ],
)
def test_two_numbers_in_a_row_stay_two(said, both):
    assert values(said) == both


def test_a_number_knows_its_place_among_the_words():
    text = "A well-known foreman sent €400 to twenty-six angry brothers, and 3,400 tins stood in the yard."
    euros, brothers, tins = quantities(text)
    words = text.split()
    assert [words[found.at] for found in (euros, brothers, tins)] == ["€400", "twenty-six", "3,400"]


@given(st.integers(0, 10**15))
def test_a_number_in_figures_with_commas_reads_back_as_itself(value):
    assert values(f"{value:,}") == [value]


@given(st.integers(2, 10**12 - 1), st.sampled_from([" and ", " "]))
@example(1_100, " ")
@example(300_014_000_600, " and ")
def test_every_number_in_words_reads_back(value, and_):
    assert values(in_words(value, and_)) == [value]


@given(ANYTHING)
@example("9" * 5000 + "th of May")
def test_no_text_whatever_is_too_much_for_the_numbers(text):
    words = text.split()
    for found in quantities(text):
        assert found.said.split()[0] in words[found.at]
        assert same(found, found)


@pytest.mark.parametrize(
    ("told", "theirs"),
    ways(
        ("16,100", "16.1 thousand"),
        ("61", "about sixty | 60"),
        ("24", "twenty-five"),
        ("61 million", "60 million | sixty-one"),
        ("3,418", "3,400 | three and a half thousand"),
        ("970,000", "a million"),
        ("29 percent", "29"),
        ("24 percent", "a quarter"),
        ("2025", "two thousand and twenty-five"),
        ("22:40", "half past ten | 10:40 pm | eleven"),
    ),
)
def test_a_number_is_the_same_as_it_is_or_honestly_rounded(told, theirs):
    assert same(number(told), number(theirs))


@pytest.mark.parametrize(
    ("told", "theirs"),
    ways(
        ("61", "16 | 62 | fifty"),
        ("3,400", "3,418"),
        ("1,000,000", "930,000"),
        ("24 percent", "42 percent | half"),
        ("2025", "2024 | two thousand and twenty-four | 2,000 people"),
        ("14 November", "15 November"),
        ("22:40", "nine in the evening | forty"),
    ),
)
def test_a_wrong_number_is_not_the_same(told, theirs):
    assert not same(number(told), number(theirs))


def test_a_story_told_as_it_stands_has_its_numbers_right(sardines):
    found = details(sardines.telling, sardines)
    assert found.right == ("310", "2025", "fifty", "Four hundred thousand", "1", "20")
    assert found.changed == ()


@pytest.mark.parametrize(
    ("told", "beat", "said", "was"),
    [
        ("The ministry closed the sardine grounds for sixty days.", "change", "sixty", "fifty"),
        ("She counts tins at a Portuguese cannery of 130 people.", "who", "130", "310"),
        ("Half a million euros of tin stood in the yard.", "pain", "Half a million", "Four hundred thousand"),
        ("On 20 June 2026 the first boat was sold before it moored.", "win", "2026", "2025"),
        ("In April 2024 the ministry closed the sardine grounds for fifty days.", "change", "2024", "2025"),
        ("On 20 August 2025 the first boat was sold before it moored.", "win", "August", "June"),
        ("on the twentieth of august the first boat was sold before it moored", "win", "August", "June"),
    ],
)
def test_a_changed_number_or_month_is_found(sardines, told, beat, said, was):
    assert changes(told, sardines, beat_at=told_in(beat, told)) == [(said, was)]


def told_in(beat: str, text: str) -> dict[int, Beat]:
    """As if the whole text told one part."""
    return dict.fromkeys(range(len(text.split())), Beat(beat))


def test_a_change_says_what_to_mend_and_in_which_beat(sardines):
    told = "Before the grounds reopen on 1 July."
    (change,) = details(told, sardines, told_in("need", told)).changed
    assert change == Change("July", "June", Beat.NEED)
    assert change.sentence == "You said July; in the story it is June."


@pytest.mark.parametrize(
    ("told", "changed"),
    [
        ("On Monday 20 June the first boat was sold.", [("Monday", "Friday")]),
        ("On Friday 20 June the first boat was sold, and she slept on Monday.", []),
        ("On the 20th of May the first boat was sold on a Friday.", [("May", "June")]),
        ("You may know that on 20 June the first boat was sold on a Friday.", []),
        ("On Friday 20 June the first boat was sold. I could show you our demo on Monday.", []),
    ],
)
def test_a_month_or_weekday_is_called_changed_in_the_place_of_another(told, changed):
    summer = make_story(
        beats={"change": "Sardines.", "need": "Soon.", "win": "On Friday 20 June the first boat was sold."}
    )
    assert changes(told, summer, beat_at=told_in("win", told)) == changed


@pytest.mark.parametrize("told", ["in May", "by may", "8 May", "the 8th of may", "May 8", "since last May"])
def test_may_is_a_month_where_it_stands_like_one(told):
    assert [word.value for word in calendar_words(told)] == [5]


@pytest.mark.parametrize("told", ["they may", "May I ask", "you may know", "dismay", "Mayor"])
def test_may_is_no_month_elsewhere(told):
    assert calendar_words(told) == []


def test_days_and_months_are_read_in_order_with_their_place():
    read = calendar_words("fridays were bad, and in december Monday was worse")
    assert [(word.kind, word.value, word.said, word.at) for word in read] == [
        (Kind.WEEKDAY, 5, "Fridays", 0),
        (Kind.MONTH, 12, "December", 5),
        (Kind.WEEKDAY, 1, "Monday", 6),
    ]


def test_figures_turned_round_are_found_where_their_beat_is_told():
    told = "The agency got rid of 16 nights."
    assert changes(told, AGENCY) == []
    assert changes(told, AGENCY, beat_at=told_in("pain", told)) == [("16", "61")]


@pytest.mark.parametrize(
    ("told", "theirs"),
    ways(
        ("1,250 people", "over a thousand | more than 1,200 | about 1,300 | nearly 1,300"),
        ("900,000", "almost a million | the best part of a million | getting on for a million"),
        ("41 percent", "nearly half | about two fifths"),
        ("1.3 million", "more than a million"),
        ("45 minutes", "under fifty minutes"),
    ),
)
def test_a_number_said_roughly_holds_within_what_was_said(told, theirs):
    said = number(told)
    assert holds(said, number(theirs), bound_before(told[: said.span[0]]))


@pytest.mark.parametrize(
    ("told", "theirs"),
    ways(
        ("1,250 people", "over two thousand | nearly a thousand | about a thousand | over 500"),
        ("2025", "about 2026"),
        ("14 November", "about the 15th"),
    ),
)
def test_a_rough_number_does_not_hold_beyond_it(told, theirs):
    said = number(told)
    assert not holds(said, number(theirs), bound_before(told[: said.span[0]]))


@pytest.mark.parametrize(
    "told", ["The agency sold about sixty nights.", "The bill was a quarter over the budget.", "61 nights, 24% over."]
)
def test_a_rounded_number_is_not_called_changed(told):
    found = details(told, AGENCY)
    assert found.right
    assert found.changed == ()


@pytest.mark.parametrize("nights", ["2 nights", "5,000 nights", "nights on the 5th"])
def test_a_number_of_another_size_or_kind_is_the_tellers_own(nights):
    assert changes(f"The agency sold {nights}.", AGENCY) == []


@pytest.mark.parametrize("told", ["Seven gulls sat on the quay.", "I drove there for nine hours.", "All 45 clapped."])
def test_a_number_the_teller_adds_is_not_called_changed(sardines, told):
    assert details(told, sardines) == details("", sardines)


def test_a_right_number_is_not_taken_for_another_that_was_left_out():
    two = make_story(beats={"pain": "The agency sold 61 nights, and in winter the agency sold 35 nights."})
    assert changes("The agency sold 61 nights.", two) == []


def test_a_number_is_changed_once_and_not_where_it_is_also_said_right():
    assert changes("The agency sold 61 nights, or the agency sold 91 nights.", AGENCY) == []
    assert changes("The agency sold 16 nights, then the agency sold 91 nights.", AGENCY) == [("16", "61")]


def test_of_two_numbers_that_may_stand_for_one_the_likelier_does():
    told = "The agency sold 51 nights. The agency sold 16 nights."
    assert changes(told, AGENCY, beat_at=told_in("pain", told)) == [("16", "61")]


def test_a_number_that_was_also_said_right_is_nobodys_place():
    told = "The agency sold 61 nights. The agency sold 16 nights."
    assert changes(told, AGENCY, beat_at=told_in("pain", told)) == []


@pytest.mark.parametrize(
    ("told", "found"),
    [("The agency got them 16 bad nights.", True), ("The agency got you 16 bad nights in our demo.", False)],
)
def test_a_number_of_a_pitch_is_rather_not_the_storys(told, found):
    assert bool(changes(told, AGENCY, beat_at=told_in("pain", told))) is found


@pytest.mark.parametrize(
    ("told", "found"), [("12 people, then 57, and 900 metres.", True), ("There were 57 of those.", False)]
)
def test_a_number_between_two_right_ones_stands_for_the_one_between_them(told, found):
    rope = make_story(beats={"pain": "It took 12 people, 47 crates and 900 metres of rope."})
    assert bool(changes(told, rope, beat_at=told_in("pain", told))) is found


def test_a_changed_name_is_found_and_said_once():
    twice = make_story(beats={"who": "The yard calls Kees the mayor. Everybody asks Kees for the keys."})
    told = "The yard calls Klaas the mayor, and everybody asks Klaas for the keys."
    assert changes(told, twice) == [("Klaas", "Kees")]


@pytest.mark.parametrize(
    "told",
    [
        "The whole yard calls Kees the mayor, and he keeps the keys.",
        "The whole yard calls Lurdes the mayor, and he keeps the keys.",
        "The whole yard in Norway calls him the mayor, and he keeps the keys.",
        "The whole yard calls Kees the mayor, and calls Klaas the other mayor.",
        "I saw that Ottavio keeps bees on his roof.",
    ],
)
def test_the_storys_names_and_a_bystander_are_no_changed_names(told):
    assert changes(told, MAYOR) == []


def test_our_own_product_is_not_taken_for_a_changed_name():
    told = "The whole yard calls Kairos the mayor, and he keeps the keys."
    assert changes(told, MAYOR) == [("Kairos", "Kees")]
    assert changes(told, MAYOR, ours=["Kairos Planner"]) == []


def test_our_own_product_does_not_hide_a_changed_name():
    told = "They bought Kairos, the whole yard calls Klaas the mayor, and he keeps the keys."
    assert changes(told, MAYOR, ours=["Kairos"]) == [("Klaas", "Kees")]


@given(ANYTHING, ANYTHING)
def test_no_text_whatever_is_too_much_for_the_details(told, written):
    found = details(told, make_story(beats={"pain": written}), ours=["Nordlys"])
    assert all(change.said and change.was for change in found.changed)
