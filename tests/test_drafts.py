"""What somebody is writing: kept as they type, theirs alone, and gone when they throw it away."""

from datetime import timedelta

from tests.test_records import NOW, records, together, url

__all__ = ["records", "url"]

LATER = NOW + timedelta(minutes=5)


def test_a_draft_comes_back_as_it_was_written_the_newest_first(records):
    first = records.drafts.begin("Priya", at=NOW, written={"title": "The quay"})
    second = records.drafts.begin(
        "Priya", at=LATER, story="sardines", written={"roles": ["cfo"], "notes": [["a", "who"]]}
    )
    assert records.drafts.of("Priya") == [second, first]
    assert records.drafts.get(second.id, "Priya") == second
    assert records.drafts.of("Tom") == []


def test_what_changed_is_written_and_the_rest_stays(records):
    draft = records.drafts.begin("Priya", at=NOW, written={"title": "The quay", "who": "Lurdes."})
    assert records.drafts.keep(draft.id, "Priya", {"title": "The closed quay", "win": "A boat."}, at=LATER)
    kept = records.drafts.get(draft.id, "Priya")
    assert kept.written == {"title": "The closed quay", "who": "Lurdes.", "win": "A boat."}
    assert (kept.begun_at, kept.changed_at) == (NOW, LATER)


def test_nobody_reads_changes_or_throws_away_what_another_is_writing(records):
    draft = records.drafts.begin("Priya", at=NOW, written={"title": "The quay"})
    assert not records.drafts.keep(draft.id, "Tom", {"title": "Mine"}, at=LATER)
    assert records.drafts.get(draft.id, "Tom") is None
    assert not records.drafts.throw_away(draft.id, "Tom")
    assert records.drafts.of("Priya") == [draft]


def test_two_windows_that_write_at_once_both_keep_their_fields(records):
    draft = records.drafts.begin("Priya", at=NOW)
    together(12, lambda n: records.drafts.keep(draft.id, "Priya", {f"field-{n}": "said"}, at=LATER))
    assert set(records.drafts.get(draft.id, "Priya").written) == {f"field-{n}" for n in range(12)}


def test_what_is_thrown_away_is_gone_from_the_file_too(records, tmp_path):
    draft = records.drafts.begin("Priya", at=NOW, written={"who": "A harbourmaster with a second ledger"})
    assert records.drafts.throw_away(draft.id, "Priya")
    assert records.drafts.of("Priya") == []
    files = [path.read_bytes() for path in tmp_path.glob("records.db*")]
    assert not any(b"second ledger" in content for content in files)
