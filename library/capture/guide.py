"""The interview guide: nine questions to take to the call, each with what it fills and what to listen for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from library.paper import Paper
from library.story import Beat
from library.wording import in_a_line


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the customer."""

    asked: str
    listen_for: str
    beats: tuple[Beat, ...]
    facts: tuple[str, ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question(
        "Who are you there, and what lands on your desk when it goes wrong?",
        "One person, their role, their kind of company, one detail one remembers.",
        (Beat.WHO,),
        ("customer", "alias", "industry", "country", "size", "roles", "heard_from"),
    ),
    Question(
        "What changed around you that you had not chosen, and when?",
        "A law, a rival, a price, somebody who left. A month and a year.",
        (Beat.CHANGE,),
        ("title", "change"),
    ),
    Question(
        "What did it cost to go on as before?",
        "One figure they trust, and over which time.",
        (Beat.PAIN,),
    ),
    Question(
        "Which moment from that time do you remember?",
        "Somebody standing somewhere. Write down what one would have seen.",
        (Beat.PAIN,),
    ),
    Question(
        "What did you need to be able to do, by when, and why by then?",
        "Their words, no product. The date, and what happens on it.",
        (Beat.NEED,),
        ("critical_date",),
    ),
    Question(
        "What else did you look at, and who was for doing nothing?",
        "Two or three ways out. Which one nearly won?",
        (Beat.DECISION,),
        ("alternatives", "near_miss"),
    ),
    Question(
        "What made you decide that way?",
        "Then say nothing. The very words, between quotation marks.",
        (Beat.DECISION,),
        ("surprise", "heard_on", "heard_how"),
    ),
    Question(
        "What worked first, on which day, and whom did you tell?",
        "Small is better than finished: a number before, a number after.",
        (Beat.WIN,),
        ("first_win_on", "announced_to"),
    ),
    Question(
        "What should somebody in your place be asking themselves, and what may we pass on?",
        "A question about their own house. May we use the name, the words, the figures?",
        (Beat.QUESTION,),
        ("show_as", "may_quote", "may_call", "not_for"),
    ),
)
"""Nine, in the order of a talk: the customer's story first, the permission last."""


def asked_for(beat: Beat) -> Question:
    """The question that fills a beat."""
    return next(question for question in QUESTIONS if beat in question.beats)


TITLE = "What made you decide that way?"
_HOW = "Twenty minutes, soon after they bought. Ask, then wait. Their words are better than yours."
_LINES = 2
"""So many lines to write on fit under each of nine questions on one sheet."""


def guide_pdf(made_at: datetime) -> bytes:
    """The guide on one sheet of A4, with lines to write on."""
    paper = Paper(TITLE, made_at)
    paper.say(TITLE, 18, "B")
    paper.say(_HOW, 10, grey=90)
    paper.gap(2)
    for number, question in enumerate(QUESTIONS, start=1):
        paper.gap(1.5)
        paper.say(f"{number}. {question.asked}", 11, "B")
        paper.say(question.listen_for, 9, "I", grey=90)
        for _ in range(_LINES):
            paper.rule()
    return bytes(paper.output())


def guide() -> str:
    """The guide as Markdown, with room to write."""
    out = [
        f"# {TITLE}",
        "",
        _HOW,
        "",
        "With: ____________________   On: ____________________   How: ____________________",
        "",
    ]
    for number, question in enumerate(QUESTIONS, start=1):
        out += [
            f"## {number}. {in_a_line(question.asked)}",
            "",
            f"*{in_a_line(question.listen_for)}*",
            "",
            "_" * 78,
            "",
        ]
        out += ["_" * 78, ""]
    return "\n".join(out).rstrip() + "\n"
