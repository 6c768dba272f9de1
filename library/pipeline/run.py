"""A pipeline matched beside the page that shows it: how far it is, a way to stop it, and what is done so far."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import date

from library.pipeline.answers import CHUNK, Answer, Asked, answers_to, asked_of, in_order
from library.pipeline.deals import Deal
from library.search import Search

log = logging.getLogger(__name__)


class Run:
    """Matches deals in a thread of its own; the words of the deals stay in memory and are never logged."""

    def __init__(self, deals: Sequence[Deal], search: Search, today: date) -> None:
        self.deals = tuple(deals)
        self.answers: tuple[Answer, ...] = ()
        """What is done, in order; replaced whole after each chunk."""
        self.read = 0
        """How many deals' notes are read; a story is looked for when all are."""
        self.trouble = ""
        """Why it ended early, in a sentence, where nobody stopped it."""
        self._search = search
        self._today = today
        self._asked: list[Asked] = []
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None

    def __len__(self) -> int:
        return len(self.deals)

    @property
    def working(self) -> bool:
        """Whether it is under way."""
        return self._worker is not None and self._worker.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def finished(self) -> bool:
        """Whether every deal has its answer."""
        return len(self.answers) == len(self.deals)

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; reading the notes is about a tenth of the work."""
        total = max(1, len(self.deals))
        return 0.1 * self.read / total + 0.9 * len(self.answers) / total

    def start(self) -> None:
        """Begin, or go on where it was stopped."""
        if self.working or self.finished:
            return
        self._stop.clear()
        self.trouble = ""
        self._worker = threading.Thread(target=self._work, name="pipeline", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """End after the chunk under way; what is done stays."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Return when it is no longer under way."""
        if self._worker is not None:
            self._worker.join(seconds)

    def _work(self) -> None:
        try:
            if len(self._asked) < len(self.deals):
                self.read = 0
                asked = list(asked_of(self.deals, self._search.shelf.vocabulary, self._note_one))
                if self._stop.is_set():
                    return
                self._asked = in_order(asked)
            while not self.finished and not self._stop.is_set():
                at = len(self.answers)
                chunk = answers_to(self._asked[at : at + CHUNK], self._search, self._today)
                self.answers = (*self.answers, *chunk)
        except Exception as error:
            # Not its text: it may hold words out of somebody's pipeline.
            log.error("A pipeline could not be matched (%s).", type(error).__name__)  # noqa: TRY400
            self.trouble = "The rest could not be matched; try again, or start with fewer deals."

    def _note_one(self) -> bool:
        self.read += 1
        return not self._stop.is_set()
