"""From notes to a story: sentences cut, parts proposed, the form that becomes a story, and its twin on the shelf."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.proposals import CHOOSING, REPORTING, notes_of, right, text_of
from library.capture.form import BASE, beat_field, new_id, placed, story_of, written_of
from library.capture.guide import QUESTIONS, guide
from library.capture.notes import note_sentences
from library.capture.propose import PLACES, by_meaning, propose
from library.capture.twins import Twins
from library.library import Library
from library.reading import read_text, write_text
from library.saving import save_new
from library.settings import Settings
from library.shelf import Shelf
from library.story import Beat, ShowAs, Status
from library.vectors import VectorCache
from tests.helpers import TODAY, VOCABULARY, FakeEncoder, make_story, write_shelf

# --- Notes ------------------------------------------------------------------------------------------------------------


def said(notes):
    return [sentence.text for sentence in note_sentences(notes)]


def test_a_bullet_is_a_sentence_and_loses_only_its_mark():
    assert said("- 41 vans out\n* nobody rang the yard\n3) then the owner\n\n• photo!!") == [
        "41 vans out",
        "nobody rang the yard",
        "then the owner",
        "photo!!",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "We asked Dr. Osei at St. Aldric's.",
        "It was ca. 40 crates, i.e. a van.",
        "J. Marsh came at 3 a.m. with the list.",
        "On 14.20 they rang.",
    ],
)
def test_a_full_stop_inside_a_sentence_ends_none(line):
    assert said(line) == [line]


def test_what_a_customer_said_stays_whole():
    line = 'She said: "You asked to see a bad night. The others asked to see our systems." Then she left.'
    assert said(line) == [line.removesuffix(" Then she left."), "Then she left."]
    assert said("“Nine days. Nine!” he said. We left.") == ["“Nine days. Nine!” he said.", "We left."]


def test_sentences_in_small_letters_are_cut_too():
    assert said("the bank left. nobody asked us! we waited") == ["the bank left.", "nobody asked us!", "we waited"]


def test_who_speaks_and_who_asks():
    talk = "Q: What changed?\nA: The law. In May.\n[00:12] Q: And then?\nA: Nothing."
    sentences = note_sentences(talk)
    assert [s.text for s in sentences] == ["What changed?", "The law.", "In May.", "And then?", "Nothing."]
    assert [s.speaker for s in sentences] == ["Q", "A", "A", "Q", "A"]
    assert [s.asker for s in sentences] == [True, False, False, True, False]


def test_of_two_names_the_one_who_mostly_asks_is_the_asker():
    talk = "Tom: Why then?\nRuth: A letter.\nTom: From whom?\nRuth: The bank.\nTom: And you?\nRuth: I waited."
    assert {s.speaker for s in note_sentences(talk) if s.asker} == {"Tom"}


def test_a_label_before_a_colon_is_no_speaker():
    assert said("Before: lists at midnight\nneed: by Easter") == ["Before: lists at midnight", "need: by Easter"]


@given(st.text(max_size=400))
def test_no_word_of_any_notes_is_invented_or_changed(notes):
    for sentence in note_sentences(notes):
        for word in sentence.text.split():
            assert word in notes


# --- Proposals --------------------------------------------------------------------------------------------------------


@pytest.mark.model
def test_four_of_five_sentences_of_unseen_notes_find_their_place(real_library):
    meaning = real_library.state.search.meaning
    assert by_meaning(meaning), "the weights were fitted on another model; run python -m benchmarks.proposals fit"
    pairs = [
        pair for note in notes_of(REPORTING) for pair in right(note, propose(note_sentences(text_of(note)), meaning))
    ]
    assert len(pairs) > 300
    assert sum(label == place for label, place in pairs) / len(pairs) >= 0.8


def test_the_notes_for_reporting_are_not_those_for_choosing():
    assert not {n["id"] for n in notes_of(CHOOSING)} & {n["id"] for n in notes_of(REPORTING)}
    assert len(notes_of(REPORTING)) >= 12
    lines = [{s["text"] for note in notes_of(file) for s in note["sentences"]} for file in (CHOOSING, REPORTING)]
    shared = {line for line in lines[0] & lines[1] if len(line.split()) > 5}
    assert shared == set()


def test_without_the_model_the_words_alone_place_them():
    note = notes_of(REPORTING)[0]
    pairs = right(note, propose(note_sentences(text_of(note)), None))
    assert not by_meaning(None)
    assert sum(label == place for label, place in pairs) / len(pairs) > 0.5


def test_another_model_is_not_taken_for_the_one_the_weights_were_fitted_on(tmp_path):
    other = VectorCache(tmp_path / "v.db", FakeEncoder())
    assert not by_meaning(other)
    notes = note_sentences("The ministry closed the grounds in May 2025.")
    assert propose(notes, other) == propose(notes, None)


def test_a_sentence_keeps_every_word_and_has_one_place():
    notes = note_sentences("Q: Why?\nA: “I would rather know the bad number at noon.” She said it on the quay.")
    proposals = propose(notes, None)
    assert [p.sentence for p in proposals] == notes
    assert all(p.beat in PLACES and 0 <= p.sure <= 1 for p in proposals)
    assert propose([], None) == []


# --- The guide --------------------------------------------------------------------------------------------------------


def test_nine_questions_fill_every_beat():
    assert len(QUESTIONS) == 9
    assert {beat for question in QUESTIONS for beat in question.beats} == set(Beat)
    assert guide().count("\n## ") == 9


# --- The form ---------------------------------------------------------------------------------------------------------

WRITTEN = {
    "title": "The quay closed",
    "customer": "Sardinella Norte",
    "alias": "a cannery in Portugal",
    "show_as": "anonymised",
    "industry": "food-manufacturing",
    "country": "PT",
    "roles": ["cfo"],
    "change": "regulation",
    "heard_on": "2026-03-10",
    "first_win_on": "2025-06-20",
    "alternatives": ["frozen fish", "do nothing"],
    beat_field(Beat.CHANGE): "In May 2025 the ministry closed it.",
    beat_field(Beat.WHO): "Lurdes counts tins.",
}


def made(written=WRITTEN, **more):
    return story_of(written, VOCABULARY, teller="Priya Nambiar", **more)


def test_what_was_written_becomes_a_draft_with_its_teller():
    story = made()
    assert (story.id, story.status, story.told_by, story.owner) == (
        "the-quay-closed",
        Status.DRAFT,
        *2 * ("Priya Nambiar",),
    )
    assert story.show_as is ShowAs.ANONYMISED
    assert story.region == "europe"
    assert story.first_win_on == date(2025, 6, 20)
    assert list(story.beats) == [Beat.WHO, Beat.CHANGE]
    assert read_text(write_text(story), story.id, VOCABULARY).story == story


def test_the_id_is_free_and_gives_no_customer_away():
    assert made(known={"the-quay-closed"}).id == "the-quay-closed-2"
    told = made({**WRITTEN, "title": "Sardinella Norte lost its quay"})
    assert "sardinella" not in told.id
    assert new_id(make_story(title="Ænigma & Co"), set()).isascii()


def test_a_stub_is_a_draft_too():
    story = made(
        {
            "customer": "Sardinella Norte",
            beat_field(Beat.CHANGE): "The ministry closed the quay.",
            "quote": "I would rather know.",
        }
    )
    assert story.title == "The ministry closed the quay"
    assert story.beat(Beat.DECISION) == "“I would rather know.”"
    assert story.quote == "I would rather know."


def test_a_story_of_the_shelf_in_the_form_and_back_is_the_same(shipped):
    for story in shipped:
        again = story_of(written_of(story), VOCABULARY, teller="Somebody", base=story)
        assert replace(again, sections=story.sections) == story
        assert again.beats == story.beats


def test_a_change_keeps_what_the_form_does_not_show():
    base = make_story(verified_on=date(2026, 1, 1), extra={"deal": "42"})
    changed = story_of({**written_of(base), "title": "Another"}, VOCABULARY, teller="x", base=base)
    assert (changed.title, changed.verified_on, changed.told_by, changed.extra) == (
        "Another",
        date(2026, 1, 1),
        base.told_by,
        {"deal": "42"},
    )


hostile = st.text(max_size=120)


@given(
    st.dictionaries(
        st.sampled_from([*WRITTEN, *map(beat_field, Beat), "tags", "may_logo", "near_miss"]),
        hostile | st.lists(hostile, max_size=3),
    )
)
def test_whatever_is_typed_is_a_story_that_reads_the_same_or_says_why(written):
    lists = {"roles", "alternatives", "tags"}
    given_ = {
        k: (v if isinstance(v, list) else [v]) if k in lists else (v if isinstance(v, str) else " ".join(v))
        for k, v in written.items()
    }
    story = story_of(given_, VOCABULARY, teller="Priya Nambiar")
    try:
        text = write_text(story)
    except ValueError as error:
        assert str(error).startswith(story.id)
    else:
        assert read_text(text, story.id, VOCABULARY).story == story


def test_sentences_go_behind_what_stands_in_a_part_once_and_unchanged():
    written = {beat_field(Beat.PAIN): "It cost forty boats."}
    sentences = {Beat.PAIN: ["a purser was sent home", "Nine days."], Beat.WIN: []}
    once = placed(written, sentences)
    assert once == {beat_field(Beat.PAIN): "It cost forty boats. a purser was sent home\nNine days."}
    assert placed({**written, **once}, sentences) == {}


# --- New files --------------------------------------------------------------------------------------------------------


def test_two_who_send_the_same_title_get_a_file_each(tmp_path):
    first, second = save_new(made(), tmp_path), save_new(made(), tmp_path)
    assert (first.id, second.id) == ("the-quay-closed", "the-quay-closed-2")
    assert len(Shelf.read(tmp_path)) == 2


def test_a_file_that_came_between_the_look_and_the_writing_is_not_overwritten(tmp_path, monkeypatch):
    (tmp_path / "the-quay-closed.md").write_text("Somebody else's", encoding="utf-8")
    monkeypatch.setattr("library.saving.story_file", lambda *_: None)
    assert save_new(made(), tmp_path).id == "the-quay-closed-2"
    assert (tmp_path / "the-quay-closed.md").read_text(encoding="utf-8") == "Somebody else's"


def test_a_story_that_cannot_be_written_leaves_no_empty_file(tmp_path):
    broken = replace(make_story("broken"), sections=(replace(make_story().sections[0], text="## a heading"),))
    with pytest.raises(ValueError, match="broken"):
        save_new(broken, tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- Twins ------------------------------------------------------------------------------------------------------------


def shelf_of(tmp_path, *stories):
    return Shelf.read(write_shelf(tmp_path, *stories))


def test_the_same_customers_story_is_a_twin_whatever_it_says(tmp_path):
    shelf = shelf_of(tmp_path, make_story("there"))
    draft = replace(make_story("mine"), sections=(), industry="hospitals")
    twin = Twins(shelf, None).of(draft)
    assert twin.story.id == "there"
    assert twin.same_customer
    assert twin.differs == ("industry",)


@pytest.mark.parametrize("written", ["SARDINELLA NORTE", "Sardinella-Norte S.A.", "Sardinellá Norte, Lda"])
def test_a_customer_is_known_again_however_the_name_is_written(tmp_path, written):
    twin = Twins(shelf_of(tmp_path, make_story("there")), None).of(make_story("mine", customer=written))
    assert (twin is not None) == ("Lda" not in written)


def test_a_shelf_is_made_ready_for_twins_once(tmp_path):
    folder = write_shelf(tmp_path / "stories", make_story("there"))
    library = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY), FakeEncoder())
    first = library.twins
    assert library.twins is first
    assert first.of(make_story("mine", customer="")).story.id == "there"
    write_shelf(folder, make_story("there", customer="Another"))
    library.sync()
    assert library.twins is not first
    library.close()


@pytest.mark.model
def test_a_story_told_again_is_a_twin_and_another_is_none(real_library):
    state = real_library.state
    twins = real_library.twins
    story = state.shelf.get("hospital-agency-nurses")
    again = replace(story, id="mine", customer="", change="regulation")
    twin = twins.of(again)
    assert twin.story.id == "hospital-agency-nurses"
    assert not twin.same_customer
    assert twin.differs == ("change",)
    assert Beat.PAIN in twin.same_beats
    other = replace(state.shelf.get("toolmaker-founder-dies"), customer="")
    assert twins.of(other) is None


@pytest.mark.model
def test_few_stories_of_the_shelf_are_twins_of_each_other(real_library):
    state = real_library.state
    twins = [s.id for s in state.shelf if real_library.twins.of(replace(s, customer=""))]
    assert len(twins) <= 0.06 * len(state.shelf)


def test_labels_are_beats_or_nothing():
    for file in (CHOOSING, REPORTING):
        for line in Path(file).read_text(encoding="utf-8").splitlines():
            assert {s["beat"] for s in json.loads(line)["sentences"]} <= {*map(str, Beat), None}


def test_the_base_of_a_change_is_no_fact():
    assert BASE not in written_of(make_story())
