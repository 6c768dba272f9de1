"""Where a rep speaks of the story they look for, not of the prospect: "she only listens to banks", "keep it British"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from library.wishes import Wish, wish_for

_UNIT = re.compile(r"[.;:!?\n()](?=\s|$)|\s[–—-]+\s|[—()]")
"""What ends a sentence, or a thought as people type one."""
_CLAUSE = re.compile(r",|\s(?:but|because|cuz|since|so that|although|though)\s")

_TALE = re.compile(
    r"\b(?:stor(?:y|ies)|references?|examples?|case stud(?:y|ies)|testimonials?|in (?:it|the thing|this one)|one of (?:his|her|their) own)\b",
    re.IGNORECASE,
)
"""The story itself; a fact named within a few words of it is wished of it."""
_FEW_WORDS = 6
_WISHED = re.compile(
    # What somebody would like to hear, see or have.
    r"\b(?:hear(?:s|ing)? (?:it |this |that )?(?:from|about)|(?:wants?|asked|asks?|hoping|like|love|need|needs) to (?:see|hear|read) "
    r"(?:an?|one|some\w*|another|it|from|about|people|that it|how)\b|"
    r"(?:only |just )?(?:believes|trusts|listens to|takes seriously|relates to|respects|warms to) (?:only |just )?|"
    r"(?:only|just) (?:believe|trust|listen to|take seriously|relate to|respect|warm to)|"
    r"asked (?:specifically |explicitly |twice |us )*for|asking (?:specifically |explicitly )?for|"
    # What the rep asks of the library.
    r"(?:got|have you(?: got)?|do we have|is there|are there|any chance of|find|show|give|send|get|bring|pull) (?:me |us )?"
    r"(?:up )?(?:any(?:thing|one|body)?|some(?:thing|one|body)|one (?:from|with|in|of)|only|just)\b|"
    r"(?:i|we)(?:['’]?d|['’]?ll| would| will)? (?:only |just |really )?(?:want|need|take|go for|go with|look for)|"
    r"(?:i|we)['’]m (?:after|looking for)|keep (?:it|this|them|things)\b|stick (?:to|with)|stay (?:in|within)|"
    r"needs? (?:it|one|this|something|somebody|someone) (?:from|with|in)|whatever (?:you|i) (?:give|send|find|pick|have|bring)|"
    r"(?:it|this|that|one|whatever)(?:['’]s| has| have|['’]ve)? (?:got to|gotta|to|needs? to|wants? to|should|must|can only|ought to|had better) "
    r"(?:be|come|have|hold|feature|involve)|gotta have|(?:has|have|got|gotta|needs?|ought) (?:to )?(?:be|come|have) (?:from )?(?:an?|the)?\s*"
    r"(?:actual|real|proper|fellow|genuine)|there (?:should|must|has to|needs? to|ought to) be)|^\s*an? (?:actual|real|proper|genuine)\b",
    re.IGNORECASE,
)
"""Cues that what follows them is wished of the story."""
_TURNS_AWAY = (
    r"(?:tunes?|switch(?:es)?|laughs?|walks?|says?|tells?|thinks?|feels?|sneers?|won['’]?t (?:listen|look|read|hear|talk|believe)|"
    r"(?:doesn['’]?t|don['’]?t) (?:listen|care|believe|want|look|read)|(?:is|are|['’]s|['’]re) not (?:interested|listening)|stops?|shuts?|hangs?|"
    r"throws?|ignores?|glazes?)\b"
)
_OR_ELSE = re.compile(
    r"(?:\b(?:or (?:else|don['’]?t bother|forget (?:it|about it)|no (?:deal|use|chance)|nothing|not at all|i look)|"
    rf"(?:or|otherwise|or else|else) (?:he|she|they|it|the \w+|the founder)(?:['’]ll)? {_TURNS_AWAY}|otherwise (?:no use|don['’]?t bother|forget)|"
    r"else (?:it['’]?s )?no use|nothing else|no(?:body| one) else\s*(?:$|[,.;!]|will)|no exceptions?|full stop|end of story|"
    r"(?:it|that|this) (?:has to|must|should|needs to|ought to) be\s*(?:$|[,.;!])|(?:is|are|as) (?:the|an absolute|a) (?:bare )?minimum|"
    r"(?:the )?others?,? (?:(?:he|she|they|we|i) )?(?:\w+ )?(?:ignores?|skips?|dismiss(?:es)?)|no use to (?:me|him|her|them|us)|(?:don['’]?t|doesn['’]?t|do not|does not|won['’]?t) (?:listen to|hear|take|want) (?:owt|anything|anybody|anyone) else|"
    r"(?:anything|any(?:one|body)|owt|others?|else|smaller|bigger)\b[^,.]{0,20}? (?:gets?|goes|is|are) (?:binned|thrown out|ignored|dismissed|laughed at)|(?:that['’]?s|is) (?:his|her|their|the) (?:one |only )?(?:condition|rule|must)|"
    r"(?:he|she|they)(?:['’]ve|['’]s| has| have)? (?:said|asked)(?: so| that| it)? (?:twice|again|clearly|specifically))\b)|(?<=,) *period\s*$",
    re.IGNORECASE,
)
"""What somebody does when the wish is not met: it makes what stands before it strict."""
_REFUSED = re.compile(
    r"\b(?:(?:laughs?|sneers?|scoffs?) at|rolls? (?:his|her|their) eyes|eyes (?:glaze|roll)|glazes? over|tunes? out|switch(?:es)? off|"
    r"(?:sick|tired|fed up) (?:of|with)|allergic to|has no (?:time|patience) for|goes (?:puce|red|pale)|groans?|"
    r"had (?:it up to here|enough)|looks? down on|spare (?:me|us|him|her|them)|leave (?:me|us|him|her|them)\b|keep away from|"
    r"stay away from|steer clear of|burn(?:t|ed) by|"
    # What anybody may do to anything is a refusal of the story only where one person does it.
    r"(?:he|she|i|we|boss|owner|founder|director|chair(?:man|woman)?|contact|lead|buyer|chief|[a-z]fo|ceo) (?:really |just |simply )?"
    r"(?:hates?|loathes?|can['’]?t (?:stand|bear|abide|take)|dislikes?|despises?|avoids?|"
    r"won['’]?t (?:look at|hear|touch|read|accept|take)|(?:doesn['’]?t|don['’]?t|does not|do not|never) "
    r"(?:want|trust|believe|like|listen to|care (?:for|about)|buy|rate|accept|take|look at)))\b",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"^[^,.;]{0,40}?\b(?:(?:do|does|did)(?:n['’]?t| not)? (?:nothing for|impress|count|cut it|help|do it|work|land|fly)|dont (?:impress|cut it|count)|"
    r"doesnt (?:impress|cut it|count)|means? nothing|leaves? (?:him|her|them) cold|is out|are out|out of it|bore[s]? (?:him|her|them))\b",
    re.IGNORECASE,
)
_UNLESS = re.compile(
    r"\b(?:isn['’]?t|is not|aren['’]?t|are not|wasn['’]?t|not|other than|but|outside|unless|until|except|without|that ain['’]?t)\b",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"\b(?:ideally|preferably|prefer(?:s|red)?|would be (?:nice|nicer|nicest|the nicest|best|great|good|lovely|ideal|perfect)|if (?:possible|you can|we can|there is one)|"
    r"nice to have|if not|would help|or similar|not a must|bonus|but (?:anything|any) )",
    re.IGNORECASE,
)


_GOES_ON = re.compile(r"\s*(?:so|meaning|that is|i\.e\.|say|like)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"\s*(?:from|in|out of)\s+(?:the )?$", re.IGNORECASE)
_BUT_NOT = re.compile(r"\s*,?\s*but not\b", re.IGNORECASE)
"""What follows a place that stands alone: "from Germany, but not a bank"."""
_ADJACENT = re.compile(r"\s*(?:case|cases|one|ones)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """How a mention is meant where a sentence speaks of the story, and the stretch of text that says so."""

    wish: Wish
    span: tuple[int, int]
    turned: bool = False
    """Whether a refusal of everything else says so: "she laughs at anything that is not a bank"."""


def meant(
    text: str, start: int, end: int, previous: tuple[int, Wish] | None = None, *, place: bool = True
) -> tuple[Wish, tuple[int, int]]:
    """How a mention is meant, by the words beside it or by the sentence round it, and the stretch that says so."""
    wish, span = wish_for(text, start, end, previous)
    if wish is Wish.NOT and not place and text[span[0] :].lower().startswith("outside "):
        wish, span = Wish.LEAN, (start, end)  # "outside accountants" refuses nobody
    asked = asked_for(text, start, end) if wish is not Wish.ONLY else None
    return (asked.wish, asked.span) if asked and (wish is Wish.LEAN or asked.turned) else (wish, span)


def asked_for(text: str, start: int, end: int) -> Said | None:
    """How a mention is meant by the sentence round it; None where that speaks of the prospect."""
    first, last = _around(_UNIT, text, start, end, 0, len(text))
    left, right = _around(_CLAUSE, text, start, end, first, last)
    clause, at = text[left:right], start - left
    refused = [m for m in _REFUSED.finditer(clause) if m.end() <= at]
    after = _REFUSED_AFTER.match(text[end:right])
    if _SOFT.search(clause):
        return None
    if refused:
        turned = _UNLESS.search(clause, refused[-1].end(), at)
        return Said(Wish.ONLY if turned else Wish.NOT, (left, right), turned=bool(turned))
    if after:
        return Said(Wish.NOT, (left, right))
    if _FRAGMENT.fullmatch(clause[:at]) and _BUT_NOT.match(text, end):
        return Said(Wish.ONLY, (left, end))
    if _GOES_ON.match(clause) and _WISHED.search(text, first, left):
        return Said(Wish.ONLY, (left, right))
    if _WISHED.search(clause, 0, at) or _beside_the_tale(clause, at, end - left) or _OR_ELSE.search(clause, end - left):
        return Said(Wish.ONLY, (left, right))
    if threat := _OR_ELSE.search(text, right, last):
        return Said(Wish.ONLY, (left, _around(_CLAUSE, text, *threat.span(), first, last)[1]))
    if _ADJACENT.match(text, end) and _OR_ELSE.search(text, end, last):
        return Said(Wish.ONLY, (left, last))
    return None


def _beside_the_tale(clause: str, start: int, end: int) -> bool:
    """Whether a word for the story stands within a few words of what is mentioned."""
    for tale in _TALE.finditer(clause):
        between = clause[end : tale.start()] if tale.start() >= end else clause[tale.end() : start]
        if len(between.split()) <= _FEW_WORDS:
            return True
    return False


def _around(ends: re.Pattern[str], text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """The stretch between two ends that holds what stands from start to end."""
    left = max((m.end() for m in ends.finditer(text, first, start)), default=first)
    following = ends.search(text, end, last)
    return left, following.start() if following else last
