"""From pasted notes to a published story that Ask finds: a teller and a lead, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import PHONE, box, fits_the_width, in_a_browser, say, settled, sign_in
from tests.test_new_hire_journeys import serious_faults

pytestmark = in_a_browser

TELLER, LEAD = "Priya Nambiar", "Ada Lead"
NOTES = """Call with Ilse Brandt, head of dispatch at Kornwaage Mills, Thursday, bad line
- first thing she said: on 9 March 2026 all 41 vans were out by 4:20 and nobody rang the yard
- told the owner the same morning, with a photo of the empty ramp
- before: picking lists printed at midnight, anything later was shouted across the hall
- six per cent of the crates were wrong, credit notes 31,000 euros a quarter
- night foreman Piet slept on the lists, his wife rang the office at seven to ask where he was
- in November 2025 their biggest chain moved its order cut-off from 18 to 23 o'clock, nobody asked them
- family owned bakery, 340 people, two bakehouses
- looked at a specialist from Ghent and at more macros on the old spreadsheet
- the owner at first: let it ride, wait, the chain will change its mind again
- needed: orders that come in until 23 o'clock at the oven and the ramp without retyping, before Easter 2026
- "You asked to see a bad night. The others asked to see our systems."
- I showed the route screen again, she knows it better than me
- todo: thank-you card
"""
WRITTEN = """## Who
Ilse runs dispatch for a family bakery with 340 people and two bakehouses. She was a baker herself until her back
gave out, and still smells the ovens before anybody rings her about them.
## What changed
In November 2025 the biggest chain they bake for moved its order cut-off from six in the evening to eleven at night.
The letter gave ten weeks. Nobody had asked them, and the ovens had never started later than ten.
## What it cost
Picking lists were printed at midnight, and anything later was shouted across the hall. Six crates in a hundred were
wrong; credit notes came to 31,000 euros a quarter. One morning the wife of Piet, the night foreman, rang at seven
to ask where he was. He was asleep on the lists.
## What they needed
Whatever was ordered until eleven had to be at the oven and on the ramp without anybody typing it again. By Easter
2026, when the volume doubles and the vans leave an hour earlier.
## Why they decided
A specialist from Ghent nearly had it: the owner knew the founder from school. The nephew offered more macros. The
owner himself was for waiting; the chain would change its mind again, it always had. Then Ilse let everybody come at
night. She says it in one breath: “You asked to see a bad night. The others asked to see our systems.”
## The first win
They began with one bakehouse and two lists. On 9 March 2026 all 41 vans were out by 4:20, where five o'clock had
been good, and nobody rang the yard. Credit notes fell from 31,000 to 9,000 euros in the quarter. She told the owner
the same morning, with a photo of the empty ramp.
## Ask
When a customer changes an order after hours, who in your house hears of it first, and where is that written?
"""
BEATS = {part.partition("\n")[0]: " ".join(part.partition("\n")[2].split()) for part in WRITTEN.split("## ") if part}
TITLE = "A supermarket moved its orders to eleven at night"


@pytest.fixture
def lead_page(browser, server, context):
    """The lead's own browser; it is watched with the teller's."""
    opened = browser.new_context(viewport={"width": 1100, "height": 900}).new_page()
    opened.set_default_timeout(60_000)
    yield opened
    opened.context.close()


def go(page, server, path: str, person: str) -> None:
    page.goto(f"{server.url}/{path}")
    sign_in(page, person)


def fill(page, label: str, words: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(words)
    field.blur()
    settled(page)


def choose(page, label: str, option: str) -> None:
    field = page.get_by_role("combobox", name=label, exact=True)
    field.click()
    field.fill(option)
    page.get_by_role("option", name=option, exact=True).first.click()
    page.keyboard.press("Tab")  # Escape would empty the box again
    settled(page)


def step(page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name, exact=True)).first.click()
    settled(page)


def test_a_teller_goes_from_notes_to_a_published_story_that_ask_finds(page, server, lead_page):
    go(page, server, "tell", TELLER)
    page.get_by_role("button", name="From my notes").click()
    fill(page, "Your notes", NOTES)
    page.get_by_role("button", name="Find the parts").click()
    expect(page.get_by_text(re.compile(r"\d+ of 14 sentences belong to a part"))).to_be_visible()
    page.get_by_role("button", name="Put them into the story").click()
    expect(page.get_by_label("What changed", exact=True)).to_have_value(re.compile("moved its order cut-off"))
    expect(page.get_by_label("Why they decided", exact=True)).to_have_value(re.compile("You asked to see a bad night"))

    # What was placed is kept: a reload shows it again.
    page.reload()
    sign_in(page, TELLER)
    expect(page.get_by_label("What changed", exact=True)).to_have_value(re.compile("moved its order cut-off"))
    for heading, words in BEATS.items():
        fill(page, heading, words)
    step(page, "Facts")
    fill(page, "Title", TITLE)
    fill(page, "Customer", "Kornwaage Mills")
    fill(page, "What to call them where the name may not be said", "a 340-person bakery with two bakehouses")
    fill(page, "Heard from", "Ilse Brandt, head of dispatch")
    choose(page, "Industry", "Food manufacturing")
    choose(page, "Roles of those who decided", "Operations director")
    choose(page, "Kind of change", "Customers expect more")
    choose(page, "Who may meet the name", "Only you and the lead; others say the alias")
    choose(page, "How", "call")
    heard_on = page.get_by_test_id("stDateInput").filter(has_text="Heard on")
    heard_on.get_by_role("spinbutton").first.click()
    page.keyboard.type("20261120")
    page.keyboard.press("Tab")
    settled(page)
    step(page, "Check and send")
    expect(page.get_by_role("button", name="Send to the lead")).to_be_enabled()
    page.get_by_role("button", name="Send to the lead").click()
    expect(page.get_by_text("Thank you. It waits for the lead.")).to_be_visible()

    go(lead_page, server, "review", LEAD)
    lead_page.get_by_role("link", name=re.compile("eleven at night")).first.click()
    expect(lead_page.get_by_text("The letter gave ten weeks").first).to_be_visible()
    lead_page.get_by_role("button", name="Publish").click()
    expect(lead_page.get_by_text(re.compile("ublished")).first).to_be_visible()

    page.goto(server.url)
    expect(box(page)).to_be_visible()
    say(page, "A bakery: the supermarket chain lets its shops order until eleven at night, crates go out wrong")
    expect(page.get_by_text(TITLE).first).to_be_visible()
    expect(page.get_by_text("Kornwaage")).to_have_count(0)
    written = (server.stories / "a-supermarket-moved-its-orders-to-eleven-at-night.md").read_text(encoding="utf-8")
    assert "status: published" in written
    assert "told_by: Priya Nambiar" in written


def test_what_is_typed_survives_a_reload_before_the_box_was_left(page, server):
    go(page, server, "tell", "Dev Raman")
    page.get_by_role("button", name="The whole story").click()
    who = page.get_by_label("Who", exact=True)
    expect(who).to_be_visible()
    settled(page)
    who.press_sequentially("Lurdes counts the money and the tins", delay=5)
    page.reload()
    sign_in(page, "Dev Raman")
    expect(page.get_by_label("Who", exact=True)).to_have_value("Lurdes counts the money and the tins")
    expect(page.get_by_text("Everything is kept.")).to_be_visible()
    page.reload()
    sign_in(page, "Dev Raman")
    expect(page.get_by_label("Who", exact=True)).to_have_value("Lurdes counts the money and the tins")


def test_what_is_typed_while_offline_is_kept_when_it_is_online_again(page, server, context):
    go(page, server, "tell", "Tom Vale")
    page.get_by_role("button", name="In 90 seconds").click()
    customer = page.get_by_label("Customer", exact=True)
    expect(customer).to_be_visible()
    settled(page)
    context.set_offline(True)
    customer.press_sequentially("Kornwaage Mills", delay=5)
    expect(page.get_by_text("Kept in this browser until it is online again.")).to_be_visible()
    context.set_offline(False)
    page.reload()
    sign_in(page, "Tom Vale")
    expect(page.get_by_label("Customer", exact=True)).to_have_value("Kornwaage Mills")
    expect(page.get_by_text("Everything is kept.")).to_be_visible()


def test_telling_fits_a_phone(page, server):
    page.set_viewport_size(PHONE)
    go(page, server, "tell", "Sofia Marques")
    assert fits_the_width(page)
    page.get_by_role("button", name="The whole story").click()
    expect(page.get_by_label("Who", exact=True)).to_be_visible()
    for name in ("Notes", "Facts", "Check and send"):
        step(page, name)
        assert fits_the_width(page)


STEPS = "[data-testid=stButtonGroup]"
"""The chosen step, in dark: primary on its own tint, 3.5:1. Streamlit draws it; no colour suits buttons as well."""


def at_rest(page) -> None:
    """Nothing has the focus: Streamlit's own ring of it is not ours."""
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_this_way_has_a_serious_fault_of_access(context, server, scheme):
    page = context.new_page()
    page.emulate_media(color_scheme=scheme)
    go(page, server, "tell", f"Nora {scheme}")
    at_rest(page)
    faults = serious_faults(page, STEPS)
    page.get_by_role("button", name="The whole story").click()
    for name in ("Notes", "Story", "Facts", "Check and send"):
        step(page, name)
        faults += serious_faults(page, STEPS)
    for path in ("review", "look?story=valve-foundry-carbon", "brief?stories=hospital-agency-nurses", "exchange"):
        go(page, server, path, LEAD)
        at_rest(page)
        faults += serious_faults(page, STEPS)
    go(page, server, "credit?person=Hanne%20Bruun", LEAD)
    at_rest(page)
    assert faults + serious_faults(page, STEPS) == []
