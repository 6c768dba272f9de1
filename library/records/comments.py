"""What people say of a story or a change while it is looked at."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select, update

from library.records.database import Database
from library.records.proposed import Comment
from library.records.tables import comments


class Comments:
    """Every comment, until somebody settled it and after."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: str, story: str, words: str, *, at: datetime, proposal: str = "") -> Comment:
        """Record a comment on a story, or on a change to it; it is on disk when this returns."""
        said = Comment(uuid.uuid4().hex, at, person, story, proposal, words)
        with self._database.writing() as connection:
            connection.execute(
                comments.insert().values(
                    id=said.id, at=at, person=person, story=story, proposal=proposal, words=words, settled_by=""
                )
            )
        return said

    def settle(self, comment_id: str, person: str, *, at: datetime) -> bool:
        """Say that a comment was seen to; says whether it was open."""
        still = comments.c.id == comment_id, comments.c.settled_by == ""
        with self._database.writing() as connection:
            done = connection.execute(update(comments).where(*still).values(settled_by=person, settled_at=at))
        return done.rowcount > 0

    def all(self, story: str, proposal: str = "") -> list[Comment]:
        """The comments on a story, or on a change to it, oldest first."""
        these = comments.c.story == story, comments.c.proposal == proposal
        with self._database.reading() as connection:
            rows = connection.execute(select(comments).where(*these).order_by(comments.c.at, comments.c.id)).all()
        return [
            Comment(row.id, row.at, row.person, row.story, row.proposal, row.words, row.settled_by, row.settled_at)
            for row in rows
        ]
