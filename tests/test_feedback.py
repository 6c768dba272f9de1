"""What a rep hears back after a telling: the one thing to mend first, what slipped out, and what is new."""

from dataclasses import replace

import pytest

from library.masking import without_names
from library.practice.details import Change
from library.practice.feedback import Feedback, Progress, feedback, since
from library.practice.hearing import Opening
from library.practice.judge import Judge, Told
from library.story import Beat, ShowAs, Story
from tests.helpers import VOCABULARY, make_story

BY_WORDS = Judge([make_story()], None)
WHOLE = Feedback("sardines", 2.0, dict.fromkeys(Beat, Told.TOLD), Opening.CUSTOMER, ends_in_question=True)
BADLY = {
    "other_story": True,
    "slips": ("Sardinella",),
    "opening": Opening.US,
    "beats": dict.fromkeys(Beat, Told.MISSING),
    "changed": (Change("60 days", "50 days", Beat.CHANGE), Change("May", "April", Beat.CHANGE)),
    "ends_in_question": False,
    "late": (Beat.CHANGE, Beat.PAIN),
    "minutes": 3.14,
}
SAID_OF = {
    "other_story": "That sounds like another story. Read this one again, then tell it.",
    "slips": "Sardinella may not be said aloud. Say the alias.",
    "opening": "Open with the customer. We and our product come late, or not at all.",
    "beats": "“What changed” was left out. Say what changed outside, and when. It is why they had to move at all.",
    "changed": "You said 60 days; in the story it is 50 days.",
    "ends_in_question": "You asked, and talked on. End on the question, and stop.",
    "late": "It seems “What changed” came after “What it cost”. Keep the order of events.",
    "minutes": "That takes 3.1 minutes. Leave out what two minutes do not need.",
}


def tell(said: str, story: Story, judge: Judge = BY_WORDS) -> Feedback:
    return feedback(said, story, judge, VOCABULARY)


def with_beats(**told: Told) -> Feedback:
    return replace(WHOLE, beats={**WHOLE.beats, **{Beat(beat): verdict for beat, verdict in told.items()}})


# --- the one thing to do better --------------------------------------------------------------------------------------


@pytest.mark.parametrize("gravest", list(SAID_OF))
def test_the_gravest_is_said_first(gravest):
    names = list(BADLY)
    left = {name: BADLY[name] for name in names[names.index(gravest) :]}
    assert replace(WHOLE, **left).next_time == SAID_OF[gravest]
    assert replace(WHOLE, **{gravest: BADLY[gravest]}).next_time == SAID_OF[gravest]


def test_a_whole_telling_in_two_minutes_has_nothing_to_mend():
    assert WHOLE.whole
    assert WHOLE.told == 7
    assert WHOLE.flags == ()
    assert WHOLE.next_time == "Whole, and in two minutes. Now tell it to somebody."


def test_a_short_telling_has_time_for_one_more_moment():
    short = replace(WHOLE, minutes=0.95)
    assert short.next_time == "That takes 0.9 minutes. There is time for one more moment they will remember."


@pytest.mark.parametrize("verdict", [Told.MISSING, Told.PARTLY])
def test_change_and_pain_are_asked_for_before_the_rest(verdict):
    heaviest = "change pain decision question win need who".split()
    lead = "left out" if verdict is Told.MISSING else "only touched"
    for at, beat in enumerate(heaviest):
        heard = with_beats(**dict.fromkeys(heaviest[at:], verdict))
        assert heard.next_time.startswith(f"“{Beat(beat).heading}” was {lead}. ")


def test_a_beat_left_out_is_graver_than_a_heavier_one_only_touched():
    assert with_beats(change=Told.PARTLY, who=Told.MISSING).next_time.startswith("“Who” was left out.")


def test_two_names_that_slipped_out_are_both_said():
    heard = replace(WHOLE, slips=("Sardinella", "Lurdes"))
    assert heard.next_time == "Sardinella and Lurdes may not be said aloud. Say the alias."


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"other_story": True}, "other story"),
        ({"slips": ("Sardinella",)}, "slip"),
        ({"opening": Opening.US}, "opened with us"),
        ({"changed": BADLY["changed"]}, "changed"),
        ({"ends_in_question": False}, "no question"),
        ({"late": (Beat.CHANGE, Beat.PAIN)}, "order"),
        ({"minutes": 2.61}, "long"),
        ({"minutes": 1.19}, "short"),
    ],
)
def test_each_thing_to_mend_has_a_name(changes, flag):
    assert replace(WHOLE, **changes).flags == (flag,)


def test_an_opening_with_neither_and_a_length_on_the_edge_are_no_flags():
    for changes in ({"opening": Opening.OTHER}, {"minutes": 2.6}, {"minutes": 1.2}):
        assert replace(WHOLE, **changes).flags == ()


# --- since last time -------------------------------------------------------------------------------------------------


def test_what_is_new_and_what_is_gone_since_last_time():
    before = {**WHOLE.beats, Beat.PAIN: Told.MISSING, Beat.WIN: Told.PARTLY}
    progress = since(before, with_beats(need=Told.PARTLY, who=Told.MISSING), 1.25)
    assert progress == Progress((Beat.PAIN, Beat.WIN), (Beat.WHO, Beat.NEED), 0.8)
    assert progress.sentence == (
        "new since last time: what it cost, the first win; gone since last time: who, what they needed"
    )


def test_the_same_beats_are_no_progress():
    assert since(WHOLE.beats, WHOLE, 2.0) == Progress()
    assert since(WHOLE.beats, WHOLE, 2.0).sentence == ""
    touched = since({Beat.NEED: Told.PARTLY}, replace(WHOLE, beats={Beat.NEED: Told.MISSING}), 2.5)
    assert touched == Progress(minutes=-0.5), "what was only touched was not there to lose"


# --- names that slip out ---------------------------------------------------------------------------------------------

HIDDEN = [ShowAs.ANONYMISED, ShowAs.INTERNAL]
AROUND = (
    "{} counts the tins of a cannery, and in April the ministry closed the sardine grounds for fifty days, she says."
)


@pytest.mark.parametrize("show_as", HIDDEN)
@pytest.mark.parametrize(
    ("said", "slip"),
    [
        ("Sardinella Norte", "Sardinella Norte"),
        ("Sardinella Norte's finance chief", "Sardinella Norte"),
        ("Sardinella’s finance chief", "Sardinella"),
        ("SARDINELLA", "SARDINELLA"),
        ("The lady of sardinella norte", "sardinella norte"),
        ("The lady of Sardinella-Norte", "Sardinella-Norte"),
        ("Lurdes", "Lurdes"),
        ("LURDES AMARO", "LURDES AMARO"),
    ],
)
def test_a_name_that_may_not_be_said_is_a_slip_in_every_form(show_as, said, slip):
    heard = tell(AROUND.format(said), make_story(show_as=show_as))
    assert heard.slips == (slip,)
    assert "slip" in heard.flags
    assert heard.next_time == f"{slip} may not be said aloud. Say the alias."


@pytest.mark.parametrize("show_as", HIDDEN)
def test_the_alias_is_no_slip(show_as):
    story = make_story(show_as=show_as)
    assert tell(AROUND.format(f"The finance director of {story.alias}"), story).slips == ()


@pytest.mark.parametrize("show_as", [ShowAs.NAMED, ShowAs.VERBAL])
def test_a_name_that_may_be_said_is_no_slip(show_as):
    assert tell(AROUND.format("Lurdes of Sardinella Norte"), make_story(show_as=show_as)).slips == ()


def test_no_story_of_the_shelf_that_ships_slips_when_it_is_told_without_names(shipped):
    judge = Judge(shipped, None)
    hidden = [story for story in shipped if story.show_as in HIDDEN]
    assert len(hidden) >= 5
    for story in hidden:
        assert tell(without_names(story).telling, story, judge).slips == (), story.id
        assert tell(f"{story.telling} {story.customer.upper()}!", story, judge).slips, story.id


# --- a telling held against its story --------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "count"), [("", "0 words"), ("tin", "1 word"), ("um tin " * 19, "19 words")])
def test_fewer_than_twenty_words_are_nothing_to_judge(sardines, said, count):
    with pytest.raises(ValueError, match=f"^That is {count}; a telling has about 250. Tell it whole.$"):
        tell(said, sardines)
    assert tell("tin " * 20, sardines).told == 0


def test_the_words_that_were_said_are_counted_and_not_those_of_the_alias(sardines):
    with pytest.raises(ValueError, match="That is 12 words; a telling"):
        tell("Sardinella Norte " * 6, sardines)


def test_the_name_and_the_alias_count_alike():
    story = make_story(beats={"who": "Lurdes counts the money and the tins at Sardinella Norte."})
    with_alias = without_names(story).telling
    assert story.alias in with_alias
    assert tell(story.telling, story) == tell(with_alias, story)
    assert tell(story.telling, story).beats[Beat.WHO] is Told.TOLD


def test_a_story_told_as_it_stands_is_whole_by_the_words_alone(shipped):
    judge = Judge(shipped, None)
    for story_id in ("hospital-agency-nurses", "bakery-energy-bill", "city-payroll-mainframe", "pump-maker-uptime"):
        story = shipped.stories[story_id]
        heard = tell(without_names(story).telling, story, judge)
        assert heard.whole, story_id
        assert heard.flags == (), story_id
        assert heard.right
        assert not heard.by_meaning
        assert heard.next_time == "Whole, and in two minutes. Now tell it to somebody."


def test_by_the_words_alone_a_beat_left_out_is_missed(shipped):
    judge, story = Judge(shipped, None), without_names(shipped.stories["hospital-agency-nurses"])
    for beat in Beat:
        told = " ".join(text for other, text in story.beats.items() if other is not beat)
        heard = tell(told, story, judge)
        assert heard.beats[beat] is not Told.TOLD
        assert heard.told == 6
        assert f"“{beat.heading}”" in heard.next_time


def test_a_changed_number_is_named_once_the_beats_are_there(shipped):
    story = shipped.stories["hospital-agency-nurses"]
    told = without_names(story).telling.replace("nineteen", "ninety")
    heard = tell(told, story, Judge(shipped, None))
    assert heard.whole
    assert heard.flags == ("changed",)
    assert heard.next_time == "You said ninety; in the story it is nineteen."


def test_talking_on_after_the_question_is_heard(sardines):
    heard = tell(f"{sardines.telling} That is all I know of it, anyway.", sardines)
    assert not heard.ends_in_question
    assert heard.next_time == "You asked, and talked on. End on the question, and stop."


@pytest.mark.parametrize(
    "opening", ["ERP Corp helped a cannery.", "Our software was there.", "The finance module won."]
)
def test_a_telling_that_begins_with_us_is_told_to_open_with_the_customer(sardines, opening):
    assert tell(f"{opening} {sardines.telling}", sardines).opening is Opening.US


@pytest.mark.parametrize("opening", ["She is finance director.", "The service side is hers: she runs a supply chain."])
def test_a_product_called_like_somebodys_work_does_not_open_with_us(sardines, opening):
    assert tell(f"{opening} {sardines.telling}", sardines).opening is Opening.CUSTOMER


@pytest.mark.model
def test_another_story_is_heard_as_another_and_this_one_as_itself(real_library, shipped):
    nurses = shipped.stories["hospital-agency-nurses"]
    heard = tell(shipped.stories["builder-fixed-price-steel"].telling, nurses, real_library.judge)
    assert heard.other_story
    assert heard.by_meaning
    assert heard.told == 0
    assert heard.changed == ()
    assert heard.next_time == SAID_OF["other_story"]
    itself = tell(nurses.telling, nurses, real_library.judge)
    assert not itself.other_story
    assert itself.whole
