"""How strongly a word is meant: "only banks", "not public sector", or a mere mention."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum


class Wish(StrEnum):
    """How strongly a facet is meant."""

    ONLY = "only"
    NOT = "not"
    LEAN = "lean"


_FILLER = (
    r"(?:\s+(?:out|a|an|the|any|another|other|fellow|in|from|for|of|with|at|to|be|is|are|stories|story|customers?|"
    r"references?|compan(?:y|ies)|examples?|ones?|about|by|real|proper|actual|big|small|large|local|similar|more|"
    r"same|someone|people|something|anything|our|me|us|us,|based|an?|these|those|pure|private|american-style|"
    r"go|goes|as|like|industry|sector|type|kind))*[\s-]*$"
)
_NOT_BEFORE = re.compile(
    r"\b(?:(?:explicitly|definitely|certainly|please|absolutely)\s+)?(?:not|no|non|never|neither|nor|nothing(?!\s+but)|"
    r"except(?:\s+for)?|excluding|exclude|without|avoid|skip|(?:(?<![^\W_] )|(?<=from )|(?<=anything )|(?<=stories )|"
    r"(?<=companies )|(?<=customers )|(?<=one )|(?<=ones )|(?<=is )|(?<=be ))outside|other\s+than|"
    r"(?:can['’]?t|cannot|can\s+not|shouldn['’]?t|mustn['’]?t|won['’]?t)\s+be|"
    r"(?:anything|everything|anyone|all|anywhere)\s+but|apart\s+from|rather\s+than|instead\s+of|leave\s+out|"
    r"(?:don['’]?t|do\s+not)\s+(?:want|show|give|need|use|bring|send)(?:\s+me)?|hate|sick\s+of|no\s+more)" + _FILLER,
    re.IGNORECASE,
)
_ONLY_BEFORE = re.compile(
    r"\b(?:(?<!not )(?<!the )only|(?<!not )just|must|must\s+be|strictly|exclusively|solely|has\s+to|have\s+to|"
    # "I need a bank" wishes; "they need a bank guarantee" describes.
    r"needs?\s+to|(?<![^\W_] )needs?|(?:i|we)\s+(?:really\s+|only\s+|just\s+)?need|"
    r"nothing\s+but|limited?\s+to|restrict(?:ed)?\s+to|stick\s+to|insists?\s+on|explicitly|specifically|"
    r"if\s+it['’]?s\s+not|unless\s+it['’]?s)" + _FILLER,
    re.IGNORECASE,
)
_OTHER_NOUNS = (
    r"(?:[\s,-]*(?:compan(?:y|ies)|customers?|stor(?:y|ies)|references?|ones?|sector|industry|firms?|people|groups?|"
    r"examples?|please|business(?:es)?|organi[sz]ations?|based|examples|case|cases|there|here|ideally))*"
)
_ONLY_AFTER = re.compile(
    _OTHER_NOUNS + r"[\s,(—–-]*(?:only\b(?!\s+(?:\w+ed|has|have|had|knows?|wants?|sees?|gets?|got|came|comes|"
    r"does|did|is|was|began|left|saw)\b)|exclusively|or\s+nothing|or\s+forget(?:\s+(?:it|about\s+it))?|or\s+don['’]?t|"
    r"or\s+it['’]?s\s+no|nothing\s+else|is\s+a\s+must|a\s+must\b|required|mandatory|no\s+exceptions?|or\s+not\s+at\s+all|and\s+only|"
    r"(?:\w+\s+){1,3}(?:don['’]?t|do\s+not|doesn['’]?t)\s+count)",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    _OTHER_NOUNS.replace(r"[\s,-]*", r"(?:(?!\s-\s)[\s-])*")
    + r"\s*(?:don['’]?t\s+count|doesn['’]?t\s+count|do\s+not\s+count|does\s+not\s+count|excluded|"
    r"won['’]?t\s+(?:do|work|fly|help|count)|(?:is|are)\s+(?:out\b|no\s+good|excluded)|not\s+(?:ok|wanted))",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[.;:!?,\n()]|(?<!thing)(?<!anyone)(?<!where)(?<!all)\s+but\s+(?!not)|\s[—–-]\s")
_INSTEAD = re.compile(r"^\s*,\s*(?:in\s+)?(?:an?|the)\s*$", re.IGNORECASE)
"""What follows a refusal with an article of its own is wished: "rather than a bank, a hospital"."""
_AND_ALSO = re.compile(r"^[\s,]*(?:and|or|nor|,|/|&)?\s*(?:in|from|any|a|an|the)?\s*$", re.IGNORECASE)


def wish_for(text: str, start: int, end: int, previous: tuple[int, Wish] | None) -> tuple[Wish, tuple[int, int]]:
    """How a mention is meant, and the stretch of text that says so."""
    ends = [m.end() for m in CLAUSE_END.finditer(text, 0, start)]
    clause = max(ends, default=0)
    before = text[clause:start]
    after = text[end : end + 60]
    if match := _NOT_BEFORE.search(before):
        double = re.match(r"non-?\s*$|not\s+only", match.group(), re.IGNORECASE)
        if not (double and "only" in match.group().lower()):
            return Wish.NOT, (clause + match.start(), end)
    if match := _NOT_AFTER.match(after):
        return Wish.NOT, (start, end + match.end())
    if match := _ONLY_BEFORE.search(before):
        return Wish.ONLY, (clause + match.start(), end)
    if match := _ONLY_AFTER.match(after):
        return Wish.ONLY, (start, end + match.end())
    between = text[previous[0] : start] if previous else ""
    if previous and previous[1] is Wish.NOT and _INSTEAD.match(between):
        return Wish.LEAN, (start, end)
    if previous and previous[1] is not Wish.LEAN and _AND_ALSO.match(between):
        return previous[1], (previous[0], end)
    return Wish.LEAN, (start, end)


_LOOSE_ENDS = re.compile(r"^(?:(?:and|but|or)\b[\s,]*)+|(?:[\s,]*\b(?:and|but|or))+[\s,.;:!?]*$", re.IGNORECASE)


def without_spans(text: str, spans: Collection[tuple[int, int]]) -> str:
    """Cut stretches out of a text; what then says nothing more is empty."""
    kept, at = [], 0
    for start, end in sorted(spans):
        kept.append(text[at : max(at, start)])
        at = max(at, end)
    kept.append(text[at:])
    joined = re.sub(r"\s+([,.;!?])", r"\1", " ".join(" ".join(kept).split()))
    joined = re.sub(r"([.;!?])[.,;!?]+", r"\1", joined) if spans else joined
    joined = re.sub(r"^[\s,.;:!?–—-]+|[\s,;:–—-]+$", "", joined)
    if spans:
        joined = _LOOSE_ENDS.sub("", joined)
    return joined if re.search(r"[^\W_]{2}", joined) and not _ONLY_SMALL_WORDS.fullmatch(joined) else ""


_ONLY_SMALL_WORDS = re.compile(
    r"(?:\s|[^\w\s]|please|and|or|but|it|be|a|an|the|story|stories|show|me|customers?|companies|ones?|now|ok|okay|"
    r"what|about|how|with|for|of|to|in|need|want|give|us|their|they|i|only|must|has|have|something|thanks?|then|"
    r"let'?s|see|make|this|that|is|are|another|any|references?|examples?|we|you|do|got|there|here|instead|ideally)*",
    re.IGNORECASE,
)
