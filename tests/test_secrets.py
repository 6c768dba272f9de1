"""A name that may not be said is never embedded, kept, logged, or shown in a conversation."""

import dataclasses
import functools
import logging
import re
from collections.abc import Iterator

import pytest

from library.conversation import Conversation, Talk
from library.evaluation import read_labelled
from library.library import Library
from library.ordinary import is_ordinary
from library.people import GUEST, Person, Role
from library.settings import Settings
from library.shelf import Shelf
from library.story import ShowAs, Story
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf
from tests.test_quality import LABELLED

REP = Person("Ravi Shah", Role.REP)
SHELF = Shelf.read(STORIES)
HIDDEN = [s for s in SHELF if s.show_as in {ShowAs.ANONYMISED, ShowAs.INTERNAL}]
SPOKEN = [s for s in SHELF if s.show_as is ShowAs.VERBAL]
NAME = re.compile(r"[^\W\d_][^\W_]*(?:['’-][^\W_]+)*")


Secrets = dict[str, str]
"""A name, or a word of one that gives it away, in lower case, with the story it belongs to."""


def telling(name: str) -> set[str]:
    return {word.lower() for word in (name, *NAME.findall(name)) if len(word) > 3 and not is_ordinary(word)}


def customers_of(stories: list[Story]) -> Secrets:
    """The customers' names: nobody else is called that."""
    return {name: story.id for story in stories for name in telling(story.customer)}


def secrets_of(stories: list[Story]) -> Secrets:
    """The customers' names and their contacts'."""
    people = {story.id: story.heard_from.split(",")[0].strip() for story in stories}
    contacts = {name: of for of, person in people.items() if person[:1].isupper() for name in telling(person)}
    return contacts | customers_of(stories)


@functools.cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![^\W_])")


def leak(text: str, secrets: Secrets, story: str = "") -> set[str]:
    """The secrets in a text; where a story is named, its own alone: Anna may be another story's named contact."""
    names = frozenset(name for name, of in secrets.items() if not story or of == story)
    return set(_any_of(names).findall(text.lower())) if names else set()


def texts(thing: object, story: str = "") -> Iterator[tuple[str, str]]:
    """Every text reachable from an object, with the id of the story it belongs to."""
    if isinstance(thing, str):
        yield story, thing
    elif dataclasses.is_dataclass(thing):
        inner = thing.id if isinstance(thing, Story) else story
        if isinstance(getattr(thing, "story", None), Story):
            inner = thing.story.id  # type: ignore[attr-defined]
        for field in dataclasses.fields(thing):
            yield from texts(getattr(thing, field.name), inner)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from texts(key, story)
            yield from texts(value, story)
    elif isinstance(thing, tuple | list | set | frozenset):
        for item in thing:
            yield from texts(item, story)


def leaks_in(conversation: Conversation, stories: list[Story]) -> set[str]:
    """What a conversation gives away; what the rep typed is the rep's own."""
    own, others = secrets_of(stories), customers_of(stories)
    typed = " ".join(turn.said for turn in conversation.turns)
    found = set()
    for story, text in set(texts(conversation)):
        if story in own.values():
            found |= leak(text, own, story)
        found |= leak(text, others)
    return found - leak(typed, own)


def test_there_are_secrets_to_keep():
    assert len(HIDDEN) >= 5
    assert len(SPOKEN) >= 5
    assert leak(f"We met {HIDDEN[0].customer} today", secrets_of(HIDDEN))
    for story in [*HIDDEN, *SPOKEN]:
        assert leak(story.customer, customers_of([story])), story.id


def test_no_name_is_in_a_passage():
    secret = secrets_of([*HIDDEN, *SPOKEN])
    for passage in SHELF.passages:
        for part in passage.parts:
            assert not leak(part, secret, passage.story)
            assert not leak(part, customers_of([*HIDDEN, *SPOKEN]))


def test_no_named_customer_is_in_a_passage_either():
    named = {story.customer.lower(): story.id for story in SHELF if story.customer}
    for passage in SHELF.passages:
        assert not leak(" ".join(passage.parts), named, passage.story)


def test_no_name_is_kept_on_disk_or_logged(tmp_path, caplog):
    with caplog.at_level(logging.DEBUG):
        encoder = FakeEncoder()
        library = Library(Settings(stories=STORIES, data=tmp_path / "data", today=TODAY), encoder)
        library.sync()
        for viewer in (REP, Person("Nora Lindqvist", Role.LEAD), GUEST):
            talk = Talk(library.state.search, viewer, TODAY)
            for story in [*HIDDEN, *SPOKEN]:
                conversation = talk.say(Conversation(), f"{story.title}: {story.question}")
                for question in ("who is the customer?", "what did they say?", "how long did it take them?"):
                    conversation = talk.say(conversation, question)
        library.close()
    secret = customers_of([*HIDDEN, *SPOKEN])
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {"vectors.db", "chroma.sqlite3", "manifest.json"} <= {path.name for path in kept}
    for path in kept:
        assert not leak(path.read_bytes().decode("utf-8", "replace"), secret), path
        assert not leak(path.read_bytes().decode("utf-16-le", "replace"), secret), path
    assert not leak(caplog.text, secret)
    for text in encoder.texts:
        assert not leak(text, secret), "never embedded, whoever asks"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """By words and a fake encoder, so that every story comes up often; what is shown goes the same way."""
    library = Library(
        Settings(stories=STORIES, data=tmp_path_factory.mktemp("data"), today=TODAY, model="none"),
    )
    yield library
    library.close()


QUESTIONS = (
    "who is the customer?",
    "what is their name?",
    "which company is it?",
    "who told you that, who did you hear it from?",
    "what did they say?",
    "why did they buy?",
    "who are they?",
    "more like the first",
    "show others",
    "is there a video of them?",
)


@pytest.mark.parametrize(("viewer", "stories"), [(REP, HIDDEN), (GUEST, [*HIDDEN, *SPOKEN])], ids=["rep", "guest"])
def test_no_conversation_over_the_labelled_situations_gives_a_name_away(library, viewer, stories):
    talk = Talk(library.state.search, viewer, TODAY)
    met: set[str] = set()
    for row in read_labelled(LABELLED):
        conversation = talk.say(Conversation(), row.situation)
        for question in QUESTIONS[:3]:
            conversation = talk.say(conversation, question)
        met |= set(conversation.table)
        assert not leaks_in(conversation, stories), row.id
    assert met & {story.id for story in stories}, "some of them did come up"


@pytest.mark.parametrize(("viewer", "stories"), [(REP, HIDDEN), (GUEST, [*HIDDEN, *SPOKEN])], ids=["rep", "guest"])
def test_no_story_asked_for_by_its_title_gives_its_name_away(library, viewer, stories):
    talk = Talk(library.state.search, viewer, TODAY)
    met: set[str] = set()
    for story in stories:
        conversation = talk.say(Conversation(), f"{story.title} {' '.join(story.tags)}")
        for question in QUESTIONS:
            met |= set(conversation.table)
            conversation = talk.say(conversation, question)
        assert not leaks_in(conversation, stories), story.id
    tellable = {story.id for story in stories if story.tellable(TODAY)}
    assert tellable <= met
    assert not {story.id for story in stories if story.show_as is ShowAs.INTERNAL} & met, "for us only: never offered"


@pytest.mark.model
def test_nor_on_the_real_model(real_library):
    talk = Talk(real_library.state.search, REP, TODAY)
    for row in read_labelled(LABELLED):
        assert not leaks_in(talk.say(Conversation(), row.situation), HIDDEN), row.id
    for story in HIDDEN:
        conversation = talk.say(Conversation(), story.title)
        for question in QUESTIONS:
            conversation = talk.say(conversation, question)
        assert not leaks_in(conversation, HIDDEN), story.id


def test_those_who_may_know_do_see_the_name(library):
    story = next(s for s in HIDDEN if s.tellable(TODAY))
    for viewer in (Person("Nora Lindqvist", Role.LEAD), Person(story.told_by, Role.REP)):
        conversation = Talk(library.state.search, viewer, TODAY).say(
            Conversation(), f"{story.title} {' '.join(story.tags)}"
        )
        assert story.customer in {match.story.customer for match in conversation.turns[-1].reply.matches}


def test_more_like_a_story_whose_title_holds_the_name_says_its_alias(tmp_path):
    hidden = make_story(
        "hidden", title="Sardinella Norte lost the boat", show_as=ShowAs.ANONYMISED, owner="", told_by="X Y"
    )
    other = make_story("other", title="Another boat stayed in", customer="Mar Azul", show_as=ShowAs.NAMED)
    stories = write_shelf(tmp_path / "stories", hidden, other)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), FakeEncoder())
    talk = Talk(library.state.search, REP, TODAY)
    conversation = talk.say(Conversation(), "the boat of the cannery lost its tins")
    for said in ("more like the first", "more like the second", "more like the boat"):
        reply = talk.say(conversation, said).turns[-1].reply
        assert "Sardinella" not in repr(reply)
    library.close()


def test_the_name_is_not_embedded_even_for_those_who_may_know(tmp_path):
    pain = "Sardinella lost four hundred thousand euros. Sardinella lost its tins. The boat stayed in."
    story = make_story("hidden", beats={"pain": pain}, show_as=ShowAs.VERBAL)
    encoder = FakeEncoder()
    stories = write_shelf(tmp_path / "stories", story)
    library = Library(Settings(stories=stories, data=tmp_path / "data", today=TODAY), encoder)
    talk = Talk(library.state.search, REP, TODAY)
    conversation = talk.say(
        talk.say(Conversation(), "the boat of the cannery lost its tins"), "how much did they lose?"
    )
    assert "Sardinella lost" in conversation.turns[-1].reply.text
    assert not [text for text in encoder.texts if "sardinella" in text.lower()]
    library.close()
