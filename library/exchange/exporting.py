"""Stories into a table: as a viewer may see them, fit to leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from library.masking import without_names
from library.people import GUEST, Person, display_name, may_see_name, seen_by
from library.shelf import slug
from library.story import HEADINGS, Beat, ShowAs, Status, Story

_FACTS = (
    "title customer alias show_as industry region country size roles change moments products alternatives near_miss "
    "surprise critical_date first_win_on announced_to not_for told_by heard_on heard_how may_quote may_call status "
    "verified_on expires_on health tags"
).split()


def export_table(
    stories: Iterable[Story], viewer: Person = GUEST, *, include_unpublished: bool = False
) -> pd.DataFrame:
    """One row a story, as the viewer may see it: the facts, the beats, the quote, the spoken minutes.

    Internal stories never leave; the person heard and the fields nobody knows stay here too.
    """
    rows = [
        _exported(story, viewer)
        for story in stories
        if story.show_as is not ShowAs.INTERNAL and (include_unpublished or story.status is Status.PUBLISHED)
    ]
    columns = ["id", *_FACTS, *HEADINGS.values(), "quote", "minutes"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _exported(story: Story, viewer: Person) -> list[str | float]:
    seen = seen_by(viewer, story)
    story_id = story.id
    if not may_see_name(viewer, story):
        said = replace(story, alias="customer", title=story.id.replace("-", " "))
        story_id = slug(without_names(said).title)
        seen = replace(seen, customer=display_name(seen))
    facts = [_flat(getattr(seen, key)) for key in _FACTS]
    return [story_id, *facts, *(seen.beat(beat) for beat in Beat), seen.quote, round(seen.minutes, 1)]


def _flat(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)
