"""Whose story to ask for next, whom to ask, and when it has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from library.match import Verdict
from library.records.entries import Customer, Task
from library.search import Search
from library.shelf import Shelf, customer_key
from library.situation import understand
from library.story import Health, Status, Story

SOON_DAYS, PAST_DAYS = 30, 365
"""A first win so near, or no longer past than this: the time when a customer remembers why."""
A_REP = 3
"""How many reference customers each rep is given to call."""
DUE_DAYS = 21


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whose first win is near or past, and who has no story that may be told."""

    customer: str
    live_on: date
    owner: str = ""
    industry: str = ""
    story: str = ""
    """The story begun about them and not published, if there is one."""


def candidates(shelf: Shelf, listed: Iterable[Customer], today: date) -> list[Candidate]:
    """Who could tell a story next: those whose first win is soon or just past, the nearest to today first."""
    told = {customer_key(s.customer) for s in shelf if s.customer and s.status in {Status.PUBLISHED, Status.RETIRED}}
    begun = {customer_key(story.customer): story for story in shelf if story.status in {Status.DRAFT, Status.REVIEW}}
    found: dict[str, Candidate] = {}
    for story in begun.values():
        if story.first_win_on and story.customer:
            owner = story.owner or story.told_by
            found[customer_key(story.customer)] = Candidate(
                story.customer, story.first_win_on, owner, story.industry, story.id
            )
    for customer in listed:
        key = customer_key(customer.name)
        there = begun.get(key)
        owner = customer.owner or (there.told_by if there else "")
        found[key] = Candidate(customer.name, customer.live_on, owner, customer.industry, there.id if there else "")
    open_ = [c for key, c in found.items() if key not in told and _in_time(c.live_on, today)]
    return sorted(open_, key=lambda c: (abs((c.live_on - today).days), c.customer))


def calls_for(
    team: Sequence[str], waiting: Sequence[Candidate], asked: Iterable[Task] = (), each: int = A_REP
) -> Mapping[str, list[Candidate]]:
    """Three customers for each of the team to call: their own first, then in turn those nobody looks after.

    Nobody is called by two or asked twice, also not after a call came to nothing; who has open calls gets fewer.
    """
    calling = [task for task in asked if task.customer]
    taken = {customer_key(task.customer) for task in calling}
    room = {person: each - sum(task.open and task.owner == person for task in calling) for person in team}
    calls: dict[str, list[Candidate]] = defaultdict(list)
    left: list[Candidate] = []
    for candidate in waiting:
        if customer_key(candidate.customer) in taken:
            continue
        if candidate.owner not in room:
            left.append(candidate)
        elif len(calls[candidate.owner]) < room[candidate.owner]:
            calls[candidate.owner].append(candidate)
    for candidate in left:
        free = [person for person in team if len(calls[person]) < room[person]]
        if not free:
            break
        calls[min(free, key=lambda person: (len(calls[person]), team.index(person)))].append(candidate)
    return {person: calls[person] for person in team if calls[person]}


def task_words(candidate: Candidate, shelf: Shelf) -> str:
    """What a task for a customer asks for, without the customer's name: whoever sees the list may read it."""
    industry = shelf.vocabulary.label("industry", candidate.industry) if candidate.industry else "A customer"
    return f"{industry}: what made them decide, and their first win"


def fitting(search: Search, wanted: str, today: date) -> tuple[str, ...]:
    """The stories that fit well already what a task asks for."""
    found = search.find(understand(wanted, search.shelf.vocabulary), today)
    return tuple(story for story, _, verdict in found.ranked if verdict is Verdict.CLOSE)


def arrived(task: Task, shelf: Shelf, search: Search | None, today: date) -> Story | None:
    """The story a task waited for, once it may be told: the customer's own, else a new one that fits well."""
    if not task.open:
        return None
    if task.customer:
        key = customer_key(task.customer)
        return next((s for s in shelf if s.customer and customer_key(s.customer) == key and _is_there(s, today)), None)
    if search is None or not search.by_meaning:
        return None
    new = [story for story in fitting(search, task.wanted, today) if story not in task.fitted]
    return next((story for story in map(shelf.get, new) if story and _is_there(story, today)), None)


def due_day(today: date) -> date:
    """Until when a task is given when nobody says another day."""
    return today + timedelta(days=DUE_DAYS)


def _is_there(story: Story, today: date) -> bool:
    return story.status is Status.PUBLISHED and not story.expired(today) and story.health is not Health.LEFT


def _in_time(live_on: date, today: date) -> bool:
    return -PAST_DAYS <= (live_on - today).days <= SOON_DAYS
