"""A zip of the shelf: the same files out and in for a lead, safe wording for others, and what is here stays."""

import io
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from library.exchange.arriving import compared, take_in
from library.exchange.bundle import Bundle, Packed, read_bundle, write_bundle
from library.exchange.columns import ExchangeError
from library.people import GUEST, Person, Role
from library.reading import write_text
from library.shelf import Shelf
from library.story import Health, ShowAs, Status
from tests.helpers import SARDINES, STORIES, TODAY, make_story, read, write_shelf
from tests.test_secrets import HIDDEN, SPOKEN, customers_of, leak, secrets_of

LEAD, REP = Person("Ada Lead", Role.LEAD), Person("Ravi Shah", Role.REP)
TEXT = SARDINES.encode()


def packed(folder: Path, viewer: Person = LEAD, **more) -> tuple[bytes, Packed]:
    file = io.BytesIO()
    done = write_bundle(folder, viewer, file, today=TODAY, **more)
    return file.getvalue(), done


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_of(files: dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return file.getvalue()


def brought(content: bytes) -> Bundle:
    return read_bundle(io.BytesIO(content), "shelf.zip")


def carried(source: Path, target: Path) -> dict[str, bytes]:
    """What a folder holds after a lead's zip of another came in."""
    take_in(compared(brought(packed(source)[0]), target), target)
    return files_in(target)


# --- out and in ----------------------------------------------------------------------------------------------------


def test_the_shelf_that_ships_goes_out_and_comes_in_byte_for_byte(tmp_path):
    content, done = packed(STORIES)
    assert (done.stories, done.left_out) == (len(Shelf.read(STORIES)), ())
    take_in(compared(brought(content), tmp_path / "empty"), tmp_path / "empty")
    assert files_in(tmp_path / "empty") == files_in(STORIES)


def test_folders_odd_line_ends_unknown_keys_and_the_teams_words_survive(tmp_path):
    source = tmp_path / "source"
    (source / "banks" / "söuth").mkdir(parents=True)
    (source / "banks" / "söuth" / "sardines.md").write_bytes(b"\xef\xbb\xbf" + TEXT.replace(b"\n", b"\r\n"))
    (source / "tins.md").write_bytes(TEXT.replace(b"status:", b"mood: hopeful\nstatus:") + b"\n## Notes\n\nOurs.\n\n\n")
    (source / "vocabulary.toml").write_text('[industry]\nbreweries = { label = "Breweries", words = ["brewer"] }\n')
    assert carried(source, tmp_path / "target") == files_in(source)


words = some.text(some.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Co")), max_size=80)


@given(
    some.dictionaries(
        some.from_regex(r"[a-z0-9-]{3,20}", fullmatch=True),
        some.tuples(words, words, some.sampled_from(["", "banks/", "north/hospitals/", "a b/"]), some.booleans()),
        max_size=6,
    )
)
def test_any_shelf_goes_out_and_comes_in_byte_for_byte(tmp_path_factory, stories):
    source = tmp_path_factory.mktemp("source")
    for story_id, (title, beat, folder, windows) in stories.items():
        story = f'---\ncustomer: "{title.replace(chr(92), "").replace(chr(34), "")}"\n---\n\n## Who\n\n{beat}\n'
        if read(story, story_id).story is not None:
            (source / folder).mkdir(parents=True, exist_ok=True)
            (source / folder / f"{story_id}.md").write_bytes(story.replace("\n", "\r\n" if windows else "\n").encode())
    before = files_in(source)
    target = tmp_path_factory.mktemp("target")
    if before:
        assert carried(source, target) == before
    else:
        with pytest.raises(ExchangeError, match="no stories"):
            carried(source, target)


def test_the_same_shelf_gives_the_same_zip(tmp_path):
    again = Path(shutil.copytree(STORIES, tmp_path / "again", copy_function=shutil.copyfile))
    for viewer in (LEAD, GUEST):
        assert packed(STORIES, viewer)[0] == packed(again, viewer)[0]


def test_only_stories_and_the_vocabulary_go_out(tmp_path):
    write_shelf(tmp_path, make_story())
    (tmp_path / ".git").mkdir()
    for name in ("README.md", "notes.txt", ".git/hidden.md", ".draft.md"):
        (tmp_path / name).write_text("x")
    assert set(unpacked(packed(tmp_path)[0])) == {"sardines.md"}


def test_what_a_zip_may_not_hold_stays_and_is_named(tmp_path):
    write_shelf(tmp_path, make_story())
    (tmp_path / "away.md").symlink_to(STORIES / "roads-pay-in-twenty-days.md")
    (tmp_path / "latin.md").write_bytes("müde".encode("latin-1"))
    (tmp_path / "a:b").mkdir()
    (tmp_path / "a:b" / "colon.md").write_bytes(TEXT)
    content, done = packed(tmp_path)
    assert set(unpacked(content)) == {"sardines.md"}
    assert [any(name in said for said in done.left_out) for name in ("away.md", "latin.md", "a:b")] == [True] * 3
    assert len(done.left_out) == 3
    assert brought(content)


def test_only_the_stories_asked_for_go_out():
    for viewer in (LEAD, GUEST):
        assert set(unpacked(packed(STORIES, viewer, only={"grid-crews-retire"})[0])) == {"grid-crews-retire.md"}


# --- in the safe wording ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewer", [GUEST, REP], ids=["guest", "rep"])
def test_for_others_a_zip_says_no_name_that_ships(viewer):
    files = unpacked(packed(STORIES, viewer)[0])
    secret = customers_of([*HIDDEN, *SPOKEN])
    assert len(files) > 40
    for name, content in files.items():
        assert not leak(f"{name.replace('-', ' ')} {content.decode()}", secret), name
        own = secrets_of([s for s in (*HIDDEN, *SPOKEN) if f"{s.id}.md" == name])
        assert not leak(content.decode(), own), name
    internal = {f"{story.id}.md" for story in Shelf.read(STORIES) if story.show_as is ShowAs.INTERNAL}
    assert internal
    assert not internal & set(files)


def test_for_others_only_what_may_be_told_leaves_and_no_word_of_ours_beside_it(tmp_path):
    hidden = make_story("sardinella-norte-ice", show_as=ShowAs.ANONYMISED, extra={"discount": "40 percent"})
    write_shelf(
        tmp_path,
        hidden,
        make_story("draft", status=Status.DRAFT),
        make_story("ours", show_as=ShowAs.INTERNAL),
        make_story("left", health=Health.LEFT),
        make_story("over", expires_on=date(2026, 11, 21)),
        make_story("silent", may_quote="ask first"),
    )
    (tmp_path / "sardinella-norte-ice.md").write_text(write_text(hidden) + "\n## Notes\n\nThey pay late.\n")
    (tmp_path / "vocabulary.toml").write_text('[product]\n"norte" = { label = "Norte", words = ["Norte"] }\n')
    files = {name: content.decode() for name, content in unpacked(packed(tmp_path, REP)[0]).items()}
    assert set(files) == {"customer-ice.md", "silent.md"}
    for told in ("Sardinella", "Norte", "Lurdes", "discount", "pay late"):
        assert told not in files["customer-ice.md"]
    assert "a 310-person cannery in Portugal" in files["customer-ice.md"]
    assert "bad number at noon" in files["customer-ice.md"]
    assert "bad number at noon" not in files["silent.md"]


def test_two_names_that_become_one_get_ids_of_their_own(tmp_path):
    story = make_story(show_as=ShowAs.ANONYMISED)
    for folder, story_id in (("a", "sardinella-ice"), ("b", "norte-ice")):
        write_shelf(tmp_path / folder, make_story(story_id, show_as=story.show_as, customer="Sardinella Norte"))
    assert len(unpacked(packed(tmp_path, GUEST)[0])) == 2


# --- beside what is here ---------------------------------------------------------------------------------------------


def test_what_is_here_stays_as_it_is_and_the_incoming_words_are_shown(tmp_path):
    write_shelf(tmp_path / "old", make_story("same"), make_story("other"))
    mine = {path.name: path.read_bytes() for path in (tmp_path / "old").iterdir()}
    incoming = mine["other.md"].replace(b"fifty days", b"sixty days")
    arriving = compared(brought(zip_of({"same.md": mine["same.md"], "x/other.md": incoming, "new.md": TEXT})), tmp_path)
    assert ([f.path for f in arriving.fresh], arriving.same) == (["new.md"], ("same",))
    (clash,) = arriving.clashes
    assert (clash.id, clash.incoming.encode()) == ("other", incoming)
    assert {line[0] for line in clash.difference} == {"-", "+"}
    assert any("sixty days" in line for line in clash.difference)
    assert [path.name for path in take_in(arriving, tmp_path)] == ["new.md"]
    assert files_in(tmp_path) == {"new.md": TEXT, **{f"old/{name}": text for name, text in mine.items()}}


def test_bringing_it_twice_writes_it_once(tmp_path):
    first = compared(brought(packed(STORIES)[0]), tmp_path)
    take_in(first, tmp_path)
    again = compared(brought(packed(STORIES)[0]), tmp_path)
    assert (again.fresh, len(again.same)) == ((), len(first.fresh))
    before = files_in(tmp_path)
    with pytest.raises(ExchangeError, match="just now; nothing was written"):
        take_in(first, tmp_path)
    assert files_in(tmp_path) == before


def test_a_disk_that_fills_up_leaves_nothing_half_written(tmp_path, monkeypatch):
    write_shelf(tmp_path, make_story("here"))
    before = files_in(tmp_path)
    arriving = compared(brought(packed(STORIES)[0]), tmp_path)
    calls = []

    def full(*_):
        calls.append(1)
        if len(calls) > 5:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("library.files.os.fsync", full)
    with pytest.raises(ExchangeError, match=r"No space left on device\); nothing was written"):
        take_in(arriving, tmp_path)
    assert files_in(tmp_path) == before


def test_nothing_is_written_through_a_link_out_of_the_folder(tmp_path):
    outside, shelf = tmp_path / "outside", tmp_path / "shelf"
    outside.mkdir()
    shelf.mkdir()
    (shelf / "banks").symlink_to(outside)
    arriving = compared(brought(zip_of({"a.md": TEXT, "abc.md": TEXT, "banks/sardines.md": TEXT})), shelf)
    with pytest.raises(ExchangeError, match="a link out of the folder"):
        take_in(arriving, shelf)
    assert (files_in(outside), [p.name for p in shelf.iterdir()]) == ({}, ["banks"])


def test_what_is_no_story_or_twice_one_stays_out_and_is_said(tmp_path):
    files = {"a/sardines.md": TEXT, "b/sardines.md": TEXT, "No Id.md": TEXT, "broken.md": b"no front", "good.md": TEXT}
    arriving = compared(brought(zip_of(files)), tmp_path)
    assert [file.id for file in arriving.fresh] == ["good"]
    assert len(arriving.left_out) == 4


def test_the_words_of_the_team_here_stay(tmp_path):
    own = '[industry]\nours = { label = "Ours", words = ["ours"] }\n'
    (tmp_path / "vocabulary.toml").write_text(own)
    theirs = own.replace("ours", "theirs").encode()
    arriving = compared(brought(zip_of({"sardines.md": TEXT, "vocabulary.toml": theirs})), tmp_path)
    take_in(arriving, tmp_path)
    assert (tmp_path / "vocabulary.toml").read_text() == own
    assert "vocabulary.toml" in arriving.left_out[0]
    same = compared(brought(zip_of({"sardines.md": TEXT, "vocabulary.toml": own.encode()})), tmp_path)
    assert same.left_out == ()


def test_words_that_would_break_the_shelf_are_refused(tmp_path):
    with pytest.raises(ExchangeError, match=r"vocabulary\.toml is not readable"):
        compared(brought(zip_of({"sardines.md": TEXT, "vocabulary.toml": b"[industry"})), tmp_path)
