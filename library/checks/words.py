"""The words the checks look for: ours, the customer's, hype, praise; a team adds its own in a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from library.vocabulary import Vocabulary, VocabularyError

SHIPPED = Path(__file__).with_name("words.toml")
TEAMS_OWN = "checks.toml"
"""The file in the folder of stories where a team adds words."""

_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "product": "nouns",
        "customer": "nouns",
        "feature": "nouns",
        "hype": "words",
        "praise": "words",
        "title": "words",
        "wish": "words",
        "nothing": "words",
    }
)


@dataclass(frozen=True)
class Words:
    """The lists of words, each as one pattern."""

    lists: Mapping[str, tuple[str, ...]]
    company: tuple[str, ...]
    """Our company's names."""
    products: tuple[str, ...]
    """Our products as nobody else's word is written: "workforce module", never "finance" alone."""

    @classmethod
    def load(cls, vocabulary: Vocabulary, extra: Path | None = None) -> Words:
        """The shipped words with a team's own added; raises VocabularyError for a file that cannot be used."""
        lists = {section: tuple(words) for section, words in _read(SHIPPED).items()}
        if extra is not None and extra.is_file():
            for section, words in _read(extra).items():
                lists[section] += tuple(words)
        company = [word for term in vocabulary.of_kind("ours") for word in (term.label, *term.words)]
        products = [word for term in vocabulary.of_kind("product") for word in term.words]
        return cls(MappingProxyType(lists), tuple(company), tuple(products))

    @classmethod
    def beside(cls, vocabulary: Vocabulary, folder: Path) -> Words:
        """The words for a folder of stories, with those of the team that keeps it; raises VocabularyError."""
        return cls.load(vocabulary, folder / TEAMS_OWN)

    def found(self, section: str, text: str) -> list[str]:
        """The words of a list that stand in a text, as they stand there, each once."""
        return list(dict.fromkeys(match.group() for match in self._patterns[section].finditer(text)))

    def pattern(self, section: str) -> re.Pattern[str]:
        """Finds any word of a list."""
        return self._patterns[section]

    @cached_property
    def named(self) -> re.Pattern[str]:
        """Our company by name, with a product's name behind it: ERP Corp, ERP Corp Supply Chain, ERP Finance."""
        short = {name.split()[0] for name in self.company if len(name.split()) > 1 and name.split()[0].isupper()}
        names = [
            rf"(?i:{re.escape(name)})(?:['’]s)?(?:\s+[A-Z]\w+)*" for name in sorted(self.company, key=len, reverse=True)
        ]
        names += [rf"{re.escape(name)}(?:\s+[A-Z]\w+)+" for name in sorted(short)]
        names += [rf"(?i:{re.escape(product)}s?)" for product in self.products]
        return re.compile(rf"\b(?:{'|'.join(names)})\b" if names else r"(?!)")

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {section: _any_of(words) for section, words in self.lists.items()}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    spaced = [
        re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]")
        for word in sorted(set(words), key=len, reverse=True)
    ]
    return re.compile(rf"\b(?:{'|'.join(spaced)})\b" if spaced else r"(?!)", re.IGNORECASE)


def _read(path: Path) -> dict[str, list[str]]:
    try:
        sections = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise VocabularyError(f"{path.name} is not readable as TOML ({error}); mend it or move it away.") from error
    except OSError as error:
        raise VocabularyError(f"{path.name} cannot be opened ({error.strerror}); check its permissions.") from error
    read: dict[str, list[str]] = {}
    for section, entry in sections.items():
        key = _KEYS.get(section)
        if key is None:
            known = ", ".join(f"[{name}]" for name in _KEYS)
            raise VocabularyError(f"{path.name}: found [{section}]; write one of {known}.")
        words = entry.get(key) if isinstance(entry, dict) and set(entry) == {key} else None
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise VocabularyError(f'{path.name}, [{section}]: found {entry!r}; write {key} = ["one", "two"].')
        read[section] = words
    return read
