"""One file held against the checks from a shell."""

import json
from pathlib import Path

import pytest

from tests.helpers import STORIES
from tests.test_commands import file, here, refused, run

__all__ = ["here"]

STUDY = json.loads((Path(__file__).parent / "case_studies.jsonl").read_text(encoding="utf-8").splitlines()[0])
KEYS = {"verdict", "product_centric", "minutes", "words", "meter", "checks"}


def test_a_sound_story_ends_with_0(here):
    result = run("check", STORIES / "hospital-agency-nurses.md")
    assert result.exit_code == 0, result.output
    assert "ok      Two minutes: 269 words" in result.output
    assert result.output.endswith("hospital-agency-nurses.md: can be published.\n")


def test_a_case_study_ends_with_1_and_says_why(here):
    result = run("check", file(here, "study.txt", STUDY["text"]))
    assert result.exit_code == 1
    assert "must    About them: This is about our product:" in result.output
    assert "study.txt: about our product; cannot be published yet." in result.output


@pytest.mark.parametrize("kind", ["story", "text"])
def test_as_json_each_check_has_a_verdict_and_a_reason(here, kind):
    given = STORIES / "valve-foundry-carbon.md" if kind == "story" else file(here, "study.txt", STUDY["text"])
    said = json.loads(run("check", given, "--json").output)
    assert set(said) == KEYS
    assert said["product_centric"] is True
    assert said["meter"]["our_share"] > 0.25
    assert {c["verdict"] for c in said["checks"]} <= {"pass", "advise", "block"}
    about = next(c for c in said["checks"] if c["check"] == "About them")
    assert about["verdict"] == "block"
    assert "our-share" in about["reasons"]
    assert about["reason"].endswith(".")


def test_a_file_that_is_no_text_is_refused_in_a_sentence(here):
    assert "slides.pptx: found .pptx" in refused("check", file(here, "slides.pptx", b"x"))
    assert "found no way to open it" in refused("check", here / "none.txt")


def test_a_teams_own_words_count(here):
    file(here / "stories", "checks.toml", '[hype]\nwords = ["linen room"]\n')
    assert "“linen room”" in run("check", STORIES / "hospital-agency-nurses.md").output
    file(here / "stories", "checks.toml", "[hipe]\n")
    assert "checks.toml: found [hipe]" in refused("check", STORIES / "hospital-agency-nurses.md")
