"""The search on a collection that is not ours: python -m benchmarks.collections FOLDER.

A folder holds corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels.tsv (query-id, corpus-id, score;
with a header). Each document becomes a story without facts or tags, its text cut into passages as a long beat is. The
weights are those that ship: chosen on our own situations, never on these.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

from benchmarks import DAY, settings_for
from benchmarks.anchors import Scorer, Scores, by_words, in_order, ranking
from benchmarks.quality import RESAMPLES, ahead, interval
from benchmarks.table import table
from library.encoder import QUESTIONS, SentenceEncoder, Vectors
from library.evaluation import Answer, ndcg
from library.index import ExactIndex
from library.keywords import Keywords
from library.search import Search, Weights
from library.shelf import Shelf
from library.situation import Situation
from library.story import Beat, Section, ShowAs, Status, Story
from library.vectors import PassageVectors, VectorCache

Judged = Mapping[str, int]


@dataclass(frozen=True)
class Collection:
    """Documents as a shelf, what is asked, and which documents answer it, by the ids of the shelf."""

    shelf: Shelf
    texts: Mapping[str, str]
    queries: Sequence[tuple[str, Judged]]

    @classmethod
    def read(cls, folder: Path) -> Collection:
        """Read a folder; a query without a judged document is left out."""
        documents = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        judged: dict[str, dict[str, int]] = defaultdict(dict)
        with (folder / "qrels.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if int(row["score"]) > 0:
                    judged[row["query-id"]][_story_id(row["corpus-id"])] = int(row["score"])
        stories = {_story_id(d["_id"]): _story(d) for d in documents}
        texts = {_story_id(d["_id"]): f"{d['title']} {d['text']}".strip() for d in documents}
        asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
        queries = [(row["text"], judged[row["_id"]]) for row in asked if judged.get(row["_id"])]
        return cls(Shelf(stories), texts, queries)


def _story_id(document: str) -> str:
    return f"document-{document}"


def _story(document: Mapping[str, str]) -> Story:
    text = " ".join((document["text"] or document["title"] or "-").split())
    return Story(
        _story_id(document["_id"]),
        title=document["title"].strip(" ."),
        show_as=ShowAs.NAMED,
        status=Status.PUBLISHED,
        sections=(Section(Beat.WHO.heading, text, Beat.WHO),),
    )


def answers(collection: Collection, cache: VectorCache, published: VectorCache) -> dict[str, Answer]:
    """Every way to answer, ours first; its legs are our own scores with the other leg left out.

    The model learned to read what reps say (questions.py); nobody says such a thing here. So ours and its leg are also
    measured with the model as its makers published it.
    """
    shelf = collection.shelf
    passages = [
        replace(passage, parts=(part,)) for passage in shelf.passages for part in passage.parts
    ]  # each part a passage of its own, so that the best parts count
    vectors = cache.passages(passages)
    index = ExactIndex()
    index.sync(vectors)

    def ours(asked: VectorCache, weights: Weights) -> Answer:
        search = Search(shelf, asked, vectors, index, weights)
        return lambda query: search.find(Situation(query), DAY).stories

    meaning = Weights(keywords=0, neighbours=0)
    return {
        "ours": ours(cache, Weights()),
        "leg: meaning": ours(cache, meaning),
        "leg: words": ranking(_our_words(collection.texts)),
        "ours, model as published": ours(published, Weights()),
        "its leg: meaning": ours(published, meaning),
        "BM25 (bm25s)": ranking(by_words(collection.texts)),
        "best passage": lambda query: in_order(_best_passages(vectors, published.query(query))),
    }


def _our_words(texts: Mapping[str, str]) -> Scorer:
    keywords = Keywords(texts)
    return lambda query: dict(zip(keywords.ids, map(float, keywords.scores(query)), strict=True))


def _best_passages(vectors: PassageVectors, query: Vectors) -> Scores:
    near = vectors.matrix @ query
    return {story: float(near[rows].max()) for story, rows in vectors.rows.items()}


def as_text(collection: Collection, gains: Mapping[str, Sequence[float]]) -> str:
    """The table a person reads."""
    ours = gains["ours"]
    rows = [
        [name, f"{mean(values):.3f}", f"{mean(ours) / mean(values):.3f}", interval(ahead(name, ours, values))]
        for name, values in gains.items()
    ]
    about = f"{len(collection.shelf):,} documents, {len(collection.queries)} queries; weights chosen on our own labels."
    return "\n".join([about, "", table(["", "nDCG@10", "ours / row", f"ours ahead, 95 % of {RESAMPLES:,}"], rows)])


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.collections", description=__doc__)
    parser.add_argument("folder", type=Path, help="corpus.jsonl, queries.jsonl and qrels.tsv")
    asked = parser.parse_args()
    collection = Collection.read(asked.folder)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        settings = settings_for(Path("stories"), Path(data))
        cache, published = (
            VectorCache(settings.data / "vectors.db", SentenceEncoder.of(settings, questions))
            for questions in (QUESTIONS, None)
        )
        ways = answers(collection, cache, published)
        gains = {
            name: [ndcg(judged, list(answer(query))) for query, judged in collection.queries]
            for name, answer in ways.items()
        }
    print(as_text(collection, gains))


if __name__ == "__main__":
    main()
