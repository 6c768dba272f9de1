"""Checks of a telling's form: length, beats, whom it is about, its title, hype, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from library.checks.findings import Check, Finding, Piece, Reason, listed
from library.reading import missing_fields
from library.story import HEADINGS, Beat
from library.wording import many

_MINUTES = Check("Two minutes")
_BEATS = Check("Seven beats")
_ABOUT_THEM = Check("About them")
_TITLE = Check("Title")
_PLAIN_WORDS = Check("Plain words")
_PROVENANCE = Check("Where it comes from")
_FACTS = Check("Facts")

FEWEST_WORDS, MOST_WORDS, TOO_MANY_WORDS = 220, 280, 300
TITLE_WORDS = 10
_SHOWN = 3
"""So many words found are said; more do not help."""


def minutes(piece: Piece) -> Finding:
    """Two minutes, told calmly."""
    said = f"{many(piece.count, 'word')}, {piece.minutes:.1f} minutes"
    if piece.count > MOST_WORDS:
        says = _MINUTES.blocks if piece.count > TOO_MANY_WORDS else _MINUTES.advises
        out = many(piece.count - 255, "word")
        return says(f"{said}; take out {out}: what nobody would miss when it is told.", Reason.TOO_LONG)
    if piece.count < FEWEST_WORDS:
        return _MINUTES.advises(
            f"{said}; a telling has about 255. What would one have seen, standing beside them?", Reason.TOO_SHORT
        )
    return _MINUTES.passes(f"{said}.")


def beats(piece: Piece) -> Finding:
    """All seven beats are there, in the order they are told."""
    if not piece.beats:
        headings = ", ".join(f"## {heading}" for heading in HEADINGS.values())
        return _BEATS.blocks(f"No beat is marked; put the text under {headings}.", Reason.BEATS_MISSING)
    if missing := [beat for beat in Beat if not piece.beats.get(beat)]:
        return _BEATS.blocks(
            f"Missing: {listed(missing)}. The seven read in order are the telling.",
            Reason.BEATS_MISSING,
            beat=missing[0],
        )
    order = [section.beat for section in piece.story.sections if section.beat and section.text] if piece.story else []
    told = list(dict.fromkeys(order))
    if told and told != list(Beat):
        late = next(beat for beat, right in zip(told, Beat, strict=True) if beat is not right)
        return _BEATS.advises(
            f"{HEADINGS[late]} stands too early; the order is {listed(Beat)}.", Reason.OUT_OF_ORDER, beat=late
        )
    return _BEATS.passes("All seven, in order.")


def about_them(piece: Piece) -> Finding:
    """It is about the one who bought, not about what we sell."""
    meter = piece.meter
    count = len(meter.sentences)
    in_title = piece.words.named.search(piece.title)
    named = sum(1 for sentence in meter.sentences if meter.names_us_in(sentence))
    if not meter.product_centric:
        if named:
            word = meter.ours[0]
            return _ABOUT_THEM.passes(f"{named} of {many(count, 'sentence')} name us (“{word}”); better none.")
        return _ABOUT_THEM.passes("We do not appear; the customer does.")
    reasons = [Reason.OUR_SHARE]
    said = [f"{named} of {many(count, 'sentence')} name us or our product"]
    if meter.opens_with_us or (in_title and len(piece.title[: in_title.start()].split()) <= 1):
        reasons.append(Reason.OPENS_WITH_US)
        said.append("it opens with us")
    elif meter.first_word is not None:
        said.append(f"we first appear after {many(meter.first_word, 'word')}")
    if not meter.about_customer:
        reasons.append(Reason.CUSTOMER_NOT_SUBJECT)
        said.append(f"the customer is the subject of {meter.subjects['customer']}")
    return _ABOUT_THEM.blocks(
        f"This is about our product: {', '.join(said)}. Tell what happened to one person there; leave us out.", *reasons
    )


def title(piece: Piece) -> Finding:
    """The title names what changed or what hurt."""
    said = piece.title.strip()
    if not said:
        return _TITLE.blocks("There is no title; name what changed or hurt, in ten words.", Reason.FACTS_MISSING)
    product = piece.words.pattern("product") if piece.meter.product_centric else None
    if ours := piece.words.named.search(said) or (product and product.search(said)):
        return _TITLE.advises(
            f"“{ours.group()}” is ours; name what changed or hurt there, as a newspaper would.",
            Reason.TITLE_NAMES_PRODUCT,
        )
    if praise := piece.words.found("title", said) or piece.words.found("hype", said):
        return _TITLE.advises(
            f"“{praise[0]}” tells of a success; name what happened to them before they looked for anybody.",
            Reason.TITLE_NAMES_PRODUCT,
        )
    if len(said.split()) > TITLE_WORDS:
        return _TITLE.advises(
            f"{many(len(said.split()), 'word')}; at most {TITLE_WORDS}, or nobody says it.", Reason.TITLE_TOO_LONG
        )
    return _TITLE.passes("It names what happened to them.")


def plain_words(piece: Piece) -> Finding:
    """No word that only brochures use."""
    if found := piece.words.found("hype", piece.text):
        said = ", ".join(f"“{word}”" for word in found[:_SHOWN])
        return _PLAIN_WORDS.advises(f"{said}: nobody says that over coffee. Say what could be seen.", Reason.HYPE)
    return _PLAIN_WORDS.passes("No brochure words.")


def provenance(piece: Piece) -> Finding:
    """Who told it, who was heard, when and how."""
    story = piece.story
    if story is None:
        return _PROVENANCE.blocks(
            "A text alone does not say who heard it from whom; write told_by, heard_from, heard_on and heard_how.",
            Reason.NO_PROVENANCE,
        )
    must = [key for key in ("told_by", "heard_on") if not getattr(story, key)]
    should = [key for key in ("heard_from", "heard_how") if not getattr(story, key)]
    if must:
        return _PROVENANCE.blocks(
            f"Missing: {_named([*must, *should])}. Who heard it from whom, on which day, and how?", Reason.NO_PROVENANCE
        )
    if should:
        return _PROVENANCE.advises(f"Missing: {_named(should)}. A rep is asked “who says so?”.", Reason.NO_PROVENANCE)
    if story.heard_how == "second-hand":
        return _PROVENANCE.advises(
            "Heard second-hand; ring the customer once and hear it yourself.", Reason.NO_PROVENANCE
        )
    return _PROVENANCE.passes("Told, heard and dated.")


def facts(piece: Piece) -> Finding:
    """What publishing requires beside the beats."""
    story = piece.story
    if story is None:
        return _FACTS.blocks(
            "A text alone has no customer, industry or change; a story's file says them.", Reason.FACTS_MISSING
        )
    headings = set(HEADINGS.values())
    if missing := [key for key in missing_fields(story) if key not in headings | {"told_by", "heard_on", "title"}]:
        return _FACTS.blocks(f"Missing: {_named(missing)}.", Reason.FACTS_MISSING)
    return _FACTS.passes("Everything publishing needs.")


def _named(keys: Iterable[str]) -> str:
    """Fields as they are read; in a story's file each has a _ for the space."""
    return ", ".join(key.replace("_", " ") for key in keys)
