"""Which stories of a shelf may be offered on a day and under strict wishes: masks over its rows, each made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from library.facets import StoryFacets
from library.shelf import Shelf
from library.situation import PLACE_KINDS, Facet
from library.wishes import Wish

Mask = NDArray[np.bool_]
"""One truth a story, in the order of the shelf."""

_KEPT = 500
"""So many wishes are remembered at once; sizes have no end."""


class Offered:
    """What may be offered from one shelf; a row is a story's place on it."""

    def __init__(self, shelf: Shelf, before: Offered | None = None) -> None:
        self._shelf = shelf
        self.ids: tuple[str, ...] = tuple(shelf.stories)
        self.row_of: Mapping[str, int] = {story: row for row, story in enumerate(self.ids)}
        self._facets = [StoryFacets(story, shelf.vocabulary) for story in shelf]
        if before is not None and before._shelf.vocabulary == shelf.vocabulary:
            for row, story in enumerate(shelf):
                there = before.row_of.get(story.id)
                if there is not None and before._facets[there].story is story:
                    self._facets[row] = before._facets[there]
        self._tellable: tuple[date, Mask] = (date.min, np.zeros(0, dtype=bool))
        self._stale = self._tellable
        self._carried: dict[tuple[str, str, bool], Mask] = {}

    def facets(self, story: str) -> StoryFacets:
        """The facts of one story; raises KeyError for an unknown id."""
        return self._facets[self.row_of[story]]

    def on(self, day: date, wishes: Iterable[Facet] = ()) -> Mask:
        """The stories that may be told that day and hold every strict wish.

        Of two industries or places wished, one is enough.
        """
        mask = self._told_on(day)
        wished: dict[str, Mask] = {}
        for wish in wishes:
            if not wish.strict:
                continue
            carried = self._carrying(wish)
            if wish.wish is Wish.NOT:
                mask = mask & ~carried
            elif wish.kind == "size":
                mask = mask & carried
            else:
                family = "place" if wish.kind in PLACE_KINDS else wish.kind
                wished[family] = wished[family] | carried if family in wished else carried
        for carried in wished.values():
            mask = mask & carried
        return mask

    def stale_on(self, day: date) -> Mask:
        """The stories that are past their verify date that day."""
        if self._stale[0] != day:
            self._stale = day, np.array([story.stale(day) for story in self._shelf], dtype=bool)
        return self._stale[1]

    def _told_on(self, day: date) -> Mask:
        if self._tellable[0] != day:
            self._tellable = day, np.array([story.tellable(day) for story in self._shelf], dtype=bool)
        return self._tellable[1]

    def _carrying(self, wish: Facet) -> Mask:
        key = wish.kind, wish.value, wish.wish is Wish.LEAN
        carried = self._carried.get(key)
        if carried is None:
            carried = np.array([facets.carries(wish) for facets in self._facets], dtype=bool)
            if len(self._carried) >= _KEPT:
                self._carried = {}  # another thread may be reading the old one
            self._carried[key] = carried
        return carried
