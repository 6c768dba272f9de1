"""What teaching a network takes, whatever it is taught."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import torch
from torch import nn

WARM_UP, DECAY, SMOOTHING = 0.1, 0.01, 0.05
T = TypeVar("T")


def batches(examples: Sequence[T], size: int, length: Callable[[T], int]) -> Iterator[list[T]]:
    """All in an order of chance, so many at once, those alike in length together."""
    mixed = random.sample(examples, len(examples))
    made: list[list[T]] = []
    for at in range(0, len(mixed), 20 * size):
        block = sorted(mixed[at : at + 20 * size], key=length)
        made += [block[n : n + size] for n in range(0, len(block), size)]
    random.shuffle(made)
    yield from made


class Steps:
    """AdamW, quicker at first and then ever slower."""

    def __init__(self, rates: list[dict[str, Any]], steps: int) -> None:
        """`rates` are groups of parameters, each with its rate as "lr"."""
        self._optimiser = torch.optim.AdamW(rates, weight_decay=DECAY)
        self._pace = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda step: min(1.0, (step + 1) / (WARM_UP * steps)) * max(0.0, 1 - step / steps)
        )

    def take(self, loss: torch.Tensor, clipped: Sequence[nn.Parameter]) -> None:
        """One step down from a loss."""
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(clipped, 1.0)
        self._optimiser.step()
        self._pace.step()
