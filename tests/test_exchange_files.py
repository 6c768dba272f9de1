"""Files that come in by the page: those that cannot be say why, and a zip stays beside what is here."""

import io
import shutil

import pytest

from library.exchange.bundle import write_bundle
from library.people import Person, Role
from library.reading import write_text
from tests.helpers import STORIES, TODAY, make_story, write_shelf
from tests.test_app import LEAD, plain
from tests.test_exchange_page import library, opened, press, texts, upload

__all__ = ["library"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("slides.pdf", b"%PDF-1.7", 'found the ending ".pdf"'),
        ("old.xls", b"\xd0\xcf\x11\xe0", 'found the ending ".xls"'),
        ("empty.csv", b"", "found an empty file"),
        ("header.csv", b"Account,Hurt\n", "found no rows"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "without a password"),
        ("damaged.xlsx", b"PK\3\4rubbish", "found no Excel workbook"),
        ("damaged.zip", b"PK\3\4rubbish", "no zip"),
        ("broken.jsonl", b'{"customer": ', "found broken JSON"),
        ("*_`bold`_*.pdf", b"x", "found the ending"),
    ],
)
def test_a_file_that_cannot_come_in_is_a_sentence(library, name, content, says):
    app = upload(opened(), name, content)
    (error,) = app.error
    assert says in plain(error.value)
    assert app.get("file_uploader"), "another one can be chosen"


# --- a zip in --------------------------------------------------------------------------------------------------------


def test_a_zip_brings_what_is_new_and_shows_what_is_here_with_other_words(library):
    source = write_shelf(library.settings.data.parent / "other", make_story("nova-nets"))
    here = (library.settings.stories / "grid-crews-retire.md").read_bytes()
    (source / "grid-crews-retire.md").write_bytes(here + b"\n## Notes\n\nSeen twice.\n")
    shutil.copy(STORIES / "roads-pay-in-twenty-days.md", source)
    file = io.BytesIO()
    write_bundle(source, Person(LEAD, Role.LEAD), file, today=TODAY)
    app = upload(opened(), "shelf.zip", file.getvalue())
    said = texts(app)
    assert "1 story is here already" in said
    assert "grid-crews-retire is here with other words" in said
    assert any("+Seen twice." in code.value for code in app.code)
    press(app, "Bring in 1 story")
    library.sync()
    assert library.shelf.stories["nova-nets"] == make_story("nova-nets")
    assert (library.settings.stories / "grid-crews-retire.md").read_bytes() == here
    assert "stayed as it is here" in texts(app)
    assert (library.settings.stories / "nova-nets.md").read_text() == write_text(make_story("nova-nets"))
