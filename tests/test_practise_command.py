"""python -m library practise: a telling held against a story, as text and as JSON, and how it says no."""

import json
import os
import subprocess
import sys

import pytest

from library import library as running_library
from library.masking import without_names
from library.story import Beat
from tests.helpers import STORIES, make_story, write_shelf
from tests.test_commands import HARBOURS, ROOT, file, here, refused, run

__all__ = ["here"]

NURSES = "hospital-agency-nurses"
BINARY = b"\x00\x80\xff\xfe " * 30
KINDS = {
    **{"story": str, "minutes": float, "beats": dict, "flags": list, "opens_with": str, "ends_in_question": bool},
    **{"in_order": bool, "right": list, "changed": list, "slips": list, "next_time": str, "by_meaning": bool},
}
HIDDEN = next(story for story in HARBOURS if story.id == "hidden")
ALIASED = without_names(HIDDEN).telling


@pytest.fixture
def by_words(here, monkeypatch):
    """Judged by the words alone, against the stories that ship."""
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: None)
    monkeypatch.setenv("LIBRARY_STORIES", str(STORIES))
    return here


def practise(folder, story, said, *more):
    result = run("practise", story, "--text", file(folder, "told.txt", said), *more)
    assert result.exit_code == 0, result.output
    return result.stdout


def heard(folder, story, said):
    return json.loads(practise(folder, story, said, "--json"))


def without(story, beat):
    return "\n\n".join(words for other, words in story.beats.items() if other is not beat)


# --- What it says -----------------------------------------------------------------------------------------------------


def test_a_story_read_back_word_by_word_is_told_whole(by_words, shipped):
    told = heard(by_words, NURSES, shipped.stories[NURSES].telling)
    assert told["story"] == NURSES
    assert told["beats"] == {beat.value: "told" for beat in Beat}
    assert (told["flags"], told["changed"], told["slips"]) == ([], [], [])
    assert (told["opens_with"], told["ends_in_question"], told["in_order"]) == ("customer", True, True)
    assert {"61 million", "nineteen", "seven"} <= set(told["right"])
    assert told["minutes"] == pytest.approx(shipped.stories[NURSES].minutes, abs=0.1)
    assert told["next_time"] == "Whole, and in two minutes. Now tell it to somebody."
    assert told["by_meaning"] is False


def test_without_json_it_is_a_line_a_part_the_length_and_the_next_thing_to_do(by_words, shipped):
    assert practise(by_words, NURSES, shipped.stories[NURSES].telling).splitlines() == [
        *[f"{beat.heading}: told" for beat in Beat],
        "7 of 7 parts told, 2.2 minutes.",
        "Whole, and in two minutes. Now tell it to somebody.",
    ]


def test_as_json_it_keeps_its_form(here):
    told = heard(here, "told", HARBOURS[0].telling)
    assert {key: type(value) for key, value in told.items()} == KINDS
    assert list(told) == list(KINDS)
    assert list(told["beats"]) == [beat.value for beat in Beat]
    assert set(told["beats"].values()) <= {"told", "partly", "missing"}
    assert {type(number) for number in told["right"]} == {str}
    assert told["by_meaning"] is True


@pytest.mark.parametrize("beat", list(Beat))
def test_a_part_cut_out_is_named_missing_and_the_others_are_not(by_words, shipped, beat):
    said = without(shipped.stories["bakery-energy-bill"], beat)
    told = heard(by_words, "bakery-energy-bill", said)
    assert [part for part, verdict in told["beats"].items() if verdict == "missing"] == [beat.value]
    assert f"“{beat.heading}” was left out." in told["next_time"]
    shown = practise(by_words, "bakery-energy-bill", said).splitlines()
    assert f"{beat.heading}: missing" in shown
    assert shown[7].startswith("6 of 7 parts told, ")


def test_a_changed_number_is_named_with_what_it_was(by_words, shipped):
    said = shipped.stories[NURSES].telling.replace("nineteen", "ninety")
    told = heard(by_words, NURSES, said)
    assert told["changed"] == [{"said": "ninety", "was": "nineteen", "beat": "win"}]
    assert told["flags"] == ["changed"]
    assert "nineteen" not in told["right"]
    in_words = practise(by_words, NURSES, said.rpartition("\n\n")[0]).splitlines()
    assert "You said ninety; in the story it is nineteen." in in_words
    assert in_words[-1].startswith("“Ask” was left out."), "what is graver comes last, and the number is named still"


def test_what_may_not_be_said_aloud_is_a_slip_and_stands_nowhere_else(here):
    told = heard(here, "hidden", f"Conservas Vilamoura, it was. {ALIASED}")
    assert told.pop("slips") == ["Conservas Vilamoura"]
    assert told.pop("next_time") == "Conservas Vilamoura may not be said aloud. Say the alias."
    assert told["flags"][0] == "slip"
    assert not [name for name in ("Conservas", "Vilamoura") if name in json.dumps(told)]


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_restricted_name_is_not_given_away_to_who_said_another(here, more):
    who = "The money and the tins are counted by {} at a Portuguese cannery, 310 people."
    beats = {"who": who.format("Lurdes")}
    write_shelf(here / "stories", make_story("quay", beats, show_as=HIDDEN.show_as, customer=HIDDEN.customer))
    for said in (ALIASED, f"{who.format('Lutgard')} Conservas it was. {ALIASED}"):
        shown = practise(here, "quay", said, *more)
        assert not [name for name in ("Vilamoura", "Lurdes", "Amaro") if name in shown]


def test_a_slip_is_said_in_words_too(here):
    shown = practise(here, "hidden", f"{ALIASED} Conservas Vilamoura.").splitlines()
    assert "Conservas Vilamoura may not be said aloud." in shown
    assert not [line for line in shown if "Vilamoura" in line and "may not be said aloud" not in line]


def test_a_dash_reads_the_standard_input(by_words, shipped):
    said = shipped.stories[NURSES].telling
    result = run("practise", NURSES, "--text", "-", "--json", given=said)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == heard(by_words, NURSES, said)


def test_a_telling_held_against_a_story_is_not_recorded(here):
    practise(here, "told", HARBOURS[0].telling)
    assert not (here / "data" / "records.db").exists()


@pytest.mark.model
def test_by_meaning_a_story_read_back_is_whole_and_a_part_cut_out_is_missed(real_library, tmp_path, monkeypatch):
    monkeypatch.setenv("LIBRARY_STORIES", str(STORIES))
    monkeypatch.setenv("LIBRARY_DATA", str(real_library.settings.data))
    nurses = real_library.state.shelf.stories[NURSES]
    told = heard(tmp_path, NURSES, nurses.telling)
    assert told["by_meaning"] is True
    assert set(told["beats"].values()) == {"told"}
    assert heard(tmp_path, NURSES, without(nurses, Beat.PAIN))["beats"]["pain"] != "told"


# --- How it says no ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", ["no-such-story", "../stories/told", "told.md", ""])
def test_a_story_that_is_not_there_is_named_with_where_it_was_sought(here, story):
    sentence = refused("practise", story, "--text", file(here, "told.txt", HARBOURS[0].telling))
    assert sentence.startswith(f"There is no story {story} in {here / 'stories'}")


def test_a_file_that_is_not_there_or_is_a_folder_is_named(here):
    assert "none.txt" in refused("practise", "told", "--text", here / "none.txt")
    assert "stories" in refused("practise", "told", "--text", here / "stories")


@pytest.mark.parametrize("content", [BINARY, HARBOURS[0].telling.encode("utf-16")])
def test_a_file_that_is_not_text_is_named(here, content):
    sentence = refused("practise", "told", "--text", file(here, "told.bin", content))
    assert "told.bin" in sentence
    assert "UTF-8" in sentence


def test_standard_input_that_is_not_text_is_refused_where_python_would_let_it_through(here):
    environment = {**os.environ, "LIBRARY_MODEL": "none", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "library", "practise", "told", "--text", "-"]
    done = subprocess.run(command, cwd=here, env=environment, input=BINARY, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        "-: found no text to read; name a file with what was told, saved as UTF-8."
    ]


@pytest.mark.parametrize(("said", "count"), [("", "0 words"), ("tin", "1 word"), ("tin " * 19, "19 words")])
def test_fewer_than_twenty_words_are_no_telling(here, said, count):
    sentence = refused("practise", "told", "--text", file(here, "told.txt", said))
    assert sentence == f"That is {count}; a telling has about 250. Tell it whole."


def test_a_story_without_a_single_part_is_nothing_to_hold_a_telling_against(here):
    bare = make_story("bare", beats={beat.value: "" for beat in Beat})
    write_shelf(here / "stories", bare)
    assert "bare" in refused("practise", "bare", "--text", file(here, "told.txt", HARBOURS[0].telling))


def test_a_folder_of_stories_that_is_not_there_is_named(here):
    told = file(here, "told.txt", HARBOURS[0].telling)
    sentence = refused("practise", "told", "--text", told, "--stories", here / "nowhere")
    assert f"There is no folder {here}/nowhere" in sentence


def test_without_a_file_it_says_which_option_is_missing(here):
    result = run("practise", "told")
    assert result.exit_code == 2
    assert "--text" in result.stderr
