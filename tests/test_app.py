"""The pages as somebody uses them, without a browser: what each shows, to whom, and in which state."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from library import library as running_library
from library.library import Library
from library.masking import without_names
from library.pages import desk
from library.settings import Settings
from library.shelf import facet_values
from library.story import Health, ShowAs, Status
from tests.helpers import STORIES, TODAY, FakeEncoder, make_story, write_shelf

APP = Path(__file__).parent.parent / "app.py"
ASK, BROWSE, STORY = desk.ASK, desk.BROWSE, desk.STORY
NURSES = "Nurses keep leaving the hospital wards"
FACETS = ("change", "roles", "size", "region")
LEAD, TELLER, STRANGER = "Ada Lead", "Aiko Mori", "Priya Nambiar"
ANONYMISED, ITS_CUSTOMER = "hospital-implant-recall", "Ostravelde"
INTERNAL = "hotel-booking-platforms"


def settings(folder: Path, stories: Path = STORIES) -> Settings:
    return Settings(stories=stories, data=folder / "data", today=TODAY, leads=LEAD)


@pytest.fixture(scope="module")
def shipped_library(tmp_path_factory):
    library = Library(settings(tmp_path_factory.mktemp("shipped")), FakeEncoder())
    library.sync()
    yield library
    library.close()


@pytest.fixture
def open_app(shipped_library, monkeypatch):
    """Open the app on a page; on the shipped shelf when no other library is given."""

    def opened(
        page: str = ASK, library: Library = shipped_library, person: str = "", **query: str | list[str]
    ) -> AppTest:
        monkeypatch.setattr(desk, "library", lambda: library)
        app = AppTest.from_file(str(APP), default_timeout=60)
        if person:
            app.session_state["person_name"] = person
        app.run()
        if page != ASK:
            app.switch_page(page)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def shelf_of(tmp_path):
    """A library of a folder that holds these stories and no others."""
    made: list[Library] = []

    def library(*stories, encoder=None) -> Library:
        folder = write_shelf(tmp_path / "stories", *stories)
        made.append(Library(settings(tmp_path, folder), encoder or FakeEncoder()))
        return made[-1]

    yield library
    for one in made:
        one.close()


def say(app: AppTest, words: str) -> AppTest:
    app.chat_input(key="ask").set_value(words).run()
    assert not app.exception
    return app


def reply(app: AppTest) -> str:
    return plain(" ".join(text.value for text in app.chat_message[1].markdown))


def cards(app: AppTest) -> list[str]:
    return [plain(heading.value) for heading in app.subheader]


def plain(markdown: str) -> str:
    return markdown.replace("\\", "")


def chips(app: AppTest) -> list[str]:
    return next(pills.value for pills in app.pills if pills.label.startswith("Understood"))


def links(app: AppTest) -> list[str]:
    return [plain(link.label) for link in app.get("page_link")]


def listed(app: AppTest) -> list[str]:
    """The stories in Browse's list; the links below it lead elsewhere."""
    return [link for link in links(app) if link.startswith("**")]


def copies(app: AppTest) -> dict[str, str]:
    """The copy buttons: what they say, and what they would put on the clipboard."""
    data = [str(component.proto) for component in app.get("bidi_component")]
    return {name: text for text in data for name in ("Copy the safe version", "Copy the link") if name in text}


def everything(app: AppTest) -> str:
    """All that reaches the browser, components' data included."""
    nodes = [app.main, app.sidebar]
    found: list[str] = []
    while nodes:
        node = nodes.pop()
        nodes += list(getattr(node, "children", {}).values())
        proto = getattr(node, "proto", None)
        found.append(str(proto) if proto is not None else "")
    return plain("\n".join(found))


def count(app: AppTest) -> int:
    return int(app.caption[0].value.split()[0])


def number_in(option: str) -> int:
    return int(option.rsplit("(", 1)[1].rstrip(")"))


# --- Ask --------------------------------------------------------------------------------------------------------------


def test_the_first_screen_is_one_question_one_box_and_three_examples(open_app):
    app = open_app()
    assert [title.value for title in app.title] == ["Who are you about to call?"]
    first = next(node for node in app.main if type(node).__name__ in {"ChatInput", "ButtonGroup"})
    assert type(first).__name__ == "ChatInput", "the box comes before the examples"
    assert len(app.chat_input) == 1
    assert len(app.pills[0].options) == 3
    assert not app.subheader


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_example_brings_stories(open_app, place):
    app = open_app()
    app.pills(key="example").set_value(app.pills(key="example").options[place]).run()
    assert not app.exception
    assert 1 <= len(cards(app)) <= 3


def test_an_answer_is_there_when_the_page_is_drawn_and_each_turn_is_taken_once(open_app, monkeypatch):
    """A second run that would show it can be lost to a page that looks for news of the shelf in that moment."""
    app = open_app()
    again: list[str] = []
    monkeypatch.setattr(st, "rerun", lambda *_, **__: again.append("drawn once more"))
    app.pills(key="example").set_value(app.pills(key="example").options[0]).run()
    say(app, "only hospitals")
    say(app, "only hospitals")
    app.run()
    assert not app.exception
    assert [turn.said for turn in app.session_state["talk"].turns[1:]] == ["only hospitals"] * 2
    assert again == []


def test_a_card_says_why_it_fits_what_to_ask_and_what_may_be_said(open_app):
    app = say(open_app(), f"{NURSES}, only in Europe")
    card = plain(" ".join(text.value for text in app.container(key="card-1-0").markdown))
    assert "Close match" in card
    assert "Why it fits" in card
    assert "**Ask** " in card
    assert "“" in card
    caption = plain(app.container(key="card-1-0").caption[0].value)
    assert "You may name" in caption
    assert "Told by" in caption
    assert "verified " in caption
    assert [e.label for e in app.container(key="card-1-0").expander] == ["The whole story, 2.1 minutes"]


def test_chips_show_what_was_understood_and_one_taken_away_is_gone(open_app):
    app = say(open_app(), f"{NURSES}, only in Europe")
    assert chips(app) == ["lean:industry:hospitals", "only:region:europe"]
    app.pills(key="chips-1").set_value(["lean:industry:hospitals"]).run()
    assert not app.exception
    assert chips(app) == ["lean:industry:hospitals"]
    assert "Without “Only Europe”" in plain(app.chat_message[0].markdown[0].value)


def test_what_was_understood_can_be_put_in_other_words(open_app):
    app = say(open_app(), NURSES)
    app.text_area(key="wording-1").set_value("sardine cannery, the ministry closed the boats").run()
    next(button for button in app.button if button.label == "Search again").click().run()
    assert not app.exception
    assert app.text_area(key="wording-2").value == "sardine cannery, the ministry closed the boats"
    assert cards(app)


def test_follow_ups_narrow_turn_and_answer(open_app):
    app = say(open_app(), NURSES)
    first = cards(app)
    assert len(first) == 3
    say(app, "only in Europe")
    assert "only:region:europe" in chips(app)
    second = cards(app)[1]
    say(app, "more like the second")
    assert f"most like “{second}”" in reply(app)
    assert second not in cards(app)
    seen = {*first, *cards(app)}
    say(app, "show others")
    assert cards(app)
    assert not seen & set(cards(app))
    there = cards(app)
    say(app, "how long did it take them?")
    assert ": " in reply(app)
    assert cards(app) == there, "the stories stay on the table"
    say(app, "new prospect")
    assert not cards(app)
    assert "What changed for them?" in reply(app)


def test_a_question_back_is_put_once(open_app):
    app = say(open_app(), "what is the weather")
    say(app, "only in Europe")
    assert reply(app).count("What changed for them") == 1


def test_new_prospect_gives_the_first_screen_again(open_app):
    app = say(open_app(), NURSES)
    next(button for button in app.button if button.label == "New prospect").click().run()
    assert [title.value for title in app.title] == ["Who are you about to call?"]
    assert not app.chat_message
    assert app.pills(key="example").value is None


def test_nothing_fits_is_an_answer_with_a_way_on(open_app):
    app = say(open_app(), "only banks in Latin America, cfo closes ledger late")
    assert "Nothing on the shelf fits under “Only banking” and “Only Latin America”" in reply(app)
    assert not cards(app)
    assert "Browse the shelf" in links(app)
    app.pills(key="chips-1").set_value(["lean:role:cfo"]).run()
    assert cards(app), "a wish taken away brings stories"


def test_small_talk_gets_no_story(open_app):
    app = say(open_app(), "hello")
    assert not cards(app)
    assert "Tell me about a prospect" in reply(app)


def test_very_long_and_very_odd_words_are_taken_as_words(open_app):
    app = say(
        open_app(), "# nurses leave ![x](https://evil.example/x.png) <script>alert(1)</script> $x$ " + "ward " * 3000
    )
    assert "<script>" not in app.chat_message[0].markdown[0].value.replace("\\<", "")
    say(app, "  \n ")


def test_ask_never_offers_what_may_not_be_told(shelf_of, open_app):
    told = make_story("told")
    held = [
        replace(told, id="internal", title="Held back one", show_as=ShowAs.INTERNAL),
        replace(told, id="draft", title="Held back two", status=Status.DRAFT),
        replace(told, id="left", title="Held back three", health=Health.LEFT),
        replace(told, id="expired", title="Held back four", expires_on=date(2026, 11, 21)),
    ]
    app = say(open_app(library=shelf_of(told, *held)), "sardine boats, the ministry closed the cannery")
    assert cards(app) == ["The harbour closed for fifty days"]


def test_a_story_that_leaves_the_shelf_meanwhile_breaks_no_talk(shelf_of, open_app):
    library = shelf_of(make_story("told"), make_story("other", title="The other harbour closed"))
    app = say(open_app(library=library), "sardine boats, the ministry closed the cannery")
    assert len(cards(app)) == 2
    (library.settings.stories / "told.md").unlink()
    write_shelf(library.settings.stories, make_story("other", title="The other harbour", show_as=ShowAs.INTERNAL))
    library.sync()
    app.run()
    assert not app.exception
    assert not cards(app)
    for words in ("what did the cfo say?", "show others", "more like the first"):
        say(app, words)
    assert not cards(app)


def test_a_story_edited_meanwhile_shows_as_it_stands(shelf_of, open_app):
    library = shelf_of(make_story("told"))
    app = say(open_app(library=library), "sardine boats, the ministry closed the cannery")
    write_shelf(library.settings.stories, make_story("told", title="The harbour opened again"))
    library.sync()
    app.run()
    assert cards(app) == ["The harbour opened again"]


# --- A story's own page -----------------------------------------------------------------------------------------------


def test_a_link_opens_the_story(open_app):
    app = open_app(STORY, story="hospital-agency-nurses")
    assert plain(app.title[0].value) == "A third of the ward nurses left in two years"
    assert set(copies(app)) == {"Copy the safe version", "Copy the link"}
    assert "?story=hospital-agency-nurses" in copies(app)["Copy the link"]
    assert "Fjordheim" not in copies(app)["Copy the safe version"], "a verbal name is never written"
    assert "Say the name aloud only" in plain(" ".join(m.value for m in app.markdown))
    assert [heading.value for heading in app.subheader] == ["What may be said", "Facts", "Stories like it"]


@pytest.mark.parametrize("story", ["no-such-story", "../app.py", "<b>x</b>", "![x](https://evil.example/p.png)"])
def test_an_unknown_id_gets_a_sentence_and_a_way_on(open_app, story):
    app = open_app(STORY, story=story)
    assert f"There is no story called “{story}” here" in plain(app.warning[0].value)
    assert "![" not in app.warning[0].value
    assert links(app) == ["Ask for a story", "Browse the shelf"]


def test_a_page_without_an_id_says_so(open_app):
    assert "No story was named" in open_app(STORY).warning[0].value


def test_a_draft_is_read_by_its_teller_and_the_lead_only(open_app):
    draft = "hospice-volunteers-fade"
    for stranger in ("", STRANGER):
        app = open_app(STORY, person=stranger, story=draft)
        assert "This story is not published yet" in app.warning[0].value
        assert not app.title
        assert "Tobarlinn" not in everything(app)
    for reader in (LEAD, "Greta Lindholm"):
        app = open_app(STORY, person=reader, story=draft)
        assert app.title
        assert "not published yet (draft)" in app.warning[0].value
        assert "Copy the safe version" not in copies(app)


def test_a_draft_without_a_teller_is_not_everybodys(shelf_of, open_app):
    library = shelf_of(make_story("draft", status=Status.DRAFT, told_by="", owner=""))
    assert not open_app(STORY, library, story="draft").title
    assert open_app(STORY, library, LEAD, story="draft").title


def test_an_internal_story_is_for_us_only_and_cannot_be_copied(open_app):
    for person in ("", LEAD, "Callum Reid"):
        app = open_app(STORY, person=person, story=INTERNAL)
        assert "For us only" in app.error[0].value
        assert "Copy the safe version" not in copies(app)


@pytest.mark.parametrize("story", ["college-overhead-cut", "diy-retail-till-vendor", "it-consultancy-day-rates"])
def test_a_story_whose_time_is_over_cannot_be_copied(open_app, story):
    app = open_app(STORY, story=story)
    assert "Do not tell it" in app.warning[0].value
    assert set(copies(app)) == {"Copy the link"}
    assert "You may name" not in everything(app)


def test_an_anonymised_name_is_for_the_lead_and_its_teller(open_app):
    for stranger in ("", STRANGER, "Hanne Bruun"):
        app = open_app(STORY, person=stranger, story=ANONYMISED)
        assert app.title
        assert ITS_CUSTOMER not in everything(app)
    for reader in (LEAD, TELLER):
        app = open_app(STORY, person=reader, story=ANONYMISED)
        assert ITS_CUSTOMER in plain(app.markdown[0].value)
        assert ITS_CUSTOMER not in copies(app)["Copy the safe version"]


def test_cards_follow_the_person_at_the_desk(open_app):
    app = say(open_app(person=TELLER), "A theatre found patients of one recalled hip in a German hospital")
    assert ITS_CUSTOMER in everything(app)
    app.session_state["person_name"] = STRANGER
    app.run()
    assert ITS_CUSTOMER not in everything(app)
    assert app.title, "another person starts a talk of their own"


def test_somebody_who_signs_in_keeps_the_talk_and_sees_more(open_app):
    app = say(open_app(), "A theatre found patients of one recalled hip in a German hospital")
    there = cards(app)
    assert ITS_CUSTOMER not in everything(app)
    app.session_state["person_name"] = TELLER
    app.run()
    assert cards(app) == there
    assert ITS_CUSTOMER in everything(app)


@pytest.mark.parametrize("page", [STORY, desk.PRACTISE])
def test_no_page_fails_on_any_story_and_a_stranger_meets_no_restricted_name(open_app, shipped, page):
    restricted = [story for story in shipped if story.show_as in {ShowAs.ANONYMISED, ShowAs.INTERNAL}]
    assert {without_names(story).customer for story in restricted} == {""}
    for story in shipped:
        app = open_app(page, story=story.id)
        assert app.title or app.warning, story.id
        shown = everything(app)
        for other in restricted:
            assert other.customer not in shown, f"{story.id} shows {other.customer}"


# --- Browse -----------------------------------------------------------------------------------------------------------


def test_browse_shows_every_story_a_rep_may_read(open_app, shipped):
    app = open_app(BROWSE)
    assert count(app) == len(shipped.browsable(TODAY)) == len(listed(app))
    shown = everything(app)
    assert not [s.id for s in shipped if s.show_as is ShowAs.ANONYMISED and s.customer in shown]
    assert sum("For us only" in text.value for text in app.markdown) == 3


def test_every_industry_shows_as_many_stories_as_it_counts(open_app, shipped):
    app = open_app(BROWSE)
    said = {o.rsplit(" (", 1)[0]: number_in(o) for o in app.pills(key="industry").options}
    for industry, stories in shipped.counts(shipped.browsable(TODAY), "industry").items():
        app.pills(key="industry").set_value(industry).run()
        label = shipped.vocabulary.label("industry", industry)
        assert count(app) == said[label] == stories == len(listed(app)), industry


@pytest.mark.parametrize("facet", FACETS)
def test_every_value_of_a_filter_shows_as_many_stories_as_it_counts(open_app, shipped, facet):
    app = open_app(BROWSE)
    values = sorted({v for s in shipped.browsable(TODAY) for v in facet_values(s, facet)})
    assert len(values) == len(app.multiselect(key=facet).options)
    for value in values:
        app.multiselect(key=facet).set_value([value]).run()
        assert not app.exception
        label = shipped.vocabulary.label({"roles": "role"}.get(facet, facet), value)
        label = f"{value.replace('-', '–')} people" if facet == "size" else label
        said = next(o for o in app.multiselect(key=facet).options if o.rsplit(" (", 1)[0] == label)
        assert count(app) == number_in(said) == len(listed(app)), value


def test_counts_hold_whichever_filter_was_set_first(open_app):
    app = open_app(BROWSE)
    app.multiselect(key="region").set_value(["europe"]).run()
    said = next(o for o in app.multiselect(key="change").options if o.startswith("A new rule"))
    app.multiselect(key="change").set_value(["regulation"]).run()
    assert count(app) == number_in(said)


def test_a_filter_stays_when_the_industry_has_no_such_story(open_app):
    app = open_app(BROWSE, industry="charities", change="regulation")
    assert app.multiselect(key="change").value == ["regulation"]
    assert count(app) == 0
    assert "Take a filter or a word away" in app.info[0].value


def test_a_filtered_list_is_a_link_that_outlives_its_counts(open_app):
    app = open_app(BROWSE)
    app.pills(key="industry").set_value("banking").run()
    app.multiselect(key="change").set_value(["regulation"]).run()
    assert app.query_params == {"industry": "banking", "change": "regulation"}
    assert count(open_app(BROWSE, **app.query_params)) == count(app)
    assert count(open_app(BROWSE, industry="nonsense", change=["nonsense"])) == 62


# --- What is missing --------------------------------------------------------------------------------------------------


def test_an_empty_shelf_says_what_to_do(shelf_of, open_app):
    library = shelf_of()
    assert "The shelf is empty" in open_app(BROWSE, library).info[0].value
    app = say(open_app(library=library), NURSES)
    assert not cards(app)
    assert "Nothing on the shelf fits" in reply(app)


def test_a_missing_folder_is_named_and_found_once_it_is_there(tmp_path, open_app):
    library = Library(settings(tmp_path, tmp_path / "nowhere"), FakeEncoder())
    for page in (BROWSE, STORY):
        assert f"There is no folder {tmp_path}/nowhere" in open_app(page, library).error[0].value
    app = open_app(library=library)
    say(app, NURSES)
    assert f"There is no folder {tmp_path}/nowhere" in app.error[0].value
    write_shelf(tmp_path / "nowhere", make_story("told"))
    say(app, "sardine boats, the ministry closed the cannery")
    assert cards(app)
    library.close()


def test_without_a_model_the_words_decide_and_the_page_says_so(tmp_path, monkeypatch, open_app):
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: None)
    app = say(open_app(library=Library(settings(tmp_path))), NURSES)
    assert "Search goes by the words alone" in app.info[0].value
    assert cards(app)


def test_browse_and_a_story_need_not_wait_for_the_model(shelf_of, open_app):
    class SlowEncoder(FakeEncoder):
        may_go_on = threading.Event()

        def encode(self, texts):
            assert self.may_go_on.wait(60)
            return super().encode(texts)

    library = shelf_of(make_story("told"), encoder=SlowEncoder())
    library.start()
    assert count(open_app(BROWSE, library)) == 1
    assert open_app(STORY, library, story="told").title
    assert open_app(library=library).title, "the first screen is there at once"
    assert not library.ready
    SlowEncoder.may_go_on.set()
    app = say(open_app(library=library), "sardine boats, the ministry closed the cannery")
    assert cards(app)


def test_a_run_that_shows_a_new_shelf_is_not_run_again(shelf_of, open_app, monkeypatch):
    library = shelf_of(make_story("told"))
    library.sync()
    app = open_app(BROWSE, library)
    again = []
    monkeypatch.setattr(desk.st, "rerun", lambda: again.append("again"))
    write_shelf(library.settings.stories, make_story("other", title="The other harbour"))
    library.sync()
    app.run()
    assert count(app) == 2
    assert not again


def test_the_app_reads_its_settings_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setattr(running_library, "_encoder_for", lambda _: FakeEncoder())
    for name, value in {"STORIES": write_shelf(tmp_path / "stories", make_story("told")), "DATA": tmp_path}.items():
        monkeypatch.setenv(f"LIBRARY_{name}", str(value))
    monkeypatch.setenv("LIBRARY_TODAY", "2026-11-22")
    st.cache_resource.clear()
    try:
        app = AppTest.from_file(str(APP), default_timeout=60).run()
        say(app, "sardine boats, the ministry closed the cannery")
        assert cards(app) == ["The harbour closed for fifty days"]
        desk.library().close()
    finally:
        st.cache_resource.clear()


def test_a_wrong_setting_is_a_sentence(monkeypatch):
    monkeypatch.setenv("LIBRARY_TODAY", "soon")
    st.cache_resource.clear()
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert "LIBRARY_TODAY: found 'soon'" in app.error[0].value
