"""The pipeline page as somebody uses it: a file in, columns said where unclear, stopped and gone on, deals one by one."""

import io
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from library.exchange.tables import table_of
from library.library import Library
from library.pages import deals, desk
from library.pipeline.answers import Why
from library.settings import Settings
from tests.helpers import STORIES, TODAY, FakeEncoder
from tests.test_app import LEAD, everything, links, plain
from tests.test_secrets import HIDDEN, SPOKEN, customers_of, leak

APP = Path(__file__).parent.parent / "app.py"
EXPORT = Path(__file__).with_name("pipeline_salesforce.csv")
REP = "Dev Raman"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    made = Library(
        Settings(stories=STORIES, data=tmp_path_factory.mktemp("data"), today=TODAY, leads=LEAD), FakeEncoder()
    )
    made.sync()
    yield made
    made.close()


@pytest.fixture
def page(library, monkeypatch):
    """Open the page, as a rep when nobody else is named."""
    monkeypatch.setattr(desk, "library", lambda: library)

    def opened(person: str = REP) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=60)
        app.session_state["person_name"] = person
        app.run()
        app.switch_page(desk.PIPELINE).run()
        assert not app.exception
        return app

    return opened


def bring(app: AppTest, name: str = EXPORT.name, content: bytes | None = None) -> AppTest:
    """Bring a file and wait until its deals are matched."""
    app.file_uploader(key="pipeline-file").upload(name, content or EXPORT.read_bytes(), "text/csv").run()
    assert not app.exception
    return waited(app)


def waited(app: AppTest) -> AppTest:
    mine = app.session_state["pipeline"] if "pipeline" in app.session_state else None
    if mine is not None and mine.run is not None:
        mine.run.wait(60)
        app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    return plain(" ".join(node.value for kind in kinds for node in kind))


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def listed(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["Deal"])


def test_it_says_what_one_gets_and_that_nothing_is_stored(page):
    said = texts(page())
    assert "nothing of it is stored" in said
    assert "first, with the question to ask" in said


def test_a_pipeline_is_shown_with_no_why_first_and_one_deal_open(page):
    app = bring(page())
    assert "27 open deals; left out: 2 closed won, 2 closed lost." in texts(app)
    table = app.dataframe[0].value
    whys = [why[0] for why in table["Why"]]
    assert whys == sorted(
        whys, key=[why.label for why in Why].index if False else lambda w: (w != "No why", w == "Change and cost")
    )
    assert listed(app)[0] == "Old Mill Dairy"
    assert "Why was this deal expected to close on 20 November 2026?" in texts(app)
    assert {metric.label: metric.value for metric in app.metric}["No why"] == "9"
