"""Is this a two-minute customer story: every check, of a story or of any text."""

from __future__ import annotations

import re
from pathlib import Path

from library.checks import form, substance
from library.checks.findings import Checked, Piece
from library.checks.words import Words
from library.documents import DocumentError, read_document
from library.exchange.columns import has_headings, under_beats
from library.reading import read_file
from library.story import HEADINGS, Beat, Story
from library.vocabulary import Vocabulary

CHECKS = (
    form.about_them,
    form.minutes,
    form.beats,
    form.title,
    substance.change,
    substance.cost,
    substance.need,
    substance.reason,
    substance.alternatives,
    substance.first_win,
    substance.numbers,
    form.plain_words,
    substance.question,
    form.provenance,
    form.facts,
)
"""Every check, in the order they are read."""

_TITLE = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_BEATS = {heading: beat for beat, heading in HEADINGS.items()}


def check(story: Story, words: Words) -> Checked:
    """Hold a story against every check."""
    return _checked(Piece.of(story, words))


def check_file(file: Path, vocabulary: Vocabulary, words: Words) -> Checked:
    """Hold a file against every check: a story with its facts, or a document's text. Raises DocumentError."""
    if file.suffix.lower() == ".md" and (story := read_file(file, vocabulary).story):
        return check(story, words)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DocumentError(f"{file}: found no way to open it ({(error.strerror or '').lower()}).") from error
    return check_text(read_document(file.name, content), words)


def check_text(text: str, words: Words, title: str = "") -> Checked:
    """Hold any text against every check: a case study, a mail; its headings are taken for beats where they say so."""
    heading = _TITLE.match(text)
    if heading and not title:
        title, text = heading[1], text[heading.end() :]
    if not title:
        first, _, rest = text.strip().partition("\n")
        if rest and len(first.split()) <= 15 and not first.rstrip().endswith((".", "?", "!", ":")):
            title, text = first.strip("*# "), rest
    said: dict[Beat, str] = {}
    if has_headings(text):
        said = {
            _BEATS[name]: part.strip() for name, part in under_beats(text).items() if name in _BEATS and part.strip()
        }
    return _checked(Piece(title, text.strip(), said, words))


def _checked(piece: Piece) -> Checked:
    return Checked(piece, tuple(each(piece) for each in CHECKS))
