"""What a team would use instead of our search: BM25, one vector a story, the best passage, a fusion, a reranker.

Each gets a story's telling, or title, tags and telling, with names taken out, and a rep's words as they are typed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import bm25s
import chromadb
import numpy as np
import Stemmer
from chromadb.config import Settings as ChromaSettings

from library.encoder import Vectors, of_length_one
from library.evaluation import Answer
from library.shelf import Shelf
from library.vectors import VectorCache

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""
RERANKED = 20
"""So many of the nearest stories are looked at a second time: what published recipes do, 10 to 50."""

Scores = Mapping[str, float]
Scorer = Callable[[str], Scores]
"""A rep's words in; a score for every story."""


def by_words(texts: Mapping[str, str]) -> Scorer:
    """BM25 as bm25s comes, with its English stop words and Snowball stems; 0 for a story that shares no word."""
    stemmer, index, ids = Stemmer.Stemmer("english"), bm25s.BM25(), list(texts)

    def tokens(given: list[str]) -> Any:
        return bm25s.tokenize(given, stopwords="en", stemmer=stemmer, show_progress=False, return_ids=False)

    index.index(tokens(list(texts.values())), show_progress=False)

    def scores(situation: str) -> Scores:
        asked = tokens([situation])[0]
        given = index.get_scores(asked) if asked else np.zeros(len(ids))
        return dict(zip(ids, map(float, given), strict=True))

    return scores


def by_one_vector(texts: Mapping[str, str], cache: VectorCache) -> Scorer:
    """One vector a story, in a Chroma collection of its own; the model cuts a text at 256 tokens."""
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    collection = client.create_collection(
        f"whole-{uuid.uuid4().hex}", embedding_function=None, metadata={"hnsw:space": "cosine"}
    )
    collection.add(ids=list(texts), embeddings=list(cache.vectors(list(texts.values()))))

    def scores(situation: str) -> Scores:
        found = collection.query(query_embeddings=[cache.query(situation)], n_results=len(texts))
        return {story: 1 - float(gap) for story, gap in zip(found["ids"][0], found["distances"][0], strict=True)}

    return scores


def by_best_passage(shelf: Shelf, stories: Mapping[str, str], cache: VectorCache) -> Scorer:
    """The nearest beat of a story, embedded under its head as we do; no gist."""
    passages = cache.passages([p for p in shelf.passages if p.beat and p.story in stories])

    def scores(situation: str) -> Scores:
        near = passages.matrix @ cache.query(situation)
        return {story: float(near[rows].max()) for story, rows in passages.rows.items()}

    return scores


def fused(*legs: Scorer) -> Scorer:
    """Reciprocal rank fusion of equal weight; a leg gives no rank to what it scores 0."""

    def scores(situation: str) -> Scores:
        total: dict[str, float] = {}
        for leg in legs:
            given = leg(situation)
            for rank, story in enumerate(in_order(given), start=1):
                total[story] = total.get(story, 0.0) + (1 / (RRF_K + rank) if given[story] else 0.0)
        return total

    return scores


def reranked(texts: Mapping[str, str], first: Scorer, bare: Any) -> Scorer:
    """The recipe of many recommenders: the nearest whole texts by cosine, then the first of them looked at again.

    Their second look is a cross-encoder, for which no weights are to be had here; in its place stands late interaction
    over the same model's tokens (each token of the question takes its nearest of the text; Khattab, Zaharia 2020).
    `bare` is the sentence-transformers model.
    """
    tokens: dict[str, Vectors] = {}

    def read(text: str) -> Vectors:
        made = tokens.get(text)
        if made is None:
            given = bare.encode(text, output_value="token_embeddings", show_progress_bar=False).cpu().numpy()
            made = tokens[text] = of_length_one(given)
        return made

    def scores(situation: str) -> Scores:
        given, asked = first(situation), read(situation)
        again = in_order(given)[:RERANKED]
        # Above everything that was not looked at again: a cosine is at most 1.
        return {**given, **{story: 2 + float((asked @ read(texts[story]).T).max(axis=1).mean()) for story in again}}

    return scores


def in_order(scores: Scores) -> list[str]:
    """The stories, best first; by id where two score the same."""
    return sorted(scores, key=lambda story: (-scores[story], story))


def ranking(scorer: Scorer) -> Answer:
    """The answer of a scorer: every story in its order."""
    return lambda situation: in_order(scorer(situation))
