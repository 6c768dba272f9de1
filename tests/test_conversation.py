"""Every kind of turn, on the real model over the shelf that ships."""

import pytest

from library.conversation import Conversation, Kind, Talk
from library.match import Verdict
from library.people import Person, Role
from library.wishes import Wish
from tests.helpers import TODAY

pytestmark = pytest.mark.model

NURSES = "Nurses keep leaving for agencies since the towns pay better, and the agency bill is out of control."
LEDGERS = "A regional bank bought another bank and now runs two ledgers; the close takes three weeks."
BAKERY = "A bakery whose energy bill doubled, and nobody knows which bread still has a margin."


@pytest.fixture(scope="module")
def talk(real_library) -> Talk:
    return Talk(real_library.state.search, Person("Ravi Shah", Role.REP), TODAY)


def said(talk: Talk, *turns: str) -> Conversation:
    conversation = Conversation()
    for words in turns:
        conversation = talk.say(conversation, words)
    assert [turn.said for turn in conversation.turns] == list(turns)
    return conversation


def last(conversation: Conversation):
    return conversation.turns[-1].reply


def shown(conversation: Conversation) -> list[str]:
    return [match.story.id for match in last(conversation).matches]


def chips(conversation: Conversation) -> set[str]:
    return {facet.key for facet in conversation.chips}


def beat_text(conversation: Conversation) -> str:
    story = last(conversation).answer.story
    return " ".join(story.telling.split())


# --- a first description ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "story"),
    [
        (NURSES, "hospital-agency-nurses"),
        (LEDGERS, "regional-bank-two-ledgers"),
        (BAKERY, "bakery-energy-bill"),
        ("ransomware, shops could not see their stock", "bookshops-ransomware"),
        ("Customers now demand repairs within four hours, it's in the new contracts", "pump-maker-uptime"),
    ],
)
def test_a_description_gets_the_closest_stories(talk, words, story):
    conversation = said(talk, words)
    assert last(conversation).kind is Kind.DESCRIPTION
    assert last(conversation).verdict is Verdict.CLOSE
    assert shown(conversation)[0] == story
    assert 1 <= len(shown(conversation)) <= 3
    assert conversation.table == tuple(shown(conversation))
    assert "close" in last(conversation).text


def test_nothing_is_an_answer(talk):
    conversation = said(talk, "A zoo whose elephants refuse the new hay since the keeper left for a circus")
    assert last(conversation).verdict is Verdict.NOTHING
    assert shown(conversation) == []
    assert "Nothing on the shelf fits" in last(conversation).text


# --- a refinement ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "and their CFO is new",
        "their CFO is new",
        "the CFO only started in May",
        "also they have a new CFO who wants numbers by noon",
        "they're losing the second site too, says the CFO",
    ],
)
def test_a_refinement_adds_to_what_was_said(talk, words):
    conversation = said(talk, NURSES, words)
    assert last(conversation).kind is Kind.REFINEMENT
    assert conversation.situation.text.startswith(NURSES.rstrip("."))
    assert "lean:role:cfo" in chips(conversation)
    assert "hospital-agency-nurses" in shown(conversation)


def test_an_answer_to_the_question_back_belongs_to_the_description(talk):
    conversation = said(talk, "budget is the objection", "student numbers were capped by the government in spring")
    assert last(conversation).kind is Kind.REFINEMENT
    assert "university-student-cap" in shown(conversation)
    assert "budget" in conversation.situation.text


# --- a turn of the facets --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "chip"),
    [
        ("what about healthcare?", "only:industry:healthcare"),
        ("how about hospitals", "only:industry:hospitals"),
        ("and for a CFO?", "only:role:cfo"),
        ("for a CFO", "only:role:cfo"),
        ("only banks", "only:industry:banking"),
        ("banks only", "only:industry:banking"),
        ("not public sector", "not:industry:public-sector"),
        ("no hospitals please", "not:industry:hospitals"),
        ("in Germany", "only:country:DE"),
        ("and in Germany?", "only:country:DE"),
        ("do you have something in Germany?", "only:country:DE"),
        ("do you have one in Germany?", "only:country:DE"),
        ("have you got anything from Germany?", "only:country:DE"),
        ("is there one in Germany?", "only:country:DE"),
        ("show me something in Germany", "only:country:DE"),
        ("any German examples?", "only:country:DE"),
        ("can you show me a German one?", "only:country:DE"),
        ("hmm, Germany?", "only:country:DE"),
        ("under 200 people", "only:size:0-199"),
        ("at least 1000 people", "only:size:1000-"),
        ("anything but retail", "not:industry:retail"),
    ],
)
def test_a_facet_turned_is_strict_and_keeps_the_pain(talk, words, chip):
    conversation = said(talk, NURSES, words)
    assert last(conversation).kind is Kind.FACETS
    assert chip in chips(conversation)
    assert conversation.situation.text == said(talk, NURSES).situation.text
    wish = next(f for f in conversation.chips if f.key == chip)
    for match in last(conversation).matches:
        carried = {f.key for f in match.evidence.agrees}
        assert (chip in carried) == (wish.wish is Wish.ONLY)


def test_a_country_asked_for_shows_only_stories_from_there(talk):
    conversation = said(
        talk, "Customers demand repairs within hours and we cannot promise them", "anything in Germany?"
    )
    assert shown(conversation)
    assert {match.story.country for match in last(conversation).matches} == {"DE"}


def test_an_industry_turned_replaces_the_one_before_and_its_words(talk):
    conversation = said(talk, "A bakery in Spain lost its planner and misses deliveries", "what about hospitals?")
    assert last(conversation).kind is Kind.FACETS
    assert "bakery" not in conversation.situation.text
    assert "lost its planner" in conversation.situation.text
    assert {f.value for f in conversation.chips if f.kind == "industry"} == {"hospitals"}
    again = talk.say(conversation, "and retail?")
    assert {f.value for f in again.chips if f.kind == "industry"} == {"retail"}


def test_either_of_two_industries(talk):
    conversation = said(talk, "the close takes three weeks since the merger", "only banks or insurers")
    assert shown(conversation)
    assert {match.story.industry for match in last(conversation).matches} <= {"banking", "insurance"}


@pytest.mark.parametrize(
    "words",
    ["in Germany the law changed and the foremen left", "what about a hospital whose vendor went bankrupt last year?"],
)
def test_a_facet_beside_something_new_is_no_mere_turn(talk, words):
    conversation = said(talk, NURSES, words)
    assert last(conversation).kind in {Kind.REFINEMENT, Kind.DESCRIPTION}
    assert words.split()[-2] in conversation.situation.text


def test_when_wishes_leave_nothing_the_reply_names_them(talk):
    one = said(talk, NURSES, "only banks in Jordan")
    assert last(one).verdict is Verdict.NOTHING
    assert "“Only banking” and “Only Jordan”" in last(one).text
    assert "one of them" in last(one).text
    several = talk.say(talk.say(one, "under 50 people"), "not Europe")
    for wish in ("“Only banking”", "“Only Jordan”", "“Only up to 49 people”", "“Not Europe”"):
        assert wish in last(several).text
    single = said(talk, NURSES, "in Jordan")
    assert "fits under “Only Jordan”. Take it away" in last(single).text


# --- a relative size -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["smaller", "something smaller", "a smaller company", "that is too big", "and smaller?"]
)
def test_smaller_is_smaller_than_the_story_on_the_table(talk, words):
    before = said(talk, NURSES)
    assert last(before).matches[0].story.size == "1000-4999"
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.FACETS
    assert chips(conversation) == {"only:size:0-999"}
    assert conversation.situation.text == before.situation.text
    assert all(match.story.size in {"1-49", "50-199", "200-999"} for match in last(conversation).matches)


@pytest.mark.parametrize("words", ["bigger", "a larger one please", "they are too small", "something bigger"])
def test_bigger_is_bigger_than_the_story_on_the_table(talk, words):
    conversation = said(talk, BAKERY, words)
    assert last(conversation).kind is Kind.FACETS
    (size,) = [f.value for f in conversation.chips if f.kind == "size"]
    assert size.endswith("-")
    assert int(size[:-1]) >= 200


# --- more like one ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("more like the second", 1),
        ("show me more like the second one", 1),
        ("something like number two", 1),
        ("stories similar to the 2nd", 1),
        ("another like the first", 0),
        ("more like the first one please", 0),
        ("the third one was good, more of that", 2),
        ("more like the last one", -1),
        ("more like that", 0),
    ],
)
def test_more_like_one_on_the_table(talk, words, place):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.MORE_LIKE
    meant = next(m.story for m in last(before).matches if m.story.id == before.table[place])
    assert meant.title in last(conversation).text
    assert shown(conversation)
    assert not set(shown(conversation)) & set(before.table)
    assert conversation.situation == before.situation


def test_more_like_one_pointed_at_by_its_trade_or_title(talk):
    before = said(talk, BAKERY)
    title = last(before).matches[0].story.title
    for words in ("more like the bakery", f"more like {title}"):
        assert title in last(talk.say(before, words)).text


def test_more_like_one_that_is_not_there_is_said(talk):
    before = said(talk, NURSES)
    conversation = talk.say(before, "more like the fourth")
    assert last(conversation).kind is Kind.MORE_LIKE
    assert last(conversation).text == f"There are {len(before.table)} stories on the table."
    assert conversation.situation == before.situation


# --- others ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["show others", "others", "show me more", "any others?", "something else", "what else?", "next", "none of these",
     "do you have any other stories?", "another one please"],
)  # fmt: skip
def test_others_are_other_stories(talk, words):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.OTHERS
    assert shown(conversation)
    assert not set(shown(conversation)) & set(before.table)
    assert conversation.situation == before.situation


def test_others_come_to_an_end(talk):
    conversation = said(talk, NURSES)
    seen = list(conversation.table)
    for _ in range(6):
        conversation = talk.say(conversation, "show others")
        seen += shown(conversation)
    assert len(seen) == len(set(seen))
    assert "all the shelf has" in last(conversation).text


# --- a question about a story shown ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["how long did it take them?", "how long did that take", "when did it go live?",
                                   "how quickly did it work?", "and how soon were they live?"])  # fmt: skip
def test_how_long_it_took(talk, words):
    conversation = said(talk, NURSES, words)
    assert last(conversation).kind is Kind.QUESTION
    assert last(conversation).text == (
        "Fjordheim Helse: In the week to 14 November 2025 their agency nights fell from nineteen to seven. "
        "First win on 14 November 2025."
    )


def test_a_rate_is_no_answer_to_how_long(talk):
    conversation = said(
        talk, "A discounter opened next door to the grocer and fruit gets binned", "how long did it take them?"
    )
    assert last(conversation).answer.story.id == "grocer-discounter-next-door"
    assert "210 kilos" not in last(conversation).text
    assert "In the week to 17 May 2026" in last(conversation).text
    assert last(conversation).text.endswith("First win on 17 May 2026.")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("what did the CFO say?", "I can always find money somewhere"),
        ("what did she say exactly?", "I can always find money somewhere"),
        ("can you give me their own words?", "I can always find money somewhere"),
        ("what did it cost them?", "61 million kroner"),
        ("how much did they lose?", "61 million kroner"),
        ("why did they buy?", "The payroll house had a tool"),
        ("what changed for them?", "state money for home nursing"),
        ("what did they need?", "which wards would be short"),
        ("by when did they need it?", "1 September 2025"),
        ("what was their first win?", "fell from nineteen to seven"),
        ("how many nurses left?", "a third of Marit's ward nurses"),
        ("what did they nearly buy?", "a two-year frame contract"),
        ("which alternatives did they look at?", "The payroll house had a tool"),
        ("who was the customer's boss in this story?", "Marit runs nursing"),
        ("how big are they?", "3,400-person hospital group"),
        ("where are they?", "Norway"),
        ("who told it?", "Hanne Bruun"),
        ("how old is this story?", "Heard on 3 December 2025, verified on 30 September 2026."),
        ("what is their name?", "Say the name aloud only"),
        ("can I name them?", "Say the name aloud only"),
        ("who is the customer?", "Say the name aloud only"),
    ],
)
def test_a_question_is_answered_by_quoting_the_story_with_its_name(talk, words, says):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    reply = last(conversation)
    assert reply.kind is Kind.QUESTION
    assert reply.text.startswith("Fjordheim Helse: ")
    assert says in reply.text
    assert reply.answer.said
    for sentence in reply.answer.sentences:
        assert sentence in beat_text(conversation), "quoted, never made up"
    assert conversation.table == before.table
    assert conversation.situation == before.situation


@pytest.mark.parametrize(
    "words",
    [
        "what colour is their logo?",
        "how many software licences did they buy?",
        "how many trucks do they have?",
        "what did the pilot say?",
        "what did the plant manager say?",
        "did they use SAP before?",
        "what was the ROI?",
        "which database did they choose for it?",
        "is there a video of them?",
    ],
)
def test_what_the_story_does_not_say(talk, words):
    conversation = said(talk, NURSES, words)
    assert last(conversation).kind is Kind.QUESTION
    assert last(conversation).text == "Fjordheim Helse: the story does not say."
    assert not last(conversation).answer.said


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("what did the second one cost?", 1),
        ("in the second one, why did they decide?", 1),
        ("and how long did the third take?", 2),
        ("what happened in the first story?", 0),
        ("what did the first win look like?", 0),
    ],
)
def test_a_question_may_point_at_any_story_on_the_table(talk, words, place):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.QUESTION
    assert last(conversation).answer.story.id == before.table[place]
    after = talk.say(conversation, "why did they buy?")
    assert last(after).answer.story.id == before.table[place], "the talk stays with that story"


def test_a_question_about_a_story_that_is_not_there(talk):
    conversation = said(talk, LEDGERS, "what did the sixth one cost?")
    assert "on the table" in last(conversation).text
    assert last(conversation).answer is None


def test_an_anonymised_story_is_quoted_under_its_alias(talk, real_library):
    story = next(s for s in real_library.state.shelf.tellable(TODAY) if s.show_as == "anonymised")
    conversation = said(talk, story.title)
    place = conversation.table.index(story.id)
    conversation = talk.say(conversation, f"why did the {('first', 'second', 'third')[place]} one buy?")
    assert last(conversation).text.lower().startswith(story.alias.lower())
    assert story.customer not in last(conversation).text


# --- a new prospect --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["new prospect", "New prospect.", "ok, new prospect", "next prospect please", "start over",
              "let's start over", "reset", "another deal", "forget all that", "new customer"]
)  # fmt: skip
def test_a_new_prospect_forgets_the_one_before(talk, words):
    conversation = said(talk, NURSES, "only hospitals", words)
    assert last(conversation).kind is Kind.NEW
    assert conversation.situation.text == ""
    assert conversation.chips == conversation.table == conversation.shown == ()
    assert len(conversation.turns) == 3
    assert "What changed" in last(conversation).text


@pytest.mark.parametrize(
    "opening", ["new prospect: ", "New prospect, ", "Next deal - ", "start over. ", "new customer: "]
)
def test_a_new_prospect_described_in_the_same_breath(talk, opening):
    conversation = said(talk, NURSES, "only hospitals", opening + BAKERY)
    assert last(conversation).kind is Kind.DESCRIPTION
    assert shown(conversation)[0] == "bakery-energy-bill"
    assert "Nurses" not in conversation.situation.text
    assert "only:industry:hospitals" not in chips(conversation)


@pytest.mark.parametrize(
    "words", ["New customer contracts demand four-hour repairs", "Start of the season, and cold-chain trucks run warm"]
)
def test_words_that_only_sound_like_a_new_prospect_are_kept(talk, words):
    assert said(talk, words).situation.text == words


def test_another_trade_at_length_is_a_new_description(talk):
    conversation = said(talk, LEDGERS, BAKERY)
    assert last(conversation).kind is Kind.DESCRIPTION
    assert conversation.situation.text == BAKERY
    assert shown(conversation)[0] == "bakery-energy-bill"


# --- talk ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["hello", "Hi there!", "good morning", "what can you do?", "help", "test", "?", "",
                                   "👋", "who are you?", "how are you today?"])  # fmt: skip
def test_small_talk_gets_no_story_but_the_way_in(talk, words):
    for before in ((), (NURSES,)):
        conversation = said(talk, *before, words)
        assert last(conversation).kind is Kind.TALK
        assert shown(conversation) == []
        assert "what changed for them" in last(conversation).text.lower()


@pytest.mark.parametrize("words", ["thanks", "Thank you very much!", "great, thanks", "perfect", "ok bye", "cheers"])
def test_thanks_get_a_short_fitting_reply(talk, words):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.TALK
    assert last(conversation).text.startswith("You are welcome.")
    assert (conversation.table, conversation.situation) == (before.table, before.situation)


@pytest.mark.parametrize(
    "words",
    ["what's the weather today?", "what time is it?", "tell me a joke", "where can I park at the office?",
     "how do I book a holiday?", "can you write me a poem?", "what's the capital of France?"],
)  # fmt: skip
def test_off_topic_talk_gets_no_story_and_leaves_no_trace(talk, words):
    conversation = said(talk, words)
    assert last(conversation).kind is Kind.TALK
    assert shown(conversation) == []
    assert conversation.situation.text == ""
    assert shown(talk.say(conversation, NURSES))[0] == "hospital-agency-nurses"
    assert talk.say(conversation, NURSES).situation.text == said(talk, NURSES).situation.text


@pytest.mark.parametrize("words", ["what's the weather tomorrow?", "what time is it?", "tell me a joke"])
def test_off_topic_talk_in_between_changes_nothing(talk, words):
    before = said(talk, NURSES)
    conversation = talk.say(before, words)
    assert last(conversation).kind is Kind.TALK
    assert (conversation.table, conversation.situation) == (before.table, before.situation)


# --- the question back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("budget is the objection", "What changed for them?"),
        ("a mid-size wholesaler in Austria", "What changed for them, and what does it cost them?"),
        ("an airline with a new owner", "And what does it cost them to stay as they are?"),
    ],
)
def test_what_is_missing_is_asked_for_once(talk, words, asks):
    conversation = said(talk, words)
    assert last(conversation).asks == asks
    for more in ("they are nice people", "in Austria", "and rather modest"):
        conversation = talk.say(conversation, more)
        assert last(conversation).asks == ""
    assert last(said(talk, words, "new prospect: " + words)).asks == asks, "a new prospect may be asked about again"


def test_a_close_match_is_not_held_up_by_a_question(talk):
    assert last(said(talk, NURSES)).asks == ""


# --- chips -----------------------------------------------------------------------------------------------------------


def test_a_chip_is_taken_away_and_the_search_is_done_again(talk):
    held = said(talk, NURSES, "only banks in Jordan")
    assert shown(held) == []
    freed = talk.without(talk.without(held, "only:country:JO"), "only:industry:banking")
    assert freed.chips == ()
    assert shown(freed)[0] == "hospital-agency-nurses"
    assert freed.turns[-1].said == "Without “Only banking”"
    assert last(freed).kind is Kind.FACETS
    assert talk.without(freed, "only:industry:banking") == freed


def test_wishes_said_before_any_situation_are_kept_for_it(talk):
    conversation = said(talk, "only hospitals")
    assert last(conversation).text.startswith("Noted.")
    conversation = talk.say(conversation, "people leave and temps cost a fortune since May")
    assert chips(conversation) >= {"only:industry:hospitals"}
    assert {match.story.industry for match in last(conversation).matches} == {"hospitals"}


def test_a_turn_never_changes_the_conversation_before_it(talk):
    before = said(talk, NURSES)
    copy = (before.turns, before.situation, before.table, before.focus)
    for words in (
        "smaller",
        "show others",
        "more like the second",
        "what about banks?",
        "how long did it take?",
        "reset",
    ):
        talk.say(before, words)
    assert (before.turns, before.situation, before.table, before.focus) == copy
