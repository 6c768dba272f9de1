"""In and out, and thanks, in a browser: a whole shelf in a download, a table once, a word that reaches its teller."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import PHONE, fits_the_width, in_a_browser, settled, sign_in

pytestmark = in_a_browser

TABLE = """id,Account,Sector,Pains,Why us
J1,Nova Trawlers,Fishing,"The nets tore, and eleven boats lay idle for a week.","We mend what we know."
J2,Old Oak,Furniture,"Oak doubled in price, and the saw stood still.","Waiting was free until it was not."
"""


def opened(context, server, address: str, person: str):
    page = context.new_page()
    page.goto(f"{server.url}/{address}")
    sign_in(page, person)
    return page


def files_of(server) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in server.stories.iterdir()}


def test_a_lead_takes_every_file_along_as_it_is(context, server):
    page = opened(context, server, "exchange", "Ada Lead")
    page.get_by_text("Zip of the files").click()
    page.get_by_text("Team leads").click()
    page.get_by_text("Drafts and retired ones too").click()
    expect(page.get_by_text("Every name is in it")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ stories leave\.$"))).to_be_visible()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files_of(server)


def test_a_table_comes_in_once_however_often_one_clicks_or_reloads(context, server, tmp_path):
    before = files_of(server)
    (tmp_path / "wins.csv").write_text(TABLE)
    page = opened(context, server, "exchange?view=in", "Ada Lead")
    page.locator("input[type=file]").set_input_files(tmp_path / "wins.csv")
    button = page.get_by_role("button", name="Bring in 2 stories")
    expect(button).to_be_visible()
    settled(page)
    page.set_viewport_size(PHONE)
    assert fits_the_width(page)
    assert files_of(server) == before
    button.dblclick()
    expect(page.get_by_text("2 stories are in")).to_be_visible()
    page.reload()
    sign_in(page, "Ada Lead")
    expect(page.locator("input[type=file]")).to_be_attached()
    after = files_of(server)
    assert after.keys() - before.keys() == {"story-j1.md", "story-j2.md"}
    assert {name: after[name] for name in before} == before
    for name in after.keys() - before.keys():
        Path(server.stories, name).unlink()


def test_a_reps_thanks_reach_the_teller(context, server):
    page = opened(context, server, "story?story=grid-crews-retire", "Dev Raman")
    page.get_by_role("button", name="Say thanks").click()
    page.get_by_label("A word to who brought it").fill("It opened the door for me")
    page.get_by_test_id("stPopoverBody").get_by_role("button", name="Say thanks").click()
    expect(page.get_by_text("Your thanks are said.").first).to_be_visible()
    theirs = opened(context, server, "credit", "Greta Lindholm")
    expect(theirs.get_by_text("It opened the door for me")).to_be_visible()
    expect(theirs.get_by_text("Dev Raman said thanks")).to_be_visible()
    theirs.set_viewport_size(PHONE)
    assert fits_the_width(theirs)
