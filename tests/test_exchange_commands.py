"""A zip by the command line: out for a lead or for others, and in beside what is here."""

import zipfile

from library.reading import write_text
from library.shelf import Shelf
from tests.helpers import make_story, write_shelf
from tests.test_commands import HARBOURS, file, here, refused, run

__all__ = ["here"]


def names_in(path) -> set[str]:
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_a_leads_zip_comes_in_elsewhere_as_the_same_files(here):
    out = run("export", here / "shelf.zip", "--as", "lead")
    assert (out.exit_code, f"{len(HARBOURS)} stories written to {here / 'shelf.zip'}." in out.output) == (0, True)
    into = run("import", here / "shelf.zip", "--stories", here / "empty")
    assert (into.exit_code, f"{len(HARBOURS)} stories written to" in into.output) == (0, True)
    before, after = ({p.name: p.read_bytes() for p in (here / f).iterdir()} for f in ("stories", "empty"))
    assert before == after
    again = run("import", here / "shelf.zip", "--stories", here / "empty")
    assert f"0 stories written to {here / 'empty'}, {len(HARBOURS)} there already." in again.output


def test_by_default_a_zip_holds_what_may_be_told_in_the_safe_wording(here):
    for role in ([], ["--as", "rep"], ["--as", "guest", "--all"]):
        assert run("export", here / "safe.zip", *role).exit_code == 0
        assert names_in(here / "safe.zip") == {"told.md", "bakery.md", "hidden.md"}
        with zipfile.ZipFile(here / "safe.zip") as archive:
            assert b"Vilamoura" not in archive.read("hidden.md")


def test_a_story_here_with_other_words_stays_and_both_are_shown(here):
    source = write_shelf(here / "source", make_story("told", {"pain": "The tins rusted."}), make_story("ferries"))
    run("export", here / "shelf.zip", "--as", "lead", "--stories", source)
    result = run("import", here / "shelf.zip")
    assert result.exit_code == 0
    for said in ("told: is here with other words, and stays as it is", "    +The tins rusted.", "1 kept as here"):
        assert said in result.output
    assert (here / "stories" / "told.md").read_text() == write_text(HARBOURS[0])
    assert "ferries" in Shelf.read(here / "stories").stories


def test_what_cannot_be_is_a_sentence(here, monkeypatch):
    monkeypatch.chdir(here)
    file(here, "bad.zip", b"no zip")
    file(here, "table.csv", "Customer,Pains\nNova,The nets tore.\n")
    assert "bad.zip: found something that is no zip" in refused("import", here / "bad.zip")
    assert "none.zip: no such file" in refused("import", "none.zip")
    assert "leave --map and --status out" in refused("import", here / "bad.zip", "--status", "draft")
    assert "There is no folder" in refused("export", here / "x.zip", "--as", "lead", "--stories", here / "nowhere")
    assert "no such file" in refused("export", "nowhere/x.zip")
    assert run("import", here / "table.csv", "--status", "review").exit_code == 0
