import os
import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from library import encoder as room
from library.library import Library
from library.match import Verdict
from library.settings import Settings
from library.shelf import ShelfError
from library.situation import understand
from tests.helpers import STORIES, TODAY, VOCABULARY, FakeEncoder, make_story, spawning, write_shelf
from tests.test_encoder import PackagedFile

NURSES = "nurses leave the hospital wards and agency nurses quit"
BOATS = "the sardine boat and the tins of the cannery"


def ward(story_id: str = "ward-nurses"):
    return make_story(
        story_id,
        title="Nurses leave the wards",
        industry="hospitals",
        tags=("nurses leave", "hospital wards", "agency nurses"),
        beats={
            "who": "Marit runs the wards of a hospital.",
            "change": "In 2025 a third of the nurses quit and left the hospital.",
            "pain": "Agency nurses every night on the wards; patients waited.",
            "need": "To know by noon which wards lack nurses.",
            "decision": 'She said: "My nurses leave, and agency nurses quit."',
            "win": "On 14 November 2025 the wards had their nurses.",
        },
    )


@pytest.fixture
def stories(tmp_path):
    return write_shelf(tmp_path / "stories", make_story(), ward())


@pytest.fixture
def settings_here(tmp_path, stories):
    return Settings(stories=stories, data=tmp_path / "data", today=TODAY)


def library_of(settings: Settings, encoder: FakeEncoder | None = None) -> Library:
    return Library(settings, encoder or FakeEncoder())


def found(library: Library, said: str):
    return library.state.search.find(understand(said, VOCABULARY), TODAY)


@pytest.fixture
def library(settings_here):
    library = library_of(settings_here)
    yield library
    library.close()


def touched(path, later: int = 5):
    """Give a file a time of change of its own, however coarse the clock of the disk."""
    then = path.stat().st_mtime_ns + later * 10**9
    os.utime(path, ns=(then, then))


def test_the_words_of_old_asks_are_erased_once_a_day_while_it_runs(tmp_path, monkeypatch):
    stories = write_shelf(tmp_path / "stories", make_story())
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY, keep_asks_days=10), FakeEncoder())
    library.records.asks.add("Dev", "nurses", at=library.now, verdict="nothing")
    assert [ask.text for ask in library.records.asks.since(library.now - timedelta(days=1))] == ["nurses"]
    library.settings = library.settings.model_copy(update={"today": TODAY + timedelta(days=11)})
    assert [ask.text for ask in library.records.asks.since(library.now - timedelta(days=20))] == [""]
    library.close()


def test_a_library_answers_by_meaning(library):
    assert found(library, NURSES).stories[0] == "ward-nurses"
    assert found(library, BOATS).stories[0] == "sardines"
    assert library.state.notice == ""
    assert library.today == TODAY


def test_nothing_unchanged_is_embedded_again(settings_here, stories):
    encoder = FakeEncoder()
    library = library_of(settings_here, encoder)
    library.sync()
    asked = len(encoder.texts)
    library.sync()
    assert len(encoder.texts) == asked
    changed = make_story(beats={"win": "On 20 June 2025 a boat was sold twice over."})
    write_shelf(stories, changed)
    touched(stories / "sardines.md")
    library.sync()
    assert len(encoder.texts) == asked + 1
    assert "sold twice over" in encoder.texts[-1]
    library.close()
    again = library_of(settings_here, encoder)
    again.sync()
    assert len(encoder.texts) == asked + 1
    again.close()


def test_editing_adding_and_deleting_show_after_a_sync(library, stories):
    library.sync()
    assert not library.outdated()

    write_shelf(stories, ward("ward-nurses-two"))
    assert library.outdated()
    library.sync()
    assert not library.outdated()
    assert "ward-nurses-two" in found(library, NURSES).stories

    (stories / "ward-nurses.md").unlink()
    (stories / "ward-nurses-two.md").unlink()
    assert library.outdated()
    library.sync()
    assert set(library.state.shelf.stories) == {"sardines"}
    assert not {"ward-nurses", "ward-nurses-two"} & set(found(library, NURSES).stories)

    write_shelf(stories, replace(ward("sardines"), alias="a hospital"))
    touched(stories / "sardines.md")
    assert library.outdated()
    library.sync()
    assert found(library, NURSES).stories == ("sardines",)


def test_a_page_keeps_the_state_it_began_with(library, stories):
    before = library.state
    (stories / "ward-nurses.md").unlink()
    library.sync()
    assert library.state is not before
    assert "ward-nurses" in before.shelf.stories


def test_a_file_touched_but_not_changed_makes_no_new_search(library, stories):
    before = library.state.search
    touched(stories / "sardines.md")
    assert library.outdated()
    library.sync()
    assert library.state.search is before


@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbage"])
def test_a_damaged_index_comes_back_without_embedding(settings_here, damage):
    encoder = FakeEncoder()
    library = library_of(settings_here, encoder)
    answers = [found(library, said) for said in (NURSES, BOATS)]
    library.close()
    index = settings_here.data / "index"
    if damage == "deleted":
        shutil.rmtree(index)
    else:
        for path in [p for p in index.rglob("*") if p.is_file()]:
            path.write_bytes(b"" if damage == "emptied" else os.urandom(4000))
    asked = list(encoder.texts)
    again = library_of(settings_here, encoder)
    again.sync()
    assert encoder.texts == asked
    assert [found(again, said).ranked for said in (NURSES, BOATS)] == [a.ranked for a in answers]
    again.close()


def test_an_index_deleted_under_a_running_library(library, settings_here, stories):
    before = found(library, NURSES)
    shutil.rmtree(settings_here.data / "index")
    assert found(library, NURSES).ranked == before.ranked
    write_shelf(stories, ward("ward-nurses-two"))
    library.sync()
    assert "ward-nurses-two" in found(library, NURSES).stories


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000])
def test_damaged_vectors_start_again(settings_here, damage):
    encoder = FakeEncoder()
    library = library_of(settings_here, encoder)
    before = found(library, NURSES)
    library.close()
    for path in settings_here.data.glob("vectors.db*"):
        path.write_bytes(damage)
    encoder.texts.clear()
    again = library_of(settings_here, encoder)
    assert found(again, NURSES).ranked == before.ranked
    assert encoder.texts
    again.close()


def in_another_process(settings: Settings, ready, go, result) -> None:
    library = Library(settings, FakeEncoder())
    library.sync()
    ready.set()
    go.wait(60)
    library.sync()
    result.put((library.state.notice, found(library, NURSES).ranked))


def test_a_second_process_reads_only_says_so_and_sees_edits(library, settings_here, stories, monkeypatch):
    first = found(library, NURSES).ranked
    context = spawning(monkeypatch)
    ready, go, result = context.Event(), context.Event(), context.Queue()
    child = context.Process(target=in_another_process, args=(settings_here, ready, go, result))
    child.start()
    try:
        assert ready.wait(120)
        write_shelf(stories, ward("ward-nurses-two"))
        go.set()
        notice, ranked = result.get(timeout=120)
    finally:
        child.join(30)
        child.kill()
    assert "Another process keeps this index" in notice
    assert {story for story, _, _ in ranked} >= {"ward-nurses", "ward-nurses-two"}
    assert found(library, NURSES).ranked == first, "this one has not synced yet"
    library.sync()
    assert "ward-nurses-two" in found(library, NURSES).stories


def test_a_second_library_answers_the_same(library, settings_here):
    library.sync()
    second = library_of(settings_here)
    for said in (NURSES, BOATS):
        assert found(second, said).stories == found(library, said).stories
        assert found(second, said).verdict is found(library, said).verdict
    assert "Another process" in second.state.notice
    second.close()


def test_two_folders_of_stories_have_two_indexes(library, settings_here, tmp_path):
    other = write_shelf(tmp_path / "other" / "stories", ward("other-ward"))
    second = library_of(settings_here.model_copy(update={"stories": other}))
    assert found(second, NURSES).stories == ("other-ward",)
    assert found(library, NURSES).stories[0] == "ward-nurses"
    assert second.state.notice == library.state.notice == ""
    assert len(list((settings_here.data / "index").iterdir())) == 2
    second.close()


# --- without a usable model ----------------------------------------------------------------------------------------


def by_words(settings: Settings, **changes) -> Library:
    return Library(settings.model_copy(update=changes))


def test_without_a_model_the_library_searches_by_words_and_says_so(settings_here):
    library = by_words(settings_here, model="none")
    assert library.state.notice == "Search goes by the words alone: LIBRARY_MODEL is none."
    assert not library.state.search.by_meaning
    assert found(library, "nurses leave the wards").stories[0] == "ward-nurses"
    assert found(library, "zebras and giraffes").verdict is Verdict.NOTHING
    assert len(library.state.shelf) == 2


def test_a_model_folder_that_is_not_there(settings_here, tmp_path):
    library = by_words(settings_here, model=str(tmp_path / "nowhere"))
    assert "words alone" in library.state.notice
    assert "There is no folder" in library.state.notice
    assert found(library, "nurses leave the wards").stories[0] == "ward-nurses"


def test_a_model_folder_that_holds_no_model(settings_here, tmp_path):
    (tmp_path / "empty").mkdir()
    library = by_words(settings_here, model=str(tmp_path / "empty"))
    assert "holds no sentence-transformers model" in library.state.notice
    assert found(library, "nurses leave the wards").stories[0] == "ward-nurses"


def test_tampered_weights_leave_the_words(settings_here, tmp_path, monkeypatch):
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"not the published ones")
    monkeypatch.setattr(room.importlib.metadata, "files", lambda _: [PackagedFile(weights)])
    library = by_words(settings_here)
    assert "it is not used" in library.state.notice
    assert found(library, "nurses leave the wards").stories[0] == "ward-nurses"


def test_a_library_by_words_sees_edits(settings_here, stories):
    library = by_words(settings_here, model="none")
    library.sync()
    write_shelf(stories, ward("ward-nurses-two"))
    library.sync()
    assert "ward-nurses-two" in found(library, "nurses leave the wards").stories


def test_no_folder_of_stories_is_said(tmp_path):
    library = library_of(Settings(stories=tmp_path / "nowhere", data=tmp_path / "data"))
    with pytest.raises(ShelfError, match="There is no folder"):
        library.sync()
    assert not library.ready


def test_an_empty_folder_is_an_empty_library(tmp_path):
    (tmp_path / "stories").mkdir()
    library = library_of(Settings(stories=tmp_path / "stories", data=tmp_path / "data"))
    assert found(library, NURSES).ranked == ()
    write_shelf(tmp_path / "stories", ward())
    library.sync()
    assert found(library, NURSES).stories == ("ward-nurses",)
    library.close()


def test_progress_is_shown_on_a_first_build(settings_here):
    told: list[tuple[int, int]] = []
    library = library_of(settings_here)
    library.sync(lambda done, of: told.append((done, of)))
    assert told
    assert told[-1][0] == told[-1][1]
    library.close()


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("LIBRARY_TODAY", "2026-11-22")
    monkeypatch.setenv("LIBRARY_DATA", str(tmp_path))
    assert Settings().day == date(2026, 11, 22)
    assert Settings().data == tmp_path
    assert Settings().stories == STORIES.resolve()
