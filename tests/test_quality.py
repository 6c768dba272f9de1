"""How good the answers are, on situations that were never used to choose or calibrate anything; docs/search.md."""

from pathlib import Path

import pytest

from library.evaluation import Measures, measures_of, read_labelled
from library.match import Verdict
from library.situation import understand
from tests.helpers import TODAY

LABELLED = Path(__file__).with_name("situations.jsonl")
SECOND = Path(__file__).with_name("situations_second.jsonl")

pytestmark = pytest.mark.model


def measures(library, labelled: Path) -> Measures:
    search, vocabulary = library.state.search, library.state.shelf.vocabulary

    def delivered(said: str) -> tuple[str, ...]:
        found = search.find(understand(said, vocabulary), TODAY)
        return () if found.verdict is Verdict.NOTHING else found.stories

    reporting = [row for row in read_labelled(labelled) if row.half == "report"]
    assert len(reporting) >= 60
    return measures_of([(row, delivered(row.situation)) for row in reporting])


@pytest.fixture(scope="module")
def measured(real_library) -> Measures:
    return measures(real_library, LABELLED)


def test_the_order_is_right(measured):
    assert measured.ndcg_at_10 >= 0.85


def test_the_best_story_is_among_the_three_shown(measured):
    assert measured.best_in_3 >= 0.93


def test_what_can_be_answered_seldom_gets_nothing(measured):
    assert measured.wrong_nothing <= 0.05


def test_what_cannot_be_answered_mostly_gets_nothing(measured):
    assert measured.right_nothing >= 0.90


def test_the_same_holds_for_the_words_of_other_people(real_library):
    of_others = measures(real_library, SECOND)
    assert of_others.ndcg_at_10 >= 0.78
    assert of_others.wrong_nothing <= 0.05
    assert of_others.right_nothing >= 0.88


def test_no_situation_is_used_both_to_choose_and_to_report():
    rows = read_labelled(LABELLED)
    assert len(rows) >= 120
    assert {row.half for row in rows} == {"choose", "report"}
    assert len({row.id for row in rows}) == len({row.situation for row in rows}) == len(rows)
