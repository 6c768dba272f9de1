"""One row of a table on its way to a story: each cell to its field or beat, then a name, a title and an id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

import yaml

from library.exchange.columns import (
    BEAT_HEADED,
    DATES,
    LISTS,
    TEXTS,
    ExchangeError,
    alias_from,
    date_in,
    has_headings,
    is_all_of,
    size_in,
    under_beats,
)
from library.exchange.tables import CONTROL
from library.masking import without_names
from library.reading import FIELDS, read_text, write_text
from library.sharing.rights import Right
from library.shelf import slug
from library.story import Beat, Section, ShowAs, Status, Story, sentences
from library.vocabulary import SIZES, Vocabulary

Note = Callable[[str, str, str], None]
"""Takes a remark about the row: the column, what was found, what was done."""

A_GUESS = "a guess; read it once."
"""How a remark ends where a text was put under beats by its words alone."""

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_HEADING = re.compile(r"^(##)(?!#)", re.MULTILINE)
_LOWERED = frozenset("moments heard_how show_as health status".split())
RIGHTS = frozenset(right.value for right in Right)
_CASE_STUDY, _SOLUTION = "Case study", "Solution"
_PRIVATE = frozenset({"customer", "heard_from", "alias-given", "id-given"})


class Row:
    """One row on its way to a story: what it says, by field and by beat."""

    def __init__(
        self,
        row: int,
        taken: Mapping[str, str],
        keys: Mapping[str, str],
        vocabulary: Vocabulary,
        today: date,
        note: Note,
    ) -> None:
        self._row, self._taken, self._keys = row, taken, keys
        self._vocabulary, self._today, self._note = vocabulary, today, note
        self.values: dict[str, str | tuple[str, ...]] = {}
        self._beats: dict[Beat, list[str]] = defaultdict(list)
        self._texts: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._id = ("", "")

    def take(self, name: str, cell: str) -> None:
        """Put a cell where it belongs."""
        text = self._clean(name, cell)
        meaning = self._taken[name]
        if not text:
            return
        if meaning == "change" and not self._is_a_kind_of_change(text):
            meaning = Beat.CHANGE.heading
        if meaning in BEAT_HEADED:
            self._beats[BEAT_HEADED[meaning]].append(text)
        elif meaning in TEXTS:
            self._texts[meaning].append((name, text))
        elif not meaning:
            self._aside(self._keys[name], text)
        else:
            self._take_fact(name, meaning, text)

    def _clean(self, name: str, cell: str) -> str:
        text, removed = CONTROL.subn("", cell)
        if removed:
            self._note(name, f"{removed} control characters", "taken out.")
        text = "\n".join(line.rstrip() for line in _LINE_ENDS.sub("\n", text).split("\n"))
        return text.strip()

    def _aside(self, key: str, text: str) -> None:
        """Keep a cell's own words in the front matter, beside the fields."""
        self.values[free_name(key, self.values)] = text

    def _is_a_kind_of_change(self, text: str) -> bool:
        found = self._vocabulary.canonical("change", text)
        return found is not None and is_all_of(text, found, "change", self._vocabulary)

    def _take_fact(self, name: str, meaning: str, text: str) -> None:
        line = " ".join(text.split())
        if meaning == "id":
            self._id = (name, line)
        elif meaning in {"region", "country"}:
            self._take_place(name, meaning, line)
        elif meaning == "size":
            self._take_size(name, line)
        elif meaning in DATES:
            day = date_in(line)
            if day is None or (meaning == "heard_on" and day > self._today):
                why = "no date" if day is None else "after today"
                self._note(name, _short(line), f"{why}, kept as written; write year-month-day.")
                self._aside(meaning if day is None else f"{meaning}-given", line)
            else:
                self.values[meaning] = day.isoformat()
        elif meaning in {"industry", "change"}:
            self.values[meaning] = self._term(name, meaning, meaning, line)
        elif meaning in LISTS:
            kind = {"roles": "role", "products": "product"}.get(meaning, "")
            items = _items(text.lower() if meaning in _LOWERED else text, kind, self._vocabulary)
            terms = [self._term(name, meaning, kind, item) if kind else item for item in items]
            before = self.values.get(meaning, ())
            self.values[meaning] = tuple(dict.fromkeys([*before, *terms]))
        elif meaning in RIGHTS:
            answer, comma, who = line.partition(",")
            self.values[meaning] = f"{answer.lower()}{comma}{who}"  # who gave it keeps their capitals
        else:
            self.values[meaning] = line.lower() if meaning in _LOWERED else line

    def _term(self, name: str, field_name: str, kind: str, said: str) -> str:
        """The vocabulary's id for what is said, or the words themselves; what the id leaves out is kept aside."""
        found = self._vocabulary.canonical(kind, said)
        if found is None:
            self._note(name, _short(said), f"no known {kind}, kept as written.")
            return said
        if not is_all_of(said, found, kind, self._vocabulary):
            self._note(name, _short(said), f"taken for {found}, the words kept as {field_name}-given.")
            self._aside(f"{field_name}-given", said)
        return found

    def _take_place(self, name: str, meaning: str, said: str) -> None:
        found = {kind: term for kind in ("country", "region") if (term := self._vocabulary.canonical(kind, said))}
        if not found and meaning not in self.values:
            self.values[meaning] = said
            self._note(name, _short(said), f"no known {meaning}, kept as written.")
            return
        if not any(is_all_of(said, term, kind, self._vocabulary) for kind, term in found.items()) or any(
            self.values.get(kind, term) != term for kind, term in found.items()
        ):
            taken = f"taken for {' and '.join(found.values())}" if found else "not taken, the place is known"
            self._note(name, _short(said), f"{taken}, the words kept as {meaning}-given.")
            self._aside(f"{meaning}-given", said)
        for kind, term in found.items():
            self.values.setdefault(kind, term)
        country = self._vocabulary.get("country", found.get("country", ""))
        if country and country.within:
            self.values.setdefault("region", country.within[0])

    def _take_size(self, name: str, said: str) -> None:
        band = size_in(said)
        if band is None:
            self._note(name, _short(said), f"no size, kept as written; write one of {', '.join(SIZES)}.")
            self._aside("size", said)
            return
        self.values["size"] = band
        if said != band:
            self._aside("size-given", said)
            if not re.search(r"\d", said):
                self._note(name, _short(said), f"taken for {band}, the words kept as size-given.")

    # --- the whole ---------------------------------------------------------------------------------------------------

    def story(self, status: Status, used_ids: Collection[str]) -> Story:
        """The story of the row, as it will be read from its file."""
        self.values.setdefault("show_as", ShowAs.ANONYMISED.value)
        self.values.setdefault("status", status.value)
        others = self._place_texts()
        self._add_quotes()
        sections = [Section(beat.heading, "\n\n".join(self._beats[beat]), beat) for beat in Beat if self._beats[beat]]
        sections += [Section(heading, text) for heading, text in others]
        sections = [replace(section, text=self._without_headings(section)) for section in sections]
        self._give_alias()
        self._give_title(sections)
        return self._as_read(self._made_id(used_ids), sections)

    def _place_texts(self) -> list[tuple[str, str]]:
        """Put running texts under beats where they are needed to be found; the rest goes outside the beats."""
        for name, text in self._texts["background"]:
            if self._beats.keys() & {Beat.CHANGE, Beat.PAIN}:
                self._beats[Beat.WHO].insert(0, text)
            else:
                self._place(name, text, {Beat.WHO, Beat.CHANGE, Beat.PAIN})
        others = [(_SOLUTION, text) for _, text in self._texts["solution"]]
        said = [text for texts in self._beats.values() for text in texts] + [text for _, text in others]
        few = sum(bool(texts) for texts in self._beats.values()) < 2
        for name, text in sorted(self._texts["text"], key=lambda named: -len(named[1])):
            everything = _as_words(" ".join(said))
            if all(_as_words(sentence) in everything for sentence in sentences(text)):
                continue
            said.append(text)
            if few:
                others += self._place(name, text, set(Beat))
            else:
                others.append((_CASE_STUDY, text))
        joined: dict[str, list[str]] = defaultdict(list)
        for heading, text in others:
            joined[heading].append(text)
        return [(heading, "\n\n".join(texts)) for heading, texts in joined.items()]

    def _place(self, name: str, text: str, among: Collection[Beat]) -> list[tuple[str, str]]:
        placed = under_beats(text, among)
        for heading, part in placed.items():
            if heading in BEAT_HEADED:
                self._beats[BEAT_HEADED[heading]].append(part)
        if not has_headings(text) and (len(placed) > 1 or len(among) == len(Beat)):
            self._note(name, _short(text), f"put under {', '.join(placed)}: {A_GUESS}")
        return [(_SOLUTION, part) for heading, part in placed.items() if heading not in BEAT_HEADED]

    def _add_quotes(self) -> None:
        for _, text in self._texts["quote"]:
            match = re.fullmatch(r"[\"“„](.+)[\"”“]\s*[-–—,]+\s*([^\"“”]{3,80})", text, re.DOTALL)
            if match and "heard_from" not in self.values:
                self.values["heard_from"] = " ".join(match[2].split())
                text = match[1]  # noqa: PLW2901
            words = " ".join(text.split()).strip('"“”„ ')
            words = re.sub(r"[\"“”„]", "'", words)
            decision = self._beats[Beat.DECISION]
            if words and _as_words(words) not in _as_words(" ".join(decision)):
                before = f"{decision.pop()} " if decision else ""
                decision.append(f'{before}"{words}"')

    def _without_headings(self, section: Section) -> str:
        text, demoted = _HEADING.subn("###", section.text.strip("\n"))
        if demoted:
            self._note(section.heading, f"{demoted} headings that are no beats", "made ### headings.")
        return text

    def _give_alias(self) -> None:
        """Give the story an alias without the customer's name, where it has none."""
        given = str(self.values.get("alias", ""))
        if given and given == self.values.get("customer"):
            del self.values["customer"]  # our own export, made for somebody who may not see the name
        if given and self._gives_away(given):
            self._note("alias", _short(given), "it holds the customer's name: kept as alias-given, another made.")
            self._aside("alias-given", str(self.values.pop("alias")))
        industry, size, country, region = (
            str(self.values.get(key, "")) for key in ("industry", "size", "country", "region")
        )
        place = self._vocabulary.label("country", country) if country else ""
        place = place or (self._vocabulary.label("region", region) if region else "")
        candidates = (
            alias_from(industry[:60], size, place[:60]),
            alias_from(industry[:60], size, ""),
            alias_from(industry[:60], "", ""),
            "a customer",
        )
        made = next((alias for alias in candidates if not self._gives_away(alias)), "one of ours")
        self.values.setdefault("alias", made)

    def _give_title(self, sections: list[Section]) -> None:
        """Give the story a title without the customer's name, the first sentence there is, where it has none."""
        texts = {section.beat: section.text for section in reversed(sections)}
        order = (Beat.CHANGE, Beat.PAIN, Beat.NEED, Beat.DECISION, Beat.WIN, Beat.WHO, Beat.QUESTION, None)
        opening = next((texts[beat] for beat in order if beat in texts), "")
        first = next((s for line in opening.splitlines() for s in sentences(line.strip("#*->• \t"))), "")
        title = _shortened(self._hidden(first), 80).rstrip(".") or str(self.values["alias"])
        self.values.setdefault("title", title[0].upper() + title[1:])

    def _hidden(self, text: str) -> str:
        """The text without the customer and the person heard."""
        customer, heard = (str(self.values.get(key, "")) for key in ("customer", "heard_from"))
        return without_names(Story("row", text, customer, "the customer", heard_from=heard)).title

    def _gives_away(self, text: str) -> bool:
        return self._hidden(text) != text

    def _made_id(self, used_ids: Collection[str]) -> str:
        column, given = self._id
        wanted = slug(given) if given else ""
        if given and self.values["show_as"] != ShowAs.NAMED and self._gives_away(re.sub(r"[\W_]+", " ", given)):
            self._note(column, _short(given), "it holds the customer's name: kept as id-given, another made.")
            self._aside("id-given", given)
            wanted = ""
        elif given and re.findall(r"[^\W_]+", given.casefold()) != wanted.split("-"):
            self._note(column, _short(given), f"the story's id is {wanted}, the words kept as id-given.")
            self._aside("id-given", given)
        wanted = wanted or slug(self._hidden(str(self.values["title"])))
        made = free_name(wanted, used_ids)
        if made != wanted:
            self._note(column, f"the id {wanted} a second time", f"the story's id is {made}.")
        return made

    def _as_read(self, story_id: str, sections: list[Section]) -> Story:
        """The story exactly as its file will be read; what is too long for the front matter goes under a heading."""
        values = {k: list(v) if isinstance(v, tuple) else v for k, v in self.values.items() if v}
        while (reading := read_text(_drafted(values, sections), story_id, self._vocabulary)).story is None:
            longest = max(values, key=lambda key: len(str(values[key])))
            if longest in _PRIVATE or len(str(values[longest])) < 50:
                raise ExchangeError(
                    f"row {self._row}: found {len(str(values[longest]))} letters in {longest}, more than a story's "
                    "facts can hold; shorten it, or give the column another meaning with --map."
                )
            value = values.pop(longest)
            sections.append(
                Section(longest, self._clean(longest, value if isinstance(value, str) else "; ".join(value)))
            )
            self._note(longest, "a long text", "kept under a heading of its own, outside the beats.")
        try:
            write_text(reading.story)
        except ValueError as error:
            raise ExchangeError(f"row {self._row}: {error}") from error
        for problem in reading.problems:
            key = problem.where.removeprefix("field ")
            if key in FIELDS and key in reading.story.extra and key not in {"size", *DATES}:
                self._note(key, problem.found, f"kept as written; {problem.instead}")
        return reading.story


def free_name(wanted: str, used: Collection[str]) -> str:
    """The name, or the first of name-2, name-3 ... that is free, within an id's 80 letters."""
    made, count = wanted, 1
    while made in used:
        count += 1
        made = f"{wanted[: 79 - len(str(count))].rstrip('-')}-{count}"
    return made


def _drafted(values: Mapping[str, str | list[str]], sections: Iterable[Section]) -> str:
    front = yaml.safe_dump(dict(values), allow_unicode=True, sort_keys=False, width=10**6)
    return "".join([f"---\n{front}---\n", *(f"\n## {section.heading}\n\n{section.text}\n" for section in sections)])


def _items(text: str, kind: str, vocabulary: Vocabulary) -> list[str]:
    """The items of a cell; a comma parts them unless it stands in a name ("Vice President, Operations")."""
    lines = [" ".join(item.split()) for item in re.split(r"[;|\n]", text)]
    items: list[str] = []
    for line in filter(None, lines):
        parts = [part.strip() for part in line.split(",") if part.strip()]
        together = kind and not all(vocabulary.canonical(kind, part) for part in parts)
        items += [line] if together else parts
    return items


def _as_words(text: str) -> str:
    # The spaces at both ends keep "art" from being found in "start".
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def _shortened(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _short(text: str) -> str:
    return f'"{_shortened(text, 60)}"'
