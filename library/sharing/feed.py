"""The shelf as an Atom feed (RFC 4287): each story that may be told, in safe wording, for those who follow it."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from library.files import put
from library.masking import without_names
from library.people import display_name
from library.sharing.safe import safe_story
from library.shelf import Shelf
from library.story import Beat, Story, sentences

ATOM = "http://www.w3.org/2005/Atom"
TITLE = "Why They Bought: customer stories"
_NAMES = uuid.UUID("5d0f3a52-3c0b-5c58-9d5e-7d6c0a5f2b11")
"""The family of our ids: a story's id gives the same urn on every machine, and is not to be read from it."""
_UNDATED = date(2000, 1, 1)
"""For a story nobody dated: the same at every run."""
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


class FeedError(ValueError):
    """A feed that cannot be made or put in its place, with the reason in a sentence."""


def feed(shelf: Shelf, today: date, address: str = "") -> str:
    """The feed as XML, newest story first; the same shelf on the same day gives the same text.

    `address` is where the app is found, for links to the stories; raises FeedError where it is none.
    """
    address = _checked(address)
    stories = sorted(shelf.tellable(today), key=lambda story: (-_changed(story).toordinal(), story.id))
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed")
    _say(root, "id", f"urn:uuid:{uuid.uuid5(_NAMES, 'shelf')}")
    _say(root, "title", TITLE)
    _say(root, "updated", _moment(_changed(stories[0]) if stories else _UNDATED))
    _say(SubElement(root, f"{{{ATOM}}}author"), "name", "Why They Bought")
    if address:
        SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=f"{address}/")
    for story in stories:
        _entry(root, story, shelf, today, address)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def write_feed(text: str, file: Path) -> bool:
    """Put a feed in its place in one step, so that a reader gets the old one or the new; whether it changed anything.

    Raises FeedError.
    """
    content = text.encode("utf-8")
    try:
        if file.exists() and file.read_bytes() == content:
            return False
        put(file, content)
    except OSError as error:
        raise FeedError(f"{file}: found no way to write the feed ({error.strerror}); choose another place.") from error
    return True


def _entry(root: Element, story: Story, shelf: Shelf, today: date, address: str) -> None:
    safe = safe_story(story, today)
    entry = SubElement(root, f"{{{ATOM}}}entry")
    _say(entry, "id", f"urn:uuid:{uuid.uuid5(_NAMES, story.id)}")
    _say(entry, "title", _fit(safe.title).strip() or display_name(safe))
    _say(entry, "updated", _moment(_changed(story)))
    if story.heard_on and story.heard_on <= _changed(story):
        _say(entry, "published", _moment(story.heard_on))
    if safe.told_by:
        _say(SubElement(entry, f"{{{ATOM}}}author"), "name", safe.told_by)
    for kind, term in (("industry", safe.industry), ("change", safe.change)):
        if term:
            label = _fit(shelf.vocabulary.label(kind, term))
            SubElement(entry, f"{{{ATOM}}}category", term=_fit(term), label=label)
    if address and _id_is_safe(story):
        SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=f"{address}/story?story={quote(story.id)}")
    name = display_name(safe)
    changed = sentences(safe.beat(Beat.CHANGE))[:1]
    _say(entry, "summary", " ".join([f"{name[:1].upper()}{name[1:]}.", *changed]), type="text")
    _say(entry, "content", safe.telling, type="text")


def _changed(story: Story) -> date:
    """The day a follower should look again: the customer was asked once more, or the story was heard."""
    return story.verified_on or story.heard_on or _UNDATED


def _id_is_safe(story: Story) -> bool:
    """Whether a story's id gives nobody away: a link holds it."""
    said = replace(story, alias="customer", title=story.id.replace("-", " "))
    return without_names(said).title == said.title


def _say(parent: Element, name: str, words: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = _fit(words)


def _fit(words: str) -> str:
    return _REFUSED.sub("", words)


def _moment(when: date) -> str:
    return datetime.combine(when, time(), UTC).isoformat().replace("+00:00", "Z")


def _checked(address: str) -> str:
    address = address.strip().rstrip("/")
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if address and (parts.scheme not in {"http", "https"} or not parts.netloc or re.search(r"[\s<>\"]", address)):
        raise FeedError(f'Found the address "{address}"; write where the app is, as in https://stories.example.com.')
    return address
