"""A running library: the shelf, the encoder and the index, kept in step with the folder of stories."""

from __future__ import annotations

import gc
import hashlib
import logging
import threading
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from library.calibration import NOT_CALIBRATED, CalibrationError, kept, projection_file, projection_of, shipped
from library.capture.twins import Twins
from library.encoder import Encoder, EncoderError, SentenceEncoder
from library.index import Index, open_index
from library.practice.judge import Judge
from library.practice.reader import Reader
from library.search import Search
from library.settings import Settings
from library.sharing.feed import FeedError, feed, write_feed
from library.shelf import Shelf, ShelfError, Stamp, slug, stamp
from library.tokens import learn_from
from library.vectors import PassageVectors, Progress, VectorCache
from library.verdicts import Thresholds
from library.vocabulary import VocabularyError

if TYPE_CHECKING:
    from library.records.records import Records

log = logging.getLogger(__name__)

READY_REASONS = 500
"""Up to so many stories the sentences shown as reasons are embedded ahead, a few at a time; above, when first shown."""

LARGE = 1_000
"""Above so many stories the garbage collector is told to leave the shelf alone, which stays as long as the process:
walking it takes half a second at 10,000, at every sync and now and then in the middle of an ask."""

LEARN = 5_000
"""From so many texts at most the projection of another model's tokens is learned."""

LOOKS = 20
"""After a look at the folder none is taken for so many times as long as it took."""


@dataclass(frozen=True)
class State:
    """The library at one moment; pages take it once a run, so that a sync never changes it under them."""

    shelf: Shelf
    search: Search
    notice: str = ""
    """Why the library is less than whole, in a sentence; empty when it is whole."""


class Library:
    """Serves one folder of stories; safe to share between threads."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self._encoder = encoder if encoder is not None else _encoder_for(settings)
        self._index: Index | None = None
        self._cache: VectorCache | None = None
        self._vectors = PassageVectors()
        self._working = threading.Lock()
        self._stamp: Stamp = ()
        self._state: State | None = None
        self._early: tuple[Stamp, Shelf] | None = None
        self._reading = threading.Lock()
        self._look_again = 0.0
        self._starting = threading.Lock()
        self._worker: threading.Thread | None = None
        self._records: Records | None = None
        self._opening = threading.Lock()
        self._forgot_on: date | None = None
        self._judge: tuple[Search, Judge] | None = None
        self._twins: tuple[Search, Twins] | None = None
        self._fed: tuple[str, date] | None = None
        self.progress: tuple[int, int] = (0, 0)
        """How many texts are embedded, of how many, in the sync under way."""
        self.trouble = ""
        """Why the last sync begun by start failed, in a sentence."""

    @property
    def today(self) -> date:
        """The day the library takes for today."""
        return self.settings.day

    @property
    def now(self) -> datetime:
        """The moment the library takes for now, in UTC."""
        return self.settings.now

    @property
    def records(self) -> Records:
        """What people did with the stories, opened when first wanted; raises RecordsError while that cannot be.

        Once a day the words of asks that are kept no longer are erased.
        """
        from library.records.records import Records  # noqa: PLC0415 - a fifth of a second that Browse need not wait for

        with self._opening:
            if self._records is None:
                settings = self.settings
                file = settings.data / "records.db"
                self._records = Records(settings.database_url) if settings.database_url else Records.in_file(file)
            if self._forgot_on != self.today:
                self._records.forget_old_asks(self.now, self.settings.keep_asks_days)
                self._forgot_on = self.today
            return self._records

    @property
    def state(self) -> State:
        """The library as it stands; synced first when it never was."""
        if self._state is None:
            self.sync()
        assert self._state is not None
        return self._state

    @property
    def judge(self) -> Judge:
        """What holds a telling against a story, made once a shelf."""
        search = self.state.search
        if self._judge is None or self._judge[0] is not search:
            reader = Reader.of(self._encoder) if search.meaning is not None else None
            self._judge = search, Judge(search.shelf, search.meaning, reader)
        return self._judge[1]

    @property
    def twins(self) -> Twins:
        """What finds the story that one being written would repeat, made once a shelf."""
        search = self.state.search
        if self._twins is None or self._twins[0] is not search:
            self._twins = search, Twins(search.shelf, search.meaning)
        return self._twins[1]

    @property
    def ready(self) -> bool:
        """Whether a first sync is done."""
        return self._state is not None

    @property
    def shelf(self) -> Shelf:
        """The stories as they stand in the folder, without waiting for the model; raises as sync does."""
        if self._state is not None:
            return self._state.shelf
        return self._first_read(stamp(self.settings.stories))

    def _first_read(self, seen: Stamp) -> Shelf:
        """The shelf before the first sync is done; read once for the first page and for that sync."""
        with self._reading:
            if self._early is None or self._early[0] != seen:
                before = self._early[1] if self._early else None
                self._early = seen, Shelf.read(self.settings.stories, before, seen)
            return self._early[1]

    def start(self) -> None:
        """Sync beside the caller, unless that is under way; `progress` and `trouble` tell how it goes."""
        with self._starting:
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._sync_quietly, name="library sync", daemon=True)
                self._worker.start()

    @property
    def starting(self) -> bool:
        """Whether a sync begun by start is under way."""
        return self._worker is not None and self._worker.is_alive()

    def _sync_quietly(self) -> None:
        def note(done: int, total: int) -> None:
            self.progress = done, total

        try:
            state = self.sync(note)
            self.trouble = ""
            if len(state.shelf) <= READY_REASONS:
                offered = [story.id for story in state.shelf.tellable(self.today)]
                for at in range(0, len(offered), 4):
                    if self.outdated():  # what a click wrote is shown before reasons are made ahead
                        break
                    state.search.embed_reasons(offered[at : at + 4])
        except (ShelfError, VocabularyError) as error:
            self.trouble = str(error)
        except Exception:
            log.exception("The library could not be read.")
            self.trouble = "The library could not be read; the server's log says why."

    def outdated(self) -> bool:
        """Whether the folder changed since the last sync, by a look at its files, or the feed is of yesterday."""
        day_passed = self._fed is not None and self._fed[1] != self.today
        return self._state is None or day_passed or stamp(self.settings.stories) != self._stamp

    def seems_outdated(self) -> bool:
        """As outdated, for the many pages that ask every few seconds: looking takes a twentieth of the time at most."""
        now = time.monotonic()
        if now < self._look_again:
            return False
        self._look_again = float("inf")
        try:
            return self.outdated()
        finally:
            self._look_again = time.monotonic() + LOOKS * (time.monotonic() - now)

    def sync(self, progress: Progress | None = None) -> State:
        """Read what changed and embed what is new; raises ShelfError or VocabularyError for an unusable folder."""
        with self._working:
            if self._state is not None and not self.outdated():
                return self._state
            seen = stamp(self.settings.stories)
            if self._state is None:
                shelf = self._first_read(seen)
            else:
                shelf = Shelf.read(self.settings.stories, self._state.shelf, seen)
            if self._state is not None and shelf.fingerprint == self._state.shelf.fingerprint and self._index:
                search, notice = self._state.search, self._state.notice
            else:
                search, notice = self._search(shelf, progress)
            first, self._state = self._state is None, State(shelf, search, notice)
            if first and len(shelf) > LARGE:
                gc.collect()
                gc.freeze()
            self._stamp, self._early = seen, None
            self._feed(shelf)
            return self._state

    def learn_projection(self) -> None:
        """Learn from the stories here how this encoder's tokens differ, and search with it, unless that is known.

        Raises EncoderError.
        """
        state, encoder = self.state, self._encoder
        with self._working:
            if encoder is None or not len(state.shelf) or projection_of(self.settings.data, encoder.name) is not None:
                return
            made = learn_from(encoder, [part for passage in state.shelf.passages for part in passage.parts][:LEARN])
            path = projection_file(self.settings.data, encoder.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            made.write(path)
            self._cache, self._vectors = None, PassageVectors()
            search, notice = self._search(state.shelf, None)
            self._state = State(state.shelf, search, notice)

    def _feed(self, shelf: Shelf) -> None:
        """Keep the feed in step where one is wished for; a sync never fails by it."""
        today = shelf.fingerprint, self.today
        if self.settings.feed is None or self._fed == today:
            return
        self._fed = today  # also after a failure: the log says it once, and the next change tries again
        try:
            write_feed(feed(shelf, self.today, self.settings.address), self.settings.feed)
        except FeedError as error:
            log.warning("%s", error)

    def close(self) -> None:
        """Let another process keep the index."""
        if self._index is not None:
            self._index.close()
            self._index = None
        if self._records is not None:
            self._records.close()
            self._records = None

    def _search(self, shelf: Shelf, progress: Progress | None) -> tuple[Search, str]:
        if self._encoder is None:
            return Search(shelf, None, PassageVectors(), None), "Search goes by the words alone: LIBRARY_MODEL is none."
        before = self._state.search if self._state else None
        try:
            cache = self._vector_cache(self._encoder)
            vectors = cache.passages(shelf.passages, progress, self._vectors)
            if isinstance(self._encoder, SentenceEncoder):
                self._encoder.load()
        except EncoderError as error:
            log.warning("%s", error)
            return Search(shelf, None, PassageVectors(), None), f"Search goes by the words alone. {error}"
        if self._index is None:
            self._index = open_index(self._index_folder())
        self._index.sync(vectors)
        thresholds, calibrated = self._thresholds()
        beside = "" if self._index.writes else "Another process keeps this index; this one reads the stories itself."
        notice = " ".join(sentence for sentence in (calibrated, beside) if sentence)
        self._vectors = vectors
        search = Search(shelf, cache, vectors, self._index, thresholds=thresholds, before=before)
        search.get_ready()
        return search, notice

    def _vector_cache(self, encoder: Encoder) -> VectorCache:
        """Kept from shelf to shelf: it remembers what people asked. Raises EncoderError."""
        if self._cache is None:
            projection = projection_of(self.settings.data, encoder.name)
            self._cache = VectorCache(self.settings.data / "vectors.db", encoder, projection)
        return self._cache

    def _thresholds(self) -> tuple[Thresholds, str]:
        """What verdicts are read from with this encoder, and why they are not to be trusted, if they are not."""
        assert self._encoder is not None
        try:
            chosen = kept(self.settings.data, self._encoder.name)
        except CalibrationError as error:
            log.warning("%s", error)
            return shipped(self._encoder.name), str(error)
        if chosen is not None:
            return chosen, ""
        return shipped(self._encoder.name), NOT_CALIBRATED if self._encoder.needs_calibration else ""

    def _index_folder(self) -> Path:
        """A folder of its own for every folder of stories and every model."""
        stories = self.settings.stories.resolve()
        assert self._encoder is not None
        key = hashlib.sha256(f"{stories}\0{self._encoder.name}".encode()).hexdigest()[:10]
        return self.settings.data / "index" / f"{slug(stories.name)}-{key}"


def _encoder_for(settings: Settings) -> Encoder | None:
    return None if settings.model.lower() == "none" else SentenceEncoder.of(settings)
