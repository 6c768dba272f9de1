"""The shelf: every story of a folder, as it stood at one moment."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from library.masking import without_names
from library.reading import StoryProblem, read_file
from library.story import Passage, ShowAs, Story, sentences
from library.vocabulary import Vocabulary

MIN_TAGS = 3
MAX_PART_WORDS = 140
"""About 200 tokens of prose; with its head a part stays under the model's 256."""
VOCABULARY_FILE = "vocabulary.toml"
_FORMS = re.compile(r"-(?:ag|sa|se|nv|bv|ab|as|asa|inc|llc|llp|ltd|plc|co|corp|gmbh|kg|oy|spa|srl|sarl|sas|limited)$")
"""What a company's name may end in without being another company."""
Stamp = tuple[tuple[str, int, int], ...]
"""Name, size and time of change of each file of a folder: enough to see that something changed."""


class ShelfError(ValueError):
    """A folder that cannot be used as a shelf, or a story that cannot be put on it."""


@dataclass(frozen=True)
class Shelf:
    """Every story that could be read, and every problem met; it never changes."""

    stories: Mapping[str, Story] = field(default_factory=dict)
    problems: tuple[StoryProblem, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary.load)
    _made: dict[str, list[Passage]] = field(default_factory=dict, compare=False, repr=False)
    """The passages made so far: taking names out of a story is most of the work of a sync."""

    @classmethod
    def read(cls, folder: Path, before: Shelf | None = None) -> Shelf:
        """Read the stories of a folder and of the folders in it; raises ShelfError when there is no such folder.

        The shelf as it was before spares the passages of what did not change.
        """
        if not folder.is_dir():
            raise ShelfError(f"There is no folder {folder}; name one that holds stories, one Markdown file each.")
        vocabulary = Vocabulary.load(folder / VOCABULARY_FILE)
        stories: dict[str, Story] = {}
        problems: list[StoryProblem] = []
        for story_id, paths in sorted(files_by_id(folder).items()):
            names = [_shown(path.relative_to(folder)) for path in paths]
            if len(paths) > 1:
                problems += [
                    StoryProblem(
                        name,
                        "file name",
                        f"the id {story_id} also in {', '.join(other for other in names if other != name)}",
                        "rename one of them; until then neither is served.",
                        served=False,
                    )
                    for name in names
                ]
                continue
            reading = read_file(paths[0], vocabulary, names[0])
            problems += reading.problems
            if reading.story:
                stories[story_id] = reading.story
        shelf = cls(stories, tuple(problems), vocabulary)
        if before is not None and before.vocabulary == vocabulary:
            same = {story_id for story_id, story in stories.items() if before.stories.get(story_id) == story}
            shelf._made.update({story_id: made for story_id, made in before._made.items() if story_id in same})
        return shelf

    def __len__(self) -> int:
        return len(self.stories)

    def __iter__(self) -> Iterator[Story]:
        return iter(self.stories.values())

    def get(self, story_id: str) -> Story | None:
        """The story with this id, or None."""
        return self.stories.get(story_id)

    def tellable(self, today: date) -> list[Story]:
        """The stories a rep may be offered on that day."""
        return [story for story in self if story.tellable(today)]

    def browsable(self, today: date) -> list[Story]:
        """The stories a rep may read: the tellable ones, and those for us only."""
        return [
            story
            for story in self
            if story.tellable(today)
            or (story.show_as is ShowAs.INTERNAL and story.status == "published" and not story.expired(today))
        ]

    def matching(self, stories: Iterable[Story], wanted: Mapping[str, Iterable[str]]) -> list[Story]:
        """Those of the stories that carry, for every facet named, one of the values wanted."""
        chosen = {facet: set(values) for facet, values in wanted.items() if values}
        return [s for s in stories if all(values & set(facet_values(s, facet)) for facet, values in chosen.items())]

    def counts(self, stories: Iterable[Story], facet: str) -> Counter[str]:
        """How many of the stories carry each value of a facet."""
        return Counter(value for story in stories for value in set(facet_values(story, facet)))

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every beat of every story as it is indexed: names taken out, a short head that says who and where."""
        for story in self:
            if story.id not in self._made:
                self._made[story.id] = passages_of(story, self.vocabulary)
        return tuple(passage for story in self for passage in self._made[story.id])

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a story or the vocabulary does."""
        digest = hashlib.sha256(repr(self.vocabulary.terms).encode())
        for story in self:
            digest.update(repr(story).encode())
        return digest.hexdigest()[:16]


def passages_of(story: Story, vocabulary: Vocabulary) -> list[Passage]:
    """One passage a beat, and the gist; the customer's name is never in them."""
    safe = without_names(story)
    facts = [vocabulary.label("industry", safe.industry)] if safe.industry else []
    facts += [vocabulary.label("role", safe.roles[0])] if safe.roles else []
    head = ". ".join(part for part in (", ".join(facts), safe.title) if part)
    beats = [
        Passage(story.id, beat, tuple(f"{head}: {part}" if head else part for part in _within_the_model(text)))
        for beat, text in safe.beats.items()
    ]
    return [*beats, Passage(story.id, None, (safe.title, *safe.tags))] if has_gist(story) else beats


def _within_the_model(text: str) -> list[str]:
    """A long beat in parts of whole sentences: the model reads 256 tokens and silently leaves the rest."""
    parts: list[list[str]] = [[]]
    for sentence in sentences(text) or [text]:
        words = sentence.split() or [""]
        for at in range(0, len(words), MAX_PART_WORDS):
            piece = words[at : at + MAX_PART_WORDS]
            if parts[-1] and len(parts[-1]) + len(piece) > MAX_PART_WORDS:
                parts.append([])
            parts[-1] += piece
    return [" ".join(part) for part in parts]


def has_gist(story: Story) -> bool:
    """Whether title and tags say enough to be searched by; a title alone does not."""
    return bool(story.title) and len(story.tags) >= MIN_TAGS


def facet_values(story: Story, facet: str) -> tuple[str, ...]:
    """The values a story carries for a facet: one for a single field, several for a list, none when it is empty."""
    value = getattr(story, facet)
    return value if isinstance(value, tuple) else ((value,) if value else ())


def stamp(folder: Path) -> Stamp:
    """What the files of a folder look like from outside; unequal stamps mean that it should be read again."""
    stamps: list[tuple[str, int, int]] = []
    for path in [*_story_files(folder), folder / VOCABULARY_FILE]:
        try:
            info = path.lstat()
        except OSError:
            continue
        # A copy that keeps its times changes st_ctime all the same.
        changed = max(info.st_mtime_ns, info.st_ctime_ns)
        stamps.append((path.relative_to(folder).as_posix(), info.st_size, changed))
    return tuple(stamps)


def story_file(folder: Path, story_id: str) -> Path | None:
    """The file a story lives in, or None; raises ShelfError where two files share its id."""
    there = [path for path in _story_files(folder) if path.stem == story_id]
    if len(there) > 1:
        raise ShelfError(f"The id {story_id} is in {len(there)} files; rename all but one before saving.")
    return there[0] if there else None


def files_by_id(folder: Path) -> dict[str, list[Path]]:
    """The files of a folder of stories by the id they would have; two under one id are a problem of the shelf."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in _story_files(folder):
        files[path.stem].append(path)
    return files


def slug(text: str, fallback: str = "story") -> str:
    """Bring any text into the form of an id: R001 becomes r001, "Acme & Söhne" becomes acme-sohne."""
    import unicodedata  # noqa: PLC0415

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    if not made:
        return fallback
    return made if len(made) >= 3 else f"{fallback}-{made}"


def customer_key(name: str) -> str:
    """By which a customer is known again: the name without capitals, accents, signs and the form of the company."""
    key = slug(name.replace("&", " and ").replace(".", ""), fallback=name.casefold())
    while (shorter := _FORMS.sub("", key)) != key:
        key = shorter
    return key.replace("-", "")


def _story_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder called x.md is listed too: reading it says what is wrong.
        found += [
            Path(root, name) for name in sorted([*names, *folders]) if name.lower().endswith(".md") and name[0] != "."
        ]
    return [path for path in found if path.name not in {"README.md"}]


def _shown(path: Path) -> str:
    """A file's name as it can be printed on one line, whatever somebody called it."""
    return "".join(letter if letter.isprintable() else "�" for letter in path.as_posix())
