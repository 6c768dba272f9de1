"""The stories people are asked to bring, and the customers who could tell one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from library.records.database import Database
from library.records.entries import Customer, Task
from library.records.tables import customers, tasks


class Tasks:
    """Who is asked for which story, until it is there or no longer wanted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        person: str,
        wanted: str,
        *,
        at: datetime,
        owner: str = "",
        due_on: date | None = None,
        customer: str = "",
        asks: Iterable[str] = (),
        fitted: Iterable[str] = (),
    ) -> Task:
        """Ask for a story; the task is on disk when this returns."""
        task = Task(uuid.uuid4().hex, at, person, wanted, owner, due_on, customer, tuple(asks), tuple(fitted))
        with self._database.writing() as connection:
            connection.execute(
                tasks.insert().values(
                    id=task.id,
                    made_at=at,
                    made_by=person,
                    wanted=wanted,
                    owner=owner,
                    due_on=due_on,
                    customer=customer,
                    asks=list(task.asks),
                    fitted=list(task.fitted),
                    closed_by="",
                    story="",
                )
            )
        return task

    def hand_over(self, task_id: str, owner: str, due_on: date | None) -> bool:
        """Give an open task to somebody, until a day; says whether it was open."""
        return self._change(task_id, owner=owner, due_on=due_on)

    def close(self, task_id: str, person: str, *, at: datetime, story: str = "") -> bool:
        """Close an open task: with the story that came, or because none is wanted; says whether it was open."""
        return self._change(task_id, closed_at=at, closed_by=person, story=story)

    def all(self) -> list[Task]:
        """Every task, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(tasks).order_by(tasks.c.made_at, tasks.c.id)).all()
        return [
            Task(
                row.id,
                row.made_at,
                row.made_by,
                row.wanted,
                row.owner,
                row.due_on,
                row.customer,
                tuple(row.asks),
                tuple(row.fitted),
                row.closed_at,
                row.closed_by,
                row.story,
            )
            for row in rows
        ]

    def _change(self, task_id: str, **values: object) -> bool:
        still = tasks.c.id == task_id, tasks.c.closed_at.is_(None)
        with self._database.writing() as connection:
            return connection.execute(update(tasks).where(*still).values(**values)).rowcount > 0


class Customers:
    """The customers of a team's own list, each once, as last listed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, listed: Iterable[Customer]) -> int:
        """Take a list in; a customer listed before is as listed now. Returns how many."""
        newest = {customer.name: customer for customer in listed}
        with self._database.writing() as connection:
            for name, customer in newest.items():
                values = {"live_on": customer.live_on, "owner": customer.owner, "industry": customer.industry}
                change = update(customers).where(customers.c.name == name).values(values)
                if connection.execute(change).rowcount:
                    continue
                try:
                    with connection.begin_nested():
                        connection.execute(customers.insert().values(name=name, **values))
                except IntegrityError:  # PostgreSQL: somebody listed them in the meantime
                    connection.execute(change)
        return len(newest)

    def forget(self, name: str) -> bool:
        """Take a customer off the list; says whether it was there."""
        with self._database.writing() as connection:
            return connection.execute(delete(customers).where(customers.c.name == name)).rowcount > 0

    def all(self) -> list[Customer]:
        """Every customer listed, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(customers).order_by(customers.c.name)).all()
        return [Customer(row.name, row.live_on, row.owner, row.industry) for row in rows]
