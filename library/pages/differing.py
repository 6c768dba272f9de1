"""How two forms of a story are shown against each other: what is gone struck through, what is new in bold."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from library.pages import parts
from library.review.differences import Differences, FactChange, Fate, Run
from library.story import Story


def show(found: Differences) -> None:
    """Every difference: rights first, then the telling, then the other facts."""
    if not found:
        st.caption("Nothing in it reads differently.")
        return
    rights = [fact for fact in found.facts if fact.about_rights]
    if rights:
        st.warning("  \n".join(_fact(fact) for fact in rights), icon=":material/badge:")
    for text in found.texts:
        st.markdown(f"**{parts.prose(text.heading)}**  \n{marked(text.runs)}")
    for fact in found.facts:
        if not fact.about_rights:
            st.markdown(_fact(fact))


def marked(runs: Iterable[Run]) -> str:
    """Runs of words as Markdown; a line that breaks inside a run keeps its marks on both sides."""
    shown = ""
    for run in runs:
        apart = shown and not shown[-1].isspace() and run.fate is Fate.NEW
        shown += f"{' ' if apart else ''}{_marked(run.text, run.fate)}"
    return shown


def _fact(fact: FactChange) -> str:
    before = _marked(fact.before, Fate.GONE) if fact.before else ":gray[nothing]"
    after = _marked(fact.after, Fate.NEW) if fact.after else ":gray[nothing]"
    return f"**{parts.prose(fact.label)}** {before} → {after}"


def _marked(text: str, fate: Fate) -> str:
    if fate is Fate.SAME:
        return _breaking(text)
    return "".join(_piece(line, fate) for line in text.splitlines(keepends=True))


def _piece(line: str, fate: Fate) -> str:
    # Markdown marks nothing that begins or ends with a space: spaces stand outside.
    said = line.strip()
    if not said:
        return _breaking(line)
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    shown = f":red[~~{parts.prose(said)}~~]" if fate is Fate.GONE else f":green[**{parts.prose(said)}**]"
    return f"{_breaking(before)}{shown}{_breaking(after)}"


def _breaking(text: str) -> str:
    lines = text.split("\n")
    return "  \n".join(parts.prose(line) if line.strip() else line for line in lines)


def side_by_side(mine: Story, theirs: Story) -> None:
    """Two forms of a story, both whole."""
    left, right = st.columns(2)
    for column, name, story in ((left, "In the file now", theirs), (right, "As it was sent", mine)):
        with column, st.container(border=True):
            st.markdown(f":small[**{name}**]")
            st.markdown(f"**{parts.prose(story.title)}**")
            parts.telling(story)
