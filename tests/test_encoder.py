import hashlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from library import encoder as room
from library.encoder import PACKAGED, PACKAGED_DIGEST, EncoderError, SentenceEncoder, packaged_model
from library.prompts import Prompts, prompts_for
from library.settings import Settings
from library.vectors import VectorCache
from tests.helpers import FakeEncoder
from tests.tiny_model import tiny_model


class PackagedFile:
    """A file as importlib.metadata lists it."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    def locate(self) -> Path:
        return self._path


def test_the_packaged_weights_are_the_published_ones():
    weights = packaged_model() / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == PACKAGED_DIGEST


def test_tampered_weights_are_refused_by_digest(tmp_path, monkeypatch):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"almost the published weights")
    monkeypatch.setattr(room.importlib.metadata, "files", lambda _: [PackagedFile(weights)])
    with pytest.raises(EncoderError, match=r"SHA-256 .*it is not used.*LIBRARY_MODEL"):
        packaged_model()
    with pytest.raises(EncoderError, match="not used"):
        SentenceEncoder().encode(["nurses leave"])


def test_a_package_without_weights_or_not_installed_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(room.importlib.metadata, "files", lambda _: [])
    with pytest.raises(EncoderError, match=r"holds no model\.safetensors"):
        packaged_model()
    monkeypatch.setattr(room, "PACKAGED", "no-such-package-at-all")
    monkeypatch.undo()
    monkeypatch.setattr(room, "PACKAGED", "no-such-package-at-all")
    with pytest.raises(EncoderError, match="no-such-package-at-all is not installed"):
        packaged_model()


def test_a_model_is_named_by_its_weights(tmp_path, monkeypatch):
    assert SentenceEncoder().name == f"all-MiniLM-L6-v2-{PACKAGED_DIGEST[:8]}"
    hub = SentenceEncoder("some/hub-name")
    hub.__dict__["_model"] = SimpleNamespace(prompts={"query": "", "document": ""})  # as if it were loaded
    assert hub.name == "some--hub-name"
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"one")
    before = SentenceEncoder(str(folder)).name
    assert before == f"ours-{hashlib.sha256(b'one').hexdigest()[:8]}"
    (folder / "model.safetensors").write_bytes(b"two")
    assert SentenceEncoder(str(folder)).name != before, "other weights, other vectors"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert SentenceEncoder("~/ours").name == SentenceEncoder(str(folder)).name


def test_a_folder_without_a_model_and_one_that_is_not_there_are_said(tmp_path):
    with pytest.raises(EncoderError, match="holds no sentence-transformers model"):
        _ = SentenceEncoder(str(tmp_path)).name
    with pytest.raises(EncoderError, match=r"There is no folder .*nowhere; set LIBRARY_MODEL"):
        SentenceEncoder(str(tmp_path / "nowhere")).load()
    with pytest.raises(EncoderError, match="There is no folder ~/nowhere-at-all"):
        SentenceEncoder("~/nowhere-at-all").load()


@pytest.mark.model
def test_a_folder_of_garbage_is_refused_with_what_to_set(tmp_path):
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(EncoderError, match=f"could not be loaded .*Set LIBRARY_MODEL to {PACKAGED}"):
        SentenceEncoder(str(tmp_path)).encode(["nurses leave"])


@pytest.mark.model
def test_real_vectors_have_length_one_and_come_out_the_same_again():
    encoder = SentenceEncoder(threads=1)
    texts = ["Nurses keep leaving.", "Ward staff quit.", "The steel price doubled.", "", "é 猫 " * 400]
    vectors = encoder.encode(texts)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(texts), vectors, atol=1e-6)
    nurses, wards, steel = vectors[:3]
    assert nurses @ wards > nurses @ steel + 0.2


# --- prompts --------------------------------------------------------------------------------------------------------

E5 = Prompts("query: ", "passage: ")
BGE = Prompts("Represent this sentence for searching relevant passages: ", "")


@pytest.mark.parametrize(
    ("model", "wanted"),
    [
        ("intfloat/e5-small-v2", E5),
        ("multilingual-e5-base", E5),
        ("E5-large", E5),
        ("BAAI/bge-small-en-v1.5", BGE),
        ("bge-large-en", BGE),
        ("all-mpnet-base-v2", Prompts()),
        ("intfloat/multilingual-e5-large-instruct", Prompts()),
        ("BAAI/bge-small-zh-v1.5", Prompts()),
        ("BAAI/bge-m3", Prompts()),
        ("base5-small", Prompts()),
    ],
)
def test_a_family_is_known_by_its_name(model, wanted):
    assert prompts_for(model, {}) == wanted


def test_what_a_model_names_goes_before_its_family_and_what_is_set_before_both():
    named = {"query": "ask: ", "passage": "story: ", "clustering": "group: "}
    assert prompts_for("e5-small-v2", named) == Prompts("ask: ", "story: ")
    assert prompts_for("e5-small-v2", {"query": "ask: ", "document": ""}) == Prompts("ask: ", "")
    assert prompts_for("e5-small-v2", {"query": "", "document": ""}) == E5, "empty ones are those it was saved without"
    assert prompts_for("e5-small-v2", named, query="where is ") == Prompts("where is ", "story: ")
    assert prompts_for("e5-small-v2", {}, query="", passage="") == Prompts(), "an empty text set is a choice"


def test_prompts_are_settings(monkeypatch):
    monkeypatch.setenv("LIBRARY_MODEL", "intfloat/e5-small-v2")
    encoder = SentenceEncoder.of(Settings())
    encoder.__dict__["_model"] = SimpleNamespace(prompts={})
    assert encoder.prompts == E5
    monkeypatch.setenv("LIBRARY_QUERY_PROMPT", "ask: ")
    monkeypatch.setenv("LIBRARY_PASSAGE_PROMPT", "")
    assert SentenceEncoder.of(Settings(model=PACKAGED)).prompts == Prompts("ask: ", "")


def test_other_prompts_are_another_encoder():
    plain, prompted = SentenceEncoder(), SentenceEncoder(query_prompt="ask: ")
    assert prompted.name.startswith(f"{plain.name}-prompts-")
    assert len({plain.name, prompted.name, SentenceEncoder(passage_prompt="ask: ").name}) == 3
    assert (plain.needs_calibration, prompted.needs_calibration) == (False, True)
    assert SentenceEncoder(query_prompt="").name == plain.name


class OtherForQueries(FakeEncoder):
    """What is looked for points the other way, so that a test sees which side was asked."""

    def encode_queries(self, texts):
        return -self.encode(texts)


def test_queries_and_passages_of_the_same_words_are_kept_apart(tmp_path):
    cache = VectorCache(tmp_path / "vectors.db", OtherForQueries())
    passage = cache.vectors(["nurses leave"])[0]
    for _ in range(2):
        np.testing.assert_allclose(cache.query("nurses leave"), -passage)
        np.testing.assert_allclose(cache.alike(["nurses leave"])[0], passage)
        np.testing.assert_allclose(cache.once(["nurses leave"])[0], passage)
        np.testing.assert_allclose(cache.vectors(["nurses leave"])[0], passage)
    cache.prepare(["boats", "boats"])
    np.testing.assert_allclose(cache.query("boats"), -cache.alike(["boats"])[0])


def test_what_is_held_against_its_like_is_embedded_once_and_never_written_down(tmp_path):
    encoder = FakeEncoder()
    cache = VectorCache(tmp_path / "vectors.db", encoder)
    first = cache.alike(["nurses leave", "boats", "nurses leave"])
    assert encoder.texts == ["nurses leave", "boats"]
    np.testing.assert_allclose(cache.alike(["nurses leave", "boats", "nurses leave"]), first)
    assert encoder.texts == ["nurses leave", "boats"]
    assert cache.known(["nurses leave", "boats"]) == 0
    assert cache.alike([]).shape == (0, 0)


@pytest.mark.model
def test_a_model_reads_its_own_prompts(tmp_path):
    folder = str(tiny_model(tmp_path / "ours", query="query: ", document="passage: "))
    encoder, bare = SentenceEncoder(folder), SentenceEncoder(folder, query_prompt="", passage_prompt="")
    assert encoder.prompts == E5
    assert encoder.needs_calibration
    assert encoder.name != bare.name
    said, prompted = ["nurses leave the wards"], [f"{side}: nurses leave the wards" for side in ("query", "passage")]
    np.testing.assert_allclose(encoder.encode_queries(said), bare.encode(prompted[:1]), atol=1e-6)
    np.testing.assert_allclose(encoder.encode(said), bare.encode(prompted[1:]), atol=1e-6)
    assert float(encoder.encode(said)[0] @ encoder.encode_queries(said)[0]) < 0.999
    np.testing.assert_allclose(bare.encode(said), bare.encode_queries(said), atol=1e-6)


@pytest.mark.model
def test_a_folder_is_known_by_its_family_and_by_what_is_set(tmp_path):
    e5 = tiny_model(tmp_path / "e5-small-v2")
    assert SentenceEncoder(str(e5)).prompts == E5
    asked = SentenceEncoder(str(e5), query_prompt="ask: ")
    bare = SentenceEncoder(str(e5), query_prompt="", passage_prompt="")
    np.testing.assert_allclose(asked.encode_queries(["boats"]), bare.encode(["ask: boats"]), atol=1e-6)


@pytest.mark.model
def test_a_model_that_was_saved_for_short_texts_reads_whole_parts_if_it_can(tmp_path):
    folder = tiny_model(tmp_path / "short", reads=16)
    encoder = SentenceEncoder(str(folder))
    long = "nurses leave the wards " * 30
    assert float(encoder.encode([long])[0] @ encoder.encode([f"{long} sardine boats tins"])[0]) < 1 - 1e-6
    with pytest.raises(EncoderError, match=r"reads 16 tokens at once and no more; .*256. Set LIBRARY_MODEL"):
        SentenceEncoder(str(tiny_model(tmp_path / "tiny", reads=16, places=32))).encode(["nurses"])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"prompts": 3}', '{"prompts": {"query": 3}}', "\ud800"])
def test_a_damaged_list_of_prompts_names_none(tmp_path, text):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    (tmp_path / "config_sentence_transformers.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    assert SentenceEncoder(str(tmp_path)).prompts == Prompts()


@pytest.mark.model
def test_many_texts_keep_their_order_though_the_model_is_given_the_longest_first():
    texts = [" ".join(["Nobody rang the yard."] * (1 + (7 * n) % 13)) + f" {n}" for n in range(70)]
    encoder = SentenceEncoder()
    together, alone = encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_no_text_is_no_row():
    assert SentenceEncoder().encode([]).shape == (0, 0)
