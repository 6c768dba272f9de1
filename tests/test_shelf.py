import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.masking import without_names
from library.reading import read_file
from library.saving import save
from library.shelf import VOCABULARY_FILE, Shelf, ShelfError, facet_values, passages_of, slug, stamp
from library.story import Beat, Health, ShowAs, Status
from library.vocabulary import SIZES, Vocabulary, VocabularyError
from tests.helpers import SARDINES, TODAY, VOCABULARY, make_story, write_shelf

# --- a folder becomes a shelf ---


def test_stories_are_found_in_the_folder_and_in_the_folders_in_it(tmp_path):
    write_shelf(tmp_path, make_story("sardines"))
    write_shelf(tmp_path / "spain" / "coast", make_story("anchovies"))
    (tmp_path / "README.md").write_text("Not a story.")
    (tmp_path / "notes.txt").write_text("Not a story.")
    (tmp_path / ".sardines.md").write_text("An editor's own.")
    shelf = Shelf.read(tmp_path)
    assert sorted(story.id for story in shelf) == ["anchovies", "sardines"]
    assert (len(shelf), shelf.problems) == (2, ())
    assert shelf.get("sardines") == make_story()
    assert shelf.get("herrings") is None


def test_an_id_in_two_files_names_both_and_serves_neither(tmp_path):
    write_shelf(tmp_path, make_story("sardines"), make_story("anchovies"))
    write_shelf(tmp_path / "spain", make_story("sardines"))
    shelf = Shelf.read(tmp_path)
    assert [story.id for story in shelf] == ["anchovies"]
    assert [str(problem) for problem in shelf.problems] == [
        "sardines.md, file name: found the id sardines also in spain/sardines.md; "
        "rename one of them; until then neither is served.",
        "spain/sardines.md, file name: found the id sardines also in sardines.md; "
        "rename one of them; until then neither is served.",
    ]


def test_one_bad_file_never_hides_another(tmp_path):
    write_shelf(tmp_path, make_story("sardines"), make_story("tuna"))
    (tmp_path / "broken.md").write_text("---\ntags: [a\n---\n")
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "Capital Letters.md").write_text(SARDINES)
    shelf = Shelf.read(tmp_path)
    assert sorted(story.id for story in shelf) == ["sardines", "tuna"]
    assert {problem.file for problem in shelf.problems} == {"broken.md", "empty.md", "Capital Letters.md"}
    assert not any(problem.served for problem in shelf.problems)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ShelfError, match=r"There is no folder .*nowhere; name one that holds stories"):
        Shelf.read(tmp_path / "nowhere")


def test_an_empty_folder_is_an_empty_shelf(tmp_path):
    assert len(Shelf.read(tmp_path)) == 0


# --- who may be offered which story, and when ---


@pytest.mark.parametrize(
    ("changes", "tellable", "browsable"),
    [
        ({}, True, True),
        ({"status": Status.DRAFT}, False, False),
        ({"status": Status.REVIEW}, False, False),
        ({"status": Status.RETIRED}, False, False),
        ({"show_as": ShowAs.VERBAL}, True, True),
        ({"show_as": ShowAs.ANONYMISED}, True, True),
        ({"show_as": ShowAs.INTERNAL}, False, True),
        ({"show_as": ShowAs.INTERNAL, "status": Status.DRAFT}, False, False),
        ({"show_as": ShowAs.INTERNAL, "expires_on": TODAY - timedelta(days=1)}, False, False),
        ({"expires_on": TODAY}, True, True),
        ({"expires_on": TODAY - timedelta(days=1)}, False, False),
        ({"heard_on": date(2024, 11, 22)}, True, True),
        ({"heard_on": date(2024, 11, 21)}, False, False),
        ({"heard_on": date(2024, 11, 21), "expires_on": date(2027, 1, 1)}, True, True),
        ({"heard_on": None}, True, True),
        ({"health": Health.AT_RISK}, True, True),
        ({"health": Health.UNKNOWN}, True, True),
        ({"health": Health.CHURNED}, False, False),
        ({"health": Health.LEFT}, False, False),
        ({"verified_on": None}, True, True),
    ],
    ids=str,
)
def test_a_story_may_be_told_or_browsed(changes, tellable, browsable):
    shelf = Shelf({"sardines": make_story(**changes)}, vocabulary=VOCABULARY)
    assert (len(shelf.tellable(TODAY)), len(shelf.browsable(TODAY))) == (tellable, browsable)


@pytest.mark.parametrize(
    ("heard", "expires"),
    [
        (date(2026, 3, 10), date(2028, 3, 10)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(9999, 12, 31), date(9999, 12, 31)),
        (None, None),
    ],
)
def test_a_story_expires_24_months_after_it_was_heard(heard, expires):
    assert make_story(heard_on=heard).expires == expires


def test_a_stale_story_may_still_be_told():
    story = make_story(verified_on=date(2025, 1, 1))
    assert story.stale(TODAY)
    assert story.tellable(TODAY)


# --- facets and counts ---

some_stories = st.lists(
    st.builds(
        make_story,
        st.from_regex(r"[a-z]{3,8}", fullmatch=True),
        industry=st.sampled_from(["", "hospitals", "banking", "food-manufacturing"]),
        size=st.sampled_from(["", *SIZES]),
        roles=st.lists(st.sampled_from(["cfo", "coo", "owner"]), max_size=3).map(tuple),
    ),
    max_size=8,
    unique_by=lambda story: story.id,
)


@given(some_stories, st.sampled_from(["industry", "size", "roles"]))
def test_the_count_beside_a_filter_is_what_the_filter_finds(stories, facet):
    shelf = Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)
    counts = shelf.counts(shelf, facet)
    for value, count in counts.items():
        found = shelf.matching(shelf, {facet: [value]})
        assert len(found) == count
        assert all(value in facet_values(story, facet) for story in found)
    assert "" not in counts
    assert shelf.matching(shelf, {facet: ["never written"]}) == []


@given(some_stories)
def test_values_of_one_facet_widen_and_facets_narrow(stories):
    shelf = Shelf({story.id: story for story in stories}, vocabulary=VOCABULARY)
    both = {"industry": ["hospitals", "banking"], "roles": ["cfo"]}
    expected = [s for s in stories if s.industry in {"hospitals", "banking"} and "cfo" in s.roles]
    assert shelf.matching(shelf, both) == expected
    assert shelf.matching(shelf, {"industry": []}) == list(shelf)


# --- passages ---


def test_a_passage_is_a_beat_with_who_and_where_before_it():
    passages = passages_of(make_story(), VOCABULARY)
    assert [passage.beat for passage in passages if passage.beat] == list(Beat)
    assert passages[1].id == "sardines:change"
    assert passages[1].parts[0].startswith("Food manufacturing, ")
    assert passages[1].parts[0].endswith("In April 2025 the ministry closed the sardine grounds for fifty days.")


def test_the_fingerprint_changes_with_a_story_and_with_nothing_else(tmp_path):
    write_shelf(tmp_path, make_story(), make_story("tuna"))
    before = Shelf.read(tmp_path).fingerprint
    assert Shelf.read(tmp_path).fingerprint == before
    write_shelf(tmp_path, make_story(beats={"who": "Lurdes has retired."}))
    assert Shelf.read(tmp_path).fingerprint != before


# --- saving ---


def test_a_saved_story_is_read_again(tmp_path):
    path = save(make_story(title="Sardines & “quotas”"), tmp_path / "new")
    assert path == tmp_path / "new" / "sardines.md"
    assert read_file(path, VOCABULARY).story == make_story(title="Sardines & “quotas”")
    assert [file.name for file in path.parent.iterdir()] == ["sardines.md"]


@pytest.mark.parametrize(
    "story_id", ["../escape", "a/b", "..", "", "ab", "UPPER", "with space", "nul\0", "a" * 81, "id\n"]
)
def test_an_id_that_is_no_file_name_is_refused(tmp_path, story_id):
    with pytest.raises(ShelfError, match="is no file name; use 3 to 80"):
        save(make_story(story_id), tmp_path / "stories")
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_saving_leaves_the_old_story_and_no_litter(tmp_path, monkeypatch):
    save(make_story(), tmp_path)

    def crash(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        save(make_story(title="Never seen"), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["sardines.md"]
    assert Shelf.read(tmp_path).get("sardines") == make_story()


def test_a_story_that_would_read_differently_is_not_saved(tmp_path):
    save(make_story(), tmp_path)
    with pytest.raises(ShelfError, match=r"^sardines"):
        save(make_story(beats={"who": "Lurdes.\n## Ask\nReally?"}), tmp_path)
    assert Shelf.read(tmp_path).get("sardines") == make_story()


def test_a_story_in_a_folder_of_its_own_is_saved_where_it_is(tmp_path):
    write_shelf(tmp_path / "portugal", make_story())
    path = save(make_story(title="The harbour opened again"), tmp_path)
    assert path == tmp_path / "portugal" / "sardines.md"
    shelf = Shelf.read(tmp_path)
    assert shelf.problems == ()
    assert [story.title for story in shelf] == ["The harbour opened again"]


def test_a_story_whose_id_is_taken_twice_is_not_saved_over_either(tmp_path):
    write_shelf(tmp_path / "portugal", make_story())
    write_shelf(tmp_path / "spain", make_story())
    with pytest.raises(ShelfError, match="The id sardines is in 2 files"):
        save(make_story(), tmp_path)


def test_saving_over_a_link_leaves_what_it_pointed_to_alone(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours")
    folder = tmp_path / "stories"
    folder.mkdir()
    (folder / "sardines.md").symlink_to(outside)
    save(make_story(), folder)
    assert outside.read_text() == "not ours"
    assert Shelf.read(folder).get("sardines") == make_story()


# --- noticing a change ---


def test_a_stamp_notices_edits_additions_and_deletions(tmp_path):
    write_shelf(tmp_path, make_story())
    seen = [stamp(tmp_path)]
    assert stamp(tmp_path) == seen[0]
    write_shelf(tmp_path, make_story(title="An edit"))
    seen.append(stamp(tmp_path))
    write_shelf(tmp_path / "spain", make_story("tuna"))
    seen.append(stamp(tmp_path))
    (tmp_path / VOCABULARY_FILE).write_text("")
    seen.append(stamp(tmp_path))
    (tmp_path / "spain" / "tuna.md").rename(tmp_path / "spain" / "bonito.md")
    seen.append(stamp(tmp_path))
    (tmp_path / "spain" / "bonito.md").unlink()
    seen.append(stamp(tmp_path))
    assert len(set(seen)) == len(seen)


def test_a_stamp_notices_an_edit_of_the_same_length_and_age(tmp_path):
    write_shelf(tmp_path, make_story(near_miss="The quay"))
    path = tmp_path / "sardines.md"
    os.utime(path, ns=(0, 0))
    before, changed = stamp(tmp_path), path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == changed:  # until the file system's clock has moved on
        path.write_text(path.read_text().replace("The quay", "The yard"))
        os.utime(path, ns=(0, 0))
    assert stamp(tmp_path) != before


# --- what is made of a story once ---


def test_names_are_taken_out_once_and_anew_from_a_story_that_changed(tmp_path):
    tuna = make_story("tuna", title="Why Sardinella Norte froze tuna")
    before = Shelf.read(write_shelf(tmp_path, make_story(), tuna))
    seen = {story_id: before.without_names(story_id) for story_id in before.stories}
    assert seen["tuna"] == without_names(before.stories["tuna"]) != before.stories["tuna"]
    assert before.without_names("tuna") is seen["tuna"]
    write_shelf(tmp_path, replace(tuna, title="Why Sardinella Norte thawed tuna"))
    after = Shelf.read(tmp_path, before)
    assert after.without_names("sardines") is seen["sardines"]
    assert after.without_names("tuna") == without_names(after.stories["tuna"]) != seen["tuna"]


# --- a team's own words ---


def test_a_team_adds_industries_and_words_of_its_own(tmp_path):
    (tmp_path / VOCABULARY_FILE).write_text(
        '[industry]\nfisheries = { label = "Fisheries", words = ["trawler"], within = ["food"] }\n'
        'hospitals = { words = ["lazaret"] }\n',
    )
    write_shelf(tmp_path, make_story(industry="fisheries"))
    shelf = Shelf.read(tmp_path)
    assert shelf.problems == ()
    assert shelf.vocabulary.label("industry", "fisheries") == "Fisheries"
    assert [m.term.id for m in shelf.vocabulary.mentions("two trawlers and a lazaret")] == ["fisheries", "hospitals"]
    assert shelf.vocabulary.label("industry", "hospitals") == "Hospitals", "the known label stays"
    assert [m.term.id for m in shelf.vocabulary.mentions("a nursing ward in a hospital")] == ["hospitals"]


def test_a_team_may_give_a_known_term_another_label(tmp_path):
    (tmp_path / "words.toml").write_text('[industry]\nhospitals = { label = "Clinics" }\n')
    assert Vocabulary.load(tmp_path / "words.toml").label("industry", "hospitals") == "Clinics"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[industry", "vocabulary.toml is not readable as TOML"),
        (b"\xff\xfe[\x00", "vocabulary.toml is not readable as TOML"),
        (b"x = " + b"[" * 100_000, "vocabulary.toml is not readable as TOML"),
        (b'[industry]\nfish = "Fisheries"', "[industry] fish: found 'Fisheries'; write { label ="),
        (b'[industry]\nfish = { words = "trawler" }', "[industry] fish: found {'words': 'trawler'}; write { label ="),
        (b"[industry]\nfish = { words = [1] }", "[industry] fish: found"),
        (b"[industry]\nfish = { within = 7 }", "[industry] fish: found"),
        (b"[industry]\nfish = { label = 7 }", "[industry] fish: found"),
        (b'[industri]\nfish = { label = "Fisheries" }', "found [industri]; write one of [change], [country],"),
        (b'fish = "Fisheries"', "found fish outside a section"),
        (b'[industry_part]\nreefs = { words = ["reef"] }', "[industry_part] reefs: found no industry it is a part of"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_vocabulary_is_told_in_a_sentence(tmp_path, content, said):
    (tmp_path / VOCABULARY_FILE).write_bytes(content)
    with pytest.raises(VocabularyError) as caught:
        Shelf.read(tmp_path)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_part_of_an_industry_stands_for_the_whole_and_takes_more_words(tmp_path):
    (tmp_path / "words.toml").write_text('[industry_part]\nhotels = { words = ["guesthouse"] }\n')
    vocabulary = Vocabulary.load(tmp_path / "words.toml")
    assert [mention.term.id for mention in vocabulary.mentions("a guesthouse")] == ["hotels"]
    assert vocabulary.canonical("industry", "guesthouse") == vocabulary.canonical("industry", "Hotels") == "hospitality"
    assert "hotels" not in {term.id for term in vocabulary.of_kind("industry")}


def test_a_label_without_letters_breaks_no_search(tmp_path):
    (tmp_path / "words.toml").write_text('[industry]\nstars = { label = "***" }\n')
    assert Vocabulary.load(tmp_path / "words.toml").mentions("*** and stars") == []


# --- ids from any text ---


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("R001", "r001"),
        ("Acme & Söhne", "acme-sohne"),
        ("  Two   words ", "two-words"),
        ("../../etc/passwd", "etc-passwd"),
        ("7", "story-7"),
        ("株式会社", "story"),
        ("", "story"),
        ("a" * 200, "a" * 80),
    ],
)
def test_a_slug_is_an_id(text, made):
    assert slug(text) == made


@given(st.text())
def test_every_slug_may_be_saved_under(text):
    assert slug(text) == slug(slug(text))
    assert 3 <= len(slug(text)) <= 80
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
