"""The week's picks: which stories the meeting should hear, and why."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from library.records.entries import Ask, Audience, Concern, Feedback, Landed, Meeting, Pick, Telling
from library.shelf import Shelf
from library.story import Story
from library.wording import day as day_in_words

MINUTES = (30, 60)
REST_DAYS = 13
"""A story rests so long after a meeting: never two weeks running, whatever the weekday."""
UNHEARD_WEEKS = 8
GAP_WEEKS = 6
NEW_DAYS = 90
"""A story heard from the customer so lately, and not told yet, is new."""
WIN_DAYS_BEFORE, WIN_DAYS_AFTER = 30, 14
ENDING_DAYS = 56
YEAR_DAYS = 364
_STEPS = 20_000
"""How many sets of picks are compared at most; beyond, the best found so far is taken."""


def count_for(minutes: int) -> int:
    """How many stories a meeting of so many minutes holds: three to five, each two minutes and the talk after it."""
    return max(3, min(5, minutes // 12))


def next_day(today: date, meetings: Iterable[Meeting]) -> date:
    """The day of the next meeting: the one already planned, else the weekday of the last one, else Monday."""
    days = sorted(meeting.held_on for meeting in meetings)
    planned = [day for day in days if day >= today]
    if planned:
        return planned[0]
    weekday = days[-1].weekday() if days else 0
    return today + timedelta(days=(weekday - today.weekday()) % 7)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a story should be heard this week, and how much that counts; without words it only counts."""

    points: float
    words: str = ""


class Picks:
    """Proposes stories for one meeting; the same data always give the same picks."""

    def __init__(
        self,
        shelf: Shelf,
        day: date,
        meetings: Iterable[Meeting] = (),
        tellings: Iterable[Telling] = (),
        asks: Iterable[Ask] = (),
        feedback: Iterable[Feedback] = (),
    ) -> None:
        self.shelf = shelf
        self.day = day
        self._others = sorted((m for m in meetings if m.held_on != day), key=lambda meeting: meeting.held_on)
        self._past = [meeting for meeting in self._others if meeting.held_on < day]
        self._tellings = [t for t in tellings if t.at.date() <= day]
        self._asks = [ask for ask in asks if (day - ask.at.date()).days <= 28]
        doubted = {Concern.MAY_NOT_BE_SAID, Concern.WRONG}
        self._doubted = {note.story for note in feedback if note.open and note.concern in doubted}

    def propose(
        self, count: int, keep: Sequence[str] = (), leave_out: Collection[str] = (), because: bool = True
    ) -> tuple[Pick, ...]:
        """So many picks in all: those kept first, then the best that differ in industry, change and teller.

        Fewer where the shelf holds no more that may be told and have rested.
        """
        kept = [self.shelf.stories[story] for story in keep if story in self.shelf.stories]
        left = [story for story in self._eligible if story.id not in {*keep, *leave_out}]
        chosen = _best_together(kept, left, self._points, max(0, count - len(kept)))
        return tuple(self.pick(story, because=because) for story in [*kept, *chosen])

    def pick(self, story: Story, *, because: bool = True) -> Pick:
        """A story as a pick, told by the one who brought it, with the reasons for it this week."""
        words = tuple(reason.words for reason in self.reasons(story) if reason.words)
        return Pick(story.id, words[:3] if because else (), story.told_by)

    def rested(self, story_id: str) -> bool:
        """Whether the story was on no agenda of the week before or after."""
        near = [m for m in self._others if abs((m.held_on - self.day).days) <= REST_DAYS]
        last = self._past[-1:]
        return not any(story_id in meeting.stories for meeting in [*near, *last])

    def reasons(self, story: Story) -> list[Reason]:
        """Why the story should be heard at this meeting, what counts most first."""
        found = [
            *self._rest(story),
            *self._asked(story),
            *self._gap(story),
            *self._life(story),
            *self._turn(story),
            *self._landed(story),
        ]
        return sorted(found, key=lambda reason: -reason.points)

    # --- what may be proposed --------------------------------------------------------------------------------------

    @cached_property
    def _eligible(self) -> list[Story]:
        told = self.shelf.tellable(self.day)
        return [story for story in told if self.rested(story.id) and story.id not in self._doubted]

    @cached_property
    def _points(self) -> Mapping[str, float]:
        # Among equals the day decides, so that a new library does not begin with the letter a.
        def draw(story: Story) -> float:
            return zlib.crc32(f"{self.day}{story.id}".encode()) / 2**32 * 0.05

        return {story.id: sum(reason.points for reason in self.reasons(story)) + draw(story) for story in self._all}

    @cached_property
    def _all(self) -> list[Story]:
        return self.shelf.tellable(self.day)

    # --- the reasons -----------------------------------------------------------------------------------------------

    def _rest(self, story: Story) -> Iterable[Reason]:
        on_agenda = self._last_on_agenda.get(story.id)
        told = max((t.at.date() for t in self._tellings if t.story == story.id), default=None)
        if on_agenda is None:
            words = "" if told else "Not heard in a meeting yet."
            yield Reason(3.0, words)
        else:
            yield Reason(0.05 * min((self.day - on_agenda).days / 7, 52))
        last = max((day for day in (on_agenda, told) if day), default=None)
        weeks = (self.day - last).days // 7 if last else 0
        if weeks >= UNHEARD_WEEKS:
            yield Reason(0.3, f"Not told for {weeks} weeks.")

    def _asked(self, story: Story) -> Iterable[Reason]:
        week = [ask for ask in self._asks if (self.day - ask.at.date()).days <= 7 and story.id in ask.results]
        if week:
            asks = "an ask" if len(week) == 1 else f"{len(week)} asks"
            yield Reason(0.4 * min(len(week), 3), f"Fits {asks} of the last seven days.")
        shared = self._changes_asked[story.change]
        if shared >= 2 and "awareness" in story.moments:
            label = self.shelf.vocabulary.label("change", story.change).lower()
            yield Reason(0.2 * min(shared, 3), f"{shared} asks this month share its change: {label}.")

    def _gap(self, story: Story) -> Iterable[Reason]:
        last = self._last_of_industry.get(story.industry)
        long_ago = timedelta(weeks=GAP_WEEKS)
        if story.industry and self._past and (self.day - (last or self._past[0].held_on)) >= long_ago:
            label = self.shelf.vocabulary.label("industry", story.industry)
            since = f"for {(self.day - last).days // 7} weeks" if last else "yet"
            yield Reason(0.5, f"{label}: nothing heard {since}.")

    def _life(self, story: Story) -> Iterable[Reason]:
        if story.first_win_on and -WIN_DAYS_AFTER <= (self.day - story.first_win_on).days <= WIN_DAYS_BEFORE:
            yield Reason(0.8, f"The first win is dated {day_in_words(story.first_win_on)}.")
        told = story.id in self._last_on_agenda or any(t.story == story.id for t in self._tellings)
        if story.heard_on and not told and 0 <= (self.day - story.heard_on).days <= NEW_DAYS:
            yield Reason(0.6, f"New: heard from the customer on {day_in_words(story.heard_on)}.")
        ends = story.expires
        if ends and (ends - self.day).days <= ENDING_DAYS and story.id not in self._last_on_agenda:
            yield Reason(2.0, f"May be told only until {day_in_words(ends)}.")
        if story.stale(self.day):
            yield Reason(-0.5)

    def _turn(self, story: Story) -> Iterable[Reason]:
        if not story.told_by:
            return
        ahead = self._turns[story.told_by] - self._fewest_turns
        if ahead == 0 and any(turns > self._fewest_turns for turns in self._turns.values()):
            yield Reason(0.0, f"{story.told_by}'s turn.")
        yield Reason(-0.6 * ahead)

    def _landed(self, story: Story) -> Iterable[Reason]:
        rated = [t.landed for t in self._tellings if t.story == story.id and t.audience is Audience.PROSPECT]
        leaned = rated.count(Landed.LEANED_IN)
        if leaned >= 2:
            yield Reason(0.1 * min(leaned, 5), f"Prospects leaned in {leaned} times of {len(rated)}.")

    # --- what the reasons are read from ------------------------------------------------------------------------------

    @cached_property
    def _last_on_agenda(self) -> Mapping[str, date]:
        return {story: meeting.held_on for meeting in self._past for story in meeting.stories}

    @cached_property
    def _last_of_industry(self) -> Mapping[str, date]:
        known = self.shelf.stories
        return {known[s].industry: m.held_on for m in self._past for s in m.stories if s in known}

    @cached_property
    def _changes_asked(self) -> Counter[str]:
        seen = {(ask.person, ask.text or ask.id, facet) for ask in self._asks for facet in ask.facets}
        return Counter(facet.partition(":")[2] for _, _, facet in seen if facet.startswith("change:"))

    @cached_property
    def _turns(self) -> Counter[str]:
        """How often each teller was on an agenda in the last year; those who have a story to tell count from zero."""
        turns = Counter({story.told_by: 0 for story in self._all if story.told_by})
        year = [meeting for meeting in self._past if (self.day - meeting.held_on).days <= YEAR_DAYS]
        turns.update(pick.teller for meeting in year for pick in meeting.picks if pick.teller)
        return turns

    @cached_property
    def _fewest_turns(self) -> int:
        return min((self._turns[story.told_by] for story in self._eligible if story.told_by), default=0)


def repeats(stories: Sequence[Story]) -> int:
    """How often an industry, a change or a teller comes again among the stories."""
    kinds = ([getattr(s, kind) for s in stories if getattr(s, kind)] for kind in ("industry", "change", "told_by"))
    return sum(len(values) - len(set(values)) for values in kinds)


def _best_together(
    kept: Sequence[Story], left: Iterable[Story], points: Mapping[str, float], count: int
) -> list[Story]:
    """Of the sets with the fewest repeats the one with the most points."""
    order = sorted(left, key=lambda story: (-points[story.id], story.id))
    count = min(count, len(order))
    best: tuple[int, float, list[Story]] | None = None
    steps = 0

    def search(chosen: list[Story], at: int, score: float) -> None:
        nonlocal best, steps
        steps += 1
        so_far = repeats([*kept, *chosen])
        missing = count - len(chosen)
        if missing == 0:
            if best is None or (so_far, -score) < (best[0], -best[1]):
                best = so_far, score, list(chosen)
            return
        for place in range(at, len(order) - missing + 1):
            if best is not None:
                hope = score + sum(points[story.id] for story in order[place : place + missing])
                if so_far > best[0] or (so_far == best[0] and hope <= best[1]) or steps > _STEPS:
                    return
            search([*chosen, order[place]], place + 1, score + points[order[place].id])

    search([], 0, 0.0)
    return best[2] if best else []
