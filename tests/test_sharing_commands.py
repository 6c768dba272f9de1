"""The commands that share: brief and feed."""

import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from library.sharing.feed import ATOM
from tests.test_commands import here, run

__all__ = ["here"]

FOR = "The ministry closed the grounds, tins cost a fortune"


def test_brief_prints_the_cue_cards_with_the_words_of_the_rep(here):
    done = run("brief", "told", "hidden", "--for", FOR, "--prospect", "Conserveira X")
    assert done.exit_code == 0
    assert done.output.startswith("# Call brief: Conserveira X\n")
    assert "**Their change:** “The ministry closed the grounds”" in done.output
    assert "**Their pain:** “tins cost a fortune”" in done.output
    assert done.output.count("**What it cost:**") == 2
    assert "Conservas" not in done.output


@pytest.mark.parametrize("ending", [".md", ".txt", ".pdf", ".docx"])
def test_brief_writes_each_kind_of_paper(here, ending):
    file = here / f"brief{ending}"
    assert run("brief", "told", "--for", FOR, "--out", file).output == f"The call brief is in {file}.\n"
    content = file.read_bytes()
    if ending == ".pdf":
        text = PdfReader(BytesIO(content)).pages[0].extract_text()
    elif ending == ".docx":
        text = "\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)
    else:
        text = content.decode()
    assert "The harbour closed for fifty days" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "There is no story nowhere in"),
        (("for-us",), "is for us only"),
        (("draft",), "is not published"),
        (("over",), "was over on 21 November 2026"),
        (("left",), "has left us"),
        (("told", "bakery", "hidden", "left"), "Found 4 stories; choose one to three"),
        (("told", "--out", "brief.odt"), 'found the ending ".odt"; write one of .md, .txt, .pdf, .docx.'),
        (("told", "--out", "/nowhere/brief.md"), "/nowhere/brief.md: no such file or directory."),
    ],
)
def test_brief_says_no_in_a_sentence(here, words, said):
    done = run("brief", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_feed_writes_the_tellable_stories_and_leaves_the_file_where_nothing_changed(here):
    file = here / "feed.xml"
    assert run("feed", file, "--address", "https://x.example").output == f"3 stories in {file}.\n"
    titles = [e.findtext(f"{{{ATOM}}}title") for e in ET.parse(file).getroot().findall(f"{{{ATOM}}}entry")]
    assert sorted(titles) == ["A hidden cannery", "The bakery lost its foreman", "The harbour closed for fifty days"]
    assert run("feed", file, "--address", "https://x.example").output == f"3 stories in {file}, as before.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--address", "x.example"), "write where the app is"), ((), "found no way to write the feed")],
)
def test_feed_says_no_in_a_sentence(here, words, said):
    done = run("feed", here / ("feed.xml" if words else "no/feed.xml"), *words)
    assert done.exit_code == 2
    assert said in done.output
