"""Teaches the reader of tellings (library/practice/reader.py), and shows what it adds.

    python -m benchmarks.reader folds    # each quarter of the stories by a reader taught on the others: an hour
    python -m benchmarks.reader teach    # on all retellings but the reporting ones, written to reader.npz: forty min.

The packaged model's layers are trained (AdamW, its embeddings and first layer left as they are); of each matrix's
change the largest singular directions are kept, so that a megabyte ships and not the model.
"""

from __future__ import annotations

import argparse
import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.retellings import ROOT, Row, fit, retellings, rows_of
from benchmarks.table import table
from benchmarks.teaching import SMOOTHING, Steps, batches
from library.encoder import SentenceEncoder, Vectors
from library.practice.judge import READER_WEIGHS, Judge, Told, verdict_on
from library.practice.reader import WEIGHTS, Pair, new_head, read_together
from library.settings import Settings
from library.shelf import Shelf
from library.thin import thinned
from library.vectors import VectorCache

TAUGHT_ON = ("choose", "teach")
EPOCHS, BATCH, LEFT_ALONE = 4, 16, 1
"""How often all is read, so many pairs at once; so many layers, and the embeddings, stay as they are."""
RATE, HEAD_RATE = 7e-5, 1e-3
RANK = 24
"""So many directions of a matrix's change are kept."""
FOLDS = 4
WEIGHTS_TRIED = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Example:
    """One part of one retelling: what the reader reads, and what a coach said."""

    pair: Pair
    label: int
    row: Row


class Network(nn.Module):
    """The network to teach, with the layer of verdicts."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        super().__init__()
        network, self.tokenizer = encoder.network
        self.network = copy.deepcopy(network)
        self.head = new_head(network.config.hidden_size)
        for left in (self.network.embeddings, *self.network.encoder.layer[:LEFT_ALONE]):
            left.requires_grad_(False)

    def forward(self, pairs: Sequence[Pair]) -> Any:
        """Log-odds of the three verdicts, up to what they share: shape (pairs, 3)."""
        return read_together(self.network, self.tokenizer, self.head, pairs)


def teach(encoder: SentenceEncoder, examples: Sequence[Example]) -> Network:
    """A network that has read all examples."""
    random.seed(0)
    torch.manual_seed(0)
    taught = Network(encoder)
    layers = [p for p in taught.network.parameters() if p.requires_grad]
    rates = [{"params": layers, "lr": RATE}, {"params": taught.head.parameters(), "lr": HEAD_RATE}]
    steps = Steps(rates, EPOCHS * (len(examples) // BATCH + 1))
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    for epoch in range(EPOCHS):
        taught.train()
        lost = 0.0
        for batch in batches(examples, BATCH, lambda e: len(e.pair.part) + len(e.pair.said)):
            loss = loss_of(taught([e.pair for e in batch]), torch.tensor([e.label for e in batch]))
            steps.take(loss, list(taught.parameters()))
            lost += loss.item() * len(batch) / len(examples)
        print(f"  read {epoch + 1} of {EPOCHS} times, loss {lost:.3f}", flush=True)
    return taught.eval()


def log_odds(taught: Network, examples: Sequence[Example]) -> Vectors:
    """What a network says of examples: shape (examples, 3)."""
    blocks = [[e.pair for e in examples[at : at + 32]] for at in range(0, len(examples), 32)]
    with torch.inference_mode():
        return np.concatenate([torch.log_softmax(taught(block), dim=1).numpy() for block in blocks])


def changes(encoder: SentenceEncoder, taught: Network, rank: int = RANK) -> dict[str, np.ndarray[Any, Any]]:
    """What a network learned, small: two thin matrices for each matrix's change, and the other changes whole."""
    before, _ = encoder.network
    return {
        "head.weight": taught.head.weight.detach().numpy().astype(np.float16),
        "head.bias": taught.head.bias.detach().numpy().astype(np.float16),
        **thinned(before, taught.network, rank),
    }


def examples_of(shelf: Shelf, judge: Judge) -> list[Example]:
    """Every part of every retelling that a reader may be taught on."""
    labelled = [row for half in TAUGHT_ON for row in retellings(half)]
    return [Example(row.pair, list(Told).index(row.label), row) for row in rows_of(labelled, shelf, judge)]


def folds(encoder: SentenceEncoder, examples: Sequence[Example]) -> str:
    """The share right of each half by what the reader weighs, each story by readers and weights of others."""
    stories = sorted({e.row.story for e in examples})
    hits: dict[tuple[str, float], list[bool]] = {}
    for fold in range(FOLDS):
        out = set(stories[fold::FOLDS])
        taught = teach(encoder, [e for e in examples if e.row.story not in out])
        lines = fit([e.row for e in examples if e.row.story not in out and e.row.half == "choose"])
        tested = [e for e in examples if e.row.story in out]
        for example, read in zip(tested, log_odds(taught, tested), strict=True):
            row = example.row
            for weight in WEIGHTS_TRIED:
                said = verdict_on(row.beat, row.heart, row.heard, lines, read=weight / READER_WEIGHS * read)
                hits.setdefault((row.half, weight), []).append(said is row.label)
        print(_as_text(hits), flush=True)
    return _as_text(hits)


def _as_text(hits: dict[tuple[str, float], list[bool]]) -> str:
    halves = dict.fromkeys(half for half, _ in hits)
    rows = [(half, *(f"{np.mean(hits[half, weight]):.3f}" for weight in WEIGHTS_TRIED)) for half in halves]
    return table(("right, by what the reader weighs", *(f"{weight:.1f}" for weight in WEIGHTS_TRIED)), rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reader", description=__doc__)
    parser.add_argument("step", choices=("folds", "teach"))
    asked = parser.parse_args()
    encoder = SentenceEncoder.of(Settings())
    shelf = Shelf.read(ROOT / "stories")
    examples = examples_of(shelf, Judge(shelf, VectorCache(None, encoder)))
    print(f"{len(examples)} parts of retellings")
    if asked.step == "folds":
        print(folds(encoder, examples))
        return
    kept: dict[str, Any] = dict(changes(encoder, teach(encoder, examples)))
    np.savez_compressed(WEIGHTS, **kept)
    print(f"Written to {WEIGHTS}, {WEIGHTS.stat().st_size // 1024} KB.")


if __name__ == "__main__":
    main()
