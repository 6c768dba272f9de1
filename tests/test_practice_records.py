"""What people practised: whose it is, what a lead may see of it, what is erased. On SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest

from library.records.entries import Held, Path, RecordsError
from library.records.records import Records
from tests.test_records import MONDAY, NOW, WORDS, records, together, url

__all__ = ["records", "url"]

LATER = NOW + timedelta(minutes=5)
BEATS = {"who": "told", "change": "partly", "pain": "missing", "win": "told"}
TUESDAY = MONDAY + timedelta(days=1)


def tell(records, person="Dev", story="a", text=WORDS, at=NOW, beats=BEATS, **more):
    return records.practice.add(person, story, text, at=at, minutes=1.75, beats=beats, **more)


def of_three(*verdicts):
    return dict(zip(("who", "change", "pain"), verdicts, strict=True))


# --- Tellings ---------------------------------------------------------------------------------------------------------


def test_a_telling_is_there_as_it_was_when_the_records_are_opened_anew(url):
    first = Records(url)
    told = tell(first, flags=["short", "no question"])
    first.close()
    again = Records(url)
    assert again.practice.of("Dev") == [told]
    assert (told.text, told.minutes, told.beats, told.flags) == (WORDS, 1.75, BEATS, ("short", "no question"))
    assert (told.shared, told.example_by) == (False, "")
    assert (told.told, told.whole) == (2, False)
    assert again.practice.of("Dev")[0].at.tzinfo is UTC
    again.close()


def test_the_time_of_a_telling_is_kept_in_utc_and_one_without_a_zone_is_refused(records):
    tell(records, at=NOW.astimezone(timezone(timedelta(hours=5))))
    assert [told.at for told in records.practice.of("Dev")] == [NOW]
    with pytest.raises((ValueError, RecordsError)):
        tell(records, at=NOW.replace(tzinfo=None))
    assert len(records.practice.of("Dev")) == 1


def test_one_sees_only_ones_own_tellings_the_oldest_first_and_by_story(records):
    second = tell(records, at=LATER)
    first = tell(records)
    other_story = tell(records, story="b", at=LATER + timedelta(minutes=5))
    theirs = tell(records, "Ines")
    assert records.practice.of("Dev") == [first, second, other_story]
    assert records.practice.of("Dev", story="a") == [first, second]
    assert records.practice.of("Ines") == [theirs]
    assert records.practice.of("Dev", story="c") == []
    assert records.practice.of("Nobody") == []


def test_only_what_was_shared_is_seen_by_the_lead_the_newest_first_and_by_story(records):
    first, second, other = tell(records), tell(records, "Ines", at=LATER), tell(records, story="b")
    tell(records, at=LATER)
    assert records.practice.shared() == []
    for told in (first, second, other):
        assert records.practice.share(told.id, told.person)
    assert records.practice.shared(story="a") == [replace(second, shared=True), replace(first, shared=True)]
    assert records.practice.shared(story="b") == [replace(other, shared=True)]
    assert [told.at for told in records.practice.shared()] == [LATER, NOW, NOW]


@pytest.mark.parametrize("who", ["Ines", "", "dev", "Dev%"])
def test_nobody_shares_what_somebody_else_told(records, who):
    told = tell(records)
    assert not records.practice.share(told.id, who)
    assert records.practice.shared() == []
    assert records.practice.of("Dev") == [told]


def test_sharing_one_telling_shares_no_other(records):
    told, kept = tell(records), tell(records, at=LATER)
    assert records.practice.share(told.id, "Dev")
    assert records.practice.of("Dev") == [replace(told, shared=True), kept]
    assert not records.practice.share("no such telling", "Dev")


def test_only_a_shared_telling_becomes_the_example(records):
    told = tell(records)
    assert not records.practice.mark(told.id, "Ada")
    assert records.practice.of("Dev") == [told]
    records.practice.share(told.id, "Dev")
    assert records.practice.mark(told.id, "Ada")
    assert records.practice.shared() == [replace(told, shared=True, example_by="Ada")]
    assert not records.practice.mark("no such telling", "Ada")


def test_the_best_of_each_story_is_counted_for_each_person_and_not_a_word_is_given(records):
    tell(records, beats=of_three("told", "partly", "missing"))
    tell(records, beats=of_three("told", "told", "partly"), at=LATER)
    tell(records, beats=of_three("partly", "told", "missing"), at=LATER)
    tell(records, story="b", beats=of_three("partly", "partly", "missing"))
    tell(records, "Ines", beats=of_three("told", "told", "told"))
    assert records.practice.counts() == {"Dev": {"a": 2, "b": 0}, "Ines": {"a": 3}}
    assert WORDS not in repr(records.practice.counts())


def test_without_a_telling_there_is_nothing_to_count(records):
    assert records.practice.counts() == {}


# --- Erasing ----------------------------------------------------------------------------------------------------------


def test_erasing_takes_the_words_of_ones_unshared_tellings_and_leaves_the_verdicts(records):
    mine, shown, theirs = tell(records), tell(records, at=LATER), tell(records, "Ines")
    records.practice.share(shown.id, "Dev")
    assert records.practice.erase("Dev") == 1
    assert records.practice.of("Dev") == [replace(mine, text=""), replace(shown, shared=True)]
    assert records.practice.of("Ines") == [theirs]
    assert records.practice.counts() == {"Dev": {"a": 2}, "Ines": {"a": 2}}


def test_what_is_erased_already_is_not_erased_again(records):
    tell(records)
    assert records.practice.erase("Dev") == 1
    assert records.practice.erase("Dev") == 0
    assert records.practice.erase("Nobody") == 0


@pytest.mark.parametrize("times", [1, 400])
def test_erased_words_of_a_telling_are_in_no_file(tmp_path, times):
    records = Records.in_file(tmp_path / "records.db")
    for at in (NOW, LATER):
        tell(records, text=" ".join([WORDS] * times), at=at)
    assert any(WORDS.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert records.practice.erase("Dev") == 2
    assert not [path.name for path in tmp_path.iterdir() if WORDS.encode() in path.read_bytes()]
    records.close()


def test_the_reasons_somebody_gave_for_a_choice_are_erased_with_their_tellings(tmp_path):
    records = Records.in_file(tmp_path / "records.db")
    records.practice.chose("Dev", "a", "b", at=NOW, why=WORDS)
    assert records.practice.erase("Dev") == 0
    assert records.practice.agreed("Dev") == (0, 1)
    assert not [path.name for path in tmp_path.iterdir() if WORDS.encode() in path.read_bytes()]
    records.close()


def test_a_telling_whose_words_were_erased_is_not_shared(records):
    told = tell(records)
    records.practice.erase("Dev")
    assert not records.practice.share(told.id, "Dev")
    assert records.practice.shared() == []


def test_shared_words_stay_in_the_file_when_the_others_are_erased(tmp_path):
    records = Records.in_file(tmp_path / "records.db")
    tell(records, text="A third of the wards stood empty")
    shown = tell(records)
    records.practice.share(shown.id, "Dev")
    records.practice.erase("Dev")
    records.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert WORDS.encode() in kept
    assert b"the wards stood empty" not in kept


def test_an_error_does_not_say_what_was_told(url):
    records = Records(url)
    with pytest.raises(RecordsError) as trouble:
        tell(records, person=None)
    assert WORDS not in str(trouble.value)
    records.close()


# --- How well stories are held, paths and choices ---------------------------------------------------------------------


def test_stories_held_come_the_soonest_due_first_and_only_ones_own(records):
    late = records.practice.hold("Dev", "a", "card of a", TUESDAY)
    soon = records.practice.hold("Dev", "c", "card of c", MONDAY)
    as_soon = records.practice.hold("Dev", "b", "card of b", MONDAY)
    theirs = records.practice.hold("Ines", "a", "her card", MONDAY)
    assert records.practice.held("Dev") == [as_soon, soon, late]
    assert records.practice.held("Ines") == [theirs]
    assert records.practice.held("Nobody") == []


def test_a_story_held_again_takes_the_place_of_what_was_known(records):
    records.practice.hold("Dev", "a", "first", MONDAY)
    other = records.practice.hold("Dev", "b", "other", MONDAY)
    again = records.practice.hold("Dev", "a", "second", TUESDAY)
    assert again == Held("Dev", "a", "second", TUESDAY)
    assert records.practice.held("Dev") == [other, again]


def test_of_eight_who_hold_the_same_story_at_once_one_row_is_left(records):
    made = together(8, lambda number: records.practice.hold("Dev", "a", f"card {number}", MONDAY))
    (kept,) = records.practice.held("Dev")
    assert kept in made


def test_of_paths_the_last_word_counts_and_everybody_has_one(records):
    mine = Path("Dev", ("a", "b"), "hospitals", "cfo")
    records.practice.lay(Path("Ines", ("c",)))
    records.practice.lay(mine)
    assert records.practice.paths() == {"Dev": mine, "Ines": Path("Ines", ("c",))}
    changed = Path("Dev", ("b", "d", "a"), made_by="Ada")
    records.practice.lay(changed)
    assert records.practice.paths() == {"Dev": changed, "Ines": Path("Ines", ("c",))}


def test_of_eight_paths_laid_at_once_one_is_left_whole(records):
    laid = [Path("Dev", (f"story-{number}", "a"), industry=f"industry {number}") for number in range(8)]
    together(8, lambda number: records.practice.lay(laid[number]))
    assert list(records.practice.paths()) == ["Dev"]
    assert records.practice.paths()["Dev"] in laid


def test_choices_are_counted_by_person_as_often_as_they_were_made(records):
    assert records.practice.agreed("Dev") == (0, 0)
    for chosen, best in (("a", "a"), ("b", "a"), ("a", "a"), ("A", "a")):
        records.practice.chose("Dev", chosen, best, at=NOW, why="They fish too")
    records.practice.chose("Ines", "c", "c", at=NOW)
    assert records.practice.agreed("Dev") == (2, 4)
    assert records.practice.agreed("Ines") == (1, 1)


def test_what_was_practised_is_there_when_the_records_are_opened_anew(url):
    first = Records(url)
    held = first.practice.hold("Dev", "a", "card", MONDAY)
    path = Path("Dev", ("a",), made_by="Ada")
    first.practice.lay(path)
    first.practice.chose("Dev", "a", "a", at=NOW)
    first.close()
    again = Records(url)
    assert again.practice.held("Dev") == [held]
    assert again.practice.paths() == {"Dev": path}
    assert again.practice.agreed("Dev") == (1, 1)
    again.close()
