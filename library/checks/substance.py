"""Checks of what a telling says, beat by beat: the change, its cost, the need, the reason, the win, the question."""

from __future__ import annotations

import re

from library.checks.findings import Check, Finding, Piece, Reason
from library.practice.quantities import Kind, quantities
from library.story import QUOTE, Beat, sentences
from library.wording import many

_CHANGE = Check("What changed", Beat.CHANGE)
_COST = Check("What it cost", Beat.PAIN)
_NEED = Check("What they needed", Beat.NEED)
_REASON = Check("In their words", Beat.DECISION)
_ALTERNATIVES = Check("What else", Beat.DECISION)
_FIRST_WIN = Check("First win", Beat.WIN)
_NUMBERS = Check("Numbers", Beat.WIN)
_QUESTION = Check("Ends on a question", Beat.QUESTION)

QUOTE_WORDS = 25
MOST_FEATURES = 3
"""So many functions named make a need a list of functions."""

_MONTH = r"january|february|march|april|may|june|july|august|september|october|november|december"
_DATED = re.compile(
    rf"\b(?:(?:early |late |mid-?)?(?:19|20)\d\d|(?:{_MONTH})|spring|summer|autumn|winter|new year|christmas|easter)\b",
    re.IGNORECASE,
)
_MAY = re.compile(r"\bmay\b(?!\s+(?:19|20)?\d)")
_DEADLINE = re.compile(
    rf"\b(?:by|before|until|from|due|in time for|on|within|when|once|after|end of|no later|next|first|the day)\b|{_DATED.pattern}",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    rf"\b(?:minutes?|hours?|days?|nights?|weeks?|weekends?|months?|quarters?|years?|seasons?|shifts?|daily|weekly|monthly|yearly|"
    rf"mornings?|evenings?|fortnights?|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|{_DATED.pattern}",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:told|tells?|announced|read (?:it |them |the |out|aloud|both|that)|gave|gives|showed|shown|wrote|writes|rang|phoned|called|posted|pinned|"
    r"mailed|sent|shared|reported|said|says|heard|presented|put (?:it|the|both|up)|hung|chalked|brought|passed|carried|stuck|taped|"
    r"let|mentioned|learned|learnt|took|slid|laid|handed|repeated|asked|applauded|clapped|held|opened|quoted|raised|named|painted|forwarded|sang)\b",
    re.IGNORECASE,
)
_BEFORE_AFTER = re.compile(
    r"\bfrom\b.{1,60}\bto\b|\b(?:against|instead of|down from|up from|compared (?:with|to)|before|had|used to|was|were|become|earlier|previously|no longer|half|halved|"
    r"doubled|twice|than|the year before|a year ago|last year|after|became|fell|dropped|rose|went|still)\b",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_US = re.compile(r"\b(?:our|ours|demo)\b", re.IGNORECASE)
_BARE = re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|per cent|percent|x\b|times)", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"\b(?:laws?|act|regulat\w+|legislation|directive|parliament|ministry|court|unions?|inspect(?:or|ion)\w*|auditors?|regulators?|competitors?|rivals?|discounters?|"
    r"bankrupt\w*|insolven\w*|merg(?:ed|ers?|ing)|acqui(?:red|sition)|storms?|floods?|drought|wildfires?|ransomware|pandemic|tariffs?|strikes?|shortages?|recall|sanctions|"
    r"came into force|took effect|retired|died|no longer (?:maintain|support)\w*|end of (?:life|support)|discontinued|withdrew|electric drive|hardly anyone|prices? (?:rose|fell|doubled|tripled))\b",
    re.IGNORECASE,
)
"""What happens to a company: how a running text that marks no beat tells of a change."""
_NEEDED = re.compile(
    r"\b(?:need(?:ed|s)?|want(?:ed|s)?|requir(?:ed?|es|ements?)|looking for|called for|shopping list|specification|wish list|asked for)\b",
    re.IGNORECASE,
)


def change(piece: Piece) -> Finding:
    """Something changed from outside, and the day is known."""
    text = piece.where(Beat.CHANGE) if piece.beats else _told_of_a_change(piece)
    wish = piece.words.found("wish", text)
    ours = piece.meter.product_centric and piece.meter.names_us_in(text) and bool(piece.beats)
    if not text or ours or (wish and not _OUTSIDE.search(text)):
        found = f"“{wish[0]}” is their own wish" if wish else "Nothing from outside is told"
        return _CHANGE.advises(
            f"{found}; say what happened to them that they did not choose: a law, a rival, a death, a price.",
            Reason.NO_OUTSIDE_CHANGE,
        )
    if not _dated(text):
        return _CHANGE.advises(
            "It has no date; when did it happen, at least the season and the year?", Reason.NO_DATED_CHANGE
        )
    return _CHANGE.passes("From outside, and dated.")


def _told_of_a_change(piece: Piece) -> str:
    """The sentences of a running text that tell of something from outside, each with the one after it."""
    said = piece.meter.sentences
    found = [
        " ".join(said[at : at + 2])
        for at, sentence in enumerate(said)
        if _OUTSIDE.search(sentence) and not piece.meter.names_us_in(sentence)
    ]
    return " ".join(found)


def cost(piece: Piece) -> Finding:
    """What doing nothing cost, and a moment somebody remembers."""
    text = piece.where(Beat.PAIN)
    counted = [number for number in quantities(text) if number.kind is not Kind.YEAR]
    people = piece.meter.people_in(text)
    lacks = ["a figure"] * (not counted) + ["a person: who stood where, doing what"] * (not people)
    if lacks or piece.meter.product_centric_text(text):
        missing = " and ".join(lacks) or "what it cost them, without us"
        return _COST.advises(f"It lacks {missing}. What did waiting cost them?", Reason.NO_COST)
    return _COST.passes("A figure and a moment.")


def need(piece: Piece) -> Finding:
    """What they needed, in their words and free of products, and by when."""
    text = piece.where(Beat.NEED)
    if not piece.beats:
        text = " ".join(said for said in piece.meter.sentences if _NEEDED.search(said))
    ours = piece.words.named.search(text) if piece.beats else None
    features = piece.words.found("feature", text)
    if ours or len(features) >= MOST_FEATURES:
        word = ours.group() if ours else features[0]
        return _NEED.advises(
            f"“{word}” is a product; what did they want to see or be able to do, whoever sells it?",
            Reason.NEED_NAMES_PRODUCT,
        )
    if text and piece.beats and not (_DEADLINE.search(text) or (piece.story and piece.story.critical_date)):
        return _NEED.advises(
            "By which day, and what happens on that day? A need without a date can wait for ever.", Reason.NO_DEADLINE
        )
    return _NEED.passes("Free of products, and due.")


def reason(piece: Piece) -> Finding:
    """The reason, word for word as it was said."""
    text = piece.where(Beat.DECISION)
    quotes = [match.strip() for match in QUOTE.findall(text)]
    quote = max(quotes, key=lambda said: len(said.split()), default="")
    about_us = quotes if piece.meter.product_centric else [quote]
    for said in about_us:
        ours = piece.words.named.search(said)
        praise = piece.words.found("hype", said)
        praise += piece.words.found("praise", said) if piece.meter.product_centric else []
        if ours or praise:
            return _REASON.advises(
                f"“{ours.group() if ours else praise[0]}”: that praises us, it gives no reason. What were they afraid of, or hoping for?",
                Reason.QUOTE_PRAISES_US,
            )
    if len(quote.split()) < 3:
        return _REASON.advises(
            "The reason is not quoted; ask “What made you decide that way?” and write down the very words.",
            Reason.NO_QUOTE,
        )
    if len(quote.split()) > QUOTE_WORDS:
        return _REASON.advises(
            f"{many(len(quote.split()), 'word')}; keep the {QUOTE_WORDS} that matter, unchanged. Nobody repeats more.",
            Reason.QUOTE_TOO_LONG,
        )
    return _REASON.passes("A reason somebody said.")


def alternatives(piece: Piece) -> Finding:
    """What else they could have done, doing nothing among it."""
    text = piece.where(Beat.DECISION)
    named = " ".join(piece.story.alternatives) if piece.story else ""
    clear = [said for said in sentences(QUOTE.sub("…", text)) if not piece.meter.names_us_in(said)]
    nothing = piece.words.pattern("nothing")
    if not named and (len(clear) < 2 or (piece.meter.product_centric and not piece.beats)):
        return _ALTERNATIVES.advises(
            "No other way is told; what else did they look at, and who was for doing nothing?", Reason.NO_ALTERNATIVES
        )
    if not nothing.search(text) and not nothing.search(named):
        return _ALTERNATIVES.advises(
            "Doing nothing is the alternative that wins most deals; who was for it, and why did it lose?",
            Reason.NO_DOING_NOTHING,
        )
    return _ALTERNATIVES.passes("Other ways, doing nothing among them.")


def first_win(piece: Piece) -> Finding:
    """A small victory on a day, and who was told."""
    text = piece.where(Beat.WIN)
    story = piece.story
    if not _dated(text) and not (story and story.first_win_on):
        return _FIRST_WIN.advises(
            "On which day could they first show something? Small is better than finished.", Reason.NO_DATED_WIN
        )
    if not (_TOLD.search(text) or (story and story.announced_to)):
        return _FIRST_WIN.advises("Whom did they tell, and where? That is where it became real.", Reason.NOBODY_TOLD)
    return _FIRST_WIN.passes("Small, dated and told.")


def numbers(piece: Piece) -> Finding:
    """Numbers with a before, an after and a period."""
    text = piece.where(Beat.WIN)
    plain = QUOTE.sub(" ", text)
    said = [number for number in quantities(plain) if number.kind is not Kind.YEAR]
    days = [number for number in said if number.kind is Kind.DAY]
    # A date alone measures nothing; "on the 5th, where the 24th had been" does.
    found = said if len(days) > 1 else [number for number in said if number not in days]
    before = [n for n in quantities(piece.where(Beat.PAIN)) if n.kind not in {Kind.YEAR, Kind.DAY}]
    bare = [
        match.group()
        for sentence in sentences(plain)
        if (match := _BARE.search(sentence))
        and not re.search(r"\bfrom\b.+\bto\b|against|instead|compared|had been|used to|was \d", sentence)
    ]
    compared = bool(_BEFORE_AFTER.search(plain)) and (len(found) > 1 or bool(before))
    if not found or not compared or not _PERIOD.search(plain) or (bare and piece.meter.product_centric):
        number = (
            f"“{bare[0]}” of what, before and after, over which time?"
            if bare
            else "What was it before, and after, over which time?"
        )
        return _NUMBERS.advises(
            f"{number} “From nineteen nights to seven in a week” can be believed.", Reason.NUMBERS_BARE
        )
    return _NUMBERS.passes("Before, after, and over which time.")


def question(piece: Piece) -> Finding:
    """It ends on a question about the listener's world."""
    text = piece.beats.get(Beat.QUESTION, "") if piece.beats else piece.text.rstrip()
    last = text.rstrip("\"”’' \n")
    asked = sentences(text)[-1] if sentences(text) else ""
    if not last.endswith("?") or _ABOUT_US.search(asked) or piece.words.named.search(asked):
        return _QUESTION.advises(
            "End by asking about their world, not ours, and stop: the floor is theirs.", Reason.NO_QUESTION
        )
    return _QUESTION.passes("The floor is theirs.")


def _dated(text: str) -> bool:
    return bool(_DATED.search(_MAY.sub(" ", text)))
