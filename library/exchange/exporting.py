"""Stories on their way out: which leave, as a viewer may see them, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from library.masking import without_names
from library.people import GUEST, Person, display_name, may_see_name, seen_by
from library.sharing.rights import Right, allows
from library.sharing.safe import safe_story
from library.shelf import slug
from library.story import HEADINGS, Beat, Section, ShowAs, Status, Story
from library.wording import many

_FACTS = (
    "title customer alias show_as industry region country size roles change moments products alternatives near_miss "
    "surprise critical_date first_win_on announced_to not_for told_by heard_on heard_how may_name_aloud "
    "may_name_in_writing may_logo may_quote may_metric may_recording may_call status "
    "verified_on expires_on health tags"
).split()


class Stays(StrEnum):
    """Why a story does not leave."""

    INTERNAL = "for us only"
    UNPUBLISHED = "not published yet"
    RETIRED = "retired"
    OVER = "no longer to be told"


@dataclass(frozen=True)
class Leaving:
    """The stories that leave, and how many stay, by why."""

    stories: tuple[Story, ...]
    staying: Mapping[Stays, int]

    @property
    def sentence(self) -> str:
        """What leaves and what stays, as it is read."""
        goes = f"{many(len(self.stories), 'story', 'stories')} {'leaves' if len(self.stories) == 1 else 'leave'}."
        stays = sum(self.staying.values())
        if not stays:
            return goes
        why = ", ".join(f"{self.staying[reason]} {reason}" for reason in Stays if self.staying.get(reason))
        return f"{goes} {stays} {'stays' if stays == 1 else 'stay'} here: {why}."


def leaving(
    stories: Iterable[Story],
    today: date,
    *,
    unpublished: bool = False,
    untellable: bool = False,
    internal: bool = False,
    industries: Collection[str] = (),
) -> Leaving:
    """Which of the stories of these industries, or of all, leave: those that may be told, and what is asked for."""
    goes: list[Story] = []
    staying: Counter[Stays] = Counter()
    for story in stories:
        if industries and story.industry not in industries:
            continue
        if story.show_as is ShowAs.INTERNAL and not internal:
            staying[Stays.INTERNAL] += 1
        elif story.status is Status.RETIRED and not unpublished:
            staying[Stays.RETIRED] += 1
        elif story.status is not Status.PUBLISHED and not unpublished:
            staying[Stays.UNPUBLISHED] += 1
        elif not untellable and story.status is Status.PUBLISHED and not _in_life(story, today):
            staying[Stays.OVER] += 1
        else:
            goes.append(story)
    return Leaving(tuple(goes), staying)


def _in_life(story: Story, today: date) -> bool:
    return replace(story, show_as=ShowAs.NAMED).tellable(today)


def fit_to_leave(story: Story, viewer: Person = GUEST, today: date | None = None) -> Story:
    """The story as the viewer may have it in writing: the facts that leave and the seven beats, and nothing else.

    The person heard and the fields nobody knows stay here; so do, outside, words and figures whose right is no yes.
    """
    seen = seen_by(viewer, story, today) if viewer.signed_in else safe_story(story, today)
    beats = {beat: seen.beat(beat) for beat in Beat}
    sections = tuple(Section(beat.heading, text, beat) for beat, text in beats.items() if text)
    facts = {key: getattr(seen, key) for key in _FACTS}
    return replace(Story(_outside_id(story, viewer, today), sections=sections), **facts)


def _outside_id(story: Story, viewer: Person, today: date | None) -> str:
    """The story's id, without the customer's name for who may not see it."""
    if may_see_name(viewer, story, today):
        return story.id
    said = replace(story, alias="customer", title=story.id.replace("-", " "))
    return slug(without_names(said).title)


def export_table(
    stories: Iterable[Story], viewer: Person = GUEST, *, include_unpublished: bool = False, today: date | None = None
) -> pd.DataFrame:
    """One row a story, as the viewer may have it in writing: the facts, the beats, the quote, the spoken minutes.

    Internal stories never leave. For a guest speech and figures go only where their right is a yes on that day; without
    a day, one that runs out counts as run out.
    """
    rows = [
        _row(fit_to_leave(story, viewer, today), told=viewer.signed_in or allows(story, Right.QUOTE, today))
        for story in stories
        if story.show_as is not ShowAs.INTERNAL and (include_unpublished or story.status is Status.PUBLISHED)
    ]
    columns = ["id", *_FACTS, *HEADINGS.values(), "quote", "minutes"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _row(story: Story, *, told: bool) -> list[str | float]:
    shown = replace(story, customer=display_name(story))
    facts = [_flat(getattr(shown, key)) for key in _FACTS]
    quote = story.quote if told else ""
    return [story.id, *facts, *(story.beat(beat) for beat in Beat), quote, round(story.minutes, 1)]


def _flat(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    return "" if value is None else str(value)
