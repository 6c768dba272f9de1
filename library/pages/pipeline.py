"""Pipeline: a CRM's export in, each deal's story and the question to ask about it out; nothing of it is stored."""

from __future__ import annotations

import hashlib
import weakref
from typing import TYPE_CHECKING

import streamlit as st

from library.exchange.columns import ExchangeError
from library.pages import deals, desk, parts
from library.pages.reviewed import Reviewed
from library.pipeline.situations import PipelineError
from library.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from library.pipeline.deals import Pipeline
    from library.pipeline.fields import Field
    from library.pipeline.run import Run

ENDINGS = ["csv", "xlsx", "tsv", "txt"]


def pick() -> None:
    """A place to put a file."""
    file = st.file_uploader(
        "Opportunities as CSV or Excel, with their notes",
        type=ENDINGS,
        key="pipeline-file",
        on_change=take_file,
        help="From Salesforce: export a report with Description in it. From HubSpot: export the deals view.",
    )
    st.caption(":material/lock: The file stays in this session only: nothing of it is stored or recorded.")
    if file is not None and (refused := st.session_state.get("pipeline_refused")):
        st.error(parts.prose(refused), icon=":material/error:")
        return
    with st.container(border=True):
        st.markdown(
            "**What you get**  \n"
            "Deals whose notes give no reason to change, first, with the question to ask about them.  \n"
            "For the others the customer story that fits, why, and the question to ask the prospect."
        )


def take_file() -> None:
    """Read the file somebody brought, before the page is drawn."""
    st.session_state.pop("pipeline_refused", None)
    file = st.session_state.get("pipeline-file")
    if file is None:
        return
    try:
        with st.spinner("Reading the deals"):
            st.session_state.pipeline = read(file.name, file.getvalue())
    except ExchangeError as error:
        st.session_state.pipeline_refused = str(error)


def read(name: str, content: bytes) -> Reviewed:
    """The file as somebody brought it; raises ExchangeError where it is no table."""
    from library.exchange.tables import table_of  # noqa: PLC0415 - pandas takes a second

    mine = Reviewed(name, hashlib.sha256(content).hexdigest()[:10], table_of(name, content))
    mine.understand()
    return mine


def let_go() -> None:
    """Forget the file and what came of it."""
    mine: Reviewed | None = st.session_state.pop("pipeline", None)
    if mine is not None and mine.run is not None:
        mine.run.stop()


def head(mine: Reviewed) -> None:
    """Which file it is, and how to bring another one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/description: **{parts.prose(mine.name)}**", width="content")
        if mine.pipeline is not None:
            st.markdown(f":small[{parts.prose(mine.pipeline.sentence)}]", width="content")
            with st.popover("About the file", icon=":material/view_column:", type="tertiary"):
                for remark in mine.pipeline.remarks:
                    st.caption(parts.prose(remark))
                columns(mine, "popover")
        st.button("Another file", icon=":material/close:", type="tertiary", on_click=let_go)


def columns(mine: Reviewed, place: str) -> None:
    """Which column holds what, to be said otherwise."""
    from library.pipeline.fields import TEXTS, Field  # noqa: PLC0415

    names = mine.columns
    taken = mine.taken
    offered = [Field.NOTES, Field.NAME, Field.ACCOUNT, Field.OWNER, Field.STAGE, Field.CLOSES, Field.AMOUNT]
    if place == "popover":
        offered += [Field.INDUSTRY, Field.EMPLOYEES, Field.COUNTRY, Field.CHANGE, Field.PAIN]
    with st.form(f"columns-{place}-{mine.key}", border=False):
        for field in offered:
            key = column_key(mine, place, field)
            now = [name for name in taken.get(field, ()) if name in names]
            if field in TEXTS:
                st.multiselect(field.label, names, default=now, key=key, placeholder="No column")
            else:
                index = names.index(now[0]) if now else None
                st.selectbox(field.label, names, index=index, key=key, placeholder="No column")
        st.form_submit_button(
            "Read it so", icon=":material/check:", type="primary", on_click=read_so, args=(mine, place, offered)
        )


def column_key(mine: Reviewed, place: str, field: Field) -> str:
    """The name of the box that says which column holds a field."""
    return f"column-{place}-{field}-{mine.key}"


def read_so(mine: Reviewed, place: str, offered: Sequence[Field]) -> None:
    """Read the deals anew, with what the boxes say of the columns."""
    asked: dict[str, str] = {}
    for field in offered:
        said = st.session_state[column_key(mine, place, field)] or []
        asked |= {name: field.value for name in ([said] if isinstance(said, str) else said) if name not in asked}
        # A column taken away from a field is nothing, else its name would bring it back.
        asked |= {name: "nothing" for name in mine.taken.get(field, ()) if name not in asked}
    if mine.run is not None:
        mine.run.stop()
    mine.understand(asked)


def unclear(mine: Reviewed) -> None:
    """What cannot be read, and the columns to choose from."""
    st.error(parts.prose(mine.trouble), icon=":material/error:")
    if mine.columns:
        st.markdown("**Which column is what?**")
        columns(mine, "page")


def begin(mine: Reviewed, pipeline: Pipeline) -> Run:
    """The run of this file, begun as soon as the columns are clear."""
    from library.pipeline.run import Run  # noqa: PLC0415

    if mine.run is None:
        chosen = pipeline.deals if mine.closed else pipeline.open
        mine.run = Run(chosen, desk.state().search, desk.library().today)
        # Who closes the window wants no more of it: the run ends with the session.
        weakref.finalize(mine, mine.run.stop)
        mine.run.start()
    return mine.run


@st.fragment(run_every=1)
def progress(run: Run) -> None:
    """How far it is, and a way to stop it."""
    if not run.working:
        st.rerun()
    done = len(run.answers)
    text = f"{done:,} of {many(len(run), 'deal')}" if run.read == len(run) else f"Reading the notes: {run.read:,}"
    st.progress(run.share, text=f"{text}, stopping" if run.stopping else text)
    st.button("Cancel", icon=":material/stop_circle:", key="pipeline-cancel", on_click=run.stop, disabled=run.stopping)


st.title("Pipeline", anchor=False)
mine: Reviewed | None = st.session_state.get("pipeline")
if mine is None:
    pick()
    st.stop()
assert mine is not None
head(mine)
if mine.pipeline is None:
    unclear(mine)
    st.stop()
assert mine.pipeline is not None
try:
    run = begin(mine, mine.pipeline)
except PipelineError as error:
    st.error(parts.prose(str(error)), icon=":material/error:")
    st.stop()
if run.working:
    progress(run)
    st.stop()
if run.trouble:
    st.error(run.trouble, icon=":material/error:")
if not run.finished:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"Stopped: {len(run.answers):,} of {many(len(run), 'deal')} done, the most urgent first.")
        st.button("Go on", icon=":material/play_arrow:", key="pipeline-go-on", on_click=run.start)
deals.show(mine, run)
