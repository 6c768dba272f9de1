"""Proposals of beats, fitted and held against the labels: python -m benchmarks.proposals [fit].

tests/interview_notes_choosing.jsonl holds interview notes labelled sentence by sentence, to fit the weights that stand
in library/capture/weights.npz; tests/interview_notes.jsonl those for reporting, of another writer.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.table import table
from library.capture.notes import Sentence, note_sentences
from library.capture.propose import PLACES, WEIGHTS, Proposal, measured, propose
from library.checks.meter import MOST_OURS, Meter
from library.checks.words import Words
from library.encoder import SentenceEncoder, Vectors
from library.settings import Settings
from library.shelf import Shelf
from library.story import Beat, sentences
from library.vectors import VectorCache

ROOT = Path(__file__).parent.parent
CHOOSING, REPORTING = ROOT / "tests" / "interview_notes_choosing.jsonl", ROOT / "tests" / "interview_notes.jsonl"
STORIES_WEIGH = 0.1
"""What a sentence of a story on the shelf counts beside one of a note: it is written, not said."""
LOOSENESS = 10.0
"""The C of the logistic regression; 1 to 30 differ by less than .02."""


def notes_of(file: Path) -> list[dict[str, Any]]:
    """The labelled notes of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def text_of(note: dict[str, Any]) -> str:
    """A note as it was written."""
    return "".join(f"{said['text']}{said['break']}" for said in note["sentences"])


Span = tuple[int, int, int]
"""Where a sentence begins and ends in its note, and the number of its place."""


def spans(note: dict[str, Any]) -> list[Span]:
    """The labelled sentences."""
    found, at = [], 0
    for said in note["sentences"]:
        found.append((at, at + len(said["text"]), PLACES.index(Beat(said["beat"]) if said["beat"] else None)))
        at += len(said["text"]) + len(said["break"])
    return found


def cut(note: dict[str, Any]) -> list[tuple[Sentence, int, int]]:
    """The sentences as we cut them, and where each begins and ends in the note."""
    text, found, start = text_of(note), [], 0
    for sentence in note_sentences(text):
        words = sentence.text.split()
        begin = text.find(words[0], start)
        start = text.find(words[-1], begin) + 1
        found.append((sentence, begin, begin + len(sentence.text)))
    return found


def most_of(begin: int, end: int, others: Sequence[Span]) -> int:
    """The place of whichever of the others shares most letters."""
    return max((min(end, b) - max(begin, a), place) for a, b, place in others)[1]


def labelled(note: dict[str, Any]) -> list[tuple[Sentence, int]]:
    """The sentences as we cut them, each with the place of the labelled one most of whose words it holds."""
    labels = spans(note)
    return [(sentence, most_of(begin, end, labels)) for sentence, begin, end in cut(note)]


def right(note: dict[str, Any], proposals: Sequence[Proposal]) -> list[tuple[int, int]]:
    """For each labelled sentence its place and the one proposed for most of its words."""
    proposed = [
        (begin, end, PLACES.index(proposal.beat))
        for (_, begin, end), proposal in zip(cut(note), proposals, strict=True)
    ]
    return [(place, most_of(begin, end, proposed)) for begin, end, place in spans(note)]


def story_rows(shelf: Shelf, encoder: VectorCache, width: int) -> tuple[Vectors, list[int]]:
    """The sentences of the shelf's stories that are not about us, as rows of measures without neighbours or cues."""
    words = Words.load(shelf.vocabulary)
    good = [story for story in shelf if Meter(story.telling, words).share < MOST_OURS]
    said = [(sentence, beat) for story in good for beat, text in story.beats.items() for sentence in sentences(text)]
    vectors = encoder.vectors([sentence for sentence, _ in said])
    rows = np.zeros((len(said), width), dtype=np.float32)
    rows[:, : vectors.shape[1]] = vectors
    return rows, [PLACES.index(beat) for _, beat in said]


def fit(rows: Vectors, places: Sequence[int], weigh: Sequence[float]) -> tuple[Vectors, Vectors]:
    """The weights and intercepts of a multinomial logistic regression."""
    model = LogisticRegression(C=LOOSENESS, max_iter=400, tol=1e-3).fit(rows, places, sample_weight=weigh)
    return model.coef_.astype(np.float32), model.intercept_.astype(np.float32)


def follows(notes: Sequence[Sequence[int]]) -> Vectors:
    """How much more often a place follows another than by chance."""
    counts = np.ones((len(PLACES), len(PLACES)))
    for places in notes:
        for this, following in pairwise(places):
            counts[this, following] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.asarray(shares / shares.mean(axis=0), dtype=np.float32)


class Fitted:
    """The choosing notes and stories as rows, to fit on all of them or on all but some."""

    def __init__(self, cache: VectorCache, notes: Sequence[dict[str, Any]]) -> None:
        pairs = [labelled(note) for note in notes]
        self.said = [[sentence for sentence, _ in note] for note in pairs]
        self.places = [[place for _, place in note] for note in pairs]
        self.meaning = [measured(said, cache.vectors([s.text for s in said])) for said in self.said]
        self.words = [measured(said, None) for said in self.said]
        shelf = Shelf.read(ROOT / "stories")
        self.stories, self.story_places = story_rows(shelf, cache, self.meaning[0].shape[1])

    def weights(self, but: Sequence[int] = ()) -> dict[str, Vectors]:
        """The arrays of weights.npz, fitted on every note but some."""
        used = [at for at in range(len(self.said)) if at not in but]
        places = [place for at in used for place in self.places[at]]
        rows = np.vstack([*(self.meaning[at] for at in used), self.stories])
        weigh = [1.0] * len(places) + [STORIES_WEIGH] * len(self.story_places)
        meaning, meaning_at = fit(rows, [*places, *self.story_places], weigh)
        words, words_at = fit(np.vstack([self.words[at] for at in used]), places, [1.0] * len(places))
        return {
            "meaning": meaning.astype(np.float16),
            "meaning_at": meaning_at,
            "words": words,
            "words_at": words_at,
            "follows": follows([self.places[at] for at in used]),
        }


def report(notes: Sequence[dict[str, Any]], cache: VectorCache | None) -> None:
    """Print how many labelled sentences are in the right place, by beat and by kind of note."""
    of_beat: Counter[int] = Counter()
    right_of: Counter[int] = Counter()
    kinds: dict[str, list[bool]] = {}
    chosen: Counter[int] = Counter()
    for note in notes:
        for label, place in right(note, propose(note_sentences(text_of(note)), cache)):
            of_beat[label] += 1
            chosen[place] += 1
            right_of[label] += label == place
            kinds.setdefault(note["kind"], []).append(label == place)
    total = sum(of_beat.values())
    rows = [
        [
            str(PLACES[p] or "none"),
            str(of_beat[p]),
            f"{right_of[p] / of_beat[p]:.2f}",
            f"{right_of[p] / max(1, chosen[p]):.2f}",
        ]
        for p in range(len(PLACES))
    ]
    print(table(["place", "sentences", "found", "right of proposed"], rows))
    print(table(["kind", "sentences", "right"], [[k, str(len(v)), f"{sum(v) / len(v):.2f}"] for k, v in kinds.items()]))
    print(f"{sum(right_of.values()) / total:.3f} of {total} sentences in the right place.")


def main() -> None:
    """Print how right the proposals are; with fit the weights are fitted anew first."""
    encoder = SentenceEncoder.of(Settings())
    cache = VectorCache(None, encoder)
    if sys.argv[1:] == ["fit"]:
        arrays: dict[str, Any] = Fitted(cache, notes_of(CHOOSING)).weights()
        np.savez_compressed(WEIGHTS, model=encoder.name, **arrays)
        print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size // 1024} KiB.")
    for title, by in (("by meaning", cache), ("by the words alone", None)):
        print(f"\nThe reporting notes, {title}")
        report(notes_of(REPORTING), by)


if __name__ == "__main__":
    main()
