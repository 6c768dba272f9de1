"""What the columns of somebody's table were taken for, so that the next table like it need not be explained again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from library.records.database import Database
from library.records.tables import mappings


class Mappings:
    """By the key of a table's columns, what each was taken for when such a table last came in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, key: str, columns: Mapping[str, str], person: str, *, at: datetime) -> None:
        """Keep what the columns were taken for, instead of what was kept for such a table before."""
        values = {"columns": dict(columns), "person": person, "at": at}
        change = update(mappings).where(mappings.c.key == key).values(values)
        with self._database.writing() as connection:
            if connection.execute(change).rowcount:
                return
            try:
                with connection.begin_nested():
                    connection.execute(mappings.insert().values(key=key, **values))
            except IntegrityError:  # PostgreSQL: somebody kept one in the meantime
                connection.execute(change)

    def get(self, key: str) -> dict[str, str]:
        """What each column was taken for; empty for a table that never came."""
        with self._database.reading() as connection:
            row = connection.execute(select(mappings.c.columns).where(mappings.c.key == key)).first()
        return dict(row.columns) if row else {}
