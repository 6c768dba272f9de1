"""The rights of a story, as a short list; who gave them only for those who may see the customer's name."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from library.pages import desk, parts
from library.people import may_see_name
from library.sharing.rights import May, Right, permission
from library.story import ShowAs, Story

_ICONS = {May.YES: ":material/check:", May.ASK_FIRST: ":material/front_hand:", May.NO: ":material/block:"}


def show(story: Story) -> None:
    """What may be said of the customer today, by right."""
    if story.show_as is ShowAs.INTERNAL:
        return
    today = desk.library().today
    named = may_see_name(desk.viewer(), story, today)
    lines: list[str] = []
    for right in Right:
        told = permission(story, right, today)
        said = told.sentence if named else replace(told, by="").sentence
        lines.append(f"{_ICONS[told.may]} **{right.label}:** {parts.prose(said)}")
    st.markdown("  \n".join(lines))
