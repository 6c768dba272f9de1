"""What kind of turn a rep's words are, told by how they are put."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NEW = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|so|now|right|and|let['’]?s|a|i have a|i['’]ve got a)[, ]+)*"
    r"(?:(?:new|next|another|different|other) (?:prospect|deal|search|lead)|start (?:over|again|afresh)|from scratch|"
    r"forget (?:all that|that|it|all|everything|this)\b|"
    # Words that also begin a description ("new customer contracts…") count only where a pause follows.
    r"(?:(?:new|next|another|different|other) (?:customer|call|situation|account|client)|(?:new|next) one|(?:re)?start|reset|clear(?: (?:all|everything))?)"
    r"(?=\s*(?:please)?\s*(?:$|[:.,!–—-])))\b(?:\s+please\b)?[\s:.,!–—-]*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_TALK = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|howdy|yo|good (?:morning|afternoon|evening|day)|hallo|moin|salut|hola|thanks?|thank you|"
    r"thx|cheers|ta|great|perfect|nice|cool|ok|okay|super|brilliant|bye|goodbye|see you|help|test(?:ing)?|"
    r"how are you(?: doing)?(?: today)?|who are you|what are you|what can (?:you|i) (?:do|ask)(?: here)?|how does this work|"
    r"are you (?:there|a bot|human|real)|anyone there|there|all|everyone|team|again|very much|so much|a lot|for that|"
    r"you|please|lol|haha|hm+|uh+|um+|yes|no|yep|nope|sure)\b\W*)+$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\W*(?:(?:can|could|do) (?:you|i|we|i) )?(?:please )?(?:show|give|see|get|find|have|got|are there|is there|any|what|bring)?\s*"
    r"(?:me|us|you)?\s*(?:have|got)?\s*(?:any|some|the|a few|are there|is there)?\s*"
    r"(?:others?|more|else|next|another(?: one)?|different(?: ones?)?|something (?:else|different)|anything else|other (?:stories|ones)|"
    r"more (?:stories|options|of them)|next (?:ones|three|page)|the rest|not these|none of these)"
    r"(?: (?:stories|story|ones?|options|matches|please|do you have|have you got|is there|are there|you have|you got))*\W*$",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?:like|similar to|similar as|as with|same as|along the lines of|in the style of|closer to|resembl\w+)\s+(?P<what>.+)$|"
    r"^(?P<which>.+?)\s+(?:was|is|looks|sounds) (?:good|better|right|closer|close|promising|nice)[, ]+(?:more|others?|similar).*$",
    re.IGNORECASE,
)
_LIKE_OPENS = re.compile(
    r"^\W*(?:(?:show|give|find|get|can i (?:see|have|get)|i (?:want|need|would like)|any|some|do you have|got)\s*)?(?:me |us )?"
    r"(?:any |some )?(?:more|others?|stories|something|anything|ones?|similar|like|closer|another|a story)\b|was good|is (?:better|closer)",
    re.IGNORECASE,
)
_PLACES: tuple[tuple[re.Pattern[str], int], ...] = (
    (
        re.compile(
            r"(?:\b(?:(?:the|that|your|like|to) first|first (?:one|story|match)|1st|number one|number 1|no\.? ?1|top one|one at the top)|#1)\b",
            re.I,
        ),
        0,
    ),
    (re.compile(r"(?:\b(?:second|2nd|number two|number 2|no\.? ?2|middle one)|#2)\b", re.I), 1),
    (
        re.compile(
            r"(?:\b(?:the third|third (?:one|story|match)|like third|3rd|number three|number 3|no\.? ?3)|#3)\b(?! of)",
            re.I,
        ),
        2,
    ),
    (re.compile(r"\b(?:last one|the last)\b", re.I), -1),
    (re.compile(r"(?:\b(?:the|like) (?:fourth|fifth|sixth)|#[4-9]|\bnumber [4-9])\b", re.I), 99),
)
_FIRST_AS_FACT = re.compile(
    r"\bfirst (?:win|result|step|success|victory|thing|few|month|week|year|time|quarter)\b", re.I
)
_QUESTION_WORD = re.compile(
    r"^\W*(?:and |but |so |ok(?:ay)?[, ]+)?(?:how|what|why|when|who|whom|whose|where|which|did|does|do|was|were|is|are|has|have|had|"
    r"can|could|may|should|tell me|in the (?:first|second|third) (?:one|story)|for the (?:first|second|third))\b",
    re.IGNORECASE,
)
_ASKED_OUTRIGHT = re.compile(r"^\W*(?:and |but |so |ok(?:ay)?[, ]+)?(?:how|when|who|why)\b", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^\W*(?:and |but |so |ok(?:ay)?[, ]+)?(?:what|how) (?:about|if)\b", re.IGNORECASE)
_OF_A_STORY = re.compile(
    r"\b(?:they|them|their|theirs|he|she|him|her|his|it|its|this|that|these|those|customer|company|story|stories|one|"
    r"the \w+|first|second|third|last|did|was|were|told|name)\b",
    re.IGNORECASE,
)
_ABOUT_NOTHING_ELSE = re.compile(
    r"^(?:\W|\b(?:ok|okay|and|but|so|now|or|then|well|hm+|what|how|about|if|it|were|was|is|are|be|must|has|have|to|same|for|in|at|"
    r"with|from|of|by|only|just|any|anything|anyone|anybody|something|someone|somebody|one|ones|some|that|this|there|do|does|you|we|i|got|"
    r"had|get|show|give|find|see|bring|me|us|instead|rather|switch|make|not|no|non|without|except|excluding|exclude|outside|can|could|"
    r"would|please|let|lets|try|maybe|perhaps|a|an|the|our|your|another|other|more|story|stories|example|examples|reference|"
    r"references|customer|customers|company|companies|industry|sector|case|cases|prospect|else|like|based|ideally|nothing|but|"
    r"strictly|anywhere|everything|all|on|shelf|library|also|too|though|actually|need|want|looking|look|nor|neither|than|type|kind|"
    r"closer|s|d|ve|re|m)\b)*$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|cheers|ta|great|perfect|nice|cool|super|brilliant|bye|goodbye|see you)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:weather|forecast|what time is it|what day is it|time now|joke|recipe|horoscope|lottery|world cup|football|"
    r"capital of|for lunch|for dinner|your (?:name|favou?rite|age))\b",
    re.IGNORECASE,
)
_SMALLER = re.compile(r"\b(?:smaller|tinier|less big|not (?:so|that|as) (?:big|large)|too (?:big|large))\b", re.I)
_BIGGER = re.compile(r"\b(?:bigger|larger|not (?:so|that|as) small|too small)\b", re.I)
_RELATIVE = re.compile(
    r"^\W*(?:and|but|ok|okay|please|a|an|the|any|anything|something|much|bit|little|one|ones|company|companies|customer|"
    r"customers|stories|story|they|are|is|it|that|these|those|was|were|too|show|me|give|with|for|from|smaller|tinier|bigger|"
    r"larger|big|large|small|not|so|as|less|far|way|got|have|you|do|prospect|our|us|than|this|in|comparison|\W)+$",
    re.IGNORECASE,
)


def starts_again(words: str) -> tuple[bool, str]:
    """Whether a new prospect is announced, and what is said of it in the same breath."""
    match = _NEW.match(words)
    return (True, match["rest"].strip()) if match else (False, words)


def is_small_talk(words: str) -> bool:
    """Whether nothing is said: a greeting, thanks, a test, or no word at all."""
    return not re.search(r"[^\W\d_]{2}", words) or bool(_TALK.match(words))


def wants_others(words: str) -> bool:
    """Whether other stories are asked for."""
    return bool(_OTHERS.match(words))


def wants_more_like(words: str) -> str:
    """What the stories asked for should be like, in the rep's words; empty when they are not."""
    match = _LIKE.search(words)
    if not match or not _LIKE_OPENS.search(words) or len(words.split()) > 14:
        return ""
    return (match["what"] or match["which"] or "").strip()


def named_place(words: str) -> int | None:
    """The place on the table that is named ("the second" is 1, "the last one" is -1), or None."""
    said = _FIRST_AS_FACT.sub(" ", words)
    return next((place for pattern, place in _PLACES if pattern.search(said)), None)


def asks_about_a_story(words: str) -> bool:
    """Whether the words are a question about a story that was shown."""
    asked = bool(_QUESTION_WORD.match(words)) or words.rstrip().endswith("?")
    points = bool(_OF_A_STORY.search(words)) or (words.rstrip().endswith("?") and bool(_ASKED_OUTRIGHT.match(words)))
    return asked and points and not _WHAT_ABOUT.match(words) and len(words.split()) < 25


def turns_facets(words: str, named: Iterable[str]) -> bool:
    """Whether the words only turn a wish, named in them: "what about healthcare?", "do you have one in Germany?"."""
    left = words
    for said in sorted(named, key=len, reverse=True):
        left = re.sub(rf"(?<![^\W_]){re.escape(said)}(?![^\W_])", " ", left, flags=re.IGNORECASE)
    return left != words and len(words.split()) < 14 and bool(_ABOUT_NOTHING_ELSE.match(left))


def is_thanks(words: str) -> bool:
    """Whether small talk thanks, praises or says good-bye."""
    return bool(_THANKS.search(words))


def is_elsewhere(words: str) -> bool:
    """Whether a question is about the world outside: the weather, the time."""
    return bool(_ELSEWHERE.search(words))


def relative_size(words: str) -> int:
    """-1 for smaller, 1 for bigger, 0 when the words say more than that."""
    if not _RELATIVE.match(words):
        return 0
    return -1 if _SMALLER.search(words) else 1 if _BIGGER.search(words) else 0
