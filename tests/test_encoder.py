import hashlib
from pathlib import Path

import numpy as np
import pytest

from library import encoder as room
from library.encoder import PACKAGED, PACKAGED_DIGEST, EncoderError, SentenceEncoder, packaged_model


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
    assert SentenceEncoder("some/hub-name").name == "some--hub-name"
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
