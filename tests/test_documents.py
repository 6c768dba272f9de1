"""Documents people bring: the text of each kind, and a sentence for what cannot be read."""

import io
import zipfile

import docx
import pypdf
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st

from library.documents import ENDINGS, MAX_BYTES, DocumentError, read_document

VTT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Ines>What made you decide that way?

2
00:00:04.500 --> 00:00:07.000
<v Lurdes>I would rather know

3
00:00:07.000 --> 00:00:09.000
<v Lurdes>the bad number at <i>noon</i>.
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
Ines: What made you decide that way?

2
00:00:04,500 --> 00:00:07,000
Lurdes: I would rather know

3
00:00:07,000 --> 00:00:09,000
the bad number at noon.
"""
TALK = "Ines: What made you decide that way?\nLurdes: I would rather know the bad number at noon."


def word_file(*paragraphs, heading=""):
    document = docx.Document()
    if heading:
        document.add_heading(heading, level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Boats", "40"
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def pdf_file(text, password=""):
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=12)
    paper.multi_cell(90, 8, text)
    if password:
        paper.set_encryption(owner_password=password, user_password=password)
    return bytes(paper.output())


def refused(name, content):
    with pytest.raises(DocumentError) as raised:
        read_document(name, content)
    return str(raised.value)


def test_plain_text_is_taken_as_it_is():
    assert read_document("notes.txt", "The quay closed.\r\nForty boats.\n".encode("utf-8-sig")) == (
        "The quay closed.\nForty boats."
    )
    assert read_document("notes.txt", "Grüße vom Kai".encode("utf-16")) == "Grüße vom Kai"


def test_a_word_file_gives_its_paragraphs_headings_and_tables():
    text = read_document("notes.docx", word_file("The quay closed.", "She said “no”.", heading="What changed"))
    assert text == "## What changed\nThe quay closed.\nShe said “no”.\nBoats 40"


def test_the_lines_of_a_pdf_become_sentences_again():
    sentence = (
        "In April 2025 the ministry closed the sardine grounds for fifty days, and every boat stayed where it was."
    )
    assert sentence in read_document("notes.pdf", pdf_file(f"{sentence} Nobody said for how long."))


@pytest.mark.parametrize(("name", "content"), [("talk.vtt", VTT), ("talk.srt", SRT)])
def test_a_transcript_gives_who_said_what_without_times(name, content):
    assert read_document(name, content.encode()) == TALK


def test_what_may_be_brought_is_named_where_another_kind_comes():
    assert refused("slides.pptx", b"x") == "slides.pptx: found .pptx; bring .txt, .md, .docx, .pdf, .vtt, .srt."
    assert set(ENDINGS) == {"txt", "md", "docx", "pdf", "vtt", "srt"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"caf\xe9 au lait", "not UTF-8"),
        ("a.txt", b"\x00\x01\x02", "not UTF-8"),
        ("a.txt", b" \n ", "no words"),
        ("a.txt", b"a" * (MAX_BYTES + 1), "at most"),
        ("a.txt", b"word " * 100_000, "the part that tells why"),
        ("a.docx", b"not a zip", "no Word file"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged"),
        ("a.pdf", pdf_file("Secret.", "open"), "password"),
        ("a.vtt", b"no transcript at all", "no VTT transcript"),
        ("../../etc/a.docx", b"", "a.docx: found no Word file"),
    ],
)
def test_what_cannot_be_read_says_why(name, content, says):
    assert says in refused(name, content)


def test_a_scanned_page_says_that_it_is_a_picture():
    paper = pypdf.PdfWriter()
    paper.add_blank_page(200, 200)
    content = io.BytesIO()
    paper.write(content)
    assert "a scanned page is a picture" in refused("scan.pdf", content.getvalue())


def test_an_archive_that_unpacks_to_gigabytes_is_not_unpacked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * (60 * 1024 * 1024))
    assert "too large to unpack" in refused("a.docx", content.getvalue())


@given(st.binary(max_size=600), st.sampled_from([f"a.{ending}" for ending in ENDINGS]))
def test_whatever_the_bytes_there_is_a_text_or_a_sentence(content, name):
    try:
        text = read_document(name, content)
    except DocumentError as error:
        assert str(error).startswith(f"{name}: found")
    else:
        assert text.strip()
