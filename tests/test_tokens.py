from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import calibration
from library.calibration import projection_file, projection_of
from library.encoder import SentenceEncoder
from library.index import ExactIndex
from library.search import Search, Weights
from library.second_look import _expected
from library.shelf import Shelf
from library.situation import Situation
from library.store import Kind, VectorStore
from library.tokens import DIMENSIONS, SHIPPED, Gist, Projection, learn_from, met
from library.vectors import VectorCache
from tests.helpers import TODAY, TOPICS, VOCABULARY, FakeEncoder, make_story
from tests.tiny_model import tiny_model

WORDS = sorted({word for topic in TOPICS.values() for word in topic.split()})


def directions(*rows):
    return np.array(rows, dtype=np.float32).reshape(-1, 3)


PLAIN = Projection("plain", np.zeros(3, dtype=np.float32), np.eye(3, dtype=np.float32))


def gist(*parts):
    return Gist.of([f"part {n}" for n in range(len(parts))], [PLAIN.of(directions(*part)) for part in parts])


RED, GREEN, BLUE = (1, 0, 0), (0, 1, 0), (0, 0, 1)


# --- how two texts meet ----------------------------------------------------------------------------------------------


def test_words_that_meet_count_both_ways():
    asked = PLAIN.of(directions(RED, GREEN))
    both, half, none = met(asked, [gist([BLUE], [RED, GREEN]), gist([BLUE], [RED, BLUE]), gist([BLUE], [BLUE, BLUE])])
    assert both == pytest.approx(2, abs=0.02)
    assert half == pytest.approx(0.5 + 0.5, abs=0.02)
    assert none == pytest.approx(0, abs=0.02)


def test_the_title_is_met_by_the_question_and_need_not_meet_it():
    asked = PLAIN.of(directions(RED))
    in_title = met(asked, [gist([RED], [BLUE])])[0]
    assert in_title == pytest.approx(1, abs=0.02), "the word is met; no tag meets the question"
    assert met(asked, [gist([RED, BLUE, GREEN], [BLUE])])[0] == pytest.approx(in_title, abs=0.02)


def test_only_the_three_tags_met_best_count():
    asked = PLAIN.of(directions(RED))
    three = gist([BLUE], [RED], [RED], [RED])
    ten = gist([BLUE], [RED], [RED], [RED], *[[GREEN]] * 7)
    assert met(asked, [three, ten]) == pytest.approx([2, 2], abs=0.02)


def test_a_story_without_a_gist_has_no_score_and_an_empty_question_gives_none():
    asked = PLAIN.of(directions(RED))
    assert np.isnan(met(asked, [None, gist([RED], [RED])])).tolist() == [True, False]
    assert np.isnan(met(asked, [])).tolist() == []
    assert np.isnan(met(PLAIN.of(np.zeros((0, 3), dtype=np.float32)), [gist([RED], [RED])])).all()
    assert np.isnan(met(asked, [gist([], [])])).all()
    assert met(asked, [gist([RED], [])])[0] == pytest.approx(1, abs=0.02)


@given(st.lists(st.lists(st.sampled_from([RED, GREEN, BLUE]), max_size=4), min_size=1, max_size=5), st.data())
def test_together_and_alone_a_story_scores_the_same(parts, data):
    asked = PLAIN.of(directions(*data.draw(st.lists(st.sampled_from([RED, GREEN, BLUE]), min_size=1, max_size=3))))
    parts = [np.array(part, dtype=np.float32).reshape(-1, 3) for part in parts]
    one = Gist.of(["x"] * len(parts), [PLAIN.of(part) for part in parts])
    other = gist([GREEN], [BLUE])
    alone = met(asked, [one])[0]
    for company in ([one, other], [other, one], [other, None, one, other]):
        together = met(asked, company)[[entry is one for entry in company].index(True)]
        assert together == pytest.approx(alone, abs=1e-5, nan_ok=True)


# --- the projection --------------------------------------------------------------------------------------------------


def test_a_projection_takes_away_what_all_tokens_share():
    rng = np.random.default_rng(3)
    shared = np.zeros(20, dtype=np.float32)
    shared[0] = 5
    rows = rng.normal(size=(400, 20)).astype(np.float32) + shared
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = Projection.learn("some", rows)
    before = float((rows[:200] @ rows[200:].T).mean())
    short = made.of(rows).astype(np.float32) / 127
    assert before > 0.4
    assert abs(float((short[:200] @ short[200:].T).mean())) < 0.05
    np.testing.assert_allclose(np.linalg.norm(short, axis=1), 1, atol=0.03)


def test_a_projection_comes_back_from_its_file(tmp_path):
    rows = np.random.default_rng(5).normal(size=(300, 200)).astype(np.float32)
    made = Projection.learn("some", rows)
    made.write(tmp_path / "p.npz")
    back = Projection.read(tmp_path / "p.npz")
    assert (back.model, back.dimensions) == ("some", DIMENSIONS)
    assert np.abs(made.of(rows).astype(int) - back.of(rows).astype(int)).max() <= 1
    assert Projection.learn("some", rows[:150]).mark != made.mark


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not a zip"),
        lambda path: np.savez(path, model="some"),
        lambda path: np.savez(path, model="some", mean=np.zeros(3), basis=np.zeros((2, 2))),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(SHIPPED.read_bytes()[:5000]),
    ],
)
def test_a_damaged_projection_is_worth_no_more_than_none(tmp_path, caplog, damage):
    path = projection_file(tmp_path, "some")
    path.parent.mkdir(parents=True)
    damage(path)
    assert projection_of(tmp_path, "some") is None
    assert "run python -m library calibrate" in caplog.text


def test_a_projection_of_another_model_is_not_used(tmp_path):
    path = projection_file(tmp_path, "ours")
    path.parent.mkdir(parents=True)
    Projection.learn("theirs", np.random.default_rng(1).normal(size=(50, 8)).astype(np.float32)).write(path)
    assert projection_of(tmp_path, "ours") is None
    assert projection_of(tmp_path / "nowhere", "ours") is None


def test_the_packaged_model_has_the_one_that_ships(tmp_path):
    shipped = projection_of(tmp_path, SentenceEncoder().name)
    assert shipped is not None
    assert shipped.basis.shape == (384, DIMENSIONS)
    assert SHIPPED.stat().st_size < 150_000


# --- kept ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def projection():
    return learn_from(FakeEncoder(), WORDS)


def shelf_of(*stories):
    return Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)


def tagged(story_id, title, *tags):
    return make_story(story_id, title=title, tags=tags)


HARBOUR = tagged("harbour", "The harbour closed", "quota", "empty nets", "idle line")
WARDS = tagged("wards", "Nurses leave", "agency shifts", "night rota", "empty beds")


def test_tokens_are_made_once_and_read_again(tmp_path, projection):
    shelf, path = shelf_of(HARBOUR, WARDS), tmp_path / "vectors.db"
    first = FakeEncoder()
    made = VectorCache(path, first, projection).passages(shelf.passages)
    assert set(made.gists) == {"harbour", "wards"}
    assert made.gists["harbour"].parts == ("The harbour closed", "quota", "empty nets", "idle line")
    assert len(first.texts) == len(set(first.texts)), "the vector of a tag comes with its tokens"
    again = FakeEncoder()
    read = VectorCache(path, again, projection).passages(shelf.passages)
    assert again.texts == []
    np.testing.assert_array_equal(read.gists["wards"].tokens, made.gists["wards"].tokens)
    np.testing.assert_array_equal(read.matrix, made.matrix)


def test_a_file_from_before_there_were_tokens_gets_them(tmp_path, projection):
    shelf, path = shelf_of(HARBOUR), tmp_path / "vectors.db"
    before = VectorCache(path, FakeEncoder()).passages(shelf.passages)
    assert before.gists == {}
    encoder = FakeEncoder()
    after = VectorCache(path, encoder, projection).passages(shelf.passages)
    assert set(encoder.texts) == set(HARBOUR.tags) | {HARBOUR.title}
    np.testing.assert_array_equal(after.matrix, before.matrix)


def test_another_projection_makes_other_tokens(tmp_path, projection):
    shelf, path = shelf_of(HARBOUR), tmp_path / "vectors.db"
    VectorCache(path, FakeEncoder(), projection).passages(shelf.passages)
    other = replace(projection, mean=projection.mean + 0.1)
    encoder = FakeEncoder()
    VectorCache(path, encoder, other).passages(shelf.passages)
    assert set(encoder.texts) == set(HARBOUR.tags) | {HARBOUR.title}


def test_after_an_edit_only_its_tags_are_read_again(projection):
    encoder = FakeEncoder()
    cache = VectorCache(None, encoder, projection)
    before = cache.passages(shelf_of(HARBOUR, WARDS).passages)
    encoder.texts.clear()
    edited = replace(HARBOUR, tags=(*HARBOUR.tags, "cold store"))
    after = cache.passages(shelf_of(edited, WARDS).passages, before=before)
    assert after.gists["wards"] is before.gists["wards"]
    assert set(encoder.texts) >= {"cold store"}
    assert not set(encoder.texts) & set(WARDS.tags)


def test_progress_goes_on_from_tags_to_beats(projection):
    told = []
    shelf = shelf_of(HARBOUR, WARDS)
    VectorCache(None, FakeEncoder(), projection).passages(shelf.passages, lambda *n: told.append(n))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert len(told) == 2


def test_without_tags_there_are_no_tokens(projection):
    bare = replace(HARBOUR, tags=())
    assert VectorCache(None, FakeEncoder(), projection).passages(shelf_of(bare).passages).gists == {}


def test_a_store_without_a_path_keeps_nothing():
    store = VectorStore(None)
    store.keep(Kind.TOKENS, {"a": b"1"})
    assert store.kept(Kind.TOKENS, ["a"]) == {}


def test_vectors_and_tokens_of_one_key_are_kept_apart(tmp_path):
    store = VectorStore(tmp_path / "v.db")
    store.keep(Kind.TOKENS, {"a": b"tokens"})
    store.keep(Kind.VECTORS, {"a": b"vectors"})
    assert (store.kept(Kind.TOKENS, ["a", "b"]), store.kept(Kind.VECTORS, ["a"])) == (
        {"a": b"tokens"},
        {"a": b"vectors"},
    )


# --- in the search ---------------------------------------------------------------------------------------------------


def search_over(stories, projection, **weights):
    shelf = shelf_of(*stories)
    cache = VectorCache(None, FakeEncoder(), projection)
    vectors = cache.passages(shelf.passages)
    index = ExactIndex()
    index.sync(vectors)
    return Search(shelf, cache, vectors, index, Weights(**weights))


def test_the_second_look_decides_between_stories_whose_means_are_alike(projection):
    words = [topic.split() for topic in list(TOPICS.values())[:4]]
    one = tagged("one", "It changed", *(f"{a[0]} {a[1]}" for a in words))
    two = tagged("two", "It changed", *(f"{a[0]} {b[1]}" for a, b in zip(words, words[1:] + words[:1], strict=True)))
    asked = Situation(f"{words[0][0]} {words[0][1]}")
    look = search_over([one, two], projection)
    plain = search_over([one, two], projection, tokens=0)
    gap = {s: score for s, score, _ in look.find(asked, TODAY).ranked}
    without = {s: score for s, score, _ in plain.find(asked, TODAY).ranked}
    assert gap["one"] - gap["two"] > without["one"] - without["two"]


def test_without_a_projection_the_search_answers_as_it_did():
    asked = Situation("nurses leave the ward")
    found = search_over([HARBOUR, WARDS], None).find(asked, TODAY)
    assert found.stories[0] == "wards"


def test_a_story_without_tags_gains_what_its_score_lets_expect():
    scores = np.array([0.9, 0.7, 0.5, 0.3, 0.7], dtype=np.float32)
    gains = np.array([0.4, 0.2, 0.0, -0.2, 0.0], dtype=np.float32)
    known = np.array([True, True, True, True, False])
    made = _expected(gains, scores, known)
    np.testing.assert_allclose(made[:4], gains[:4])
    assert gains[2] < made[4] < gains[0]
    best = _expected(gains, np.array([0.9, 0.7, 0.5, 0.3, 1.0], dtype=np.float32), known)
    assert best[4] > gains[0], "the best by its telling stays the best"
    np.testing.assert_allclose(_expected(gains, scores, np.zeros(5, dtype=bool)), gains, err_msg="no tags on the shelf")
    flat = _expected(gains[::-1].copy(), scores, known[::-1])
    assert np.isfinite(flat).all()


def test_a_good_story_without_tags_is_found_among_stories_with_tags(projection):
    first, second = (words.split() for words in list(TOPICS.values())[:2])
    others = [
        tagged(f"other-{n}", f"{first[0]} {second[n % 3]}", first[1], second[0], f"{first[2]} {second[1]}")
        for n in range(8)
    ]
    told = " ".join(first[:5])
    bare = make_story("bare", title=told, tags=(), beats={"change": f"{told}.", "pain": f"{told}."})
    found = search_over([*others, bare], projection).find(Situation(told), TODAY)
    assert found.stories[0] == "bare", "eight that support each other do not bury it"


# --- the real model --------------------------------------------------------------------------------------------------


@pytest.mark.model
def test_the_models_tokens_come_with_the_same_vectors():
    encoder = SentenceEncoder(threads=1)
    texts = ["Nurses keep leaving.", "", "steel", "é 猫 " * 400, *(f"shift {n} of the week" * n for n in range(40))]
    vectors, tokens = encoder.encode_with_tokens(texts)
    np.testing.assert_allclose(vectors, encoder.encode(texts), atol=1e-5)
    assert [len(rows) for rows in tokens[:3]] == [4, 0, 1], "nurses keep leaving and a stop; the marks are not words"
    assert all(rows.shape[1] == 384 for rows in tokens)
    asked, _ = encoder.encode_queries_with_tokens(texts[:1])
    np.testing.assert_allclose(asked, encoder.encode_queries(texts[:1]), atol=1e-5)
    assert encoder.encode_with_tokens([])[1] == []


@pytest.mark.model
def test_other_words_for_the_same_meet_and_other_things_do_not():
    encoder = SentenceEncoder(threads=1)
    projection = Projection.read(SHIPPED)
    cache = VectorCache(None, encoder, projection)
    gists = cache.passages(shelf_of(HARBOUR, WARDS).passages).gists
    asked = cache.asked("care staff quit and temps fill the roster").tokens
    assert asked is not None
    wards, harbour = met(asked, [gists["wards"], gists["harbour"]])
    assert wards > harbour + 0.1


@pytest.mark.model
def test_another_model_learns_its_own(tmp_path):
    encoder = SentenceEncoder(str(tiny_model(tmp_path / "tiny")))
    made = learn_from(encoder, ["nurses leave the wards", "boats and tins", "who is where ?"])
    assert made.model == encoder.name
    assert made.basis.shape == (8, 8)
    made.write(tmp_path / "p.npz")
    assert calibration.Projection.read(tmp_path / "p.npz").model == encoder.name
