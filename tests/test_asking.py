"""Where a rep speaks of the story, what is named is a wish; where they speak of the prospect, it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.asking import LABELLED, fit, marked, read
from library.asking import most_likely
from library.cues import Line, Named
from library.facets import StoryFacets
from library.situation import facts_named, understand
from library.wishes import Wish
from tests.helpers import VOCABULARY, make_story


def wishes(text: str) -> set[str]:
    return {facet.key for facet in understand(text, VOCABULARY).facets if facet.strict}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Latin American story wanted, they asked twice", {"only:region:latin-america"}),
        ("She laughs at anything that isn't a bank", {"only:industry:banking"}),
        ("He rolls his eyes at everything which is not a hospital", {"only:industry:hospitals"}),
        ("Their chairman is a patriot, keep it British", {"only:country:GB"}),
        ("a European manufacturer, nothing else", {"only:region:europe", "only:industry:manufacturing"}),
        ("Financial services it has to be", {"only:industry:financial-services"}),
        ("she would like to hear from another head of quality, nobody else", {"only:role:quality-director"}),
        ("whatever you find has to have a CFO in it", {"only:role:cfo"}),
        ("A chief executive has to be in the story", {"only:role:ceo"}),
        ("Spare him the councils, he worked for one", {"not:industry:public-sector"}),
        ("It has to be a real insurer, that is what he asked", {"only:industry:insurance"}),
        ("From Germany but not a bank, thanks", {"only:country:DE", "not:industry:banking"}),
        ("Nordics would be best, but at the very least it has to be European", {"only:region:europe"}),
        ("need it from a place with 200 people or fewer", {"only:size:0-200"}),
        ("5000 plus staff or they switch off", {"only:size:5000-"}),
        ("Somebody their size, three to seven hundred folks, otherwise she tunes out", {"only:size:300-700"}),
        ("my boss only believes firms under 200 people", {"only:size:0-199"}),
    ],
)
def test_what_is_said_of_the_story_must_hold(said, expected):
    assert wishes(f"Their planner retires in spring. {said}.") == expected


@pytest.mark.parametrize(
    "said",
    [
        "The bank behind their guarantees wants to see the state of each project, otherwise they cannot tender",
        "Credit union in Michigan, the man who built it wants to go fishing, nobody else can start it again",
        "Nurses leave the hospital within a year",
        "Outside accountants sat there until summer",
        "The clinic has to show what a case costs or its backers stop paying",
        "A retailer says they must prove which cans came off which truck",
        "Customers don't trust the insurer any more",
        "It would be nice to hear from a hospital",
        "A discounter opened next door to the grocer and fruit gets binned",
    ],
)
def test_what_is_said_of_the_prospect_is_no_wish(said):
    assert wishes(said) == set()


def test_the_words_of_a_wish_are_not_searched_for():
    assert "story" not in understand("Nurses quit. A German story please, nothing else.", VOCABULARY).text.lower()


@pytest.mark.parametrize(
    ("said", "holding", "not_holding"), [("Nordic stories only", "DK", "DE"), ("EU stories only", "IE", "GB")]
)
def test_a_group_of_countries_covers_its_members(said, holding, not_holding):
    (facet,) = understand(said, VOCABULARY).strict
    covered = VOCABULARY.covers("region", facet.value)
    assert holding in covered
    assert not_holding not in covered


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Claims pile up. An insurer please, brokers don't count",
            {"only:industry:insurance", "not:industry:insurance-brokers"},
        ),
        ("Toys come back. Must be in the EU, so no Norwegians", {"only:region:european-union", "not:country:NO"}),
        ("The ministry's program is old. An African case, others they politely ignore", {"only:region:africa"}),
    ],
)
def test_a_part_can_be_refused_of_what_is_wished(said, expected):
    assert wishes(said) >= expected


def test_what_is_narrower_than_a_storys_facts_is_read_where_it_says_who_they_are():
    said = {"who": "A broker in Leeds, 300 people.", "change": "Their insurers merged."}
    broker = StoryFacets(make_story(industry="insurance", alias="a 300-person broker", beats=said), VOCABULARY)
    insurer = StoryFacets(
        make_story(
            industry="insurance", alias="an insurer", beats={"who": "An insurer.", "change": "Brokers left them."}
        ),
        VOCABULARY,
    )
    only = understand("only brokers", VOCABULARY).strict
    unwanted = understand("no brokers", VOCABULARY).strict
    assert [all(story.holds(facet) for facet in only) for story in (broker, insurer)] == [True, False]
    assert [all(story.holds(facet) for facet in unwanted) for story in (broker, insurer)] == [False, True]


# --- what was learned -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def labelled():
    return marked(LABELLED, VOCABULARY)


def found_and_right(rows, said):
    """The share found of what is wished or refused, the share right of what is read so, and of lines without a wish."""
    pairs = [pair for row, wishes in zip(rows, said, strict=True) for pair in zip(row.labels, wishes, strict=True)]
    strict = [(label, wish) for label, wish in pairs if label is not Wish.LEAN]
    read_so = [(label, wish) for label, wish in pairs if wish is not Wish.LEAN]
    plain = [row.labels == wishes for row, wishes in zip(rows, said, strict=True) if not row.strict]
    return (*(sum(a is b for a, b in part) / len(part) for part in (strict, read_so)), sum(plain) / len(plain))


def test_lines_of_writers_never_learned_from_are_mostly_read_as_meant(labelled):
    rows = [row for row in labelled if row.half == "report"]
    found, right, plain = found_and_right(rows, read(rows))
    assert (found > 0.5, right > 0.6, plain > 0.75) == (True, True, True), (found, right, plain)


def test_a_writer_is_read_by_what_others_wrote(labelled):
    """Fitted anew on a few writers: it is the signs that tell, not lines learned by heart."""
    taught = fit([row for row in labelled if row.writer in {"w01", "w03", "w05", "w15"}])
    rows = [row for row in labelled if row.writer == "w16"]
    found, right, plain = found_and_right(rows, read(rows, taught))
    assert (found > 0.35, right > 0.55, plain > 0.7) == (True, True, True), (found, right, plain)


def test_every_mark_stands_in_its_line_and_halves_have_writers_of_their_own(labelled):
    writers = {half: {row.writer for row in labelled if row.half == half} for half in ("choose", "report")}
    assert not writers["choose"] & writers["report"]
    assert len({row.text for row in labelled}) == len(labelled) > 1500
    assert all(row.text[mark.start : mark.end].strip() for row in labelled for mark, _ in row.marks)


def test_signs_nobody_learned_say_nothing():
    assert most_likely({"unheard of": 1.0}, {"": (-3.0, -3.0)}) is Wish.LEAN
    assert most_likely({"a": 1.0}, {"": (-3.0, -3.0), "a": (5.0, 0.0)}) is Wish.ONLY
    assert most_likely({"a": 1.0}, {"": (-3.0, -3.0), "a": (0.0, 5.0)}) is Wish.NOT


@given(st.text(max_size=120), st.lists(st.integers(0, 120), max_size=8))
def test_signs_are_found_round_any_stretches_of_any_text(text, places):
    ends = sorted({place for place in places if place <= len(text)})
    named = [Named("industry", a, b) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    line = Line(text, named)
    assert line.words.count("<industry>") >= len(named)
    for which, fact in enumerate(named):
        assert line.signs(which, "only")
        start, end = line.clause(which)
        assert start <= fact.start <= fact.end <= end


def test_a_fact_is_one_word_of_its_line():
    text = "No insurers please, she said: a bank in Germany."
    named = [place for place, _ in facts_named(text, VOCABULARY.mentions(text))]
    line = Line(text, named)
    assert line.words == [
        "no",
        "<industry>",
        "please",
        ",",
        "she",
        "said",
        ":",
        "a",
        "<industry>",
        "in",
        "<place>",
        ".",
    ]
    assert text[slice(*line.clause(0))] == "No insurers please"
    assert "l1=no" in line.signs(0, "")
    assert "P:please" in line.signs(1, "not")


def test_what_is_named_next_hears_how_the_one_before_was_meant():
    line = Line("banks or insurers", [Named("industry", 0, 5), Named("industry", 9, 17)])
    assert {"after only", "after only, or"} <= {*line.signs(1, "only")}
    assert not [sign for sign in line.signs(0, "only") if sign.startswith("after")]


def test_a_clause_of_commands_alone_follows_their_grammar():
    for said in ("only banks in Latin America", "must be a bank in Latin America", "Latin American banks only, please"):
        assert wishes(f"Nurses leave the wards and nobody knows why, {said}") == {
            "only:industry:banking",
            "only:region:latin-america",
        }, said
    assert wishes("They have three sites and no HR, no IT, one dispatcher doing it all") == set()
