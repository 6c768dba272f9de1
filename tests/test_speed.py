"""What the benchmark measures on is a shelf like any other."""

import tomllib

import pytest
from streamlit.config import get_config_options

from benchmarks.speed.asking import together
from benchmarks.speed.sessions import drawn
from benchmarks.speed.shelves import ComposingEncoder, shelf_stories, write_folder
from benchmarks.speed.starting import ROOT
from library.encoder import PACKAGED
from library.masking import without_names
from library.shelf import Shelf
from tests.helpers import TODAY
from tests.test_search import FOUR, search_over


def test_recombined_stories_are_whole_and_name_nobody_but_their_own_customer(shipped, tmp_path):
    stories = shelf_stories(list(shipped), len(shipped) + 20)
    made = stories[len(shipped) :]
    assert len({story.id for story in stories}) == len(shipped) + 20
    assert all(not story.missing_beats for story in made)
    assert [without_names(story).telling for story in made] == [story.telling for story in made]
    write_folder(tmp_path / "stories", made)
    assert list(Shelf.read(tmp_path / "stories")) == made


def test_the_same_seed_makes_the_same_shelf(shipped):
    assert shelf_stories(list(shipped), 80) == shelf_stories(list(shipped), 80)


@pytest.mark.model
def test_a_composed_vector_is_near_the_embedded_one_and_a_question_is_embedded(shipped):
    encoder = ComposingEncoder(PACKAGED)
    encoder.learn(list(shipped), shipped.vocabulary)
    made = shelf_stories(list(shipped), len(shipped) + 3)[len(shipped) :]
    shelf = Shelf({story.id: story for story in made}, vocabulary=shipped.vocabulary)
    parts = [part for passage in shelf.passages if passage.beat for part in passage.parts]
    composed = encoder.encode(parts)
    embedded = super(ComposingEncoder, encoder).encode(parts)
    assert (composed * embedded).sum(axis=1).mean() > 0.75
    assert encoder.composed("Nurses keep leaving, what do I tell them?") is None


def test_everybody_gets_an_answer():
    taken = together(
        search_over(FOUR), ["nurses leave", "truck drivers quit"], TODAY, people=4, every=0.05, seconds=0.2
    )
    assert len(taken) >= 4


@pytest.mark.model
def test_everybody_with_a_page_open_gets_the_answer_drawn(shipped, tmp_path):
    write_folder(tmp_path / "stories", list(shipped)[:4])
    (tmp_path / "data").mkdir()
    texts = ["nurses leave and temps cost a fortune", "the ledger closes three weeks late"]
    (taken,) = drawn(tmp_path / "stories", tmp_path / "data", texts, [2], every=2.0, seconds=4.0)
    assert len(taken) >= 4
    assert min(taken) > 0


def test_nothing_is_collected_after_every_run():
    """A full collection is a fifth of a second with a model in memory, and each open page runs every three seconds."""
    set_here = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert set_here["runner"]["postScriptGC"] is False
    assert get_config_options(force_reparse=False)["runner.postScriptGC"].default_val is True, "it can go"
