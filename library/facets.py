"""Whether a story holds a wish: from its facts, and where those are silent or too wide, from its own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from library.masking import without_names
from library.situation import Facet
from library.sizes import people_in, size_range
from library.story import Beat, Story
from library.vocabulary import Vocabulary
from library.wishes import Wish


@dataclass(frozen=True)
class StoryFacets:
    """The facts of a story in the vocabulary's terms."""

    story: Story
    vocabulary: Vocabulary
    _known: dict[tuple[str, str, bool], bool] = field(default_factory=dict, compare=False, repr=False)

    def carries(self, facet: Facet) -> bool:
        """Whether the story has the value, however the wish is meant."""
        key = facet.kind, facet.value, facet.wish is Wish.LEAN
        if key not in self._known:
            self._known[key] = self._carries(facet)
        return self._known[key]

    def _carries(self, facet: Facet) -> bool:
        if facet.kind == "size":
            return self._size_within(facet)
        covered = self.vocabulary.covers(facet.kind, facet.value)
        own = self._own(facet.kind)
        if own & covered:
            return True
        if facet.kind == "change":
            return False
        # A fact wider than the wish, or none at all: the story's words decide.
        if facet.kind == "region" and self.story.country:
            return False  # a country is the narrowest fact of a place
        wider = {wide for term in covered for wide in self._wider(facet.kind, term)}
        if not own or own & wider:
            term = self.vocabulary.get(facet.kind, facet.value)
            return bool(self._said(facet.kind, of_themselves=term is not None and term.narrow) & covered)
        return False

    def holds(self, facet: Facet) -> bool:
        """Whether the story may be shown under this wish."""
        if facet.wish is Wish.LEAN:
            return True
        return self.carries(facet) == (facet.wish is Wish.ONLY)

    def _own(self, kind: str) -> frozenset[str]:
        if kind == "region":
            return frozenset({self.story.region, self.story.country} - {""})
        value = getattr(self.story, {"role": "roles"}.get(kind, kind))
        return frozenset(value) if isinstance(value, tuple) else frozenset({value} - {""})

    def _said(self, kind: str, *, of_themselves: bool = False) -> frozenset[str]:
        """What the story names of a kind; of themselves: where it says who they are, not whom they deal with."""
        kinds = {"region", "country"} if kind == "region" else {kind}
        mentioned = self._themselves if of_themselves else self._mentioned
        return frozenset(term_id for term_kind, term_id in mentioned if term_kind in kinds)

    def _wider(self, kind: str, term_id: str) -> tuple[str, ...]:
        term = self.vocabulary.get(kind, term_id) or (
            self.vocabulary.get("country", term_id) if kind == "region" else None
        )
        return term.within if term else ()

    def _size_within(self, facet: Facet) -> bool:
        low, high = size_range(facet.value)
        if self.people is not None:
            margin = self.people * 0.5 if low == high else 0
            return low - margin <= self.people <= high + margin
        if not self.story.size:
            return False
        band_low, band_high = size_range(self.story.size)
        if facet.wish is Wish.LEAN:
            return band_low <= high and low <= band_high
        return low <= band_low and band_high <= high

    @cached_property
    def people(self) -> int | None:
        """How many people the customer has, where the story says it in figures and its size agrees."""
        for text in (self.story.alias, self.story.beat("who"), *([] if self.story.size else [self._open_text])):  # type: ignore[arg-type]
            number = people_in(text)
            if number is None:
                continue
            low, high = size_range(self.story.size) if self.story.size else (0, 10**9)
            if low <= number <= high:
                return number
        return None

    @cached_property
    def _open_text(self) -> str:
        safe = without_names(self.story)
        return " ".join((safe.alias, safe.title, *safe.beats.values(), safe.notes, *safe.tags))

    @cached_property
    def _themselves(self) -> frozenset[tuple[str, str]]:
        safe = without_names(self.story)
        said = self.vocabulary.mentions(f"{safe.alias}. {safe.beat(Beat.WHO)}")
        return frozenset((m.term.kind, m.term.id) for m in said)

    @cached_property
    def _mentioned(self) -> frozenset[tuple[str, str]]:
        return frozenset((m.term.kind, m.term.id) for m in self.vocabulary.mentions(self._open_text))


def agreeing(story: StoryFacets, facets: Iterable[Facet]) -> tuple[tuple[Facet, ...], tuple[Facet, ...]]:
    """The facets of a situation that a story carries, and those it does not; refusals are left out."""
    wished = [facet for facet in facets if facet.wish is not Wish.NOT]
    return tuple(f for f in wished if story.carries(f)), tuple(f for f in wished if not story.carries(f))
