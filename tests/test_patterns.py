"""What the stories of an industry share: the change that comes again, and the words that go with it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.keywords import terms
from library.patterns import Pattern, patterns, telling_words
from library.story import Beat, ShowAs, Story
from tests.helpers import VOCABULARY, make_story

QUIET = dict.fromkeys((beat.value for beat in Beat), "It was so.")


def plain(story_id: str, change: str = "regulation", beats: dict[str, str] | None = None, **facts) -> Story:
    """A story that says next to nothing beyond the beats given."""
    return make_story(story_id, beats={**QUIET, **(beats or {})}, change=change, **{"tags": (), **facts})


def found_in(*stories: Story, shelf: list[Story] | None = None) -> list[Pattern]:
    return patterns(stories, shelf if shelf is not None else stories, VOCABULARY)


def words_of(story: Story, *beats: Beat) -> set[str]:
    return set(terms(" ".join([*(story.beat(beat) for beat in beats), *story.tags])))


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_that_two_stories_share_is_a_pattern_and_one_told_once_is_none():
    stories = [plain("a-story"), plain("b-story", "margin"), plain("c-story"), plain("d-story", "")]
    assert found_in(*stories) == [Pattern("regulation", ("a-story", "c-story"))]
    assert found_in(plain("d-story", ""), plain("e-story", "")) == [], "stories without a change share none"
    assert found_in() == []


def test_the_commonest_change_comes_first_and_a_tie_is_in_order_of_the_label():
    changes = ["vendor-failing", "margin", "regulation", "margin", "regulation", "margin", "vendor-failing"]
    found = found_in(*(plain(f"story-{n}", change) for n, change in enumerate(changes)))
    assert [len(pattern.stories) for pattern in found] == [3, 2, 2]
    assert found[0].change == "margin"
    labels = [VOCABULARY.label("change", pattern.change) for pattern in found[1:]]
    assert labels == sorted(labels)


CHANGES = st.lists(st.sampled_from(["", "regulation", "margin", "people-loss"]), max_size=12)


@settings(max_examples=60)
@given(CHANGES)
def test_a_pattern_counts_the_stories_that_carry_its_change(changes):
    stories = [plain(f"story-{n}", change) for n, change in enumerate(changes)]
    found = found_in(*stories)
    assert {p.change for p in found} == {change for change in changes if change and changes.count(change) > 1}
    for pattern in found:
        assert list(pattern.stories) == [story.id for story in stories if story.change == pattern.change]


def test_every_pattern_of_an_industry_on_the_shelf_that_ships_is_true(shipped):
    industries = sorted({story.industry for story in shipped})
    assert len(industries) > 10
    for industry in industries:
        here = [story for story in shipped if story.industry == industry]
        for pattern in patterns(here, shipped, shipped.vocabulary):
            sharing = [shipped.stories[story] for story in pattern.stories]
            assert len(sharing) >= 2
            assert {(story.industry, story.change) for story in sharing} == {(industry, pattern.change)}
            assert len(sharing) == sum(story.change == pattern.change for story in here)


# --- words ------------------------------------------------------------------------------------------------------------


def test_the_words_of_a_pattern_are_those_most_of_its_stories_use_and_others_do_not():
    nurses = "The nurses left and the ministry wrote."
    stories = [plain(f"ward-{n}", beats={"change": nurses, "pain": "Beds stood empty."}) for n in range(2)]
    third = plain("ward-3", beats={"change": "The ministry wrote.", "pain": "Porridge froze."})
    others = [plain(f"other-{n}", "margin", beats={"change": "The ministry wrote."}) for n in range(5)]
    (pattern,) = found_in(*stories, third, shelf=[*stories, third, *others])
    assert set(pattern.words) <= {"nurses", "left", "beds", "stood", "empty"}
    assert len(pattern.words) == 3


def test_a_word_that_half_of_the_stories_use_is_not_the_words_of_most():
    beats = {"change": "The nurses left."}
    stories = [plain("a-story", beats=beats), plain("b-story", beats=beats), plain("c-story"), plain("d-story")]
    (pattern,) = found_in(*stories, shelf=[*stories, plain("other", "margin")])
    assert pattern.words == ()
    assert found_in(*stories[:3], shelf=[*stories, plain("other", "margin")])[0].words == ("left", "nurses")


def test_forms_of_a_word_are_one_word():
    one, other = (plain(f"a-{n}", beats={"pain": pain}) for n, pain in enumerate(["A nurse cried.", "Nurses rang."]))
    (pattern,) = found_in(one, other, shelf=[one, other, plain("other", "margin")])
    assert pattern.words == ("nurses",)


@pytest.mark.parametrize("beat", ["who", "need", "decision", "win", "question"])
def test_only_what_changed_and_what_it_cost_and_the_tags_make_a_pattern(beat):
    rest = [plain("other", "margin")]
    stories = [plain(f"a-{n}", beats={beat: "The porridge froze."}) for n in range(2)]
    assert found_in(*stories, shelf=[*stories, *rest])[0].words == ()
    tagged = [replace(story, tags=("frozen porridge",)) for story in stories]
    assert found_in(*tagged, shelf=[*tagged, *rest])[0].words == ("frozen", "porridge")


def test_customers_words_come_from_their_quotes_their_needs_and_the_tags():
    quote = 'Waiting was free. She said: "I want the bad number before noon."'
    stories = [plain(f"a-{n}", beats={"decision": quote, "need": "To see the boats."}) for n in range(2)]
    assert set(telling_words(stories, [*stories, plain("other")])) == {"want", "number", "noon", "boats"}
    assert len(telling_words(stories, [*stories, plain("other")], most=2)) == 2


def test_one_story_alone_has_words_of_its_own_and_no_story_has_none():
    story = plain("a-story", beats={"need": "To see the boats."})
    assert telling_words([story], [story, plain("other")]) == ("boats",)
    assert telling_words([], [story]) == ()


def test_a_word_everybody_uses_tells_nothing():
    stories = [plain(f"a-{n}", beats={"need": "To see the boats."}) for n in range(4)]
    assert telling_words(stories[:2], stories) == ()
    assert found_in(*stories[:2], shelf=stories)[0].words == ()


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_half_of_a_word_with_an_apostrophe_is_no_word(apostrophe):
    need = f"They couldn{apostrophe}t see the boats and didn{apostrophe}t ask."
    stories = [plain(f"a-{n}", beats={"need": need}) for n in range(2)]
    assert telling_words(stories, [*stories, plain("other")]) == ("boats",)


def test_every_shared_word_on_the_shelf_that_ships_stands_in_the_storys_own_beats(shipped):
    stories = list(shipped)
    words = 0
    for pattern in patterns(stories, stories, shipped.vocabulary):
        sharing = [words_of(shipped.stories[story], Beat.CHANGE, Beat.PAIN) for story in pattern.stories]
        for word in pattern.words:
            words += 1
            assert sum(set(terms(word)) <= said for said in sharing) > len(sharing) / 2, word
    tellings = {story.id: words_of(story, *Beat) for story in stories}
    for industry in sorted({story.industry for story in stories}):
        here = [story for story in stories if story.industry == industry]
        own = [words_of(story, Beat.DECISION, Beat.NEED) for story in here]
        for word in telling_words(here, stories):
            words += 1
            stem = set(terms(word))
            assert any(stem <= said for said in own), word
            assert sum(stem <= tellings[story.id] for story in here) >= min(2, len(here)), word
            elsewhere = [said for story, said in tellings.items() if shipped.stories[story].industry != industry]
            assert sum(stem <= said for said in elsewhere) <= 0.15 * len(elsewhere), word
    assert words > 50


# --- names ------------------------------------------------------------------------------------------------------------

NAMED = {
    "change": "Sardinella closed for fifty days.",
    "pain": "SARDINELLA-NORTE paid. Lurdes wept. Sardinella's tins froze.",
    "need": "Lurdes Amaro of Sardinella had to see it.",
    "decision": 'Lurdes said: "Sardinella Norte must know. Amaro must know."',
}


@pytest.mark.parametrize("show_as", ShowAs)
def test_no_customers_or_contacts_name_is_a_word_however_many_stories_carry_it(show_as):
    stories = [plain(f"a-{n}", beats=NAMED, tags=("sardinella tins",), show_as=show_as) for n in range(4)]
    shelf = [*stories, *(plain(f"other-{n}", "margin") for n in range(4))]
    words = {*telling_words(stories, shelf, most=50), *found_in(*stories, shelf=shelf)[0].words}
    assert "tins" in words
    assert not words & {"sardinella", "norte", "lurdes", "amaro", "sardinellas"}


def test_nor_is_what_stands_in_a_names_place():
    stories = [
        plain(f"a-{n}", beats={"pain": "Lurdes paid Sardinella.", "need": "Lurdes of Sardinella."}) for n in "12"
    ]
    shelf = [*stories, plain("other", "margin")]
    assert found_in(*stories, shelf=shelf)[0].words == ("paid",)
    assert telling_words(stories, shelf) == ()
