"""The checks: each on a sound story, and on that story with one thing wrong; the shelf; product case studies."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.checks import PRODUCT_CENTRIC
from library.checks.checks import CHECKS, check, check_text
from library.checks.findings import Reason, Verdict
from library.checks.words import Words
from library.story import Beat, Status
from library.vocabulary import VocabularyError
from tests.helpers import STORIES, VOCABULARY, read

WORDS = Words.load(VOCABULARY)
SOUND = read((STORIES / "hospital-agency-nurses.md").read_text(encoding="utf-8"), "nurses").story
CASE_STUDIES = Path(__file__).with_name("case_studies.jsonl")
UNSEEN = Path(__file__).with_name("case_studies_unseen.jsonl")
"""By another writer, after the words of the checks were chosen."""


def told(beats=None, **facts):
    sections = tuple(replace(s, text=(beats or {}).get(s.beat, s.text)) for s in SOUND.sections)
    return replace(SOUND, sections=sections, **facts)


def findings(story):
    return {finding.check: finding for finding in check(story, WORDS).findings}


def case_studies(file=CASE_STUDIES):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


# --- One thing wrong --------------------------------------------------------------------------------------------------


def test_a_sound_story_passes_every_check():
    checked = check(SOUND, WORDS)
    assert [f.sentence for f in checked.findings if f.verdict is not Verdict.PASS] == []
    assert len(checked.findings) == len(CHECKS)
    assert checked.publishable
    assert checked.reasons == ()


LONG = " ".join(["One ward rang another."] * 30)
WRONG = {
    Reason.TOO_LONG: told({Beat.WHO: LONG}),
    Reason.TOO_SHORT: told({Beat.PAIN: "It cost 61 million, and she cried.", Beat.WHO: "Marit, a nurse."}),
    Reason.BEATS_MISSING: told({Beat.NEED: ""}),
    Reason.OUT_OF_ORDER: replace(SOUND, sections=(SOUND.sections[1], SOUND.sections[0], *SOUND.sections[2:])),
    Reason.OUR_SHARE: told({Beat.PAIN: "Our platform counts. Our module sees. We show it. Our suite knows. " * 3}),
    Reason.TITLE_NAMES_PRODUCT: told(title="How ERP Corp Workforce helped Fjordheim"),
    Reason.TITLE_TOO_LONG: told(title="In the spring of that year a third of all nurses on the wards left the group"),
    Reason.NO_DATED_CHANGE: told(
        {Beat.CHANGE: "The towns along the fjord got state money for home nursing, and they left."}
    ),
    Reason.NO_OUTSIDE_CHANGE: told(
        {Beat.CHANGE: "In 2024 the board set out to be digital and had a vision of its own."}
    ),
    Reason.NO_COST: told({Beat.PAIN: "It was tedious and unpleasant and went on and on."}),
    Reason.NEED_NAMES_PRODUCT: told({Beat.NEED: "A portal, role-based dashboards and an interface, by 1 May 2025."}),
    Reason.NO_DEADLINE: told({Beat.NEED: "To see which wards would be short."}, critical_date=None),
    Reason.NO_QUOTE: told(
        {Beat.DECISION: "Finance would have gone on buying. The payroll house had a tool. She chose."}
    ),
    Reason.QUOTE_TOO_LONG: told(
        {Beat.DECISION: f"One bank said wait. She would not. “{'I could not watch it any more ' * 5}.”"}
    ),
    Reason.QUOTE_PRAISES_US: told({Beat.DECISION: "One said wait. She chose: “ERP Corp is the one that we trust.”"}),
    Reason.NO_ALTERNATIVES: told({Beat.DECISION: "“I couldn't watch grown women beg by text.”"}, alternatives=()),
    Reason.NO_DOING_NOTHING: told(
        {Beat.DECISION: "The payroll house had a tool. One agency offered two years. “I couldn't watch it.”"},
        alternatives=("a tool", "one agency"),
    ),
    Reason.NO_DATED_WIN: told(
        {Beat.WIN: "Nights fell from nineteen to seven. She told the ward managers."}, first_win_on=None
    ),
    Reason.NOBODY_TOLD: told(
        {Beat.WIN: "In the week to 14 November 2025 nights fell from nineteen to seven."}, announced_to=""
    ),
    Reason.NUMBERS_BARE: told({Beat.WIN: "On 14 November 2025 it was good. She told everybody."}),
    Reason.HYPE: told({Beat.WHO: "Marit is a visionary who leads a world-class hospital group of 3,400 people."}),
    Reason.NO_QUESTION: told({Beat.QUESTION: "Let us talk about your wards."}),
    Reason.NO_PROVENANCE: told(heard_how="second-hand"),
    Reason.FACTS_MISSING: told(industry=""),
}


@pytest.mark.parametrize("reason", WRONG)
def test_one_thing_wrong_is_found_by_its_check(reason):
    assert reason in check(WRONG[reason], WORDS).reasons


def test_every_reason_is_found_somewhere():
    only_whole_texts = {Reason.OPENS_WITH_US, Reason.CUSTOMER_NOT_SUBJECT}
    assert set(Reason) - only_whole_texts == set(WRONG)


@pytest.mark.parametrize("reason", [Reason.BEATS_MISSING, Reason.FACTS_MISSING, Reason.TOO_LONG, Reason.OUR_SHARE])
def test_what_may_not_be_published_blocks(reason):
    found = next(f for f in check(WRONG[reason], WORDS).findings if reason in f.reasons)
    assert found.verdict is Verdict.BLOCK


@pytest.mark.parametrize("key", ["told_by", "heard_on", "title", "customer", "alias"])
def test_a_fact_that_publishing_needs_blocks_when_it_lacks(key):
    assert not check(told(**{key: None if key == "heard_on" else ""}), WORDS).publishable


def test_a_sentence_says_what_was_found_and_teaches():
    said = findings(told({Beat.WHO: "Marit is a visionary, she leads a robust group."}))["Plain words"].sentence
    assert "“visionary”, “robust”" in said
    late = findings(WRONG[Reason.OUT_OF_ORDER])["Seven beats"]
    assert late.beat is Beat.CHANGE
    assert "What changed stands too early" in late.sentence


def test_may_is_a_month_only_beside_a_number():
    undated = told({Beat.CHANGE: "A rival came, and others may follow. The nurses left."})
    dated = told({Beat.CHANGE: "A rival came in May 2025. The nurses left."})
    assert Reason.NO_DATED_CHANGE in check(undated, WORDS).reasons
    assert Reason.NO_DATED_CHANGE not in check(dated, WORDS).reasons


def test_what_a_customer_says_in_a_quote_is_not_ours():
    quoted = told(
        {Beat.DECISION: "Finance would wait. “We could not watch our people beg, we said so to our board.” She chose."}
    )
    assert check(quoted, WORDS).meter.share == 0


# --- The shelf and the case studies -----------------------------------------------------------------------------------


def test_the_good_stories_of_the_shelf_pass(shipped):
    good = [story for story in shipped if story.id not in PRODUCT_CENTRIC and story.status is not Status.DRAFT]
    checked = {story.id: check(story, WORDS) for story in good}
    assert len(good) > 60
    assert [story for story, c in checked.items() if c.product_centric or not c.publishable] == []
    second_hand = {story.id for story in good if story.heard_how == "second-hand"}
    advised = [story for story, c in checked.items() if c.verdict is Verdict.ADVISE and story not in second_hand]
    assert len(advised) <= 0.05 * len(good), advised


def test_the_product_centric_stories_of_the_shelf_are_named(shipped):
    for story in PRODUCT_CENTRIC:
        checked = check(shipped.get(story), WORDS)
        assert checked.product_centric
        assert not checked.publishable
        assert {Reason.OPENS_WITH_US, Reason.OUR_SHARE, Reason.HYPE} <= set(checked.reasons)


@pytest.mark.parametrize("study", case_studies(), ids=lambda study: study["id"])
def test_every_product_case_study_is_named_with_its_reason(study):
    checked = check_text(study["text"], WORDS, study["title"])
    assert checked.product_centric
    assert not checked.publishable
    right = {reason for reason in checked.reasons if reason in study["reasons"]}
    assert len(right) >= 0.7 * len(study["reasons"])


@pytest.mark.parametrize("study", case_studies(UNSEEN), ids=lambda study: study["id"])
def test_case_studies_by_another_writer_are_named_for_their_share_of_us(study):
    checked = check_text(study["text"], WORDS, study["title"])
    assert checked.product_centric
    assert Reason.OUR_SHARE in checked.reasons


def test_the_reasons_named_are_those_an_editor_names():
    editors = {reason for study in case_studies() for reason in study["reasons"]}
    named, right, labelled = 0, 0, 0
    for study in case_studies():
        said = set(check_text(study["text"], WORDS, study["title"]).reasons) & editors
        named, right = named + len(said), right + len(said & set(study["reasons"]))
        labelled += len(study["reasons"])
    assert right / named >= 0.9
    assert right / labelled >= 0.9


@pytest.mark.parametrize("vendor", ["Nordpeak", "Cloudwerk Systems"])
def test_a_case_study_of_a_vendor_nobody_knows_is_named_too(vendor):
    for study in case_studies():
        text, title = (study[part].replace("ERP Corp", vendor) for part in ("text", "title"))
        assert check_text(text, WORDS, title).product_centric, study["id"]


def test_a_good_story_as_a_plain_text_is_not_named(shipped):
    good = [story for story in shipped if story.id not in PRODUCT_CENTRIC]
    named = [story.id for story in good if check_text(story.telling, WORDS, story.title).product_centric]
    assert named == []


# --- Any text ---------------------------------------------------------------------------------------------------------


def test_headings_of_a_text_are_taken_for_beats_where_they_say_so():
    text = (
        "# The quay closed\n\n## What changed\n\nIn May 2025 the quay closed.\n\n## What it cost\n\nShe lost 40 boats."
    )
    piece = check_text(text, WORDS).piece
    assert piece.title == "The quay closed"
    assert piece.beats == {Beat.CHANGE: "In May 2025 the quay closed.", Beat.PAIN: "She lost 40 boats."}


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_has_a_verdict_and_sentences_without_holes(text, title):
    checked = check_text(text, WORDS, title)
    assert len(checked.findings) == len(CHECKS)
    assert all(finding.sentence.strip() for finding in checked.findings)
    assert 0 <= checked.meter.share <= 1


# --- A team's own words -----------------------------------------------------------------------------------------------


def test_a_team_adds_its_own_words(tmp_path):
    own = tmp_path / "checks.toml"
    own.write_text('[hype]\nwords = ["moonshot"]\n', encoding="utf-8")
    story = told({Beat.WHO: "Marit's moonshot, she says. She runs the nursing for a group of 3,400 people."})
    assert Reason.HYPE not in check(story, WORDS).reasons
    assert Reason.HYPE in check(story, Words.load(VOCABULARY, own)).reasons


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("[hipe]\nwords = []", "found [hipe]; write one of [product]"),
        ('[hype]\nwords = "moonshot"', 'write words = ["one", "two"]'),
        ("[hype]\nwords = [1]", "write words ="),
        ("hype", "not readable as TOML"),
    ],
)
def test_a_file_of_words_that_cannot_be_used_says_why(tmp_path, written, says):
    own = tmp_path / "checks.toml"
    own.write_text(written, encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"checks\.toml") as raised:
        Words.load(VOCABULARY, own)
    assert says in str(raised.value)


def test_no_fact_of_a_date_is_needed_to_hold_a_draft_against_the_checks():
    empty = replace(SOUND, sections=(), title="", customer="", heard_on=None, first_win_on=date(2025, 1, 1))
    checked = check(empty, WORDS)
    assert checked.verdict is Verdict.BLOCK
    assert {finding.check for finding in checked.of(Verdict.BLOCK)} >= {"Seven beats", "Title", "Facts"}
