import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.index import ChromaIndex, ExactIndex, open_index
from library.shelf import Shelf
from library.story import Beat, Passage
from library.vectors import PassageVectors, VectorCache
from tests.helpers import FakeEncoder, make_story

SIZE = 12
ROOT = Path(__file__).parent.parent


def some_vectors(names: str, seed: int = 1) -> PassageVectors:
    """A passage "who" for each letter, with a vector that depends on letter and seed alone."""
    rows = [np.random.default_rng([seed, ord(name)]).normal(size=SIZE) for name in names]
    matrix = np.array([row / np.linalg.norm(row) for row in rows], dtype=np.float32).reshape(len(names), SIZE)
    return PassageVectors(tuple(Passage(name, Beat.WHO, (f"{name} {seed}",)) for name in names), matrix)


def answers(index, vectors: PassageVectors, limit: int = 3) -> list[list[tuple[str, float]]]:
    return [[(n.story, round(n.similarity, 3)) for n in index.nearest(row, limit)] for row in vectors.matrix]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def kept(folder):
    """An index of ten passages that was closed in good order."""
    index = open_index(folder)
    index.sync(some_vectors("abcdefghij"))
    index.close()
    return some_vectors("abcdefghij")


def reopened(folder: Path, vectors: PassageVectors) -> list[list[tuple[str, float]]]:
    index = open_index(folder)
    assert isinstance(index, ChromaIndex)
    try:
        index.sync(vectors)
        return answers(index, vectors)
    finally:
        index.close()


def exactly(vectors: PassageVectors) -> list[list[tuple[str, float]]]:
    index = ExactIndex()
    index.sync(vectors)
    return answers(index, vectors)


def generations(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("g*")}


def test_an_index_adds_changes_and_deletes(folder):
    index = open_index(folder)
    index.sync(some_vectors("abc"))
    first = generations(folder)
    changed = some_vectors("bcd", seed=2)
    index.sync(changed)
    assert answers(index, changed) == exactly(changed)
    assert generations(folder) == first, "a few changes do not build it anew"
    index.close()
    assert reopened(folder, changed) == exactly(changed)


def test_an_empty_shelf_finds_nothing_and_can_be_filled(folder):
    index = open_index(folder)
    index.sync(PassageVectors())
    assert index.nearest(np.ones(SIZE, dtype=np.float32), 5) == []
    index.sync(some_vectors("ab"))
    assert answers(index, some_vectors("ab")) == exactly(some_vectors("ab"))
    index.sync(PassageVectors())
    assert index.nearest(np.ones(SIZE, dtype=np.float32), 5) == []
    index.close()


def test_nothing_changed_means_nothing_is_rebuilt(folder, kept):
    before = generations(folder)
    assert reopened(folder, kept) == exactly(kept)
    assert generations(folder) == before


def test_a_deleted_folder_comes_back(folder, kept):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    assert reopened(folder, kept) == exactly(kept)


def test_a_folder_deleted_under_a_running_library_still_answers(folder, caplog):
    vectors = some_vectors("abcdefghij")
    index = open_index(folder)
    index.sync(vectors)
    index._collection = None  # what Chroma does then depends on what it had open: the worst is no answer at all
    with caplog.at_level(logging.CRITICAL):
        assert answers(index, vectors) == exactly(vectors)
    index.close()


DAMAGE = {
    "cut in half": lambda raw: raw[: len(raw) // 2],
    "emptied": lambda raw: b"",
    "garbage": lambda raw: os.urandom(max(len(raw), 64)),
    "garbage in the middle": lambda raw: raw[: len(raw) // 3] + b"\xff" * (len(raw) // 3) + raw[2 * len(raw) // 3 :],
}


@pytest.mark.parametrize("how", DAMAGE)
def test_any_damaged_file_means_a_rebuild_with_the_same_answers(folder, kept, how):
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    assert any(path.name == "manifest.json" for path in files)
    assert any(path.name == "chroma.sqlite3" for path in files)
    # Each round damages one file of the store as it then stands: a rebuild gives the folders new names.
    for number in range(len(files)):
        there = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
        path = there[number % len(there)]
        path.write_bytes(DAMAGE[how](path.read_bytes()))
        assert reopened(folder, kept) == exactly(kept), path


@pytest.mark.parametrize(
    "manifest",
    [
        "[]",
        "{}",
        "null",
        '{"generation": "gone", "files": {}, "passages": {}}',
        '{"generation": "../..", "files": {}, "passages": []}',
        '{"generation": null, "files": null, "passages": null}',
    ],
)
def test_a_manifest_that_makes_no_sense_is_not_believed(folder, kept, manifest):
    (folder / "manifest.json").write_text(manifest)
    assert reopened(folder, kept) == exactly(kept)


def test_a_stale_manifest_is_not_believed(folder, kept):
    stale = (folder / "manifest.json").read_text()
    more = some_vectors("abcdefghijklm")
    reopened(folder, more)
    (folder / "manifest.json").write_text(stale)
    assert reopened(folder, more) == exactly(more)


def test_a_store_that_holds_less_than_its_manifest_says_is_rebuilt(folder, kept):
    index = open_index(folder)
    index.sync(kept)
    index._collection.delete(ids=["a:who", "b:who"])
    index.close()
    assert reopened(folder, kept) == exactly(kept)


def test_a_passage_that_the_graph_misses_is_no_damage(folder, kept, monkeypatch):
    first, near = generations(folder), ChromaIndex._nearest
    monkeypatch.setattr(ChromaIndex, "_nearest", lambda index, vector, limit: near(index, vector, limit + 1)[1:])
    reopened(folder, kept)
    assert generations(folder) == first


def test_a_store_with_other_vectors_than_the_shelf_is_rebuilt(folder, kept):
    first = generations(folder)
    other = replace(some_vectors("abcdefghij", seed=2), passages=kept.passages)  # the same texts, read by another model
    assert reopened(folder, other) == exactly(other)
    assert generations(folder) != first


def test_a_lost_table_means_a_rebuild(folder, kept):
    (database,) = folder.rglob("chroma.sqlite3")
    with sqlite3.connect(database) as connection:
        connection.execute("drop table collections")
    connection.close()
    assert reopened(folder, kept) == exactly(kept)


def test_the_manifest_is_gone_while_the_store_changes(folder, kept, monkeypatch):
    """Whoever is killed in between leaves no manifest that vouches for half a store."""
    seen = []
    index = open_index(folder)
    index.sync(kept)
    add = ChromaIndex._add
    monkeypatch.setattr(
        ChromaIndex, "_add", lambda self, *a: (seen.append((folder / "manifest.json").exists()), add(self, *a))
    )
    index.sync(some_vectors("abcx"))
    index.close()
    assert seen == [False]


CHILD = """
import sys, time
from pathlib import Path
from library.index import open_index
from tests.test_index import some_vectors
folder, letters = Path(sys.argv[1]), "".join(chr(0x4E00 + i) for i in range(1500))
index = open_index(folder)
index.sync(some_vectors("abcdefghij"))
print("ready", flush=True)
seed = 2
while True:
    index.sync(some_vectors("abcdefghij" + letters[: 700 + 300 * (seed % 2)], seed))
    seed += 1
"""


@pytest.mark.parametrize("after", [0.0, 0.15, 0.6])
def test_a_process_killed_in_the_middle_of_a_sync_leaves_an_index_that_works(folder, after):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(after)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(timeout=60)
        child.stdout.close()
    vectors = some_vectors("abcdefghij", seed=99)
    assert reopened(folder, vectors) == exactly(vectors)


def test_only_one_process_keeps_the_index(folder):
    first, second = open_index(folder), open_index(folder)
    assert (first.writes, second.writes) == (True, False)
    vectors = some_vectors("abc")
    first.sync(vectors)
    second.sync(vectors)
    assert answers(first, vectors) == answers(second, vectors)
    first.close()
    third = open_index(folder)
    assert third.writes
    third.close()


def test_no_more_neighbours_than_there_are(folder):
    vectors = some_vectors("abcdef")
    chroma, exact = open_index(folder), ExactIndex()
    for index in (chroma, exact):
        index.sync(vectors)
        assert len(index.nearest(vectors.matrix[0], 2)) == 2
        assert len(index.nearest(vectors.matrix[0], 100)) == 6
    chroma.close()


@settings(max_examples=25)
@given(
    names=st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=26).map(
        lambda s: "".join(dict.fromkeys(s))
    ),
    seed=st.integers(0, 10**6),
    limit=st.integers(1, 8),
)
def test_chroma_and_the_exact_index_agree(tmp_path_factory, names, seed, limit):
    vectors = some_vectors(names, seed)
    query = np.random.default_rng(seed + 1).normal(size=SIZE).astype(np.float32)
    query /= np.linalg.norm(query)
    chroma, exact = open_index(tmp_path_factory.mktemp("index")), ExactIndex()
    try:
        for index in (chroma, exact):
            index.sync(vectors)
        near, truly = (index.nearest(query, limit) for index in (chroma, exact))
    finally:
        chroma.close()
    assert [n.story for n in near] == [n.story for n in truly]
    assert [n.similarity for n in near] == pytest.approx([n.similarity for n in truly], abs=1e-4)
    assert [n.beat for n in near] == [n.beat for n in truly]


# --- vectors kept ---------------------------------------------------------------------------------------------------


@pytest.fixture
def passages():
    return Shelf({s.id: s for s in (make_story("one"), make_story("two", title="Two hospitals merged"))}).passages


def test_no_text_is_embedded_twice(tmp_path, passages, encoder):
    cache = VectorCache(tmp_path / "vectors.db", encoder)
    first = cache.passages(passages)
    asked = len(encoder.texts)
    assert asked == len({part for p in passages for part in p.parts})
    cache.passages(passages)
    again = VectorCache(tmp_path / "vectors.db", encoder).passages(passages)
    assert len(encoder.texts) == asked
    np.testing.assert_array_equal(first.matrix, again.matrix)
    assert again.rows["two"].stop == len(passages)


def test_vectors_of_another_model_are_not_mixed_in(tmp_path, passages, encoder):
    VectorCache(tmp_path / "vectors.db", encoder).passages(passages)
    other = FakeEncoder()
    other.name = "another"
    VectorCache(tmp_path / "vectors.db", other).passages(passages)
    assert len(other.texts) == len(encoder.texts)


def test_a_question_is_remembered_but_never_written_down(tmp_path, passages, encoder):
    cache = VectorCache(tmp_path / "vectors.db", encoder)
    cache.passages(passages)
    known = len(encoder.texts)
    cache.query("nurses leave")
    cache.query("nurses leave")
    assert encoder.texts[known:] == ["nurses leave"]
    assert VectorCache(tmp_path / "vectors.db", encoder).known(["nurses leave"]) == 0


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_vectors_are_set_aside_and_made_again(tmp_path, passages, encoder, how):
    path = tmp_path / "vectors.db"
    first = VectorCache(path, encoder).passages(passages)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    again = VectorCache(path, encoder).passages(passages)
    np.testing.assert_array_equal(first.matrix, again.matrix)
    asked = len(encoder.texts)
    VectorCache(path, encoder).passages(passages)
    assert len(encoder.texts) == asked, "the new file is kept"


def test_a_file_of_another_making_is_set_aside(tmp_path, passages, encoder):
    with sqlite3.connect(tmp_path / "vectors.db") as other:
        other.execute("create table vectors (something text)")
    other.close()
    VectorCache(tmp_path / "vectors.db", encoder).passages(passages)
    assert (tmp_path / "vectors.damaged").exists()
    assert VectorCache(tmp_path / "vectors.db", encoder).known([passages[0].parts[0]]) == 1


def test_vectors_that_another_process_holds_are_not_thrown_away(tmp_path, passages, encoder, monkeypatch):
    path = tmp_path / "vectors.db"
    VectorCache(path, encoder).passages(passages)
    connect = sqlite3.connect
    monkeypatch.setattr("library.store.sqlite3.connect", lambda p, **_: connect(p, timeout=0.05))
    holder = connect(path)
    holder.execute("begin exclusive")
    changed = tuple(replace(p, parts=(f"new {p.parts[0]}",)) for p in passages)
    assert VectorCache(path, encoder).passages(changed).matrix.shape[0] == len(passages)
    holder.rollback()
    holder.close()
    assert not (tmp_path / "vectors.damaged").exists()
    assert VectorCache(path, encoder).known(passages[0].parts) == 1


def test_progress_is_told_up_to_the_end(tmp_path, encoder):
    told = []
    VectorCache(tmp_path / "vectors.db", encoder).vectors([f"text {n}" for n in range(600)], lambda *n: told.append(n))
    assert told == [(256, 600), (512, 600), (600, 600)]


def test_the_manifest_holds_digests_and_no_text(folder, kept):
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest) == {"generation", "files", "passages"}
    assert set(manifest["passages"]) == {f"{name}:who" for name in "abcdefghij"}
