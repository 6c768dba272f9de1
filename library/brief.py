"""What a rep takes along: the safe wording of a story, fit for anybody outside."""

from __future__ import annotations

from library.people import GUEST, display_name, seen_by
from library.story import Beat, ShowAs, Story


def safe_version(story: Story) -> str:
    """The story as it may go out in writing: the name only where everybody may read it, the quote where allowed.

    Raises ValueError for an internal story, which never leaves.
    """
    if story.show_as is ShowAs.INTERNAL:
        raise ValueError(f"{story.id} is for us only; nothing of it may be copied.")
    safe = seen_by(GUEST, story)
    name = display_name(safe)
    beats = [text for beat, text in safe.beats.items() if beat is not Beat.QUESTION]
    if story.may_quote != "yes" and safe.quote:
        beats = [text.replace(safe.quote, "…") for text in beats]
    return "\n\n".join([safe.title, f"{name[:1].upper()}{name[1:]}", *beats])
