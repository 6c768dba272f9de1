"""The lead's pages beside the meeting: how the shelf stands, stories to bring, the team."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from library.library import Library
from library.pages import desk
from library.records.entries import Act, Ask, Concern, Customer, Landed, Task
from library.settings import Settings
from library.story import Status
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf
from tests.test_app import LEAD, everything, links, plain

APP = Path(__file__).parent.parent / "app.py"
STALE = "heating-gas-contract"
ITS_TELLER = "Hanne Bruun"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The shipped stories in a folder that a test may change."""
    folder = Path(shutil.copytree(STORIES, tmp_path / "stories"))
    made = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    made.sync()
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def opened(page: str = desk.SHELF, person: str = LEAD, **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    if person:
        app.session_state["person_name"] = person
    app.run()
    app.switch_page(page)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    [button for button in app.button if button.label == label][place].click().run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return plain(" ".join(node.value for kind in (app.markdown, app.caption, app.subheader) for node in kind))


def asked(
    library: Library, text: str, person: str = "Dev Raman", days: int = 1, verdict: str = "nothing", **more
) -> Ask:
    return library.records.asks.add(person, text, at=library.now - timedelta(days=days), verdict=verdict, **more)


# --- gaps ----------------------------------------------------------------------------------------------------------


def test_on_an_empty_record_the_page_says_so_and_still_shows_the_field(library):
    app = opened()
    assert any("found a story" in info.value for info in app.info)
    assert len(app.get("vega_lite_chart")) + len(app.get("arrow_vega_lite_chart")) == 1


def test_asks_that_mean_the_same_stand_together_and_become_a_task(library):
    first = asked(library, "zoo loses lions to law", "Dev Raman", 3, facets=["industry:leisure"])
    second = asked(library, "law on zoo lions", "Ines Carvalho", 2)
    asked(library, "truck freight", "Owen Marsh", 2)
    app = opened()
    assert "2 asks · by 2 people" in texts(app)
    key = next(box.key for box in app.text_area if str(box.key).startswith("unmet-0-")).removesuffix("-wanted")
    app.text_area(key=f"{key}-wanted").set_value("A zoo and the new law").run()
    app.selectbox(key=f"{key}-owner").set_value("Owen Marsh").run()
    app.button(key=f"{key}-ask").click().run()
    assert not app.exception
    (task,) = library.records.tasks.all()
    assert (task.wanted, task.owner, task.made_by) == ("A zoo and the new law", "Owen Marsh", LEAD)
    assert task.due_on == TODAY + timedelta(days=21)
    assert set(task.asks) == {first.id, second.id}
    assert "Asked of Owen Marsh" in texts(app)


def test_a_place_asked_for_and_empty_is_named(library):
    facets = ["industry:mining", "change:margin"]
    asked(library, "quarry margin", facets=facets, verdict="close", results=["steakhouse-beef-price"])
    assert "Mining: Margins under pressure" in texts(opened())


@pytest.mark.parametrize("facet", ["roles", "size", "region"])
def test_the_field_can_be_seen_by_role_size_and_region(library, facet):
    app = opened()
    app.segmented_control(key="across").set_value(facet).run()
    assert not app.exception


# --- care ----------------------------------------------------------------------------------------------------------


def test_a_story_is_verified_in_one_click(library):
    app = opened(view="care")
    assert "Due for a check (8)" in texts(app)
    app.button(key=f"verify-{STALE}").click().run()
    assert not app.exception
    story = library.shelf.stories[STALE]
    assert (story.verified_on, story.verified_by) == (TODAY, LEAD)
    assert [(r.person, r.story, r.act) for r in library.records.reviews.all()] == [(LEAD, STALE, Act.VERIFIED)]
    assert "Due for a check (7)" in texts(app)


def test_a_story_renamed_meanwhile_gets_a_sentence_and_nothing_is_recorded(library):
    app = opened(view="care")
    (library.settings.stories / f"{STALE}.md").unlink()
    app.button(key=f"verify-{STALE}").click().run()
    assert not app.exception
    assert any("renamed" in toast.value for toast in app.toast)
    assert library.records.reviews.all() == []


def test_on_the_storys_page_its_teller_verifies_and_a_stranger_cannot(library):
    app = opened(desk.STORY, ITS_TELLER, story=STALE)
    press(app, "Verified today")
    assert library.shelf.stories[STALE].verified_by == ITS_TELLER
    other = "hotels-minimum-wage"
    assert not any(b.label == "Verified today" for b in opened(desk.STORY, ITS_TELLER, story=other).button)
    assert not any(b.label == "Verified today" for b in opened(desk.STORY, LEAD, story="grid-crews-retire").button)


def test_what_people_said_is_settled_where_the_lead_looks(library):
    library.records.notes.add("Dev Raman", "steakhouse-beef-price", Concern.STALE, at=library.now, words="Two closed")
    library.records.notes.add("Dev Raman", "grid-crews-retire", Concern.GREAT, at=library.now)
    app = opened(view="care")
    assert "Somebody said something (1)" in texts(app)
    press(app, "Looked at")
    assert "Somebody said something" not in texts(app)


def test_what_is_told_too_often_names_its_like_that_rests(library):
    for number in range(6):
        library.records.tellings.add(f"P{number}", "hospital-agency-nurses", at=library.now, landed=Landed.POLITE)
    said = texts(opened(view="care"))
    assert "Told too often (1)" in said
    assert "told 6 of 6 times in 90 days" in said
    assert "Like it, and never told:" in said


# --- week ----------------------------------------------------------------------------------------------------------


def test_the_week_in_numbers_with_the_week_before(library):
    asked(library, "zoo", days=0)
    asked(library, "nurses", days=1, verdict="close", results=["hospital-agency-nurses"])
    asked(library, "zoo", days=8)
    library.records.tellings.add("Dev Raman", "hospital-agency-nurses", at=library.now, landed=Landed.LEANED_IN)
    app = opened(view="week")
    assert {m.label: (m.value, m.delta) for m in app.metric} == {
        "Asked": ("2", "1"),
        "Answered": ("1", "1"),
        "Told": ("1", "1"),
        "Leaned in": ("1", "1"),
        "New stories": ("0", "0"),
    }
    assert "3 situations asked, a story offered for 1" in texts(app)


def test_before_anything_happened_the_week_says_so(library):
    assert any("Nobody asked" in info.value for info in opened(view="week").info)


# --- who may -------------------------------------------------------------------------------------------------------


def test_a_rep_is_told_whose_page_it_is(library):
    asked(library, "somebody else's words")
    app = opened(person="Dev Raman")
    assert any("for the team lead" in info.value for info in app.info)
    assert "somebody else" not in everything(app)
    assert not any(button.label == "Verified today" for button in app.button)


@pytest.mark.parametrize("view", ["gaps", "care", "week"])
def test_the_pages_that_may_hang_on_a_wall_show_no_restricted_name(library, view):
    for story in library.shelf:
        library.records.tellings.add("Dev Raman", story.id, at=library.now, landed=Landed.POLITE)
        library.records.notes.add("Dev Raman", story.id, Concern.WRONG, at=library.now)
    shown = everything(opened(view=view))
    for story in library.shelf:
        if story.show_as in {"anonymised", "internal"}:
            assert story.customer not in shown


# --- stories to bring ----------------------------------------------------------------------------------------------


def task(library: Library, wanted: str = "A zoo", **more) -> Task:
    """A task made now: what is on the shelf is no arrival."""
    return library.records.tasks.add(LEAD, wanted, at=library.now, fitted=library.shelf.stories, **more)


def test_a_rep_sees_what_they_are_asked_for_and_no_more(library):
    task(library, "A zoo", owner="Dev Raman", customer="Nova Nets", due_on=TODAY - timedelta(days=1))
    task(library, "A vineyard", owner="Ines Carvalho", customer="Kestrel Wines")
    app = opened(desk.TASKS, "Dev Raman")
    shown = everything(app)
    assert "A zoo" in shown
    assert "Nova Nets" in shown
    assert not {"A vineyard", "Kestrel Wines"} & set(shown.split("\n"))
    assert "Kestrel" not in shown
    assert not {"Drop", "Save", "Ask"} & {button.label for button in app.button}


def test_somebody_without_a_name_is_asked_for_it(library):
    task(library, "A zoo", owner="Dev Raman")
    app = opened(desk.TASKS, "")
    assert any("Say who you are" in info.value for info in app.info)
    assert "A zoo" not in everything(app)


def test_the_one_who_is_asked_says_which_story_it_is(library):
    mine = task(library, owner="Dev Raman")
    app = opened(desk.TASKS, "Dev Raman")
    app.selectbox(key=f"came-{mine.id}").set_value("hospital-agency-cap").run()
    press(app, "Done")
    (kept,) = library.records.tasks.all()
    assert (kept.story, kept.closed_by) == ("hospital-agency-cap", "Dev Raman")
    assert "Agency nurses capped at three per cent of payroll" in " ".join(links(app))


def test_a_task_is_handed_over_and_dropped_by_the_lead(library):
    first, second = task(library, "A zoo", owner="Dev Raman"), task(library, "A farm")
    app = opened(desk.TASKS)
    app.selectbox(key=f"owner-{first.id}").set_value("Owen Marsh").run()
    app.date_input(key=f"due-{first.id}").set_value(date(2026, 12, 24)).run()
    app.button(key=f"save-{first.id}").click().run()
    app.button(key=f"drop-{second.id}").click().run()
    assert not app.exception
    kept = {t.wanted: t for t in library.records.tasks.all()}
    assert (kept["A zoo"].owner, kept["A zoo"].due_on) == ("Owen Marsh", date(2026, 12, 24))
    assert (kept["A farm"].open, kept["A farm"].story) == (False, "")


def test_what_arrived_is_done_without_a_click(library):
    waiting = task(library, "A call", owner="Dev Raman", customer="Nova Nets")
    opened(desk.TASKS)
    assert library.records.tasks.all()[0].open
    write_shelf(library.settings.stories, make_story("nova-nets", customer="Nova Nets GmbH"))
    library.sync()
    app = opened(desk.TASKS, "Dev Raman")
    (kept,) = library.records.tasks.all()
    assert (kept.id, kept.story, kept.closed_by) == (waiting.id, "nova-nets", "")
    assert not [box for box in app.selectbox if str(box.key).startswith("came-")]


def test_customers_who_could_tell_one_are_given_out_three_a_rep(library):
    listed = [Customer(f"Customer {n}", TODAY - timedelta(days=n), "Dev Raman") for n in range(5)]
    library.records.customers.put([*listed, Customer("Of the lead", TODAY, LEAD)])
    app = opened(desk.TASKS)
    assert "Customer 0" in texts(app)
    next(button for button in app.button if button.label.startswith("Ask for these")).click().run()
    assert not app.exception
    calls = [t for t in library.records.tasks.all() if t.owner == "Dev Raman"]
    assert [t.customer for t in calls] == ["Customer 0", "Customer 1", "Customer 2"]
    assert all("Customer" not in t.wanted for t in calls)
    assert not [t for t in library.records.tasks.all() if t.customer == "Of the lead"]
    assert not any(button.label.startswith("Ask for th") for button in app.button)


def test_a_list_of_customers_is_taken_in_with_a_word_for_each_row_left_out(library):
    app = opened(desk.TASKS)
    table = "Account,Go-live date,CSM,Sector\nNova Nets,2026-11-02,Dev Raman,Fishing\nOld Oak,soon,,\n,2026-01-01,,\n"
    app.file_uploader(key="customer-list").upload("list.csv", table.encode(), "text/csv").run()
    assert not app.exception
    assert "1 customer found." in texts(app)
    assert "Row 3: found the date" in texts(app)
    assert "Row 4: found no customer" in texts(app)
    press(app, "Take them in")
    assert [(c.name, c.live_on, c.owner) for c in library.records.customers.all()] == [
        ("Nova Nets", date(2026, 11, 2), "Dev Raman")
    ]


def test_a_list_without_dates_says_which_column_is_missing(library):
    app = opened(desk.TASKS)
    app.file_uploader(key="customer-list").upload("list.csv", b"Account,Mood\nNova,good\n", "text/csv").run()
    assert any("No column holds the go-live date" in error.value for error in app.error)
    assert library.records.customers.all() == []


# --- the team ------------------------------------------------------------------------------------------------------


def test_a_lead_names_another_and_says_since_when_somebody_is_here(library):
    app = opened(desk.TEAM)
    app.toggle(key="leads-Dev Raman").set_value(True).run()
    app.date_input(key="started-Dev Raman").set_value(date(2026, 11, 2)).run()
    app.button(key="keep-Dev Raman").click().run()
    assert not app.exception
    member = next(m for m in library.records.members if m.name == "Dev Raman")
    assert (member.leads, member.started_on) == (True, date(2026, 11, 2))
    assert any(button.label == "Save the agenda" for button in opened(desk.MEETING, "Dev Raman").button)


def test_a_team_never_loses_its_last_lead(tmp_path, monkeypatch):
    made = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY), FakeEncoder())
    monkeypatch.setattr(desk, "library", lambda: made)
    made.records.take_the_lead("Dev Raman")
    app = opened(desk.TEAM, "Dev Raman")
    app.toggle(key="leads-Dev Raman").set_value(False).run()
    app.button(key="keep-Dev Raman").click().run()
    assert any("Name another lead first" in toast.value for toast in app.toast)
    assert [m.name for m in made.records.members if m.leads] == ["Dev Raman"]
    made.close()


def test_a_rep_reads_the_team_and_changes_nothing(library):
    library.records.enrol("Dev Raman", started_on=date(2026, 11, 2))
    app = opened(desk.TEAM, "Ines Carvalho")
    assert "Dev Raman, here since 2 November 2026" in texts(app)
    assert not [toggle for toggle in app.toggle if str(toggle.key).startswith("leads-")]


def test_drafts_wait_in_sight(library):
    waiting = [story for story in library.shelf if story.status in {Status.DRAFT, Status.REVIEW}]
    assert f"Not published yet ({len(waiting)})" in texts(opened(view="care"))


def test_who_leads_by_the_settings_is_not_written_down_as_a_lead(library):
    app = opened(desk.TEAM)
    app.date_input(key=f"started-{LEAD}").set_value(date(2026, 11, 2)).run()
    app.button(key=f"keep-{LEAD}").click().run()
    member = next(m for m in library.records.members if m.name == LEAD)
    assert (member.leads, member.started_on) == (False, date(2026, 11, 2))
