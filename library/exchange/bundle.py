"""A zip of the shelf: for a lead every file as it is, for anybody else the safe wording; and out of a zip again."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO

from library.exchange.columns import ExchangeError
from library.exchange.exporting import fit_to_leave, leaving
from library.exchange.rows import free_name
from library.people import GUEST, Person
from library.reading import MAX_FILE_BYTES, UnreadableError, decoded, file_bytes, write_text
from library.shelf import VOCABULARY_FILE, Shelf, files_by_id

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
"""What the stories of a zip may hold together: 10,000 of them are about 40 MB."""
_MAX_PATH = 300
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first day a zip can name, so that the same shelf gives the same zip."""
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a zip: how many stories, and a sentence for each file that could not."""

    stories: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A story's file out of a zip."""

    path: str
    """Where it lies in the folder of stories, as in "banks/two-ledgers.md"."""
    content: bytes

    @property
    def id(self) -> str:
        """The id of the story, by its file's name."""
        return PurePosixPath(self.path).stem

    @property
    def text(self) -> str:
        """What the file says."""
        return self.content.decode()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a zip brings: files of stories, perhaps words of the team, and the names of what is neither."""

    files: tuple[Unpacked, ...]
    vocabulary: bytes | None = None
    others: tuple[str, ...] = ()


# --- into a zip ------------------------------------------------------------------------------------------------------


def write_bundle(
    folder: Path, viewer: Person, file: IO[bytes], *, today: date, only: Collection[str] | None = None
) -> Packed:
    """Write the stories of a folder, or only those with these ids, into a zip; the same shelf gives the same zip.

    For a lead every file byte for byte, in its folders, with the team's vocabulary. For anybody else what may be told,
    written anew in the safe wording. Raises ShelfError for an unusable folder, and ExchangeError.
    """
    packed, left_out = _as_they_are(folder, only) if viewer.leads else _in_safe_wording(folder, today, only)
    if len(packed) > MAX_FILES or sum(map(len, packed.values())) > MAX_UNPACKED_BYTES:
        raise ExchangeError(
            f"The stories are {len(packed):,} files, {sum(map(len, packed.values())) / 2**20:.0f} MB; a zip takes "
            f"{MAX_FILES:,}, and {MAX_UNPACKED_BYTES // 2**20} MB. Take fewer industries at a time."
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(packed):
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, packed[path])
    return Packed(len(packed.keys() - {VOCABULARY_FILE}), tuple(left_out))


def _as_they_are(folder: Path, only: Collection[str] | None) -> tuple[dict[str, bytes], list[str]]:
    if not folder.is_dir():
        raise ExchangeError(f"There is no folder {folder}; name one that holds stories, one Markdown file each.")
    packed: dict[str, bytes] = {}
    left_out: list[str] = []
    files = files_by_id(folder)
    paths = [path for story_id in files if only is None or story_id in only for path in files[story_id]]
    vocabulary = folder / VOCABULARY_FILE
    for path in [*paths, *([vocabulary] if vocabulary.exists() else [])]:
        name = path.relative_to(folder).as_posix()
        shown = "".join(letter if letter.isprintable() else "�" for letter in name)
        try:
            content = file_bytes(path)
            decoded(content)
            packed[_inside(name, shown)] = content
        except UnreadableError as error:
            left_out.append(f"{shown}, {error.where}: found {error.found}; {error.instead}")
        except ExchangeError as error:
            left_out.append(str(error))
    return packed, left_out


def _in_safe_wording(folder: Path, today: date, only: Collection[str] | None) -> tuple[dict[str, bytes], list[str]]:
    packed: dict[str, bytes] = {}
    left_out: list[str] = []
    for story in leaving(Shelf.read(folder), today).stories:
        if only is not None and story.id not in only:
            continue
        safe = fit_to_leave(story, GUEST, today)
        name = free_name(safe.id, {path.removesuffix(".md") for path in packed})
        try:
            packed[f"{name}.md"] = write_text(safe).encode()
        except ValueError as error:
            left_out.append(f"{name}: its safe wording cannot be written as a file ({error})")
    return packed, left_out


# --- out of a zip ----------------------------------------------------------------------------------------------------


def read_bundle(file: IO[bytes], name: str = "The zip") -> Bundle:
    """The stories of a zip, nothing of it trusted and nothing of it written; raises ExchangeError.

    A zip that could do harm is refused whole, in a sentence. Files that are no stories are named, and not unpacked.
    """
    with _sentences(name), zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > 2 * MAX_FILES:
            raise ExchangeError(f"{name}: found {len(entries):,} files; a zip has at most {MAX_FILES:,} stories.")
        paths: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            path = _inside(entry.orig_filename.removesuffix("/"), name)
            _refuse_what_is_no_plain_file(name, path, entry)
            if path in paths:
                raise ExchangeError(f"{name}: found {path} twice; a file is in a zip once, make it again.")
            paths[path] = entry
        wanted = {path: entry for path, entry in paths.items() if _is_a_story(path) and not entry.is_dir()}
        if not wanted:
            raise ExchangeError(f"{name}: found no stories; a zip of a shelf holds a Markdown file for each.")
        if VOCABULARY_FILE in paths and not paths[VOCABULARY_FILE].is_dir():
            wanted[VOCABULARY_FILE] = paths[VOCABULARY_FILE]
        _refuse_a_flood(name, wanted)
        contents = {path: _content(archive, entry, path, name) for path, entry in wanted.items()}
    vocabulary = contents.pop(VOCABULARY_FILE, None)
    files = tuple(Unpacked(path, contents[path]) for path in sorted(contents))
    others = tuple(sorted(p for p, entry in paths.items() if p not in wanted and not entry.is_dir() and not _hidden(p)))
    return Bundle(files, vocabulary, others)


def _inside(path: str, name: str) -> str:
    """A path that leads into the folder and nowhere else; raises ExchangeError for any other."""
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        raise ExchangeError(
            f'{name}: found the path "{_shown(path)}" from the root of a disk; make the zip in its folder.'
        )
    if ".." in path.replace("\\", "/").split("/"):
        raise ExchangeError(
            f'{name}: found the path "{_shown(path)}", which leads out of the folder; make the zip anew.'
        )
    if not all(path.split("/")) or "." in path.split("/") or not path.isprintable() or {"\\", ":"} & set(path):
        raise ExchangeError(
            f'{name}: found the file name "{_shown(path)}"; take backslashes, colons and odd characters out of it.'
        )
    if len(path) > _MAX_PATH:
        raise ExchangeError(f'{name}: found a path of {len(path)} letters ("{_shown(path)}"); use at most {_MAX_PATH}.')
    return path


def _refuse_what_is_no_plain_file(name: str, path: str, entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    shown = _shown(path)
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        kind = "a link" if stat.S_ISLNK(mode) else "something that is not a file"
        raise ExchangeError(f"{name}: found {kind} ({shown}); put the story itself into the zip.")
    if entry.flag_bits & _ENCRYPTED:
        raise ExchangeError(f"{name}: found it locked with a password; make the zip without one.")
    if entry.compress_type not in _PACKED:
        raise ExchangeError(f"{name}: found {shown} packed in an unusual way; make the zip anew, as an ordinary one.")
    if path.lower().endswith((".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")):
        raise ExchangeError(f"{name}: found a zip in the zip ({shown}); unpack it, and bring its stories.")


def _refuse_a_flood(name: str, wanted: dict[str, zipfile.ZipInfo]) -> None:
    if len(wanted) > MAX_FILES + 1:
        raise ExchangeError(f"{name}: found {len(wanted):,} stories; a zip has at most {MAX_FILES:,}.")
    for path, entry in wanted.items():
        if entry.file_size > MAX_FILE_BYTES:
            raise ExchangeError(
                f"{name}: found {_shown(path)} with {entry.file_size // 1024:,} KiB; a story has at most "
                f"{MAX_FILE_BYTES // 1024} KiB."
            )
    unpacked = sum(entry.file_size for entry in wanted.values())
    if unpacked > MAX_UNPACKED_BYTES:
        raise ExchangeError(f"{name}: found {unpacked / 2**20:.0f} MB when unpacked; a zip has at most 100 MB.")


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, name: str) -> bytes:
    try:
        with archive.open(entry) as packed:
            content = packed.read(MAX_FILE_BYTES + 1)  # whatever size the zip says it has
    except Exception as error:  # zipfile raises whatever the damaged part led to
        raise ExchangeError(f"{name}: found {_shown(path)} damaged; make the zip again, and bring that.") from error
    if len(content) != entry.file_size:
        raise ExchangeError(f"{name}: found {_shown(path)} in another size than the zip says; make the zip anew.")
    try:
        decoded(content)
    except UnreadableError as error:
        raise ExchangeError(f"{name}, {_shown(path)}, {error.where}: found {error.found}; {error.instead}") from error
    return content


def _is_a_story(path: str) -> bool:
    """Whether the shelf would read the file: Markdown, not hidden, and not a folder's own description."""
    return path.lower().endswith(".md") and not _hidden(path) and PurePosixPath(path).name != "README.md"


def _hidden(path: str) -> bool:
    """Whether a file is a system's own and not somebody's."""
    parts = path.split("/")
    return any(part.startswith(".") for part in parts) or parts[0] == "__MACOSX"


def _shown(path: str) -> str:
    plain = "".join(letter if letter.isprintable() else "�" for letter in path)
    return plain if len(plain) <= 60 else f"{plain[:59]}…"


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    try:
        yield
    except ExchangeError:
        raise
    except Exception as error:  # zipfile raises whatever the damaged part led to
        found = "something that is no zip" if "not a zip" in str(error) else "a damaged zip"
        raise ExchangeError(f"{name}: found {found}; make the zip again, and bring that.") from error
