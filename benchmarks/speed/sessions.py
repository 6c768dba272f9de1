"""People at once, each with the page drawn: sessions as browsers have them, at the app's own WebSocket.

A session speaks what Streamlit's front end speaks (streamlit.proto): it opens Ask, starts a new prospect, sends a
question, and has its answer when the script has run to its end; meanwhile it looks every few seconds whether the shelf
changed, as an open page does. What a browser paints is not in it; what the server makes for it is.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.speed.shelves import SEED
from benchmarks.speed.starting import Server

AGAIN = "New prospect"
"""The button that stands by every answer, and only there."""
PATIENCE = 300.0
"""Seconds until an answer that does not come is an error."""


class Session:
    """One open page of the app."""

    def __init__(self, line: ClientConnection) -> None:
        self._line = line
        self._page = ""
        self._widgets: dict[str, str] = {}
        self._ended = asyncio.Event()
        self._whole = False
        """Whether a run of the whole page is on its way."""
        self._looking: dict[str, asyncio.Task[None]] = {}

    async def open(self) -> None:
        """Draw the page as it comes."""
        self._hearing = asyncio.create_task(self._hear())
        message = BackMsg()
        message.rerun_script.SetInParent()
        await self._run(message)

    async def ask(self, text: str) -> float:
        """Put a question of a new prospect; milliseconds until its answer is drawn. Raises RuntimeError without one."""
        if AGAIN in self._widgets:
            await self._run(self._sent(WidgetState(id=self._widgets.pop(AGAIN), trigger_value=True)))
        question = WidgetState(id=self._widgets["ask"])
        question.chat_input_value.data = text
        started = perf_counter()
        await self._run(self._sent(question))
        if AGAIN not in self._widgets:
            raise RuntimeError(f"No answer was drawn for: {text}")
        return (perf_counter() - started) * 1000

    async def close(self) -> None:
        """Leave the page."""
        for task in (self._hearing, *self._looking.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self._line.close()

    def _sent(self, widget: WidgetState) -> BackMsg:
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.widget_states.widgets.append(widget)
        return message

    async def _run(self, message: BackMsg) -> None:
        """Have the script run, and wait for its end."""
        self._ended.clear()
        await self._line.send(message.SerializeToString())
        await asyncio.wait_for(self._ended.wait(), PATIENCE)

    async def _hear(self) -> None:
        """What the server sends: the widgets there are, and when a run ends.

        Streamlit says nothing of the end of a run where the page looks again in that very moment: then the next run
        begins, with all that was drawn already here.
        """
        async for received in self._line:
            message = ForwardMsg.FromString(received)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
                if self._whole:
                    self._ended.set()
                self._whole = False
            elif kind == "navigation":
                self._whole = True
            elif kind == "delta":
                self._note(message.delta)
            elif kind == "auto_rerun":
                self._look_again(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            elif kind == "script_finished":
                self._whole = False
                if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    self._ended.set()

    def _note(self, delta: Any) -> None:
        element = delta.new_element
        if element.HasField("chat_input"):
            self._widgets["ask"] = element.chat_input.id
        elif element.HasField("button"):
            self._widgets[element.button.label] = element.button.id

    def _look_again(self, fragment: str, seconds: float) -> None:
        if fragment not in self._looking:
            self._looking[fragment] = asyncio.create_task(self._look(fragment, seconds))

    async def _look(self, fragment: str, seconds: float) -> None:
        """Run a fragment again and again, as the front end does."""
        while True:
            await asyncio.sleep(seconds)
            message = BackMsg()
            message.rerun_script.page_script_hash = self._page
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            await self._line.send(message.SerializeToString())


def drawn(
    stories: Path, data: Path, texts: Sequence[str], people: Sequence[int], every: float, seconds: float
) -> list[list[float]]:
    """The milliseconds of every answer, drawn, while so many people ask every so many seconds; a list a crowd.

    The app runs in a process of its own, on the folder of stories and a copy of what was made of it.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        copied = Path(shutil.copytree(data, Path(place, "data")))
        with Server(stories, copied) as server:
            url = server.url.replace("http", "ws", 1) + "/_stcore/stream"
            asyncio.run(_drawn(url, texts, 1, every, 2 * every))  # it opens the shelf and loads the model
            return [asyncio.run(_drawn(url, texts, crowd, every, seconds)) for crowd in people]


async def _drawn(url: str, texts: Sequence[str], people: int, every: float, seconds: float) -> list[float]:
    async with asyncio.TaskGroup() as opening:
        visits = [opening.create_task(_visit(url)) for _ in range(people)]
    sessions = [visit.result() for visit in visits]
    begin = monotonic()
    async with asyncio.TaskGroup() as asking:
        talks = [
            asking.create_task(_talk(session, random.Random(SEED + number), texts, begin, every, seconds))
            for number, session in enumerate(sessions)
        ]
    for session in sessions:
        await session.close()
    return [taken for talk in talks for taken in talk.result()]


async def _visit(url: str) -> Session:
    session = Session(await connect(url, subprotocols=[Subprotocol("streamlit")], max_size=None))
    await session.open()
    return session


async def _talk(
    session: Session, chance: random.Random, texts: Sequence[str], begin: float, every: float, seconds: float
) -> list[float]:
    """A question every so many seconds, the first some time within them."""
    first = chance.random() * every
    taken: list[float] = []
    for turn in range(int((seconds - first) / every) + 1):
        await asyncio.sleep(max(0.0, begin + first + turn * every - monotonic()))
        taken.append(await session.ask(chance.choice(texts)))
    return taken
