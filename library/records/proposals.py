"""Changes proposed to published stories: each decided once, together with what the decision does."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Row, select, update

from library.records.database import Database
from library.records.entries import Act, RecordsError
from library.records.proposed import DecidedError, Proposal, State
from library.records.tables import proposals, reviews


class Proposals:
    """Every change ever proposed; a text is never written into a story's file before somebody published it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: str, story: str, *, at: datetime, base_text: str, new_text: str, note: str = "") -> Proposal:
        """Propose a change; it is on disk when this returns."""
        made = Proposal(uuid.uuid4().hex, story, person, at, base_text, new_text, note)
        with self._database.writing() as connection:
            connection.execute(
                proposals.insert().values(
                    id=made.id,
                    story=story,
                    person=person,
                    at=at,
                    base_text=base_text,
                    new_text=new_text,
                    note=note,
                    state=made.state.value,
                    decided_by="",
                )
            )
            _note(connection, made, person, Act.PROPOSED, at, note)
        return made

    def answer(
        self, proposal_id: str, person: str, *, at: datetime, base_text: str, new_text: str, note: str = ""
    ) -> Proposal:
        """Send one's own change again in other words; raises DecidedError where it is over."""
        values = {"at": at, "base_text": base_text, "new_text": new_text, "note": note}
        with self._database.writing() as connection:
            before = _locked(connection, proposal_id)
            if before.over or before.person != person:
                raise DecidedError(before)
            undone = {"state": State.OPEN.value, "decided_by": "", "decided_at": None}
            connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(**values, **undone))
            _note(connection, before, person, Act.PROPOSED, at, note)
            return _locked(connection, proposal_id)

    @contextmanager
    def deciding(
        self,
        proposal_id: str,
        state: State,
        person: str,
        *,
        at: datetime,
        words: str = "",
        since: Iterable[State] = (State.OPEN,),
        sent: datetime | None = None,
    ) -> Iterator[Proposal]:
        """Decide together with what is done in the block: both come true or neither, and only once.

        Raises DecidedError where it stands in none of the states of `since`, or was sent again after `sent`.
        The block must not write to the records.
        """
        with self._database.writing() as connection:
            before = _locked(connection, proposal_id)
            if before.state not in since or (sent is not None and before.at != sent):
                raise DecidedError(before)
            self._database.hold(connection, before.story)
            change = update(proposals).where(proposals.c.id == proposal_id)
            connection.execute(change.values(state=state.value, decided_by=person, decided_at=at))
            _note(connection, before, person, _ACTS[state], at, words)
            yield before

    def withdraw(self, proposal_id: str, person: str, *, at: datetime) -> Proposal:
        """Take one's own change back; raises DecidedError where it is over."""
        waiting = State.OPEN, State.SENT_BACK
        with self.deciding(proposal_id, State.WITHDRAWN, person, at=at, since=waiting) as before:
            if before.person != person:
                raise RecordsError(f"Only {before.person} can take this change back.")
        return self._there(proposal_id)

    def get(self, proposal_id: str) -> Proposal | None:
        """A change, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(proposals).where(proposals.c.id == proposal_id)).first()
        return _proposal(row) if row else None

    def open(self, story: str | None = None) -> list[Proposal]:
        """The changes nothing has come of yet, also those sent back: of one story or of all, oldest first."""
        query = select(proposals).where(proposals.c.state.in_([State.OPEN.value, State.SENT_BACK.value]))
        query = query.where(proposals.c.story == story) if story is not None else query
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(proposals.c.at, proposals.c.id)).all()
        return [_proposal(row) for row in rows]

    def _there(self, proposal_id: str) -> Proposal:
        found = self.get(proposal_id)
        assert found is not None
        return found


_ACTS = {
    State.SENT_BACK: Act.SENT_BACK,
    State.PUBLISHED: Act.CHANGED,
    State.REFUSED: Act.REFUSED,
    State.WITHDRAWN: Act.WITHDRAWN,
}


def _locked(connection: Connection, proposal_id: str) -> Proposal:
    """The change as it stands, held until the transaction ends; SQLite holds all of its file anyway."""
    query = select(proposals).where(proposals.c.id == proposal_id).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise RecordsError("There is no such change any more.")
    return _proposal(row)


def _note(connection: Connection, proposal: Proposal, person: str, act: Act, at: datetime, words: str) -> None:
    values = {"at": at, "person": person, "story": proposal.story, "act": act.value, "words": words}
    connection.execute(reviews.insert().values(id=uuid.uuid4().hex, proposal=proposal.id, **values))


def _proposal(row: Row[tuple[object, ...]]) -> Proposal:
    return Proposal(
        row.id,
        row.story,
        row.person,
        row.at,
        row.base_text,
        row.new_text,
        row.note,
        State(row.state),
        row.decided_by,
        row.decided_at,
    )
