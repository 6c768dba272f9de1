"""What was done for a story's life: each step is kept, none is changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from library.records.database import Database
from library.records.entries import Act, Review
from library.records.tables import reviews


class Reviews:
    """Who did what for which story, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: str, story: str, act: Act, *, at: datetime, words: str = "") -> Review:
        """Record one step; it is on disk when this returns."""
        with self.step(person, story, act, at=at, words=words) as review:
            return review

    @contextmanager
    def step(self, person: str, story: str, act: Act, *, at: datetime, words: str = "") -> Iterator[Review]:
        """Record one step together with what is done in the block: both come true, or neither.

        Nobody else is in such a block for the same story meanwhile. The block must not write to the records.
        """
        review = Review(uuid.uuid4().hex, at, person, story, act, words)
        values = {"person": person, "story": story, "act": act.value, "words": words}
        with self._database.writing() as connection:
            self._database.hold(connection, story)
            connection.execute(reviews.insert().values(id=review.id, at=at, **values))
            yield review

    def all(self, *, story: str | None = None) -> list[Review]:
        """The steps of one story's life, or of all, oldest first."""
        query = select(reviews).order_by(reviews.c.at, reviews.c.id)
        query = query.where(reviews.c.story == story) if story is not None else query
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Review(row.id, row.at, row.person, row.story, Act(row.act), row.words, row.proposal) for row in rows]
