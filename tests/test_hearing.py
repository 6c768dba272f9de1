"""A telling as it is heard: what is left of it without its hesitations, how it opens, how it ends, in what order."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from library.practice.hearing import WINDOWS, Heard, Opening
from library.practice.order import SLACK, first_out_of_order, in_order
from library.story import Beat

RECOGNISED = (
    "lurdes counts the money at a portuguese cannery and in april the ministry closed the grounds for fifty days "
    "so 2.3 million euros of tin stood in the yard and she bought before the boats were back"
)
"""As a recogniser writes it: no capitals, no sentences, and points only inside numbers."""
ASKED = "which of your orders would you fill first if only one boat came in"
OURS = ("Nordlys", "Harbour Planner")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Um, the harbour closed", "the harbour closed"),
        ("the uh harbour uhm closed", "the harbour closed"),
        ("Er, she waited, erm, for fifty days", "she waited, for fifty days"),
        ("Hmm. Fifty days", "Fifty days"),
        ("the ummm harbour", "the harbour"),
        ("fifty\n\ndays   without a boat", "fifty days without a boat"),
        ("um uh er", ""),
    ],
)
def test_fillers_and_line_breaks_are_taken_out(said, heard):
    assert Heard.of(said).text == heard


@pytest.mark.parametrize(
    "said", ["Her summer was over", "The album of a drummer", "He erred on the terms", "The ER was full by nine"]
)
def test_a_word_that_only_looks_like_a_filler_stays(said):
    assert Heard.of(said).text == said


def test_two_minutes_are_260_words():
    assert Heard.of("tin " * 260).minutes == 2


def test_fillers_take_no_minutes():
    assert Heard.of("um tin uh " * 130).minutes == 1


def test_nothing_said_takes_no_time_and_has_no_windows():
    silence = Heard.of(" um ")
    assert (silence.words, silence.minutes, silence.windows) == ([], 0, [])
    assert not silence.questions
    assert not silence.ends_in_question


def test_a_short_telling_is_one_window():
    assert Heard.of("the harbour closed for fifty days").windows == [(3, "the harbour closed for fifty days")]


def test_windows_come_in_the_three_lengths_and_know_their_middle_word():
    words = [f"word{number}" for number in range(60)]
    windows = Heard.of(" ".join(words)).windows
    assert {len(stretch.split()) for _, stretch in windows} == {8, 16, 28}
    assert all(words[middle] == stretch.split()[len(stretch.split()) // 2] for middle, stretch in windows)


@given(st.integers(1, 90))
def test_the_windows_of_each_length_leave_no_word_out(count):
    words = [f"word{number}" for number in range(count)]
    windows = [stretch.split() for _, stretch in Heard.of(" ".join(words)).windows]
    for length in WINDOWS:
        of_this_length = [window for window in windows if len(window) == min(length, count)]
        assert {word for window in of_this_length for word in window} == {*words}


def test_a_stretch_said_twice_is_held_against_the_beats_once():
    stretches = [stretch for _, stretch in Heard.of("wait for the boat " * 20).windows]
    assert len(stretches) == len(set(stretches))


@pytest.mark.parametrize("said", ["She waited. The boat came in!", "Who fills it?", "One sentence of a few words."])
def test_sentences_are_punctuated(said):
    assert Heard.of(said).punctuated


def test_one_full_stop_in_a_long_telling_is_no_punctuation():
    assert not Heard.of("tin " * 120 + "stood in the yard.").punctuated


def test_the_point_in_a_number_is_no_punctuation():
    assert not Heard.of(RECOGNISED).punctuated


def test_the_questions_of_a_punctuated_telling_are_its_sentences_with_a_question_mark():
    said = "What she wanted was a number. Who would fill it? She told the night shift. Which order comes first?"
    assert Heard.of(said).questions == ["Who would fill it?", "Which order comes first?"]


def test_a_question_in_quotation_marks_is_a_question():
    assert Heard.of("She waited. “Who fills it?” Nobody knew.").questions == ["“Who fills it?”"]


def test_what_a_recogniser_wrote_is_asked_from_the_asking_word_on():
    heard = Heard.of(f"{RECOGNISED} {ASKED}")
    assert heard.questions[0] == ASKED
    assert heard.ends_in_question


def test_a_recognised_telling_that_asks_nothing_does_not_end_in_a_question():
    assert not Heard.of(RECOGNISED).ends_in_question


def test_what_a_recogniser_heard_asked_long_before_the_end_does_not_end_it():
    assert not Heard.of(f"{ASKED} {'tin ' * 40}").ends_in_question


def test_an_asking_word_with_next_to_nothing_behind_it_asks_nothing():
    assert not Heard.of(f"{RECOGNISED} that is how it goes").ends_in_question


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("The boat came in. Which order would you fill?", True),
        ("She asked me: “Which order would you fill?”", True),
        ("Which order would you fill? ", True),
        ("Which order would you fill? She chose on the quay.", False),
        ("The boat came in. Now tell me which order you would fill.", False),
    ],
)
def test_a_punctuated_telling_hands_the_floor_over_with_a_question_mark(said, ends):
    assert Heard.of(said).ends_in_question is ends


@pytest.mark.parametrize(
    "said",
    [
        "She counts the tins at a Portuguese cannery.",
        "There's a cannery in Portugal, 310 people.",
        "There was a harbour that closed for fifty days.",
        "Lurdes runs the books of a cannery, and we met on the quay.",
        "A company of 310 people had no fish, and then they called us.",
    ],
)
def test_a_telling_opens_with_the_customer(said):
    assert Heard.of(said, OURS).opening is Opening.CUSTOMER


@pytest.mark.parametrize(
    "said",
    [
        "We have a planning product, and she runs a cannery.",
        "So, we're proud of this one: a company in Portugal.",
        "We’ve sold a lot of software to people who fish.",
        "Our customer counts tins.",
        "Let me tell you about Nordlys, the software for a company like yours.",
        "The harbour planner is a fine thing for a company that cans fish.",
    ],
)
def test_a_telling_opens_with_us(said):
    assert Heard.of(said, OURS).opening is Opening.US


@pytest.mark.parametrize("said", ["", "In April the ministry closed the sardine grounds.", "Fifty days without fish."])
def test_a_telling_opens_with_neither(said):
    assert Heard.of(said, OURS).opening is Opening.OTHER


def test_our_name_inside_another_word_is_not_our_name():
    assert Heard.of("The Nordlysning street cannery was shut.", OURS).opening is Opening.OTHER


def test_what_comes_after_the_first_sentences_no_longer_opens_the_telling():
    assert Heard.of("tin " * 22 + "and then we sold Nordlys", OURS).opening is Opening.OTHER


@given(st.text() | st.lists(st.sampled_from("um we she who Nordlys why 2.3 ? . ” '".split())).map(" ".join))
@example("¿.?!…\ud800")
def test_no_text_whatever_is_too_much_to_hear(said):
    heard = Heard.of(said, OURS)
    assert heard.opening in Opening
    assert heard.ends_in_question <= bool(heard.text)
    assert len(heard.questions) <= len(heard.words)
    assert all(0 <= middle < len(heard.words) for middle, _ in heard.windows)


def test_beats_told_one_after_the_other_are_in_order():
    assert in_order({beat: 40 * number for number, beat in enumerate(Beat)})


def test_a_telling_without_beats_or_with_one_is_in_order():
    assert in_order({})
    assert in_order({Beat.WIN: 0})


def test_a_beat_left_out_does_not_disturb_the_order():
    assert in_order({Beat.WHO: 0, Beat.NEED: 50, Beat.QUESTION: 200})


def test_the_win_told_before_the_pain_is_out_of_order():
    places = {Beat.WHO: 0, Beat.CHANGE: 30, Beat.PAIN: 120, Beat.WIN: 60}
    assert first_out_of_order(places) == (Beat.PAIN, Beat.WIN)


def test_the_first_of_two_muddles_is_named():
    places = {Beat.WHO: 90, Beat.CHANGE: 0, Beat.WIN: 200, Beat.QUESTION: 120}
    assert first_out_of_order(places) == (Beat.WHO, Beat.CHANGE)


def test_it_does_not_matter_in_which_order_the_places_are_given():
    assert in_order({Beat.QUESTION: 200, Beat.WHO: 0, Beat.PAIN: 60})


@pytest.mark.parametrize(("earlier", "kept"), [(0, True), (SLACK, True), (SLACK + 1, False)])
def test_two_beats_in_one_sentence_may_change_places(earlier, kept):
    assert in_order({Beat.CHANGE: 100, Beat.PAIN: 100 - earlier}) is kept
