"""What several stories share: "four hospitals, same change: agency staff cost", each with the stories behind it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from library.keywords import terms
from library.masking import without_names
from library.story import Beat, Story
from library.vocabulary import Vocabulary

AT_LEAST = 2
_WORD = re.compile(r"\b[^\W\d_]{4,}\b(?!['’]t\b)")  # "couldn't" holds no word that says anything


@dataclass(frozen=True, slots=True)
class Pattern:
    """A change that several stories of one industry share, and what they have in common beside it."""

    change: str
    stories: tuple[str, ...]
    words: tuple[str, ...] = ()
    """Words of what changed and what it cost that most of them use and other stories hardly do."""


def patterns(stories: Sequence[Story], shelf: Iterable[Story], vocabulary: Vocabulary) -> list[Pattern]:
    """The changes that come again among some stories, the commonest first, read from the stories' own beats."""
    by_change: dict[str, list[Story]] = defaultdict(list)
    for story in stories:
        if story.change:
            by_change[story.change].append(story)
    everywhere = [_said(story) for story in shelf]
    found = [
        Pattern(change, tuple(story.id for story in among), _most_share([_said(story) for story in among], everywhere))
        for change, among in by_change.items()
        if len(among) >= AT_LEAST
    ]
    return sorted(found, key=lambda p: (-len(p.stories), vocabulary.label("change", p.change)))


def telling_words(stories: Sequence[Story], shelf: Iterable[Story], most: int = 8) -> tuple[str, ...]:
    """The words customers of some stories use, and those of the other stories hardly: in quotes, needs and tags."""
    own = [_customers_words(story) for story in stories]
    return _shared(own, [_customers_words(story) for story in shelf], most, at_least=min(2, len(own)))


def _said(story: Story) -> dict[str, str]:
    return _own_words(story, lambda told: (told.beat(Beat.CHANGE), told.beat(Beat.PAIN), *told.tags))


def _customers_words(story: Story) -> dict[str, str]:
    return _own_words(story, lambda told: (told.quote, told.beat(Beat.NEED), *told.tags))


def _own_words(story: Story, parts: Callable[[Story], Iterable[str]]) -> dict[str, str]:
    """The words of some parts of a story, by stem, without names and without the words that stand in their place."""
    own = set(terms(" ".join(parts(story))))
    nameless = _by_stem(" ".join(parts(without_names(story))))
    return {stem: word for stem, word in nameless.items() if stem in own}


def _by_stem(text: str) -> dict[str, str]:
    return {stem: word for word in _WORD.findall(text.lower()) for stem in terms(word)}


def _most_share(own: Sequence[dict[str, str]], everywhere: Sequence[dict[str, str]]) -> tuple[str, ...]:
    return _shared(own, everywhere, at_least=max(AT_LEAST, len(own) // 2 + 1))


def _shared(
    own: Sequence[dict[str, str]], everywhere: Sequence[dict[str, str]], most: int = 3, at_least: int = AT_LEAST
) -> tuple[str, ...]:
    """The words at least so many share, those first that are theirs alone."""
    inside = Counter(stem for words in own for stem in words)
    outside = Counter(stem for words in everywhere for stem in words)
    written = {stem: word for words in own for stem, word in words.items()}
    lift = {
        stem: count / len(own) - (outside[stem] - count) / max(1, len(everywhere) - len(own))
        for stem, count in inside.items()
        if count >= at_least
    }
    return tuple(written[stem] for stem in sorted(lift, key=lambda s: (-lift[s], s))[:most] if lift[stem] > 0.25)
