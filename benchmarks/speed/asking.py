"""A warm ask, step by step, each right after a bare encode of the same text; and many people who ask at once."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import cycle
from pathlib import Path
from time import monotonic, perf_counter, sleep

from benchmarks.speed.clock import timed
from benchmarks.speed.shelves import SEED, TimedEncoder
from library.conversation import Conversation, Talk
from library.people import Person
from library.search import Search
from library.situation import Facet, Situation, understand
from library.wishes import Wish

SHOWN = 3
NEVER_SHOWN = 10
"""One text in so many is asked as if no story had been shown before: that embeds sentences."""
ENCODE = "bare encode"
FIND = "find"
REP = Person("A rep")
WISHES = (
    Facet("industry", "manufacturing", Wish.ONLY),
    Facet("region", "europe", Wish.ONLY),
    Facet("size", "0-999", Wish.ONLY),
    Facet("industry", "public-sector", Wish.NOT),
)
Times = dict[str, list[float]]
"""Milliseconds, by step."""
Step = tuple[str, Callable[[], object], Callable[[], object]]
"""A name, what is timed, and what is done before."""


def ask(search: Search, encoder: TimedEncoder, texts: Sequence[str], today: date, data: Path) -> Times:
    """The milliseconds of every step for every text, each beside a bare encode of the same text."""
    times: Times = defaultdict(list)
    wishes = cycle(WISHES)
    times["first question of the shelf"] = [timed(partial(search.find, Situation("warm up"), today))]
    for wish in WISHES:
        asked = Situation("warm up", (wish,))
        times["first question under a wish"].append(timed(partial(search.find, asked, today)))
    for text in texts:
        situation = understand(text, search.shelf.vocabulary)
        if not situation.text:
            continue
        strict = replace(situation, facets=(*situation.facets, next(wishes)))
        for name, step, forget in steps(search, text, situation, strict, today):
            forget()
            times[ENCODE].append(timed(partial(encoder.bare.encode, [situation.text], normalize_embeddings=True)))
            times[name].append(timed(step))
    for text in texts[::NEVER_SHOWN]:
        forget_all(search, data)
        step = partial(answer, search, understand(text, search.shelf.vocabulary), today)
        times["find + match of stories never shown"].append(timed(step))
    return times


def steps(search: Search, text: str, situation: Situation, strict: Situation, today: date) -> Iterator[Step]:
    """What a rep waits for, step by step."""
    yield "understand the words", partial(understand, text, search.shelf.vocabulary), keep
    for wish, asked in (("", situation), (", strict wish", strict)):
        yield f"{FIND}{wish}", partial(search.find, asked, today), partial(forget_queries, search)
        shown = partial(answer, search, asked, today)
        yield f"find + match of three{wish}", shown, partial(forget_queries, search)
        yield f"the same again{wish}", shown, keep


def answer(search: Search, situation: Situation, today: date) -> None:
    """Find, and the evidence for the three the page shows."""
    found = search.find(situation, today)
    search.match(found, REP, search.diverse(found, SHOWN))


def keep() -> None:
    """Forget nothing."""


def forget_queries(search: Search) -> None:
    """As if nobody had asked this before."""
    assert search._cache is not None
    search._cache._asked.clear()


def forget_all(search: Search, data: Path) -> None:
    """As if no sentence had ever been shown as evidence either; the passages stay in memory with the search."""
    forget_queries(search)
    assert search._cache is not None
    search._cache._recent.clear()
    search._reasons_of.clear()
    with closing(sqlite3.connect(data / "vectors.db")) as database, database:
        database.execute("create table if not exists vectors (key text primary key, vector blob) without rowid")
        database.execute("delete from vectors")


# --- many at once -----------------------------------------------------------------------------------------------------


def together(
    search: Search, texts: Sequence[str], today: date, people: int, every: float, seconds: float
) -> list[float]:
    """The milliseconds of every turn while so many people talk, each with a question every so many seconds.

    Each is a thread of this process with a conversation of its own, as a session of Streamlit's is.
    """
    times: list[float] = []
    until = monotonic() + seconds

    def talk(number: int) -> None:
        chance = random.Random(SEED + number)
        talker = Talk(search, REP, today)
        begin = monotonic() + chance.random() * every
        for turn in range(int(seconds / every) + 1):
            due = begin + turn * every
            if due > until:
                return
            sleep(max(0.0, due - monotonic()))
            started = perf_counter()
            talker.say(Conversation(), chance.choice(texts))
            times.append((perf_counter() - started) * 1000)

    assert search._cache is not None
    search._cache._asked.clear()
    threads = [threading.Thread(target=talk, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times
