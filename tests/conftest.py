import os

import pytest
from hypothesis import HealthCheck, settings

from library.library import Library
from library.settings import Settings
from library.shelf import Shelf
from library.story import Story
from library.vocabulary import Vocabulary
from tests.helpers import STORIES, TODAY, VOCABULARY, FakeEncoder, make_story
from tests.journeys import browser, context, page, server

__all__ = ["browser", "context", "page", "server"]

# The first example of a test pays for reading a vocabulary: no deadline, so that a slow machine fails nothing.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


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
def real_library(tmp_path_factory):
    """The shelf that ships on the real model, embedded once for every test that wants it."""
    library = Library(Settings(stories=STORIES, data=tmp_path_factory.mktemp("real"), today=TODAY))
    assert library.state.search.by_meaning, library.state.notice
    yield library
    library.close()


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
