import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.masking import without_names
from library.people import GUEST, Person, Role, display_name, may_see_name, seen_by
from library.reading import write_text
from library.shelf import passages_of
from library.story import Beat, Section, ShowAs, Story
from tests.helpers import VOCABULARY, make_story

REP = Person("Callum Reid")
LEAD = Person("Nora Lindqvist", Role.LEAD)
TELLER = Person("Ines Carvalho")
OWNER = Person("Aiko Mori")
RESTRICTED = (ShowAs.VERBAL, ShowAs.ANONYMISED, ShowAs.INTERNAL)


def everything(story: Story) -> str:
    """Every word of a story but its id, as one text without line breaks or accents to trip over."""
    return repr([getattr(story, f.name) for f in fields(story) if f.name != "id"])


def told(text: str, **changes: object) -> str:
    """A sentence as somebody reads it who may not see the names."""
    changes = {"customer": "Fjordheim Helse AS", "alias": "a hospital group in Norway", **changes}
    return without_names(make_story(beats={"pain": text}, **changes)).beat(Beat.PAIN)


# --- who sees which name ---


@pytest.mark.parametrize(
    ("show_as", "seers"),
    [
        (ShowAs.NAMED, {GUEST, REP, LEAD, TELLER, OWNER}),
        (ShowAs.VERBAL, {REP, LEAD, TELLER, OWNER}),
        (ShowAs.ANONYMISED, {LEAD, TELLER, OWNER}),
        (ShowAs.INTERNAL, {LEAD, TELLER, OWNER}),
    ],
)
def test_a_name_is_seen_by_those_who_may(show_as, seers):
    story = make_story(show_as=show_as, told_by=TELLER.name, owner=OWNER.name)
    for person in (GUEST, REP, LEAD, TELLER, OWNER):
        assert may_see_name(person, story) == (person in seers)
        shown = seen_by(person, story)
        assert display_name(shown) == ("Sardinella Norte" if person in seers else "a 310-person cannery in Portugal")
        assert ("Sardinella" in everything(shown)) == (person in seers)


def test_nobody_is_the_teller_by_having_no_name():
    story = make_story(show_as=ShowAs.ANONYMISED, told_by="", owner="")
    assert not may_see_name(Person(""), story)


def test_a_guest_who_calls_himself_the_teller_is_still_a_guest():
    story = make_story(show_as=ShowAs.ANONYMISED)
    assert not may_see_name(Person(story.told_by, Role.GUEST), story)


def test_a_story_without_an_alias_is_told_of_one_of_our_customers():
    assert told("Fjordheim paid.", alias="") == "One of our customers paid."


def test_an_alias_that_gives_the_name_away_is_not_used():
    story = without_names(
        make_story(customer="Fjordheim Helse", alias="Fjordheim, a hospital group", show_as=ShowAs.VERBAL)
    )
    assert story.alias == "one of our customers"
    story = without_names(make_story(heard_from="Marit Aune, CFO", alias="Marit's hospital group"))
    assert story.alias == "one of our customers"


# --- the customer's name ---


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("At Fjordheim Helse AS it rained.", "At a hospital group in Norway it rained."),
        ("At Fjordheim Helse it rained.", "At a hospital group in Norway it rained."),
        ("At Fjordheim it rained.", "At a hospital group in Norway it rained."),
        ("We saw Fjordheim's wards.", "We saw a hospital group in Norway's wards."),
        ("We saw Fjordheim’s wards.", "We saw a hospital group in Norway’s wards."),
        ("We saw FJORDHEIM HELSE there.", "We saw a hospital group in Norway there."),
        ("We saw fjordheim helse there.", "We saw a hospital group in Norway there."),
        ("We saw Fjordheim-Helse there.", "We saw a hospital group in Norway there."),
        ("We saw Fjordheim\nHelse there.", "We saw a hospital group in Norway there."),
        ("We saw **Fjordheim** _Helse_ there.", "We saw **a hospital group in Norway_ there."),
        ("We saw FjordheimHelse there.", "We saw a hospital group in Norway there."),
        ("We saw Fjord\u00adheim Hel\u200bse there.", "We saw a hospital group in Norway there."),
        ("See www.fjordheim.no today.", "See a hospital group in Norway today."),
        ("See https://fjordheim-helse.no/press now.", "See a hospital group in Norway/press now."),
        ("Write to post@fjordheimhelse.no now.", "Write to post@a hospital group in Norway now."),
        ("See myfjordheim.com today.", "See a hospital group in Norway today."),
        ("The Fjordheim board met.", "The hospital group in Norway board met."),
        ("A Fjordheim nurse left.", "A hospital group in Norway nurse left."),
        ("Fjordheim paid. Fjordheim smiled.", "A hospital group in Norway paid. A hospital group in Norway smiled."),
    ],
)
def test_the_alias_stands_where_the_name_stood(written, read):
    assert told(written) == read


@pytest.mark.parametrize(
    ("customer", "written"),
    [
        ("Lämpöyhtiö Hallakorpi", "Lampoyhtio Hallakorpi"),
        ("Lämpöyhtiö Hallakorpi", "La\u0308mpo\u0308yhtio\u0308"),
        ("Müller & Söhne KG", "Mueller und Soehne"),
        ("Nørreklint Kommune", "Norreklint"),
        ("Nørreklint Kommune", "Noerreklint"),
        ("Quillimore & Daughters", "Quillimore and Daughters"),
        ("Quillimore & Daughters", "Quillimore &amp; Daughters"),
        ("Fjord Kyst Farm", "FKF"),
        ("Fjord Kyst Farm", "F.K.F."),
        ("Fjord Kyst Farm Ltd", "fkf.com"),
        ("Northwind (formerly Bolt Brothers)", "Bolt Brothers"),
        ("Northwind (NWD)", "NWD"),
        ("3M", "3M"),
        ("EY", "EY"),
        ("株式会社トヨタ", "私は株式会社トヨタで"),
        ("Energy Holding", "Energy"),
        ("First Choice Foods Ltd", "first choice foods"),
        ("First Choice Foods Ltd", "firstchoicefoods.com"),
        ("C++ Partners", "C++ Partners"),
    ],
)
def test_a_name_is_known_in_every_dress(customer, written):
    assert written not in told(f"We saw {written} there.", customer=customer)
    assert "hospital group" in told(f"We saw {written} there.", customer=customer)


@pytest.mark.parametrize(
    ("customer", "text"),
    [
        ("First Choice Foods", "Their first choice was fresh foods; the second, frozen. First they ate."),
        ("United Energy Partners", "The energy bill united three partners in the east."),
        ("Chief Executive Office Group", "The CEO and the CFO sat in an office."),
        ("Grand Hotels & Resorts", "A grand hotel, a last resort, two hotels."),
        ("Advance Steel Works", "She paid in advance; the steel works well, and the advanced plan too."),
        ("City of Kestrowan", "The city fathers of the city met in city hall."),
        ("A B C", "A plan B, as easy as one."),
        ("", "Nothing to hide here."),
        ("&", "Fish & chips."),
    ],
)
def test_ordinary_words_are_left_alone(customer, text):
    assert told(text, customer=customer, heard_from="") == text


FULL = dict.fromkeys(("title", "near_miss", "surprise", "announced_to", "not_for"), "It rained at Fjordheim Helse.")


@pytest.mark.parametrize("show_as", RESTRICTED)
def test_no_field_holds_the_name(show_as):
    story = make_story(
        customer="Fjordheim Helse",
        show_as=show_as,
        **FULL,
        alias="Fjordheim",
        industry="fjordheim",
        region="Fjordheim",
        country="Fjordheim",
        change="fjordheim",
        roles=("Fjordheim nurse",),
        products=("the Fjordheim portal",),
        alternatives=("what Fjordheim had",),
        tags=("fjordheim",),
        contributors=("Fjordheim Helse",),
        told_by="Fjordheim Helse",
        owner="fjordheim helse",
        verified_by="Fjordheim Helse",
        heard_from="Marit Aune, CFO of Fjordheim Helse",
        demo_url="https://demo.example/fjordheim",
        media_url="https://media.example/marit-aune",
        extra={"crm": "Fjordheim", "Fjordheim": ("x",)},
        sections=(
            Section("", "Fjordheim before all", None),
            *(Section(f"Fjordheim {beat.heading}", "Marit of Fjordheim Helse.", beat) for beat in Beat),
            Section("Fjordheim notes", "Fjordheim", None),
        ),
    )
    safe = without_names(story)
    assert not re.search("fjordheim|marit|aune", everything(safe), re.IGNORECASE)
    assert (safe.customer, safe.heard_from, safe.demo_url, safe.media_url, safe.extra) == ("", "", "", "", {})
    assert "fjordheim" not in " ".join(part for p in passages_of(story, VOCABULARY) for part in p.parts).lower()


def test_facts_in_the_vocabulary_are_kept():
    safe = without_names(make_story(customer="Food Manufacturing Group Europe", show_as=ShowAs.VERBAL))
    assert (safe.region, safe.country, safe.size, safe.roles) == ("europe", "PT", "200-999", ("cfo", "plant-manager"))
    assert (safe.status, safe.heard_on, safe.show_as) == ("published", make_story().heard_on, ShowAs.VERBAL)


def test_our_own_people_keep_their_names():
    safe = without_names(
        make_story(heard_from="Callum Smith, owner", told_by="Callum Reid", contributors=("Ada Smith",))
    )
    assert (safe.told_by, safe.contributors) == ("Callum Reid", ("Ada Smith",))


# --- the name of who was heard ---


@pytest.mark.parametrize(
    ("heard_from", "written", "read"),
    [
        ("Sofie Lundtang, partner", "Sofie drew the short straw.", "The partner drew the short straw."),
        ("Sofie Lundtang, partner", "Five, and Sofie drew.", "Five, and the partner drew."),
        ("Sofie Lundtang, partner", 'It rained. "Now," said Sofie Lundtang.', 'It rained. "Now," said the partner.'),
        ("Sofie Lundtang, partner", 'She left." Sofie stayed.', 'She left." The partner stayed.'),
        ("Sofie Lundtang, partner", "Sofie's husband. Not sofie.", "The partner's husband. Not the partner."),
        ("Sofie Lundtang, partner", "Lundtang, Sofie, said no.", "The partner, said no."),
        ("Sofie Lundtang, partner", "Ms Lundtang said no.", "The partner said no."),
        ("Sofie Lundtang, partner", "Dr. Sofie M. Lundtang said no.", "The partner said no."),
        ("Sofie Lundtang, partner", "That is Sofie, a partner, who paid.", "That is the partner who paid."),
        ("Sofie Lundtang", "Then Sofie paid.", "Then their contact paid."),
        ("Roz Keane, CFO", "Roz asked; ask Roz.", "The CFO asked; ask the CFO."),
        ("Tan Wei Ling, partner", "Wei Ling spoke. A tan coat.", "The partner spoke. A tan coat."),
        ("Emiko Hayashida, head of personnel", "Hayashida-san spoke.", "The head of personnel spoke."),
        ("Pekka Lindroos, the school's auditor", "Pekka spoke.", "The school's auditor spoke."),
        ("Philippe Garrec, the consultant who worked there", "Garrec spoke.", "The consultant spoke."),
        ("Leela Prabhu, adviser (she sat in the room)", "Leela spoke.", "The adviser spoke."),
        ("Grace Okoro, HR manager", "Grace paid, with a grace period.", "The HR manager paid, with a grace period."),
        ("Will Penny, owner", "Will paid. They will pay a penny.", "The owner paid. They will pay a penny."),
        ("CFO, Marit Aune", "Marit paid.", "The CFO paid."),
        (
            "Marit Aune and Per Dahl, nurses' director",
            "Marit and Per paid.",
            "The nurses' director and the nurses' director paid.",
        ),
        ("the group controller", "Each group of contracts.", "Each group of contracts."),
        ("Procurement director", "The procurement of a director.", "The procurement of a director."),
        ("", "Nobody said a word.", "Nobody said a word."),
        (" , ", "Nobody said a word.", "Nobody said a word."),
        ("Marit Aune, CFO of Fjordheim Helse", "Marit paid.", "The CFO of a hospital group in Norway paid."),
        ("王小明, 厂长", "我和王小明谈过。", "我和the 厂长谈过。"),
    ],
)
def test_a_contact_is_called_by_the_role(heard_from, written, read):
    assert told(written, heard_from=heard_from) == read


# --- on the whole shelf, and for names nobody thought of ---


def words_of_the_name(story: Story) -> list[str]:
    return [word for word in re.findall(r"\w+", story.customer) if len(word) > 5 and word[0].isupper()]


def test_no_shipped_story_names_a_restricted_customer_to_a_guest(shipped):
    restricted = [story for story in shipped if story.show_as in RESTRICTED]
    assert len(restricted) > 20
    for story in restricted:
        safe = seen_by(GUEST, story)
        first, _, _ = story.heard_from.partition(",")
        assert story.customer.lower() not in everything(safe).lower()
        assert story.customer not in write_text(safe)
        if first[0].isupper():
            assert not set(re.findall(r"\w+", first)) & set(re.findall(r"\w+", safe.telling)), story.id


def test_no_passage_of_the_shipped_shelf_holds_any_customer(shipped):
    for story in shipped:
        text = " ".join(part for passage in passages_of(story, VOCABULARY) for part in passage.parts).lower()
        assert story.customer.lower() not in text


def test_no_shipped_telling_is_mangled_where_it_named_nobody(shipped):
    """A masked telling differs from the written one only in the contact: none names its customer."""
    for story in shipped:
        safe = without_names(story)
        assert safe.alias == story.alias
        assert safe.telling.count(story.alias) == story.telling.count(story.alias)
        if not story.heard_from[0].isupper():
            assert safe.telling == story.telling, story.id


syllables = st.lists(
    st.sampled_from("kra vel sto min dru fjö łob ñes quil wex zan tüm".split()), min_size=2, max_size=4
)
invented = syllables.map(lambda parts: "".join(parts).capitalize())
forms = st.sampled_from(["", " AG", " GmbH", " Ltd", " & Sons", " Group", " Holding Inc"])
dresses = st.sampled_from(
    [
        str,
        str.upper,
        str.lower,
        lambda name: name + "'s",
        lambda name: name.replace(" ", "-"),
        lambda name: name.replace(" ", "\n"),
        lambda name: f"https://www.{name.replace(' ', '').lower()}.com",
        lambda name: f"({name})",
        lambda name: f"“{name}”",
        lambda name: f"*{name}*",
    ]
)


@given(st.lists(invented, min_size=1, max_size=3).map(" ".join), forms, st.lists(dresses, min_size=1, max_size=7))
def test_no_invented_name_comes_through_in_any_dress(name, form, worn):
    beats = {beat.value: f"First {dress(name)} called. Then {dress(name + form)}." for beat, dress in zip(Beat, worn)}  # noqa: B905
    story = make_story(beats=beats, customer=name + form, show_as=ShowAs.ANONYMISED, title=f"{name} left")
    safe = everything(without_names(story)).lower()
    passages = " ".join(part for passage in passages_of(story, VOCABULARY) for part in passage.parts).lower()
    for word in name.lower().split():
        assert word not in safe
        assert word not in passages


@given(invented, invented)
def test_no_invented_contact_comes_through(first, last):
    texts = [f"{first} paid.", f"{last}'s money.", f"{first} {last}", f"{first.upper()}.{last.upper()}", f"Mr {last}"]
    beats = {beat.value: text for beat, text in zip(Beat, texts)}  # noqa: B905
    safe = everything(without_names(make_story(beats=beats, heard_from=f"{first} {last}, plant manager"))).lower()
    assert first.lower() not in safe
    assert last.lower() not in safe


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=60), st.text(max_size=30))
def test_no_name_whatever_raises(customer, heard_from, text, alias):
    story = make_story(customer=customer, heard_from=heard_from, alias=alias, beats={"who": text})
    assert without_names(story).customer == ""


def test_a_long_text_of_nothing_but_a_beginning_is_masked_all_the_same():
    text = "Fjordheim" + " " * 50_000 + "a" * 50_000 + " the" * 10_000
    assert "Fjordheim" not in told(text)
