"""The passages' vectors in Chroma, kept in step with the shelf, rebuilt when lost; one process writes, others read."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sqlite3
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from filelock import FileLock, Timeout

from library.encoder import Vectors
from library.story import GIST, Beat
from library.vectors import PassageVectors

COLLECTION = "passages"
PROBES = 5
FRESH = 2 * 10**9
"""Nanoseconds: a file changed so shortly before it was hashed may change again and look the same (coarse clocks)."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage near a query: its story, its beat (None for the gist), and the cosine similarity, -1 to 1."""

    story: str
    beat: Beat | None
    similarity: float


class Index(Protocol):
    """Finds the passages nearest to a vector."""

    @property
    def writes(self) -> bool:
        """Whether this process keeps the index on disk; another process may have that part."""

    def sync(self, vectors: PassageVectors) -> None:
        """Bring the index in step with the passages of a shelf."""

    def nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """The passages nearest to a vector, nearest first."""

    def close(self) -> None:
        """Let go of the files."""


class ExactIndex:
    """Compares with every passage in memory: for a second process beside the one that keeps the Chroma index."""

    writes = False

    def __init__(self) -> None:
        self._vectors = PassageVectors()

    def sync(self, vectors: PassageVectors) -> None:
        """Take the passages of a shelf."""
        self._vectors = vectors

    def nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """The passages nearest to a vector, nearest first."""
        passages = self._vectors.passages
        if not passages:
            return []
        similarities = self._vectors.matrix @ vector
        best = np.argpartition(-similarities, limit)[:limit] if limit < len(passages) else np.arange(len(passages))
        best = best[np.argsort(-similarities[best])]
        return [Neighbour(passages[row].story, passages[row].beat, float(similarities[row])) for row in best]

    def close(self) -> None:
        """Nothing is held."""


class ChromaIndex:
    """Chroma behind two verbs. A cache: what is damaged or lost is built anew from the vectors handed in."""

    writes = True

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock
        self._manifest = folder / "manifest.json"
        self._collection: Any = None
        self._generation = ""
        self._digests: dict[str, str] = {}
        self._exact = ExactIndex()
        self._hashed: dict[Path, tuple[tuple[int, int, int], str]] = {}
        """The graph's files as they looked when they were hashed, and their digests; only of those that can be told."""

    def sync(self, vectors: PassageVectors) -> None:
        """Add what is new, replace what changed, delete what is gone; build anew when that cannot be trusted."""
        self._exact.sync(vectors)
        if self._collection is None:
            self._open()
        kept, wanted = self._digests, vectors.digests
        gone = [key for key, digest in kept.items() if wanted.get(key) != digest]
        fresh = {key for key, digest in wanted.items() if kept.get(key) != digest}
        spans = [vectors.rows[story] for story in {key.rpartition(":")[0] for key in fresh}]
        new = [r for span in spans for r in range(span.start, span.stop) if vectors.passages[r].id in fresh]
        if self._collection is None or len(gone) > max(100, len(vectors.passages)):
            self._build(vectors)
        elif gone or new:
            try:
                # A changed row is deleted and added: an upsert would merge the old metadata into the new.
                self._manifest.unlink(missing_ok=True)
                for at in range(0, len(gone), 1000):
                    self._collection.delete(ids=gone[at : at + 1000])
                self._add(vectors, new)
                self._digests = dict(vectors.digests)
            except Exception:
                log.warning("The index could not be changed; building it anew.", exc_info=True)
                self._build(vectors)
        if not self._answers_like(vectors):
            self._build(vectors)
            self._answers_like(vectors)
        if not self._manifest.exists():
            # Only now: Chroma writes some of its files at the first question, and the manifest vouches for all.
            self._write_manifest()

    def nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        """The passages nearest to a vector, nearest first."""
        if not self._digests:
            return []
        try:
            return self._nearest(vector, limit)
        except Exception:
            # Somebody may delete the folder under a running library; the next sync that has work builds it anew.
            log.warning("The index in %s does not answer; comparing in memory.", self._folder, exc_info=True)
            return self._exact.nearest(vector, limit)

    def _nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        found = self._collection.query(
            query_embeddings=[vector], n_results=min(limit, len(self._digests)), include=["distances"]
        )
        neighbours = []
        for key, distance in zip(found["ids"][0], found["distances"][0], strict=True):
            story, _, beat = key.rpartition(":")
            # In cosine space Chroma's distance is 1 - similarity. This is the one place that knows.
            neighbours.append(Neighbour(story, None if beat == GIST else Beat(beat), 1.0 - float(distance)))
        return neighbours

    def close(self) -> None:
        """Let another process keep the index."""
        self._collection = None
        self._lock.release()

    def _open(self) -> None:
        """Open what a manifest vouches for; a damaged store is never opened, it could take the process with it."""
        try:
            manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
            self._generation = str(manifest["generation"])
            sound = manifest["files"] == self._file_digests() and self._database_is_sound()
        except (OSError, ValueError, KeyError, TypeError):
            return
        if not sound:
            # Also a sound store after a kill: below 1,000 rows Chroma leaves the graph's file half written.
            log.info("The index in %s is not as it was written; building it anew.", self._folder)
            return
        try:
            self._collection = self._client().get_collection(COLLECTION, embedding_function=None)
            if self._collection.count() == len(manifest["passages"]):
                self._digests = dict(manifest["passages"])
            else:
                self._collection = None
        except Exception:
            log.warning("The index in %s cannot be opened; building it anew.", self._folder, exc_info=True)
            self._collection = None

    def _build(self, vectors: PassageVectors) -> None:
        """Build beside the old one, then swap: Chroma never frees the room of deleted rows, nor forgets a path."""
        self._manifest.unlink(missing_ok=True)
        self._generation = f"g{uuid.uuid4().hex[:12]}"
        self._digests = {}
        self._place.mkdir(parents=True, exist_ok=True)
        self._collection = self._client().create_collection(
            COLLECTION, embedding_function=None, metadata={"hnsw:space": "cosine"}
        )
        self._add(vectors, range(len(vectors.passages)))
        self._digests = dict(vectors.digests)
        for old in self._folder.glob("g*"):
            if old.is_dir() and old.name != self._generation:
                shutil.rmtree(old, ignore_errors=True)

    def _add(self, vectors: PassageVectors, rows: Sequence[int]) -> None:
        for at in range(0, len(rows), 1000):
            part = rows[at : at + 1000]
            self._collection.add(
                ids=[vectors.passages[row].id for row in part],
                embeddings=vectors.matrix[list(part)],
            )

    def _answers_like(self, vectors: PassageVectors) -> bool:
        """Whether a few passages find something that is as near as it says: the check that the store is the shelf's.

        Not that each finds itself: a graph answers nearly, and on a large shelf now and then it misses the nearest.
        """
        count = len(vectors.passages)
        try:
            for row in range(0, count, max(1, count // PROBES)):
                found = self._nearest(vectors.matrix[row], 1)[0]
                near = float(vectors.matrix[_row(vectors, found)] @ vectors.matrix[row])
                if abs(near - found.similarity) > 0.001:
                    log.warning("The index answers with other vectors than the shelf's; building it anew.")
                    return False
        except Exception:
            log.warning("The index does not answer; building it anew.", exc_info=True)
            return False
        return True

    def _client(self) -> Any:  # noqa: ANN401 - chromadb's own type
        import chromadb  # noqa: PLC0415 - a second or two that Browse need not wait for
        from chromadb.config import Settings  # noqa: PLC0415

        return chromadb.PersistentClient(path=str(self._place), settings=Settings(anonymized_telemetry=False))

    @property
    def _place(self) -> Path:
        return self._folder / self._generation

    def _file_digests(self) -> dict[str, str]:
        """The graph's files, which only a write changes; the database and length.bin change when opened."""
        digests: dict[str, str] = {}
        hashed: dict[Path, tuple[tuple[int, int, int], str]] = {}
        for path in sorted(self._place.rglob("*")):
            if not (path.is_file() and path.suffix in {".bin", ".pickle"} and path.name != "length.bin"):
                continue
            info, now = path.stat(), time.time_ns()
            looks = info.st_size, max(info.st_mtime_ns, info.st_ctime_ns), info.st_ino
            known = self._hashed.get(path)
            if known is not None and known[0] == looks:
                digest = known[1]
            else:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            if looks[1] < now - FRESH:
                hashed[path] = looks, digest
            digests[path.relative_to(self._place).as_posix()] = digest
        self._hashed = hashed
        return digests

    def _database_is_sound(self) -> bool:
        try:
            # mode=rw: not read-only, which cannot finish a killed writer's journal, and never an empty new file.
            with closing(sqlite3.connect(f"file:{self._place / 'chroma.sqlite3'}?mode=rw", uri=True)) as database:
                return bool(database.execute("pragma quick_check").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    def _write_manifest(self) -> None:
        manifest: Mapping[str, object] = {
            "generation": self._generation,
            "files": self._file_digests(),
            "passages": self._digests,
        }
        part = self._manifest.with_suffix(".part")
        part.write_text(json.dumps(manifest), encoding="utf-8")
        part.replace(self._manifest)


def _row(vectors: PassageVectors, found: Neighbour) -> int:
    """Where a passage that was found stands; raises KeyError or StopIteration for one that is on no shelf."""
    span = vectors.rows[found.story]
    return next(row for row in range(span.start, span.stop) if vectors.passages[row].beat is found.beat)


def open_index(folder: Path) -> Index:
    """The Chroma index of a folder, or an exact one when another process keeps that already."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return ExactIndex()
    return ChromaIndex(folder, lock)
