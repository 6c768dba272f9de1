"""Thin changes to a network: what it learned beyond the published weights, small enough to ship.

Low-rank, as in LoRA (Hu and others 2021). A file of them holds by the name of a parameter either its whole change
("name|") or two thin matrices, "name|up" and "name|down", whose product is the change.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Changes = Mapping[str, NDArray[Any]]


def read(path: Path) -> dict[str, NDArray[np.float32]]:
    """The changes kept in a file."""
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files if kept[name].dtype.kind == "f"}


def copied(model: Any, network: Any) -> Any:  # noqa: ANN401 - torch is only imported inside
    """A copy of a model that holds this network, to be changed; it shares the embeddings, which are most of it."""
    return copy.deepcopy(model, {id(network.embeddings): network.embeddings})


def put(network: Any, changes: Changes) -> None:  # noqa: ANN401
    """Put changes to the layers of a network."""
    import torch  # noqa: PLC0415 - seven seconds that Browse need not wait for

    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for name in sorted({name.rpartition("|")[0] for name in changes}):
            whole = changes.get(f"{name}|")
            change = changes[f"{name}|up"] @ changes[f"{name}|down"] if whole is None else whole
            parameters[name].add_(torch.from_numpy(change))


def thinned(before: Any, after: Any, rank: int) -> dict[str, NDArray[np.float16]]:  # noqa: ANN401
    """What a network learned, small: of a matrix's change the largest singular directions, so many; the rest whole."""
    kept: dict[str, NDArray[np.float16]] = {}
    for (name, was), now in zip(before.named_parameters(), after.parameters(), strict=True):
        change = (now - was).detach().numpy()
        if not change.any():
            continue
        if change.ndim == 2:
            up, size, down = np.linalg.svd(change, full_matrices=False)
            root = np.sqrt(size[:rank])
            kept[f"{name}|up"] = (up[:, :rank] * root).astype(np.float16)
            kept[f"{name}|down"] = (down[:rank] * root[:, None]).astype(np.float16)
        else:
            kept[f"{name}|"] = change.astype(np.float16)
    return kept
