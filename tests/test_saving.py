"""Stories into their files: a few facts of one set in its own text, and nothing else touched."""

import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library import files
from library.reading import read_text
from library.saving import revise, with_facts
from library.shelf import Shelf, ShelfError
from tests.helpers import SARDINES, STORIES, VOCABULARY, make_story, write_shelf

TODAY = date(2026, 11, 22)


def folder_with(tmp_path, text: str = SARDINES, name: str = "sardines.md"):
    (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def check(folder, by: str = "Ada Lead"):
    return revise(folder, "sardines", VOCABULARY, verified_on=TODAY, verified_by=by)


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_only_the_two_lines_change(tmp_path):
    folder = folder_with(tmp_path)
    story = check(folder)
    text = (folder / "sardines.md").read_text()
    assert (story.verified_on, story.verified_by) == (TODAY, "Ada Lead")
    assert changed_lines(SARDINES, text) == ["verified_on: 2026-11-22", "verified_by: Ada Lead"]
    assert text.replace("2026-11-22", "2026-10-01").replace("verified_by: Ada Lead\n", "") == SARDINES
    assert not [path.name for path in folder.iterdir() if path.name != "sardines.md"]


def test_what_a_person_wrote_beside_it_stays_comments_order_and_line_ends(tmp_path):
    text = SARDINES.replace("status: published", "# ask Lurdes first\nmood:   hopeful\nstatus: published")
    text = text.replace("\n", "\r\n")
    folder = folder_with(tmp_path, text)
    check(folder)
    after = (folder / "sardines.md").read_bytes().decode()
    assert changed_lines(text, after) == ["verified_on: 2026-11-22", "verified_by: Ada Lead"]
    assert after.count("\r\n") == after.count("\n")


def test_what_somebody_changed_by_hand_meanwhile_is_kept(tmp_path):
    folder = folder_with(tmp_path)
    seen = Shelf.read(folder).stories["sardines"]
    (folder / "sardines.md").write_text(SARDINES.replace("fifty days", "sixty days"))
    story = check(folder)
    assert seen.title != story.title == "The harbour closed for sixty days"
    assert "sixty days" in (folder / "sardines.md").read_text()


def test_a_save_in_the_very_moment_is_not_overwritten(tmp_path, monkeypatch):
    folder = folder_with(tmp_path)
    theirs = SARDINES.replace("fifty days", "seventy days")
    real = os.fsync

    def somebody_saves(handle):
        real(handle)
        (folder / "sardines.md").write_text(theirs)

    monkeypatch.setattr(files.os, "fsync", somebody_saves)
    with pytest.raises(ShelfError, match="somebody else just now"):
        check(folder)
    assert (folder / "sardines.md").read_text() == theirs
    assert [path.name for path in folder.iterdir()] == ["sardines.md"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no front matter", "begin the file"),
        (SARDINES.replace("verified_on: 2026-10-01", "verified_on: >\n  2026-10-01"), "edit it by hand"),
        (SARDINES.replace("title:", "title: &a"), "anchor"),
    ],
)
def test_a_file_that_cannot_be_changed_so_is_left_alone(tmp_path, text, says):
    folder = folder_with(tmp_path, text)
    with pytest.raises(ShelfError, match=says):
        check(folder)
    assert (folder / "sardines.md").read_text() == text


def test_a_story_that_is_gone_or_there_twice_is_said(tmp_path):
    with pytest.raises(ShelfError, match="renamed"):
        check(tmp_path)
    folder_with(tmp_path)
    (tmp_path / "fish").mkdir()
    folder_with(tmp_path / "fish")
    with pytest.raises(ShelfError, match="2 files"):
        check(tmp_path)


def test_a_date_that_was_no_date_is_mended(tmp_path):
    folder = folder_with(tmp_path, SARDINES.replace("2026-10-01", "last autumn"))
    assert "verified_on" in Shelf.read(folder).stories["sardines"].extra
    story = check(folder)
    assert (story.verified_on, dict(story.extra)) == (TODAY, {})


@given(st.text(min_size=1, max_size=60))
def test_any_name_is_read_as_it_was_said(name):
    said = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    try:
        text = with_facts(SARDINES, {"verified_by": name})
    except UnicodeEncodeError:
        return
    story = read_text(text, "sardines", VOCABULARY).story
    assert story is not None
    assert story.verified_by == said
    assert story.sections == make_story().sections


def test_every_shipped_story_can_be_verified_with_two_lines(tmp_path):
    folder = write_shelf(tmp_path / "copies")
    for path in STORIES.glob("*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    for path in sorted(folder.glob("*.md")):
        before = path.read_text(encoding="utf-8")
        story = revise(folder, path.stem, VOCABULARY, verified_on=TODAY, verified_by="Zoë O'Hara-Ünal")
        lines = changed_lines(before, path.read_text(encoding="utf-8"))
        assert len(lines) == 2, path.name
        assert story.verified_by == "Zoë O'Hara-Ünal"
