"""How well the single words of a question are met in a story's title and tags, each in its place.

Late interaction (Khattab and Zaharia 2020) over the token vectors of the model that is there anyway; docs/search.md
tells what it brings.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from library.encoder import Encoder, Vectors, of_length_one

SHIPPED = Path(__file__).with_name("projection.npz")
"""That of the packaged model; python -m benchmarks.projection fits it."""
DIMENSIONS = 128
TAGS = 3
"""So many of the tags that are met best count."""
_BLOCK = 256
_WHOLE = 127
"""What a coordinate of 1 is kept as."""

Tokens = NDArray[np.int8]
"""One row a token, shape (tokens, dimensions), each of length 127 but for what rounding takes."""


@dataclass(frozen=True)
class Projection:
    """Makes token vectors short and tells them apart: without what all share, along the directions they differ in.

    Taking the mean away is what helps the ranking; fewer directions cost nothing and save two thirds of the room.
    """

    model: str
    """The name of the encoder it belongs to."""
    mean: Vectors
    basis: Vectors
    """Shape (dimensions of the model, dimensions kept)."""

    @classmethod
    def learn(cls, model: str, tokens: Vectors) -> Projection:
        """From many tokens of length 1, shape (tokens, dimensions): their mean and their principal directions."""
        mean = tokens.mean(axis=0)
        apart = tokens - mean
        _, directions = np.linalg.eigh(apart.T @ apart)
        basis = directions[:, ::-1][:, :DIMENSIONS]
        return cls(model, mean.astype(np.float32), np.ascontiguousarray(basis, dtype=np.float32))

    @classmethod
    def read(cls, path: Path) -> Projection:
        """From a file; raises OSError, or ValueError for one that holds something else."""
        try:
            with np.load(path, allow_pickle=False) as found:
                made = cls(str(found["model"]), *(found[name].astype(np.float32) for name in ("mean", "basis")))
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{path} holds no projection: {error}.") from error
        if made.mean.ndim != 1 or made.basis.ndim != 2 or len(made.mean) != len(made.basis):
            raise ValueError(f"{path} holds no projection: its parts do not fit together.")
        return made

    def write(self, path: Path) -> None:
        """Into a file, in half precision."""
        np.savez_compressed(
            path, model=self.model, mean=self.mean.astype(np.float16), basis=self.basis.astype(np.float16)
        )

    @cached_property
    def mark(self) -> str:
        """A mark of all that moves its vectors."""
        return hashlib.sha256(self.mean.tobytes() + self.basis.tobytes()).hexdigest()[:8]

    @property
    def dimensions(self) -> int:
        """How many are kept."""
        return int(self.basis.shape[1])

    def of(self, tokens: Vectors) -> Tokens:
        """Token vectors as they come from the model, made short."""
        short = (of_length_one(tokens) - self.mean) @ self.basis
        short *= _WHOLE / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
        return np.asarray(np.rint(short), dtype=np.int8)


def learn_from(encoder: Encoder, texts: Sequence[str]) -> Projection:
    """The projection of an encoder, from the tokens of some hundred texts of the kind that stories are made of."""
    distinct = list(dict.fromkeys(texts))
    tokens = [
        rows
        for at in range(0, len(distinct), _BLOCK)
        for rows in encoder.encode_with_tokens(distinct[at : at + _BLOCK])[1]
    ]
    return Projection.learn(encoder.name, of_length_one(np.concatenate(tokens)))


@dataclass(frozen=True)
class Gist:
    """The tokens of one story's title and tags."""

    parts: tuple[str, ...]
    """The title, then the tags; names taken out."""
    tokens: Tokens
    """Those of all parts, one after another."""
    counts: tuple[int, ...]
    """How many each part has."""

    @classmethod
    def of(cls, parts: Sequence[str], tokens: Sequence[Tokens]) -> Gist:
        """From the tokens of each part."""
        return cls(tuple(parts), np.concatenate(tokens), tuple(len(part) for part in tokens))


Gists = Mapping[str, Gist]
"""By story; one without tags has none."""


def met(asked: Tokens, gists: Sequence[Gist | None]) -> NDArray[np.float32]:
    """How well a question and each gist meet, token by token, about 0 to 2; nan for a story without one.

    Both ways: the mean, over the question's tokens, of the cosine of the nearest token of the gist; and of the tags
    that are met best, the mean over their tokens of the cosine of the nearest of the question.
    """
    scores = np.full(len(gists), np.nan, dtype=np.float32)
    there = [(row, gist) for row, gist in enumerate(gists) if gist is not None and len(gist.tokens)]
    if not len(asked) or not there:
        return scores
    tokens = np.concatenate([gist.tokens for _, gist in there]).astype(np.float32)
    near = (asked.astype(np.float32) @ tokens.T) / _WHOLE**2
    ends = np.cumsum([0, *(len(gist.tokens) for _, gist in there)])
    words = np.maximum.reduceat(near, ends[:-1], axis=1).mean(axis=0)
    of_each = near.max(axis=0)
    for (row, gist), (start, end), asked_met in zip(there, pairwise(ends), words, strict=True):
        scores[row] = asked_met + _best_tags(of_each[start:end], gist.counts)
    return scores


def _best_tags(nearest: NDArray[np.float32], counts: Sequence[int]) -> float:
    """The mean of the tags met best, each the mean over its tokens; the first part is the title and does not count."""
    bounds = np.cumsum([0, *counts])
    tags = sorted(
        (float(nearest[start:end].mean()) for start, end in pairwise(bounds[1:]) if end > start), reverse=True
    )
    return sum(tags[:TAGS]) / len(tags[:TAGS]) if tags else 0.0
