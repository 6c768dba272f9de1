"""Stories being written, each kept as its person types."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from library.records.database import Database
from library.records.tables import drafts

Written = str | list[str] | list[list[str]]
"""What a draft keeps under a name: a text, a list of words, or rows of them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A story somebody is writing; nobody else reads it."""

    id: str
    person: str
    begun_at: datetime
    changed_at: datetime
    story: str = ""
    """The story of the shelf it changes; empty for a new one."""
    written: Mapping[str, Written] = field(default_factory=dict)


class Drafts:
    """What people are writing; each change is on disk when a call returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, person: str, *, at: datetime, story: str = "", written: Mapping[str, Written] | None = None
    ) -> Draft:
        """Begin a draft: of a new story, or of a change to one on the shelf."""
        draft = Draft(uuid.uuid4().hex, person, at, at, story, dict(written or {}))
        with self._database.writing() as connection:
            connection.execute(
                drafts.insert().values(
                    id=draft.id, person=person, story=story, begun_at=at, changed_at=at, written=dict(draft.written)
                )
            )
        return draft

    def keep(self, draft_id: str, person: str, changed: Mapping[str, Written], *, at: datetime) -> bool:
        """Write what changed into a draft and leave the rest as it is; says whether the person has such a draft.

        Two windows that write different fields both keep theirs.
        """
        this = drafts.c.id == draft_id, drafts.c.person == person
        with self._database.writing() as connection:
            row = connection.execute(select(drafts.c.written).where(*this).with_for_update()).first()
            if row is None:
                return False
            written = {**row.written, **changed}
            connection.execute(update(drafts).where(*this).values(written=written, changed_at=at))
        return True

    def get(self, draft_id: str, person: str) -> Draft | None:
        """A draft of this person, or None."""
        return next((draft for draft in self.of(person) if draft.id == draft_id), None)

    def of(self, person: str) -> list[Draft]:
        """What a person is writing, last changed first."""
        query = select(drafts).where(drafts.c.person == person).order_by(drafts.c.changed_at.desc(), drafts.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [Draft(row.id, row.person, row.begun_at, row.changed_at, row.story, row.written) for row in rows]

    def throw_away(self, draft_id: str, person: str) -> bool:
        """Delete a draft, its words too; says whether it was there."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(drafts).where(drafts.c.id == draft_id, drafts.c.person == person))
        if gone.rowcount:
            self._database.forget_deleted()
        return gone.rowcount > 0
