"""What a model wants to read before a text: its own words for it, those of its family, or what a team sets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

_QUERY = ("query",)
_PASSAGE = ("document", "passage", "corpus")
"""The names sentence-transformers itself looks for in a model's prompts, first one first."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The words put before what a rep says, and before what is on the shelf; most models want none."""

    query: str = ""
    passage: str = ""

    @property
    def mark(self) -> str:
        """What tells vectors made with these prompts from others, in eight letters; empty without prompts."""
        if not self.query and not self.passage:
            return ""
        return hashlib.sha256(f"{self.query}\0{self.passage}".encode()).hexdigest()[:8]


_FAMILIES = (
    (re.compile(r"(?:^|[/_-])e5-(?:small|base|large)(?!.*instruct)", re.IGNORECASE), Prompts("query: ", "passage: ")),
    (
        re.compile(r"(?:^|[/_-])bge-(?:small|base|large)-en\b", re.IGNORECASE),
        Prompts("Represent this sentence for searching relevant passages: ", ""),
    ),
)
"""Families that were trained with prompts and do not name them in their files; from their own model cards."""


def prompts_for(model: str, named: Mapping[str, str], query: str | None = None, passage: str | None = None) -> Prompts:
    """The prompts of a model: what is set, else what its files name, else what its family wants by its name.

    An empty text set is a choice, too: no prompt. A model that names one prompt only wants none on the other side.
    """
    own = Prompts(_first(named, _QUERY), _first(named, _PASSAGE))
    if own == Prompts():
        own = next((wanted for family, wanted in _FAMILIES if family.search(model)), own)
    return Prompts(own.query if query is None else query, own.passage if passage is None else passage)


def _first(named: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((named[name] for name in names if named.get(name)), "")
