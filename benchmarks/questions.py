"""Teaches the packaged model to read what reps say, and shows what that is worth.

    python -m benchmarks.questions          # the search with and without what was learned
    python -m benchmarks.questions teach    # learn it anew, written to library/questions.npz: six minutes

tests/invented.jsonl holds stories that stand on no shelf, each with four asks of reps who have a prospect in a like
situation and use other words, and asks that no story should answer. The vectors of stories stay as they are; the side
of the questions learns to score the right story highest among all invented ones (softmax cross-entropy over the
likeness of library/likeness.py), and "none of them" where there is none. Of each matrix's change the largest singular
directions are kept. No labelled situation and no story of the shelf is read.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks import settings_for
from benchmarks.table import table
from benchmarks.teaching import SMOOTHING, Steps, batches
from library.calibration import projection_of, shipped
from library.encoder import QUESTIONS, SentenceEncoder, of_length_one
from library.evaluation import Labelled, ndcg, read_labelled
from library.index import ExactIndex
from library.search import Search, Weights
from library.settings import Settings
from library.shelf import Shelf, passages_of
from library.situation import understand
from library.story import Beat, Section, ShowAs, Status, Story
from library.thin import thinned
from library.vectors import VectorCache
from library.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
INVENTED = ROOT / "tests" / "invented.jsonl"
SETS = {name: ROOT / "tests" / f"{name}.jsonl" for name in ("situations", "situations_second")}
EPOCHS, BATCH, RATE = 5, 32, 1e-4
SHARPNESS = 0.05
"""Scores are divided by this before the softmax."""
NONE = 0.36
"""The score "none of them" has."""
RANK = 48
"""So many directions of a matrix's change are kept."""
NO_STORY = -1
Ask = tuple[str, int]
"""What a rep says, and the place of the story that answers it."""


def invented() -> tuple[list[Story], list[Ask]]:
    """The invented stories, and everything asked."""
    vocabulary = Vocabulary.load()
    stories: list[Story] = []
    asks: list[Ask] = []
    for line in INVENTED.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "none" in row:
            asks.append((row["none"], NO_STORY))
            continue
        asks += [(said, len(stories)) for said in row["asks"]]
        stories.append(_story(f"invented-{len(stories)}", row))
    return stories, [(understand(said, vocabulary).text or said, story) for said, story in asks]


def _story(story_id: str, row: dict[str, Any]) -> Story:
    sections = tuple(Section(beat.heading, row[beat.value], beat) for beat in Beat if row.get(beat.value))
    return Story(
        story_id,
        title=row["title"],
        industry=row["industry"],
        roles=(row["role"],),
        tags=tuple(row["tags"]),
        sections=sections,
        show_as=ShowAs.NAMED,
        status=Status.PUBLISHED,
    )


@dataclass(frozen=True)
class Side:
    """The vectors of stories, shapes (stories, dimensions) and for beats (stories, most beats, dimensions)."""

    whole: torch.Tensor
    beats: torch.Tensor
    there: torch.Tensor
    """Which beats a story has: shape (stories, most beats)."""
    gist: torch.Tensor

    @classmethod
    def of(cls, stories: Sequence[Story], cache: VectorCache) -> Side:
        """As the shelf would hold them."""
        vocabulary = Vocabulary.load()
        vectors = cache.passages([passage for story in stories for passage in passages_of(story, vocabulary)])
        beats = np.zeros((len(stories), len(Beat), vectors.matrix.shape[1]), dtype=np.float32)
        there = np.zeros(beats.shape[:2], dtype=bool)
        gist = np.zeros((len(stories), beats.shape[2]), dtype=np.float32)
        for at, story in enumerate(stories):
            for place, row in enumerate(range(*vectors.rows[story.id].indices(len(vectors.passages)))):
                if vectors.passages[row].beat is None:
                    gist[at] = vectors.matrix[row]
                else:
                    beats[at, place], there[at, place] = vectors.matrix[row], True
        whole = of_length_one(beats.sum(axis=1))
        return cls(*(torch.from_numpy(array) for array in (whole, beats, there, gist)))

    def scores(self, asked: torch.Tensor) -> torch.Tensor:
        """The likeness of each story to each question: shape (questions, stories)."""
        weights = Weights()
        near = torch.einsum("sbd,qd->qsb", self.beats, asked).masked_fill(~self.there, -2.0)
        best = near.topk(2, dim=2).values.mean(dim=2)
        return weights.whole * asked @ self.whole.T + weights.beats * best + weights.gist * asked @ self.gist.T


def teach(encoder: SentenceEncoder, side: Side, asks: Sequence[Ask]) -> Any:
    """A network that has read all questions."""
    random.seed(0)
    torch.manual_seed(0)
    network, tokenizer = encoder.network
    taught = copy.deepcopy(network)
    taught.embeddings.requires_grad_(False)
    learning = [parameter for parameter in taught.parameters() if parameter.requires_grad]
    steps = Steps([{"params": learning, "lr": RATE}], EPOCHS * (len(asks) // BATCH + 1))
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    for epoch in range(EPOCHS):
        taught.train()
        lost = 0.0
        for batch in batches(asks, BATCH, lambda ask: len(ask[0])):
            scores = side.scores(read(taught, tokenizer, [said for said, _ in batch]))
            none = scores.shape[1]
            scores = torch.cat([scores, torch.full((len(batch), 1), NONE)], dim=1)
            right = torch.tensor([none if story == NO_STORY else story for _, story in batch])
            loss = loss_of(scores / SHARPNESS, right)
            steps.take(loss, learning)
            lost += loss.item() * len(batch) / len(asks)
        print(f"  read {epoch + 1} of {EPOCHS} times, loss {lost:.3f}", flush=True)
    return taught.eval()


def read(network: Any, tokenizer: Any, texts: Sequence[str]) -> torch.Tensor:
    """Texts into vectors of length 1, as sentence-transformers does it for this model: the mean of the tokens."""
    given = tokenizer(list(texts), padding=True, truncation=True, max_length=256, return_tensors="pt")
    hidden, there = network(**given).last_hidden_state, given["attention_mask"].unsqueeze(-1)
    return nn.functional.normalize((hidden * there).sum(dim=1) / there.sum(dim=1), dim=1)


# --- what it is worth -------------------------------------------------------------------------------------------------


def apart(search: Search, rows: Sequence[Labelled], settings: Settings) -> tuple[float, float]:
    """The nDCG@10 of the answerable, ranking only; and how often one is stronger than one that nothing answers."""
    gains: list[float] = []
    strengths: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        situation = understand(row.situation, search.shelf.vocabulary)
        if row.judged:
            gains.append(ndcg(row.judged, search.find(situation, settings.day).stories))
        found = search.strengths(situation, settings.day)
        strengths[bool(row.judged)].append(max((strength for _, strength in found), default=-1.0))
    answerable, not_so = np.array(strengths[True]), np.array(strengths[False])
    return mean(gains), float((answerable[:, None] > not_so).mean())


def compare(settings: Settings) -> str:
    """Both sets, by half: as its makers left it, and as it was taught."""
    shelf = Shelf.read(settings.stories)
    rows = []
    for name, questions in (("as its makers left it", None), ("as taught", QUESTIONS)):
        encoder = SentenceEncoder.of(settings, questions)
        cache = VectorCache(settings.data / "vectors.db", encoder, projection_of(settings.data, encoder.name))
        vectors = cache.passages(shelf.passages)
        index = ExactIndex()
        index.sync(vectors)
        search = Search(shelf, cache, vectors, index, thresholds=shipped(encoder.name) if questions else None)
        for which, path in SETS.items():
            for half in ("choose", "report"):
                labelled = [row for row in read_labelled(path) if row.half == half]
                rows.append([f"{which}, {half}: {name}", *(f"{x:.3f}" for x in apart(search, labelled, settings))])
    return table(["", "nDCG@10", "answerable above not"], rows)


def main() -> None:
    """Teach, or print what it is worth."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.questions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", nargs="?", choices=("measure", "teach"), default="measure")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        settings = settings_for(ROOT / "stories", Path(place))
        if asked.step == "measure":
            print(compare(settings))
            return
        encoder = SentenceEncoder(questions=None)
        stories, asks = invented()
        print(f"{len(asks)} questions, {len(stories)} stories")
        side = Side.of(stories, VectorCache(None, encoder))
        kept: dict[str, Any] = dict(thinned(encoder.network[0], teach(encoder, side, asks), RANK))
    np.savez_compressed(QUESTIONS, **kept)
    print(f"Written to {QUESTIONS}, {QUESTIONS.stat().st_size // 1024} KB.")


if __name__ == "__main__":
    main()
