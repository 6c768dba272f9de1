"""Journeys of the team lead, and of those who are asked for a story, in a real browser with the real model."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from library.records.records import Records
from library.shelf import Shelf
from tests.helpers import make_story, write_shelf
from tests.journeys import PHONE, box, fits_the_width, in_a_browser, say, settled, sign_in

pytestmark = in_a_browser
ASKS = Path(__file__).parent / "asks.jsonl"
DENTAL = "Dental chains, each clinic on its own books"


def lead_at(page, server, path: str) -> None:
    """Open a page as the team lead."""
    page.goto(f"{server.url}/{path}")
    settled(page)
    sign_in(page, "Ada Lead")


def test_a_lead_plans_monday_in_a_few_clicks_and_prints_it(page):
    clicks = []

    def click(role: str, name: str) -> None:
        clicks.append(name)
        page.get_by_role(role, name=name).first.click()

    click("button", "Your name")
    field = page.get_by_role("combobox", name="Your name")
    field.fill("Ada Lead")
    field.press("Enter")
    expect(page.get_by_role("button", name="Ada Lead, team lead")).to_be_visible()
    page.keyboard.press("Escape")
    click("link", "Meeting")
    expect(page.get_by_text("Proposed for you, not saved yet.")).to_be_visible()
    click("button", "Save the agenda")
    expect(page.get_by_text("Saved by Ada Lead.")).to_be_visible()
    with page.expect_download() as download:
        click("button", "Print (PDF)")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    assert len(clicks) < 8

    click("link", "Start the meeting")
    click("button", "Start the clock")
    expect(page.get_by_role("timer")).to_have_text(re.compile("1:5"))
    click("button", "Next story")
    expect(page.get_by_text("story 2 of 3")).to_be_visible()


def test_a_telling_is_logged_in_two_taps_on_a_phone(page):
    page.set_viewport_size(PHONE)
    page.goto(f"{page.url.split('?')[0].rstrip('/')}/story?story=grid-crews-retire")
    sign_in(page, "Dev Raman")

    page.get_by_role("button", name="Told it").click()
    page.get_by_role("button", name="Leaned in").click()
    expect(page.get_by_text("told once by 1 person, leaned in once")).to_be_visible()


def test_what_was_asked_in_vain_becomes_a_story_somebody_brings(page, context, server):
    """Five reps ask, the lead asks one of them for the story, it is written, and the task is done."""
    rows = [json.loads(line) for line in ASKS.read_text(encoding="utf-8").splitlines()]
    words = [row["text"] for row in rows if row["group"] == DENTAL]
    sign_in(page, "Dev Raman")
    for text in words[1:3]:
        say(page, f"{text}, dentists only")  # the two ledgers of a bank would do, but for that
        expect(page.get_by_test_id("stChatMessage").last).to_contain_text("othing")
        page.get_by_role("button", name="New prospect").click()
        expect(page.get_by_role("heading", name="Who are you about to call?")).to_be_visible()
    records = Records.in_file(server.stories.parent / "data" / "records.db")
    for number, text in enumerate([words[0], *words[3:]]):
        records.asks.add(f"Rep {number}", text, at=datetime(2026, 11, 20, 9, tzinfo=UTC), verdict="nothing")
    records.close()

    lead = context.new_page()
    lead_at(lead, server, "shelf")
    group = lead.locator(".st-key-unmet-0")
    expect(group).to_contain_text(re.compile(r"dental|dentist|orthodont", re.IGNORECASE))
    expect(group).to_contain_text("5 asks · by 4 people")
    group.get_by_role("button", name="Ask for a story").click()
    lead.get_by_role("textbox", name="What should it be about?").fill(
        "A chain of dental clinics, each on its own books"
    )
    who = lead.get_by_role("combobox", name="Who brings it")
    who.fill("Dev Raman")
    who.press("Enter")
    settled(lead)
    lead.get_by_role("button", name="Ask", exact=True).click()
    expect(group).to_contain_text("Asked of Dev Raman")

    page.get_by_role("button", name="Dev Raman").click()
    page.get_by_role("link", name="Stories to bring").click()
    expect(page.get_by_text("A chain of dental clinics, each on its own books")).to_be_visible()
    story = make_story(
        "dental-chain",
        title="Thirty dental clinics, thirty sets of books",
        customer="Molar Dental Holding",
        industry="healthcare",
        told_by="Dev Raman",
        tags=("dental chain", "dentists bought up", "separate accounts", "clinic roll-up", "consolidation by hand"),
        beats={
            "who": "Ruta runs finance for a chain of thirty dental clinics.",
            "change": "A fund bought dentist after dentist; each clinic kept its own books.",
            "pain": "Every month she merged thirty trial balances of dental practices by hand.",
        },
    )
    write_shelf(server.stories, story)
    try:
        expect(page.get_by_role("link", name="Thirty dental clinics, thirty sets of books")).to_be_visible()
        expect(page.get_by_text("You are asked for no story")).to_be_visible()
    finally:
        (server.stories / "dental-chain.md").unlink()


def test_a_story_due_for_a_check_is_verified_in_one_click(page, server):
    path = server.stories / "hotels-minimum-wage.md"
    before = path.read_bytes()
    lead_at(page, server, "shelf?view=care")
    expect(page.get_by_role("heading", name="Due for a check (8)")).to_be_visible()
    try:
        page.locator(".st-key-verify-hotels-minimum-wage").get_by_role("button").click()
        expect(page.get_by_role("heading", name="Due for a check (7)")).to_be_visible()
        story = Shelf.read(server.stories).stories["hotels-minimum-wage"]
        assert (str(story.verified_on), story.verified_by) == ("2026-11-22", "Ada Lead")
    finally:
        path.write_bytes(before)
    expect(page.get_by_role("heading", name="Due for a check (8)")).to_be_visible()


def test_the_three_views_are_links_and_their_charts_have_words(page, server):
    lead_at(page, server, "shelf")
    field = page.get_by_test_id("stVegaLiteChart").first
    expect(field).to_be_visible()
    expect(page.get_by_label(re.compile(r"^\d+ stories in \d+ industries")).first).to_be_visible()
    page.get_by_role("radio", name="Week").click()
    expect(page.get_by_text("against the week before")).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=week"))
    page.reload()
    sign_in(page, "Ada Lead")
    expect(page.get_by_text("against the week before")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["shelf", "shelf?view=care", "shelf?view=week", "tasks", "team", "meeting", "run", "history"]
)
def test_the_leads_pages_fit_a_phone(page, server, path):
    page.set_viewport_size(PHONE)
    lead_at(page, server, path)
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert fits_the_width(page), path


def test_what_was_copied_is_recorded_and_said(page, server):
    sign_in(page, "Owen Marsh")
    say(page, "Nurses keep leaving and temp staff cost a fortune at our wards")
    button = page.get_by_role("button", name="Copy the safe version").first
    button.click()
    expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    settled(page)
    expect(box(page)).to_be_visible()
    records = Records.in_file(server.stories.parent / "data" / "records.db")
    asks = [ask for ask in records.asks.since(datetime(2026, 1, 1, tzinfo=UTC)) if ask.person == "Owen Marsh"]
    records.close()
    assert [len(ask.copied) for ask in asks] == [1]
