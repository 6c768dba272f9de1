"""What several tests need: a story to change, a shelf to fill, and an encoder whose vectors a person can read."""

from __future__ import annotations

import multiprocessing
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from multiprocessing.context import SpawnContext
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from library.reading import Reading, read_text, write_text
from library.story import Section, Story
from library.vocabulary import Vocabulary

STORIES = Path(__file__).parent.parent / "stories"
TODAY = date(2026, 11, 22)
VOCABULARY = Vocabulary.load()

SARDINES = """---
title: The harbour closed for fifty days
customer: Sardinella Norte
alias: a 310-person cannery in Portugal
show_as: named
industry: food-manufacturing
region: europe
country: PT
size: 200-999
roles: [cfo, plant-manager]
change: regulation
moments: [buying]
products: [supply-chain]
alternatives: [buy frozen fish, do nothing]
told_by: Ines Carvalho
contributors: [Dev Raman]
heard_from: Lurdes Amaro, finance director
heard_on: 2026-03-10
heard_how: call
may_quote: yes
owner: Ines Carvalho
status: published
verified_on: 2026-10-01
health: active
tags: [quota]
---

## Who

Lurdes counts the money and the tins at a Portuguese cannery, 310 people.

## What changed

In April 2025 the ministry closed the sardine grounds for fifty days.

## What it cost

Four hundred thousand euros of tin stood in the yard. A foreman sent his own brother home.

## What they needed

To know by noon which order the next boat should fill, before the grounds reopen on 1 June.

## Why they decided

Frozen fish was cheaper. Waiting was free. She chose on the quay: "I would rather know the bad number at noon."

## The first win

On 20 June 2025 the first boat was sold before it moored. She told the night shift.

## Ask

Which of your orders would you fill first if only one boat came in?
"""


def read(text: str, story_id: str = "sardines") -> Reading:
    return read_text(text, story_id, VOCABULARY)


def make_story(story_id: str = "sardines", beats: dict[str, str] | None = None, **changes: Any) -> Story:
    """A complete published story; `beats` replaces the text of beats by name: who, change, pain and so on."""
    story = read(SARDINES).story
    assert story is not None
    given = beats or {}
    sections = tuple(Section(s.heading, given.get(s.beat or "", s.text), s.beat) for s in story.sections)
    return replace(story, **{"id": story_id, "sections": sections, **changes})


def write_shelf(folder: Path, *stories: Story) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for story in stories:
        (folder / f"{story.id}.md").write_text(write_text(story), encoding="utf-8")
    return folder


TOPICS: dict[str, str] = {
    "people leave": "leave leaves left leaving quit quits resign turnover retire retires agency nurses crews",
    "a new rule": "law rule rules regulation regulator ministry audit auditors inspector compliance closed",
    "prices": "price prices cheaper undercut discounter rival margin percent expensive",
    "a vendor fails": "bankrupt insolvent vendor supplier sole broke ransomware",
    "old systems": "mainframe ledger legacy sunset unsupported spreadsheet system screen",
    "growth": "merger merged acquired doubled tripled offices branches grow",
    "customers expect": "customers demand contracts repair hours expect promise delivery",
    "hospitals": "hospital hospitals ward wards clinic nurses patients theatre",
    "food": "food fish sardine cannery bakery dairy meat sauces boat tins",
    "money people": "cfo finance controller bank ledger close books invoice",
    "factories": "plant pump machine foundry factory maker valve stamping",
    "goods in motion": "truck trucks warehouse freight parcel forwarder driver haulier",
}
"""Each dimension of the fake encoder has a name, and the words that point along it."""
ALONG: dict[str, list[int]] = {
    word: [place for place, words in enumerate(TOPICS.values()) if word in words.split()]
    for word in " ".join(TOPICS.values()).split()
}
"""The dimensions each of those words points along."""
REST = 8
"""So many more dimensions tell apart what is about no topic."""


@cache
def pointing(text: str) -> np.ndarray:
    """The vector of a text; the same few hundred are asked for by test after test."""
    row = np.zeros(len(TOPICS) + REST, dtype=np.float32)
    for word in text.lower().replace("'", " ").split():
        bare = word.strip('.,;:!?"“”()')
        for place in ALONG.get(bare, ()):
            row[place] += 1
        if bare not in ALONG:
            row[len(TOPICS) + zlib.crc32(bare.encode()) % REST] += 0.05
    if not row.any():
        row[-1] = 1
    return row / np.linalg.norm(row)


class FakeEncoder:
    """Texts about the same topics lie close; what is about none is told apart by a hash of its words."""

    name = "fake-topics"
    needs_calibration = False

    def __init__(self) -> None:
        self.texts: list[str] = []
        """Every text it was ever asked for, so that a test sees what was embedded again."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return np.array([pointing(text) for text in texts], dtype=np.float32).reshape(len(texts), len(TOPICS) + REST)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode(texts)

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        tokens = [np.array([pointing(word) for word in text.split()], dtype=np.float32) for text in texts]
        return self.encode(texts), [rows.reshape(-1, len(TOPICS) + REST) for rows in tokens]

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode_with_tokens(texts)


def spawning(monkeypatch: pytest.MonkeyPatch) -> SpawnContext:
    """Processes with a main module of their own; a page tested before leaves app.py as that of the worker."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    return multiprocessing.get_context("spawn")
