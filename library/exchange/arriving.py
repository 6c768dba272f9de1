"""What a zip brings, held against a folder of stories: what is new, what is there, what is there with other words."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from library.exchange.bundle import Bundle, Unpacked
from library.exchange.columns import ExchangeError
from library.exchange.placing import place_new
from library.reading import UnreadableError, decoded, file_bytes, read_text
from library.shelf import VOCABULARY_FILE, files_by_id
from library.story import Story
from library.vocabulary import Vocabulary, VocabularyError


@dataclass(frozen=True, slots=True)
class Clash:
    """A story that is in the folder with other words: they stay, and the incoming ones are shown."""

    id: str
    here: str
    incoming: str

    @property
    def difference(self) -> list[str]:
        """The lines that differ: those here begin with -, the incoming ones with +."""
        lines = list(unified_diff(self.here.splitlines(), self.incoming.splitlines(), lineterm="", n=0))
        return [line for line in lines[2:] if not line.startswith("@@")] or ["(only the ends of lines differ)"]


@dataclass(frozen=True, slots=True)
class Arriving:
    """What would come of a zip, before anything is written."""

    fresh: tuple[Unpacked, ...]
    stories: tuple[Story, ...]
    """The new ones, as they will be read."""
    same: tuple[str, ...] = ()
    """The ids of those that are there, letter for letter."""
    clashes: tuple[Clash, ...] = ()
    left_out: tuple[str, ...] = ()
    """A sentence for each file that is no story, and for a vocabulary that stays as it is here."""
    vocabulary: bytes | None = None
    """The team's words, where the folder has none yet."""


def compared(bundle: Bundle, folder: Path) -> Arriving:
    """What a zip would bring to a folder; raises ExchangeError where its vocabulary cannot be used."""
    vocabulary, words, left_out = _vocabulary(bundle.vocabulary, folder)
    there = files_by_id(folder) if folder.is_dir() else {}
    twice = {story_id for story_id, count in Counter(file.id for file in bundle.files).items() if count > 1}
    fresh: list[Unpacked] = []
    stories: list[Story] = []
    same: list[str] = []
    clashes: list[Clash] = []
    for file in bundle.files:
        reading = read_text(file.text, file.id, vocabulary, file.path)
        if file.id in twice:
            left_out.append(
                f"{file.path}: found the id {file.id} in more than one file of the zip; rename one of them."
            )
        elif reading.story is None:
            left_out.append(str(reading.problems[0]))
        elif file.id not in there:
            fresh.append(file)
            stories.append(reading.story)
        elif (here := _text_of(there[file.id][0])) == file.text:
            same.append(file.id)
        else:
            clashes.append(Clash(file.id, here, file.text))
    left_out += [f"{path}: found a file that is no story; put it where you need it by hand." for path in bundle.others]
    return Arriving(tuple(fresh), tuple(stories), tuple(same), tuple(clashes), tuple(left_out), words)


def take_in(arriving: Arriving, folder: Path) -> list[Path]:
    """Write what is new, all or nothing, and return the stories' files; raises ExchangeError."""
    files = {folder / file.path: file.content for file in arriving.fresh}
    words = {folder / VOCABULARY_FILE: arriving.vocabulary} if arriving.vocabulary is not None else {}
    return [path for path in place_new({**words, **files}, folder) if path.name != VOCABULARY_FILE]


def _text_of(path: Path) -> str:
    try:
        return decoded(file_bytes(path))
    except UnreadableError as error:
        return f"({error})"


def _vocabulary(incoming: bytes | None, folder: Path) -> tuple[Vocabulary, bytes | None, list[str]]:
    """The words to read the stories with, those to write, and what there is to say."""
    own = folder / VOCABULARY_FILE
    if incoming is None or own.exists():
        said = []
        if incoming is not None and _text_of(own) != incoming.decode():
            said.append(f"{VOCABULARY_FILE}: found another one here, which stays; copy over by hand what it lacks.")
        return Vocabulary.load(own), None, said
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside, VOCABULARY_FILE)
        copy.write_bytes(incoming)
        try:
            return Vocabulary.load(copy), incoming, []
        except VocabularyError as error:
            raise ExchangeError(f"The zip's {error}") from error
