"""The week in a page of Markdown, to mail or to post: fit for anybody who may read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from library.coverage.care import due_for_check
from library.coverage.unmet import Group
from library.people import display_name
from library.records.entries import Ask, Audience, Landed, Meeting, Pick, Task, Telling
from library.sharing.safe import safe_story
from library.shelf import Shelf
from library.story import ShowAs, Status, Story
from library.wording import day, in_a_line, many, times

DAYS = 7
_MOST = 5


@dataclass(frozen=True, slots=True)
class News:
    """What a digest is made of, as recorded up to its day."""

    today: date
    meeting: Meeting | None = None
    """The next meeting as it is saved; None while nobody planned it."""
    proposed: Sequence[Pick] = ()
    asks: Sequence[Ask] = ()
    tellings: Sequence[Telling] = ()
    tasks: Sequence[Task] = ()
    unmet: Sequence[Group] = ()


def digest(news: News, shelf: Shelf) -> str:
    """The week's digest. No restricted name, no internal story and nobody's own words of an ask is in it."""
    since = news.today - timedelta(days=DAYS)
    parts = [
        _meeting(news, shelf),
        _numbers(news, shelf),
        _landed(news, shelf, since),
        _new(news, shelf, since),
        _unmet(news, shelf),
        _care(news, shelf),
        _tasks(news),
    ]
    return "\n\n".join([f"# Customer stories, {day(news.today)}", *filter(None, parts)]) + "\n"


def _meeting(news: News, shelf: Shelf) -> str:
    picks = news.meeting.picks if news.meeting else news.proposed
    if not picks:
        return ""
    when = f"{news.meeting.held_on:%A}, {day(news.meeting.held_on)}" if news.meeting else "not planned yet"
    lines = [f"## The next meeting: {when}", ""]
    lines += ["Proposed:", ""] if not news.meeting else []
    for pick in picks:
        story = _outside(shelf.get(pick.story), news.today)
        told_by = f" {in_a_line(pick.teller)} tells it." if pick.teller else ""
        lines.append(f"- {_named(story)}.{told_by}" if story else f"- A story for us only, see the app.{told_by}")
    return "\n".join(lines)


def _numbers(news: News, shelf: Shelf) -> str:
    now, before = (_count(news, shelf, news.today - timedelta(days=back)) for back in (0, DAYS))
    return "\n".join(
        [
            "## The last seven days",
            "",
            "| | this week | the week before |",
            "|---|---|---|",
            *(f"| {name} | {now[name]} | {before[name]} |" for name in now),
        ]
    )


def _count(news: News, shelf: Shelf, last: date) -> dict[str, int]:
    def inside(when: date) -> bool:
        return last - timedelta(days=DAYS) < when <= last

    asks = [ask for ask in news.asks if inside(ask.at.date())]
    told = [t for t in news.tellings if inside(t.at.date()) and t.audience is Audience.PROSPECT]
    return {
        "Asked": len(asks),
        "Answered": sum(ask.answered for ask in asks),
        "Told to prospects": len(told),
        "They leaned in": sum(telling.landed is Landed.LEANED_IN for telling in told),
        "New stories": sum(bool(s.heard_on and inside(s.heard_on)) for s in shelf if _is_public(s)),
    }


def _landed(news: News, shelf: Shelf, since: date) -> str:
    told = [t for t in news.tellings if since < t.at.date() <= news.today and t.audience is Audience.PROSPECT]
    leaned = Counter(telling.story for telling in told if telling.landed is Landed.LEANED_IN)
    by = {story: sorted({t.person for t in told if t.story == story}) for story in leaned}
    lines = [
        f"- {_named(story)}: leaned in {times(count)}, told by {in_a_line(', '.join(by[story_id]))}."
        for story_id, count in sorted(leaned.items(), key=lambda item: (-item[1], item[0]))[:_MOST]
        if (story := _outside(shelf.get(story_id), news.today))
    ]
    return "\n".join(["## What landed", "", *lines]) if lines else ""


def _new(news: News, shelf: Shelf, since: date) -> str:
    new = [s for s in shelf.tellable(news.today) if s.heard_on and since < s.heard_on <= news.today]
    lines = [
        f"- {_named(_outside(s, news.today))}. Thank you, {in_a_line(s.told_by)}."
        for s in sorted(new, key=lambda s: s.id)
    ]
    return "\n".join(["## New on the shelf", "", *lines]) if lines else ""


def _unmet(news: News, shelf: Shelf) -> str:
    """The groups by what they name of our own vocabulary; what people typed may hold a prospect's name."""
    lines: list[str] = []
    unnamed: list[Group] = []
    for group in (group for group in news.unmet if len(group.asks) > 1):
        named = [facet.partition(":")[::2] for facet in group.facets]
        labels = [shelf.vocabulary.label(kind, value) for kind, value in named if kind in {"industry", "change"}]
        if not labels:
            unnamed.append(group)
        elif len(lines) < _MOST:
            people = f" by {group.people} people" if group.people > 1 else ""
            lines.append(f"- {many(len(group.asks), 'ask')}{people}: {in_a_line(', '.join(labels).lower())}")
    if unnamed:
        asks = many(sum(len(group.asks) for group in unnamed), "more ask" if lines else "ask")
        about = many(len(unnamed), "situation")
        lines.append(f"- {asks} about {about} we have no word for yet; the Shelf page shows them")
    return "\n".join(["## Asked for, and not on the shelf", "", *lines]) if lines else ""


def _care(news: News, shelf: Shelf) -> str:
    due = due_for_check(shelf, news.today, news.tellings)
    lines = [
        f"- {_named(_outside(s, news.today))}: {in_a_line(s.owner or s.told_by or 'nobody')} asks the customer."
        for s in due[:_MOST]
    ]
    if not due:
        return ""
    more = [f"- and {len(due) - _MOST} more"] if len(due) > _MOST else []
    return "\n".join([f"## Due for a check: {len(due)}", "", *lines, *more])


def _tasks(news: News) -> str:
    open_tasks = [task for task in news.tasks if task.open]
    if not open_tasks:
        return ""
    late = sum(task.late(news.today) for task in open_tasks)
    by = Counter(task.owner or "nobody yet" for task in open_tasks)
    who = ", ".join(f"{in_a_line(person)} {count}" for person, count in sorted(by.items(), key=lambda i: (-i[1], i[0])))
    return f"## Stories asked for: {len(open_tasks)}{f', {late} late' if late else ''}\n\n{who}."


def _is_public(story: Story) -> bool:
    return story.status is Status.PUBLISHED and story.show_as is not ShowAs.INTERNAL


def _outside(story: Story | None, today: date) -> Story | None:
    return safe_story(story, today) if story is not None and story.show_as is not ShowAs.INTERNAL else None


def _named(story: Story | None) -> str:
    assert story is not None
    return f"{in_a_line(story.title)} ({in_a_line(display_name(story))})"
