"""What a rep said, understood without a language model: the words to search with, and the facets wished or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from library.asking import meant
from library.cues import Named
from library.sizes import SizeSaid, size_label, sizes_in
from library.vocabulary import Mention, Term, Vocabulary
from library.wishes import Wish, without_spans


@dataclass(frozen=True, slots=True)
class Facet:
    """One fact named in a situation: an industry, a region, a country, a size, a role or a kind of change."""

    kind: str
    value: str
    """An id of the vocabulary; for a size two numbers of people, "0-199" or, open upward, "1000-"."""
    wish: Wish = Wish.LEAN
    said: str = ""
    """The rep's words for it."""

    @property
    def strict(self) -> bool:
        """Whether every story shown must hold it."""
        return self.wish is not Wish.LEAN

    @property
    def key(self) -> str:
        """What a page or a test calls this facet by."""
        return f"{self.wish}:{self.kind}:{self.value}"

    def label(self, vocabulary: Vocabulary) -> str:
        """The facet in words: "Only banking", "Not public sector", "Hospitals"."""
        name = size_label(self.value) if self.kind == "size" else vocabulary.label(self.kind, self.value)
        if self.wish is Wish.LEAN:
            return name
        lowered = name if self.kind in {"region", "country"} or name[:2].isupper() else name[0].lower() + name[1:]
        return f"{'Only' if self.wish is Wish.ONLY else 'Not'} {lowered}"


@dataclass(frozen=True, slots=True)
class Situation:
    """A prospect's situation as far as it is understood."""

    text: str = ""
    """The words to search with: what was said, without the limits that are kept as facets."""
    facets: tuple[Facet, ...] = ()
    change: bool = False
    """Whether something that changed was named."""
    pain: bool = False
    """Whether something that hurts was named."""
    asks: bool = False
    """Whether it is put as a question to nobody in particular ("where do I…"), as a situation rarely is."""
    wants: bool = False
    """Whether a thing is wanted or looked for: "wants a new logo"."""

    @property
    def only_wants(self) -> bool:
        """Whether a thing is wanted and nothing is said to hurt: somebody shops, and no story tells why one should."""
        return self.wants and not self.pain

    @property
    def missing(self) -> tuple[str, ...]:
        """What a rep would be asked for: the change, the pain, or nothing."""
        return tuple(name for name, there in (("change", self.change), ("pain", self.pain)) if not there)

    @property
    def strict(self) -> tuple[Facet, ...]:
        """The facets that every story shown must hold."""
        return tuple(facet for facet in self.facets if facet.strict)

    def without(self, key: str) -> Situation:
        """The situation with one facet taken back."""
        return replace(self, facets=tuple(facet for facet in self.facets if facet.key != key))

    def and_also(self, other: Situation) -> Situation:
        """Both together: the words joined; a facet of a kind said anew replaces the one before."""
        return Situation(
            " ".join(part for part in (self.text, other.text) if part),
            merged_facets(self.facets, other.facets),
            self.change or other.change,
            self.pain or other.pain,
            self.asks and (other.asks or not other.text),
            self.wants and (other.wants or not other.text),
        )


PLACE_KINDS = frozenset({"region", "country"})


def merged_facets(before: Iterable[Facet], now: Iterable[Facet]) -> tuple[Facet, ...]:
    """The facets of a conversation: what is said now takes the place of what was wished in that kind before."""
    now = tuple(now)

    def family(facet: Facet) -> str:
        return "place" if facet.kind in PLACE_KINDS else facet.kind

    renewed = {family(f) for f in now if f.wish is not Wish.NOT}
    values = {(f.kind, f.value) for f in now}
    kept = [
        f
        for f in before
        if (f.kind, f.value) not in values and (f.wish is Wish.NOT or f.kind == "change" or family(f) not in renewed)
    ]
    return (*kept, *now)


def understand(text: str, vocabulary: Vocabulary) -> Situation:
    """Read a rep's words."""
    text = in_one_line(text)
    facets, cut = _facets(text, vocabulary)
    remaining = without_spans(text, cut)
    return Situation(
        remaining,
        tuple({f.key: f for f in _settled(facets)}.values()),
        # Read from what remains: "just banks" names no change, "without retailers" no pain.
        change=_names_a_change(remaining) or any(f.kind == "change" for f in facets),
        pain=bool(_PAIN.search(remaining)) or len(remaining.split()) > 40,
        asks=bool(_QUESTION.match(text)),
        wants=bool(_WANTS.search(remaining)),
    )


def in_one_line(text: str) -> str:
    """The words in one line: where somebody began a new one a sentence ends, unless a page was only so wide."""
    lines = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    widest = max(map(len, lines), default=0)
    full = [widest >= _PAGE and widest - len(line) <= _RAGGED for line in lines]
    pasted = sum(full[:-1]) > 1
    said = [
        line if line[-1] in _PAUSES or (pasted and filled) else f"{line}."
        for line, filled in zip(lines[:-1], full, strict=False)
    ]
    return " ".join((*said, *lines[-1:]))


_PAUSES = ".,;:!?…–—-"
_PAGE, _RAGGED = 60, 15
"""Letters: a narrower page is not wrapped, and by so many its lines may differ."""


def _facets(text: str, vocabulary: Vocabulary) -> tuple[list[Facet], list[tuple[int, int]]]:
    """Every fact named, as it is meant, and the stretches of text that say how."""
    mentions = vocabulary.mentions(text)
    named = facts_named(text, mentions)
    facets: list[Facet] = []
    cut: list[tuple[int, int]] = []
    for (place, values), (read, span) in zip(named, meant(text, [place for place, _ in named]), strict=True):
        alone = any(value.alone for value in values if isinstance(value, SizeSaid))
        wish = Wish.ONLY if alone and read is Wish.LEAN else read
        said = text[place.start : place.end]
        for value in values:
            kind, valued = ("size", value.value) if isinstance(value, SizeSaid) else (value.kind, value.id)
            facets.append(Facet(kind, valued, wish, said))
        if wish is not Wish.LEAN:
            cut.append(span)
    facets += [Facet("change", m.term.id, said=text[m.start : m.end]) for m in mentions if m.term.kind == "change"]
    return facets, cut


def facts_named(text: str, mentions: Iterable[Mention]) -> list[tuple[Named, list[Term | SizeSaid]]]:
    """Where a text names an industry, a role, a place or a size, in order, and what each may be."""
    places: dict[tuple[int, int], list[Term | SizeSaid]] = {(size.start, size.end): [size] for size in sizes_in(text)}
    sizes = list(places)
    for mention in mentions:
        apart = all(mention.end <= start or end <= mention.start for start, end in sizes)
        if mention.term.kind in _NAMED and apart:
            places.setdefault((mention.start, mention.end), []).append(mention.term)
    return [
        (Named("size" if isinstance(values[0], SizeSaid) else _NAMED[values[0].kind], *place), values)
        for place, values in sorted(places.items())
    ]


_NAMED = {"industry": "industry", "role": "role", "region": "place", "country": "place"}
"""The kinds of fact that a rep may wish of a story."""


def _settled(facets: list[Facet]) -> list[Facet]:
    """A value wished or refused anywhere is not also leaned to."""
    strict = {(f.kind, f.value) for f in facets if f.strict}
    return [f for f in facets if f.strict or (f.kind, f.value) not in strict]


# --- what a rep would be asked for --------------------------------------------------------------------------------

_CHANGE = re.compile(
    r"\b(?:new(?:ly)?|since|just|now|recently|announced?|lost|losing|left|leav(?:e|es|ing)|bought|buy(?:ing)?|sold|ends?|ending|"
    r"ended|stop(?:s|ped)?|clos(?:ed|ing)|chang(?:ed?|ing)|forced|law|rule|rules|regulat\w+|audit\w*|deadline|merg\w+|"
    r"acqui\w+|retir\w+|resign\w*|quit\w*|bankrupt\w*|insolven\w*|collaps\w*|rais(?:ed?|ing)|r[io]s(?:e|es|ing)|rose|"
    r"doubled|tripled|growing|grew|cut|cuts|cap|capped|ban|banned|end of|no longer|switch(?:ed|ing)? off|attack|"
    r"ransomware|flood|storm\w*|strike|war|pandemic|tariff\w*|inflation|competitor\w*|rival\w*|undercut\w*|demand\w*|"
    r"expect\w*|insist\w*|require\w*|mandat\w*|until|last (?:year|month|week|quarter)|this (?:year|quarter|month)|"
    r"next (?:year|month|quarter)|by (?:january|february|march|april|may|june|july|august|september|october|november|"
    r"december|q[1-4]|20\d\d)|shortage|up \d|down \d|died|dies|death|founder|spin\w*|carve\w*)\b",
    re.IGNORECASE,
)
_PAIN = re.compile(
    r"\b(?:cost(?:s|ing|ly)?|los(?:e|es|ing|t)|late|delay\w*|slow\w*|error\w*|mistake\w*|manual\w*|spreadsheet\w*|"
    r"excel|paper|overtime|penalt\w*|fine|fines|fined|waste\w*|missed|miss(?:es|ing)?|short(?:age|ages)?|stock-?outs?|"
    r"overdue|unpaid|write-?offs?|margin\w*|expensive|too (?:much|many|long|late|expensive)|can['’]?t|cannot|could not|"
    r"couldn['’]?t|don['’]?t know|nobody knows|no one knows|no idea|no clue|blind|guess\w*|chaos|mess\w*|nightmare|"
    r"pain\w*|hurt\w*|problem\w*|trouble\w*|struggl\w*|fail\w*|complain\w*|angry|tired|burn\w*|stress\w*|drown\w*|"
    r"backlog\w*|days|weeks|hours|nights?|weekends?|double|twice|wrong|broken|stuck|risk\w*|leak\w*|bleed\w*|"
    r"eat(?:s|ing)? |worr\w+|objection|budget|takes? (?:for)?ever|turnover|empty|downtime|idle|return\w*|recall\w*|"
    r"unclaimed|uninvoiced|without|behind|bills?|out of (?:control|hand|stock)|"
    r"no (?:stock|time|cash|money|overview|data|staff)|fear\w*|afraid|scared|fight\w*|fed up)\b",
    re.IGNORECASE,
)

_QUESTION = re.compile(
    r"\W*(?:how (?:do|can|to|much is|many|far|old)|where (?:do|can|is)|what(?:['’]s| is| does| are| do| time| was)|"
    r"who (?:is|won|was)|when (?:is|does)|can (?:you|i)|could you|tell me|write|give me a|translate|"
    r"why (?:is|do|does)|my |i (?:forgot|need|want|am|can)|i['’]m|recommend|explain|remind|play|book|"
    r"is (?:it|there))\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(?:wants?|wanting|fanc(?:y|ies)|look(?:s|ing)? (?:for|at)|hunting|shopping|thinking (?:of|about)|"
    r"consider(?:s|ing)?|picking|choos(?:e|es|ing)|in the market|interested in|would like|asks? for|"
    r"needs? (?:an?|new|some|somebody|someone|more|\d+|twenty|thirty|fifty)|plans? to (?:buy|open|launch))\b",
    re.IGNORECASE,
)


def _names_a_change(text: str) -> bool:
    return bool(_CHANGE.search(text)) or len(text.split()) > 40
