"""Vectors kept by model and text, so that no text is embedded twice, and those of a shelf in one array."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from library.encoder import Encoder, Vectors, of_length_one
from library.store import Kind, VectorStore
from library.story import Passage
from library.tokens import Gist, Gists, Projection, Tokens

BLOCK = 256
"""Texts that are embedded and written down together; a build that is killed goes on from there."""
MEMORY = 20_000
QUERIES = 2_000
_QUERY, _ALIKE = "query\0", "alike\0"
"""Before a text in its key: the same words looked for, or held against their like, may have other vectors."""
Progress = Callable[[int, int], None]
"""Called with how many texts are embedded and how many there are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rep looks for: its vector and, where there is a projection, the vectors of its tokens."""

    vector: Vectors
    tokens: Tokens | None = None


class VectorCache:
    """Embeds texts and remembers the vectors, in a file that any number of processes may share."""

    def __init__(self, path: Path | None, encoder: Encoder, projection: Projection | None = None) -> None:
        """Without a path nothing outlives the process; without a projection there are no vectors of tokens."""
        self._store = VectorStore(path)
        self._encoder = encoder
        self._projection = projection
        self._recent: dict[str, Vectors] = {}
        self._asked: dict[str, Asked] = {}
        self._alike: dict[str, Vectors] = {}

    @property
    def encoder_name(self) -> str:
        """Which model makes the vectors."""
        return self._encoder.name

    def vectors(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One row a text, in the order given, remembered; only what was never embedded before reaches the encoder."""
        keys = {text: self._key(text) for text in texts}
        recent = self._recent
        known = {key: recent[key] for key in keys.values() if key in recent}
        fresh = self._embedded({key: text for text, key in keys.items() if key not in known}, progress)
        if len(self._recent) + len(fresh) > MEMORY:
            self._recent = {}  # another thread may be reading the old one
        self._recent |= fresh
        known |= fresh
        return _stacked([known[keys[text]] for text in texts])

    def _embedded(self, texts: Mapping[str, str], progress: Progress | None) -> dict[str, Vectors]:
        """The vector of each text under its key: from the file, or embedded now and kept there."""
        known = self._kept(list(texts))
        for block in _blocks({key: text for key, text in texts.items() if key not in known}, progress):
            fresh = dict(zip(block, self._encoder.encode(list(block.values())), strict=True))
            self._keep(fresh)
            known |= fresh
        return known

    def passages(
        self, passages: Sequence[Passage], progress: Progress | None = None, before: PassageVectors | None = None
    ) -> PassageVectors:
        """The passages with their vectors; a passage of several parts has the mean of theirs.

        Those of the shelf before are taken over where a story's passages are the same.
        """
        before = before or PassageVectors()
        passages = tuple(passages)
        if not passages:
            return PassageVectors()
        source = np.full(len(passages), -1)
        digests = dict(before.digests)
        spans = _spans(passages)
        for story, there in before.rows.items():
            here = spans.get(story, slice(0, 0))
            if passages[here] == before.passages[there]:
                source[here] = np.arange(there.start, there.stop)
            else:
                for passage in before.passages[there]:
                    del digests[passage.id]
        new = np.flatnonzero(source < 0)
        digests |= {passages[row].id: _digest(passages[row]) for row in new}
        # First titles and tags, whose vectors come with their tokens.
        gists, done = self._gists(passages, before.gists, progress)
        matrix = self._means([passages[row].parts for row in new], _after(done, progress))
        if len(new) < len(passages):
            in_place = len(source) == len(before.matrix) and bool(
                ((source < 0) | (source == np.arange(len(source)))).all()
            )
            taken = before.matrix.copy() if in_place else before.matrix[source]
            if len(new):
                taken[new] = matrix
            matrix = taken
        made = PassageVectors(passages, matrix, gists)
        made.__dict__.update(rows=spans, digests=digests)  # what it would make when asked
        return made

    def _means(self, passages: Sequence[Sequence[str]], progress: Progress | None) -> Vectors:
        """One row for the parts of a passage: their mean, of length 1."""
        if not passages:
            return _stacked([])
        keyed = [(self._key(part), part) for parts in passages for part in parts]
        known = self._embedded(dict(keyed), progress)  # not remembered beside the file: they stay in the matrix
        vectors = _stacked([known[key] for key, _ in keyed])
        starts = np.cumsum([0, *(len(parts) for parts in passages[:-1])])
        sums = np.add.reduceat(vectors, starts, axis=0)
        return of_length_one(sums)

    def _gists(self, passages: Sequence[Passage], before: Gists, progress: Progress | None = None) -> tuple[Gists, int]:
        """The tokens of each story's title and tags, taken over where those are the same; and how many were made.

        None without a projection.
        """
        if self._projection is None:
            return {}, 0
        wanted = {passage.story: passage.parts for passage in passages if passage.beat is None}
        same = {
            story: before[story] for story, parts in wanted.items() if story in before and before[story].parts == parts
        }
        texts = {part for story, parts in wanted.items() if story not in same for part in parts}
        tokens, made = self._tokens(texts, progress)
        fresh = {
            story: Gist.of(parts, [tokens[p] for p in parts]) for story, parts in wanted.items() if story not in same
        }
        return {story: same.get(story) or fresh[story] for story in wanted}, made

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed many of a rep's texts at once, so that asking for each is quick."""
        self._ask([text for text in dict.fromkeys(texts) if self._key(text, _QUERY) not in self._asked])

    def query(self, text: str) -> Vectors:
        """The vector of a rep's words, remembered in memory only."""
        return self.asked(text).vector

    def asked(self, text: str) -> Asked:
        """A rep's words with the vectors of their tokens, remembered in memory only."""
        return self._asked.get(self._key(text, _QUERY)) or self._ask([text])[0]

    def _ask(self, texts: Sequence[str]) -> list[Asked]:
        if not texts:
            return []
        if self._projection is None:
            made = [Asked(vector) for vector in self._encoder.encode_queries(texts)]
        else:
            vectors, tokens = self._encoder.encode_queries_with_tokens(texts)
            made = [Asked(v, self._projection.of(t)) for v, t in zip(vectors, tokens, strict=True)]
        if len(self._asked) + len(made) > QUERIES:
            self._asked = {}  # another thread may be reading the old one
        self._asked |= {self._key(text, _QUERY): asked for text, asked in zip(texts, made, strict=True)}
        return made

    def alike(self, texts: Sequence[str]) -> Vectors:
        """One row a text, remembered in memory only, to hold what reps said against each other.

        As passages: a model that is told "this is a question" moves all questions nearer together.
        """
        keys = {text: self._key(text, _ALIKE) for text in texts}
        remembered = self._alike
        known = {text: remembered[key] for text, key in keys.items() if key in remembered}
        fresh = [text for text in keys if text not in known]
        made = dict(zip(fresh, self._encoder.encode(fresh), strict=True)) if fresh else {}
        if len(remembered) + len(made) > QUERIES:
            self._alike = {}  # another thread may be reading the old one
        self._alike |= {keys[text]: vector for text, vector in made.items()}
        known |= made
        return _stacked([known[text] for text in texts])

    def once(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in the order given, remembered nowhere: for what somebody says of their own.

        As passages: a telling or a note is held against a story's sentences as their like, it asks for none.
        """
        return _stacked(list(self._encoder.encode(list(texts)))) if texts else _stacked([])

    def known(self, texts: Iterable[str]) -> int:
        """How many of the texts need no embedding."""
        keys = {self._key(text) for text in texts}
        return len(self._kept(list(keys)))

    def _key(self, text: str, side: str = "") -> str:
        return hashlib.sha256(f"{self._encoder.name}\0{side}{text}".encode("utf-8", "replace")).hexdigest()

    def _kept(self, keys: Sequence[str]) -> dict[str, Vectors]:
        found = self._store.kept(Kind.VECTORS, keys)
        return {key: np.frombuffer(blob, dtype=np.float32) for key, blob in found.items()}

    def _tokens(self, texts: Collection[str], progress: Progress | None) -> tuple[dict[str, Tokens], int]:
        """The tokens of each text: from the file, or made now and kept there together with the text's vector.

        And how many were made.
        """
        projection = self._projection
        assert projection is not None
        keys = {self._key(text, f"tokens {projection.mark}\0"): text for text in texts}
        found = self._store.kept(Kind.TOKENS, list(keys))
        known = {keys[key]: np.frombuffer(b, np.int8).reshape(-1, projection.dimensions) for key, b in found.items()}
        missing = {key: text for key, text in keys.items() if key not in found}
        for block in _blocks(missing, progress):
            vectors, tokens = self._encoder.encode_with_tokens(list(block.values()))
            fresh = {text: projection.of(made) for text, made in zip(block.values(), tokens, strict=True)}
            self._keep({self._key(text): vector for text, vector in zip(block.values(), vectors, strict=True)})
            self._store.keep(Kind.TOKENS, {key: fresh[text].tobytes() for key, text in block.items()})
            known |= fresh
        return known, len(missing)

    def _keep(self, vectors: Mapping[str, Vectors]) -> None:
        rows = {key: np.asarray(vector, dtype=np.float32).tobytes() for key, vector in vectors.items()}
        self._store.keep(Kind.VECTORS, rows)


def _blocks(missing: Mapping[str, str], progress: Progress | None) -> Iterator[dict[str, str]]:
    """Texts under their keys, a block at a time; what is done with one is told before the next.

    Texts of a length together, the longest first: the model pads a batch to its longest.
    """
    longest_first = sorted(missing.items(), key=lambda item: -len(item[1]))
    for at in range(0, len(longest_first), BLOCK):
        yield dict(longest_first[at : at + BLOCK])
        if progress:
            progress(min(at + BLOCK, len(longest_first)), len(longest_first))


def _after(done: int, progress: Progress | None) -> Progress | None:
    """The progress of a second part of the same work, so that it goes on and does not begin again."""
    return (lambda now, total: progress(done + now, done + total)) if progress else None


def _stacked(vectors: list[Vectors]) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True)
class PassageVectors:
    """The passages of a shelf with their vectors: row i of the matrix belongs to passage i."""

    passages: tuple[Passage, ...] = ()
    matrix: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    gists: Gists = field(default_factory=dict)
    """The tokens of titles and tags, by story; none where the model has no projection."""

    @cached_property
    def rows(self) -> Mapping[str, slice]:
        """Where each story's passages stand; a shelf keeps them together."""
        return _spans(self.passages)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """Each passage's id and a digest of its text: what tells a changed passage from an unchanged one."""
        return {passage.id: _digest(passage) for passage in self.passages}


def _digest(passage: Passage) -> str:
    return hashlib.sha256("\0".join(passage.parts).encode("utf-8", "replace")).hexdigest()[:16]


def _spans(passages: Sequence[Passage]) -> dict[str, slice]:
    starts: dict[str, int] = {}
    for row, passage in enumerate(passages):
        starts.setdefault(passage.story, row)
    ends = [*starts.values(), len(passages)][1:]
    return {story: slice(start, end) for (story, start), end in zip(starts.items(), ends, strict=True)}
