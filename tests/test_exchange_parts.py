"""What the page of In and out rests on: who stays and why, columns remembered, twins, the report."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from library.exchange.columns import ExchangeError, meanings_of
from library.exchange.exporting import Stays, export_table, leaving
from library.exchange.importing import ImportNote, import_stories
from library.exchange.mapping import MEANINGS, chosen_again, table_key, wishes
from library.exchange.placing import place_new
from library.exchange.report import grouped, report_csv
from library.exchange.tables import table_bytes, table_of
from library.exchange.twins import How, brought, twins
from library.people import GUEST, Person, Role
from library.records.records import Records
from library.story import Health, ShowAs, Status
from tests.helpers import TODAY, VOCABULARY, make_story
from tests.test_records import SERVER, records, url

__all__ = ["SERVER", "records", "url"]

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


# --- out -----------------------------------------------------------------------------------------------------------

SHELF = [
    make_story("told"),
    make_story("ours", show_as=ShowAs.INTERNAL),
    make_story("draft", status=Status.DRAFT),
    make_story("review", status=Status.REVIEW, industry="banking"),
    make_story("retired", status=Status.RETIRED),
    make_story("left", health=Health.LEFT),
    make_story("over", expires_on=date(2026, 11, 21)),
]


def test_what_may_be_told_leaves_and_a_sentence_says_what_stays():
    goes = leaving(SHELF, TODAY)
    assert [story.id for story in goes.stories] == ["told"]
    assert goes.sentence == (
        "1 story leaves. 6 stay here: 1 for us only, 2 not published yet, 1 retired, 2 no longer to be told."
    )
    assert leaving(SHELF[:1], TODAY).sentence == "1 story leaves."


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"unpublished": True}, ["told", "draft", "review", "retired"]),
        ({"untellable": True}, ["told", "left", "over"]),
        ({"internal": True}, ["told", "ours"]),
        ({"industries": ["banking"], "unpublished": True}, ["review"]),
    ],
)
def test_what_is_asked_for_leaves_too(asked, ids):
    assert [story.id for story in leaving(SHELF, TODAY, **asked).stories] == ids


def test_an_industry_that_was_not_chosen_is_no_reason_to_stay():
    assert leaving(SHELF, TODAY, industries=["banking"]).staying == {Stays.UNPUBLISHED: 1}


def test_words_that_may_not_be_quoted_do_not_leave_the_house():
    story = make_story(may_quote="ask first")
    outside, inside = export_table([story], GUEST).loc[0], export_table([story], Person("Dev", Role.REP)).loc[0]
    assert outside["quote"] == ""
    assert story.quote not in outside["Why they decided"]
    assert inside["quote"] == story.quote
    assert "Frozen fish was cheaper" in outside["Why they decided"]
    assert export_table([make_story(may_quote="yes")], GUEST).loc[0, "quote"] == story.quote


# --- columns ---------------------------------------------------------------------------------------------------------


def test_a_table_is_known_by_its_columns_whatever_their_order_and_spelling():
    assert table_key(["Pain point", "Account"]) == table_key([" account", "PAIN-POINT"])
    assert table_key(["Pain point", "Account"]) != table_key(["Pain point", "Account", "Mood"])


def test_what_was_chosen_is_found_under_the_names_of_today():
    kept = {"Pain point": "What it cost", "Mood": "", "Gone": "tags", "Odd": "no such thing"}
    assert chosen_again(["mood", "PAIN POINT", "Odd", "New"], kept) == {"mood": "", "PAIN POINT": "What it cost"}


@pytest.mark.parametrize("meaning", MEANINGS)
def test_whatever_is_offered_for_a_column_an_import_takes(meaning):
    taken = meanings_of(["Some column", "Customer name"], wishes({"Some column": meaning}))
    assert taken["Some column"] == meaning


def test_a_table_publishes_nothing_whatever_is_chosen():
    assert "status" not in MEANINGS


def test_a_choice_is_kept_and_the_newest_counts(records: Records):
    assert records.mappings.get("key") == {}
    records.mappings.keep("key", {"Mood": "tags"}, "Ada", at=NOW)
    records.mappings.keep("key", {"Mood": "", "Hurt": "What it cost"}, "Ben", at=NOW)
    records.mappings.keep("other", {"Mood": "title"}, "Ben", at=NOW)
    assert records.mappings.get("key") == {"Mood": "", "Hurt": "What it cost"}


# --- twins ---------------------------------------------------------------------------------------------------------

HERE = make_story("sardines")
OTHER = {
    "who": "Rui mends ferries.",
    "change": "In May 2024 the bridge opened.",
    "pain": "Nine in ten seats stood empty.",
}
OTHER |= {
    "need": "A reason to sail.",
    "decision": "He chose night trips.",
    "win": "Full on 2 June 2024.",
    "question": "?",
}


@pytest.mark.parametrize(
    ("incoming", "how"),
    [
        (make_story("sardines", status=Status.DRAFT, show_as=ShowAs.ANONYMISED), How.SAME),
        (make_story("sardines", {"pain": "The tins rusted."}), How.OTHER_WORDS),
        (make_story("sardines", extra={"mood": "calm"}), How.OTHER_WORDS),
        (make_story("tins", {"question": "Which order first?"}, customer="Somebody Else"), How.NEARLY),
        (make_story("ferries", OTHER, customer="SARDINELLA norte"), How.CUSTOMER),
        (make_story("ferries", OTHER, customer="Rui Barcos"), None),
        (make_story("ferries", OTHER, customer=""), None),
    ],
)
def test_a_story_that_is_here_or_nearly_is_known(incoming, how):
    found = twins([incoming], [HERE, make_story("nameless", OTHER | {"who": "x y z"}, customer="")][:1])
    assert ([twin.how for twin in found.values()] or [None]) == [how]


def test_no_two_stories_that_ship_are_taken_for_one(shipped):
    for story in shipped:
        others = [other for other in shipped if other.id != story.id]
        assert not [twin for twin in twins([story], others).values() if twin.doubtful], story.id


def test_what_is_here_stays_out_and_a_doubtful_one_comes_in_beside_it_when_wanted():
    new, doubtful = make_story("ferries", OTHER, customer="Rui Barcos"), make_story("sardines", {"pain": "Rust."})
    like = twins([new, doubtful], [HERE])
    assert [story.id for story in brought([new, doubtful], like, [], ["sardines"])] == ["ferries"]
    wanted = brought([new, doubtful], like, ["sardines"], ["sardines", "sardines-2", "ferries"])
    assert [story.id for story in wanted] == ["ferries-2", "sardines-3"]
    assert brought([HERE], twins([HERE], [HERE]), ["sardines"], []) == []


# --- the report ------------------------------------------------------------------------------------------------------


def test_remarks_that_say_the_same_stand_together_and_counted():
    notes = [
        ImportNote(2, "Sector", '"Fishing"', "no known industry, kept as written."),
        ImportNote(0, "Mood", "a column nobody knows", "kept as mood; give it a meaning with --map."),
        ImportNote(5, "Sector", '"Ferries"', "no known industry, kept as written."),
        ImportNote(2, "id", '"R1"', "the story's id is story-r1, the words kept as id-given."),
        ImportNote(3, "id", '"R2"', "the story's id is story-r2, the words kept as id-given."),
        ImportNote(4, "", "an empty row", "skipped."),
    ]
    assert [remark.sentence for remark in grouped(notes)] == [
        "Mood: a column nobody knows; kept as mood; give it a meaning.",
        'Sector: "Fishing" in 2 rows, the first row 2; no known industry, kept as written.',
        'id: "R1" in 2 rows, the first row 2; another id was made, the words kept as id-given.',
        "an empty row in row 4; skipped.",
    ]


def test_the_report_as_a_table_runs_nowhere_and_keeps_every_remark():
    notes = [ImportNote(2, "=Sector", "=SUM(1)", "@kept"), ImportNote(3, "", "an empty row", "skipped.")]
    rows = table_of("report.csv", report_csv(notes))
    assert rows.to_dict("records") == [
        {"row": "2", "column": "'=Sector", "found": "'=SUM(1)", "done": "'@kept"},
        {"row": "3", "column": "", "found": "an empty row", "done": "skipped."},
    ]
    assert report_csv([]).decode("utf-8-sig").strip() == "row,column,found,done"


def test_progress_is_told_now_and_then():
    told = []
    table = pd.DataFrame({"Pains": ["The nets tore."] * 60})
    import_stories(table, VOCABULARY, today=TODAY, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 60), (25, 60), (50, 60)]


# --- files ---------------------------------------------------------------------------------------------------------


def test_files_are_placed_all_or_none_and_never_over_another(tmp_path):
    (tmp_path / "b.md").write_bytes(b"mine")
    with pytest.raises(ExchangeError, match=r"b\.md came into the folder just now; nothing was written"):
        place_new({tmp_path / name: b"new" for name in ("a.md", "b.md", "c.md")}, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"b.md": b"mine"}
    place_new({tmp_path / "deep" / "er" / "a.md": b"new"}, tmp_path)
    assert (tmp_path / "deep" / "er" / "a.md").read_bytes() == b"new"


def test_a_disk_without_links_is_written_all_the_same(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("library.files.os.link", refused)
    place_new({tmp_path / "a.md": b"new"}, tmp_path)
    with pytest.raises(ExchangeError, match="just now"):
        place_new({tmp_path / "a.md": b"newer"}, tmp_path)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.md", b"new")]


def test_letters_that_no_file_takes_are_a_sentence():
    with pytest.raises(ExchangeError, match=r"out\.jsonl: found no way to write it"):
        table_bytes(pd.DataFrame({"x": ["\ud800"]}, dtype=object), "out.jsonl")


def test_a_right_from_a_table_keeps_who_gave_it_and_other_names_are_a_list():
    table = pd.DataFrame(
        [{"customer": "Sardinella Norte", "may_logo": "Yes, by Marit Aune, until 2027-03-31", "aka": "SN; the cannery"}]
    )
    (story,) = import_stories(table, VOCABULARY, today=TODAY).stories
    assert story.may_logo == "yes, by Marit Aune, until 2027-03-31"
    assert story.also_called == ("SN", "the cannery")
