"""What several stories share: "four hospitals, same change: agency staff cost", each with the stories behind it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from library.keywords import terms
from library.masking import without_names
from library.story import Beat, Story
from library.vocabulary import Vocabulary

AT_LEAST = 2
_HARDLY, _MORE = 0.15, 0.25
"""A word that tells something stands in at most this share of the other stories, and in so much more of these."""
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
    everywhere = _tellings(shelf)
    found = [
        Pattern(change, tuple(story.id for story in among), _shared(among, everywhere, [_said(s) for s in among]))
        for change, among in by_change.items()
        if len(among) >= AT_LEAST
    ]
    return sorted(found, key=lambda p: (-len(p.stories), vocabulary.label("change", p.change)))


def telling_words(stories: Sequence[Story], shelf: Iterable[Story], most: int = 8) -> tuple[str, ...]:
    """The words of some stories' quotes, needs and tags that their tellings use again and others hardly ever."""
    return _telling(stories, _tellings(shelf), [_customers_words(story) for story in stories])[:most]


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


def _tellings(stories: Iterable[Story]) -> dict[str, frozenset[str]]:
    """The stems of each story's telling and tags, by the story."""
    return {story.id: frozenset(terms(" ".join((story.telling, *story.tags)))) for story in stories}


def _shared(
    stories: Sequence[Story], everywhere: Mapping[str, frozenset[str]], own: Sequence[Mapping[str, str]], most: int = 3
) -> tuple[str, ...]:
    """Of the telling words those that more than half of the stories have among their own."""
    counts = Counter(stem for words in own for stem in words)
    often = {stem for stem, count in counts.items() if count >= max(AT_LEAST, len(own) // 2 + 1)}
    return _telling(
        stories, everywhere, [{stem: word for stem, word in words.items() if stem in often} for words in own]
    )[:most]


def _telling(
    stories: Sequence[Story], everywhere: Mapping[str, frozenset[str]], own: Sequence[Mapping[str, str]]
) -> tuple[str, ...]:
    """The words among their own that the stories use again and others hardly, those first that are most theirs."""
    here = {story.id for story in stories}
    inside = Counter(stem for story in stories for stem in everywhere.get(story.id, ()))
    outside = Counter(stem for story, said in everywhere.items() if story not in here for stem in said)
    others = max(1, len(everywhere) - len(here))
    written = {stem: word for words in own for stem, word in words.items()}
    lift = {
        stem: inside[stem] / len(here) - outside[stem] / others
        for stem in written
        if inside[stem] >= min(AT_LEAST, len(here)) and outside[stem] / others <= _HARDLY
    }
    return tuple(written[stem] for stem in sorted(lift, key=lambda s: (-lift[s], s)) if lift[stem] > _MORE)
