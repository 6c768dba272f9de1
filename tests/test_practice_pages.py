"""Learn, Practise and Quiz as somebody uses them: what each shows, to whom, and what it keeps."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
import streamlit as st

from library.library import Library
from library.pages import desk
from library.practice.quiz import Round
from library.records.entries import Path, RecordsError
from library.records.records import Records
from library.settings import Settings
from library.story import Beat, ShowAs, Status
from tests.helpers import STORIES, TODAY, make_story
from tests.test_app import (
    ANONYMISED,
    ITS_CUSTOMER,
    LEAD,
    STRANGER,
    everything,
    links,
    open_app,
    plain,
    shelf_of,
    shipped_library,
)
from tests.test_tellings import field, press

__all__ = ["open_app", "shelf_of", "shipped_library"]

REP = "Dev Raman"
GRID, PARCEL = "grid-crews-retire", "parcel-driver-quits"
NAMED_OTHER = "hospital-agency-nurses"
MINE = "My own cousin stood on that very pole."
"""Words that stand in no story."""
WHOLE = dict.fromkeys(Beat, "told")
NOT_A_STORY = "No such story may be practised here"


@pytest.fixture
def library(shipped_library, tmp_path, monkeypatch):
    """The shipped shelf, with records nobody wrote in yet."""
    monkeypatch.setattr(shipped_library, "_records", Records.in_file(tmp_path / "records.db"))
    yield shipped_library
    shipped_library.records.close()
    st.cache_data.clear()


def shown(app) -> str:
    """What can be read, marks and links and all."""
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.success, app.warning)
    return plain("\n".join([*(element.value for kind in kinds for element in kind), *links(app)]))


def toasts(app) -> str:
    return plain(" ".join(toast.value for toast in app.toast))


def labels(app) -> set[str]:
    return {button.label for button in app.button}


def broken(*_, **__):
    raise RecordsError("The records cannot be used: no space left.")


# --- Learn ------------------------------------------------------------------------------------------------------------


def practised(library, story=GRID, person=REP, beats=WHOLE, due=None):
    """Somebody told a story; with a day, it comes back then."""
    told = library.records.practice.add(person, story, MINE, at=library.now, minutes=2, beats=beats)
    if due:
        library.records.practice.hold(person, story, "{}", due)
    return told


def first_week(library, *stories, person=REP, made_by=""):
    library.records.practice.lay(Path(person, stories, made_by=made_by))


def test_nobody_named_is_asked_who_they_are(library, open_app):
    app = open_app(desk.LEARN)
    assert "Say who you are" in app.info[0].value
    assert "Make my first week" not in labels(app)


def test_an_industry_and_a_role_make_a_first_week_that_is_there_the_next_time(library, open_app):
    app = open_app(desk.LEARN, person=REP)
    app.selectbox(key="path-industry").set_value("hospitals").run()
    app.selectbox(key="path-role").set_value(app.selectbox(key="path-role").options[0]).run()
    press(app, "Make my first week")
    path = library.records.practice.paths()[REP]
    assert (len(set(path.stories)), path.industry, path.made_by) == (5, "hospitals", "")
    assert path.role
    for page in (app, open_app(desk.LEARN, person=REP)):
        said = shown(page)
        assert said.count("Not told yet") == said.count("Practise it") == 5
        assert said.count("begin so.") + said.count("that begins so.") == 5
        assert "It is in your industry." in said
        assert all(plain(library.shelf.stories[story].title) in said for story in path.stories)
        assert page.get("progress")[0].proto.text == "0 of 5 told whole"
    assert "Make my first week" in labels(open_app(desk.LEARN, person=STRANGER))


@pytest.mark.parametrize(("linked", "chosen"), [("hospitals", "hospitals"), ("no-such-industry", None)])
def test_a_link_chooses_the_industry(library, open_app, linked, chosen):
    assert open_app(desk.LEARN, person=REP, industry=linked).selectbox(key="path-industry").value == chosen


def test_only_what_was_told_whole_counts_and_the_best_telling_does(library, open_app):
    first_week(library, GRID, PARCEL, NAMED_OTHER)
    practised(library)
    practised(library, beats=WHOLE | {Beat.PAIN: "partly"})
    practised(library, PARCEL, beats=WHOLE | {Beat.PAIN: "partly", Beat.WIN: "missing"})
    practised(library, NAMED_OTHER, person=STRANGER)
    app = open_app(desk.LEARN, person=REP)
    assert app.get("progress")[0].proto.text == "1 of 3 told whole"
    said = shown(app)
    assert "Told whole" in said
    assert "5 of 7 parts told" in said
    assert said.count("Not told yet") == 1


def test_somebody_begins_anew(library, open_app):
    first_week(library, GRID)
    assert "Make my first week" in labels(press(open_app(desk.LEARN, person=REP), "Begin anew"))
    assert library.records.practice.paths()[REP].stories == ()


def test_a_path_whose_stories_left_the_shelf_says_so(library, open_app):
    first_week(library, "gone-for-good", "hospice-volunteers-fade")
    assert "None of your stories may be told any more" in open_app(desk.LEARN, person=REP).info[0].value


def test_a_story_of_ones_own_choosing_is_never_said_to_be_the_leads(library, open_app):
    first_week(library, *[s.id for s in library.shelf.tellable(TODAY)])
    assert "Your lead chose" not in shown(open_app(desk.LEARN, person=REP))


def test_what_is_due_stands_under_back_today_and_what_comes_later_in_the_caption(library, open_app):
    later = TODAY + timedelta(days=3)
    practised(library, due=later)
    said = shown(open_app(desk.LEARN, person=REP))
    assert "The next story comes back on 25 November 2026" in said
    assert "Back today" not in said
    practised(library, PARCEL, due=TODAY)
    practised(library, NAMED_OTHER, due=TODAY - timedelta(days=9))
    app = open_app(desk.LEARN, person=REP)
    assert "Back today (2)" in shown(app)
    titles = [library.shelf.stories[story].title for story in (NAMED_OTHER, PARCEL)]
    assert links(app)[:2] == titles
    assert "Back today" not in shown(open_app(desk.LEARN, person=STRANGER))


def test_what_may_be_practised_no_more_does_not_come_back(library, open_app):
    practised(library, "hospice-volunteers-fade", due=TODAY)
    practised(library, "gone-for-good", due=TODAY)
    assert "Back today" not in shown(open_app(desk.LEARN, person=REP))


def test_the_lead_sees_who_is_where_and_not_a_word_of_it(library, open_app):
    first_week(library, GRID, PARCEL)
    practised(library)
    practised(library, NAMED_OTHER)
    app = open_app(desk.LEARN, person=LEAD)
    assert f"**{REP}** 1 of 2 of the first week · 2 stories told whole" in shown(app)
    assert MINE not in everything(app)
    assert "Shared with you" not in shown(app)
    for person in ("", STRANGER):
        said = shown(open_app(desk.LEARN, person=person))
        assert "Who is where" not in said
        assert REP not in said


def test_the_lead_changes_a_path_and_its_person_is_told_who_did(library, open_app):
    first_week(library, GRID)
    app = open_app(desk.LEARN, person=LEAD)
    assert app.multiselect(key=f"path-{REP}").value == [GRID]
    app.multiselect(key=f"path-{REP}").set_value([PARCEL, NAMED_OTHER]).run()
    press(app, "Save")
    assert library.records.practice.paths()[REP] == Path(REP, (PARCEL, NAMED_OTHER), made_by=LEAD)
    assert shown(open_app(desk.LEARN, person=REP)).count("Your lead chose it for you.") == 2


def test_a_shared_telling_comes_to_the_lead_until_it_is_the_example(library, open_app):
    told = practised(library)
    library.records.practice.share(told.id, REP)
    assert f"{REP}: {library.shelf.stories[GRID].title}" in links(open_app(desk.LEARN, person=LEAD))
    assert "Shared with you" not in shown(open_app(desk.LEARN, person=STRANGER))
    library.records.practice.mark(told.id, LEAD)
    assert "Shared with you" not in shown(open_app(desk.LEARN, person=LEAD))


# --- Practise ---------------------------------------------------------------------------------------------------------


def beats_of(library, story=GRID, without=None) -> str:
    return " ".join(text for beat, text in library.shelf.stories[story].beats.items() if beat is not without)


def tell(app, words, story=GRID):
    """Hide the story where it is not hidden yet, tell it, and ask how it was."""
    if "Hide it and tell it" in labels(app):
        press(app, "Hide it and tell it")
    app.text_area(key=f"said-{story}").set_value(words)
    return press(app, "How was it?")


@pytest.mark.parametrize("story", ["", "no-such-story", "<b>x</b>", "hospice-volunteers-fade", "college-overhead-cut"])
def test_what_may_not_be_read_may_not_be_practised(library, open_app, story):
    for person in (REP, LEAD):
        app = open_app(desk.PRACTISE, person=person, story=story)
        assert NOT_A_STORY in app.info[0].value
        assert links(app)[0] == "Your stories"
        assert not app.toggle


def test_a_hidden_story_shows_none_of_it(library, open_app):
    app = open_app(desk.PRACTISE, person=REP, story=GRID)
    beats = library.shelf.stories[GRID].beats.values()
    assert all(text in everything(app) for text in beats if '"' not in text)
    press(app, "Hide it and tell it")
    assert app.toggle(key=f"hide-{GRID}").value
    assert not [text for text in beats if text[:30] in everything(app)]
    assert "Hide it and tell it" not in labels(app)


def test_a_few_words_are_told_to_be_few_and_stand_as_they_were(library, open_app):
    app = tell(open_app(desk.PRACTISE, person=REP, story=GRID), MINE)
    assert "That is 8 words; a telling has about 250." in toasts(app)
    assert app.text_area(key=f"said-{GRID}").value == MINE
    assert library.records.practice.of(REP) == library.records.practice.held(REP) == []
    assert "parts told" not in shown(app)


def test_another_look_at_the_story_loses_nothing_of_what_was_typed(library, open_app):
    app = press(open_app(desk.PRACTISE, person=REP, story=GRID), "Hide it and tell it")
    app.text_area(key=f"said-{GRID}").set_value(MINE).run()
    app.toggle(key=f"hide-{GRID}").set_value(False).run()
    press(app, "Hide it and tell it")
    assert app.text_area(key=f"said-{GRID}").value == MINE


def test_a_telling_word_for_word_is_whole_kept_and_comes_back(library, open_app):
    whole = beats_of(library)
    app = tell(open_app(desk.PRACTISE, person=REP, story=GRID), whole)
    assert "Whole, and in two minutes" in app.success[0].value
    assert "7 of 7 parts told" in shown(app)
    assert "11,000" in shown(app)
    [kept] = library.records.practice.of(REP)
    assert (kept.story, kept.text, kept.whole, kept.shared) == (GRID, whole, True, False)
    [held] = library.records.practice.held(REP)
    assert held.due > TODAY
    assert f"It comes back on {held.due.day} {held.due:%B %Y}" in shown(app)


def test_a_beat_left_out_is_named_first_and_compared_with_the_next_telling(library, open_app):
    app = tell(open_app(desk.PRACTISE, person=REP, story=GRID), beats_of(library, without=Beat.QUESTION))
    assert plain(app.info[0].value).startswith("“Ask” was left out.")
    assert [plain(e.label) for e in app.expander] == [":material/radio_button_unchecked: **Ask** left out"]
    tell(app, beats_of(library))
    assert "new since last time: ask" in shown(app)
    assert "Your 2 tellings" in {plain(e.label) for e in app.expander}
    tell(app, beats_of(library, without=Beat.QUESTION))
    assert "gone since last time: ask" in shown(app)
    assert [told.told for told in library.records.practice.of(REP)] == [6, 7, 6]


def test_without_the_model_a_telling_is_judged_by_its_words_and_the_page_says_so(tmp_path, open_app):
    library = Library(Settings(stories=STORIES, data=tmp_path, today=TODAY, model="none"))
    app = open_app(desk.PRACTISE, library, REP, story=GRID)
    tell(app, beats_of(library, without=Beat.PAIN))
    assert plain(app.info[0].value).startswith("“What it cost” was left out.")
    assert "Judged by the words alone" in shown(app)
    library.close()


def test_a_name_that_may_not_be_said_is_a_slip(library, open_app):
    whole = beats_of(library, ANONYMISED)
    app = open_app(desk.PRACTISE, person=REP, story=ANONYMISED)
    tell(app, f"She works at {ITS_CUSTOMER}. {whole}", ANONYMISED)
    assert f"{ITS_CUSTOMER} may not be said aloud. Say the alias." in plain(app.info[0].value)
    tell(app, whole, ANONYMISED)
    assert "may not be said aloud" not in shown(app)


def test_an_example_shows_no_name_that_its_hearer_may_not_see(library, open_app):
    said = f"She works at {ITS_CUSTOMER}, and so does Renate Hollbeck. {MINE}"
    told = library.records.practice.add(REP, ANONYMISED, said, at=library.now, minutes=2, beats=WHOLE)
    library.records.practice.share(told.id, REP)
    library.records.practice.mark(told.id, LEAD)
    heard = everything(open_app(desk.PRACTISE, person=STRANGER, story=ANONYMISED))
    assert MINE in heard
    assert ITS_CUSTOMER not in heard
    assert "Hollbeck" not in heard
    assert ITS_CUSTOMER in everything(open_app(desk.PRACTISE, person=LEAD, story=ANONYMISED))


def test_a_telling_is_its_persons_until_shared_and_everybodys_once_it_is_the_example(library, open_app):
    mine = tell(open_app(desk.PRACTISE, person=REP, story=GRID), f"{MINE} {beats_of(library)}")
    assert "What you said is yours alone." in shown(mine)

    def seen(person):
        pages = [open_app(desk.PRACTISE, person=person, story=GRID), open_app(desk.LEARN, person=person)]
        return any(MINE in everything(page) for page in pages)

    assert not any(map(seen, ("", STRANGER, LEAD)))
    press(mine, "Share it with the lead")
    assert "Your lead can read it." in shown(mine)
    assert [seen(person) for person in ("", STRANGER, LEAD)] == [False, False, True]
    assert "The example to hear" not in labels(open_app(desk.PRACTISE, person=STRANGER, story=GRID))
    press(open_app(desk.PRACTISE, person=LEAD, story=GRID), "The example to hear")
    assert library.records.practice.shared()[0].example_by == LEAD
    for person in ("", STRANGER, LEAD):
        app = open_app(desk.PRACTISE, person=person, story=GRID)
        assert f"Hear {REP} tell it" in {plain(e.label) for e in app.expander}
        assert MINE in everything(app)
        assert "The example to hear" not in labels(app)


def test_what_somebody_told_is_not_for_the_next_one_at_the_same_desk(library, open_app):
    app = press(open_app(desk.PRACTISE, story=GRID), "Hide it and tell it")
    app.text_area(key=f"said-{GRID}").set_value(f"{MINE} {beats_of(library)}").run()
    app.session_state["person_name"] = REP
    app.run()
    assert MINE in app.text_area(key=f"said-{GRID}").value, "who signs in keeps what they typed"
    press(app, "How was it?")
    app.session_state["person_name"] = STRANGER
    app.run()
    assert MINE not in everything(app)
    assert app.text_area(key=f"said-{GRID}").value == ""
    assert "parts told" not in shown(app)


def test_without_a_name_a_telling_is_heard_and_not_kept(library, open_app):
    app = tell(open_app(desk.PRACTISE, story=GRID), beats_of(library))
    assert "7 of 7 parts told" in shown(app)
    assert "Say who you are at the foot of the page, and your tellings are kept" in shown(app)
    assert library.records.practice.counts() == {}
    assert "Share it with the lead" not in labels(app)


def test_forget_my_words_takes_the_words_and_leaves_the_counts(library, open_app):
    app = tell(open_app(desk.PRACTISE, person=REP, story=GRID), beats_of(library))
    practised(library, person=STRANGER)
    press(app, "Forget my words")
    assert "1 telling" in toasts(app)
    assert app.text_area(key=f"said-{GRID}").value == ""
    assert [told.text for told in library.records.practice.of(REP)] == [""]
    assert library.records.practice.counts()[REP] == {GRID: 7}
    assert len(library.records.practice.held(REP)) == 1
    assert [told.text for told in library.records.practice.of(STRANGER)] == [MINE]
    press(app, "Share it with the lead")
    assert "nothing to share" in toasts(app)


# --- Records that cannot be kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["folder", "garbage"])
def test_records_that_cannot_be_read_are_a_sentence_on_every_page(shelf_of, open_app, damage):
    library = shelf_of(make_story())
    file = library.settings.data / "records.db"
    file.parent.mkdir(parents=True)
    file.mkdir() if damage == "folder" else file.write_text("no database at all " * 500)
    for page in (desk.LEARN, desk.PRACTISE, desk.QUIZ):
        app = open_app(page, library, "Ines Carvalho", story="sardines")
        assert "Nothing is recorded now." in app.warning[0].value


def test_a_telling_that_cannot_be_kept_is_heard_all_the_same(library, open_app, monkeypatch):
    app = tell(open_app(desk.PRACTISE, person=REP, story=GRID), beats_of(library, without=Beat.QUESTION))
    monkeypatch.setattr(library.records.practice, "share", broken)
    assert "no space left" in toasts(press(app, "Share it with the lead"))
    monkeypatch.setattr(library.records.practice, "add", broken)
    tell(app, beats_of(library))
    assert "no space left" in toasts(app)
    assert "7 of 7 parts told" in shown(app)
    assert "Share it with the lead" not in labels(app), "it would share the telling before"


def test_a_path_or_a_choice_that_cannot_be_kept_is_a_sentence(library, open_app, monkeypatch):
    monkeypatch.setattr(library.records.practice, "lay", broken)
    assert "no space left" in toasts(press(open_app(desk.LEARN, person=REP), "Make my first week"))
    monkeypatch.setattr(library.records.practice, "chose", broken)
    app = open_app(desk.QUIZ, person=REP)
    assert "no space left" in toasts(choose(app, asked(app).best))
    assert "The library would tell the same." in shown(app)


# --- Quiz -------------------------------------------------------------------------------------------------------------


def asked(app) -> Round:
    return app.session_state["quiz_round"]


def choose(app, story, why=""):
    app.radio(key="quiz_choice").set_value(story)
    field(app, "Why this one").set_value(why)
    return press(app, "This one")


def test_a_situation_comes_with_four_stories_and_choosing_none_says_so(library, open_app):
    app = open_app(desk.QUIZ, person=REP)
    assert plain(app.subheader[0].value) == asked(app).situation
    assert len(set(app.radio(key="quiz_choice").options)) == 4
    assert "Choose one first." in toasts(press(app, "This one"))
    assert "Next situation" not in labels(app)
    assert library.records.practice.agreed(REP) == (0, 0)


def test_the_librarys_own_and_another_are_told_apart_and_counted(library, open_app):
    app = open_app(desk.QUIZ, person=REP)
    choose(app, asked(app).best)
    assert "The library would tell the same." in app.success[0].value
    assert "Why it fits" in shown(app)
    assert "You and the library agreed in 1 of 1." in shown(app)
    for place, word in enumerate(("second", "third", "last"), start=1):
        press(app, "Next situation")
        best = library.shelf.stories[asked(app).best].title
        choose(app, asked(app).ranked[place], "They know him")
        assert f"The library would tell “{best}”. Yours comes {word} of the four." in plain(app.info[0].value)
    assert "You and the library agreed in 1 of 4." in shown(open_app(desk.QUIZ, person=REP))
    assert "agreed in" not in shown(open_app(desk.QUIZ, person=STRANGER))


def test_without_a_name_a_choice_is_answered_and_not_counted(library, open_app):
    app = open_app(desk.QUIZ)
    assert "The library would tell the same." in shown(choose(app, asked(app).best))
    assert library.records.practice.agreed("") == (0, 0)


def test_the_choice_is_fixed_after_answering_whatever_is_asked_meanwhile(library, open_app):
    app = open_app(desk.QUIZ, person=REP)
    before = asked(app)
    choose(app, before.ranked[1], "They know him")
    assert app.radio(key="quiz_choice").disabled
    assert field(app, "Why this one").disabled
    assert "This one" not in labels(app)
    ask_of(library, "nurses leave the hospital wards at night")
    app.run()
    assert not app.exception
    assert asked(app) == before
    assert "Yours comes second" in shown(app)
    app.session_state["person_name"] = STRANGER
    app.run()
    assert "They know him" not in everything(app), "why somebody chose is not for the next one here"
    assert "Yours comes" not in shown(app)


def test_the_next_situation_is_another_one_and_nothing_is_chosen(library, open_app):
    app = open_app(desk.QUIZ)
    app.session_state["quiz_number"] = 12
    app.session_state["quiz_round"] = None
    app.run()
    seen = [asked(app).situation]
    for _ in range(6):  # the fake encoder answers nothing close to the 15th: it is passed over, and none comes twice
        choose(app, asked(app).best, "They know him")
        press(app, "Next situation")
        assert app.radio(key="quiz_choice").value is None
        assert field(app, "Why this one").value == ""
        seen.append(asked(app).situation)
    assert all(a != b for a, b in pairwise(seen))
    assert len(set(seen)) == 7


def ask_of(library, words, verdict="close"):
    return library.records.asks.add(STRANGER, words, at=library.now, verdict=verdict, facets=[], results=())


def test_a_real_ask_is_put_to_others_only_without_a_name(library, open_app, monkeypatch):
    monkeypatch.setattr("library.evaluation.read_labelled", lambda _: [])
    st.cache_data.clear()
    ask_of(library, "Nurses leave the hospital wards at Greenfield Clinic")
    ask_of(library, "nurses leave the hospital wards at ostravelde")
    app = open_app(desk.QUIZ, person=LEAD)
    assert "answers no situation" in app.info[0].value
    ask_of(library, "nurses leave the hospital wards at night")
    assert asked(open_app(desk.QUIZ, person=REP)).situation == "nurses leave the hospital wards at night"


def test_no_restricted_name_stands_in_a_quiz(library, open_app, monkeypatch):
    restricted = [s for s in library.shelf if s.show_as in {ShowAs.ANONYMISED, ShowAs.INTERNAL}]
    for s in restricted:
        named = tuple(replace(section, text=f"At {s.customer} {section.text}") for section in s.sections)
        monkeypatch.setitem(library.shelf.stories, s.id, replace(s, title=f"{s.title} at {s.customer}", sections=named))
    app, offered = open_app(desk.QUIZ), set()
    for _ in range(12):
        offered |= set(asked(app).stories)
        before = everything(app)
        choose(app, asked(app).ranked[3])
        assert not [s.customer for s in restricted if s.customer in before + everything(app)]
        press(app, "Next situation")
    assert offered & {s.id for s in restricted}, "a name was there to be held back"


def test_a_shelf_that_answers_nothing_says_so(shelf_of, open_app):
    library = shelf_of(make_story(), make_story("draft", status=Status.DRAFT))
    assert "The shelf answers no situation" in open_app(desk.QUIZ, library).info[0].value
