"""The second leg of the search: BM25 over a shelf, by the words themselves."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it tells every step, also on the screen
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a about after all also am an and any are as at be because been before being but by can could did do does for from "
    "had has have he her hers him his how i if in into is it its just me more most my no nor not of on one or our out "
    "over own she so some such than that the their them then there these they this those to too under until up us very "
    "was we were what when where which while who whom why will with would you your".split()
)


class Keywords:
    """BM25 (Lucene's form, k1 1.5, b 0.75) over one text a story, stemmed."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.ids: tuple[str, ...] = tuple(texts)
        self._known: frozenset[str] = frozenset()
        self._words: dict[str, frozenset[str]] = {}
        self._bm25: bm25s.BM25 | None = None
        documents = [terms(text) or ["\0"] for text in texts.values()]
        if documents:
            self._words = {story: frozenset(words) for story, words in zip(texts, documents, strict=True)}
            self._known = frozenset().union(*self._words.values())
            self._bm25 = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
            self._bm25.index(documents, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """One score a story, in the order of ids; 0 where no word agrees."""
        said = [term for term in terms(query) if term in self._known]
        if self._bm25 is None or not said:
            return np.zeros(len(self.ids), dtype=np.float32)
        return np.asarray(self._bm25.get_scores(said), dtype=np.float32)

    def coverage(self, query: str, story: str) -> float:
        """Which part of the query's words a story uses, 0 to 1."""
        said = set(terms(query))
        return len(said & self._words.get(story, frozenset())) / len(said) if said else 0.0


def shared_words(one: str, other: str) -> int:
    """How many words two texts have in common."""
    return len(set(terms(one)) & set(terms(other)))


def terms(text: str) -> list[str]:
    """The words of a text as BM25 counts them: lower case, no stop words, cut to their stem."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _STOP]
    return _stem(tuple(words))


@lru_cache(maxsize=4096)
def _stem_cached(words: tuple[str, ...]) -> Sequence[str]:
    return Stemmer.Stemmer("english").stemWords(list(words))  # type: ignore[no-any-return]


def _stem(words: tuple[str, ...]) -> list[str]:
    return list(_stem_cached(words)) if len(words) < 60 else Stemmer.Stemmer("english").stemWords(list(words))
