import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.exchange.columns import ExchangeError, date_in, meaning_of, size_in, under_beats
from library.exchange.exporting import export_table
from library.exchange.importing import Imported, import_stories, write_stories
from library.exchange.tables import read_table, write_table
from library.people import GUEST, Person, Role
from library.reading import read_file, read_text, write_text
from library.story import Beat, ShowAs, Status, Story
from tests.helpers import TODAY, VOCABULARY, make_story


def imported(*rows: Mapping[str, str], **options: Any) -> Imported:
    table = pd.DataFrame(list(rows), dtype=object).fillna("")
    return import_stories(table, VOCABULARY, today=TODAY, **options)


def only(**cells: str) -> Story:
    (story,) = imported({name.replace("_", " "): text for name, text in cells.items()}).stories
    return story


def report(found: Imported) -> str:
    return "\n".join(str(note) for note in found.report)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_as_it_was_written(tmp_path, delimiter, encoding):
    lines = [["id", "country", "note", "why"], ["007", "NO", "NA", '"Because, said Zoë; we could not sleep."']]
    path = written(tmp_path / "herring.csv", "\r\n".join(delimiter.join(line) for line in lines), encoding)
    table = read_table(path)
    assert table.loc[2].tolist() == ["007", "NO", "NA", "Because, said Zoë; we could not sleep."]


def test_one_column_of_sentences_with_commas_is_one_column(tmp_path):
    path = written(tmp_path / "one.csv", "story\nThe ice melted, the fish did not wait.\n")
    assert read_table(path).loc[2, "story"] == "The ice melted, the fish did not wait."


def test_rows_are_numbered_as_a_person_sees_them(tmp_path):
    path = written(tmp_path / "gap.csv", 'id,pain\nr01,"two\nlines"\n,\nr03,x\n,\n')
    table = read_table(path)
    assert list(table.index) == [2, 3, 4]
    found = import_stories(table, VOCABULARY, today=TODAY)
    assert [s.id for s in found.stories] == ["r01", "r03"]
    assert "row 3: found an empty row; skipped." in report(found)


def test_an_excel_sheet_is_read_as_it_looks(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "employees", "date", "live", "share"])
    sheet.append([7, 1200.0, date(2025, 3, 1), True, None])
    sheet["A2"].number_format = "000"
    book.create_sheet("second").append(["not read"])
    book.save(tmp_path / "sheet.xlsx")
    assert read_table(tmp_path / "sheet.xlsx").loc[2].tolist() == ["007", "1200", "2025-03-01", "TRUE", ""]


def test_json_lines_and_an_array_keep_their_numbers(tmp_path):
    lines = '{"id": 1.10, "tags": ["ice", "fish"]}\n\n{"id": "NA", "size": null}\n'
    assert read_table(written(tmp_path / "a.jsonl", lines)).to_dict("list") == {
        "id": ["1.10", "NA"],
        "tags": ["ice; fish", ""],
        "size": ["", ""],
    }
    many = "9" * 5000
    assert read_table(written(tmp_path / "b.json", f'[{{"id": {many}}}]'))["id"].tolist() == [many]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", " \n", "empty file"),
        ("a.csv", "id,pain\n,\n", "no rows"),
        ("a.docx", "id", r'ending "\.docx"'),
        ("a.csv", "Pain,pain \nx,y\n", 'more than one column "pain"'),
        ("a.csv", "id,pain\nr1,it hurt, badly\n", "row 2: found 3 cells under 2"),
        ("a.jsonl", '{"id": 1}\n{"id": \n', r"a\.jsonl, line 2: found broken JSON"),
        ("a.jsonl", '{"id": 1, "id": 2}', 'more than one column "id"'),
        ("a.json", "[1]", r"item 1: found 1; write \{"),
        ("a.json", "[" * 100_000, "a.json"),
        ("a.xlsx", "not a zip", "no Excel workbook"),
    ],
)
def test_a_file_that_is_no_table_says_what_to_write_instead(tmp_path, name, text, says):
    with pytest.raises(ExchangeError, match=says):
        read_table(written(tmp_path / name, text))


def test_a_missing_file_and_one_over_20_mb_are_refused(tmp_path):
    with pytest.raises(ExchangeError, match="no way to read it"):
        read_table(tmp_path / "gone.csv")
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    with pytest.raises(ExchangeError, match="21 MB"):
        read_table(tmp_path / "big.csv")


def test_a_workbook_that_unpacks_to_a_flood_is_refused_unopened(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 1024 * 1024))
    with pytest.raises(ExchangeError, match="101 MB when unpacked"):
        read_table(tmp_path / "bomb.xlsx")


def test_a_broken_workbook_is_a_sentence(tmp_path):
    with zipfile.ZipFile(tmp_path / "half.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<half")
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_table(tmp_path / "half.xlsx")


# --- columns -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("Customer Name", "customer"), ("CLIENT", "customer"), ("Sector", "industry"), ("geography", "region"),
        ("Company-Size", "size"), ("head count", "size"), ("Contact title", "roles"), ("Persona", "roles"),
        ("Why now?", "What changed"), ("Pain points", "What it cost"), ("Goals", "What they needed"),
        ("why_chosen", "Why they decided"), ("Outcome", "The first win"), ("Approach", "solution"),
        ("Testimonial", "quote"), ("Case Study", "text"), ("Headline", "title"), ("Story ID", "id"),
        ("URL", "media_url"), ("Published", "heard_on"), ("Company description", "background"), ("told by", "told_by"),
        ("Status", ""), ("Mood of the CFO", ""),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(name, meaning):
    assert meaning_of(name) == meaning


def test_a_wish_goes_before_the_usual_name():
    found = imported({"Ouch": "We lost the herring.", "id": "r001"}, columns={"ouch": "pain"})
    assert found.stories[0].beat(Beat.PAIN) == "We lost the herring."
    assert found.columns == {"Ouch": "What it cost", "id": "id"}


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"Ouch": "painn"}, "no field; write one of title, customer"),
        ({"Oops": "pain"}, 'called "Oops"; the columns are Ouch'),
    ],
)
def test_a_wish_that_names_nothing_lists_what_there_is(wish, says):
    with pytest.raises(ExchangeError, match=says):
        imported({"Ouch": "x"}, columns=wish)


def test_a_column_nobody_knows_is_kept_and_said_once():
    found = imported({"id": "r01", "Mood (CFO)": "grim"}, {"id": "r02", "Mood (CFO)": "grimmer"})
    assert [s.extra["mood-cfo"] for s in found.stories] == ["grim", "grimmer"]
    assert found.unplaced == ("Mood (CFO)",)
    assert report(found).count("a column nobody knows") == 1


def test_a_name_is_a_customer_so_that_it_is_never_shown():
    assert only(name="Brackwater Ltd", pain="It hurt.").customer == "Brackwater Ltd"


def test_a_status_in_the_table_publishes_nothing():
    assert only(status="published", pain="x").status is Status.DRAFT
    assert imported({"status": "published"}, columns={"status": "status"}).stories[0].status is Status.PUBLISHED


# --- texts ---------------------------------------------------------------------------------------------------------


def test_each_text_goes_under_its_beat():
    story = only(
        company_description="A cannery.", trigger="The harbour closed.", challenge="The fish spoiled.",
        goals="Ice by May.", why_chosen="They came at night.", results="Ice on 3 May.", solution="Two ice makers.",
    )  # fmt: skip
    assert list(story.beats.values()) == [
        "A cannery.", "The harbour closed.", "The fish spoiled.", "Ice by May.", "They came at night.", "Ice on 3 May.",
    ]  # fmt: skip
    assert [(s.heading, s.text) for s in story.sections if s.beat is None] == [("Solution", "Two ice makers.")]


def test_a_quote_stands_once_in_the_decision():
    assert only(decision="They chose.", quote="“I could sleep.”").beat(Beat.DECISION) == 'They chose. "I could sleep."'
    assert only(quote="I could sleep").quote == "I could sleep"
    decision = 'She said "I could sleep." and signed.'
    assert only(decision=decision, quote="I could sleep!").beat(Beat.DECISION) == decision


def test_a_text_inside_another_word_is_not_the_same_text():
    assert only(decision="They start.", quote="Art").beat(Beat.DECISION) == 'They start. "Art"'
    assert only(challenge="They start.", results="Ice.", text="Art").notes == "Art"


def test_who_said_the_quote_is_kept_where_it_is_masked():
    story = only(quote='"I could sleep." - Ines Falk, CFO')
    assert (story.heard_from, story.quote) == ("Ines Falk, CFO", "I could sleep.")


TELLING = (
    "Ines runs a cannery in Porto. In March a new law closed the harbour. The fish spoiled: it cost 9,000 euros a day. "
    "They needed ice by May. They chose us because we came at night. Results: ice on 3 May."
)


def test_a_running_text_is_told_beat_by_beat_and_the_guess_is_said():
    found = imported({"story": TELLING})
    (story,) = found.stories
    assert list(story.beats) == [Beat.WHO, Beat.CHANGE, Beat.PAIN, Beat.NEED, Beat.DECISION, Beat.WIN]
    assert story.telling.split() == TELLING.split()
    assert found.guessed == (2,)


def test_a_text_with_headings_is_split_by_them():
    found = imported(
        {"text": "## What changed\nThe law.\n\n## Challenge\nSpoiled fish.\n## Ice\nMelts.\n## Results\nIce."}
    )
    (story,) = found.stories
    assert story.beats == {Beat.CHANGE: "The law.", Beat.PAIN: "Spoiled fish.\n### Ice\nMelts.", Beat.WIN: "Ice."}
    assert found.guessed == ()
    assert "made ### headings" in report(found)


def test_a_text_beside_beats_stands_outside_them_unless_it_says_the_same():
    story = only(challenge="The fish spoiled.", results="Ice.", case_study="The fish spoiled. The mayor wept.")
    assert story.notes == "The fish spoiled. The mayor wept."
    assert story.sections[-1].heading == "Case study"
    assert only(challenge="The fish spoiled.", results="Ice!", case_study="The fish spoiled. Ice!").notes == ""


def test_a_text_beside_a_single_beat_is_placed_to_be_found():
    story = only(results="Ice.", summary="A cannery in Porto. They lost the fish.")
    assert story.beat(Beat.PAIN) == "They lost the fish."


@given(st.text(alphabet="aB .\n#\"'!?é", max_size=80))
def test_placing_a_text_drops_no_word(text):
    assert sorted(" ".join(under_beats(text).values()).split()) == sorted(text.split())


def test_control_characters_are_taken_out_and_said():
    found = imported({"pain": "The fish\x00 spoiled.\x0bTwice."})
    assert found.stories[0].beat(Beat.PAIN) == "The fish spoiled.\nTwice."
    assert "found 1 control characters; taken out" in report(found)


# --- facts ---------------------------------------------------------------------------------------------------------


def test_facts_are_brought_into_the_vocabulary():
    story = only(industry="Financial services", region="Germany", persona="CFO; Head of HR", size="~300")
    assert (story.industry, story.region, story.country) == ("financial-services", "europe", "DE")
    assert (story.roles, story.size) == (("cfo", "chro"), "200-999")


def test_what_the_vocabulary_leaves_out_is_kept():
    found = imported({"industry": "Quantum toys", "region": "Alpine arc"}, {"industry": "Hospitals on boats"})
    first, second = found.stories
    assert (first.industry, first.region) == ("Quantum toys", "Alpine arc")
    assert (second.industry, second.extra["industry-given"]) == ("hospitals", "Hospitals on boats")
    assert 'row 2, industry: found "Quantum toys"; no known industry, kept as written.' in report(found)


@pytest.mark.parametrize(
    ("said", "band"),
    [
        ("1,200 employees", "1000-4999"), ("200-500", "200-999"), ("51-200", "50-199"),
        ("150-900", "200-999"), ("5000+", "5000+"),
        ("~300", "200-999"), ("10k", "5000+"), ("1.200", "1000-4999"), ("under 50", "1-49"), ("SMB", "50-199"),
        ("Mid-market", "200-999"), ("Enterprise", "1000-4999"), ("Enterprise (5,001-10,000)", "5000+"),
        ("501 to 1,000 people", "200-999"), ("12 hospitals, 900 staff", "200-999"), ("0", None), ("12 hospitals", None),
        ("$5m", None), ("big", None), ("9" * 5000, "5000+"),
    ],
)  # fmt: skip
def test_a_size_is_read_from_what_people_write(said, band):
    assert size_in(said) == band


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2025-03-01", date(2025, 3, 1)), ("2025/3/1", date(2025, 3, 1)), ("2025-03-01 00:00:00", date(2025, 3, 1)),
        ("03/2025", date(2025, 3, 1)), ("2025", date(2025, 1, 1)), ("March 2025", date(2025, 3, 1)),
        ("Sept. 2025", date(2025, 9, 1)), ("1st March 2025", date(2025, 3, 1)), ("Mar 7, 2025", date(2025, 3, 7)),
        ("31/03/2025", date(2025, 3, 31)), ("03/31/2025", date(2025, 3, 31)), ("03/03/2025", date(2025, 3, 3)),
        ("7.3.2025", date(2025, 3, 7)), ("03/04/2025", None), ("31/02/2025", None), ("0000", None), ("soon", None),
    ],
)  # fmt: skip
def test_a_date_is_read_when_it_can_mean_one_day_only(said, day):
    assert date_in(said) == day


def test_a_size_and_a_date_that_cannot_be_read_are_kept():
    found = imported({"date": "03/04/2025", "size": "big"}, {"date": "2027-01-01"})
    assert found.stories[0].extra == {"heard_on": "03/04/2025", "size": "big"}
    assert found.stories[1].extra == {"heard_on-given": "2027-01-01"}
    assert "row 2, date" in report(found) and "row 3, date" in report(found)


# --- names ---------------------------------------------------------------------------------------------------------


def test_an_alias_reads_well():
    assert only(industry="Food", sector="x", pain="x").alias == "a customer in Food"
    story = only(industry="food manufacturer", size="300", country="Spain")
    assert story.alias == "a food manufacturer with 200 to 999 people in Spain"
    assert only(pain="It hurt.").alias == "a customer"


def test_neither_title_nor_alias_nor_id_holds_the_customers_name():
    story = only(
        customer="Brackwater Quantum", industry="Quantum toys", size="300", alias="Brackwater, a hotel",
        challenge="Brackwater lost its cook in May. Nobody ate.", id="brackwater-1",
    )  # fmt: skip
    assert story.alias == "a customer"
    assert story.title == "The customer lost its cook in May"
    assert story.id == "the-customer-lost-its-cook-in-may"
    assert (story.extra["alias-given"], story.extra["id-given"]) == ("Brackwater, a hotel", "brackwater-1")


def test_a_made_title_has_at_most_80_characters():
    assert len(only(challenge="fish " * 50).title) <= 80


def test_ids_are_kept_in_form_and_made_single():
    found = imported({"id": "R001"}, {"id": "r-001"}, {"id": "R001"}, {"title": "The ice"}, known_ids={"r001"})
    assert [s.id for s in found.stories] == ["r001-2", "r-001", "r001-3", "the-ice"]
    assert "found the id r001 a second time; the story's id is r001-2." in report(found)


def test_an_id_that_loses_a_sign_is_kept_as_it_was():
    story = only(id="R12€3")
    assert (story.id, story.extra["id-given"]) == ("r123", "R12€3")


def test_nobody_is_named_before_somebody_asked():
    found = imported({"customer": "Brackwater"}, {"customer": "Tidewell"})
    assert {s.show_as for s in found.stories} == {ShowAs.ANONYMISED}
    assert report(found).count("anonymised") == 1
    assert only(show_as="Named", customer="Brackwater").show_as is ShowAs.NAMED
    assert only(show_as="perhaps").show_as is ShowAs.INTERNAL


def test_a_row_too_long_for_the_facts_keeps_its_texts_under_headings():
    found = imported({"pain": "x", "mood": "grim " * 5000})
    assert found.stories[0].notes.split() == ["grim"] * 5000
    assert "row 2, mood: found a long text; kept under a heading" in report(found)
    with pytest.raises(ExchangeError, match=r"row 2: found \d+ letters in customer"):
        only(customer="Brackwater " * 2000)
    with pytest.raises(ExchangeError, match="row 2"):
        only(pain="grim " * 60_000)


# --- every table ---------------------------------------------------------------------------------------------------

NAMES = (
    "id customer industry region country size role challenge trigger solution quote text status date name mood".split()
)
WORDS = st.sampled_from(
    ["Spain", "banks", "lost", "## Results", "=1+1", "2025-03-01", '"We', 'slept"', "\n", "\n\n", "\\1", "\x00", "é",
     "---", "'", ": ", "# ", "NO", "a.", "B.", "\ud800", "\u2028", "Kest,", "CFO;", "| ", "##", "99", "null", "- ",
     "  ## Odd"]
)  # fmt: skip
CELLS = st.one_of(st.lists(WORDS, max_size=8).map(" ".join), st.text(max_size=30))


def told(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def held(story: Story) -> str:
    values = [getattr(story, field.name) for field in fields(story) if field.name not in {"extra", "sections"}]
    texts = [" ".join(value) if isinstance(value, tuple) else str(value) for value in (*values, *story.extra.values())]
    return "\n".join([*texts, *(section.text for section in story.sections)])


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True).flatmap(
        lambda names: st.lists(st.fixed_dictionaries(dict.fromkeys(names, CELLS)), min_size=1, max_size=4)
    )
)
def test_every_table_comes_in_whole_and_reads_back_the_same(rows):
    found = imported(*rows)
    stories = iter(found.stories)
    assert len({story.id for story in found.stories}) == len(found.stories)
    clean = [
        {
            name: re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]", "", text)
            for name, text in row.items()
        }
        for row in rows
    ]
    for row in clean:
        if not any(text.strip() for text in row.values()):
            continue
        story = next(stories, None)
        if story is None:
            continue
        text = write_text(story)
        assert read_text(text, story.id, VOCABULARY).story == story
    whole = told("\n".join(held(story) for story in found.stories))
    labels = {term.id.casefold(): told(" ".join((term.label, *term.words))) for term in VOCABULARY.terms}
    known = whole | set().union(*(labels[word] for word in whole if word in labels), {"results", "1", "00", "01"})
    lost = {word for row in clean for text in row.values() for word in told(text)} - known
    assert not lost


# --- saving --------------------------------------------------------------------------------------------------------


def test_saving_twice_writes_once_and_never_over_another_story(tmp_path):
    rows = [{"id": "R1", "pain": "The fish spoiled."}, {"id": "R2", "pain": "The ice melted."}]
    assert [path.name for path in write_stories(imported(*rows), tmp_path)] == ["story-r1.md", "story-r2.md"]
    assert write_stories(imported(*rows), tmp_path) == []
    assert write_stories(imported(*rows, known_ids=["story-r1", "story-r2"]), tmp_path) == []
    changed = {"id": "R1", "pain": "The fish revived."}
    with pytest.raises(ExchangeError, match=r"story-r1\.md is in"):
        write_stories(imported(changed), tmp_path)
    (path,) = write_stories(imported(changed, known_ids=["story-r1"]), tmp_path)
    assert path.name == "story-r1-2.md"
    assert "spoiled" in (tmp_path / "story-r1.md").read_text()


def test_the_words_an_import_keeps_are_no_problem_to_the_reader(tmp_path):
    row = {"id": "R12€3", "size": "~300", "status": "Closed won", "industry": "Hospitals on boats"}
    found = imported({**row, "persona": "CFO at sea; Plant manager ashore", "mood": "grim"})
    kept = {"id-given", "size-given", "status-given", "industry-given", "roles-given", "roles-given-2", "mood"}
    assert found.stories[0].extra.keys() == kept
    (path,) = write_stories(found, tmp_path)
    unknown = [p.where for p in read_file(path, VOCABULARY).problems if p.found == "a key nobody knows"]
    assert unknown == ['field "mood"']


# --- export --------------------------------------------------------------------------------------------------------


def test_an_export_says_no_name_that_may_not_be_said():
    story = make_story(show_as=ShowAs.ANONYMISED)
    table = export_table([story])
    assert story.customer not in table.to_csv()
    assert table.loc[0, "customer"] == story.alias
    verbal = make_story(show_as=ShowAs.VERBAL)
    assert export_table([verbal]).loc[0, "customer"] == verbal.alias
    assert export_table([story], Person("Nora", Role.LEAD)).loc[0, "customer"] == story.customer
    assert export_table([make_story(show_as=ShowAs.NAMED)], GUEST).loc[0, "customer"] == story.customer


def test_an_id_that_gives_the_name_away_is_not_exported():
    story = make_story(show_as=ShowAs.ANONYMISED, id="sardinella-norte-ice")
    assert export_table([story]).loc[0, "id"] == "customer-ice"


def test_only_published_stories_leave_and_internal_ones_never():
    draft, internal = make_story(status=Status.DRAFT), make_story(show_as=ShowAs.INTERNAL)
    assert len(export_table([draft, internal])) == 0
    assert len(export_table([draft, internal], include_unpublished=True)) == 1
    assert len(export_table([internal], Person("Nora", Role.LEAD), include_unpublished=True)) == 0


def test_a_row_tells_the_whole_story():
    story = make_story()
    row = export_table([story]).loc[0]
    assert [row[beat.heading] for beat in Beat] == [story.beat(beat) for beat in Beat]
    assert (row["id"], row["quote"], row["minutes"]) == (story.id, story.quote, round(story.minutes, 1))


DANGEROUS = ["=1+1", " +1", "-5", "@sum", "\tx", "\rx", "  =HYPERLINK()"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_of_a_spreadsheet_runs(tmp_path, ending):
    table = pd.DataFrame({"=name": [*DANGEROUS, "plain - text"], "minutes": [-1.5] * 8})
    path = write_table(table, tmp_path / f"out.{ending}")
    shown = read_table(path)
    assert shown.columns[0] == "'=name"
    assert all(cell.startswith("'") for cell in shown["'=name"][:-1])
    assert shown["'=name"].iloc[-1] == "plain - text"
    assert shown["minutes"].iloc[0] == "-1.5"


def test_json_lines_are_left_as_they_are_and_csv_opens_in_excel(tmp_path):
    path = write_table(pd.DataFrame({"x": ["=é"]}), tmp_path / "out.jsonl")
    assert json.loads(path.read_text(encoding="utf-8")) == {"x": "=é"}
    assert write_table(pd.DataFrame({"x": ["é"]}), tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_cannot_be_written_says_so(tmp_path):
    with pytest.raises(ExchangeError, match=r"write \.csv, \.xlsx or \.jsonl"):
        write_table(pd.DataFrame({"x": ["y"]}), tmp_path / "out.pdf")
    with pytest.raises(ExchangeError, match="Excel takes 32,767"):
        write_table(pd.DataFrame({"x": ["y" * 40_000]}), tmp_path / "out.xlsx")
    with pytest.raises(ExchangeError, match="no way to write"):
        write_table(pd.DataFrame({"x": ["y"]}), tmp_path / "nowhere" / "out.csv")


def test_what_went_out_comes_in_again(tmp_path, shipped):
    path = write_table(export_table(shipped), tmp_path / "all.csv")
    found = import_stories(read_table(path), VOCABULARY, today=TODAY)
    assert len(found) == len(export_table(shipped))
    for story in found.stories:
        assert story.words == pytest.approx(shipped.stories[story.id].words, rel=0.2)
        assert not story.missing_beats
