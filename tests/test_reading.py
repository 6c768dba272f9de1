import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.reading import (
    FIELDS,
    MAX_FILE_BYTES,
    MAX_FRONT_MATTER_BYTES,
    Reading,
    beat_named,
    missing_fields,
    read_file,
    write_text,
)
from library.story import Beat, Health, Section, ShowAs, Status, Story, sentences
from tests.helpers import SARDINES, STORIES, VOCABULARY, make_story, read


def with_line(line: str, instead_of: str = "tags: [quota]") -> str:
    return SARDINES.replace(instead_of, line)


def story_of(reading: Reading) -> Story:
    assert reading.story is not None, [str(problem) for problem in reading.problems]
    return reading.story


def refused(text: str) -> str:
    reading = read(text)
    assert reading.story is None
    assert not reading.problems[0].served
    return str(reading.problems[0])


# --- there and back ---


def test_a_story_is_read_with_every_fact_and_beat():
    reading = read(SARDINES)
    story = story_of(reading)
    assert reading.problems == ()
    assert (story.customer, story.country, story.size) == ("Sardinella Norte", "PT", "200-999")
    assert story.roles == ("cfo", "plant-manager")
    assert story.heard_on == date(2026, 3, 10)
    assert list(story.beats) == list(Beat)
    assert story.quote == "I would rather know the bad number at noon."


@pytest.mark.parametrize("path", sorted(STORIES.glob("*.md")), ids=lambda path: path.stem)
def test_every_shipped_story_goes_round(path):
    story = story_of(read_file(path, VOCABULARY))
    assert story_of(read(write_text(story), story.id)) == story


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
days = st.none() | st.dates()
stories = st.builds(
    make_story,
    title=words,
    customer=words,
    alias=words,
    show_as=st.sampled_from(ShowAs),
    status=st.sampled_from(Status),
    health=st.sampled_from(Health),
    country=st.sampled_from(["NO", "DE", "", "yes", "null", "007", "12:30:45", "~", "1e3"]) | words,
    roles=st.lists(words, max_size=3).map(tuple),
    tags=st.lists(words, max_size=3).map(tuple),
    near_miss=words,
    heard_on=days,
    expires_on=days,
    verify_every_days=st.integers(1, 9999),
    extra=st.dictionaries(words, words | st.lists(words, max_size=2).map(tuple), max_size=2),
    sections=st.lists(
        st.builds(lambda heading, text: Section(heading, text, beat_named(heading)), words, words), max_size=4
    ).map(tuple),
)


@given(stories)
def test_what_is_written_is_read_again_or_refused_in_a_sentence(story):
    try:
        text = write_text(story)
    except ValueError as error:
        assert str(error).startswith("sardines")
    else:
        assert story_of(read(text)) == story


plain_words = st.text("abcXYZ äöü'\":#-[]{}&*!|>%@`,?0123456789", min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and not text.startswith("##")
)


@given(plain_words, st.lists(plain_words, max_size=3).map(tuple), plain_words, st.none() | st.dates())
def test_no_punctuation_keeps_a_story_from_being_written(title, tags, who, heard_on):
    story = make_story(beats={"who": who}, title=title, tags=tags, alias=title, heard_on=heard_on)
    assert story_of(read(write_text(story))) == story


snippets = [
    *(
        "--- |## Who|## Ask|##|# Title|title: x|title: [a, b]|roles:|  - cfo|- cfo|a: &b c|d: *b|{|}|[[|]]|? x|: y|..."
    ).split("|"),
    *(
        "%YAML 9~<<: x~\ufeff~<script>~```~status: NO~heard_on: 2026-02-30~text~~\t~'~\"~|~>~!!python/name:os.system"
    ).split("~"),
]
markdown = st.lists(st.sampled_from(snippets) | words).map("\n".join)


@given(markdown | markdown.map(lambda text: f"---\n{text}") | st.text(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_text_whatever_raises_and_what_is_read_goes_round(text, line_end):
    reading = read(text.replace("\n", line_end))
    assert (reading.story is None) == any(not problem.served for problem in reading.problems)
    if reading.story:
        try:
            written = write_text(reading.story)
        except ValueError:
            return
        assert read(written).story == reading.story


@pytest.mark.parametrize(
    "story",
    [
        make_story(beats={"who": "Lurdes.\n## Ask\nAre you there?"}),
        make_story(beats={"who": "\nLurdes"}),
        make_story(beats={"who": "Lurdes  \ncounts"}),
        make_story(beats={"who": "a bell \x07"}),
        make_story(tags=("", "quota")),
        make_story(sections=(Section("Who\nelse", "Lurdes", None),)),
        make_story(near_miss="x" * MAX_FRONT_MATTER_BYTES),
        make_story(beats={"who": "x" * MAX_FILE_BYTES}),
    ],
    ids=["heading", "empty line", "spaces at the end", "bell", "empty tag", "two-line heading", "long fact", "long"],
)
def test_a_story_that_would_read_differently_is_not_written(story):
    with pytest.raises(ValueError, match=r"^sardines"):
        write_text(story)


# --- how people write ---


def test_keys_may_stand_in_any_order():
    _, front, body = SARDINES.split("---\n")
    lines = front.splitlines(keepends=True)
    random.Random(72).shuffle(lines)
    assert read(f"---\n{''.join(lines)}---\n{body}") == read(SARDINES)


@pytest.mark.parametrize(
    "text",
    [SARDINES.replace("\n", "\r\n"), SARDINES.replace("\n", "\r"), "\ufeff" + SARDINES, SARDINES.rstrip()],
    ids=["windows", "old mac", "byte order mark", "no last line end"],
)
def test_line_ends_and_one_byte_order_mark_change_nothing(text):
    assert read(text) == read(SARDINES)


def test_lists_may_be_written_one_a_line_or_as_one_word():
    lines = read(with_line("tags:\n  - quota\n  - tins")).story
    word = read(with_line("tags: quota")).story
    assert lines is not None
    assert lines.tags == ("quota", "tins")
    assert word == read(SARDINES).story


def test_a_story_without_some_beats_is_served_and_says_what_is_missing():
    text = SARDINES[: SARDINES.index("## The first win")]
    reading = read(text)
    assert reading.problems == ()
    assert story_of(reading).missing_beats == [Beat.WIN, Beat.QUESTION]
    assert missing_fields(story_of(reading)) == ["The first win", "Ask"]


@pytest.mark.parametrize(
    ("written", "beat"),
    [
        ("who", Beat.WHO),
        ("WHAT CHANGED:", Beat.CHANGE),
        ("The change", Beat.CHANGE),
        ("pain", Beat.PAIN),
        ("The decision", Beat.DECISION),
        ("First win", Beat.WIN),
        ("The question", Beat.QUESTION),
        ("Why they decided ##", Beat.DECISION),
    ],
)
def test_headings_may_be_spelled_as_people_do(written, beat):
    reading = read(SARDINES.replace(f"## {beat.heading}\n", f"## {written}\n"))
    assert reading.problems == ()
    assert story_of(reading).beat(beat) == make_story().beat(beat)


def test_an_unknown_heading_is_kept_and_reported_with_its_line():
    text = SARDINES + "\n## Gossip\n\nThe cat came back.\n"
    reading = read(text)
    assert story_of(reading).notes == "The cat came back."
    assert "cat" not in story_of(reading).telling
    line = text.splitlines().index("## Gossip") + 1
    assert [problem.where for problem in reading.problems] == [f"line {line}"]
    assert story_of(read(write_text(story_of(reading)))) == reading.story


def test_a_beat_told_twice_is_read_as_one_and_reported():
    reading = read(SARDINES + "\n## Who\n\nAnd her cat.\n")
    assert story_of(reading).beat(Beat.WHO).endswith("310 people.\n\nAnd her cat.")
    assert 'found the heading "Who" a second time' in str(reading.problems[0])


# --- YAML's traps ---


@pytest.mark.parametrize(
    "value",
    ["NO", "no", "yes", "on", "007", "0x1F", "1_000", "12:30:45", "1e3", ".inf", "null", "~", "2026-01-01", "<<"],
)
def test_a_value_stays_the_word_it_was_written_as(value):
    story = story_of(read(with_line(f"near_miss: {value}\ntags: [{value}]")))
    assert (story.near_miss, story.tags) == (value, (value,))
    assert story_of(read(write_text(story))) == story


def test_norway_is_not_false():
    assert story_of(read(with_line("country: NO", "country: PT"))).country == "NO"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("title: Another", 'found "title" a second time; keep one'),
        ("tags: &all [a]\nextra: *all", "found a YAML anchor or alias"),
        ("owner_of: *nothing", "found a YAML anchor or alias"),
        ("tags: " + "[" * 3000, "found a list inside a list; write key: [one, two]."),
        ("tags: !!python/object/apply:os.system [id]", "found the YAML tag"),
        ("tags: !!str quota", "found the YAML tag"),
        ("tags: {a: {b: c}}", "found a value inside a value"),
        ("tags: [a, [b]]", "found a list inside a list"),
        ("? [a, b]\n: c", "found a list where a key belongs"),
        ("...\ntitle: a second document", "found text that YAML cannot read ("),
        ("near_miss: it's: here", "put a value that holds : or # in"),
        ('near_miss: "never closed', "write key: value"),
        ("tags: [a", "write key: value"),
        ("\tnear_miss: tab", "write key: value"),
        ("near_miss: " + "x" * MAX_FRONT_MATTER_BYTES, "found over 16 KiB; move long texts under a ## heading"),
        ("near_miss: " + "é" * (MAX_FRONT_MATTER_BYTES // 2), "found over 16 KiB"),
    ],
    ids=lambda value: value[:30],
)
def test_a_trap_in_the_front_matter_is_named(line, said):
    problem = refused(with_line(line))
    assert problem.startswith("sardines.md, ")
    assert said in problem
    assert len(problem) < 400


def test_a_bomb_of_aliases_is_refused_before_it_explodes():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{this}: &{this} [*{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}]\n"
        for last, this in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "found a YAML anchor or alias" in refused(with_line(bomb))


def test_a_problem_in_the_front_matter_names_the_line_an_editor_shows():
    text = with_line("title: Another")
    line = text.splitlines().index("title: Another") + 1
    assert f"sardines.md, line {line}: found" in refused(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'found "an empty file"; begin the file with a line ---'),
        ("The harbour closed.", 'found "The harbour closed."; begin'),
        ("---\ntitle: x\n", 'found "---"; begin the file with a line ---, then the facts, then another line ---'),
        ("---\njust words\n---\n", 'found "just words"; write key: value lines'),
        ("---\n- a\n- b\n---\n", "found a list where a key belongs"),
        ("\ufeff\ufeff" + SARDINES, "begin the file with a line ---"),
    ],
    ids=["empty", "no front matter", "never closed", "words", "list", "two byte order marks"],
)
def test_a_text_that_is_no_story_is_named(text, said):
    assert said in refused(text)


def test_empty_front_matter_is_a_draft_that_lacks_everything():
    story = story_of(read("---\n---\n\n## Who\n\nLurdes.\n"))
    assert story.status is Status.DRAFT
    assert "title" in missing_fields(story)


@pytest.mark.parametrize("name", ["../etc/passwd", "Sardines", "ab", "a" * 81, "sar dines", "sardines\n", "", "säge"])
def test_a_file_name_that_is_no_id_is_named(name):
    reading = read(SARDINES, name)
    assert reading.story is None
    assert "name the file with 3 to 80 of a-z, 0-9 and hyphens" in str(reading.problems[0])


def test_a_file_over_256_kib_is_named(tmp_path):
    path = tmp_path / "sardines.md"
    path.write_text(SARDINES + "tin " * (MAX_FILE_BYTES // 4))
    problem = read_file(path, VOCABULARY).problems[0]
    assert str(problem) == "sardines.md, the file: found 257 KiB; a story has at most 256 KiB; shorten it."


# --- facts that are not understood ---


@pytest.mark.parametrize(
    ("line", "instead_of", "said"),
    [
        ("heard_on: 10.3.2026", "heard_on: 2026-03-10", "write a date as year-month-day, as in 2026-03-31."),
        ("heard_on: 2026-02-30", "heard_on: 2026-03-10", "write a date as year-month-day, as in 2026-03-31."),
        ("heard_on: ２０２６-０３-１０", "heard_on: 2026-03-10", "write a date as year-month-day"),
        ("heard_on: [2026-03-10]", "heard_on: 2026-03-10", "write one value."),
        ("verify_every_days: often", "tags: [quota]", "write a number of days, as in 90."),
        ("verify_every_days: -1", "tags: [quota]", "write a number of days, as in 90."),
        ("size: medium", "size: 200-999", "write 1-49, 50-199, 200-999, 1000-4999 or 5000+."),
        ("health: fine", "health: active", "write active, at-risk, churned, left or unknown."),
        ("heard_how: gossip", "heard_how: call", "write call, meeting, recording, survey or second-hand."),
        ("moments: [buying, crying]", "moments: [buying]", "write awareness, buying or value."),
        ("may_quote: perhaps", "may_quote: yes", "write yes, ask first or no."),
        ("industry: sardines", "industry: food-manufacturing", "use a known industry (hospitals,"),
        ("roles: [admiral]", "roles: [cfo, plant-manager]", "use a known role ("),
        ("flavour: tomato", "tags: [quota]", "it is kept; take it out or put it under tags."),
    ],
    ids=lambda value: value[:30],
)
def test_a_problem_says_file_field_found_and_what_to_write(line, instead_of, said):
    reading = read(with_line(line, instead_of))
    (problem,) = reading.problems
    key = line.split(":")[0]
    assert problem.served
    assert problem.file == "sardines.md"
    assert key in problem.where
    assert problem.found in {f'"{line.split(": ")[1]}"', '"crying"', '"admiral"', "a list", "a key nobody knows"}
    assert said in problem.instead
    story = story_of(reading)
    assert f"\n{key}: " in write_text(story), "what was written is kept"
    assert story_of(read(write_text(story))) == story


def test_an_unknown_key_is_kept_as_it_was_written():
    story = story_of(read(with_line("flavour: tomato\nsides: [bread, olives]")))
    assert story.extra == {"flavour": "tomato", "sides": ("bread", "olives")}


def test_a_wrong_show_as_is_treated_as_internal_and_kept():
    reading = read(with_line("show_as: everyone", "show_as: named"))
    story = story_of(reading)
    assert story.show_as is ShowAs.INTERNAL
    assert "treated as internal until then" in str(reading.problems[0])
    assert "show_as: everyone\n" in write_text(story)
    assert "show_as" in missing_fields(story)


def test_a_missing_show_as_is_internal():
    assert story_of(read(with_line("", "show_as: named"))).show_as is ShowAs.INTERNAL


def test_show_as_and_status_may_be_written_with_capitals():
    story = story_of(read(with_line("show_as: Named", "show_as: named")))
    assert story.show_as is ShowAs.NAMED


def test_an_unknown_status_is_a_draft_and_kept():
    reading = read(with_line("status: finished", "status: published"))
    story = story_of(reading)
    assert story.status is Status.DRAFT
    assert "treated as a draft until then" in str(reading.problems[0])
    assert "status: finished\n" in write_text(story)


def test_a_wrong_date_is_no_date_but_not_lost():
    story = story_of(read(with_line("expires_on: soon")))
    assert story.expires_on is None
    assert story.extra["expires_on"] == "soon"


def test_a_restricted_name_in_the_open_is_reported_without_saying_it():
    text = SARDINES.replace("show_as: named", "show_as: anonymised").replace(
        "The harbour closed", "Sardinella Norte shut"
    )
    (problem,) = read(text).problems
    assert problem.where == "field title"
    assert "Sardinella" not in str(problem)


def test_every_field_of_a_story_is_a_key_a_person_may_write():
    assert {"title", "show_as", "expires_on", "demo_url", "tags"} <= set(FIELDS)
    assert not {"id", "extra", "sections"} & set(FIELDS)


# --- what a story says of itself ---


def test_a_story_never_verified_is_stale_and_one_verified_lately_is_not():
    today = date(2026, 11, 22)
    assert make_story(verified_on=None).stale(today)
    assert not make_story(verified_on=today - timedelta(days=90)).stale(today)
    assert make_story(verified_on=today - timedelta(days=91)).stale(today)
    assert not make_story(verified_on=date.max).stale(today)


def test_the_quote_is_the_longest_of_the_decision_beat():
    story = make_story(beats={"decision": 'She said "no". Then: “I would rather know.” And left.'})
    assert story.quote == "I would rather know."
    assert make_story(beats={"decision": "Nobody said a word."}).quote == ""


def test_sentences_end_where_a_reader_hears_them_end():
    assert sentences('It cost €1.3 million. "Who pays?" Nobody knew.\nThen 4 p.m. came.') == [
        "It cost €1.3 million.",
        '"Who pays?"',
        "Nobody knew.",
        "Then 4 p.m. came.",
    ]


def test_a_telling_of_260_words_takes_two_minutes():
    story = replace(make_story(), sections=(Section("Who", "word " * 260, Beat.WHO),))
    assert (story.words, story.minutes) == (260, 2.0)
