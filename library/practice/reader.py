"""A part of a story and the stretch of a telling nearest to it, read together: told, partly or missing.

The measures of measures.py hold vectors against each other that were made apart. A cross-encoder reads both at once and
sees what is said of what. It is the packaged model with thin changes to its layers (thin.py) and a layer of three
verdicts on top, taught by python -m benchmarks.reader on labelled retellings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from library import thin
from library.encoder import Encoder, SentenceEncoder, Vectors
from library.story import Beat

WEIGHTS = Path(__file__).with_name("reader.npz")
STRETCH, ASKED = 64, 40
"""So many words of the telling are read round the place nearest to a part; of its end, for the question."""
READS = 224
"""Tokens of both together; the telling's are cut."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of a story and the stretch of a telling that seems to hold it."""

    beat: Beat
    part: str
    said: str


class Reader:
    """Reads pairs of texts with the packaged model, changed for it."""

    def __init__(self, encoder: SentenceEncoder, weights: Path = WEIGHTS) -> None:
        self._encoder = encoder
        self._weights = weights

    @classmethod
    def of(cls, encoder: Encoder | None) -> Self | None:
        """The reader that ships, for the model it was taught on; None with any other."""
        if isinstance(encoder, SentenceEncoder) and not encoder.needs_calibration:
            return cls(encoder)
        return None

    def log_odds(self, pairs: Sequence[Pair]) -> Vectors:
        """The logarithm of how likely missing, partly and told are: shape (pairs, 3)."""
        import torch  # noqa: PLC0415 - seven seconds that Browse need not wait for

        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        with torch.inference_mode():
            found = torch.log_softmax(read_together(*self._taught, pairs), dim=1)
        return np.asarray(found.numpy(), dtype=np.float32)

    @cached_property
    def _taught(self) -> tuple[Any, Any, Any]:
        """The network with the changes put to its layers, its tokenizer, and the layer of verdicts."""
        import torch  # noqa: PLC0415

        network, tokenizer = self._encoder.network
        network = thin.copied(network, network)
        head = new_head(network.config.hidden_size)
        changes = thin.read(self._weights)
        with torch.no_grad():
            head.weight.copy_(torch.from_numpy(changes.pop("head.weight")))
            head.bias.copy_(torch.from_numpy(changes.pop("head.bias")))
        thin.put(network, changes)
        return network.eval(), tokenizer, head


def new_head(width: int) -> Any:  # noqa: ANN401 - torch is only imported inside
    """A layer from three vectors of a pair to the log-odds of three verdicts."""
    import torch  # noqa: PLC0415

    return torch.nn.Linear(3 * width, 3)


def read_together(network: Any, tokenizer: Any, head: Any, pairs: Sequence[Pair]) -> Any:  # noqa: ANN401
    """The log-odds of the three verdicts, up to what they share: shape (pairs, 3).

    A head sees the mean of the part's tokens, the mean of the telling's, and the first token.
    """
    import torch  # noqa: PLC0415

    read = tokenizer(
        [f"{pair.beat}: {pair.part}" for pair in pairs],
        [pair.said for pair in pairs],
        padding=True,
        truncation="only_second",
        max_length=READS,
        return_tensors="pt",
    )
    hidden = network(**read).last_hidden_state
    there, said = read["attention_mask"].unsqueeze(-1), read["token_type_ids"].unsqueeze(-1).float()
    means = [(hidden * side).sum(1) / side.sum(1).clamp(min=1) for side in (there * (1 - said), there * said)]
    return head(torch.cat([*means, hidden[:, 0]], dim=1))
