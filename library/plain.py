"""Turns and matches as plain values for JSON; docs/commands.md tells the form, which only ever grows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from library.conversation import Turn
from library.match import Match
from library.people import display_name
from library.sharing.rights import what_may_be_said
from library.situation import Facet, Situation
from library.vocabulary import Vocabulary

Plain = dict[str, object]


def answer(said: Turn, matches: Sequence[Match], vocabulary: Vocabulary, today: date) -> Plain:
    """What `ask --json` prints."""
    return {
        "situation": said.said,
        "verdict": said.reply.verdict.value if said.reply.verdict else "nothing",
        "reply": said.reply.text,
        "asks": said.reply.asks,
        "understood": situation(said.situation, vocabulary),
        "matches": [match(m, rank, vocabulary, today) for rank, m in enumerate(matches, start=1)],
    }


def turn(said: Turn, vocabulary: Vocabulary) -> Plain:
    """What `chat --json` prints for a line: the kind of turn, the stories with verdicts, the reply, the chips."""
    reply = said.reply
    return {
        "said": said.said,
        "kind": reply.kind.value,
        "verdict": reply.verdict.value if reply.verdict else None,
        "stories": [{"id": m.story.id, "verdict": m.verdict.value, "title": m.story.title} for m in reply.matches],
        "reply": reply.text,
        "asks": reply.asks,
        "answer_from": reply.answer.story.id if reply.answer else None,
        "chips": [chip(facet, vocabulary) for facet in said.situation.facets],
    }


def situation(understood: Situation, vocabulary: Vocabulary) -> Plain:
    """What was understood: the words searched with, the chips, and what is missing."""
    return {
        "text": understood.text,
        "chips": [chip(facet, vocabulary) for facet in understood.facets],
        "missing": list(understood.missing),
    }


def chip(facet: Facet, vocabulary: Vocabulary) -> Plain:
    """One facet as it was understood."""
    return {
        "kind": facet.kind,
        "value": facet.value,
        "wish": facet.wish.value,
        "said": facet.said,
        "label": facet.label(vocabulary),
    }


def match(found: Match, rank: int, vocabulary: Vocabulary, today: date) -> Plain:
    """One story found, as the person asking may see it."""
    story = found.story
    return {
        "rank": rank,
        "id": story.id,
        "score": round(found.score, 4),
        "verdict": found.verdict.value,
        "title": story.title,
        "name": display_name(story),
        "why": {
            "beat": found.evidence.beat.value,
            "sentence": found.evidence.sentence,
            "agrees": [chip(facet, vocabulary) for facet in found.evidence.agrees],
            "differs": [chip(facet, vocabulary) for facet in found.evidence.differs],
        },
        "quote": story.quote,
        "question": story.question,
        "minutes": round(story.minutes, 1),
        "may_say": what_may_be_said(story, today),
        "told_by": story.told_by,
        "verified_on": story.verified_on.isoformat() if story.verified_on else None,
    }
