"""Tellings and how they landed, and what people think of a story."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from library.records.database import Database
from library.records.entries import Audience, Concern, Feedback, Landed, Telling
from library.records.tables import feedback, tellings


class Tellings:
    """Who told which story to whom; one taken back is kept, and no longer counted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        person: str,
        story: str,
        *,
        at: datetime,
        landed: Landed | None = None,
        audience: Audience = Audience.PROSPECT,
        whom: str = "",
        expected: Landed | None = None,
        asked_next: str = "",
    ) -> Telling:
        """Record one telling; it is on disk when this returns."""
        telling = Telling(uuid.uuid4().hex, at, person, story, audience, whom, landed, expected, asked_next)
        with self._database.writing() as connection:
            connection.execute(
                tellings.insert().values(
                    id=telling.id,
                    at=at,
                    person=person,
                    story=story,
                    audience=audience.value,
                    whom=whom,
                    landed=landed.value if landed else None,
                    expected=expected.value if expected else None,
                    asked_next=asked_next,
                )
            )
        return telling

    def complete(
        self,
        telling_id: str,
        person: str,
        *,
        whom: str | None = None,
        asked_next: str | None = None,
        expected: Landed | None = None,
    ) -> bool:
        """Add afterwards what was not said at once; what is not given stays. Only the teller may."""
        said = {"whom": whom, "asked_next": asked_next, "expected": expected.value if expected else None}
        return self._change(telling_id, person, **{key: value for key, value in said.items() if value is not None})

    def take_back(self, telling_id: str, person: str, *, at: datetime) -> bool:
        """Take one's own telling back."""
        return self._change(telling_id, person, taken_back_at=at)

    def _change(self, telling_id: str, person: str, **values: Any) -> bool:  # noqa: ANN401 - a column's value
        mine = tellings.c.id == telling_id, tellings.c.person == person, tellings.c.taken_back_at.is_(None)
        with self._database.writing() as connection:
            return connection.execute(update(tellings).where(*mine).values(**values)).rowcount > 0

    def all(self, *, story: str | None = None, since: datetime | None = None) -> list[Telling]:
        """The tellings that count, oldest first: of one story, or from a moment on."""
        query = select(tellings).where(tellings.c.taken_back_at.is_(None)).order_by(tellings.c.at, tellings.c.id)
        query = query.where(tellings.c.story == story) if story is not None else query
        query = query.where(tellings.c.at >= since) if since is not None else query
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Telling(
                row.id,
                row.at,
                row.person,
                row.story,
                Audience(row.audience),
                row.whom,
                Landed(row.landed) if row.landed else None,
                Landed(row.expected) if row.expected else None,
                row.asked_next,
            )
            for row in rows
        ]


class Notes:
    """Feedback on stories, until a lead has settled it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: str, story: str, concern: Concern, *, at: datetime, words: str = "") -> Feedback:
        """Record what somebody thinks of a story; it is on disk when this returns."""
        note = Feedback(uuid.uuid4().hex, at, person, story, concern, words)
        with self._database.writing() as connection:
            connection.execute(
                feedback.insert().values(
                    id=note.id,
                    at=at,
                    person=person,
                    story=story,
                    concern=concern.value,
                    words=words,
                    settled_by="",
                )
            )
        return note

    def settle(self, note_id: str, person: str, *, at: datetime) -> bool:
        """Say that a concern was looked at; says whether it was open."""
        still = feedback.c.id == note_id, feedback.c.settled_by == ""
        with self._database.writing() as connection:
            done = connection.execute(update(feedback).where(*still).values(settled_by=person, settled_at=at))
        return done.rowcount > 0

    def all(self, *, story: str | None = None) -> list[Feedback]:
        """The feedback on one story, or all of it, oldest first."""
        query = select(feedback).order_by(feedback.c.at, feedback.c.id)
        query = query.where(feedback.c.story == story) if story is not None else query
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Feedback(row.id, row.at, row.person, row.story, Concern(row.concern), row.words, row.settled_by)
            for row in rows
        ]
