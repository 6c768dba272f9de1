"""Vectors on the disk, by key: a file that any number of processes may share, and that may be lost at any time."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path

_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR")
"""What is no damage: another process at work, a full disk, a folder one may not write in."""
log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What is kept, each in a table of its own."""

    VECTORS = "vectors"
    TOKENS = "tokens"


class VectorStore:
    """Bytes under keys. What cannot be read is not there, and what cannot be written is made again next time."""

    def __init__(self, path: Path | None) -> None:
        """Without a path nothing is kept."""
        self._path = path

    def kept(self, kind: Kind, keys: Sequence[str]) -> dict[str, bytes]:
        """What is there under these keys."""
        found: dict[str, bytes] = {}
        if not keys or self._path is None:
            return found
        try:
            with closing(self._open(self._path)) as database:
                for at in range(0, len(keys), 500):
                    part = keys[at : at + 500]
                    marks = ",".join("?" * len(part))
                    found |= dict(database.execute(f"select key, vector from {kind} where key in ({marks})", part))  # noqa: S608
        except sqlite3.DatabaseError as error:
            self._start_again(self._path, error)
        return found

    def keep(self, kind: Kind, rows: Mapping[str, bytes]) -> None:
        """Write what is not there."""
        if not rows or self._path is None:
            return
        try:
            with closing(self._open(self._path)) as database, database:
                database.executemany(f"insert or ignore into {kind} values (?, ?)", rows.items())  # noqa: S608
        except sqlite3.DatabaseError as error:
            self._start_again(self._path, error)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, timeout=30)
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=normal")  # a power cut may cost the last vectors, never the file
        for kind in Kind:
            database.execute(f"create table if not exists {kind} (key text primary key, vector blob) without rowid")
        return database

    @staticmethod
    def _start_again(path: Path, error: sqlite3.DatabaseError) -> None:
        """A cache that cannot be read is worth nothing: set it aside, the texts are still there."""
        if getattr(error, "sqlite_errorname", "").startswith(_PASSING):
            log.warning("The vectors in %s are out of reach for now (%s).", path, error)
            return
        log.warning("The vectors in %s are damaged (%s); starting again.", path, error)
        if path.exists():
            path.replace(path.with_suffix(".damaged"))
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
