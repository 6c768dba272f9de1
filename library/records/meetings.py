"""Meetings: every version somebody saved is kept, and nobody overwrites another's unseen."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import IntegrityError

from library.records.database import Database
from library.records.entries import CustomerVoice, Hand, Meeting, MeetingChangedError, Pick, VoiceKind
from library.records.tables import hands, meetings, picks


class Meetings:
    """The agendas, each save a version of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, meeting: Meeting, person: str, *, at: datetime) -> Meeting:
        """Save an agenda that was begun from the newest version; raises MeetingChangedError when there is a newer."""
        saved = replace(meeting, version=meeting.version + 1, saved_by=person, saved_at=at)
        with self._database.writing() as connection:
            newest = self._newest(connection, meeting.held_on)
            if (newest.version if newest else 0) == meeting.version:
                try:
                    with connection.begin_nested():
                        _insert(connection, saved)
                except IntegrityError:  # PostgreSQL: the other's save came between the look and ours
                    pass
                else:
                    return saved
        theirs = self.on(meeting.held_on)
        assert theirs is not None
        raise MeetingChangedError(meeting, theirs)

    def on(self, day: date) -> Meeting | None:
        """The newest version of one day's meeting."""
        with self._database.reading() as connection:
            return self._newest(connection, day)

    def versions(self, day: date) -> list[Meeting]:
        """Every version of one day's meeting, oldest first."""
        with self._database.reading() as connection:
            query = select(meetings).where(meetings.c.held_on == day).order_by(meetings.c.version)
            return _with_picks(connection, connection.execute(query).all())

    def all(self, *, before: date | None = None) -> list[Meeting]:
        """The newest version of every meeting, oldest first; before a day when one is given."""
        newest = select(meetings.c.held_on, func.max(meetings.c.version).label("version")).group_by(meetings.c.held_on)
        latest = newest.subquery()
        same = (meetings.c.held_on == latest.c.held_on) & (meetings.c.version == latest.c.version)
        query = select(meetings).join(latest, same).order_by(meetings.c.held_on)
        query = query.where(meetings.c.held_on < before) if before is not None else query
        with self._database.reading() as connection:
            return _with_picks(connection, connection.execute(query).all())

    def raise_hand(self, held_on: date, story: str, person: str, *, at: datetime, whom: str = "") -> Hand:
        """Record who heard a change this week, or (with whom) who will tell the story to whom."""
        hand = Hand(held_on, story, person, at, whom)
        with self._database.writing() as connection:
            connection.execute(
                hands.insert().values(
                    id=uuid.uuid4().hex,
                    at=at,
                    held_on=held_on,
                    story=story,
                    person=person,
                    whom=whom,
                )
            )
        return hand

    def hands(self, held_on: date) -> list[Hand]:
        """The hands raised in one meeting, in order."""
        query = select(hands).where(hands.c.held_on == held_on).order_by(hands.c.at, hands.c.id)
        with self._database.reading() as connection:
            return [Hand(r.held_on, r.story, r.person, r.at, r.whom) for r in connection.execute(query).all()]

    def _newest(self, connection: Connection, day: date) -> Meeting | None:
        query = select(meetings).where(meetings.c.held_on == day).order_by(meetings.c.version.desc()).limit(1)
        return next(iter(_with_picks(connection, connection.execute(query).all())), None)


def _insert(connection: Connection, meeting: Meeting) -> None:
    key = uuid.uuid4().hex
    voice = meeting.voice
    connection.execute(
        meetings.insert().values(
            id=key,
            held_on=meeting.held_on,
            version=meeting.version,
            minutes=meeting.minutes,
            voice={"kind": voice.kind.value, "story": voice.story, "words": voice.words} if voice else None,
            saved_by=meeting.saved_by,
            saved_at=meeting.saved_at,
        )
    )
    rows = [
        {
            "meeting": key,
            "place": place,
            "story": pick.story,
            "because": list(pick.because),
            "teller": pick.teller,
            "note": pick.note,
        }
        for place, pick in enumerate(meeting.picks)
    ]
    if rows:
        connection.execute(picks.insert(), rows)


def _with_picks(connection: Connection, rows: Iterable[Row[tuple[object, ...]]]) -> list[Meeting]:
    found = list(rows)
    chosen: dict[str, list[Pick]] = defaultdict(list)
    query = select(picks).where(picks.c.meeting.in_([row.id for row in found])).order_by(picks.c.meeting, picks.c.place)
    for row in connection.execute(query).all():
        chosen[row.meeting].append(Pick(row.story, tuple(row.because), row.teller, row.note))
    return [
        Meeting(
            row.held_on,
            row.minutes,
            tuple(chosen[row.id]),
            _voice(row.voice),
            row.version,
            row.saved_by,
            row.saved_at,
        )
        for row in found
    ]


def _voice(kept: dict[str, str] | None) -> CustomerVoice | None:
    return CustomerVoice(VoiceKind(kept["kind"]), kept["story"], kept["words"]) if kept else None
