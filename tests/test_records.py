"""The records: what is kept, what is erased, and that nothing acknowledged is lost. On SQLite and on PostgreSQL."""

import os
import sqlite3
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from library.records.entries import (
    Act,
    Audience,
    Concern,
    Customer,
    CustomerVoice,
    Landed,
    Meeting,
    MeetingChangedError,
    Pick,
    RecordsError,
    VoiceKind,
)
from library.records.records import Records
from library.records.tables import metadata
from tests.helpers import spawning

ROOT = Path(__file__).parent.parent
SERVER = os.environ.get("TEST_DATABASE_URL", "").replace("postgresql://", "postgresql+psycopg://")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
MONDAY = date(2026, 11, 23)
WORDS = "Their harbourmaster keeps a second ledger"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of a database of its own, empty."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    if not SERVER:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server; .ci/run starts one.")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(SERVER)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{SERVER}{'&' if '?' in SERVER else '?'}options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def records(url):
    opened = Records(url)
    yield opened
    opened.close()


def ask(records, person="Priya", words=WORDS, at=NOW, **more):
    return records.asks.add(person, words, at=at, verdict="close", **more)


def test_an_ask_comes_back_as_it_was_with_what_was_opened_and_copied(records):
    made = ask(records, facets=["industry:hospitals"], results=["b", "a"])
    for story, did in (("a", "opened"), ("a", "opened"), ("b", "opened"), ("b", "copied")):
        records.asks.used(made.id, story, did, at=NOW)
    kept = records.asks.since(LONG_AGO)
    assert kept == [replace(made, opened=("a", "b"), copied=("b",))]
    assert kept[0].at.tzinfo is UTC
    assert records.asks.since(NOW + timedelta(seconds=1)) == []


def test_times_are_kept_in_utc_and_one_without_a_zone_is_refused(records):
    east = timezone(timedelta(hours=5))
    ask(records, at=NOW.astimezone(east))
    assert records.asks.since(LONG_AGO)[0].at == NOW
    with pytest.raises((ValueError, RecordsError)):
        ask(records, at=NOW.replace(tzinfo=None))


def test_tellings_are_completed_and_taken_back_by_their_own_person_only(records):
    told = records.tellings.add("Dev", "a", at=NOW, landed=Landed.LEANED_IN, whom="a bank", expected=Landed.POLITE)
    team = records.tellings.add("Ines", "b", at=NOW, audience=Audience.TEAM)
    assert sorted(records.tellings.all(), key=lambda t: t.story) == [told, team]
    assert not records.tellings.complete(told.id, "Ines", asked_next="What did it cost?")
    assert records.tellings.complete(told.id, "Dev", asked_next="What did it cost?")
    assert records.tellings.all(story="a") == [replace(told, asked_next="What did it cost?")]
    assert not records.tellings.take_back(told.id, "Ines", at=NOW)
    assert records.tellings.take_back(told.id, "Dev", at=NOW)
    assert not records.tellings.take_back(told.id, "Dev", at=NOW)
    assert records.tellings.all() == [team]
    assert records.tellings.complete(team.id, "Ines", whom="all of us", expected=Landed.FELL_FLAT)
    assert records.tellings.all() == [replace(team, whom="all of us", expected=Landed.FELL_FLAT)]


def test_feedback_waits_until_a_lead_settles_it_and_praise_does_not_wait(records):
    note = records.notes.add("Dev", "a", Concern.STALE, at=NOW, words="They moved")
    praise = records.notes.add("Dev", "b", Concern.GREAT, at=NOW)
    assert (note.open, praise.open) == (True, False)
    assert records.notes.settle(note.id, "Ada", at=NOW)
    assert not records.notes.settle(note.id, "Ben", at=NOW)
    assert records.notes.all(story="a") == [replace(note, settled_by="Ada")]
    assert not records.notes.all(story="a")[0].open


AGENDA = Meeting(
    MONDAY,
    60,
    (Pick("a", ("Because.", "And."), "Dev", "Slowly"), Pick("b")),
    CustomerVoice(VoiceKind.GUEST, "a", "Invite"),
)


def test_every_version_of_a_meeting_is_kept_and_the_newest_counts(records):
    first = records.meetings.save(AGENDA, "Ada", at=NOW)
    second = records.meetings.save(replace(first, picks=first.picks[1:], voice=None), "Ben", at=NOW)
    other = records.meetings.save(replace(AGENDA, held_on=MONDAY + timedelta(days=7)), "Ada", at=NOW)
    assert (first.version, first.saved_by, first.picks) == (1, "Ada", AGENDA.picks)
    assert records.meetings.versions(MONDAY) == [first, second]
    assert records.meetings.on(MONDAY) == second
    assert records.meetings.all() == [second, other]
    assert records.meetings.all(before=other.held_on) == [second]
    assert records.meetings.on(MONDAY - timedelta(days=7)) is None


def test_the_second_of_two_is_told_and_loses_nothing(records):
    theirs = records.meetings.save(AGENDA, "Ada", at=NOW)
    mine = replace(AGENDA, picks=(Pick("c"),))
    with pytest.raises(MeetingChangedError, match="Ada saved the meeting") as clash:
        records.meetings.save(mine, "Ben", at=NOW)
    assert (clash.value.mine, clash.value.theirs) == (mine, theirs)
    on_top = records.meetings.save(replace(mine, version=theirs.version), "Ben", at=NOW)
    assert records.meetings.versions(MONDAY) == [theirs, on_top]


def together(count, work):
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_of_eight_who_save_at_once_one_is_first_and_seven_are_told(records):
    def save(number: int) -> str:
        try:
            records.meetings.save(AGENDA, f"Lead {number}", at=NOW)
        except MeetingChangedError:
            return "told"
        return "saved"

    assert sorted(together(8, save)) == ["saved", *["told"] * 7]
    assert len(records.meetings.versions(MONDAY)) == 1


def test_hands_are_kept_by_meeting(records):
    heard = records.meetings.raise_hand(MONDAY, "a", "Dev", at=NOW)
    tells = records.meetings.raise_hand(MONDAY, "a", "Ines", at=NOW + timedelta(seconds=1), whom="a bank")
    records.meetings.raise_hand(MONDAY + timedelta(days=7), "a", "Dev", at=NOW)
    assert records.meetings.hands(MONDAY) == [heard, tells]
    assert (heard.promises, tells.promises) == (False, True)


def test_people_are_known_once_and_keep_what_was_said_of_them(records):
    together(8, lambda _: records.enrol("Dev"))
    records.enrol("Dev", started_on=MONDAY)
    records.enrol("Dev", leads=True)
    records.enrol("Dev")
    assert [(m.name, m.leads, m.started_on) for m in records.members] == [("Dev", True, MONDAY)]


def test_the_lead_is_taken_once(records):
    assert records.take_the_lead("Ada")
    assert not records.take_the_lead("Ben")
    assert [member.name for member in records.members if member.leads] == ["Ada"]


def test_words_are_erased_by_person_and_by_age_and_the_numbers_stay(records):
    ask(records, "Priya", at=LONG_AGO, results=["a"])
    mine = ask(records, "Priya", results=["a"])
    other = ask(records, "Dev")
    assert records.forget_old_asks(NOW, keep_days=180) == 1
    assert records.forget_old_asks(NOW, keep_days=180) == 0
    assert records.asks.erase(person="Priya") == 1
    kept = {a.id: a for a in records.asks.since(LONG_AGO)}
    assert len(kept) == 3
    assert kept[mine.id] == replace(mine, text="")
    assert kept[other.id] == other
    with pytest.raises(ValueError, match="Whose"):
        records.asks.erase()


def test_erased_words_are_in_no_file(tmp_path):
    records = Records.in_file(tmp_path / "records.db")
    ask(records)
    assert any(WORDS.encode() in path.read_bytes() for path in tmp_path.iterdir())
    records.asks.erase(person="Priya")
    assert not [path.name for path in tmp_path.iterdir() if WORDS.encode() in path.read_bytes()]
    records.close()


def test_each_step_of_a_storys_life_is_kept(records):
    first = records.reviews.add("Ada", "a", Act.VERIFIED, at=NOW, words="Called them")
    second = records.reviews.add("Ben", "b", Act.VERIFIED, at=NOW + timedelta(seconds=1))
    assert records.reviews.all() == [first, second]
    assert records.reviews.all(story="b") == [second]


def test_a_task_is_handed_over_and_closed_once(records):
    task = records.tasks.add("Ada", "Vet chains", at=NOW, owner="Dev", due_on=MONDAY, asks=["x"], fitted=["a", "b"])
    call = records.tasks.add("Ada", "A call", at=NOW + timedelta(seconds=1), customer="Nova Nets")
    assert records.tasks.all() == [task, call]
    assert (task.asks, task.fitted, task.open) == (("x",), ("a", "b"), True)
    assert (task.late(MONDAY), task.late(MONDAY + timedelta(days=1))) == (False, True)
    assert records.tasks.hand_over(task.id, "Ines", None)
    assert records.tasks.close(task.id, "Ines", at=NOW, story="vets")
    assert not records.tasks.close(task.id, "Ben", at=NOW)
    assert not records.tasks.hand_over(task.id, "Ben", MONDAY)
    kept = records.tasks.all()[0]
    assert kept == replace(task, owner="Ines", due_on=None, closed_at=NOW, closed_by="Ines", story="vets")
    assert not kept.open
    assert not kept.late(MONDAY + timedelta(days=1))


def test_customers_are_as_last_listed_also_when_two_list_them_at_once(records):
    listed = [Customer(f"Customer {n:03}", MONDAY, "Dev", "retail") for n in range(120)]
    assert together(4, lambda _: records.customers.put(listed)) == [120] * 4
    moved = replace(listed[5], live_on=MONDAY + timedelta(days=9), owner="")
    assert records.customers.put([moved]) == 1
    assert records.customers.all() == [*listed[:5], moved, *listed[6:]]
    assert records.customers.forget("Customer 005")
    assert not records.customers.forget("Customer 005")
    assert len(records.customers.all()) == 119


OF_THE_FIRST_VERSION = set("people asks ask_uses tellings feedback meetings picks hands".split())


def test_records_of_the_version_before_are_brought_up_to_date(url):
    engine = create_engine(url)
    Records(url).close()
    with engine.begin() as connection:
        for table in metadata.tables.keys() - OF_THE_FIRST_VERSION:
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    old = create_engine(url)
    with old.begin() as connection:
        connection.execute(text("INSERT INTO people (name, leads) VALUES ('Ada', true)"))
    old.dispose()
    engine.dispose()
    records = Records(url)
    assert [member.name for member in records.members] == ["Ada"]
    assert records.tasks.all() == []
    records.close()


def test_migrations_lead_to_the_tables_as_they_are_used(records, url):
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def open_and_write(url: str) -> None:
    records = Records(url)
    records.enrol(str(os.getpid()))
    records.close()


def test_three_processes_may_open_a_new_database_at_once(url, monkeypatch):
    spawn = spawning(monkeypatch)
    workers = [spawn.Process(target=open_and_write, args=(url,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    records = Records(url)
    assert len(records.members) == 3
    records.close()


def test_records_of_a_newer_version_are_left_alone(records, url):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(RecordsError, match="newer version"):
        Records(url)


@pytest.mark.parametrize("address", ["nonsense", "postgresql://ada:sesame@127.0.0.1:1/none", "oracle://ada:sesame@x/y"])
def test_an_address_that_leads_nowhere_is_said_without_its_password(address):
    with pytest.raises(RecordsError) as trouble:
        Records(address)
    assert "sesame" not in str(trouble.value)


def test_a_file_that_is_no_database_is_said_and_left_as_it_is(tmp_path):
    file = tmp_path / "records.db"
    file.write_text(WORDS * 100)
    with pytest.raises(RecordsError, match=r"records\.db"):
        Records.in_file(file)
    assert file.read_text() == WORDS * 100


def test_an_error_does_not_say_what_was_written(records, url):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE ask_uses"))
        connection.execute(text("DROP TABLE asks"))
    engine.dispose()
    with pytest.raises(RecordsError) as trouble:
        ask(records)
    assert WORDS not in str(trouble.value)


def test_nothing_acknowledged_is_lost_when_writers_are_killed(url, tmp_path):
    command = [sys.executable, "-m", "tests.killed_writers", url, "100"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout.split()
    assert len(said) == len(set(said)) > 300
    records = Records(url)
    kept = {a.id for a in records.asks.since(LONG_AGO)} | {t.id for t in records.tellings.all()}
    records.close()
    assert not set(said) - kept
    if url.startswith("sqlite"):
        with sqlite3.connect(tmp_path / "records.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
