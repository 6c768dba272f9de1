"""Take along, a view of In and out: the stories as a table or a zip, in the wording of who will read it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import streamlit as st

from library.exchange.columns import ExchangeError
from library.pages import desk, parts
from library.people import GUEST, Person, Role
from library.shelf import ShelfError

KINDS = {
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("CSV", "text/csv"),
    "jsonl": ("JSON lines", "application/jsonl"),
    "zip": ("Zip of the files", "application/zip"),
}
READERS = {
    "outside": ("Somebody outside", GUEST),
    "team": ("The team", Person(role=Role.REP)),
    "leads": ("Team leads", Person(role=Role.LEAD)),
}
_WORDING = {
    "outside": "Customers stand under their alias wherever the name is not for everybody, and words that may not be "
    "quoted are left out.",
    "team": "Customers stand under their alias wherever the team may not know the name.",
    "leads": "Every name is in it: keep the file among the leads.",
}
_SAFE_ZIP = "A zip for others than leads holds what may be told, written anew for somebody outside."


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to take along."""

    kind: str
    reader: str
    everything: bool
    industries: tuple[str, ...]

    @property
    def person(self) -> Person:
        """Through whose eyes the stories are written."""
        return READERS[self.reader][1]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be taken along, and what there is to say about it."""

    made_for: tuple[object, ...]
    """The shelf, the day and the choice it was made of."""
    content: bytes
    sentence: str
    count: int
    left_out: tuple[str, ...] = ()


def show() -> None:
    """Choose, read what leaves and what stays, and take it."""
    choice = _chosen()
    try:
        prepared = _prepared(choice)
    except (ExchangeError, ShelfError, OSError) as error:
        st.error(str(error), icon=":material/error:")
        return
    st.markdown(f"**{parts.prose(prepared.sentence)}**")
    safe_zip = choice.kind == "zip" and choice.reader != "leads"
    st.caption(_SAFE_ZIP if safe_zip and choice.reader == "team" else _WORDING[choice.reader])
    for sentence in prepared.left_out:
        st.caption(parts.prose(sentence))
    st.download_button(
        "Download",
        prepared.content,
        f"stories-{desk.library().today}.{choice.kind}",
        KINDS[choice.kind][1],
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        disabled=not prepared.count,
        key="take-along",
    )


def _chosen() -> Choice:
    shelf, leads = desk.shelf(), desk.viewer().leads
    kind = st.segmented_control(
        "As", list(KINDS), default="xlsx", format_func=lambda k: KINDS[k][0], required=True, key="export-kind"
    )
    reader, everything = "outside", False
    if leads:
        reader = st.segmented_control(
            "Who will read it",
            list(READERS),
            default="outside",
            format_func=lambda r: READERS[r][0],
            required=True,
            key="export-reader",
        )
        if reader == "leads":
            everything = st.toggle("Drafts and retired ones too", key="export-everything")
    used = sorted(shelf.counts(shelf if leads else shelf.tellable(desk.library().today), "industry"))
    industries = st.multiselect(
        "Industries",
        used,
        format_func=lambda i: shelf.vocabulary.label("industry", i),
        placeholder="All industries",
        key="export-industries",
    )
    return Choice(kind or "xlsx", reader or "outside", everything, tuple(industries))


def _prepared(choice: Choice) -> Prepared:
    """The file, made once for a choice and a shelf: a table of a thousand stories takes a second or two."""
    shelf, today = desk.shelf(), desk.library().today
    made_for = (shelf.fingerprint, today, choice)
    kept: Prepared | None = st.session_state.get("export_prepared")
    if kept is None or kept.made_for != made_for:
        with st.spinner("Getting the file ready"):
            kept = _made(choice, made_for)
        st.session_state.export_prepared = kept
    return kept


def _made(choice: Choice, made_for: tuple[object, ...]) -> Prepared:
    from library.exchange.bundle import write_bundle  # noqa: PLC0415 - pandas takes a second
    from library.exchange.exporting import export_table, leaving  # noqa: PLC0415
    from library.exchange.tables import table_bytes  # noqa: PLC0415

    shelf, settings, leads = desk.shelf(), desk.library().settings, choice.reader == "leads"
    goes = leaving(
        shelf,
        settings.day,
        unpublished=choice.everything,
        untellable=leads,
        internal=leads and choice.kind == "zip",
        industries=choice.industries,
    )
    if choice.kind != "zip":
        table = export_table(goes.stories, choice.person, include_unpublished=choice.everything, today=settings.day)
        content = table_bytes(table, f"stories.{choice.kind}")
        return Prepared(made_for, content, goes.sentence, len(goes.stories))
    # Without a choice of stories a lead's zip holds the files too that cannot be read as stories.
    whole = choice.everything and not choice.industries
    only = None if whole else {story.id for story in goes.stories}
    packed = io.BytesIO()
    done = write_bundle(settings.stories, choice.person, packed, today=settings.day, only=only)
    return Prepared(made_for, packed.getvalue(), goes.sentence, len(goes.stories), done.left_out)
