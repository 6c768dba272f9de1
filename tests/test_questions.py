"""How the packaged model learned to read what reps say: what it changes, what it leaves alone, and how it is taught."""

import json
from collections import Counter

import numpy as np
import pytest
import torch

from benchmarks import questions as teaching
from benchmarks.questions import INVENTED, NO_STORY, SETS, Side, invented, read, teach
from library import thin
from library.encoder import QUESTIONS, SentenceEncoder
from library.evaluation import read_labelled
from library.likeness import Likeness
from library.search import Weights
from library.shelf import Shelf
from library.vectors import VectorCache
from tests.helpers import VOCABULARY

SAID = ["temps cost them a fortune since the nurses left", "so wollen they a new ERP"]


@pytest.fixture(scope="module")
def encoder():
    return SentenceEncoder()


@pytest.fixture(scope="module")
def published():
    return SentenceEncoder(questions=None)


# --- what was learned -------------------------------------------------------------------------------------------------


@pytest.mark.model
def test_only_questions_are_read_otherwise(encoder, published):
    before = encoder.encode(SAID)
    asked, tokens = encoder.encode_queries_with_tokens(SAID)
    assert np.abs(asked - published.encode_queries(SAID)).max() > 0.01
    np.testing.assert_allclose(np.linalg.norm(asked, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_queries(SAID), asked, atol=1e-5)
    assert tokens[0].shape[1] == 384
    np.testing.assert_array_equal(encoder.encode(SAID), before)
    np.testing.assert_allclose(before, published.encode(SAID), atol=1e-6)


@pytest.mark.model
def test_without_it_a_question_is_read_as_a_passage(published):
    np.testing.assert_allclose(published.encode_queries(SAID), published.encode(SAID), atol=1e-6)


@pytest.mark.model
def test_a_model_with_prompts_of_its_own_has_not_learned_it():
    prompted = SentenceEncoder(query_prompt="ask: ")
    np.testing.assert_allclose(
        prompted.encode_queries(SAID), SentenceEncoder().encode([f"ask: {said}" for said in SAID]), atol=1e-6
    )


@pytest.mark.model
def test_the_embeddings_are_shared_and_not_kept_twice(encoder):
    encoder.load()
    plain, asked = (model[0].model for model in (encoder._model, encoder._asked))
    assert asked.embeddings.word_embeddings.weight is plain.embeddings.word_embeddings.weight
    assert asked.encoder.layer[0].output.dense.weight is not plain.encoder.layer[0].output.dense.weight


def test_what_ships_is_thin():
    changes = thin.read(QUESTIONS)
    assert {name.rpartition("|")[2] for name in changes} == {"up", "down", ""}
    assert max(change.shape[1] for name, change in changes.items() if name.endswith("|up")) == teaching.RANK
    assert not any(name.startswith("embeddings") for name in changes)
    assert QUESTIONS.stat().st_size < 6_000_000


# --- what it is taught on ---------------------------------------------------------------------------------------------


def test_the_invented_asks_are_whole_and_none_is_a_labelled_one():
    rows = [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]
    told = [row for row in rows if "title" in row]
    assert len({row["title"] for row in told}) == len(told) >= 700
    assert all(len(row["asks"]) == 4 and len(row["tags"]) >= 6 and row["change"] and row["pain"] for row in told)
    assert Counter(row["kind"] for row in rows if "none" in row).keys() == {"near-miss", "off-topic"}
    said = {" ".join(text.lower().split()) for row in rows for text in row.get("asks", [row.get("none")])}
    labelled = {" ".join(row.situation.lower().split()) for path in SETS.values() for row in read_labelled(path)}
    assert not said & labelled


def test_each_ask_goes_with_its_story_and_wishes_leave_the_words():
    stories, asks = invented()
    assert Counter(story for _, story in asks if story != NO_STORY) == dict.fromkeys(range(len(stories)), 4)
    assert all(said for said, _ in asks)
    assert stories[0].beats and stories[0].tags and not stories[0].customer


@pytest.mark.model
def test_it_learns_by_the_likeness_that_the_search_ranks_by(published):
    stories = invented()[0][:6]
    cache = VectorCache(None, published)
    shelf = Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)
    weights, asked = Weights(), published.encode_queries(SAID)
    likeness = Likeness(
        tuple(shelf.stories), cache.passages(shelf.passages), weights.whole, weights.beats, weights.gist
    )
    wanted = [likeness.scores(vector, np.arange(len(stories))) for vector in asked]
    np.testing.assert_allclose(Side.of(stories, cache).scores(torch.from_numpy(asked)).numpy(), wanted, atol=1e-5)


@pytest.mark.model
def test_it_reads_as_sentence_transformers_does(published):
    with torch.inference_mode():
        np.testing.assert_allclose(read(*published.network, SAID).numpy(), published.encode(SAID), atol=1e-5)


@pytest.mark.model
def test_it_learns_what_it_is_taught(published, monkeypatch):
    monkeypatch.setattr(teaching, "EPOCHS", 12)
    monkeypatch.setattr(teaching, "RATE", 5e-4)
    stories, all_asks = invented()
    # Turned round on purpose: what it knew before is of no use.
    asks = [(said, 3 - story) for said, story in all_asks if 0 <= story < 4]
    nothing = [(said, NO_STORY) for said, story in all_asks if story == NO_STORY][:4]
    side = Side.of(stories[:4], VectorCache(None, published))
    before = published.encode(["ward"])
    taught = teach(published, side, [*asks, *nothing])
    with torch.inference_mode():
        scores = side.scores(read(taught, published.network[1], [said for said, _ in [*asks, *nothing]]))
    assert (scores[: len(asks)].argmax(dim=1) == torch.tensor([story for _, story in asks])).all()
    assert float(scores[len(asks) :].max()) < float(scores[: len(asks)].max(dim=1).values.min())
    np.testing.assert_array_equal(published.encode(["ward"]), before)
