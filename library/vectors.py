"""Vectors kept by model and text, so that no text is embedded twice, and those of a shelf in one array."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from library.encoder import Encoder, Vectors
from library.story import Passage

BLOCK = 256
"""Texts that are embedded and written down together; a build that is killed goes on from there."""
MEMORY = 20_000
QUERIES = 2_000
_QUERY, _ALIKE = "query\0", "alike\0"
"""Before a text in its key: the same words looked for, or held against their like, may have other vectors."""
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")
"""What is no damage: another process at work, a full disk, a folder one may not write in."""
log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
"""Called with how many texts are embedded and how many there are."""


class VectorCache:
    """Embeds texts and remembers the vectors, in a file that any number of processes may share."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path = path
        self._encoder = encoder
        self._recent: dict[str, Vectors] = {}
        self._queries: dict[str, Vectors] = {}

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
        # Texts of a length together: the model pads a batch to its longest.
        missing = sorted(
            {key: text for key, text in texts.items() if key not in known}.items(),
            key=lambda item: len(item[1]),
            reverse=True,
        )
        for at in range(0, len(missing), BLOCK):
            block = missing[at : at + BLOCK]
            fresh = dict(zip((key for key, _ in block), self._encoder.encode([text for _, text in block]), strict=True))
            self._keep(fresh)
            known |= fresh
            if progress:
                progress(min(at + BLOCK, len(missing)), len(missing))
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
        matrix = self._means([passages[row].parts for row in new], progress)
        if len(new) < len(passages):
            in_place = len(source) == len(before.matrix) and bool(
                ((source < 0) | (source == np.arange(len(source)))).all()
            )
            taken = before.matrix.copy() if in_place else before.matrix[source]
            if len(new):
                taken[new] = matrix
            matrix = taken
        made = PassageVectors(passages, matrix)
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
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def prepare(self, texts: Sequence[str]) -> None:
        """Embed many of a rep's texts at once, so that asking for each is quick."""
        fresh = [text for text in dict.fromkeys(texts) if self._key(text, _QUERY) not in self._queries]
        self._remember(fresh, self._encoder.encode_queries, _QUERY)

    def query(self, text: str) -> Vectors:
        """The vector of a rep's words, remembered in memory only."""
        key = self._key(text, _QUERY)
        vector = self._queries.get(key)
        if vector is None:
            vector = self._remember([text], self._encoder.encode_queries, _QUERY)[0]
        return vector

    def alike(self, texts: Sequence[str]) -> Vectors:
        """One row a text, remembered in memory only, to hold what reps said against each other.

        As passages: a model that is told "this is a question" moves all questions nearer together.
        """
        keys = {text: self._key(text, _ALIKE) for text in texts}
        remembered = self._queries
        known = {text: remembered[key] for text, key in keys.items() if key in remembered}
        fresh = [text for text in keys if text not in known]
        known |= dict(zip(fresh, self._remember(fresh, self._encoder.encode, _ALIKE), strict=True))
        return _stacked([known[text] for text in texts])

    def _remember(self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors], side: str) -> list[Vectors]:
        vectors = list(encode(texts)) if texts else []
        if len(self._queries) + len(vectors) > QUERIES:
            self._queries = {}  # another thread may be reading the old one
        self._queries |= {self._key(text, side): vector for text, vector in zip(texts, vectors, strict=True)}
        return vectors

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

    def _kept(self, keys: list[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        if not keys:
            return found
        try:
            with closing(self._open()) as database:
                for at in range(0, len(keys), 500):
                    part = keys[at : at + 500]
                    marks = ",".join("?" * len(part))
                    rows = database.execute(f"select key, vector from vectors where key in ({marks})", part)  # noqa: S608
                    found |= {key: np.frombuffer(blob, dtype=np.float32) for key, blob in rows}
        except sqlite3.DatabaseError as error:
            self._start_again(error)
        return found

    def _keep(self, vectors: Mapping[str, Vectors]) -> None:
        rows = [(key, np.asarray(vector, dtype=np.float32).tobytes()) for key, vector in vectors.items()]
        try:
            with closing(self._open()) as database, database:
                database.executemany("insert or ignore into vectors values (?, ?)", rows)
        except sqlite3.DatabaseError as error:
            self._start_again(error)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=30)
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=normal")  # a power cut may cost the last vectors, never the file
        database.execute("create table if not exists vectors (key text primary key, vector blob) without rowid")
        return database

    def _start_again(self, error: sqlite3.DatabaseError) -> None:
        """A cache that cannot be read is worth nothing: set it aside, the texts are still there."""
        if getattr(error, "sqlite_errorname", "").startswith(_PASSING):
            log.warning("The vectors in %s are out of reach for now (%s).", self._path, error)
            return
        log.warning("The vectors in %s are damaged (%s); starting again.", self._path, error)
        if self._path.exists():
            self._path.replace(self._path.with_suffix(".damaged"))
        for beside in ("-wal", "-shm"):
            self._path.with_name(self._path.name + beside).unlink(missing_ok=True)


def _stacked(vectors: list[Vectors]) -> Vectors:
    return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True)
class PassageVectors:
    """The passages of a shelf with their vectors: row i of the matrix belongs to passage i."""

    passages: tuple[Passage, ...] = ()
    matrix: Vectors = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

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
