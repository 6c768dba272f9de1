"""The second leg of the search: BM25 over a shelf, by the words themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import Stemmer
from numpy.typing import NDArray

K1 = 1.5
B = 0.75
_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a about after all also am an and any are as at be because been before being but by can could did do does for from "
    "had has have he her hers him his how i if in into is it its just me more most my no nor not of on one or our out "
    "over own she so some such than that the their them then there these they this those to too under until up us very "
    "was we were what when where which while who whom why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A text with its terms, by their numbers in rising order, and how often each is said."""

    text: str
    terms: NDArray[np.int32]
    said: NDArray[np.int32]


class Keywords:
    """BM25 (Robertson and Zaragoza 2009, with Lucene's idf; k1 1.5, b 0.75) over one text a story, stemmed.

    The keywords of the shelf before spare counting the texts that did not change.
    """

    def __init__(self, texts: Mapping[str, str], before: Keywords | None = None) -> None:
        self.ids: tuple[str, ...] = tuple(texts)
        self._numbers: dict[str, int] = dict(before._numbers) if before else {}
        known = before._counted if before else {}
        self._counted: dict[str, _Counted] = {
            story: known[story] if story in known and known[story].text == text else self._count(text)
            for story, text in texts.items()
        }
        self._scores, self._rows, self._starts = self._postings()

    def scores(self, query: str) -> NDArray[np.float32]:
        """One score a story, in the order of ids; 0 where no word agrees."""
        scores = np.zeros(len(self.ids), dtype=np.float32)
        for term in terms(query):
            number = self._numbers.get(term)
            if number is not None:
                there = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[there]] += self._scores[there]  # a term has each row once
        return scores

    def coverage(self, query: str, story: str) -> float:
        """Which part of the query's words a story uses, 0 to 1."""
        said = set(terms(query))
        if not said or story not in self._counted:
            return 0.0
        numbers = [self._numbers[term] for term in said if term in self._numbers]
        return int(np.isin(numbers, self._counted[story].terms).sum()) / len(said)

    def _count(self, text: str) -> _Counted:
        numbers = [self._numbers.setdefault(term, len(self._numbers)) for term in terms(text)]
        found, said = np.unique(np.array(numbers, dtype=np.int32), return_counts=True)
        return _Counted(text, found, said.astype(np.int32))

    def _postings(self) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.intp]]:
        """What each term adds to each story that says it, that story's row, and where each term begins."""
        counted = list(self._counted.values())
        if not counted:
            return np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(len(self._numbers) + 1, np.intp)
        from scipy.sparse import csr_matrix  # noqa: PLC0415 - a moment that the first page need not wait for

        ends = np.concatenate([[0], np.cumsum([len(one.terms) for one in counted])])
        found, said = (np.concatenate(parts) for parts in zip(*((one.terms, one.said) for one in counted), strict=True))
        by_story = csr_matrix((said, found, ends), shape=(len(counted), len(self._numbers)))
        by_term = by_story.tocsc()  # counts instead of sorting
        length, stories = by_story.sum(axis=1).A1, np.diff(by_term.indptr)
        idf = np.log(1 + (len(counted) - stories + 0.5) / (stories + 0.5))
        norm = K1 * (1 - B + B * length / (length.mean() or 1.0))
        scores = np.repeat(idf, stories) * by_term.data / (by_term.data + norm[by_term.indices])
        return scores.astype(np.float32), by_term.indices, by_term.indptr


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
