import os
import shutil
from pathlib import Path

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # the workers are as many as the processors; torch reads it once

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from library import shelf
from library.library import Library
from library.settings import Settings
from library.shelf import Shelf
from library.story import Passage, Story
from library.vocabulary import Vocabulary
from tests.helpers import STORIES, TODAY, VOCABULARY, FakeEncoder, make_story
from tests.journeys import browser, context, page, server

__all__ = ["browser", "context", "page", "server"]

# The first example of a test pays for reading a vocabulary: no deadline, so that a slow machine fails nothing.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture(autouse=True)
def whole_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages draw long lists whole, so that a test sees all of it; those of drawing a part set it themselves."""
    monkeypatch.setattr("library.pages.parts.ROWS", 1_000)


@pytest.fixture
def sardines() -> Story:
    return make_story()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return VOCABULARY


@pytest.fixture(scope="session")
def shipped() -> Shelf:
    return Shelf.read(STORIES)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory) -> Path:
    """The vectors of the shelf that ships on the real model: a file made once a run, to be copied into a data folder.

    Of several workers the first makes it and the others wait.
    """
    run = tmp_path_factory.getbasetemp()
    file = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "vectors.db"
    with FileLock(f"{file}.lock"):
        if not file.exists():
            data = tmp_path_factory.mktemp("embedded")
            library = Library(Settings(stories=STORIES, data=data, today=TODAY))
            assert library.state.search.by_meaning, library.state.notice
            library.state.search.embed_reasons([story.id for story in library.shelf.tellable(TODAY)])
            library.twins.of(make_story("nothing-like-it", customer=""))
            library.close()
            shutil.copy(data / "vectors.db", file.with_suffix(".part"))
            file.with_suffix(".part").replace(file)
    return file


@pytest.fixture(scope="session")
def real_library(tmp_path_factory, embedded):
    """The shelf that ships on the real model."""
    data = tmp_path_factory.mktemp("real")
    shutil.copy(embedded, data / "vectors.db")
    library = Library(Settings(stories=STORIES, data=data, today=TODAY))
    assert library.state.search.by_meaning, library.state.notice
    yield library
    library.close()


@pytest.fixture(scope="session", autouse=True)
def passages_made_once():
    """Taking the names out of the same few stories, for test after test, took longer than most of the tests."""
    make = shelf.passages_of
    made: dict[tuple[str, int], list[Passage]] = {}

    def passages_of(story: Story, vocabulary: Vocabulary) -> list[Passage]:
        key = repr(story), hash(vocabulary.terms)
        if key not in made:
            made[key] = make(story, vocabulary)
        return made[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shelf, "passages_of", passages_of)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers the journeys come first: they are the longest files, and none shall be left for the end."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With REQUIRE_ALL=1 a skipped test is a failed one: nothing may be left out unseen."""
    report = yield
    if os.environ.get("REQUIRE_ALL") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and REQUIRE_ALL=1 is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    report = yield
    if os.environ.get("REQUIRE_ALL") == "1" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and REQUIRE_ALL=1 is set: {report.longrepr}"
    return report
