"""Stories into a table: as a viewer may see them, fit to leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from library.masking import without_names
from library.people import GUEST, Person, display_name, may_see_name, seen_by
from library.sharing.rights import Right, allows
from library.sharing.safe import safe_story
from library.shelf import slug
from library.story import HEADINGS, Beat, ShowAs, Status, Story

_FACTS = (
    "title customer alias show_as industry region country size roles change moments products alternatives near_miss "
    "surprise critical_date first_win_on announced_to not_for told_by heard_on heard_how may_name_aloud "
    "may_name_in_writing may_logo may_quote may_metric may_recording may_call status "
    "verified_on expires_on health tags"
).split()


def export_table(
    stories: Iterable[Story], viewer: Person = GUEST, *, include_unpublished: bool = False, today: date | None = None
) -> pd.DataFrame:
    """One row a story, as the viewer may see it: the facts, the beats, the quote, the spoken minutes.

    Internal stories never leave; the person heard and the fields nobody knows stay here too. For a guest speech and
    figures go only where their right is a yes on that day; without a day, one that runs out counts as run out.
    """
    rows = [
        _exported(story, viewer, today)
        for story in stories
        if story.show_as is not ShowAs.INTERNAL and (include_unpublished or story.status is Status.PUBLISHED)
    ]
    columns = ["id", *_FACTS, *HEADINGS.values(), "quote", "minutes"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _exported(story: Story, viewer: Person, today: date | None) -> list[str | float]:
    seen = seen_by(viewer, story, today) if viewer.signed_in else safe_story(story, today)
    story_id = story.id
    if not may_see_name(viewer, story, today):
        said = replace(story, alias="customer", title=story.id.replace("-", " "))
        story_id = slug(without_names(said).title)
        seen = replace(seen, customer=display_name(seen))
    quote = seen.quote if viewer.signed_in or allows(story, Right.QUOTE, today) else ""
    facts = [_flat(getattr(seen, key)) for key in _FACTS]
    return [story_id, *facts, *(seen.beat(beat) for beat in Beat), quote, round(story.minutes, 1)]


def _flat(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)
