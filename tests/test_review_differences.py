"""What differs between two forms of a story, and a change taken over into a file somebody else changed."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.pages.differing import marked
from library.reading import read_text, write_text
from library.review.differences import Fate, Run, differences, words
from library.review.merging import hold, merged_text
from library.saving import revised
from library.shelf import ShelfError
from library.story import Beat, Section
from tests.helpers import SARDINES, STORIES, VOCABULARY, make_story, read

TEXTS = st.text(st.sampled_from("ab c.\n"), max_size=60)


def said(runs: tuple[Run, ...], *fates: Fate) -> str:
    return "".join(run.text for run in runs if run.fate in fates)


@given(TEXTS, TEXTS)
@example("a a", "a")
def test_what_stayed_and_what_is_new_make_the_second_text_and_what_is_gone_the_first(before, after):
    runs = words(before, after)
    assert said(runs, Fate.SAME, Fate.NEW) == after
    assert said(runs, Fate.SAME, Fate.GONE).split() == before.split()


def test_only_the_words_that_differ_are_marked():
    assert words("She chose on the quay, at noon.", "She chose on the boat, at noon.") == (
        Run(Fate.SAME, "She chose on the "),
        Run(Fate.GONE, "quay, "),
        Run(Fate.NEW, "boat, "),
        Run(Fate.SAME, "at noon."),
    )


def test_one_word_that_happens_to_stay_is_read_with_what_changes_around_it():
    assert [run.fate for run in words("cold fish in tins sold", "warm bread in bags sold")] == [
        Fate.GONE,
        Fate.NEW,
        Fate.SAME,
    ]


def test_what_is_added_at_the_end_leaves_the_last_word_as_it_was():
    assert words("It closed.", "It closed. Twice.") == (Run(Fate.SAME, "It closed. "), Run(Fate.NEW, "Twice."))


def test_what_is_cut_off_at_the_end_keeps_its_space_from_the_last_word_that_stayed():
    assert words("It closed. Twice.", "It closed.") == (Run(Fate.SAME, "It closed."), Run(Fate.GONE, " Twice."))


def test_a_space_that_went_from_the_end_is_no_change():
    assert words("It closed. ", "It closed.") == (Run(Fate.SAME, "It closed."),)


def test_texts_too_long_for_word_by_word_are_shown_whole():
    runs = words("a b " * 4000, "b a " * 4000)
    assert [run.fate for run in runs] == [Fate.GONE, Fate.NEW]


def test_rights_are_read_first_and_nothing_that_stayed_is_listed():
    before = make_story()
    after = replace(make_story(beats={"win": "On 20 June 2025 two boats were sold."}), tags=(), show_as="internal")
    found = differences(before, after)
    assert [(f.key, f.before, f.after, f.about_rights) for f in found.facts] == [
        ("show_as", "named", "internal", True),
        ("tags", "quota", "", False),
    ]
    assert [text.heading for text in found.texts] == ["The first win"]
    assert found.places == {"show_as", "tags", "The first win"}
    assert not differences(before, make_story())


def test_unknown_keys_notes_and_the_title_are_not_forgotten():
    before = make_story()
    notes = (*before.sections, Section("Notes", "Ask Lurdes"))
    after = replace(before, title="The harbour", extra={"mood": "hopeful"}, sections=notes)
    assert differences(before, after).places == {"Title", "mood", "Notes"}


def test_every_shipped_story_differs_from_itself_in_nothing():
    for path in STORIES.glob("*.md"):
        story = read(path.read_text(encoding="utf-8"), path.stem).story
        assert not differences(story, story)


# --- shown ---------------------------------------------------------------------------------------------------------


def test_marks_stand_at_the_words_and_markup_in_them_is_shown_as_written():
    runs = words("Two\n\n**boats** ~~sold~~", "Two\n\n[boats](x) sold")
    shown = marked(runs)
    assert ":red[~~\\*\\*boats\\*\\* \\~\\~sold\\~\\~~~]" in shown
    assert ":green[**\\[boats\\]\\(x\\) sold**]" in shown
    assert "~~ " not in marked((Run(Fate.GONE, "gone "),))


def test_what_is_new_stands_apart_from_what_is_gone_before_it():
    assert marked(words("A list.", "A page.")) == "A :red[~~list\\.~~] :green[**page\\.**]"


def test_a_mark_never_spans_a_line():
    assert marked((Run(Fate.NEW, "one\ntwo"),)) == ":green[**one**]  \n:green[**two**]"


# --- a change into another file ------------------------------------------------------------------------------------

CHANGE = SARDINES.replace("Frozen fish was cheaper", "Frozen fish was half the price")


def merged(theirs: str, mine: str = CHANGE, base: str = SARDINES) -> str:
    return merged_text(hold("sardines", base, theirs, mine, VOCABULARY), base, theirs, mine, VOCABULARY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: The", "title: Then the"),
        ("tags: [quota]", "tags: [quota, tins]\nmood: hopeful"),
        ("\n## Ask\n", "\n## Notes\n\nAsk Lurdes.\n\n## Ask\n"),
        ("told the night shift", "told nobody"),
        ("roles: [cfo, plant-manager]", "roles:\n  - cfo  # she signs\n  - plant-manager"),
    ],
)
def test_what_was_changed_by_hand_elsewhere_stays_to_the_letter(old, new):
    theirs = SARDINES.replace(old, new)
    held = hold("sardines", SARDINES, theirs, CHANGE, VOCABULARY)
    assert merged(theirs) == CHANGE.replace(old, new)
    assert held.both == frozenset()


def test_where_both_changed_the_same_beat_it_is_named_and_the_change_wins():
    theirs = SARDINES.replace("Waiting was free", "Waiting was cheap")
    held = hold("sardines", SARDINES, theirs, CHANGE, VOCABULARY)
    assert held.both == {"Why they decided"}
    assert held.by_hand
    assert "Waiting was free" in merged(theirs)
    assert hold("sardines", SARDINES, CHANGE, CHANGE, VOCABULARY).both == frozenset()


def test_what_our_own_steps_wrote_is_nobodys_hand():
    theirs = SARDINES.replace("2026-10-01", "2026-11-22\nverified_by: Ada Lead")
    assert not hold("sardines", SARDINES, theirs, CHANGE, VOCABULARY).by_hand
    assert "verified_by: Ada Lead" in merged(theirs)


def test_beats_facts_and_keys_are_added_and_taken_away():
    mine = SARDINES.replace("tags: [quota]\n", "").replace("owner: Ines Carvalho", "mood: hopeful")
    mine = mine[: mine.index("## Ask")].rstrip() + "\n"
    theirs = SARDINES.replace("status: published\n", "status: published\nfrom: a call\n")
    story = read(merged(theirs, mine)).story
    assert (story.tags, story.owner, dict(story.extra)) == ((), "", {"mood": "hopeful", "from": "a call"})
    assert story.missing_beats == [Beat.QUESTION]


def test_a_new_order_of_the_beats_is_taken_over_too():
    question = SARDINES[SARDINES.index("## Ask") :]
    mine = SARDINES.replace(question, "").replace("## Who", f"{question}\n## Who")
    theirs = SARDINES.replace("told the night shift", "told nobody")
    beats = [section.beat for section in read(merged(theirs, mine)).story.sections]
    assert beats == [Beat.QUESTION, *list(Beat)[:-1]]


def test_a_text_that_cannot_be_read_is_named():
    with pytest.raises(ShelfError, match="The file cannot be read"):
        hold("sardines", SARDINES, "gone", CHANGE, VOCABULARY)


STORIES_READ = st.builds(
    lambda title, who, ask, tags: replace(
        make_story(beats={"who": who.strip(), "question": ask.strip()}), title=title, tags=tuple(tags)
    ),
    st.sampled_from(["A: quay", "The harbour closed", "- no", "'quoted'"]),
    st.text(st.sampled_from("ab #-\n"), min_size=1, max_size=20).filter(str.strip),
    st.sampled_from(["Which boat?", "Which?\n\nThen stop."]),
    st.lists(st.sampled_from(["quota", "tins, and boats", "yes"]), max_size=3),
)


@given(STORIES_READ, STORIES_READ, st.booleans())
def test_a_revised_text_reads_as_the_story_that_was_meant(before, after, windows):
    try:
        text = write_text(before)
        write_text(after)
    except ValueError:
        return
    text = text.replace("status: published", "# ours\nstatus: published")
    text = text.replace("\n", "\r\n") if windows else text
    new = revised(text, before, after, VOCABULARY)
    assert read_text(new, "sardines", VOCABULARY).story == after
    assert new == text or before != after
    assert "# ours" in new
