"""A sync does again only what changed, and what it takes over is what it would have made."""

import os
from dataclasses import replace
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import shelf as room
from library.keywords import Keywords, terms
from library.library import Library
from library.settings import Settings
from library.shelf import VOCABULARY_FILE, Shelf, stamp
from library.story import Passage
from library.vectors import PassageVectors, VectorCache
from tests.helpers import TODAY, VOCABULARY, FakeEncoder, make_story, write_shelf
from tests.test_search import CANNERY, CLINIC, FOUR, FREIGHT, WARD, find, search_over


@pytest.fixture
def opened(monkeypatch) -> list[str]:
    """The files read, by name; clocks are taken to be fine enough to tell every edit."""
    names: list[str] = []
    read_file = room.read_file
    monkeypatch.setattr(room, "FRESH", 0)
    monkeypatch.setattr(room, "read_file", lambda path, *more: (names.append(path.name), read_file(path, *more))[1])
    return names


@pytest.fixture
def folder(tmp_path) -> Path:
    return write_shelf(tmp_path, WARD, CLINIC, FREIGHT)


def made_of(shelf: Shelf) -> tuple:
    words = [shelf.searched(story).words for story in shelf.stories]
    return shelf.stories, shelf.problems, shelf.passages, shelf.fingerprint, words


def same(one: Shelf, other: Shelf) -> bool:
    return made_of(one) == made_of(other)


# --- files ------------------------------------------------------------------------------------------------------------


def test_only_what_changed_is_read(folder, opened):
    before = Shelf.read(folder)
    opened.clear()
    write_shelf(folder, replace(CLINIC, title="Clinic nurses stay"), CANNERY)
    (folder / "freight.md").unlink()
    after = Shelf.read(folder, before)
    assert opened == ["cannery.md", "clinic.md"]
    assert same(after, Shelf.read(folder))
    assert after.stories["ward"] is before.stories["ward"]


def test_a_file_changed_just_now_is_read_again_though_it_looks_the_same(folder, opened, monkeypatch):
    monkeypatch.setattr(room, "FRESH", 3600 * 10**9)
    before = Shelf.read(folder)
    opened.clear()
    Shelf.read(folder, before)
    assert len(opened) == 3


def test_an_edit_of_the_same_length_and_age_is_seen(folder, opened):
    path = folder / "ward.md"
    before, looks = Shelf.read(folder), path.stat()
    while path.stat().st_ctime_ns == looks.st_ctime_ns:
        path.write_text(path.read_text().replace("a third of", "a tenth of"))
        os.utime(path, ns=(looks.st_atime_ns, looks.st_mtime_ns))
    assert "a tenth of" in Shelf.read(folder, before).stories["ward"].telling


def test_files_that_change_names_are_read_under_their_new_ones(folder, opened):
    before = Shelf.read(folder)
    (folder / "ward.md").rename(folder / "aside")
    (folder / "clinic.md").rename(folder / "ward.md")
    (folder / "aside").rename(folder / "clinic.md")
    (folder / "freight.md").rename(folder / "trucks.md")
    after = Shelf.read(folder, before)
    assert after.stories["ward"] == replace(CLINIC, id="ward")
    assert same(after, Shelf.read(folder))


def test_other_words_in_the_vocabulary_mean_that_all_is_read(folder, opened):
    write_shelf(folder, replace(FREIGHT, industry="haulage"))
    before = Shelf.read(folder)
    assert "field industry" in {problem.where for problem in before.problems}
    opened.clear()
    (folder / VOCABULARY_FILE).write_text('[industry]\nhaulage = { label = "Haulage" }\n')
    after = Shelf.read(folder, before)
    assert len(opened) == 3
    assert "field industry" not in {problem.where for problem in after.problems}
    assert same(after, Shelf.read(folder))


def test_what_is_wrong_with_unchanged_files_stays_said(folder, opened):
    write_shelf(folder, replace(FREIGHT, industry="haulage"))
    (folder / "no-story.md").write_text("Nothing here.")
    before = Shelf.read(folder)
    opened.clear()
    after = Shelf.read(folder, before)
    assert after.problems == before.problems
    assert {"no-story.md", "freight.md"} <= {problem.file for problem in after.problems}
    assert opened == ["no-story.md"], "what could not be read is tried again"


def test_two_files_of_one_id_are_noticed_though_one_was_known(folder, opened):
    before = Shelf.read(folder)
    write_shelf(folder / "more", WARD)
    after = Shelf.read(folder, before)
    assert "ward" not in after.stories
    assert same(after, Shelf.read(folder))
    (folder / "more" / "ward.md").unlink()
    assert Shelf.read(folder, after).stories["ward"] == WARD


def test_a_folder_out_of_reach_keeps_its_place_in_the_stamp(folder, monkeypatch):
    lstat = os.lstat

    def failing(path, **more):
        if str(path).endswith("ward.md"):
            raise PermissionError
        return lstat(path, **more)

    monkeypatch.setattr(room.os, "lstat", failing)
    assert ("ward.md", (-1, -1, -1)) in stamp(folder)
    shelf = Shelf.read(folder)
    assert "ward" not in shelf._readings


# --- names taken out, keywords, vectors -------------------------------------------------------------------------------


def test_names_are_taken_out_of_changed_stories_only(folder, opened, monkeypatch):
    before = Shelf.read(folder)
    assert before.passages
    masked: list[str] = []
    without_names = room.without_names
    monkeypatch.setattr(room, "without_names", lambda story: (masked.append(story.id), without_names(story))[1])
    write_shelf(folder, replace(CLINIC, title="Clinic nurses stay"))
    after = Shelf.read(folder, before)
    assert after.passages
    assert after.searched("clinic").words
    assert masked == ["clinic"]


TEXTS = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("nurses leave wards boat boats tins the".split())).map(" ".join)
)


@given(TEXTS, TEXTS, st.lists(st.sampled_from("nurse leave boat tins fish the".split()), min_size=1).map(" ".join))
def test_keywords_taken_over_score_like_new_ones_and_like_another_implementation(earlier, texts, query):
    keywords = Keywords(texts, Keywords(earlier))
    np.testing.assert_allclose(keywords.scores(query), Keywords(texts).scores(query), rtol=1e-6)
    assert [keywords.coverage(query, s) for s in texts] == [Keywords(texts).coverage(query, s) for s in texts]
    if not any(terms(text) for text in texts.values()):
        return
    other = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    other.index([terms(text) for text in texts.values()], show_progress=False)
    said = [term for term in terms(query) if any(term in terms(text) for text in texts.values())]
    expected = other.get_scores(said) if said else np.zeros(len(texts))
    np.testing.assert_allclose(keywords.scores(query), expected, rtol=1e-5)


STORIES = st.builds(
    replace, st.sampled_from(FOUR), title=st.sampled_from(["One", "Two"]), tags=st.sampled_from([(), ("a", "b", "c")])
)
SHELVES = st.dictionaries(st.sampled_from([f"story-{n}" for n in range(5)]), STORIES, max_size=5).map(
    lambda stories: Shelf({i: replace(s, id=i) for i, s in stories.items()}, vocabulary=VOCABULARY)
)


@given(SHELVES, SHELVES)
def test_vectors_taken_over_are_those_that_would_be_made(earlier, later):
    cache = VectorCache(None, FakeEncoder())
    before = cache.passages(earlier.passages)
    after, anew = cache.passages(later.passages, before=before), cache.passages(later.passages)
    np.testing.assert_array_equal(after.matrix, anew.matrix)
    assert (after.passages, after.digests, after.rows) == (anew.passages, anew.digests, anew.rows)


def test_vectors_of_unchanged_stories_are_not_looked_up():
    encoder = FakeEncoder()
    cache = VectorCache(None, encoder)
    stories = {story.id: story for story in FOUR}
    before = cache.passages(Shelf(stories, vocabulary=VOCABULARY).passages)
    asked = len(encoder.texts)
    changed = {**stories, "ward": replace(WARD, title="Wards without nurses")}
    cache.passages(Shelf(changed, vocabulary=VOCABULARY).passages, before=before)
    assert encoder.texts[asked:]
    assert all("Wards without nurses" in text or text in WARD.tags for text in encoder.texts[asked:])


def test_a_digest_is_of_the_text_as_it_is_now():
    one, other = (PassageVectors((Passage("a", None, (text,)),), np.ones((1, 2), np.float32)) for text in "xy")
    assert one.digests != other.digests


# --- the running library ----------------------------------------------------------------------------------------------


def test_after_any_edits_a_library_answers_like_a_new_one(tmp_path):
    stories = write_shelf(tmp_path / "stories", *FOUR)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), FakeEncoder())
    library.sync()
    for changed in (
        replace(WARD, title="The wards stand empty"),
        replace(CANNERY, id="second-cannery"),
        replace(CLINIC, country="NO"),
        make_story("bakery", tags=("flour price", "bread", "margin")),
    ):
        write_shelf(stories, changed)
        library.sync()
    (stories / "freight.md").unlink()
    library.sync()
    fresh = search_over(Shelf.read(stories))
    for said in ("nurses leave the wards", "truck drivers quit", "the boat, only Norway", "flour price, not Norway"):
        mine, theirs = find(library.state.search, said), find(fresh, said)
        assert mine.stories == theirs.stories
        assert [e[1] for e in mine.ranked] == pytest.approx([e[1] for e in theirs.ranked], abs=1e-4)
    library.close()


def test_what_was_asked_is_not_embedded_again_after_an_edit(tmp_path):
    encoder = FakeEncoder()
    stories = write_shelf(tmp_path / "stories", WARD, CANNERY)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), encoder)
    find(library.state.search, "nurses leave the wards")
    write_shelf(stories, replace(WARD, title="The wards stand empty"))
    library.sync()
    asked = len(encoder.texts)
    find(library.state.search, "nurses leave the wards")
    assert encoder.texts[asked:] == []
    library.close()


def test_the_first_page_and_the_first_sync_read_the_folder_once(tmp_path, opened):
    stories = write_shelf(tmp_path / "stories", WARD, CANNERY)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), FakeEncoder())
    assert len(library.shelf) == 2
    library.sync()
    assert sorted(opened) == ["cannery.md", "ward.md"]
    library.close()


def test_however_many_ask_the_folder_is_looked_at_a_twentieth_of_the_time(tmp_path, monkeypatch):
    stories = write_shelf(tmp_path / "stories", WARD)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), FakeEncoder())
    library.sync()
    clock, looks = [100.0], []
    monkeypatch.setattr("library.library.time.monotonic", lambda: clock[0])

    def look() -> bool:
        looks.append(clock[0])
        clock[0] += 0.1
        return True

    monkeypatch.setattr(library, "outdated", look)
    assert library.seems_outdated()
    assert not library.seems_outdated()
    clock[0] += 2.1
    assert library.seems_outdated()
    assert len(looks) == 2
    library.close()
