"""The projection that ships, fitted on the shipped stories: python -m benchmarks.projection writes it anew.

Which texts it is fitted on hardly matters (titles and tags, tellings or both), as long as they are of the kind stories
are made of; the single words of our vocabulary do less (docs/search.md).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from library.encoder import SentenceEncoder
from library.shelf import Shelf
from library.tokens import SHIPPED, Projection, learn_from

if __name__ == "__main__":
    shelf = Shelf.read(Path("stories"))
    made = learn_from(SentenceEncoder(), [part for passage in shelf.passages for part in passage.parts])
    before = Projection.read(SHIPPED) if SHIPPED.exists() else None
    made.write(SHIPPED)
    gap = float(np.abs(made.mean - before.mean).max()) if before else float("nan")
    print(f"{SHIPPED}: {made.basis.shape}, {SHIPPED.stat().st_size:,} bytes; the mean moved by {gap:.4f} at most.")
