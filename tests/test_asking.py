"""Where a rep speaks of the story, what is named is a wish; where they speak of the prospect, it is not."""

import pytest

from library.situation import understand
from tests.helpers import VOCABULARY


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
