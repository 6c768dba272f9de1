"""The text of a document somebody brings: plain text, Word, PDF, or a transcript with times."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
"""A Word file is a packed archive: a small one may hold gigabytes."""
MAX_CHARACTERS = 400_000
_JOINS = re.compile(r"(?<![.!?:;\"”])\n(?=[a-z(])")
"""A line of a PDF ends where the paper does: one that goes on in small letters is the same sentence."""


class DocumentError(ValueError):
    """A document whose text cannot be had, in a sentence: which, what was found, what to do instead."""


def read_document(name: str, content: bytes) -> str:
    """The text of a document, paragraphs by line; headings of a Word file begin with #. Raises DocumentError."""
    shown = PurePath(name).name
    ending = PurePath(name).suffix.lower()
    read = _READERS.get(ending)
    if read is None:
        raise DocumentError(f"{shown}: found {ending or 'no ending'}; bring {', '.join(_READERS)}.")
    if len(content) > MAX_BYTES:
        raise DocumentError(f"{shown}: found {len(content) // 1024} KiB; at most {MAX_BYTES // 1024} KiB can be read.")
    try:
        text = read(content)
    except DocumentError as error:
        raise DocumentError(f"{shown}: {error}") from error
    except Exception as error:
        # Whatever a damaged file does to the library that reads it, the person needs one sentence.
        logging.getLogger(__name__).info("A document could not be read.", exc_info=True)
        raise DocumentError(f"{shown}: found a damaged file; open it, save it anew and bring that.") from error
    text = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c.isprintable() or c in "\n\t")
    if not text.strip():
        raise DocumentError(f"{shown}: found no words; a scanned page is a picture, so type or paste what it says.")
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(f"{shown}: found {len(text):,} letters; bring the part that tells why they decided.")
    return text.strip("\n")


def _plain(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise DocumentError("found text that is not UTF-8; save it as UTF-8.")


def _word(content: bytes) -> str:
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise DocumentError("found no Word file inside; save it as .docx, without a password.") from error
    with packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise DocumentError("found an archive too large to unpack; paste its text instead.")
    import docx  # noqa: PLC0415 - only who brings a Word file waits for it

    lines: list[str] = []
    for block in docx.Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            lines += [" ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
            continue
        heading = str(getattr(block.style, "name", "") or "").startswith(("Heading", "Title"))
        lines.append(f"## {block.text.strip()}" if heading and block.text.strip() else block.text)
    return "\n".join(lines)


def _pdf(content: bytes) -> str:
    import pypdf  # noqa: PLC0415

    paper = pypdf.PdfReader(io.BytesIO(content))
    if paper.is_encrypted:
        raise DocumentError("found a password; save it without one.")
    text = "\n".join(page.extract_text() for page in paper.pages)
    return _JOINS.sub(" ", re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text))


def _transcript(form: str) -> Callable[[bytes], str]:
    def read(content: bytes) -> str:
        import webvtt  # noqa: PLC0415

        try:
            cues = (
                webvtt.from_string(_plain(content)) if form == "vtt" else webvtt.from_buffer(io.BytesIO(content), form)
            )
        except webvtt.errors.MalformedFileError as error:
            raise DocumentError(f"found no {form.upper()} transcript; paste the text instead.") from error
        turns: list[tuple[str, list[str]]] = []
        for cue in cues.captions:
            said = " ".join(re.sub(r"<[^>]+>", "", cue.text).split())
            who, words = (cue.voice, said) if cue.voice else _speaker(said)
            if turns and (who in {"", turns[-1][0]}):
                turns[-1][1].append(words)
            elif words:
                turns.append((who, [words]))
        return "\n".join(f"{who}: {' '.join(said)}" if who else " ".join(said) for who, said in turns)

    return read


def _speaker(said: str) -> tuple[str, str]:
    match = re.match(r"([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}): +(.+)", said)
    return (match[1], match[2]) if match else ("", said)


_READERS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {
        ".txt": _plain,
        ".md": _plain,
        ".docx": _word,
        ".pdf": _pdf,
        ".vtt": _transcript("vtt"),
        ".srt": _transcript("srt"),
    }
)
ENDINGS = tuple(ending.removeprefix(".") for ending in _READERS)
"""What may be brought, without the dot."""
