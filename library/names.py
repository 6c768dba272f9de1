"""The forms a name is written in, as patterns: any case, accents or none, initials, domains, torn or run together."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import unescape
from itertools import pairwise
from urllib.parse import unquote_to_bytes

from library.ordinary import COMPANY_FORMS, is_ordinary

_ORDINARY_INITIALS = frozenset(
    "CEO CFO COO CIO CTO CPO CHRO CISO ERP CRM USA EUR USD GBP VAT KPI SLA PDF CSV FAQ ISO GDP ESG AND THE FOR "
    "AG AI AM AN AP AR AS AT BE BY CD CV DO EU GM GO GP HE HI HQ HR ID IF IN IP IS IT MD ME MS MY NO OF OH OK ON OR OT "
    "PA PC PM PO PR QA QC RN SA SO TO TV UK UN UP US VP WE".split()
)
_DOTTED_ANYWAY = frozenset("AM PM UK UN US EU PA NO".split())
"""Initials of two letters that are written with full stops by everybody."""
_ROLE_WORDS = re.compile(
    r"\b(?:chief|officer|director|head|manager|management|owner|partner|controller|president|chair\w*|treasurer|lead|"
    r"leader|founder|consultant|advis[eo]r|auditor|engineer|planner|buyer|purchasing|procurement|finance|financial|"
    r"operations|sales|marketing|logistics|nursing|board|team|staff|customer|contact|colleague|assistant|secretary|"
    r"accountant|analyst|clerk|supervisor|foreman|superintendent|administrator|executive|vice|senior|former|deputy|"
    r"some(?:body|one)|anonymous|unknown|(?-i:[A-Z]{2,5}))\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?|our|their|its|his|her|one)\b", re.IGNORECASE)
_AND = frozenset("and und et og och".split())
_GAP = r"(?:\W{0,6}|\W+(?:and|und|et|y|e|n|og|och|amp|plus)\W+)"
"""Between two words of a name: a space, a line break, a hyphen, an ampersand however written, or nothing (a domain)."""
_TORN = r"\W{0,3}"
"""Between two letters of a long name: spaced out, dotted, or broken at the end of a line."""
_SAID_AGAIN = re.compile(r",?[\s-]{1,3}(?:[A-Z]\.\s)?")
_UNMARKED = {
    **str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"})
} | {
    ord(like): latin
    for likes, latins in (
        ("аеорсухіјѕкмтвнԁһ", "aeopcyxijskmtbhdh"),  # Cyrillic
        ("αβεζηικμνορτυχ", "abezhikmnoptyx"),  # Greek
    )
    for low, letter in zip(likes, latins, strict=True)
    for like, latin in ((low, letter), (low.upper(), letter.upper()))
}
"""Letters that are read as Latin ones; both cases of each, so that a name in its own script is known in either."""
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ñ": "ny", "þ": "th", "ð": "d", "œ": "oe"}
)
_CODED = re.compile(
    r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});|(?:%[0-9A-Fa-f]{2})+"
    r"|(?<=[^\W\d_])[-\u00ad\u2010][ \t]*\n[ \t]*(?=[^\W\d_])"
)
"""An HTML entity, an address's percent code, a word broken at the end of a line."""
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that show nothing, and are no marks."""


def customer_forms(customer: str) -> tuple[list[str], list[str]]:
    """The patterns for a customer's name said in full, and for the parts of it that give it away."""
    named = [customer, *re.split(r"[(,]", customer)[:1], *re.findall(r"\(([^)]+)\)", customer)]
    whole: list[str] = []
    words: list[str] = []
    for name in named:
        bare_parts = _without_company_form(parts_of(name))
        whole += [_spoken(parts_of(name)), _spoken(bare_parts)]
        if len(bare_parts) > 1:
            first, rest = bare_parts[0], any_case(" ".join(bare_parts[1:]))
            words += [rf"(?i:{_beginnings(first, 1)}\.)\W{{0,3}}{rest}"] if rest else []
            words += _run_together(bare_parts)
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", customer):
        if len(word) > 3 and not is_ordinary(word):
            words += _telling_word(word, parts_of(customer))
    all_letters = [part[0] for part in parts_of(customer)]
    telling = [part[0] for part in parts_of(customer) if part.lower() not in COMPANY_FORMS]
    words += _initials(telling) + (_initials(all_letters) if len(all_letters) > 2 else [])
    return [form for form in whole if form], words


def person_forms(person: str) -> list[str]:
    """The patterns for somebody's name: in full, either part alone, with initials, as in an address."""
    forms = [any_case(person)] if len(person) > 3 else []
    parts = parts_of(person)
    for part in parts:
        if len(part) > 1 and part[0].isupper():
            forms.append(_with_capital(part) if len(part) < 4 or is_ordinary(part) else any_case(part))
        elif part.upper() == part.lower():
            forms.append(any_case(part))
    cased = [part for part in parts if part.upper() != part.lower()]
    if len(cased) < 2 or len(cased) != len(parts):
        return forms
    first, last = parts[0], parts[-1]
    f, l_ = (re.escape(fold(part[0])[0]) for part in (first, last))
    said_first, said_last = (_with_capital(part) if is_ordinary(part) else any_case(part) for part in (first, last))
    forms += [
        *_run_together(parts),
        any_case(" ".join(reversed(parts))),
        rf"{f.upper()}\.?\s?{said_last}",
        rf"{said_first}\s{l_.upper()}\.",
        rf"(?i:{f}[.-]?{_word(last)}|{_word(last)}[.-]?{f}|{_word(first)}[.-]{l_}|{_word(first)}{l_}(?=@))",
    ]
    if len(last) > 5 and not is_ordinary(last):
        forms.append(rf"\w*{any_case(last)}\w*")
    return forms + _initials([part[0] for part in parts if part[0].isupper()])


def heard(heard_from: str) -> tuple[list[str], str]:
    """The names in "Marit Aune, chief nursing officer", and what to call them: "the chief nursing officer"."""
    pieces = [piece.strip() for piece in re.split(r"[,;()/]|\s+(?:and|und|&)\s+", heard_from) if piece.strip()]
    people: list[str] = []
    roles: list[str] = []
    for piece in pieces:
        words = piece.split()
        is_name = not words[0][0].islower() and not has_role(piece) and not _ARTICLE.match(piece)
        if is_name and (not people or len(words) > 1):
            people.append(piece)
        else:
            roles.append(piece)
    if not roles:
        return people, "their contact"
    role = re.split(r"\s+(?:who|that)\s", roles[0])[0]
    return people, role if _ARTICLE.match(role) else f"the {role}"


def has_role(words: str) -> bool:
    """Whether somebody's role is among the words."""
    return bool(_ROLE_WORDS.search(words))


def bare(phrase: str) -> str:
    """A phrase without its article."""
    return re.sub(r"^(?:the|an?|our|their)\s+", "", phrase, flags=re.IGNORECASE)


def parts_of(name: str) -> list[str]:
    """The words of a name."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name))


def any_case(name: str, *, torn: bool = True) -> str:
    """The pattern for a name in any case, its words joined by whatever stands between the words of a name.

    A long word that gives somebody away is found torn apart too, unless told otherwise.
    """
    parts = parts_of(name)
    spoken = [part for part in parts if part.lower() not in _AND] if len(parts) > 1 else parts
    words = [_word(part, torn=torn and len(part) > 5 and not is_ordinary(part)) for part in spoken or parts]
    return rf"(?i:{_GAP.join(words)})" if words else ""


def pattern(forms: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str] | None:
    """One pattern for all the forms, with an article before it; None without forms."""
    any_form = "|".join(sorted({form for form in forms if form}, key=len, reverse=True))
    if not any_form:
        return None
    # Scripts without capitals (CJK, Arabic) are often written without spaces: there a name needs no edges.
    edged = not any(letter.isalpha() and letter.lower() == letter.upper() for letter in any_form)
    start, end = (r"(?<!\w)", r"(?:(?:s|\d{1,4})(?!\w))?(?!\w)") if edged else ("", "")
    return re.compile(rf"(?P<article>\b(?i:the|an?)\s+)?{before}{start}(?:{any_form}){end}{after}")


def places_of(found: re.Pattern[str], text: str) -> list[tuple[int, int, str]]:
    """Where a folded text holds a name, from where to where, and the article before; one said again is one place."""
    places: list[tuple[int, int, str]] = []
    for match in found.finditer(text):
        article = match["article"] or ""
        if places and not article and _SAID_AGAIN.fullmatch(text, places[-1][1], match.start()):
            places[-1] = places[-1][0], match.end(), places[-1][2]
        else:
            places.append((*match.span(), article))
    return places


def fold(text: str) -> tuple[str, list[int] | range]:
    r"""The text without accents, codes and invisible characters, and the place of each letter in the text as given.

    An underscore is a hyphen in it: so the patterns can do with \w and \W, which compile faster.
    """
    coded = [*_CODED.finditer(text)] if "&" in text or "%" in text or "\n" in text else []
    if text.isascii() and not coded:
        return text.replace("_", "-"), range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    ends = [0, *(edge for match in coded for edge in match.span()), len(text)]
    for number, (start, end) in enumerate(pairwise(ends)):
        written = [(start, _decoded(text[start:end]))] if number % 2 else enumerate(text[start:end], start)
        for place, said in written:
            for letter in unicodedata.normalize("NFKD", said).translate(_UNMARKED):
                if unicodedata.category(letter) not in {"Mn", "Cf"} and letter not in _UNSEEN:
                    letters.append(letter)
                    places.append(place)
    return "".join(letters).replace("_", "-"), [*places, len(text)]


def _decoded(code: str) -> str:
    if code[0] == "&":
        return unescape(unescape(code))
    if code[0] != "%":
        return ""
    try:
        return unquote_to_bytes(code).decode("utf-8")
    except UnicodeDecodeError:
        return code


def _spoken(parts: list[str]) -> str:
    """The pattern for a name; one that is a single short or ordinary word counts only with its capital."""
    if len(parts) == 1 and (len(parts[0]) < 4 or is_ordinary(parts[0])):
        return _with_capital(parts[0]) if len(parts[0]) > 1 else ""
    return any_case(" ".join(parts))


def _telling_word(word: str, others: list[str]) -> list[str]:
    """The patterns for a word that gives its customer away alone."""
    said = any_case(word)
    if len(word) > 5:
        forms: list[str] = [rf"\w*{said}\w*"]
    else:
        beside = [other for other in others[:6] if other != word]
        forms = [rf"{said}(?i:ians?|ish)?", *(any_case(f"{word} {other}") for other in beside)]
        forms += [any_case(f"{other} {word}") for other in beside]
        forms += [rf"\w*{said}\w*(?=\.[a-z]{{2,6}}\b)", rf"(?<=[@#])\w*{said}\w*"]
        spaced = r"\W{1,3}".join(map(_letter, word))
        forms.append(rf"(?i:{spaced})")
    forms.append(_domain(word))
    if len(word) > 6 and not is_ordinary(word[:5]):
        plain = fold(word)[0]
        forms.append(rf"{re.escape(plain[:1].upper())}(?i:{_beginnings(plain[1:], 4)})\.")
    return forms


def _run_together(parts: list[str]) -> list[str]:
    """The pattern for a long name inside an address of another name, and for its name as the domain system has it."""
    run = "".join(parts)
    forms = [rf"\w*(?i:{''.join(map(_word, parts))})\w*"] if len(run) > 7 else []
    return [*forms, _domain(run), _domain("-".join(parts))]


def _domain(name: str) -> str:
    """The pattern for a name with accents as the domain system has it; empty for one without, or none it could be."""
    try:
        return "" if name.isascii() else re.escape(name.lower().encode("idna").decode())
    except UnicodeError:
        return ""


def _initials(letters: list[str]) -> list[str]:
    """The patterns for a name's initials, with full stops and, where they are no word of everybody's, without."""
    initials = "".join(fold(letter)[0] for letter in letters).upper()
    if len(initials) < 2 or not initials.isalpha() or initials.lower() == initials:
        return []
    escaped = [re.escape(letter) for letter in initials]
    ordinary = initials in _ORDINARY_INITIALS
    if len(initials) == 2:
        dotted = [] if initials in _DOTTED_ANYWAY else [rf"{escaped[0]}\.\s?{escaped[1]}\.?"]
        return [*dotted, *([] if ordinary else ["".join(escaped), rf"(?i:{''.join(escaped)})(?=\.(?:com|net|org)\b)"])]
    if ordinary:
        return [r"\.".join(escaped) + r"\.?"]
    spaced = r"[.\-]? ?".join(escaped)
    return [rf"{spaced}\.?", rf"(?i:{spaced})(?=\.[a-z]{{2}})"]


def _beginnings(word: str, fewest: int) -> str:
    """The pattern for a word cut short, from so many letters up to all but one."""
    plain = [re.escape(letter) for letter in fold(word)[0]]
    optional = ""
    for letter in reversed(plain[fewest:-1]):
        optional = rf"(?:{letter}{optional})?"
    return "".join(plain[:fewest]) + optional


def _without_company_form(parts: list[str]) -> list[str]:
    kept = list(parts)
    while kept and kept[-1].lower() in COMPANY_FORMS:
        kept.pop()
    while kept and kept[0].lower() in COMPANY_FORMS:
        kept.pop(0)
    return kept


def _word(word: str, *, torn: bool = False) -> str:
    """The pattern for a word, each marked letter plain, spelled out, or as a wrong encoding leaves it."""
    return (_TORN if torn else "").join(_letter(letter) for letter in unicodedata.normalize("NFC", word))


def _letter(letter: str) -> str:
    plain = fold(letter)[0]
    if letter.isascii() or letter.lower() == letter.upper():
        return re.escape(plain)
    spelled = fold(letter.lower().translate(_SPELLED_OUT))[0]
    misread = fold(letter.encode().decode("cp1252", "replace"))[0]
    ways = sorted({re.escape(way) for way in (plain, spelled, misread) if way}, key=len, reverse=True)
    return rf"(?:{'|'.join(ways)}|[?\ufffd])"


def _with_capital(word: str) -> str:
    plain = fold(word)[0]
    return rf"(?:{re.escape(plain[:1].upper() + plain[1:])}|{re.escape(plain.upper())})"
