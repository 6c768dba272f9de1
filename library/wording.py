"""How numbers, days and other people's words are put into our sentences."""

from __future__ import annotations

import re
from datetime import date

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+|!~$])")


def day(when: date) -> str:
    """A date as it is read: 23 November 2026."""
    return f"{when.day} {when:%B %Y}"


def times(count: int) -> str:
    """How often: never, once, twice, 3 times."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def many(count: int, one: str, more: str = "") -> str:
    """A number with its noun: 1 story, 2 stories."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def in_a_line(words: str) -> str:
    """Words as Markdown that shows them as they are, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))
