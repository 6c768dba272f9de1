"""In and out as somebody uses it: what leaves for whom, and a table or a zip that comes in after a look, once."""

import io
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from library.exchange.tables import table_of
from library.library import Library
from library.pages import desk
from library.people import Person, Role
from library.records.entries import RecordsError
from library.settings import Settings
from library.story import ShowAs, Status
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf
from tests.test_app import LEAD, everything, links, plain
from tests.test_secrets import HIDDEN, SPOKEN, customers_of, leak

APP = Path(__file__).parent.parent / "app.py"
REP = "Dev Raman"
TABLE = (
    "id,Account,Sector,Hurt,Why us,Mood\n"
    'R1,Nova Trawlers,Fishing,"The nets tore, and eleven boats lay idle for a week.",'
    '"She said: ""We mend what we know.""",=SUM(1)\n'
    'R2,Old Oak,Furniture,"Oak doubled in price, and the saw stood still.","Waiting was free until it was not.",tired\n'
)


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The shipped stories in a folder that a test may change."""
    folder = Path(shutil.copytree(STORIES, tmp_path / "stories"))
    made = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    made.sync()
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def opened(person: str = LEAD, view: str = "in") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["person_name"] = person
    app.run()
    app.switch_page(desk.EXCHANGE)
    app.query_params["view"] = view
    app.run()
    assert not app.exception
    return app


def upload(app: AppTest, name: str, content: bytes | str) -> AppTest:
    data = content.encode() if isinstance(content, str) else content
    app.file_uploader(key="bring-in").upload(name, data, "application/octet-stream").run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    labels = [node.label for node in app.expander]
    return plain(" ".join([*(node.value for kind in kinds for node in kind), *labels]))


def ids(library: Library) -> set[str]:
    return {path.stem for path in library.settings.stories.rglob("*.md")}


def in_the_file(app: AppTest) -> bytes:
    """What the download button hands out."""
    return app.session_state["export_prepared"].content


def choose(app: AppTest, column: str, meaning: str) -> AppTest:
    app.selectbox(key=next(str(box.key) for box in app.selectbox if box.label == f"{column} is")).set_value(meaning)
    app.run()
    assert not app.exception
    return app


def column(app: AppTest, name: str) -> str:
    return next(box.value for box in app.selectbox if box.label == f"{name} is")


# --- out -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv", "jsonl", "zip"])
@pytest.mark.parametrize("person", [LEAD, REP])
def test_by_default_what_leaves_says_no_restricted_name(library, kind, person):
    app = opened(person, "out")
    app.segmented_control(key="export-kind").set_value(kind).run()
    content = in_the_file(app)
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = " ".join(f"{name} {archive.read(name).decode()}" for name in archive.namelist())
    else:
        text = table_of(f"stories.{kind}", content).to_csv()
    assert len(text) > 50_000
    assert not leak(text, customers_of([*HIDDEN, *SPOKEN]))
    assert not leak(everything(app), customers_of([*HIDDEN, *SPOKEN]))


@pytest.mark.parametrize(("until", "given"), [("2026-11-22", "Sardinella Norte"), ("2026-11-21", "a 310-person")])
def test_a_yes_for_a_time_counts_until_its_day(library, until, given):
    allowed = make_story(may_name_in_writing=f"yes, until {until}", industry="fishing")
    write_shelf(library.settings.stories, allowed)
    library.sync()
    app = opened(view="out")
    app.multiselect(key="export-industries").set_value(["fishing"]).run()
    rows = table_of("stories.xlsx", in_the_file(app))
    assert [name for name in rows["customer"] if name.startswith(given)]


def test_a_sentence_says_what_stays_and_why(library):
    app = opened(view="out")
    stays = [s for s in library.shelf if not s.tellable(TODAY)]
    internal = sum(s.show_as is ShowAs.INTERNAL for s in stays)
    assert f"{len(library.shelf) - len(stays)} stories leave. {len(stays)} stay here: {internal} for us only" in texts(
        app
    )


def test_a_rep_takes_along_the_safe_wording_and_brings_nothing_in(library):
    app = opened(REP, "in")
    assert not [box for box in app.segmented_control if box.key in {"exchange_view", "export-reader"}]
    assert not app.get("file_uploader")
    assert "Drafts" not in texts(app)
    app.session_state["export-reader"] = "leads"
    app.run()
    assert "leads" not in str(app.session_state["export_prepared"].made_for)


def test_a_lead_for_leads_takes_every_file_as_it_is(library):
    (library.settings.stories / "no-story.md").write_text("A note")
    app = opened(view="out")
    app.segmented_control(key="export-kind").set_value("zip").run()
    app.segmented_control(key="export-reader").set_value("leads").run()
    app.toggle(key="export-everything").set_value(True).run()
    with zipfile.ZipFile(io.BytesIO(in_the_file(app))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in library.settings.stories.iterdir()
        }


def test_an_industry_alone_leaves(library):
    app = opened(view="out")
    app.multiselect(key="export-industries").set_value(["hospitals"]).run()
    rows = table_of("stories.xlsx", in_the_file(app))
    assert set(rows["industry"]) == {"hospitals"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_cell_that_leaves_by_the_page_runs(library, kind):
    write_shelf(library.settings.stories, make_story("formula", title="=HYPERLINK(1)", near_miss="@SUM(1)"))
    library.sync()
    app = opened(view="out")
    app.segmented_control(key="export-kind").set_value(kind).run()
    rows = table_of(f"stories.{kind}", in_the_file(app))
    row = rows[rows["id"] == "formula"].iloc[0]
    assert (row["title"], row["near_miss"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(in_the_file(app))).worksheets[0]
        assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def test_an_empty_shelf_has_nothing_to_take_along(library):
    for path in library.settings.stories.glob("*.md"):
        path.unlink()
    library.sync()
    app = opened(view="out")
    assert "0 stories leave" in texts(app)
    assert app.get("download_button")[0].proto.disabled


# --- a table in ------------------------------------------------------------------------------------------------------


def test_a_table_is_shown_as_it_would_read_and_nothing_is_written_before_the_button(library):
    before = ids(library)
    app = upload(opened(), "wins.csv", TABLE)
    said = texts(app)
    for words in ("2 rows, 6 columns", "eleven boats lay idle", "come in anonymised", "What to look at"):
        assert words in said
    assert (column(app, "Account"), column(app, "Hurt")) == ("customer", "")
    assert (ids(library), library.records.mappings.get("")) == (before, {})


def test_what_the_lead_says_of_the_columns_is_done_and_the_stories_are_on_the_shelf_at_once(library):
    before = ids(library)
    app = upload(opened(), "wins.csv", TABLE)
    choose(app, "Hurt", "What it cost")
    press(app, "Bring in 2 stories")
    assert ids(library) - before == {"story-r1", "story-r2"}
    library.sync()
    story = library.shelf.stories["story-r1"]
    assert "eleven boats" in story.beats["pain"]
    assert (story.status, story.show_as, story.customer) == (Status.DRAFT, ShowAs.ANONYMISED, "Nova Trawlers")
    assert "2 stories are in" in texts(app)
    assert len([link for link in links(app) if "oak doubled" in link.lower() or "nets tore" in link.lower()]) == 2
    app.run()
    assert "2 stories are in" in texts(app)


def test_ready_for_review_if_the_lead_says_so(library):
    app = upload(opened(), "wins.csv", TABLE)
    next(box for box in app.segmented_control if str(box.key).endswith("-status")).set_value(Status.REVIEW).run()
    press(app, "Bring in")
    library.sync()
    assert library.shelf.stories["story-r2"].status is Status.REVIEW


def test_a_choice_is_proposed_again_for_a_table_with_the_same_columns_after_a_restart(library, tmp_path, monkeypatch):
    app = choose(upload(opened(), "wins.csv", TABLE), "Hurt", "What it cost")
    press(choose(app, "Mood", "tags"), "Bring in")
    library.close()
    again = Library(library.settings, FakeEncoder())
    again.sync()
    monkeypatch.setattr(desk, "library", lambda: again)
    other = "MOOD, Why us ,hurt,account,Sector,ID\ncalm,Speed,The roof leaked for a month.,Tall Tower,Fishing,R9\n"
    app = upload(opened(), "more.csv", other)
    assert (column(app, "hurt"), column(app, "MOOD"), column(app, "account")) == ("What it cost", "tags", "customer")
    assert "for a table like this before" in texts(app)
    fresh = upload(opened(), "fewer.csv", "Hurt,account\nThe roof leaked.,Tall Tower\n")
    assert column(fresh, "Hurt") == ""
    again.close()


def test_a_second_click_and_a_second_upload_bring_nothing_twice(library):
    app = upload(opened(), "wins.csv", TABLE)
    hand = app.session_state["in_hand"]
    press(app, "Bring in")
    after = {path: path.read_bytes() for path in library.settings.stories.iterdir()}
    assert hand.outcome.written == ("story-r1", "story-r2")
    assert not [button for button in app.button if button.label.startswith("Bring in")]
    press(app, "Another file")
    app = upload(app, "wins.csv", TABLE)
    assert "2 stories are here already" in texts(app)
    assert not [button for button in app.button if button.label.startswith("Bring in")]
    upload(opened(), "wins.csv", TABLE)
    assert {path: path.read_bytes() for path in library.settings.stories.iterdir()} == after


def test_what_came_in_is_known_before_the_library_has_read_it(library, monkeypatch):
    monkeypatch.setattr("library.pages.steps.catch_up", lambda: None)
    monkeypatch.setattr(library, "sync", lambda *_: None)
    app = press(choose(upload(opened(), "wins.csv", TABLE), "Hurt", "What it cost"), "Bring in")
    assert "still reading them" in texts(app)
    assert "story-r1" not in library.shelf.stories
    assert "2 stories are here already" in texts(upload(opened(), "wins.csv", TABLE))
    assert "(1)" in texts(upload(opened(), "wins.csv", TABLE.replace("eleven", "twelve")))


def test_two_leads_with_the_same_table_write_it_once(library):
    one, two = upload(opened(), "wins.csv", TABLE), upload(opened(), "wins.csv", TABLE)
    press(one, "Bring in")
    press(two, "Bring in 2")
    assert len([story for story in ids(library) if story.startswith("story-r")]) == 2


def test_a_story_that_is_here_with_other_words_stays_and_comes_in_beside_only_if_wanted(library):
    press(choose(upload(opened(), "wins.csv", TABLE), "Hurt", "What it cost"), "Bring in")
    mine = (library.settings.stories / "story-r1.md").read_bytes()
    changed = TABLE.replace("eleven boats", "twelve boats")
    app = upload(opened(), "wins.csv", changed)
    assert "Like stories that are here (1)" in texts(app)
    assert not [button for button in app.button if button.label.startswith("Bring in")]
    app.multiselect(key="bring-in-beside").set_value(["story-r1"]).run()
    press(app, "Bring in 1 story")
    library.sync()
    assert (library.settings.stories / "story-r1.md").read_bytes() == mine
    assert "twelve boats" in library.shelf.stories["story-r1-2"].telling


def test_who_no_longer_leads_brings_nothing_in(library, monkeypatch):
    app = upload(opened(), "wins.csv", TABLE)
    before = ids(library)
    monkeypatch.setattr(desk, "_leads", lambda _: False)
    press(app, "Bring in")
    assert ids(library) == before
    assert "Take along" not in texts(app)


def test_the_role_is_looked_at_again_where_it_is_written(library, monkeypatch):
    app = upload(opened(), "wins.csv", TABLE)
    before = ids(library)
    gone = SimpleNamespace(viewer=lambda: Person(LEAD, Role.REP), shelf=desk.shelf, library=desk.library)
    monkeypatch.setattr("library.pages.hand.desk", gone)
    press(app, "Bring in")
    assert ids(library) == before
    assert any("Only the team lead" in toast.value for toast in app.toast)


def test_two_columns_that_are_one_thing_are_a_sentence_and_the_next_choice_mends_it(library):
    app = choose(upload(opened(), "wins.csv", TABLE), "Mood", "industry")
    assert any("Two columns are to be industry" in error.value for error in app.error)
    assert not [button for button in app.button if button.label.startswith("Bring in")]
    assert not choose(app, "Mood", "").error


def test_without_records_the_stories_come_in_all_the_same(library, monkeypatch):
    app = upload(opened(), "wins.csv", TABLE)

    def broken(*_, **__):
        raise RecordsError("The records cannot be used: no space left.")

    monkeypatch.setattr(library.records.mappings, "keep", broken)
    press(app, "Bring in")
    assert "story-r1" in ids(library)
