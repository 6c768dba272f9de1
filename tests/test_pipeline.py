"""Deals out of a CRM's export, what their notes say, and the answers: in order, without a name that may not leave."""

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.exchange.columns import ExchangeError
from library.exchange.tables import Table, read_table, table_bytes, table_of
from library.library import Library
from library.match import Verdict
from library.people import Person, Role
from library.pipeline import run as running
from library.pipeline.answers import Asked, Fit, Why, answers_of
from library.pipeline.deals import Deal, Standing, amount_in, look_like_deals, read_deals
from library.pipeline.fields import Field, columns_of
from library.pipeline.notes import MOST_WORDS, read_notes
from library.pipeline.run import Run
from library.pipeline.situations import PipelineError
from library.pipeline.table import HEADINGS, rows_of, table_of_answers
from library.settings import Settings
from library.story import Beat, ShowAs
from tests.helpers import STORIES, TODAY, VOCABULARY, FakeEncoder, make_story, write_shelf
from tests.test_secrets import HIDDEN, SPOKEN, customers_of, leak

EXPORT = Path(__file__).with_name("pipeline_salesforce.csv")
NOTES = [json.loads(line) for line in Path(__file__).with_name("deal_notes.jsonl").read_text().splitlines()]
HUBSPOT = {
    "Opportunity ID": "Record ID",
    "Opportunity Name": "Deal Name",
    "Account Name": "Associated Company (Primary)",
    "Stage": "Deal Stage",
    "Opportunity Owner": "Deal owner",
    "Employees": "Number of Employees",
    "Billing Country": "Country/Region",
    "Next Step": "Next step",
    "Description": "Deal Description",
}
BOATS = "The ministry closed the grounds for sardine boats, tins stand in the yard and cost a fortune"


def hubspot() -> bytes:
    """The same deals as HubSpot would export them, as a workbook."""
    table = read_table(EXPORT)
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append([HUBSPOT.get(name, name) for name in table.columns])
    for cells in table.to_numpy().tolist()[:31]:
        sheet.append([cell.replace("Closed Won", "closedwon") for cell in cells])
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s"  # no formula: a deal may be called =...
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def table_with(*names: str, rows: list[list[str]] | None = None) -> Table:
    cells = rows or [["x"] * len(names)]
    frame = Table(cells, columns=list(names), dtype=object)
    frame.index = range(2, 2 + len(cells))
    return frame


def deal(row: int = 2, **facts) -> Deal:
    return Deal(**{"row": row, "name": f"Deal {row}", **facts})


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """The shipped stories with an encoder one can read."""
    encoder = FakeEncoder()
    made = Library(Settings(stories=STORIES, data=tmp_path_factory.mktemp("data"), today=TODAY), encoder)
    made.sync()
    yield made
    made.close()


@pytest.fixture
def harbour(tmp_path):
    """A shelf of one cannery as each of the four a name is shown as; what differs is the customer."""
    made = []

    def of(*stories):
        folder = write_shelf(tmp_path / "stories", *stories)
        made.append(Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY), FakeEncoder()))
        return made[-1].state.search

    yield of
    for one in made:
        one.close()


def answers(search, *deals: Deal):
    return list(answers_of(deals, search, TODAY))


# --- which column is what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ("Opportunity Name|Deal Name|dealname|Opportunity.Name|Name", Field.NAME),
        ("Account Name|Account: Account Name|Account.Name|Associated Company|AccountName", Field.ACCOUNT),
        ("Amount|Amount (converted)|amount|Deal Amount|Amount in company currency", Field.AMOUNT),
        ("Stage|StageName|Deal Stage|dealstage|properties.dealstage", Field.STAGE),
        ("Close Date|CloseDate|closedate|Expected Close Date|CLOSE DATE ", Field.CLOSES),
        ("Opportunity Owner|Opportunity Owner: Full Name|Owner.Name|Deal owner|hubspot_owner_id|OwnerId", Field.OWNER),
        ("Description|Deal Description|description|Opportunity: Description|Notes__c", Field.NOTES),
        ("Industry|Account: Industry|Account.Industry|Company: Industry", Field.INDUSTRY),
        ("Employees|NumberOfEmployees|Number of Employees|Account.NumberOfEmployees", Field.EMPLOYEES),
        ("Billing Country|BillingCountry|Country/Region|Account.BillingCountry", Field.COUNTRY),
        ("Next Step|NextStep|hs_next_step|Next step", Field.NEXT_STEP),
        ("Compelling Event|Compelling_Event__c", Field.CHANGE),
        ("Identify Pain|Pain Points|Pain_Points__c", Field.PAIN),
        ("Opportunity ID|Record ID|Id|hs_object_id", Field.ID),
        ("IsClosed|Closed|hs_is_closed", Field.CLOSED),
        ("IsWon|Won|hs_is_closed_won", Field.WON),
    ],
)
def test_columns_are_known_by_the_names_crms_give_them(names, field):
    for name in names.split("|"):
        assert columns_of([name]).taken == {field: (name,)}, name


def test_the_more_usual_of_two_columns_for_one_field_is_taken_and_notes_may_stand_in_several():
    columns = columns_of(["Name", "Opportunity Name", "Description", "Notes", "Mood"])
    assert columns.of(Field.NAME) == ("Opportunity Name",)
    assert columns.of(Field.NOTES) == ("Description", "Notes")
    assert columns.unknown == ("Mood",)


def test_a_column_is_what_somebody_says_it_is():
    columns = columns_of(["Deal Name", "Remarks", "Description"], {"remarks": "notes", "Description": "nothing"})
    assert columns.of(Field.NOTES) == ("Remarks",)
    with pytest.raises(PipelineError, match='"mood"'):
        columns_of(["Deal Name"], {"Deal Name": "mood"})
    with pytest.raises(PipelineError, match='No column is called "Mood"'):
        columns_of(["Deal Name"], {"Mood": "notes"})


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_salesforce_export_is_read_with_what_is_closed_counted_and_its_foot_left_out():
    pipeline = read_deals(EXPORT.name, read_table(EXPORT))
    assert pipeline.sentence == "27 open deals; left out: 2 closed won, 2 closed lost."
    assert len(pipeline.deals) == 31
    assert any(remark.startswith("4 rows hold no deal: 34") for remark in pipeline.remarks)
    first = pipeline.deals[0]
    assert (first.row, first.account, first.owner) == (2, "Ravnholt Sygehus", "Dana Reyes")
    assert (first.amount, first.closes_on) == (420_000, date(2026, 12, 4))


def test_hubspots_workbook_gives_the_same_deals():
    there = read_deals("deals.xlsx", table_of("deals.xlsx", hubspot()))
    here = read_deals(EXPORT.name, read_table(EXPORT))
    assert there.sentence == here.sentence
    assert [replace(one, stage="") for one in there.deals] == [replace(one, stage="") for one in here.deals]


def test_a_formatted_report_is_read_below_its_title_and_filters():
    rows = [
        ["As of 2026-11-22", "", "", ""],
        ["Filtered by", "", "", ""],
        ["Opportunity Name ↑", "Stage", "Close Date", "Description"],
        ["Boats", "Prospecting", "2026-12-01", BOATS],
        ["Total", "1", "", ""],
    ]
    table = table_with("Open opportunities", "column 2", "column 3", "column 4", rows=rows)
    assert look_like_deals(table)
    pipeline = read_deals("report.xlsx", table)
    assert [(one.row, one.name) for one in pipeline.deals] == [(5, "Boats")]


def test_a_file_without_notes_is_told_what_to_export():
    with pytest.raises(PipelineError, match=r"x\.csv: found no column with notes among .*Description or Notes"):
        read_deals("x.csv", table_with("Opportunity Name", "Stage", "Close Date", "Amount"))


def test_a_table_of_something_else_is_not_taken_for_deals():
    assert not look_like_deals(table_with("id", "situation"))
    assert not look_like_deals(table_with("Customer", "Industry", "Challenge", "Solution"))
    with pytest.raises(PipelineError, match="found no columns of deals"):
        read_deals("x.csv", table_with("Customer", "Challenge", "Solution"))


@pytest.mark.parametrize(
    ("stage", "closed", "won", "standing"),
    [
        ("Closed Won", "", "", Standing.WON),
        ("closedlost", "", "", Standing.LOST),
        ("Closed won (Sales Pipeline)", "", "", Standing.WON),
        ("3 - Proposal", "TRUE", "FALSE", Standing.LOST),
        ("Proposal", "true", "true", Standing.WON),
        ("Closed", "", "", Standing.CLOSED),
        ("Disqualified", "", "", Standing.LOST),
        ("Closing", "false", "false", Standing.OPEN),
        ("Won the pitch?", "", "", Standing.WON),
        ("Negotiation", "", "", Standing.OPEN),
    ],
)
def test_how_a_deal_ended_is_read(stage, closed, won, standing):
    table = table_with("Deal Name", "Stage", "Closed", "Won", "Description", rows=[["a", stage, closed, won, "b"]])
    assert read_deals("x.csv", table).deals[0].standing is standing


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("420,000.00", 420_000),
        ("€ 1.250.000", 1_250_000),
        ("1.250.000,50 EUR", 1_250_000.5),
        ("USD 45,000", 45_000),
        ("45k", 45_000),
        ("1.2M", 1_200_000),
        ("12,5", 12.5),
        ("-300", -300),
        ("on request", None),
        ("", None),
    ],
)
def test_an_amount_is_read_however_it_is_written(said, amount):
    assert amount_in(said) == amount


def test_a_columns_dates_tell_whether_the_day_or_the_month_comes_first():
    def days(*said: str) -> list[date | None]:
        rows = [[f"d{n}", one, "Open", "words"] for n, one in enumerate(said)]
        table = table_with("Deal Name", "Close Date", "Stage", "Description", rows=rows)
        return [one.closes_on for one in read_deals("x.csv", table).deals]

    assert days("3/4/2026", "3/14/2026") == [date(2026, 3, 4), date(2026, 3, 14)]
    assert days("3/4/2026", "14/3/2026") == [date(2026, 4, 3), date(2026, 3, 14)]
    assert days("3/4/2026") == [None]
    assert days("2026-03-04 17:00", "4.3.2026") == [date(2026, 3, 4), date(2026, 3, 4)]


_CELL = st.text(max_size=30) | st.sampled_from(
    ["", "Closed Won", "Total", "=1+1", "3/14/2026", "1.2M", "<p>", "²", "٣"]
)


@given(st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL, _CELL), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_is_read_or_said(rows):
    table = table_with("Deal Name", "Stage", "Close Date", "Amount", "Employees", "Notes", rows=[list(r) for r in rows])
    try:
        pipeline = read_deals("x.csv", table)
    except PipelineError as error:
        assert str(error).endswith(".")
        return
    assert len(pipeline.deals) <= len(rows)
    for one in pipeline.deals:
        assert all(not facet.strict for facet in one.situation(VOCABULARY).facets)


@example(b";", "x.csv")
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.xlsx", "x.txt"]))
def test_any_bytes_are_deals_or_a_sentence(content, name):
    try:
        read_deals(name, table_of(name, content))
    except (ExchangeError, PipelineError) as error:
        assert name in str(error)


# --- notes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("note", NOTES, ids=[note["id"] for note in NOTES])
def test_notes_without_any_why_are_known(note):
    """Every why in the labelled notes is heard, and every note without one is silent."""
    read = read_notes(note["notes"], VOCABULARY)
    why = note["change"] or note["pain"]
    if note["id"] == "n45":
        pytest.xfail("“phone each other for an hour every morning” holds no word that hurts")
    assert (read.change or read.pain) is why


def test_which_half_of_the_why_is_there_is_known_nearly_always():
    read = [read_notes(note["notes"], VOCABULARY) for note in NOTES]
    wrong = sum((one.change, one.pain) != (note["change"], note["pain"]) for one, note in zip(read, NOTES, strict=True))
    assert wrong <= 4


def test_only_what_tells_of_the_customer_is_searched_with():
    told = read_notes(
        "[11/3 KL] Sent deck, great call.\n<p>Their ward nurses keep leaving.</p> kl@example.com, "
        "https://example.com/x\nNext step: demo",
        VOCABULARY,
    )
    assert told.words == "Their ward nurses keep leaving."


@pytest.mark.parametrize("notes", ["", "tbd", "n/a", "Sent pricing. LVM x2.", "Looking for a new ERP.", "---", "<br/>"])
def test_notes_that_say_nothing_of_the_customer_are_not_searched_with(notes):
    read = read_notes(notes, VOCABULARY)
    assert (read.words, read.change, read.pain) == ("", False, False)


def test_a_long_thread_is_cut_to_what_the_model_reads_and_keeps_its_why():
    padding = " ".join(f"They make part {n} in hall {n}." for n in range(100))
    read = read_notes(f"{padding} Their only supplier went bankrupt in June.", VOCABULARY)
    assert "bankrupt" in read.words
    assert len(read.words.split()) <= MOST_WORDS


def test_a_column_of_its_own_names_the_change_unless_it_says_there_is_none():
    assert read_notes("", VOCABULARY, change="Old owner sells in spring").change
    assert read_notes("", VOCABULARY, pain="Too many hands").pain
    assert not read_notes("", VOCABULARY, change="None yet").change
    assert not read_notes("", VOCABULARY, change="TBD").change


def test_nothing_in_the_notes_is_a_wish_and_the_columns_lean():
    one = deal(
        notes="Must be in Germany. Only hospitals, not a bank",
        industry="FOOD_BEVERAGES", employees="1,200", country="United States",
    )  # fmt: skip
    situation = one.situation(VOCABULARY)
    assert not deal(notes=one.notes).situation(VOCABULARY).strict
    assert not situation.strict
    assert {("industry", "food-manufacturing"), ("size", "1200-1200"), ("country", "US")} <= {
        (facet.kind, facet.value) for facet in situation.facets
    }
    assert not [facet for facet in situation.facets if facet.value == "banking"]
    assert "Germany" in situation.text


@given(st.text(max_size=400))
def test_any_notes_are_read(notes):
    read = read_notes(notes, VOCABULARY, notes, notes)
    assert len(read.words.split()) <= MOST_WORDS


# --- answers ----------------------------------------------------------------------------------------------------------


def test_deals_with_no_why_come_first_then_what_closes_soonest_then_the_largest(harbour):
    search = harbour(make_story())
    told = [
        deal(2, notes=BOATS, closes_on=date(2026, 12, 1)),
        deal(3, notes="Sent pricing", closes_on=date(2027, 1, 1), amount=10),
        deal(4, notes="", closes_on=None, amount=99),
        deal(5, notes="", closes_on=date(2027, 1, 1), amount=20),
        deal(6, notes="Tins stand in the yard and cost a fortune", closes_on=date(2026, 11, 30)),
        deal(7, notes="", closes_on=date(2026, 11, 1), amount=1),
    ]
    found = answers(search, *told)
    assert [one.deal.row for one in found] == [7, 5, 3, 4, 6, 2]
    assert [one.why for one in found] == [Why.NONE] * 4 + [Why.NO_CHANGE, Why.TOLD]


def test_the_question_is_concrete():
    def asked(**facts) -> str:
        one = deal(**facts)
        return Asked(one, one.situation(VOCABULARY)).question(TODAY)

    assert asked(notes="", closes_on=date(2026, 11, 28)) == (
        "Why is this deal expected to close on 28 November 2026? "
        "What changed for them, and what does staying as they are cost them?"
    )
    assert asked(notes="A rival undercut them", closes_on=date(2026, 11, 2)) == (
        "Why was this deal expected to close on 2 November 2026? What does staying as they are cost them?"
    )
    assert asked(notes="Stock is wrong and costs them") == (
        "Why is this deal expected to close? What changed for them?"
    )
    assert asked(notes=BOATS) == ""


def test_a_deal_is_never_searched_by_its_name(harbour):
    search = harbour(make_story())
    found = answers(search, deal(name="Sardine boats and tins", account="The closed harbour ministry", notes=""))[0]
    assert (found.verdict, found.story, found.fit) == (Verdict.NOTHING, "", Fit.NOT_ASKED)


def test_many_deals_reach_the_encoder_many_at_a_time_and_stay_in_memory(tmp_path):
    encoder = FakeEncoder()
    calls: list[int] = []
    encode = encoder.encode
    encoder.encode = lambda texts: (calls.append(len(texts)), encode(texts))[1]
    write_shelf(tmp_path / "stories", make_story())
    library = Library(Settings(stories=tmp_path / "stories", data=tmp_path / "data", today=TODAY), encoder)
    search = library.state.search
    calls.clear()
    found = answers(search, *(deal(n, notes=f"{BOATS} Zzyzx{n}") for n in range(2, 302)))
    library.close()
    assert len(found) == 300
    assert len(calls) < 12
    assert max(calls) > 100
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Zzyzx" not in kept


def test_a_run_that_is_stopped_keeps_what_is_done_and_goes_on(shelf, monkeypatch):
    pipeline = read_deals(EXPORT.name, read_table(EXPORT))
    run = Run(pipeline.open, shelf.state.search, TODAY)
    real = running.answers_to
    monkeypatch.setattr(running, "CHUNK", 10)

    def stopped_after_one(*given):
        run.stop()
        return real(*given)

    monkeypatch.setattr(running, "answers_to", stopped_after_one)
    run.start()
    run.wait(60)
    assert (len(run.answers), run.finished, run.working) == (10, False, False)
    before = run.answers
    monkeypatch.setattr(running, "answers_to", real)
    run.start()
    run.wait(60)
    assert run.finished
    assert run.answers[:10] == before
    assert Counter(one.deal.row for one in run.answers) == Counter(one.row for one in pipeline.open)


def test_a_run_that_fails_says_so_and_logs_no_word_of_the_deals(shelf, monkeypatch, caplog):
    def broken(*_):
        raise ValueError("Zzyzx Holding")

    monkeypatch.setattr(running, "answers_to", broken)
    run = Run([deal(notes=BOATS)], shelf.state.search, TODAY)
    run.start()
    run.wait(60)
    assert run.trouble.endswith(".")
    assert "Zzyzx" not in caplog.text
    assert "ValueError" in caplog.text


# --- what leaves ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_restricted_name_leaves_with_a_pipeline(shelf, ending):
    """Each story's own words as the notes of a deal: all of them are found, and none says a name that may not leave."""
    search = shelf.state.search
    told = [deal(n, notes=f"{s.beat(Beat.CHANGE)} {s.beat(Beat.PAIN)}") for n, s in enumerate(search.shelf, start=2)]
    found = answers(search, *told)
    assert len({one.story for one in found}) > 30
    internal = {story.id for story in search.shelf if story.show_as is ShowAs.INTERNAL}
    assert internal
    assert not internal & {story for one in found for story in one.stories}
    content = table_bytes(table_of_answers(found, search.shelf, TODAY), f"deals.{ending}")
    table = table_of(f"deals.{ending}", content).drop(columns=["Deal"])
    assert not leak(table.to_csv(), customers_of([*HIDDEN, *SPOKEN]))


@pytest.mark.parametrize("show_as", [ShowAs.ANONYMISED, ShowAs.VERBAL])
def test_a_name_stays_here_also_out_of_the_id_and_the_evidence(harbour, show_as):
    pain = "Sardinella Norte had four hundred thousand euros of tin in the yard for sardine boats."
    search = harbour(
        make_story("sardinella-norte", {"pain": pain}, show_as=show_as, title="Sardinella Norte and its tins")
    )
    found = answers(search, deal(notes=f"{BOATS}. {pain.replace('Sardinella Norte', 'They')}"))
    row = rows_of(found, search.shelf, TODAY)[0]
    assert row["story_id"]
    assert row["told_of"] == "a 310-person cannery in Portugal"
    assert not leak(json.dumps(row), {"Sardinella": "", "Norte": ""})
    as_seen = search.match(found[0].found, Person(role=Role.LEAD), [found[0].story])[0]
    assert as_seen.story.customer == "Sardinella Norte", "who may see it sees it on the page"


def test_words_that_may_not_be_quoted_and_figures_that_may_not_be_given_stay_here(harbour):
    pain = (
        'Four hundred crates of sardine tins stood in the yard. "We lost 40 percent of the boats and tins," she said.'
    )
    search = harbour(make_story("tins", {"pain": pain}, may_quote="no", may_metric="no"))
    found = answers(search, deal(notes="We lost boats and tins, the sardine yard cost us since the ministry closed"))
    row = rows_of(found, search.shelf, TODAY)[0]
    assert row["evidence"]
    assert "40" not in str(row["evidence"])
    assert "she said" not in str(row["evidence"]) or "lost" not in str(row["evidence"])


def test_no_cell_is_a_formula_whatever_stands_in_the_crm(harbour):
    search = harbour(make_story())
    found = answers(search, deal(name="=1+1", account="@SUM(A1)", owner="+x", next_step="-y", notes=""))
    cells = table_of("d.csv", table_bytes(table_of_answers(found, search.shelf, TODAY), "d.csv")).iloc[0]
    assert [cells[name] for name in ("Deal", "Account", "Owner", "Next step")] == ["'=1+1", "'@SUM(A1)", "'+x", "'-y"]
    assert list(cells.index) == list(HEADINGS.values())
