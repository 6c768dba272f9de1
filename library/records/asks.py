"""The situations people described, and what became of the answers."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from library.records.database import Database
from library.records.entries import Ask
from library.records.tables import ask_uses, asks


class Asks:
    """Every ask; the words are erased in time, or when their person wants it, the rest stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        person: str,
        text: str,
        *,
        at: datetime,
        verdict: str,
        facets: Iterable[str] = (),
        results: Iterable[str] = (),
    ) -> Ask:
        """Record one ask; it is on disk when this returns."""
        ask = Ask(uuid.uuid4().hex, at, person, text, tuple(facets), verdict, tuple(results))
        with self._database.writing() as connection:
            connection.execute(
                asks.insert().values(
                    id=ask.id,
                    at=at,
                    person=person,
                    text=text,
                    facets=list(ask.facets),
                    verdict=verdict,
                    results=list(ask.results),
                )
            )
        return ask

    def used(self, ask_id: str, story: str, did: str, *, at: datetime) -> None:
        """Record that a story of an answer was "opened" or "copied"; the first time counts."""
        with self._database.writing() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(ask_uses.insert().values(ask=ask_id, story=story, did=did, at=at))
            except IntegrityError:
                return

    def since(self, moment: datetime) -> list[Ask]:
        """The asks from that moment on, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(asks).where(asks.c.at >= moment).order_by(asks.c.at, asks.c.id)).all()
            uses = connection.execute(
                select(ask_uses).join(asks).where(asks.c.at >= moment).order_by(ask_uses.c.at, ask_uses.c.story)
            ).all()
        done: dict[tuple[str, str], list[str]] = defaultdict(list)
        for use in uses:
            done[use.ask, use.did].append(use.story)
        return [
            Ask(
                row.id,
                row.at,
                row.person,
                row.text,
                tuple(row.facets),
                row.verdict,
                tuple(row.results),
                tuple(done[row.id, "opened"]),
                tuple(done[row.id, "copied"]),
            )
            for row in rows
        ]

    def erase(self, *, person: str | None = None, before: datetime | None = None) -> int:
        """Erase the words of a person, or of a time; returns how many asks lost theirs."""
        if person is None and before is None:
            raise ValueError("Whose words, or from before when? Neither was said.")
        chosen = [asks.c.text != ""]
        chosen += [asks.c.person == person] if person is not None else []
        chosen += [asks.c.at < before] if before is not None else []
        with self._database.writing() as connection:
            erased = connection.execute(update(asks).where(*chosen).values(text="")).rowcount
        if erased:
            self._database.forget_deleted()
        return erased
