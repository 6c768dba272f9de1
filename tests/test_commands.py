"""Every command of python -m library: what it prints, what it writes, and how it says no."""

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from library import library as running_library
from library.__main__ import app
from library.exchange.tables import table_of
from library.records.entries import Landed
from library.records.records import Records
from library.search import Search
from library.shelf import Shelf
from library.story import Health, ShowAs, Status
from tests.helpers import FakeEncoder, make_story, write_shelf

ROOT = Path(__file__).parent.parent
BOATS = "sardine boats, the ministry closed the cannery"
PLAIN_FORM = {"kind", "value", "wish", "said", "label"}

TOLD = make_story("told")
HARBOURS = [
    TOLD,
    replace(TOLD, id="bakery", title="The bakery lost its foreman", change="people-loss", tags=("bread",)),
    replace(TOLD, id="hidden", title="A hidden cannery", show_as=ShowAs.ANONYMISED, customer="Conservas Vilamoura"),
    replace(TOLD, id="for-us", title="A cannery for us", show_as=ShowAs.INTERNAL, customer="Atum Quarteira"),
    replace(TOLD, id="draft", title="A cannery in draft", status=Status.DRAFT, customer="Lagos Pescados"),
    replace(TOLD, id="left", title="A cannery that left", health=Health.LEFT),
    replace(TOLD, id="over", title="A cannery of long ago", expires_on=date(2026, 11, 21)),
]
TABLE = """id,Customer,Industry,Region,Employees,Challenge,Solution,Results,Mood
R001,Sardinella Norte,Food manufacturing,Europe,310,"The ministry closed the grounds, tins stood in the yard.",\
We connected boats and orders.,The first boat was sold before it moored.,hopeful
R002,Bakeries Sul,Food manufacturing,Europe,90,"=HYPERLINK(""http://evil.example"")",A plan,Less waste,tired
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder of harbour stories with its own data folder, on a fixed day, with an encoder one can read."""
    write_shelf(tmp_path / "stories", *HARBOURS)
    monkeypatch.setenv("LIBRARY_STORIES", str(tmp_path / "stories"))
    monkeypatch.setenv("LIBRARY_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LIBRARY_TODAY", "2026-11-22")
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: FakeEncoder())
    return tmp_path


def run(*words: str | Path, given: str = "") -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=given)


def records_of(folder: Path) -> Records:
    return Records.in_file(folder / "data" / "records.db")


def refused(*words: str | Path) -> str:
    """The one sentence a command that cannot go on prints."""
    result = run(*words)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit), "a traceback is no sentence"
    sentences = [line for line in result.stderr.splitlines() if line]
    assert len(sentences) == 1, sentences
    assert sentences[0].endswith(".")
    return sentences[0]


def file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_without_a_command_the_help_names_them_all():
    listed = run().output
    for command in ("check", "sync", "ask", "chat", "match", "import", "export", "evaluate"):
        assert f" {command} " in listed


# --- check and sync ---------------------------------------------------------------------------------------------------


def test_check_of_a_sound_folder_ends_with_0(here):
    result = run("check")
    assert result.exit_code == 0
    assert "told: 0.9 minutes, 112 words" in result.stdout
    assert result.stdout.splitlines()[-1] == f"{len(HARBOURS)} stories, 3 may be told; no problems."


def test_check_names_every_problem_and_ends_with_1(here):
    file(here / "stories", "broken.md", "---\ntitle: [one\n---\n")
    file(here / "stories", "latin.md", b"---\ntitle: \xe9\n---\n")
    write_shelf(here / "stories", make_story("bare", alias="", told_by="", beats={"win": ""}))
    result = run("check")
    assert result.exit_code == 1
    for named in ("broken.md", "latin.md", "bare.md: published and incomplete; add alias", "missing The first win"):
        assert named in result.stdout
    assert result.stdout.splitlines()[-1].endswith("problems.")


def test_check_as_json_keeps_its_form(here):
    file(here / "stories", "broken.md", "---\ntitle: [one\n---\n")
    result = run("check", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert set(told) == {"stories", "problems"}
    assert set(told["stories"][0]) == {"id", "minutes", "words", "missing", "tellable"}
    assert set(told["problems"][0]) >= {"file", "found", "instead", "served"}
    assert {s["id"] for s in told["stories"] if s["tellable"]} == {"told", "bakery", "hidden"}


def test_sync_builds_the_index_and_says_what_is_in_it(here):
    first = run("sync")
    assert first.exit_code == 0
    assert first.stdout.startswith(f"{len(HARBOURS)} stories, ")
    assert list((here / "data" / "index").iterdir())
    assert run("sync").stdout == first.stdout


# --- ask and chat -----------------------------------------------------------------------------------------------------


def test_ask_prints_the_story_its_words_and_its_question(here):
    result = run("ask", BOATS)
    assert result.exit_code == 0
    assert "The harbour closed for fifty days" in result.stdout
    assert "In their words: “I would rather know the bad number at noon.”" in result.stdout
    assert "Ask: Which of your orders" in result.stdout
    assert "You may name Sardinella Norte" in result.stdout


def test_ask_as_json_keeps_its_form(here):
    told = json.loads(run("ask", f"only in Europe, {BOATS}", "--json").stdout)
    assert list(told) == ["situation", "verdict", "reply", "asks", "understood", "matches"]
    assert set(told["understood"]) == {"text", "chips", "missing"}
    assert set(told["understood"]["chips"][0]) == PLAIN_FORM
    assert list(told["matches"][0]) == [
        *("rank", "id", "score", "verdict", "title", "name", "why", "quote", "question", "minutes", "may_say"),
        *("told_by", "verified_on"),
    ]
    assert set(told["matches"][0]["why"]) == {"beat", "sentence", "agrees", "differs"}
    assert {match["id"] for match in told["matches"]} <= {"told", "bakery", "hidden"}
    assert [match["rank"] for match in told["matches"]] == list(range(1, len(told["matches"]) + 1))


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_ask_gives_at_most_as_many_as_asked_for(here, limit):
    assert len(json.loads(run("ask", BOATS, "--limit", limit, "--json").stdout)["matches"]) == min(limit, 3)


def test_ask_off_topic_gets_no_story(here):
    told = json.loads(run("ask", "hello", "--json").stdout)
    assert (told["verdict"], told["matches"]) == ("nothing", [])


def test_a_restricted_name_is_for_the_lead_only(here):
    assert "Vilamoura" in run("ask", BOATS, "--as", "lead", "--limit", 10).output
    for words in (["ask", BOATS, "--limit", 10], ["ask", BOATS, "--json"], ["check"], ["check", "--json"], ["sync"]):
        shown = run(*words).output
        assert not [name for name in ("Vilamoura", "Quarteira", "Lagos Pescados") if name in shown], words


def test_chat_answers_a_line_with_a_line(here):
    lines = [
        f"{BOATS}",
        "only in Europe",
        "more like the first",
        "show others",
        "how long did it take?",
        "new prospect",
    ]
    result = run("chat", "--json", given="\n".join(lines) + "\n")
    assert result.exit_code == 0
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [turn["said"] for turn in told] == lines
    assert {tuple(turn) for turn in told} == {
        ("said", "kind", "verdict", "stories", "reply", "asks", "answer_from", "chips")
    }
    assert [turn["kind"] for turn in told] == [
        "description",
        "facets",
        "more like",
        "others",
        "question",
        "new prospect",
    ]
    assert {tuple(story) for turn in told for story in turn["stories"]} == {("id", "verdict", "title")}
    assert told[4]["answer_from"]
    assert {chip["label"] for chip in told[1]["chips"]} >= {"Only Europe"}


def test_chat_in_words(here):
    result = run("chat", given=f"{BOATS}\n\nhow long did it take them?\n")
    assert result.exit_code == 0
    assert "  1. " in result.stdout
    assert "20 June 2025" in result.stdout


def test_an_empty_folder_is_no_fault(here):
    empty = here / "empty"
    empty.mkdir()
    for words in (["check"], ["sync"], ["ask", BOATS], ["ask", BOATS, "--json"], ["export", here / "none.csv"]):
        result = run(*words, "--stories", empty)
        assert result.exit_code == 0, (words, result.output)


def test_without_a_model_it_goes_by_the_words_and_says_so(here, monkeypatch):
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: None)
    result = run("ask", BOATS, "--json")
    assert "Search goes by the words alone" in result.stderr
    assert json.loads(result.stdout)["matches"], "and what it prints is JSON all the same"


# --- match ------------------------------------------------------------------------------------------------------------


def test_match_gives_rows_in_order_of_relevance_and_one_for_nothing(here):
    situations = file(here, "prospects.csv", f'id,situation\nA7,"{BOATS}"\nB2,\n')
    result = run("match", situations)
    assert result.exit_code == 0
    told = rows_of(result.stdout)
    assert list(told[0]) == ["id", "rank", "story", "score", "verdict"]
    first = [row for row in told if row["id"] == "A7"]
    assert [row["rank"] for row in first] == ["1", "2", "3"]
    assert {row["story"] for row in first} == {"told", "bakery", "hidden"}
    scores = [float(row["score"]) for row in first]
    assert scores == sorted(scores, reverse=True)
    assert {row["verdict"] for row in first} <= {"close", "nearest"}
    assert told[-1] == {"id": "B2", "rank": "1", "story": "", "score": "0.0", "verdict": "nothing"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lines.jsonl", json.dumps({"id": "A7", "query": f"{BOATS}\u2028they wait"}, ensure_ascii=False)),
        ("semicolons.csv", f'ID;Situation\nA7;"{BOATS}\nover two lines"\n'),
        ("bom.csv", f'\ufeffid,query\nA7,"{BOATS}"\n'),
    ],
)
def test_match_reads_what_people_have(here, name, text):
    told = rows_of(run("match", file(here, name, text), "--limit", 1).stdout)
    assert [row["id"] for row in told] == ["A7"]


def test_match_writes_a_file_and_nothing_else_to_the_screen(here):
    out = here / "out.csv"
    result = run("match", file(here, "prospects.csv", f'id,situation\nA7,"{BOATS}"\n'), "--out", out, "--limit", 2)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert len(rows_of(out.read_text(encoding="utf-8"))) == 2


DEALS = (
    "Opportunity Name,Account Name,Amount,Stage,Close Date,Opportunity Owner,Description\r\n"
    'Told,Atum,100,Proposal,2026-12-01,Dana,"The ministry closed the grounds for sardine boats, tins cost money"\r\n'
    "Silent,Cais,300,Proposal,2027-01-01,Dana,Sent pricing\r\n"
    "=1+1,Zeta,200,Negotiation,2026-12-24,Dana,\r\n"
    "Gone,Fim,900,Closed Lost,2026-10-01,Dana,No budget\r\n"
)


def test_match_takes_the_deals_of_a_crm_with_no_why_first(here):
    result = run("match", file(here, "deals.csv", DEALS))
    assert result.exit_code == 0
    told = rows_of(result.stdout)
    assert [row["Deal"] for row in told] == ["'=1+1", "Silent", "Told"]
    assert [row["Fit"] for row in told] == ["Not looked for", "Not looked for", "Close match"]
    assert told[0]["Ask about the deal"].startswith("Why is this deal expected to close on 24 December 2026?")
    assert "3 open deals; left out: 1 closed lost." in result.stderr
    assert "2 of 3 deals with a part of the why missing, first in the list." in result.stderr


def test_match_prints_deals_as_json_and_writes_workbooks(here):
    told = json.loads(run("match", file(here, "deals.csv", DEALS), "--json", "--closed").stdout)
    assert [row["deal"] for row in told] == ["Gone", "=1+1", "Silent", "Told"]
    assert list(told[0])[:9] == ["deal", "account", "owner", "stage", "closes", "amount", "why", "ask_owner", "verdict"]
    assert (told[-1]["why"], told[-1]["verdict"]) == ("told", "close")
    assert "Conservas" not in json.dumps(told)
    result = run("match", here / "deals.csv", "--out", here / "out.xlsx")
    assert result.stdout == ""
    again = table_of("out.xlsx", (here / "out.xlsx").read_bytes())
    assert list(again["Deal"]) == ["'=1+1", "Silent", "Told"]


def test_match_takes_a_column_for_the_notes_it_is_told(here):
    deals = file(here, "deals.csv", DEALS.replace("Description", "Field remarks"))
    assert "no column with notes" in refused("match", deals)
    assert rows_of(run("match", deals, "--map", "Field remarks=notes").stdout)[-1]["Deal"] == "Told"
    assert "found no =" in refused("match", deals, "--map", "Field remarks")
    assert '"mood"' in refused("match", deals, "--map", "Field remarks=mood")


@pytest.mark.parametrize("name", ["deals.pdf", "no/deals.csv"])
def test_match_says_where_deals_cannot_be_written_before_it_begins(here, name):
    refused("match", file(here, "deals.csv", DEALS), "--out", here / name)


@pytest.mark.parametrize("kind", ["deals", "situations"])
def test_match_keeps_what_is_done_when_somebody_presses_ctrl_c(here, monkeypatch, kind):
    asked: list[str] = []
    find = Search.find

    def interrupted(self, situation, *rest):
        asked.append(situation.text)
        if len(asked) > 130:
            raise KeyboardInterrupt
        return find(self, situation, *rest)

    monkeypatch.setattr(Search, "find", interrupted)
    if kind == "deals":
        rows = "".join(f"Deal {n},Open,2026-12-01,{BOATS.replace(',', ' and')} {n}\n" for n in range(300))
        given = file(here, "deals.csv", f"Deal Name,Stage,Close Date,Description\n{rows}")
    else:
        given = file(here, "lines.csv", "id,situation\n" + "".join(f'{n},"{BOATS} {n}"\n' for n in range(300)))
    result = run("match", given, "--out", here / "out.csv")
    assert result.exit_code == 130
    done = 128 if kind == "deals" else 130
    assert f"Stopped: {done} of 300 {kind} matched, in {here / 'out.csv'}." in result.stderr
    written = rows_of((here / "out.csv").read_text(encoding="utf-8-sig"))
    assert len({row.get("id") or row["Row"] for row in written}) == done


def test_match_gives_situations_as_json_too(here):
    told = json.loads(run("match", file(here, "q.csv", f'id,situation\nA7,"{BOATS}"\n'), "--json").stdout)
    assert [list(row) for row in told[:1]] == [["id", "rank", "story", "score", "verdict"]]


# --- import and export ------------------------------------------------------------------------------------------------


def test_import_makes_stories_keeps_ids_and_reports_what_it_could_not_place(here):
    target = here / "imported"
    result = run("import", file(here, "cases.csv", TABLE), "--stories", target)
    assert result.exit_code == 0, result.output
    shelf = Shelf.read(target)
    assert {story.id for story in shelf} == {"r001", "r002"}
    assert {story.status for story in shelf} == {Status.DRAFT}
    assert shelf.stories["r001"].customer == "Sardinella Norte"
    assert "tins stood in the yard" in shelf.stories["r001"].telling
    assert "hopeful" in (target / "r001.md").read_text(encoding="utf-8"), "what could not be placed is kept"
    assert "Mood" in result.stdout, "and reported"
    assert f"2 stories written to {target}." in result.stdout
    assert "2 were there already" in run("import", here / "cases.csv", "--stories", target).stdout


def test_import_published_is_served_and_check_lists_it_as_incomplete(here):
    target = here / "imported"
    run("import", file(here, "cases.csv", TABLE), "--stories", target, "--status", "published")
    assert {story.status for story in Shelf.read(target)} == {Status.PUBLISHED}
    told = rows_of(run("match", file(here, "q.csv", f"situation\n{BOATS} tins\n"), "--stories", target).stdout)
    assert {row["story"] for row in told} == {"r001", "r002"}
    result = run("check", "--stories", target)
    assert result.exit_code == 1
    assert "r001.md: published and incomplete" in result.stdout


def test_import_takes_a_column_for_the_field_it_is_told(here):
    target = here / "imported"
    text = "Who bought,Trouble\nSardinella Norte,The ministry closed the grounds.\n"
    given = file(here, "odd.csv", text)
    assert (
        run("import", given, "--stories", target, "--map", "Who bought=customer", "--map", "Trouble=pain").exit_code
        == 0
    )
    (story,) = Shelf.read(target)
    assert story.customer == "Sardinella Norte"
    assert "=" in refused("import", given, "--stories", target, "--map", "Trouble")


def test_import_of_a_bad_row_is_a_report_and_not_a_traceback(here):
    result = run(
        "import", file(here, "x.csv", "id,Customer\n../../etc,Sardinella\n,\n"), "--stories", here / "imported"
    )
    assert result.exit_code in {0, 2}
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not (here.parent / "etc.md").exists()


@pytest.mark.parametrize("role", ["guest", "rep"])
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_export_holds_no_formula_no_draft_and_no_restricted_name(here, name, role):
    write_shelf(here / "stories", make_story("formula", title="=1+1", beats={"pain": "@SUM(A1)"}))
    result = run("export", here / name, "--as", role)
    assert result.exit_code == 0
    written = (here / name).read_text(encoding="utf-8")
    for held in ("Vilamoura", "Quarteira", "Lagos Pescados", "for-us", "A cannery for us"):
        assert held not in written
    assert "The harbour closed for fifty days" in written
    if name.endswith(".csv"):
        cells = [cell for row in csv.reader(io.StringIO(written)) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "\t", "\r"))]
        assert "'=1+1" in cells


def test_export_for_the_lead_names_the_customer(here):
    run("export", here / "out.csv", "--as", "lead")
    assert "Vilamoura" in (here / "out.csv").read_text(encoding="utf-8")


# --- evaluate ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def labelled(here):
    rows = [
        {"id": "1", "situation": BOATS, "judged": {"told": 2, "bakery": 1}, "kind": "short", "half": "choose"},
        {"id": "2", "situation": "hello", "judged": {}, "kind": "off-topic", "half": "report"},
    ]
    return file(here, "labelled.jsonl", "\n".join(json.dumps(row) for row in rows))


def test_evaluate_prints_a_table_by_kind(here, labelled):
    result = run("evaluate", labelled)
    assert result.exit_code == 0
    head, *body = [line.split() for line in result.stdout.splitlines()]
    assert head[:3] == ["kind", "asked", "ndcg_at_10"]
    assert [line[0] for line in body] == ["short", "off-topic", "all"]
    assert {len(line) for line in body} == {len(head)}


def test_evaluate_as_json_keeps_its_form(here, labelled):
    told = json.loads(run("evaluate", labelled, "--json").stdout)
    assert set(told) == {"short", "off-topic", "all"}
    assert list(told["all"]) == [
        *("situations", "ndcg_at_10", "best_in_3", "recall_at_3", "mrr", "success_at_1"),
        *("wrong_nothing", "right_nothing"),
    ]
    assert told["off-topic"]["right_nothing"] == 1.0
    assert json.loads(run("evaluate", labelled, "--half", "choose", "--json").stdout)["all"]["situations"] == 1


# --- How it says no ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["check"], ["sync"], ["ask", BOATS], ["chat"], ["export", "x.csv"]])
def test_a_missing_folder_is_named(here, words):
    assert f"There is no folder {here}/nowhere" in refused(*words, "--stories", here / "nowhere")


@pytest.mark.parametrize("command", ["match", "evaluate", "import"])
def test_a_missing_file_is_named(here, command):
    assert "none.csv" in refused(command, here / "none.csv")


@pytest.mark.parametrize("command", ["match", "evaluate", "import"])
def test_a_folder_is_no_file(here, command):
    (here / "folder.csv").mkdir()
    assert "folder.csv" in refused(command, here / "folder.csv")


@pytest.mark.parametrize("command", ["match", "evaluate"])
def test_a_file_that_is_not_text_is_refused(here, command):
    assert "UTF-8" in refused(command, file(here, "utf16.csv", "id,situation\n1,x\n".encode("utf-16")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("head.csv", b"id,situation\n"),
        ("columns.csv", b"id,words\n1,x\n"),
        ("long.csv", b"id,situation\n1," + b"x" * 200_000),
        ("broken.jsonl", b'{"id": 1\n'),
        ("list.jsonl", b"[1, 2]\n"),
    ],
)
def test_match_refuses_what_holds_no_situations(here, name, content):
    assert name in refused("match", file(here, name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("zero.csv", b"\0\1\2\xff"),
        ("no.xlsx", b"PK no"),
        ("no.pdf", b"%PDF"),
        ("broken.jsonl", b"{"),
    ],
)
def test_import_refuses_what_is_no_table(here, name, content):
    assert name in refused("import", file(here, name, content), "--stories", here / "imported")


def test_import_needs_a_folder_to_write_to(here):
    assert "cases.csv" in refused("import", file(here, "cases.csv", TABLE), "--stories", here / "cases.csv")


@pytest.mark.parametrize("words", [["export", "no/such/place.csv"], ["export", "out.pdf"]])
def test_export_says_where_it_cannot_write(here, words, monkeypatch):
    monkeypatch.chdir(here)
    refused(*words)


def test_match_says_where_it_cannot_write_before_it_begins(here):
    situations = file(here, "prospects.csv", f'id,situation\nA7,"{BOATS}"\n')
    assert "place.csv" in refused("match", situations, "--out", here / "no" / "place.csv")


@pytest.mark.parametrize("words", [["evaluate", "bad.jsonl"]])
def test_evaluate_says_which_line_it_cannot_read(here, words, monkeypatch):
    monkeypatch.chdir(here)
    file(here, "bad.jsonl", '{"id": 1, "situation": "x", "judged": {}}\nnot json\n')
    assert "line 2" in refused(*words)


@pytest.mark.parametrize(("setting", "value"), [("TODAY", "soon"), ("THREADS", "-1"), ("THREADS", "many")])
def test_a_setting_that_cannot_be_used_is_named_with_what_was_found(here, monkeypatch, setting, value):
    monkeypatch.setenv(f"LIBRARY_{setting}", value)
    assert f"LIBRARY_{setting}: found '{value}'" in refused("check")


def test_a_vocabulary_that_cannot_be_read_is_a_sentence(here):
    file(here / "stories", "vocabulary.toml", "[[industry\n")
    assert "vocabulary.toml" in refused("check")


def test_a_data_folder_that_cannot_be_written_is_a_sentence(here, monkeypatch):
    monkeypatch.setenv("LIBRARY_DATA", str(file(here, "a-file", "") / "data"))
    refused("ask", BOATS)


def test_it_runs_as_a_module_from_anywhere(here):
    """Once as a person would: another process, its own exit code, nothing but JSON on the screen."""
    environment = {**os.environ, "LIBRARY_MODEL": "none", "PYTHONPATH": str(ROOT)}
    asked = [sys.executable, "-m", "library", "ask", BOATS, "--json"]
    done = subprocess.run(asked, cwd=here, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["matches"]
    refused_there = [sys.executable, "-m", "library", "match", "none.csv"]
    done = subprocess.run(refused_there, cwd=here, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "none.csv: no such file or directory.\n")


def test_digest_tells_the_week_on_the_screen_or_in_a_file(here):
    records = records_of(here)
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    records.asks.add("Dev", "somebody's own words", at=at, verdict="nothing")
    records.tellings.add("Dev", "told", at=at, landed=Landed.LEANED_IN)
    records.close()
    done = run("digest")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("# Customer stories, 22 November 2026\n\n## The next meeting: not planned yet")
    assert "| Asked | 1 | 0 |" in done.stdout
    assert "leaned in once, told by Dev." in done.stdout
    assert "somebody's own words" not in done.stdout
    assert not [name for name in ("Conservas Vilamoura", "Atum Quarteira", "A cannery for us") if name in done.stdout]
    said = run("digest", "--out", here / "week.md")
    assert (here / "week.md").read_text(encoding="utf-8") == done.stdout
    assert "week.md" in said.stdout


def test_digest_without_a_usable_database_is_one_sentence(here, monkeypatch):
    monkeypatch.setenv("LIBRARY_DATABASE_URL", "nonsense")
    assert "LIBRARY_DATABASE_URL" in refused("digest")
