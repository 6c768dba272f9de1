"""From a situation to the stories that fit it. The only place where the two legs are fused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from library.encoder import Vectors
from library.facets import agreeing
from library.index import Index
from library.keywords import Keywords, shared_words
from library.likeness import Likeness, Rows, best_rows
from library.masking import without_names
from library.match import Evidence, Found, Match, Verdict
from library.offered import Mask, Offered
from library.people import Person, seen_by
from library.second_look import SecondLook
from library.shelf import Shelf
from library.situation import Facet, Situation
from library.story import Beat, Story, sentences
from library.vectors import Asked, PassageVectors, VectorCache
from library.verdicts import Signs, Thresholds, overall

_ALIKE = 0.6
_WHY = (Beat.CHANGE, Beat.PAIN)
"""The beats where the reason for a match is looked for: insight, not eyesight."""
_FEW = 500
"""So many stories are scored one by one; where wishes leave more, the nearest by whole and gist are."""
SHOWN = 3
"""So many stories a rep is shown; their verdicts make that on the answer."""
_POOL = 30
"""So many of the best candidates are looked at a second time."""
_REPEATS = 0.1
"""What a story that says the same as one already shown loses, times its likeness to it."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of a score are weighed; chosen on the choosing halves of the labelled sets (docs/search.md)."""

    whole: float = 0.12
    """The mean of the beats."""
    beats: float = 0.25
    """The mean of the two best beats."""
    gist: float = 0.63
    """Title and tags; a story without them is scored by whole and beats alone, in the same proportion."""
    keywords: float = 0.18
    """BM25, as a share of the best story's."""
    tokens: float = 0.8
    """How well the words and the tags meet, token by token, above the mean of the best candidates (second_look.py)."""
    role: float = 0.04
    size: float = 0.05
    change: float = 0.05
    industry: float = 0.015
    region: float = 0.005
    stale: float = 0.005
    """What a story past its verify date loses: enough to lose a tie."""
    neighbours: float = 0.2
    """What a candidate gains of the score of each of those most like it, times the likeness: stories that are alike
    answer alike (score regularisation; Diaz 2005)."""

    def lean(self, kind: str) -> float:
        """What a story gains that carries a facet merely mentioned."""
        return float(getattr(self, "region" if kind == "country" else kind))


class Search:
    """Finds stories on one shelf as it stood at one moment."""

    def __init__(
        self,
        shelf: Shelf,
        cache: VectorCache | None,
        vectors: PassageVectors,
        index: Index | None,
        weights: Weights = Weights(),
        thresholds: Thresholds | None = None,
        before: Search | None = None,
    ) -> None:
        """`before` spares the work on stories that are the same on the shelf as it was."""
        self.shelf = shelf
        self._cache = cache
        self._vectors = vectors
        self._index = index
        self._weights = weights
        self._thresholds = thresholds or Thresholds()
        self._offered: Offered = Offered(shelf, before._offered if before else None)
        self._keywords_before = before.__dict__.get("_keywords") if before else None
        self._reasons_of: dict[str, list[tuple[Beat, str]]] = {}

    @property
    def by_meaning(self) -> bool:
        """Whether vectors are there; without a usable model the words alone decide."""
        return self._cache is not None and self._index is not None

    @property
    def meaning(self) -> VectorCache | None:
        """What turns texts into vectors here; None without a model."""
        return self._cache

    def find(self, situation: Situation, today: date, limit: int = 10) -> Found:
        """The stories for a situation, best first; none when nothing on the shelf fits."""
        if not situation.text:
            return Found(situation, Verdict.NOTHING)
        ranked = tuple(
            (story, score, self._verdict(strength)) for story, score, strength in self._ranked(situation, today, limit)
        )
        return Found(situation, self._overall(ranked), ranked, self._held_back(situation, ranked, today))

    def strengths(self, situation: Situation, today: date, limit: int = 3) -> list[tuple[str, float]]:
        """The first stories, each with the absolute score its verdict is read from: what thresholds are chosen on."""
        if not situation.text:
            return []
        return [(story, strength) for story, _, strength in self._ranked(situation, today, 10)[:limit]]

    @property
    def thresholds(self) -> Thresholds:
        """What the verdicts are read from."""
        return self._thresholds

    def with_thresholds(self, thresholds: Thresholds) -> Search:
        """The same search, its verdicts read from other thresholds."""
        other = copy(self)
        other._thresholds = thresholds
        return other

    def match(self, found: Found, viewer: Person, stories: Collection[str] | None = None) -> list[Match]:
        """The matches a person is shown, with the evidence for each."""
        shown = [entry for entry in found.ranked if stories is None or entry[0] in stories]
        self.embed_reasons([story for story, _, _ in shown])
        seen = [(self.seen(story, viewer), score, verdict) for story, score, verdict in shown]
        return [Match(story, score, verdict, self._evidence(story, found)) for story, score, verdict in seen]

    def get_ready(self) -> None:
        """Make now what the first question would wait for."""
        _ = self._keywords
        self._likeness.get_ready()

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed many situations at once, before each is asked."""
        if self._cache is not None and self._vectors.passages:
            self._cache.prepare(texts)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (texts, dimensions), kept in memory only; raises ValueError without a model."""
        if self._cache is None:
            raise ValueError("There is no model: texts have no vectors.")
        return self._cache.alike(texts)

    def like(self, story_id: str, situation: Situation, today: date, limit: int = 10) -> Found:
        """The stories most like one story, those first that also fit the situation."""
        if not self._has_vectors(story_id):
            return Found(situation, Verdict.NOTHING)
        rows, alike = self._most_alike(story_id, self._offered.on(today, situation.facets), max(limit, _FEW))
        asked = self._asked(situation.text) if situation.text else None
        fits = self._likeness.scores(asked.vector, rows) if asked is not None else np.zeros(len(rows))
        scored = [
            (self._offered.ids[row], like + 0.5 * fit, Verdict.CLOSE if like >= _ALIKE else Verdict.NEAREST)
            for row, like, fit in zip(rows, alike.tolist(), fits.tolist(), strict=True)
        ]
        ranked = tuple(sorted(scored, key=lambda entry: (-entry[1], entry[0]))[:limit])
        return Found(situation, self._overall(ranked), ranked)

    def seen(self, story_id: str, viewer: Person) -> Story:
        """A story as this person may see it; raises KeyError for an unknown id."""
        return seen_by(viewer, self.shelf.stories[story_id])

    def sentence_likeness(self, candidates: Sequence[str], text: str) -> list[float]:
        """How near each sentence is to a text, by meaning where there is a model, else by shared words."""
        if self._cache is None:
            return [shared_words(text, sentence) / 4 for sentence in candidates]
        return [float(x) for x in self._cache.vectors(candidates) @ self._cache.query(text)]

    def similar(self, story_id: str, today: date, limit: int = 3) -> list[str]:
        """The stories most like this one, by their whole."""
        if not self._has_vectors(story_id):
            return []
        rows, _ = self._most_alike(story_id, self._offered.on(today), limit)
        return [self._offered.ids[row] for row in rows]

    def diverse(self, found: Found, count: int = 3, leave_out: Collection[str] = ()) -> list[str]:
        """The stories the page shows first: the best, then good ones that do not repeat it."""
        left = [entry for entry in found.ranked if entry[0] not in leave_out and entry[2] is not Verdict.NOTHING]
        chosen: list[str] = []
        while left and len(chosen) < count:
            best = max(left, key=lambda entry: entry[1] - _REPEATS * self._repeats(entry[0], chosen))
            chosen.append(best[0])
            left.remove(best)
        return chosen

    def _repeats(self, story_id: str, shown: Collection[str]) -> float:
        """The likeness to the one shown that is most alike; 0 where there is none."""
        known = [self._offered.row_of[other] for other in shown if self._has_vectors(other)]
        if not known or not self._has_vectors(story_id):
            return 0.0
        return float(self._likeness.alike(self._offered.row_of[story_id], np.array(known)).max())

    # --- scores ---------------------------------------------------------------------------------------------------

    def _ranked(self, situation: Situation, today: date, limit: int) -> list[tuple[str, float, float]]:
        """The best stories, each with the score it is ranked by and the absolute one its verdict is read from."""
        allowed = self._offered.on(today, situation.facets)
        words = np.where(allowed, self._keywords.scores(situation.text), 0)
        best_words = float(words.max(initial=0))
        asked = self._asked(situation.text)
        rows = best_rows(words, 5 * limit)
        rows = rows[words[rows] > 0]
        shelf = free = -1.0
        if asked is not None:
            nearest = self._nearest(asked.vector, limit)
            rows = np.union1d(rows, self._near(asked.vector, nearest, allowed, limit))
            shelf = self._likeness.of_shelf(asked.vector)
            free = self._held_back_near(asked, nearest, situation, today)
        near = self._likeness.scores(asked.vector, rows) if asked is not None else np.zeros(len(rows))
        said = self._weights.keywords * words[rows] / (best_words or 1.0)
        scores = np.asarray(near + said + self._leaning(situation, rows, today), dtype=np.float32)
        best = best_rows(scores, max(_POOL, limit))
        rows, near, scores = rows[best], near[best], scores[best]
        if asked is not None:
            scores = scores + self._second_look.gains(scores, asked.tokens, rows)
        stories = [self._offered.ids[row] for row in rows]
        order = sorted(range(len(rows)), key=lambda place: (-scores[place], stories[place]))[:limit]
        nearer = free - float(near[order[:SHOWN]].max(initial=-1.0))
        signs = {at: Signs(float(near[at]), shelf, best_words, len(self.shelf), nearer) for at in order}
        return [(stories[at], float(scores[at]), self._strength(situation, stories[at], signs[at])) for at in order]

    def _leaning(self, situation: Situation, rows: Rows, today: date) -> NDArray[np.float64]:
        """What each story gains by the facets merely mentioned, and loses by its age."""
        gains = np.where(self._offered.stale_on(today)[rows], -self._weights.stale, 0.0)
        if leaning := [facet for facet in situation.facets if not facet.strict]:
            for place, row in enumerate(rows):
                agrees, _ = agreeing(self._offered.facets(self._offered.ids[row]), leaning)
                gains[place] += sum(self._weights.lean(kind) for kind in {facet.kind for facet in agrees})
        return gains

    def _nearest(self, vector: Vectors, limit: int) -> Rows:
        """The stories whose passages are nearest, whether they may be offered or not."""
        if self._index is None:
            return np.zeros(0, dtype=np.intp)
        row_of = self._offered.row_of
        # The index may be a shelf ahead, and hold a story that is not on this one.
        found = {row_of.get(near.story, -1) for near in self._index.nearest(vector, max(60, 15 * limit))} - {-1}
        return np.array([row for row in found if self._likeness.known[row]], dtype=np.intp)

    def _near(self, vector: Vectors, nearest: Rows, allowed: Mask, limit: int) -> Rows:
        """The nearest stories that are allowed; where wishes leave few of those, the nearest of all allowed."""
        near = nearest[allowed[nearest]]
        known = allowed & self._likeness.known
        if len(near) < min(int(known.sum()), 3 * limit):
            rows = np.flatnonzero(known)
            near = np.union1d(near, self._likeness.nearest(vector, rows, 15 * limit) if len(rows) > _FEW else rows)
        return near

    def _held_back_near(self, asked: Asked, nearest: Rows, situation: Situation, today: date) -> float:
        """The best likeness among the nearest stories, strict wishes or not; -1 where no wish holds one back."""
        if not situation.strict:
            return -1.0
        rows = nearest[self._offered.on(today)[nearest]]
        return float(self._likeness.scores(asked.vector, rows).max(initial=-1.0))

    def _most_alike(self, story_id: str, allowed: Mask, count: int) -> tuple[Rows, NDArray[np.float32]]:
        """The rows allowed, so many, that are most alike to a story, most alike first, and how much."""
        row = self._offered.row_of[story_id]
        rows = np.flatnonzero(allowed & self._likeness.known)
        rows = rows[rows != row]
        alike = self._likeness.alike(row, rows)
        best = best_rows(alike, count)
        return rows[best], alike[best]

    def _has_vectors(self, story_id: str) -> bool:
        return story_id in self._vectors.rows

    def _asked(self, text: str) -> Asked | None:
        if self._cache is None or not self._vectors.passages:
            return None
        return self._cache.asked(text)

    def _strength(self, situation: Situation, story: str, signs: Signs) -> float:
        if not self.by_meaning:
            return self._keywords.coverage(situation.text, story)
        return self._thresholds.strength(situation, signs)

    # --- verdicts --------------------------------------------------------------------------------------------------

    def _verdict(self, strength: float) -> Verdict:
        return self._thresholds.verdict(strength, by_meaning=self.by_meaning)

    def _overall(self, ranked: tuple[tuple[str, float, Verdict], ...]) -> Verdict:
        return overall(verdict for _, _, verdict in ranked[:SHOWN])

    def _held_back(
        self, situation: Situation, ranked: tuple[tuple[str, float, Verdict], ...], today: date
    ) -> tuple[Facet, ...]:
        """The strict wishes, when nothing fits under them and something would without."""
        if not situation.strict or self._overall(ranked) is not Verdict.NOTHING:
            return ()
        free = replace(situation, facets=tuple(f for f in situation.facets if not f.strict))
        return situation.strict if self.find(free, today, 3).verdict is not Verdict.NOTHING else ()

    # --- why it fits -------------------------------------------------------------------------------------------------

    def _evidence(self, seen: Story, found: Found) -> Evidence:
        """Why a story fits, for the person it was prepared for."""
        searched = self._reasons(seen.id)
        best = self._best_sentence([sentence for _, sentence in searched], found.situation.text)
        beat, sentence = searched[best] if searched else (Beat.WHO, "")
        passage = seen.beat(beat)
        within = [s for b, s in searched if b is beat]
        shown = sentences(passage)
        if len(shown) == len(within):  # the same sentences, with the names this person may see
            sentence = shown[within.index(sentence)]
        agrees, differs = agreeing(self._offered.facets(seen.id), found.situation.facets)
        return Evidence(beat, passage, sentence, agrees, differs)

    def _reasons(self, story_id: str) -> list[tuple[Beat, str]]:
        """The sentences that can say why a story fits: of what changed and what it cost, else all; names taken out."""
        if story_id not in self._reasons_of:
            beats = without_names(self.shelf.stories[story_id]).beats
            why = [beat for beat in _WHY if beat in beats] or list(beats)
            self._reasons_of[story_id] = [(beat, sentence) for beat in why for sentence in sentences(beats[beat])]
        return self._reasons_of[story_id]

    def embed_reasons(self, stories: Collection[str]) -> None:
        """Embed, many at a time, the sentences that would be shown as the reason for these stories."""
        if self._cache is not None and self._vectors.passages:
            self._cache.vectors([s for story in stories for _, s in self._reasons(story)])

    def _best_sentence(self, candidates: list[str], text: str) -> int:
        if len(candidates) < 2:
            return 0
        asked = self._asked(text)
        if asked is None or self._cache is None:
            return max(range(len(candidates)), key=lambda i: shared_words(text, candidates[i]))
        likeness = self._cache.vectors(candidates) @ asked.vector
        # A sentence of three words is near to nothing and to everything.
        return int(np.argmax([near * min(1, len(s.split()) / 8) for near, s in zip(likeness, candidates, strict=True)]))

    # --- what is made once a shelf ---------------------------------------------------------------------------------

    @cached_property
    def _keywords(self) -> Keywords:
        before, self._keywords_before = self._keywords_before, None
        return Keywords({story.id: self.shelf.searched(story.id).words for story in self.shelf}, before)

    @cached_property
    def _likeness(self) -> Likeness:
        weights = self._weights
        return Likeness(self._offered.ids, self._vectors, weights.whole, weights.beats, weights.gist)

    @cached_property
    def _second_look(self) -> SecondLook:
        return SecondLook(self._likeness, self._vectors.gists, self._weights.tokens, self._weights.neighbours)
