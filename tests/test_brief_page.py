"""Take along: the brief as a page, from a card and from a story, and a story's rights on its own page."""

import shutil
from pathlib import Path

import pytest

from library.library import Library
from library.pages import desk
from library.settings import Settings
from library.sharing import documents
from library.story import ShowAs
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf
from tests.test_app import LEAD, everything, links, plain
from tests.test_shelf_page import opened

NURSES = "hospital-agency-nurses"
ITS_CUSTOMER, ITS_CONTACT = "Fjordheim", "Marit"
ASKED = "Ward nurses keep leaving and agency shifts eat the budget"


@pytest.fixture
def library(tmp_path, monkeypatch):
    """The shipped stories and three that may not be taken along, in a folder that a test may change."""
    folder = Path(shutil.copytree(STORIES, tmp_path / "stories"))
    write_shelf(
        folder,
        make_story("for-us", title="A cannery for us", show_as=ShowAs.INTERNAL),
        make_story("rights", may_quote="yes, by Vigdis Holm, until 2026-10-31", show_as=ShowAs.ANONYMISED),
    )
    made = Library(Settings(stories=folder, data=tmp_path / "data", today=TODAY, leads=LEAD), FakeEncoder())
    made.sync()
    monkeypatch.setattr(desk, "library", lambda: made)
    yield made
    made.close()


def shown(app) -> str:
    kinds = (app.markdown, app.subheader, app.caption, app.warning, app.info)
    return plain(" ".join(str(node.value) for kind in kinds for node in kind))


def clipboard(app) -> str:
    """What the copy button would put there, as it goes to the browser."""
    (data,) = [text for c in app.get("bidi_component") if "Copy the brief" in (text := str(c.proto))]
    return data


def asked(person: str = "Callum Reid"):
    app = opened(desk.ASK, person)
    app.chat_input[0].set_value(ASKED).run()
    assert not app.exception
    return app


def to_brief(app, stories: str):
    app.switch_page(desk.BRIEF)
    app.query_params["stories"] = stories
    app.run()
    assert not app.exception
    return app


def test_nothing_chosen_says_where_stories_are(library):
    app = opened(desk.BRIEF)
    assert "Choose a story, or take one along from an answer." in shown(app)
    assert not app.text_area
    assert not app.get("download_button")


def test_the_stories_of_the_address_stand_there_in_safe_wording(library):
    app = opened(desk.BRIEF, "Callum Reid", stories=f"{NURSES},water-leak-penalties")
    assert app.multiselect[0].value == [NURSES, "water-leak-penalties"]
    text = shown(app)
    assert "A 3,400-person hospital group in Norway" in text
    assert "Calderwyn Water" in text
    assert "Hanne Bruun brought this story" in text
    there = everything(app) + clipboard(app)
    assert ITS_CUSTOMER not in there
    assert ITS_CONTACT not in there
    assert len(app.get("download_button")) == 3


def test_with_names_only_after_the_switch_and_marked(library):
    app = opened(desk.BRIEF, "Callum Reid", stories=NURSES)
    assert documents.OWN_EYES not in shown(app)
    (switch,) = app.toggle
    switch.set_value(True).run()
    assert documents.OWN_EYES in shown(app)
    assert "Fjordheim Helse" in shown(app)
    assert documents.OWN_EYES in clipboard(app)


def test_no_switch_where_there_is_no_name_to_gain(library):
    assert not opened(desk.BRIEF, "Callum Reid", stories="rights").toggle
    assert not opened(desk.BRIEF, "Callum Reid", stories="water-leak-penalties").toggle


@pytest.mark.parametrize(
    ("stories", "said"),
    [("for-us", "is for us only"), ("no-such-story", "There is no story called “no-such-story” here.")],
)
def test_what_may_not_be_taken_is_refused_with_a_sentence(library, stories, said):
    app = opened(desk.BRIEF, "Callum Reid", stories=stories)
    assert said in shown(app)
    assert app.multiselect[0].value == []
    assert "for-us" not in app.multiselect[0].options


def test_the_reps_words_of_the_last_ask_stand_in_the_boxes_and_on_the_paper(library):
    app = to_brief(asked(), NURSES)
    assert [box.value for box in app.text_area] == ["Ward nurses keep leaving", "agency shifts eat the budget"]
    assert "Ward nurses keep leaving" in clipboard(app)
    assert "agency shifts eat the budget" in clipboard(app)


def test_what_somebody_wrote_in_a_box_is_not_lost_to_another_ask(library):
    app = to_brief(asked(), NURSES)
    app.text_area[1].set_value("the board is furious").run()
    app.switch_page(desk.ASK).run()
    app.chat_input[0].set_value("New prospect: energy prices doubled for a bakery").run()
    to_brief(app, NURSES)
    assert app.text_area[1].value == "the board is furious"


def test_the_words_of_one_person_are_not_shown_to_the_next(library):
    app = asked("Callum Reid")
    app.session_state["person_name"] = "Dev Raman"
    to_brief(app, NURSES)
    assert [box.value for box in app.text_area] == ["", ""]


def test_the_prospects_name_is_kept_nowhere(library):
    app = opened(desk.BRIEF, "Callum Reid", stories=NURSES)
    app.text_input[0].set_value("Nordvik Care").run()
    assert not app.exception
    for path in Path(library.settings.data).rglob("*"):
        assert path.is_dir() or b"Nordvik" not in path.read_bytes()


def test_a_choice_goes_into_the_address(library):
    app = opened(desk.BRIEF, "Callum Reid", stories=NURSES)
    app.multiselect[0].set_value([NURSES, "water-leak-penalties"]).run()
    assert not app.exception
    assert app.query_params["stories"] in (f"{NURSES},water-leak-penalties", [f"{NURSES},water-leak-penalties"])


def test_a_card_and_a_storys_page_lead_here(library):
    there = links(asked())
    assert "Take along" in there
    assert any(label.startswith("Take ") and label.endswith("along") and label != "Take along" for label in there)
    assert "Take along" in links(opened(desk.STORY, "Callum Reid", story=NURSES))
    assert "Take along" not in links(opened(desk.STORY, "Callum Reid", story="for-us"))


# --- the rights on a story's page ---


def test_a_storys_page_lists_its_rights_and_shows_who_gave_them_to_few(library):
    text = shown(opened(desk.STORY, "Callum Reid", story="rights"))
    assert "Quote: ask first; the yes ran out on 31 October 2026" in text.replace("**", "")
    assert "Name aloud: no" in text.replace("**", "")
    library.sync()
    story = make_story("rights", may_quote="yes, by Vigdis Holm, until 2027-03-31", show_as=ShowAs.ANONYMISED)
    write_shelf(library.settings.stories, story)
    library.sync()
    assert "Vigdis" not in shown(opened(desk.STORY, "Callum Reid", story="rights"))
    for person in (LEAD, "Ines Carvalho"):
        seen = shown(opened(desk.STORY, person, story="rights")).replace("**", "")
        assert "Quote: yes, by Vigdis Holm, until 31 March 2027" in seen
