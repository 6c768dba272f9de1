"""What the columns of somebody's table are, and what their cells say: a size, a date, the beats of a running text."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from library.reading import FIELDS, beat_named
from library.sizes import people_in, size_label, size_range
from library.story import HEADINGS, Beat, sentences
from library.vocabulary import SIZES, Vocabulary

LISTS = frozenset("also_called roles moments products alternatives contributors tags".split())
DATES = frozenset("critical_date first_win_on heard_on verified_on expires_on".split())
BEAT_HEADED: Mapping[str, Beat] = {heading: beat for beat, heading in HEADINGS.items()}
TEXTS = frozenset({"text", "background", "quote", "solution", *BEAT_HEADED})
"""What a column can be beside a field: a beat by its heading, or a text that is placed."""

_USUAL_NAMES: Mapping[str, str] = {
    "id": "story id, case id, case study id, reference, ref, identifier, record id, key",
    "title": "headline, story title, case study title, story name, subject",
    "customer": "customer name, client, client name, account, account name, company, company name, organisation, "
    "organization, organisation name, organization name",
    "alias": "anonymised name, anonymized name, pseudonym, anonymous name",
    "industry": "sector, vertical, industry vertical, industry sector, market segment, line of business",
    "region": "geography, geo, location, territory, area",
    "country": "country code, nation, country name",
    "size": "employees, company size, headcount, number of employees, no of employees, employee count, staff, ftes, "
    "organisation size, organization size, customer size, people",
    "roles": "role, persona, contact title, buyer, buyer role, job title, contact role, decision maker, champion role",
    "change": "kind of change, change type, type of change, change kind",
    "products": "product, module, modules, products used, product name",
    "alternatives": "alternative, competitors, alternatives considered, competition",
    "also_called": "other names, also known as, aka, former names",
    "tags": "tag, keywords, topics, labels, category, categories",
    "heard_on": "date, published, year, published on, publication date, story date, date published",
    "heard_from": "contact, contact name, contact person, interviewee, spokesperson, quote by, quote author, speaker",
    "told_by": "teller, author, submitted by, written by, storyteller",
    "owner": "story owner, account owner, account manager",
    "media_url": "url, link, website, source, source url, case study url, web page",
    "demo_url": "demo, demo link",
    "background": "situation, company description, customer background, context, about, about the customer, "
    "about the company, company profile, customer profile, about the client, who they are",
    "What changed": "trigger, why now, compelling event, trigger event, catalyst, driver, drivers, the trigger",
    "What it cost": "challenge, challenges, problem, problems, pain, pains, pain point, pain points, the challenge, "
    "the problem, business challenge, business problem, issue, issues",
    "What they needed": "need, needs, requirement, requirements, goal, goals, objective, objectives, business need",
    "Why they decided": "why chosen, why us, decision, reason, reasons, why they chose us, why they chose, why we won, "
    "reason for choosing, why selected, win reason, why they bought, decision reason, why",
    "The first win": "result, results, the results, impact, outcome, outcomes, benefit, benefits, business impact, "
    "the result, the outcome, win",
    "Ask": "question, discovery question",
    "solution": "the solution, approach, our approach, implementation, our solution, what we did, deployment",
    "quote": "testimonial, customer quote, quotation, in their words, quotes, customer testimonial",
    "text": "story, case study, body, description, summary, abstract, content, narrative, overview, full text, "
    "customer story, success story, story text, case study text, details",
}


class ExchangeError(ValueError):
    """A table that cannot come in or go out, in a sentence: where, what was found, what to write instead."""


def plain_name(name: str) -> str:
    """A column's name whatever its capitals, spaces and signs."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


_TARGETS: Mapping[str, str] = {
    **{plain_name(usual): target for target, names in _USUAL_NAMES.items() for usual in (target, *names.split(", "))},
    **{plain_name(field): field for field in FIELDS},
}
# A column named status comes from a CRM as often as from here; whether a story is published is the importer's word.
_ONLY_WHEN_ASKED = frozenset({"status"})


def meaning_of(name: str) -> str:
    """What a column or heading of this name is usually: a field, a beat's heading, text, quote ... or nothing."""
    beat = beat_named(name)
    target = _TARGETS.get(plain_name(name), beat.heading if beat else "")
    return "" if target in _ONLY_WHEN_ASKED else target


def meanings_of(names: Sequence[str], asked: Mapping[str, str]) -> dict[str, str]:
    """What each column is taken for, "" when it is kept as it is; raises ExchangeError for an unknown wish."""
    taken: dict[str, str] = {}
    for name, wish in asked.items():
        column = next((n for n in names if n == name), None) or next(
            (n for n in names if plain_name(n) == plain_name(name)), ""
        )
        if not column:
            raise ExchangeError(f'No column is called "{name}"; the columns are {", ".join(names)}.')
        target = _asked_for(wish)
        if target in taken.values() and not _may_repeat(target):
            raise ExchangeError(f"Two columns are to be {target}; name one, and {column} is kept beside it.")
        taken[column] = target
    # A column that bears the field's own name goes before one that is only usually called so.
    for name in sorted(names, key=lambda n: plain_name(n) != plain_name(meaning_of(n))):
        if name not in taken:
            target = meaning_of(name)
            taken[name] = target if _may_repeat(target) or target not in taken.values() else ""
    if "customer" not in taken.values():
        # "name" may be a customer, a contact or a story: only as the customer is it never shown to the wrong person.
        taken |= {name: "customer" for name in names if plain_name(name) == "name" and name not in asked}
    return {name: taken[name] for name in names}


def _asked_for(wish: str) -> str:
    beat = beat_named(wish)
    if plain_name(wish) in {plain_name(field) for field in FIELDS}:
        return next(field for field in FIELDS if plain_name(field) == plain_name(wish))
    target = "" if plain_name(wish) == "extra" else beat.heading if beat else meaning_of(wish)
    if not target and plain_name(wish) != "extra":
        known = [*FIELDS, "id", "text", "quote", "solution", "background", "extra", *HEADINGS.values()]
        raise ExchangeError(f'A column is to be "{wish}", which is no field; write one of {", ".join(known)}.')
    return target


def _may_repeat(target: str) -> bool:
    return not target or target in TEXTS or target in LISTS


# --- sizes and dates ---------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d{1,3}(?:[,.'’ \u00a0]\d{3})+(?!\d)|\d+(?:\.\d+)?\s?k\b|\d+", re.ASCII)
_ABOUT_A_NUMBER = re.compile(
    r"(?:[\s~≈<>=+()/,.–—-]|employees?|people|persons?|staff|ftes?|head\s?count|heads?|workers|approx(?:imately)?|about|"
    r"around|circa|ca|roughly|nearly|almost|some|over|above|more than|at least|up to|under|below|less than|fewer than|"
    r"between|and|to|or more|smb|sme|mid-?\s?market|mid-?\s?size[d]?|enterprise|small|medium|large|worldwide|globally)*"
)
_BANDS_SAID = {
    "micro": "1-49", "small": "1-49", "small business": "1-49", "smb": "50-199", "sme": "50-199", "medium": "50-199",
    "midmarket": "200-999", "midsize": "200-999", "midsized": "200-999", "large": "1000-4999",
    "enterprise": "1000-4999", "largeenterprise": "5000+", "smallbusiness": "1-49", "smallandmedium": "50-199",
}  # fmt: skip


def size_in(text: str) -> str | None:
    """The band of sizes a cell says: "1,200 employees", "200-500", "5000+", "Mid-market"; None when it says none."""
    said = text.strip().casefold()
    if said in SIZES:
        return said
    numbers = [_number(match) for match in _NUMBER.findall(said)]
    if not numbers:
        return _BANDS_SAID.get(plain_name(said))
    if len(numbers) > 2 or not _ABOUT_A_NUMBER.fullmatch(_NUMBER.sub(" ", said)):
        people: float | None = people_in(text[:200])
    else:
        people = sum(numbers) / len(numbers)
        if len(numbers) == 1 and re.search(r"<(?!=)|\b(?:under|below|less than|fewer than)\b", said):
            people -= 1
    if not people or people < 1:
        return None
    return next(band for band in reversed(SIZES) if size_range(band)[0] <= people)


def _number(said: str) -> float:
    if said.endswith("k"):
        return float(said[:-1]) * 1000
    return float(re.sub(r"\D", "", said)[:12])


_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = rf"(?P<name>{'|'.join(f'{m[:3]}(?:{m[3:]}|t)?' for m in _MONTHS)})\.?"
_DATE_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})(?:([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?)?(?:[T ]\d{1,2}:\d\d\S*)?",
        r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+)?{_MONTH},?\s+(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    )
)
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", re.ASCII)


def date_in(text: str) -> date | None:
    """The day a cell says, the first of a month or year named alone; None for 03/04/2025, which may be either."""
    said = text.strip()
    if match := _DAY_OR_MONTH_FIRST.fullmatch(said):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if first <= 12 and second <= 12 and first != second:
            return None
        return _day(year, min(first, second) if first != second else first, max(first, second))
    for form in _DATE_FORMS:
        if match := form.fullmatch(said):
            parts = match.groupdict()
            name = parts.get("name")
            month = [m[:3] for m in _MONTHS].index(name[:3].lower()) + 1 if name else int(parts.get("month") or 1)
            return _day(int(parts["year"]), month, int(parts.get("day") or 1))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None


# --- a running text under beats ------------------------------------------------------------------------------------

_CUES: Mapping[Beat, re.Pattern[str]] = {
    beat: re.compile(rf"\b(?:{cues})\b", re.IGNORECASE)
    for beat, cues in {
        Beat.CHANGE: r"announced|merg(?:ed|er|ing)|acqui\w+|new (?:law|rule|owner|regulation|competitor|ceo|tariff)\w*|"
        r"regulat\w+|bankrupt\w*|insolven\w*|end of (?:life|support)|discontinued|retir(?:ed|ing|es?)|when the|"
        r"competitors?|rival\w*|demand(?:ed|s)|grew|growing|doubled|tripled|tariffs?|inflation|pandemic|changed|suddenly",
        Beat.PAIN: r"challeng\w+|problem\w*|struggl\w+|pain\w*|cost(?:s|ing|ly)?|los(?:t|es|ing)|late|delay\w*|errors?|"
        r"manual(?:ly)?|spreadsheets?|overtime|penalt\w+|fine[sd]?|wast\w+|missed|shortages?|backlogs?|complain\w*|"
        r"slow|downtime|could not|couldn['’]t|unable|difficult\w*|risk\w*|took (?:days|weeks|hours)",
        Beat.NEED: r"need(?:ed|s)?|wanted|require[ds]?|requirements?|goals?|objectives?|looking for|aimed|had to|must",
        Beat.DECISION: r"chose|chosen|choose|decid\w+|decision|select(?:ed|ing|ion)|picked|opted|went with|because|"
        r"evaluat\w+|shortlist\w*|compared|convinced|signed",
        Beat.WIN: r"results?|resulted|reduc\w+|sav(?:ed|es|ings?)|improv\w+|increas\w+|cut .{1,40} by|"
        r"achiev\w+|benefit\w*|went live|today|now|first (?:week|month|quarter|win)|faster|(?:fell|dropped) (?:to|by)",
    }.items()
}  # fmt: skip
_ORDER = list(Beat)
_HEADING_LINE = re.compile(r"^#{1,6}[ \t]*(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def under_beats(text: str, among: Collection[Beat] = tuple(Beat)) -> dict[str, str]:
    """A running text under beats' headings and "solution": by its own headings where they say so, else a guess.

    The guess puts the first sentence under Who and any other under the beat whose cue words it has, the one that comes
    next in the telling before one that came already; a sentence without cues stays with the one before it. Every word
    is kept.
    """
    headed = [match for match in _HEADING_LINE.finditer(text) if meaning_of(match[1]) in {*BEAT_HEADED, "solution"}]
    if not headed:
        return _guessed(text, among)
    parts: dict[str, list[str]] = defaultdict(list)
    parts[Beat.WHO.heading].append(text[: headed[0].start()])
    for this, following in zip(headed, [*headed[1:], None], strict=True):
        parts[meaning_of(this[1])].append(text[this.end() : following.start() if following else len(text)])
    return {heading: joined for heading, found in parts.items() if (joined := "\n\n".join(filter(str.strip, found)))}


def has_headings(text: str) -> bool:
    """Whether a text says itself, in Markdown headings, which beat is which."""
    return any(meaning_of(match[1]) in {*BEAT_HEADED, "solution"} for match in _HEADING_LINE.finditer(text))


def _guessed(text: str, among: Collection[Beat]) -> dict[str, str]:
    placed: dict[str, str] = {}
    beat: Beat | None = None
    for paragraph in re.split(r"\n\s*\n", text):
        gap = "\n\n"
        for line in paragraph.splitlines():
            for sentence in sentences(line):
                beat = _beat_of(sentence, beat, among)
                before = placed.get(beat.heading)
                placed[beat.heading] = f"{before}{gap}{sentence}" if before else sentence
                gap = " "
            gap = "\n" if gap != "\n\n" else gap
    return placed


def _beat_of(sentence: str, previous: Beat | None, among: Collection[Beat]) -> Beat:
    if previous is None and len(sentence.split()) < 40:
        return Beat.WHO
    at = _ORDER.index(previous or Beat.WHO)
    cued = [_ORDER.index(beat) for beat, cue in _CUES.items() if beat in among and cue.search(sentence)]
    ahead = [place for place in cued if place >= at]
    return _ORDER[min(ahead) if ahead else max(cued, default=at)]


# --- a customer without its name -------------------------------------------------------------------------------------

_ONE_OF = {
    "hospitals": "hospital", "care-homes": "care home", "pharmaceuticals": "drug maker",
    "medical-devices": "medical device maker", "food-manufacturing": "food manufacturer",
    "industrial-manufacturing": "machine builder", "automotive": "car parts maker", "chemicals": "chemical company",
    "consumer-goods": "consumer goods maker", "electronics": "electronics manufacturer",
    "aerospace-defence": "aerospace company", "wholesale": "wholesaler", "retail": "retailer",
    "logistics": "logistics company", "passenger-transport": "passenger transport company",
    "construction": "construction company", "real-estate": "property company", "public-sector": "public body",
    "higher-education": "university", "schools": "school group", "banking": "bank", "insurance": "insurer",
    "investment": "asset manager", "utilities": "utility", "energy": "energy producer",
    "telecommunications": "telecom company", "software": "software company", "media": "media company",
    "professional-services": "professional services firm", "hospitality": "hospitality company",
    "leisure": "leisure company", "charities": "charity", "agriculture": "agricultural company",
    "mining": "mining company", "healthcare": "healthcare provider", "life-sciences": "life sciences company",
    "manufacturing": "manufacturer", "trade": "trading company", "transport": "transport company",
    "education": "education provider", "financial-services": "financial services company",
    "energy-and-utilities": "energy company", "travel-and-leisure": "travel company",
}  # fmt: skip
_WITH_THE = ("United", "Netherlands", "Philippines", "Dominican", "Middle East", "Ivory Coast")


def alias_from(industry: str, size: str, place: str) -> str:
    """What to call a customer: "a food manufacturer with 200 to 999 people in Spain"; the place as it is shown."""
    noun = _ONE_OF.get(industry, f"customer in {industry.replace('-', ' ')}" if industry else "customer")
    article = "an" if noun[0] in "aeiou" and not noun.startswith(("uni", "uti")) else "a"
    people = f" with {size_label(size)}" if size in SIZES else ""
    where = f" in {'the ' if place.startswith(_WITH_THE) else ''}{place}" if place else ""
    return f"{article} {noun}{people}{where}"


def is_all_of(said: str, term_id: str, kind: str, vocabulary: Vocabulary) -> bool:
    """Whether a cell says the term and nothing else, so that its id holds all there was."""
    term = vocabulary.get(kind, term_id)
    known = {plain_name(word) for word in (term_id, term.label, *term.words)} if term else set()
    return bool({plain_name(said), plain_name(said).removesuffix("s")} & known)
