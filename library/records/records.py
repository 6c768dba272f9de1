"""The records of one library, opened and brought up to date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from library.records.asks import Asks
from library.records.capture import Customers, Tasks
from library.records.comments import Comments
from library.records.database import Database
from library.records.drafts import Drafts
from library.records.entries import Member
from library.records.mappings import Mappings
from library.records.meetings import Meetings
from library.records.practice import Practice
from library.records.proposals import Proposals
from library.records.reviews import Reviews
from library.records.tables import people
from library.records.tellings import Notes, Tellings


class Records:
    """What people did with the stories; safe to share between threads, and between processes."""

    def __init__(self, url: str) -> None:
        """Open the records and migrate them; raises RecordsError."""
        self._database = Database(url)
        self._database.migrate()
        self.asks = Asks(self._database)
        self.tellings = Tellings(self._database)
        self.notes = Notes(self._database)
        self.meetings = Meetings(self._database)
        self.reviews = Reviews(self._database)
        self.tasks = Tasks(self._database)
        self.customers = Customers(self._database)
        self.practice = Practice(self._database)
        self.drafts = Drafts(self._database)
        self.mappings = Mappings(self._database)
        self.proposals = Proposals(self._database)
        self.comments = Comments(self._database)

    @classmethod
    def in_file(cls, path: Path) -> Records:
        """The records in a SQLite file, made when it is not there."""
        return cls(f"sqlite:///{path}")

    def forget_old_asks(self, now: datetime, keep_days: int) -> int:
        """Erase the words of asks older than so many days; returns how many."""
        return self.asks.erase(before=now - timedelta(days=keep_days))

    @property
    def members(self) -> tuple[Member, ...]:
        """Everybody who said who they are, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(people).order_by(people.c.name)).all()
        return tuple(Member(row.name, row.leads, row.started_on) for row in rows)

    def enrol(self, name: str, *, leads: bool | None = None, started_on: date | None = None) -> None:
        """Know a person; what is not given stays as it was."""
        given = {key: value for key, value in (("leads", leads), ("started_on", started_on)) if value is not None}
        change = update(people).where(people.c.name == name).values(name=name, **given)
        with self._database.writing() as connection:
            if connection.execute(change).rowcount:
                return
            try:
                with connection.begin_nested():
                    connection.execute(people.insert().values(name=name, **{"leads": False, **given}))
            except IntegrityError:  # PostgreSQL: somebody enrolled them in the meantime
                connection.execute(change)

    def take_the_lead(self, name: str) -> bool:
        """Make a person the lead where nobody leads yet; says whether that came true."""
        self.enrol(name)
        nobody = ~select(people.c.name).where(people.c.leads).exists()
        with self._database.writing() as connection:
            done = connection.execute(update(people).where(people.c.name == name, nobody).values(leads=True))
        return done.rowcount > 0

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
