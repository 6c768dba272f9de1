"""What people practised: their own, until they share it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, select, update
from sqlalchemy.exc import IntegrityError

from library.records.database import Database
from library.records.entries import Attempt, Held, Path
from library.records.tables import attempts, choices, held, paths


class Practice:
    """Tellings for practice, how well each story is held, and the stories somebody begins with."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        person: str,
        story: str,
        text: str,
        *,
        at: datetime,
        minutes: float,
        beats: Mapping[str, str],
        flags: Iterable[str] = (),
    ) -> Attempt:
        """Record one telling; it is on disk when this returns."""
        attempt = Attempt(uuid.uuid4().hex, at, person, story, text, minutes, dict(beats), tuple(flags))
        with self._database.writing() as connection:
            connection.execute(
                attempts.insert().values(
                    id=attempt.id,
                    at=at,
                    person=person,
                    story=story,
                    text=text,
                    minutes=minutes,
                    beats=dict(beats),
                    flags=list(attempt.flags),
                    shared=False,
                    example_by="",
                )
            )
        return attempt

    def of(self, person: str, *, story: str | None = None) -> list[Attempt]:
        """One person's own tellings, oldest first; of one story when it is named."""
        query = select(attempts).where(attempts.c.person == person).order_by(attempts.c.at, attempts.c.id)
        return self._attempts(query.where(attempts.c.story == story) if story is not None else query)

    def shared(self, *, story: str | None = None) -> list[Attempt]:
        """What people shared with the lead, newest first."""
        query = select(attempts).where(attempts.c.shared).order_by(attempts.c.at.desc(), attempts.c.id)
        return self._attempts(query.where(attempts.c.story == story) if story is not None else query)

    def counts(self) -> dict[str, dict[str, int]]:
        """For each person the most beats told of each story: how far they are, and not a word of what they said."""
        with self._database.reading() as connection:
            rows = connection.execute(select(attempts.c.person, attempts.c.story, attempts.c.beats)).all()
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            told = sum(verdict == "told" for verdict in row.beats.values())
            best = found.setdefault(row.person, {})
            best[row.story] = max(told, best.get(row.story, 0))
        return found

    def share(self, attempt_id: str, person: str) -> bool:
        """Show one's own telling to the lead; one whose words were erased stays where it is."""
        return self._change(and_(attempts.c.person == person, attempts.c.text != ""), attempt_id, shared=True)

    def mark(self, attempt_id: str, lead: str) -> bool:
        """Mark a shared telling as the example to hear."""
        return self._change(attempts.c.shared.is_(True), attempt_id, example_by=lead)

    def erase(self, person: str) -> int:
        """Erase the words of a person's unshared tellings, and why they chose a story; says how many tellings."""
        mine = attempts.c.person == person, attempts.c.shared.is_(False), attempts.c.text != ""
        reasons = choices.c.person == person, choices.c.why != ""
        with self._database.writing() as connection:
            erased = connection.execute(update(attempts).where(*mine).values(text="")).rowcount
            wiped = connection.execute(update(choices).where(*reasons).values(why="")).rowcount
        if erased or wiped:
            self._database.forget_deleted()
        return erased

    def hold(self, person: str, story: str, card: str, due: date) -> Held:
        """Remember how well a story is held and when it comes back."""
        self._put(held, {"person": person, "story": story}, {"card": card, "due": due})
        return Held(person, story, card, due)

    def held(self, person: str) -> list[Held]:
        """The stories a person practised, the soonest due first."""
        query = select(held).where(held.c.person == person).order_by(held.c.due, held.c.story)
        with self._database.reading() as connection:
            return [Held(r.person, r.story, r.card, r.due) for r in connection.execute(query).all()]

    def lay(self, path: Path) -> None:
        """Keep the stories somebody begins with; the last word counts."""
        values = {
            "stories": list(path.stories),
            "industry": path.industry,
            "role": path.role,
            "made_by": path.made_by,
        }
        self._put(paths, {"person": path.person}, values)

    def paths(self) -> dict[str, Path]:
        """Everybody's path, by person."""
        with self._database.reading() as connection:
            rows = connection.execute(select(paths).order_by(paths.c.person)).all()
        return {r.person: Path(r.person, tuple(r.stories), r.industry, r.role, r.made_by) for r in rows}

    def chose(self, person: str, chosen: str, best: str, *, at: datetime, why: str = "") -> None:
        """Record which story somebody would tell, and which the library would."""
        with self._database.writing() as connection:
            connection.execute(
                choices.insert().values(id=uuid.uuid4().hex, at=at, person=person, chosen=chosen, best=best, why=why)
            )

    def agreed(self, person: str) -> tuple[int, int]:
        """How often a person chose as the library would, of how many."""
        with self._database.reading() as connection:
            rows = connection.execute(select(choices).where(choices.c.person == person)).all()
        return sum(row.chosen == row.best for row in rows), len(rows)

    def _attempts(self, query: Any) -> list[Attempt]:  # noqa: ANN401 - a select over one table
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            Attempt(r.id, r.at, r.person, r.story, r.text, r.minutes, r.beats, tuple(r.flags), r.shared, r.example_by)
            for r in rows
        ]

    def _change(self, which: Any, attempt_id: str, **values: object) -> bool:  # noqa: ANN401 - a condition
        with self._database.writing() as connection:
            return (
                connection.execute(update(attempts).where(attempts.c.id == attempt_id, which).values(**values)).rowcount
                > 0
            )

    def _put(self, table: Table, key: Mapping[str, object], values: Mapping[str, object]) -> None:
        """Change a row, or make it where there is none."""
        here = [table.c[name] == value for name, value in key.items()]
        with self._database.writing() as connection:
            if connection.execute(update(table).where(*here).values(**values)).rowcount:
                return
            try:
                with connection.begin_nested():
                    connection.execute(table.insert().values(**key, **values))
            except IntegrityError:  # PostgreSQL: somebody was quicker
                connection.execute(update(table).where(*here).values(**values))
