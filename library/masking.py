"""Names taken out of a story, in every form they are written in: the alias in their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import fields, replace

from library.story import Section, Story

_OURS = frozenset("told_by contributors owner verified_by".split())
_TAKEN_OUT = frozenset("customer heard_from demo_url media_url".split())
"""Fields that are the name, or lead to it."""
_COMPANY_FORMS = frozenset(
    "ag sa se nv bv ab as asa inc llc llp ltd plc co corp gmbh kg ohg oy oyj spa srl sarl sas pty pte limited group "
    "gruppe grupo gruppo groupe holding holdings company corporation incorporated the of and und et de del della di "
    "der die das y e og och la le el".split()
)
_ORDINARY = frozenset(
    # Trades
    "bank banco banking bancshare insurance assurance seguro mutual hospital clinic klinik klinikverbund health "
    "healthcare care helse food dairy bakery retail store supermarket shop logistic logistik freight transport "
    "transporte construction builder building road bridge water power energy electric gas oil law legal hotel hotele "
    "resort restaurant kitchen cafe coffee pump pumpen foundry steel metal alloy machine machinery tool press print "
    "fish seafood meat farm fruit wine beer brewery textile fashion shoe furniture wood timber glass stone brick paper "
    "packaging plastic chemical pharma medicine medical dental device electronic car auto motor truck rail air marine "
    "shipping port travel tour media publishing book music film game sport school academy college university "
    "foundation trust charity ministry landesministerium kommune sparkasse council city county state town district "
    "police fire civil defence housing property estate scaffolding plumbing heating roofing painting cleaning security "
    "staffing payroll audit finance financial capital credit union saving loan lease leasing invest investment asset "
    "wealth pension technology software data digital cloud network telecom mobile engineering consulting consultancy "
    "beratung solution service system industry industrial supply supplie product production manufacturing wholesale "
    "distribution trading trade import export works work plant factory brand home house office warehouse depot centre "
    "center partner associate brother sister daughter son family people customer client member agency bureau institute "
    "laboratory research science management cooperative society alliance federation association chamber club "
    # Praise and size
    "first second third one two three four five six seven eight nine ten new old young great grand big little small "
    "royal king queen crown noble general public private open free best better good fine fresh pure true real right "
    "choice select premier premium prime quality value smart bright clear clean safe sure simple easy quick fast swift "
    "rapid direct express active advance advanced progress pioneer leader leading master expert standard classic "
    "heritage legacy future modern next total complete full whole common shared together hand heart head life living "
    "light power force action impact result growth change move step point line circle square cross link bridge gate "
    "door window table corner market place space room time hour day night week month year season summer winter spring "
    "autumn morning early late always ever more most only just about over under above from with your their this that "
    # Places and nature
    "national regional local global world worldwide international universal european american british german african "
    "asian pacific atlantic european north south east west northern southern eastern western central middle united "
    "federal continental metropolitan urban rural country village street park garden green field meadow forest tree "
    "river lake sea ocean coast bay beach harbour harbor island mountain hill valley rock sand earth land ground sun "
    "europe asia africa america norway sweden denmark finland iceland germany deutschland france spain italy portugal "
    "britain england scotland wales ireland netherland belgium austria switzerland poland turkey greece canada mexico "
    "brazil chile india china japan korea singapore australia zealand kenya emirate jordan "
    "moon star sky cloud wind rain snow storm horizon summit peak blue red white black gold golden silver iron copper "
    "bronze diamond pearl rose lion eagle bear wolf horse falcon phoenix "
    # What a contact is called
    "grace grant will mark hope faith joy bill frank penny dean chase rich rust sterling page baker butcher cook smith "
    "may june april august".split()
)
"""Words that say nothing by themselves: they give a name away only beside the rest of it. In the singular."""
_ORDINARY_INITIALS = frozenset(
    "CEO CFO COO CIO CTO CPO CHRO CISO ERP CRM USA EUR USD GBP VAT KPI SLA PDF CSV FAQ ISO GDP ESG AND THE FOR".split()
)
_ROLE_WORDS = re.compile(
    r"\b(?:chief|officer|director|head|manager|management|owner|partner|controller|president|chair\w*|treasurer|lead|"
    r"leader|founder|consultant|advis[eo]r|auditor|engineer|planner|buyer|purchasing|procurement|finance|financial|"
    r"operations|sales|marketing|logistics|nursing|board|team|staff|customer|contact|colleague|assistant|secretary|"
    r"accountant|analyst|clerk|supervisor|foreman|superintendent|administrator|executive|vice|senior|former|deputy|"
    r"some(?:body|one)|anonymous|unknown|(?-i:[A-Z]{2,5}))\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|an?|our|their|its|his|her|one)\b", re.IGNORECASE)
_GAP = r"(?:[\W_]{0,6}|[\W_]+(?:and|und|et|y|e|og|och|amp)[\W_]+)"
"""Between two words of a name: a space, a line break, a hyphen, an ampersand however written, or nothing (a domain)."""
_UNMARKED = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def without_names(story: Story) -> Story:
    """The story with the customer, and who was heard, taken out of every field, and the alias in their place."""
    mask = _Mask(story)
    kept = {f.name: getattr(story, f.name) for f in fields(story) if f.name not in {"id", "alias", *_TAKEN_OUT}}
    masked: dict[str, object] = dict.fromkeys(_TAKEN_OUT, "")
    for name, value in kept.items():
        said = mask.whole_names if name in _OURS else mask
        if type(value) is str:
            masked[name] = said(value)
        elif isinstance(value, tuple) and name != "sections":
            masked[name] = tuple(said(item) for item in value)
    sections = tuple(Section(mask(s.heading), mask(s.text), s.beat) for s in story.sections)
    return replace(story, **masked, alias=mask.alias, extra={}, sections=sections)  # type: ignore[arg-type]


def names_said(text: str, story: Story) -> tuple[str, ...]:
    """Every form of the customer's name, and of who was heard, that stands in a text, as it stands there."""
    return _Mask(story).found(text)


def masked(text: str, story: Story) -> str:
    """Words of ours about a story, every form of its customer's names replaced as in the story itself."""
    return _Mask(story)(text)


def spoken_alias(story: Story) -> str:
    """What to call the customer where the name may not be said."""
    return story.alias or "one of our customers"


class _Mask:
    """Replaces every form of a story's names: any case, accents or none, hyphens, line breaks, initials, domains."""

    def __init__(self, story: Story) -> None:
        whole, words = _customer_forms(story.customer)
        people, role = _heard(story.heard_from)
        self._customer = _pattern([*whole, *words], before=r"(?:https?://)?(?:www\.)?", after=r"(?:\.[a-z]{2,6}\b)*")
        self._whole_customer = _pattern(whole)
        self._whole_person = _pattern(_any_case(person) for person in people if " " in person)
        alias = spoken_alias(story)
        self.alias = "one of our customers" if _spans(self._customer, alias) else alias
        self._role = _replaced(self._customer, role, self.alias)
        self._person = _pattern(
            [form for person in people for form in _person_forms(person)],
            before=r"(?:(?i:mrs?|ms|miss|dr|prof|herr|frau|sra?|mme)\.?\s+)?",
            # "Moira, compliance officer, has never" shall not become "the compliance officer, compliance officer".
            after=rf"(?:-san\b)?(?:,\s+(?:(?:an?|the|our|their)\s+)?{_any_case(_bare(self._role))},?)?",
        )
        if _spans(self._person, self.alias):
            self.alias = "one of our customers"

    def __call__(self, text: str) -> str:
        return _replaced(self._person, _replaced(self._customer, text, self.alias), self._role)

    def found(self, text: str) -> tuple[str, ...]:
        """What would be replaced, in order, each once."""
        plain, places = _fold(text)
        spans = [m.span() for pattern in (self._customer, self._person) if pattern for m in pattern.finditer(plain)]
        return tuple(dict.fromkeys(text[places[start] : places[end]] for start, end in sorted(spans)))

    def whole_names(self, text: str) -> str:
        """Only the names said in full: for our own people, who may share a first name with a customer's."""
        return _replaced(self._whole_person, _replaced(self._whole_customer, text, self.alias), self._role)


def _customer_forms(customer: str) -> tuple[list[str], list[str]]:
    """The patterns for a customer's name said in full, and for the parts of it that give it away."""
    named = [customer, *re.split(r"[(,]", customer)[:1], *re.findall(r"\(([^)]+)\)", customer)]
    whole: list[str] = []
    for name in named:
        parts = _parts(name)
        whole += [_spoken(parts), _spoken(_without_company_form(parts))]
    words = [
        form
        for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", customer)
        if len(word) > 3 and not _is_ordinary(word)
        for form in (_any_case(word), *([rf"[^\W_]*{_any_case(word)}[^\W_]*"] if len(word) > 5 else []))
    ]
    letters = "".join(part[0] for part in _parts(customer) if part.lower() not in _COMPANY_FORMS).upper()
    if len(letters) > 2 and letters not in _ORDINARY_INITIALS:
        dotted = r"\.? ?".join(re.escape(_fold(letter)[0]) for letter in letters)
        words += [rf"{dotted}\.?", rf"(?i:{dotted})(?=\.[a-z]{{2}})"]
    return [form for form in whole if form], words


def _spoken(parts: list[str]) -> str:
    """The pattern for a name; one that is a single short or ordinary word counts only with its capital."""
    if len(parts) == 1 and (len(parts[0]) < 4 or _is_ordinary(parts[0])):
        return _with_capital(parts[0]) if len(parts[0]) > 1 else ""
    return _any_case(" ".join(parts))


def _person_forms(person: str) -> list[str]:
    forms = [_any_case(person)] if len(person) > 3 else []
    for part in _parts(person):
        if len(part) > 1 and part[0].isupper():
            forms.append(_with_capital(part) if len(part) < 4 or _is_ordinary(part) else _any_case(part))
        elif part.upper() == part.lower():
            forms.append(_any_case(part))
    return forms


def _heard(heard_from: str) -> tuple[list[str], str]:
    """The names in "Marit Aune, chief nursing officer", and what to call them: "the chief nursing officer"."""
    pieces = [piece.strip() for piece in re.split(r"[,;()/]|\s+(?:and|und|&)\s+", heard_from) if piece.strip()]
    people: list[str] = []
    roles: list[str] = []
    for piece in pieces:
        words = piece.split()
        is_name = not words[0][0].islower() and not _ROLE_WORDS.search(piece) and not _ARTICLE.match(piece)
        if is_name and (not people or len(words) > 1):
            people.append(piece)
        else:
            roles.append(piece)
    if not roles:
        return people, "their contact"
    role = re.split(r"\s+(?:who|that)\s", roles[0])[0]
    return people, role if _ARTICLE.match(role) else f"the {role}"


def _bare(phrase: str) -> str:
    return re.sub(r"^(?:the|an?|our|their)\s+", "", phrase, flags=re.IGNORECASE)


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _without_company_form(parts: list[str]) -> list[str]:
    kept = list(parts)
    while kept and kept[-1].lower() in _COMPANY_FORMS:
        kept.pop()
    while kept and kept[0].lower() in _COMPANY_FORMS:
        kept.pop(0)
    return kept


def _is_ordinary(word: str) -> bool:
    lowered = word.lower()  # with its accents: Stoñes is nobody's stones
    singulars = {lowered, lowered.removesuffix("s"), lowered.removesuffix("es"), lowered.removesuffix("ies") + "y"}
    return not singulars.isdisjoint(_ORDINARY | _COMPANY_FORMS)


def _any_case(name: str) -> str:
    spellings = {_fold(name)[0], _fold(name.translate(_SPELLED_OUT))[0]}
    forms = sorted({_GAP.join(re.escape(part) for part in _parts(spelled)) for spelled in spellings} - {""})
    return rf"(?i:{'|'.join(forms)})" if forms else ""


def _with_capital(word: str) -> str:
    plain = _fold(word)[0]
    return rf"(?:{re.escape(plain[:1].upper() + plain[1:])}|{re.escape(plain.upper())})"


def _pattern(forms: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str] | None:
    any_form = "|".join(sorted({form for form in forms if form}, key=len, reverse=True))
    if not any_form:
        return None
    # Scripts without capitals (CJK, Arabic) are often written without spaces: there a name needs no edges.
    edged = not any(letter.isalpha() and letter.lower() == letter.upper() for letter in any_form)
    start, end = (r"(?<![^\W_])", r"(?:s(?![^\W_]))?(?![^\W_])") if edged else ("", "")
    one = rf"{before}{start}(?:{any_form}){end}"
    return re.compile(rf"(?P<article>\b(?i:the|an?)\s+)?{one}(?:,?[\s-]{{1,3}}(?:[A-Z]\.\s)?{one})*{after}")


def _spans(pattern: re.Pattern[str] | None, text: str) -> bool:
    return bool(pattern and pattern.search(_fold(text)[0]))


def _replaced(pattern: re.Pattern[str] | None, text: str, phrase: str) -> str:
    """The text with the phrase for each match: with one article, and a capital where a sentence begins."""
    if not pattern or not text:
        return text
    plain, places = _fold(text)
    kept: list[str] = []
    at = 0
    for match in pattern.finditer(plain):
        start, end = places[match.start()], places[match.end()]
        article = match["article"] or ""
        said = f"{article}{_bare(phrase)}" if article.strip().lower() == "the" else phrase
        before = text[:start].rstrip('"“‘(*_>#- ')
        if not before or before[-1] in ".!?\n" or before.endswith(('."', '?"', '!"', ".”", "?”", "!”")):
            said = said[:1].upper() + said[1:]
        kept += [text[at:start], said]
        at = end
    return "".join([*kept, text[at:]])


def _fold(text: str) -> tuple[str, list[int] | range]:
    """The text without accents and invisible characters, and the place of each letter in the text as given."""
    if text.isascii():
        return text, range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for place, written in enumerate(text):
        for letter in unicodedata.normalize("NFKD", written).translate(_UNMARKED):
            if unicodedata.category(letter) not in {"Mn", "Cf"}:
                letters.append(letter)
                places.append(place)
    return "".join(letters), [*places, len(text)]
