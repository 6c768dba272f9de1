"""The shelf as a field of industry by change, or role, size, region: how many stories stand where, and how sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from library.records.entries import Ask
from library.shelf import Shelf, facet_values
from library.story import Story
from library.vocabulary import SIZES, Vocabulary

FACETS: Mapping[str, str] = {"change": "change", "roles": "role", "size": "size", "region": "region"}
"""What may stand beside the industry, with its kind in the vocabulary and in a situation."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the grid."""

    industry: str
    value: str
    stories: tuple[str, ...] = ()
    """The stories that may be told there."""
    sound: int = 0
    """How many of them nobody doubts and somebody verified lately."""
    asks: int = 0
    """How often it was asked for."""

    @property
    def gap(self) -> bool:
        """Whether it was asked for and nothing may be told."""
        return self.asks > 0 and not self.stories


@dataclass(frozen=True, slots=True)
class Grid:
    """Every industry in use by every value of one facet."""

    facet: str
    industries: tuple[str, ...]
    values: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]

    def cell(self, industry: str, value: str) -> Cell:
        """The cell at one place; an empty one where nothing stands and nobody asked."""
        return self.cells.get((industry, value), Cell(industry, value))

    @property
    def all(self) -> list[Cell]:
        """Every cell, row by row."""
        return [self.cell(industry, value) for industry in self.industries for value in self.values]

    @property
    def gaps(self) -> list[Cell]:
        """The cells asked for where nothing may be told, most asked first."""
        return sorted((cell for cell in self.all if cell.gap), key=lambda c: (-c.asks, c.industry, c.value))

    @property
    def empty(self) -> int:
        """How many cells hold no story."""
        return sum(not cell.stories for cell in self.all)


def grid_of(
    shelf: Shelf, today: date, facet: str = "change", asks: Iterable[Ask] = (), doubted: Collection[str] = ()
) -> Grid:
    """The stories that may be told on a day, by industry and facet, with how often each place was asked for."""
    kind = FACETS[facet]
    columns = _columns(kind, shelf.vocabulary)
    stories: dict[tuple[str, str], list[Story]] = {}
    for story in shelf.tellable(today):
        for value in {columns.get(value, value) for value in facet_values(story, facet)}:
            stories.setdefault((story.industry, value), []).append(story)
    groups = {wider for term in shelf.vocabulary.of_kind("industry") for wider in term.within}
    asked = _asked(asks, kind, columns, groups)
    places = {place for place in {*stories, *asked} if all(place)}
    cells = {
        (industry, value): Cell(
            industry,
            value,
            tuple(story.id for story in stories.get((industry, value), ())),
            sum(not s.stale(today) and s.id not in doubted for s in stories.get((industry, value), ())),
            asked[industry, value],
        )
        for industry, value in places
    }
    label = shelf.vocabulary.label
    industries = sorted({industry for industry, _ in places}, key=lambda value: label("industry", value))
    known = [value for value in dict.fromkeys(columns.values()) if kind != "role" or any(value == v for _, v in places)]
    others = sorted({value for _, value in places} - set(known))
    return Grid(facet, tuple(industries), (*known, *others), cells)


def _columns(kind: str, vocabulary: Vocabulary) -> dict[str, str]:
    """The column each value stands in: roles under their group, everything else under itself."""
    if kind == "size":
        return {size: size for size in SIZES}
    terms = vocabulary.of_kind(kind)
    grouped = {term.id: term.within[0] for term in terms if term.within and kind == "role"}
    return {term.id: grouped.get(term.id, term.id) for term in terms}


def _asked(
    asks: Iterable[Ask], kind: str, columns: Mapping[str, str], groups: Collection[str]
) -> Counter[tuple[str, str]]:
    """How often each place was named; a group of industries, and a size asked for as a range of people, is no place."""
    asked: Counter[tuple[str, str]] = Counter()
    for ask in asks:
        named = [facet.partition(":")[::2] for facet in ask.facets]
        industries = {value for name, value in named if name == "industry" and value not in groups}
        values = {columns.get(value, value) for name, value in named if name == kind}
        asked.update((industry, value) for industry in industries for value in values)
    return asked
