"""What the columns of a table are taken for: what there is to choose from, and what was chosen last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from library.exchange.columns import plain_name
from library.reading import FIELDS
from library.story import HEADINGS

AS_IT_IS = ""
"""What a column is taken for that nobody knows: it is kept beside the facts, under its own name."""

_SAID: Mapping[str, str] = {
    AS_IT_IS: "Keep it as it is",
    "id": "The story's id",
    "title": "Title",
    "customer": "Customer, the name",
    "alias": "Alias, said instead of the name",
    "show_as": "Who may hear the name",
    "text": "The whole story, to be parted",
    "background": "Background, to be parted",
    "quote": "Customer's own words",
    "solution": "What we did",
    "heard_from": "Who told us, the person",
    "heard_on": "Heard on",
    "heard_how": "How we heard it",
    "told_by": "Who of us tells it",
    "may_quote": "May we quote",
    "may_call": "May they be called",
    "may_name_aloud": "May the name be said aloud",
    "may_name_in_writing": "May the name be written",
    "may_logo": "May the logo be shown",
    "may_metric": "May their figures be passed on",
    "may_recording": "May the recording be played",
    "also_called": "Other names that give them away",
    "critical_date": "Needed by",
    "first_win_on": "First win on",
    "demo_url": "Address of the demo",
    "media_url": "Address of the recording",
    "verify_every_days": "To be checked every so many days",
    "change": "Kind of change",
}
_NOT_OFFERED = frozenset({"status"})
"""Whether a story is published is for who brings it in to say, not for a table."""

MEANINGS: Mapping[str, str] = {
    AS_IT_IS: _SAID[AS_IT_IS],
    **{heading: heading for heading in HEADINGS.values()},
    **{
        field: _SAID.get(field, field.replace("_", " ").capitalize())
        for field in dict.fromkeys(["text", "quote", "background", "solution", "id", *FIELDS])
        if field not in _NOT_OFFERED
    },
}
"""What a column can be taken for, and how that is said, in the order it is offered."""


def table_key(columns: Iterable[str]) -> str:
    """The same for every table with these columns, in any order, capitals and spacing."""
    names = "\n".join(sorted(map(plain_name, columns)))
    return hashlib.sha256(names.encode()).hexdigest()


def chosen_again(columns: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """What was kept for a table of these columns, under the names they have now."""
    by_plain = {plain_name(name): meaning for name, meaning in kept.items()}
    found = {name: kept.get(name, by_plain.get(plain_name(name), "nothing")) for name in columns}
    return {name: meaning for name, meaning in found.items() if meaning in MEANINGS}


def wishes(chosen: Mapping[str, str]) -> dict[str, str]:
    """What was chosen, as an import is told it."""
    return {name: meaning or "extra" for name, meaning in chosen.items()}
