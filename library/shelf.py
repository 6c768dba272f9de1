"""The shelf: every story of a folder, as it stood at one moment."""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from library.masking import without_names
from library.reading import Reading, StoryProblem, read_file
from library.story import Passage, ShowAs, Story, sentences
from library.vocabulary import Vocabulary

MIN_TAGS = 3
MAX_PART_WORDS = 140
"""About 200 tokens of prose; with its head a part stays under the model's 256."""
VOCABULARY_FILE = "vocabulary.toml"
_FORMS = re.compile(r"-(?:ag|sa|se|nv|bv|ab|as|asa|inc|llc|llp|ltd|plc|co|corp|gmbh|kg|oy|spa|srl|sarl|sas|limited)$")
"""What a company's name may end in without being another company."""
FRESH = 2 * 10**9
"""Nanoseconds: a file changed so shortly before it was read may change again and look the same (coarse clocks)."""
TITLE_COUNTS = 3
"""How often title and tags are counted among the keywords of a story."""
Look = tuple[int, int, int]
"""Size, time of change and number of a file."""
Stamp = tuple[tuple[str, Look], ...]
"""What each file of a folder looks like, by its name: enough to see that something changed."""


class ShelfError(ValueError):
    """A folder that cannot be used as a shelf, or a story that cannot be put on it."""


@dataclass(frozen=True)
class Shelf:
    """Every story that could be read, and every problem met; it never changes."""

    stories: Mapping[str, Story] = field(default_factory=dict)
    problems: tuple[StoryProblem, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary.load)
    _made: dict[str, Searched] = field(default_factory=dict, compare=False, repr=False)
    """What was made so far: taking names out of a story is most of the work of a sync."""
    _nameless: dict[str, Story] = field(default_factory=dict, compare=False, repr=False)
    _digests: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    _readings: dict[str, tuple[Look, Reading]] = field(default_factory=dict, compare=False, repr=False)
    """What came of each file, by its name, and what the file looked like; only of those that can be told by it."""

    @classmethod
    def read(cls, folder: Path, before: Shelf | None = None, seen: Stamp | None = None) -> Shelf:
        """Read the stories of a folder and of the folders in it; raises ShelfError when there is no such folder.

        The shelf as it was before spares the work on files that look as they did then. `seen` is a stamp just taken.
        """
        if not folder.is_dir():
            raise ShelfError(f"There is no folder {folder}; name one that holds stories, one Markdown file each.")
        now = time.time_ns()
        looks = dict(stamp(folder) if seen is None else seen)
        looks.pop(VOCABULARY_FILE, None)
        vocabulary = Vocabulary.load(folder / VOCABULARY_FILE)
        known = before._readings if before is not None and before.vocabulary == vocabulary else {}
        read: dict[str, tuple[Look, Reading]] = {}
        stories: dict[str, Story] = {}
        problems: list[StoryProblem] = []
        by_id: dict[str, list[str]] = defaultdict(list)
        for name in looks:
            by_id[name.rpartition("/")[2].rpartition(".")[0]].append(name)
        for story_id, files in sorted(by_id.items()):
            names = [_shown(name) for name in files]
            if len(files) > 1:
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
            name, look = files[0], looks[files[0]]
            reading = known[name][1] if name in known and known[name][0] == look else None
            if reading is None:
                reading = read_file(folder / name, vocabulary, names[0])
            problems += reading.problems
            if reading.story:
                stories[story_id] = reading.story
                if 0 <= look[1] < now - FRESH:
                    read[name] = look, reading
        shelf = cls(stories, tuple(problems), vocabulary, _readings=read)
        if before is not None and before.vocabulary == vocabulary:
            shelf._take_over(before)
        return shelf

    def _take_over(self, before: Shelf) -> None:
        """What was made of the stories that did not change."""
        for story_id, story in self.stories.items():
            there = before.stories.get(story_id)
            if there is not story and there != story:
                continue
            if story_id in before._made:
                self._made[story_id] = before._made[story_id]
            if story_id in before._nameless:
                self._nameless[story_id] = before._nameless[story_id]
            if story_id in before._digests:
                self._digests[story_id] = before._digests[story_id]

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

    def without_names(self, story_id: str) -> Story:
        """A story for those who may not know whose it is, made once; raises KeyError for an unknown id."""
        made = self._nameless.get(story_id)
        if made is None:
            made = self._nameless[story_id] = without_names(self.stories[story_id])
        return made

    def searched(self, story_id: str) -> Searched:
        """What a story is searched by, names taken out; raises KeyError for an unknown id."""
        made = self._made.get(story_id)
        if made is None:
            story = self.stories[story_id]
            # Most who browse meet such a story without its names: they are not taken out twice.
            kept = story.show_as in {ShowAs.ANONYMISED, ShowAs.INTERNAL}
            safe = self.without_names(story_id) if kept else without_names(story)
            made = self._made[story_id] = _searched(safe, self.vocabulary)
        return made

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every beat of every story as it is indexed: names taken out, a short head that says who and where."""
        return tuple(passage for story_id in self.stories for passage in self.searched(story_id).passages)

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever a story or the vocabulary does."""
        digest = hashlib.sha256(repr(self.vocabulary.terms).encode())
        for story_id, story in self.stories.items():
            if story_id not in self._digests:
                self._digests[story_id] = hashlib.sha256(repr(story).encode()).hexdigest()
            digest.update(self._digests[story_id].encode())
        return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a story is searched by, names taken out."""

    passages: tuple[Passage, ...]
    words: str
    """Everything said in it and its facts in words, for the keywords."""


def passages_of(story: Story, vocabulary: Vocabulary) -> list[Passage]:
    """One passage a beat, and the gist; the customer's name is never in them."""
    return list(_searched(without_names(story), vocabulary).passages)


def _searched(safe: Story, vocabulary: Vocabulary) -> Searched:
    return Searched(tuple(_passages(safe, vocabulary)), _words(safe, vocabulary))


def _passages(safe: Story, vocabulary: Vocabulary) -> list[Passage]:
    facts = [vocabulary.label("industry", safe.industry)] if safe.industry else []
    facts += [vocabulary.label("role", safe.roles[0])] if safe.roles else []
    head = ". ".join(part for part in (", ".join(facts), safe.title) if part)
    beats = [
        Passage(safe.id, beat, tuple(f"{head}: {part}" if head else part for part in _within_the_model(text)))
        for beat, text in safe.beats.items()
    ]
    if not safe.title or len(safe.tags) < MIN_TAGS:  # a title alone says too little to be searched by
        return beats
    return [*beats, Passage(safe.id, None, (safe.title, *safe.tags))]


def _words(safe: Story, vocabulary: Vocabulary) -> str:
    label = vocabulary.label
    facts = [label("industry", safe.industry), label("region", safe.region), label("country", safe.country)]
    facts += [label("role", role) for role in safe.roles]
    named = (safe.title, *safe.tags) * TITLE_COUNTS
    return " ".join((*named, safe.alias, *facts, *safe.alternatives, safe.telling, safe.notes))


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


def facet_values(story: Story, facet: str) -> tuple[str, ...]:
    """The values a story carries for a facet: one for a single field, several for a list, none when it is empty."""
    value = getattr(story, facet)
    return value if isinstance(value, tuple) else ((value,) if value else ())


def stamp(folder: Path) -> Stamp:
    """What the files of a folder look like from outside; unequal stamps mean that it should be read again."""
    looks: list[tuple[str, Look]] = []
    start = len(os.path.join(folder, ""))  # noqa: PTH118 - of ten thousand files a Path each is most of the time
    for path in [*_story_paths(folder), os.path.join(folder, VOCABULARY_FILE)]:  # noqa: PTH118
        try:
            info = os.lstat(path)
        except FileNotFoundError:
            continue
        except OSError:  # there, and out of reach: reading it says why
            look = -1, -1, -1
        else:
            # A copy that keeps its times changes st_ctime all the same; what is put in place has another number.
            look = info.st_size, max(info.st_mtime_ns, info.st_ctime_ns), info.st_ino
        looks.append((path[start:].replace(os.sep, "/"), look))
    return tuple(looks)


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
    return [Path(path) for path in _story_paths(folder)]


def _story_paths(folder: Path) -> list[str]:
    found: list[str] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        # A folder called x.md is listed too: reading it says what is wrong.
        found += [
            os.path.join(root, name)  # noqa: PTH118
            for name in sorted([*names, *folders])
            if name.lower().endswith(".md") and name[0] != "." and name != "README.md"
        ]
    return found


def _shown(name: str) -> str:
    """A file's name as it can be printed on one line, whatever somebody called it."""
    if name.isprintable():
        return name
    return "".join(letter if letter.isprintable() else "�" for letter in name)
