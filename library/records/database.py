"""One database for all records: SQLite in a file, or PostgreSQL by address; migrated when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from library.records.entries import RecordsError

MIGRATIONS = Path(__file__).with_name("migrations")
WAIT_SECONDS = 30
"""How long a writer waits for the others; each holds the database for milliseconds."""
_MIGRATION_LOCK = 7_201_126
"""Any number, the same in every process: PostgreSQL lets one of them migrate."""


class Database:
    """An engine and the two ways to use it; safe to share between threads."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise RecordsError(
                "LIBRARY_DATABASE_URL is no database address; write postgresql://user:password@host/name."
            ) from error
        if parsed.drivername in {"postgres", "postgresql"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
            kind = parsed.drivername
            raise RecordsError(
                f"LIBRARY_DATABASE_URL names {kind}; records are kept in PostgreSQL, or in a file without it."
            )
        self.name = parsed.render_as_string(hide_password=True)
        self._file = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
        self._engine = self._create(parsed)

    def _create(self, url: Any) -> Engine:  # noqa: ANN401 - sqlalchemy's URL
        if self._file is None:
            return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=20)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine

    def migrate(self) -> None:
        """Bring the tables to the newest form; raises RecordsError where that cannot be done."""
        from alembic import command  # noqa: PLC0415 - a moment that Browse need not wait for
        from alembic.config import Config  # noqa: PLC0415
        from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
        from alembic.script import ScriptDirectory  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        with self.writing() as connection:
            if self._file is None:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            found = MigrationContext.configure(connection).get_current_revision()
            scripts = ScriptDirectory.from_config(config)
            if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
                raise RecordsError(f"The records were written by a newer version ({found}); update this one.")
            if found != scripts.get_current_head():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that reads and blocks nobody; raises RecordsError."""
        with self._sentences(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on disk when the block ends, or leaves nothing; raises RecordsError."""
        with self._sentences(), self._engine.begin() as connection:
            yield connection

    def hold(self, connection: Connection, name: str) -> None:
        """Wait until no other transaction holds this name, and hold it to the end; SQLite lets one write anyway."""
        if self._file is None:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})

    def forget_deleted(self) -> None:
        """Take what was erased out of SQLite's log too; its pages are overwritten when they are deleted."""
        if self._file is not None:
            with self.reading() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            # The driver's own words hold the statement and its values: somebody's situation among them.
            cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            raise RecordsError(f"The records in {self.name} cannot be used: {cause}.") from error


def _prepare_sqlite(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's connection
    connection.isolation_level = None  # the driver would begin by itself, and too late for a migration
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
