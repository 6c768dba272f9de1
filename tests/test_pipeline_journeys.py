"""A Monday with the pipeline in a browser: a file in, stopped and gone on, filtered, one deal opened, taken along."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from library.exchange.tables import table_of
from tests.journeys import PATIENCE, PHONE, fits_the_width, in_a_browser, settled
from tests.test_new_hire_journeys import serious_faults

pytestmark = in_a_browser

EXPORT = Path(__file__).with_name("pipeline_salesforce.csv")


def opened(context, server):
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server.url}/pipeline")
    expect(page.locator("input[type=file]")).to_be_attached()
    settled(page)
    return page


def bring(page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)


def only_with_a_why(page) -> None:
    page.get_by_role("combobox", name="Why").click()
    page.get_by_role("option", name="Change and cost (11)").click()
    page.keyboard.press("Escape")


def matched(page) -> None:
    """The first file waits until the library has read its stories, which a busy machine takes minutes for."""
    expect(page.get_by_text("9 of 27 deals have no why")).to_be_visible(timeout=5 * PATIENCE)


def large(folder: Path) -> Path:
    """More deals than are matched before somebody can press a button: the export, forty times over."""
    with EXPORT.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    with (folder / "large.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        for time in range(40):
            writer.writerows([[*row[:-2], f"{row[-2]} Hall {time}.", row[-1]] for row in rows[1:32]])
    return folder / "large.csv"


def test_a_lead_reviews_a_pipeline_from_file_to_file(context, server, tmp_path):
    page = opened(context, server)
    bring(page, EXPORT)
    matched(page)
    expect(page.get_by_text("27 open deals; left out: 2 closed won, 2 closed lost.")).to_be_visible()
    expect(page.get_by_text("Why was this deal expected to close on 20 November 2026?")).to_be_visible()
    only_with_a_why(page)
    expect(page.get_by_text("11 of 27 deals are shown")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Ravnholt Hospital - Staffing")).to_be_visible()
    expect(page.get_by_role("heading", name="A third of the ward nurses left in two years")).to_be_visible()
    expect(page.get_by_text("Why it fits").first).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    table = table_of("deals.xlsx", Path(download.value.path()).read_bytes())
    assert len(table) == 11
    assert "A third of the ward nurses left in two years" in set(table["Story"])
    assert "Fjordheim" not in table.to_csv(), "a name that may be said, not written"
    page.get_by_role("link", name="Open the story").click()
    expect(page.get_by_role("heading", name="A third of the ward nurses left in two years")).to_be_visible()
    page.get_by_role("link", name="Pipeline").first.click()
    expect(page.get_by_text("11 of 27 deals are shown")).to_be_visible()
    page.get_by_role("button", name="Another file").click()
    expect(page.locator("input[type=file]")).to_be_attached()


def test_a_run_is_cancelled_what_is_done_stays_and_it_goes_on(context, server, tmp_path):
    page = opened(context, server)
    bring(page, large(tmp_path))
    expect(page.get_by_text(re.compile("Reading the notes|of 1080 deals"))).to_be_visible(timeout=5 * PATIENCE)
    page.get_by_role("button", name="Cancel", exact=True).click()  # the upload has a "Cancel upload" of its own
    stopped = page.get_by_text(re.compile(r"Stopped: [\d,]+ of 1080 deals done"))
    expect(stopped).to_be_visible(timeout=5 * PATIENCE)  # the chunk under way is done first
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    expect(stopped).to_be_hidden()
    page.get_by_role("button", name="Another file").click()
    expect(page.locator("input[type=file]")).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_serious_fault_of_access_and_fits_a_phone(context, server, scheme):
    page = opened(context, server)
    page.emulate_media(color_scheme=scheme)
    faults = serious_faults(page)
    bring(page, EXPORT)
    matched(page)
    only_with_a_why(page)
    expect(page.get_by_text("11 of 27 deals are shown")).to_be_visible()
    settled(page)
    faults += serious_faults(page)
    assert not faults
    page.set_viewport_size(PHONE)
    # The table follows the window a moment later.
    narrow = (
        "() => document.querySelector('[data-testid=stDataFrame] canvas').getBoundingClientRect().width <= innerWidth"
    )
    page.wait_for_function(narrow)
    settled(page)
    assert fits_the_width(page)
