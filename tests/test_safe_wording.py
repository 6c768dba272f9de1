"""Safe wording: no name in any dress comes out, by brief, PDF, Word, clipboard, export or feed."""

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from pypdf import PdfReader

from library import masking
from library.exchange.bundle import write_bundle
from library.exchange.exporting import export_table
from library.exchange.tables import write_table
from library.ordinary import is_ordinary
from library.people import GUEST, seen_by
from library.sharing import documents
from library.sharing.callbrief import call_brief, why_not
from library.sharing.feed import feed
from library.sharing.safe import safe_story, safe_version
from library.shelf import Shelf
from library.story import Beat, ShowAs, Story
from tests.helpers import STORIES, TODAY, make_story, write_shelf
from tests.hostile_names import company_variants, gives_away, initials, person_variants, squashed

PLACES = (*(beat.value for beat in Beat), "title", "near_miss", "not_for")
"""Where a variant is put; each comes out in a brief."""


class Kept:
    """An invented customer, and what may never be read of it."""

    def __init__(self, customer: str, words: str, person: str, *, also: tuple[str, ...] = (), short: str = "") -> None:
        self.customer, self.words, self.person, self.also = customer, words.split(), person, also
        self.name = re.sub(r" (?:AS|Ltd|GmbH|SA|Inc|Trust)$", "", customer)
        self.people = [person, *(entry.partition(",")[0] for entry in also if "the board member" in entry)]
        self.things = [entry.partition(",")[0] for entry in also if "the board member" not in entry]
        self.short = [*short.split(), *(part for name in self.people for part in name.split())]
        self.letters = [form[0] for name in (self.name, *self.people) if (form := initials(name))]

    @property
    def variants(self) -> dict[str, str]:
        made = {f"customer, {key}": text for key, text in company_variants(self.name, self.words).items()}
        for person in self.people:
            made |= {f"{person}, {key}": text for key, text in person_variants(person).items()}
        for thing in self.things:
            made |= {
                f"{thing}, {key}": text for key, text in company_variants(thing, []).items() if "initials" not in key
            }
        return made

    def stories(self) -> list[Story]:
        """Stories that hold every variant, twenty each, in the places a brief shows."""
        texts = list(dict.fromkeys([*self.variants.values(), self.customer]))
        pairs = [texts[at : at + 2] for at in range(0, len(texts), 2)]
        made = []
        for at in range(0, len(pairs), len(PLACES)):
            here = dict(zip(PLACES, pairs[at : at + len(PLACES)], strict=False))
            told = {place: f"We saw {' and then '.join(texts)} smile." for place, texts in here.items()}
            if Beat.DECISION in told:
                told["decision"] += f' She said: "At {here["decision"][0]} nobody sleeps."'
            beats = {beat.value: told.get(beat.value, "It rained on.") for beat in Beat}
            facts = {place: told[place] for place in ("title", "near_miss", "not_for") if place in told}
            made.append(
                make_story(
                    f"kept-{at}",
                    beats,
                    customer=self.customer,
                    heard_from=f"{self.person}, plant manager",
                    also_called=self.also,
                    may_quote="yes, by Somebody Else, until 2027-03-31",
                    show_as=ShowAs.ANONYMISED,
                    **facts,
                )
            )
        return made

    def in_(self, text: str) -> set[str]:
        long = [*self.words, self.name, *(f"{p.split()[0]} {p.split()[-1]}" for p in self.people), *self.things]
        long += [part for name in self.people for part in name.split() if len(part) > 5 and not is_ordinary(part)]
        for person in self.people:
            first, last = (squashed(part) for part in (person.split()[0], person.split()[-1]))
            addresses = (first[0] + last, last + first[0], first + last[0], last + first)
            long += [last + first, *(f"{address}x.example" for address in addresses)]
        return gives_away(text, long, self.short, self.letters)


KEPT = [
    Kept(
        "Bremvold Kraftnett AS",
        "Bremvold Kraftnett",
        "Sigrun Haugdahl",
        also=("Kvamsnes, their town", "Gridolin", "Torleif Brekkestad, the board member"),
    ),
    Kept("Quillimore & Daughters Ltd", "Quillimore", "Rosalind Threlkeld"),
    Kept("Köhlbrück Zwiebackwerk GmbH", "Köhlbrück Zwiebackwerk", "Jürgen Weißhaupt"),
    Kept("First Choice Foods Inc", "", "Hope Baker"),
    Kept("Nørreklint Åbryggeri", "Nørreklint Åbryggeri", "Bodil Krøyersgaard"),
    Kept("Tobarlinn Trust", "Tobarlinn", "Nuala Keaveney"),
]


def outputs(stories: list[Story], folder: Path) -> dict[str, str]:
    """Everything that leaves, of up to three stories, as it is read on the other side."""
    shelf = Shelf({story.id: story for story in stories})
    brief = call_brief(stories, TODAY)
    pages = PdfReader(BytesIO(documents.pdf(brief))).pages
    written = Document(BytesIO(documents.word(brief)))
    about = written.core_properties
    table = export_table(stories, today=TODAY, include_unpublished=True)
    csv, xlsx, jsonl = (write_table(table, folder / f"out{ending}") for ending in (".csv", ".xlsx", ".jsonl"))
    return {
        "markdown": documents.markdown(brief),
        "clipboard of the brief": documents.plain_words(brief),
        "pdf": "\n".join(page.extract_text() for page in pages),
        "word": "\n".join([*(p.text for p in written.paragraphs), about.title, about.author, about.comments]),
        "clipboard": "\n\n".join(safe_version(story, TODAY) for story in stories),
        "csv": csv.read_text(encoding="utf-8-sig"),
        "xlsx": "\n".join(pd.read_excel(xlsx, dtype=str).fillna("").to_numpy().flatten()),
        "jsonl": "\n".join(str(v) for line in jsonl.read_text().splitlines() for v in json.loads(line).values()),
        "feed": feed(shelf, TODAY, "https://stories.example"),
        "zip": zipped(stories, folder),
    }


def zipped(stories: list[Story], folder: Path) -> str:
    """The names and the texts of the files in a zip for somebody outside."""
    packed = BytesIO()
    shelf = folder / "-".join(story.id for story in stories)
    write_bundle(write_shelf(shelf, *stories), GUEST, packed, today=TODAY)
    with zipfile.ZipFile(packed) as files:
        return "\n".join(f"{name}\n{files.read(name).decode()}" for name in files.namelist())


def in_threes(stories: list[Story]) -> list[list[Story]]:
    return [stories[at : at + 3] for at in range(0, len(stories), 3)]


def leaks(kept: Kept, folder: Path) -> list[tuple[str, set[str]]]:
    found = []
    for three in in_threes(kept.stories()):
        found += [(where, said) for where, text in outputs(three, folder).items() if (said := kept.in_(text))]
    return found


def test_there_are_hundreds_of_variants_and_the_look_finds_each():
    assert sum(len(set(kept.variants.values())) for kept in KEPT) >= 1000
    for kept in KEPT:
        for key, text in kept.variants.items():
            if "cut short" not in key:
                assert kept.in_(f"Then we saw {text} again."), (key, text)


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.customer)
def test_no_variant_leaves_by_any_way(kept, tmp_path):
    assert leaks(kept, tmp_path) == []


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.customer)
def test_no_variant_stays_in_a_masked_sentence(kept):
    story = kept.stories()[0]
    for key, text in kept.variants.items():
        said = masking.masked(f"Then we saw {text} again, and {text} smiled.", story)
        assert not kept.in_(said), (key, text, said)
        if "cut short" in key:
            assert text.partition(".")[0] not in said


def test_masking_that_does_nothing_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr(masking._Mask, "__call__", lambda self, text: text)
    assert {where for where, _ in leaks(KEPT[0], tmp_path)} == set(outputs(KEPT[0].stories()[:1], tmp_path))


RESTRICTED = [s for s in Shelf.read(STORIES) if s.show_as is not ShowAs.NAMED]


def secrets(story: Story) -> tuple[list[str], list[str]]:
    words = [word for word in re.findall(r"[^\W_]+", story.customer) if len(word) > 4 and not is_ordinary(word)]
    person = story.heard_from.partition(",")[0]
    people = [p for p in re.findall(r"[^\W_]+", person) if person[0].isupper() and len(p) > 2]
    return [story.customer, *words], people


def test_no_restricted_story_that_ships_leaves_with_a_name(tmp_path):
    assert len(RESTRICTED) >= 20
    told = [story for story in RESTRICTED if not why_not(story, TODAY)]
    assert len(told) >= 15
    for three in in_threes(told):
        texts = outputs(three, tmp_path)
        for story in three:
            long, short = secrets(story)
            assert squashed(long[0]) in squashed(f"{story.customer} {story.telling}")
            for where, text in texts.items():
                assert not gives_away(text, long, short), (story.id, where)


@pytest.mark.parametrize("story", RESTRICTED, ids=lambda story: story.id)
def test_an_internal_story_leaves_by_no_way_and_the_others_in_safe_wording(story):
    long, short = secrets(story)
    if story.show_as is ShowAs.INTERNAL:
        with pytest.raises(ValueError, match="for us only"):
            safe_version(story, TODAY)
        assert len(export_table([story], today=TODAY)) == 0
        assert story.title not in feed(Shelf({story.id: story}), TODAY)
    else:
        assert not gives_away(repr(safe_story(story, TODAY)).replace(story.id, ""), long, short)


def test_dressing_up_a_shipped_story_helps_nobody():
    for story in RESTRICTED:
        long, short = secrets(story)
        for text in company_variants(story.customer, long[1:]).values():
            said = seen_by(
                GUEST,
                make_story(
                    beats={"pain": f"At {text} it rained."},
                    customer=story.customer,
                    heard_from=story.heard_from,
                    alias=story.alias,
                    show_as=story.show_as,
                ),
            ).beat(Beat.PAIN)
            assert not gives_away(said, long, short), (text, said)
