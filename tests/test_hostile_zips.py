"""A zip nobody should trust: refused in a sentence, and nothing of it unpacked that is no story."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as some

from library.exchange import bundle as zips
from library.exchange.columns import ExchangeError
from tests.test_bundle import TEXT, brought, zip_of


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def locked() -> bytes:
    """A zip that says of its file that it is encrypted, in both places where a zip says so."""
    content = bytearray(zip_of({"sardines.md": TEXT}))
    for start, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        struct.pack_into("<H", content, content.find(start) + flags, 1)
    return bytes(content)


def damaged() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("sardines.md", TEXT)
    return file.getvalue().replace(b"Lurdes", b"Lvrdes", 1)


def lying() -> bytes:
    """A zip whose file is larger than it says."""
    content = bytearray(zip_of({"sardines.md": TEXT * 400}))
    struct.pack_into("<I", content, content.find(b"PK\1\2") + 24, 100)
    return bytes(content)


def unusual() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("sardines.md", TEXT)
    return file.getvalue()


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zip_of([("sardines.md", TEXT), ("sardines.md", TEXT + b"\nAnd more.\n")])


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: zip_of({"../sardines.md": TEXT}), "leads out of the folder"),
        (lambda: zip_of({"a/../../sardines.md": TEXT}), "leads out of the folder"),
        (lambda: zip_of({"..\\sardines.md": TEXT}), "leads out of the folder"),
        (lambda: zip_of({"/etc/sardines.md": TEXT}), "from the root of a disk"),
        (lambda: zip_of({"C:/sardines.md": TEXT}), "from the root of a disk"),
        (lambda: zip_of({"a\\sardines.md": TEXT}), "take backslashes"),
        (lambda: zip_of({"a//sardines.md": TEXT}), "odd characters"),
        (lambda: zip_of({"./sardines.md": TEXT}), "odd characters"),
        (lambda: zip_of({"sar\ndines.md": TEXT}), "odd characters"),
        (lambda: zip_of({f"{'a/' * 200}sardines.md": TEXT}), "at most 300"),
        (lambda: zip_of([(link("sardines.md"), b"/etc/passwd")]), "found a link"),
        (lambda: zip_of({"more.zip": zip_of({"sardines.md": TEXT}), "sardines.md": TEXT}), "a zip in the zip"),
        (twice, "found sardines.md twice"),
        (locked, "locked with a password"),
        (damaged, "sardines.md damaged"),
        (lying, "sardines.md"),
        (unusual, "unusual way"),
        (lambda: zip_of({"sardines.md": b"x" * (256 * 1024 + 1)}), "a story has at most 256 KiB"),
        (lambda: zip_of({"sardines.md": b"\0" * 50_000_000}), "a story has at most 256 KiB"),
        (lambda: zip_of({"sardines.md": "müde".encode("latin-1")}), "line 1: found text that is not UTF-8"),
        (lambda: zip_of({"sardines.md": b"a\x00b"}), "control character"),
        (lambda: zip_of({"table.csv": b"a,b"}), "found no stories"),
        (lambda: zip_of({}), "found no stories"),
        (lambda: b"", "something that is no zip"),
        (lambda: TEXT, "something that is no zip"),
        (lambda: zip_of({"sardines.md": TEXT})[:-30], "zip"),
    ],
)
def test_a_zip_that_could_do_harm_is_refused_in_a_sentence(made, says):
    with pytest.raises(ExchangeError, match=says) as refused:
        brought(made())
    said = str(refused.value)
    assert said.startswith("shelf.zip")
    assert said.endswith((".", ".)"))
    assert len(said.splitlines()) == 1


def test_a_flood_of_files_is_refused_before_one_is_unpacked(monkeypatch):
    monkeypatch.setattr(zips, "MAX_FILES", 3)
    monkeypatch.setattr(zips, "_content", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(ExchangeError, match="at most 3"):
        brought(zip_of({f"story-{n}.md": TEXT for n in range(5)}))
    with pytest.raises(ExchangeError, match="at most 3"):
        brought(zip_of({f"picture-{n}.png": b"" for n in range(9)}))
    monkeypatch.setattr(zips, "MAX_FILES", 100)
    monkeypatch.setattr(zips, "MAX_UNPACKED_BYTES", 3 * len(TEXT))
    with pytest.raises(ExchangeError, match="when unpacked"):
        brought(zip_of({f"story-{n}.md": TEXT for n in range(5)}))


def test_a_file_that_is_no_story_is_never_unpacked(monkeypatch):
    monkeypatch.setattr(zips, "MAX_UNPACKED_BYTES", 2 * len(TEXT))
    opened, real = [], zipfile.ZipFile.open
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda z, entry, *a: opened.append(entry.filename) or real(z, entry))
    content = b"PK" + b"\0" * 10_000_000
    file = io.BytesIO()
    with monkeypatch.context() as plain, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        plain.setattr(zipfile.ZipFile, "open", real)
        archive.writestr("notes.txt", content)
        archive.writestr("sardines.md", TEXT)
    assert brought(file.getvalue()).others == ("notes.txt",)
    assert opened == ["sardines.md"]


def test_what_a_system_leaves_in_a_zip_is_passed_over_and_other_files_are_named():
    found = brought(zip_of({"__MACOSX/._sardines.md": b"\0", ".DS_Store": b"\0", "a.png": b"", "sardines.md": TEXT}))
    assert ([file.path for file in found.files], found.others) == (["sardines.md"], ("a.png",))


@given(some.binary(max_size=400), some.integers(0, 600), some.integers(0, 40))
def test_bytes_changed_at_random_are_a_zip_or_a_sentence(junk, at, length):
    whole = zip_of({"sardines.md": TEXT, "b/tins.md": TEXT})
    for content in (junk, whole[:at] + junk + whole[at + length :]):
        try:
            found = brought(content)
        except ExchangeError as error:
            assert str(error).startswith("shelf.zip")
        else:
            assert all(file.text for file in found.files)
