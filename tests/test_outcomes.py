"""What came of a meeting."""

from datetime import UTC, date, datetime, timedelta

from library.meeting.outcomes import outcomes
from library.records.entries import Audience, Hand, Landed, Meeting, Pick, Telling

DAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
MEETING = Meeting(DAY, picks=(Pick("first"), Pick("second")), version=1)


def telling(
    person: str, story: str, days: float, landed: Landed = Landed.POLITE, audience=Audience.PROSPECT
) -> Telling:
    at = AT + timedelta(days=days)
    return Telling(f"{person}{story}{days}", at, person, story, audience, landed=landed)


def test_what_was_told_afterwards_counts_and_nothing_else_does():
    tellings = [
        telling("Dev", "first", 1, Landed.LEANED_IN),
        telling("Ines", "first", 14),
        telling("Ines", "first", 15, Landed.LEANED_IN),
        telling("Ines", "first", -1, Landed.LEANED_IN),
        telling("Ines", "first", 0, audience=Audience.TEAM),
        telling("Ines", "other", 1, Landed.LEANED_IN),
    ]
    first, second = outcomes(MEETING, [], tellings)
    assert (first.story, first.told, first.leaned_in) == ("first", 2, 1)
    assert (second.story, second.told, second.leaned_in) == ("second", 0, 0)


def test_a_promise_is_kept_by_its_own_person_with_its_own_story():
    dev = Hand(DAY, "first", "Dev", AT, "a bank")
    ines = Hand(DAY, "first", "Ines", AT, "a clinic")
    greta = Hand(DAY, "second", "Greta", AT, "a mill")
    heard = Hand(DAY, "first", "Priya", AT)
    elsewhere = Hand(DAY + timedelta(days=7), "first", "Ines", AT, "somebody")
    tellings = [telling("Dev", "first", 2), telling("Ines", "second", 2), telling("Greta", "second", -0.01)]
    first, second = outcomes(MEETING, [dev, ines, greta, heard, elsewhere], tellings)
    assert first.promised == (dev, ines)
    assert first.kept == (dev,)
    assert first.heard == ("Priya",)
    assert second.promised == (greta,)
    assert second.kept == ()
