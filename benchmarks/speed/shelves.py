"""Shelves of any size: the shipped stories first, then stories recombined from their beats."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from library.encoder import SentenceEncoder, Vectors
from library.masking import without_names
from library.reading import write_text
from library.shelf import Shelf
from library.story import Beat, Section, Story
from library.vocabulary import Vocabulary

SEED = 7
HEAD = 0.3
"""The share of the new head's title in a composed vector."""
NOISE = 0.15
"""The length of what tells apart two composed vectors of the same beat under the same title."""
SYLLABLES = "bar den fel gor hul jan kem lor mid nor pel rik sol tam ulf ver wis yor zan".split()


def shelf_stories(shipped: Sequence[Story], size: int) -> list[Story]:
    """So many stories: the shipped ones first."""
    chance = random.Random(SEED)
    told = [without_names(story) for story in shipped]  # a beat under another customer must not name its own
    made = (recombined(f"made-{number:06d}", told, chance) for number in range(size - len(shipped)))
    return [*shipped[:size], *made]


def recombined(story_id: str, told: Sequence[Story], chance: random.Random) -> Story:
    """The facts of one story, each beat from another, title and tags from those of the change and the pain."""
    donors = {beat: chance.choice(told) for beat in Beat}
    change, pain = donors[Beat.CHANGE], donors[Beat.PAIN]
    tags = dict.fromkeys((*change.tags[::2], *pain.tags[1::2]))
    sections = tuple(Section(beat.heading, donor.beat(beat), beat) for beat, donor in donors.items())
    customer, town, person = ("".join(chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(3))
    return replace(
        chance.choice(told),
        id=story_id,
        title=change.title,
        tags=tuple(tags),
        sections=sections,
        customer=f"{customer} {town}",  # a customer each, so that taking names out costs what it costs
        heard_from=f"{person} {town}, finance director",
    )


def write_folder(folder: Path, stories: Iterable[Story]) -> None:
    """Put the stories into a folder, one file each."""
    folder.mkdir(parents=True)
    for story in stories:
        (folder / f"{story.id}.md").write_text(write_text(story), encoding="utf-8")


class TimedEncoder(SentenceEncoder):
    """The real encoder with a stopwatch."""

    seconds = 0.0

    def _in_batches(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str, **asked: Any) -> list[Any]:
        started = perf_counter()
        made = super()._in_batches(encode, texts, prompt, **asked)
        self.seconds += perf_counter() - started
        return made

    @property
    def bare(self) -> Any:
        """The sentence-transformers model itself."""
        return self._model


class ComposingEncoder(TimedEncoder):
    """The real encoder, but for beats of recombined stories: the donor's vector, moved towards the new title.

    Embedding 100,000 stories takes hours. What is not known word for word, a rep's question or an edit, is embedded.
    """

    def learn(self, shipped: Sequence[Story], vocabulary: Vocabulary) -> None:
        """Embed the shipped stories, the donors of all others."""
        shelf = Shelf({story.id: story for story in shipped}, vocabulary=vocabulary)
        parts = dict.fromkeys(part for passage in shelf.passages for part in passage.parts)
        self._whole: dict[str, Vectors] = dict(zip(parts, super().encode(list(parts)), strict=True))
        beats = [passage for passage in shelf.passages if passage.beat]
        title_of = {story.id: without_names(story).title for story in shipped}
        heads = [(part, title_of[passage.story]) for passage in beats for part in passage.parts]
        self._said = {part.partition(f"{title}: ")[2]: self._whole[part] for part, title in heads}
        titles = dict.fromkeys(title for _, title in heads)
        self._titles = dict(zip(titles, super().encode(list(titles)), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row a text, composed where its donor is known, else embedded."""
        composed = {text: self.composed(text) for text in texts}
        unknown = [text for text, vector in composed.items() if vector is None]
        embedded = dict(zip(unknown, super().encode(unknown) if unknown else (), strict=True))
        known = {text: vector for text, vector in composed.items() if vector is not None}
        return np.stack([known[text] if text in known else embedded[text] for text in texts])

    def composed(self, text: str) -> Vectors | None:
        """The vector of a text of a donor, as it is or under another title; None for any other text."""
        if text in self._whole:
            return self._whole[text]
        title, said = next(((t, text.partition(f"{t}: ")[2]) for t in self._titles if f"{t}: " in text), ("", ""))
        if not said or said not in self._said:
            return None
        apart = np.random.default_rng(zlib.crc32(text.encode())).normal(size=self._said[said].shape)
        vector = self._said[said] + HEAD * self._titles[title] + NOISE * apart / np.linalg.norm(apart)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
