"""The pipeline page as somebody uses it: a file in, columns said, stopped and gone on, deals one by one."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from library.exchange.tables import table_of
from library.library import Library
from library.masking import without_names
from library.pages import deals, desk
from library.pipeline import run as running
from library.pipeline.answers import Why
from library.settings import Settings
from library.story import Beat, Story
from tests.helpers import STORIES, TODAY, FakeEncoder
from tests.test_app import LEAD, STRANGER, everything, links, plain
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
    mine = app.session_state["pipeline"] if "pipeline" in app.session_state else None  # noqa: SIM401 - AppTest has no get
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
    order = ["No why", "No change named", "No cost named", "Change and cost"]
    assert [why == "No why" for why in whys] == [True] * 9 + [False] * 18
    assert [why == "Change and cost" for why in whys] == [False] * 16 + [True] * 11
    assert set(whys) == set(order)
    assert listed(app)[0] == "Old Mill Dairy"
    assert "Why was this deal expected to close on 20 November 2026?" in texts(app)
    assert "9 of 27 deals have no why, worth 1.1 m of 6 m" in texts(app)


def test_one_goes_from_deal_to_deal_with_the_story_the_question_and_the_way_to_both(page):
    app = bring(page())
    app.multiselect(key="pipeline-why").set_value([Why.TOLD]).run()
    while "A third of the ward nurses" not in texts(app):
        press(app, "deal-next")
    said = texts(app)
    assert "Ravnholt Hospital" in said
    assert "Why it fits" in said
    assert "On a bad Tuesday evening" in said
    assert {"Open the story", "Take along"} <= set(links(app))
    before = app.session_state["pipeline"].open
    press(app, "deal-next")
    press(app, "deal-previous")
    assert app.session_state["pipeline"].open == before


def test_filters_narrow_the_table_and_what_goes_into_the_file(page):
    app = bring(page())
    app.multiselect(key="pipeline-why").set_value([Why.NONE]).run()
    assert len(listed(app)) == 9
    app.multiselect(key="pipeline-owner").set_value(["Dana Reyes"]).run()
    assert listed(app) == ["Ketteler ERP 2027", "Quill & Hart audit", "Tarn University"]
    assert "3 of 27 deals are shown, and go into the file." in texts(app)
    app.multiselect(key="pipeline-stage").set_value(["Prospecting"]).run()
    assert "Take a filter away" in texts(app)
    assert not app.dataframe


def test_a_file_without_notes_says_so_and_takes_the_column_somebody_names(page):
    content = "Deal Name,Deal Stage,Close Date,Amount,Remarks from the field\n" + "\n".join(
        f"Deal {n},Open,2026-12-0{n},10,Ward nurses keep leaving and agency shifts cost a fortune" for n in range(1, 5)
    )
    app = bring(page(), "deals.csv", content.encode())
    assert "found no column with notes among" in texts(app)
    notes = next(box for box in app.multiselect if box.label == "Notes" and "page" in str(box.key))
    notes.set_value(["Remarks from the field"])
    next(button for button in app.button if button.label == "Read it so").click().run()
    waited(app)
    assert len(listed(app)) == 4


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("deals.xlsx", b"PK no", "found no Excel workbook"),
        ("deals.csv", b"a,b\n1,2\n", "found no columns of deals"),
        ("deals.csv", b" ", "found an empty file"),
    ],
)
def test_what_is_no_export_is_a_sentence(page, name, content, said):
    assert said in texts(bring(page(), name, content))


def test_a_file_of_closed_deals_offers_to_match_them(page):
    content = "Deal Name,Deal Stage,Close Date,Description\nA,Closed Won,2026-10-01,Ward nurses keep leaving\n"
    app = bring(page(), "won.csv", content.encode())
    assert "Every deal in this file is closed." in texts(app)
    press(app, "pipeline-closed")
    assert listed(waited(app)) == ["A"]


def test_stopping_keeps_what_is_done_and_one_can_go_on(page, monkeypatch):
    real = running.answers_to

    def stopping(asked, *rest):
        app.session_state["pipeline"].run.stop()
        return real(asked, *rest)

    monkeypatch.setattr(running, "CHUNK", 8)
    monkeypatch.setattr(running, "answers_to", stopping)
    app = page()
    bring(app)
    assert "Stopped: 8 of 27 deals done, the most urgent first." in texts(app)
    assert len(listed(app)) == 8
    monkeypatch.setattr(running, "answers_to", real)
    press(app, "pipeline-go-on")
    assert len(listed(waited(app))) == 27


def test_another_file_ends_the_first_and_forgets_it(page):
    app = bring(page())
    run = app.session_state["pipeline"].run
    next(button for button in app.button if button.label == "Another file").click().run()
    assert run.stopping
    assert "pipeline" not in app.session_state
    assert app.get("file_uploader")


def test_nothing_of_it_is_recorded(page, library):
    app = bring(page())
    press(app, "deal-next")
    assert not library.records.asks.since(library.now - timedelta(days=1))
    kept = b"".join(path.read_bytes() for path in library.settings.data.rglob("*") if path.is_file())
    assert b"Ravnholt" not in kept
    assert b"Ward nurses keep leaving" not in kept


def test_no_page_and_no_file_says_a_name_that_person_may_not_see(page, library):
    """Each story's own words as a deal: whatever deal is open, only names for everybody are there."""
    rows = "".join(
        f'Deal {n},Open,2026-12-01,"{s.beat(Beat.CHANGE)} {s.beat(Beat.PAIN)}"\n'.replace("\n\n", " ")
        for n, s in enumerate(without_names(story) for story in library.shelf)
    )
    app = bring(page(STRANGER), "deals.csv", f"Deal Name,Stage,Close Date,Description\n{rows}".encode())
    answers = app.session_state["pipeline"].run.answers
    hidden = [answer for answer in answers if answer.story in {story.id for story in HIDDEN}]
    assert len(hidden) > 3
    for answer in hidden[:6]:
        app.session_state["pipeline"].open = answer.deal.row
        app.run()
        assert not leak(everything(app), customers_of(HIDDEN))
    content = deals.file_of(answers, library.shelf, TODAY, "deals.xlsx")
    assert not leak(table_of("deals.xlsx", content).to_csv(), customers_of([*HIDDEN, *SPOKEN]))


def own_words(story: Story) -> str:
    safe = without_names(story)
    return f"{safe.beat(Beat.CHANGE)} {safe.beat(Beat.PAIN)}".replace('"', "'")


def test_a_lead_sees_the_name_a_rep_does_not(page, library):
    for story in (story for story in HIDDEN if story.tellable(TODAY)):
        content = f'Deal Name,Stage,Close Date,Description\nOne,Open,2026-12-01,"{own_words(story)}"\n'.encode()
        app = bring(page(LEAD), "deals.csv", content)
        if app.session_state["pipeline"].run.answers[0].story == story.id:
            break
    else:
        pytest.fail("No story whose name is not for everybody answers its own words.")
    assert story.customer in texts(app)
    app.session_state["person_name"] = STRANGER
    app.run()
    assert story.customer not in texts(app)
