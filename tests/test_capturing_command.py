"""Notes from a shell: each sentence with its part, and not a word changed."""

import json

from tests.test_commands import file, here, refused, run

__all__ = ["here"]

NOTES = """Q: What changed?
A: In May 2025 the ministry closed the grounds.
- it cost 400 thousand euros
- todo: send a card
"""
SENTENCES = [
    ("What changed?", "Q"),
    ("In May 2025 the ministry closed the grounds.", "A"),
    ("it cost 400 thousand euros", "A"),
    ("todo: send a card", "A"),
]


def test_propose_gives_every_sentence_a_part_or_none(here):
    said = json.loads(run("propose", file(here, "call.txt", NOTES), "--json").output)
    assert [(s["text"], s["speaker"]) for s in said["sentences"]] == SENTENCES
    assert {s["beat"] for s in said["sentences"]} <= {None, *"who change pain need decision win question".split()}
    assert all(0 <= s["sure"] <= 1 for s in said["sentences"])
    assert said["by_meaning"] is False, "the fake encoder is not the model the weights were fitted on"


def test_propose_prints_a_line_a_sentence_and_says_how_it_placed_them(here):
    lines = run("propose", file(here, "call.txt", NOTES)).output.splitlines()
    assert len(lines) == len(SENTENCES) + 1
    assert lines[1].endswith("In May 2025 the ministry closed the grounds.")
    assert "by the words alone" in lines[-1]


def test_propose_refuses_what_is_no_text_in_a_sentence(here):
    assert "call.xls: found .xls" in refused("propose", file(here, "call.xls", b"x"))
    assert "found no way to open it" in refused("propose", here / "none.txt")
