"""A cold start in a real browser: from the server's start to the first page drawn, and to the first answer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = "--no-sandbox --disable-gpu --disable-background-networking --disable-sync --no-first-run".split()
QUESTION = "Their ward nurses keep leaving and agency shifts eat the budget"


@dataclass(frozen=True)
class Start:
    """Seconds from the server's start."""

    listening: float
    """Until the server answers; the person comes then."""
    page: float
    """Until Browse stands there with its first story."""
    visit: float
    """Of these, from when the person comes: what somebody waits for their first page."""
    answer: float
    """Of another start: until a question typed at once has its first story."""


def can_start() -> bool:
    """Whether there is a browser to measure with."""
    return CHROMIUM.exists()


def cold_start(stories: Path, data: Path) -> Start:
    """Start the app twice on a shelf that was built before, and wait like a person."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        warm = browser.new_page()
        warm.goto("about:blank")
        try:
            with Server(stories, data) as server:
                page = browser.new_page()
                came = server.age
                page.goto(f"{server.url}/browse")
                page.get_by_role("heading", name="Browse the shelf").wait_for(timeout=120_000)
                page.get_by_test_id("stPageLink").nth(1).wait_for(timeout=120_000)
                drawn = server.age
            with Server(stories, data) as second:
                page = browser.new_page()
                page.goto(second.url)
                box = page.get_by_test_id("stChatInputTextArea")
                box.fill(QUESTION, timeout=120_000)
                box.press("Enter")
                page.locator("[class*='st-key-card-']").first.wait_for(timeout=120_000)
                return Start(server.listening, drawn, drawn - came, second.age)
        finally:
            browser.close()


class Server:
    """The app as Streamlit serves it, from its start to the end of the block."""

    def __init__(self, stories: Path, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._started = perf_counter()
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        self._process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1", "--server.headless", "true"],
            cwd=ROOT,
            env=environment(stories, data),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.listening = 0.0

    @property
    def age(self) -> float:
        """Seconds since the server was started."""
        return perf_counter() - self._started

    def __enter__(self) -> Server:
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5).close()
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None:
                    raise RuntimeError("The app ended; run streamlit run app.py to see why.") from None
                sleep(0.02)
            else:
                self.listening = self.age
                return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)


def shipped_start(stories: Path) -> Start:
    """The cold start of the shipped shelf, embedded and indexed before."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(shutil.copytree(stories, Path(place, "stories")))
        data = Path(place, "data")
        command = [sys.executable, "-m", "library", "sync"]
        subprocess.run(command, cwd=ROOT, env=environment(folder, data), check=True, stdout=subprocess.DEVNULL)
        return cold_start(folder, data)


def environment(stories: Path, data: Path) -> dict[str, str]:
    """What the app is started with."""
    settings = {"LIBRARY_STORIES": str(stories), "LIBRARY_DATA": str(data), "LIBRARY_TODAY": "2026-11-22"}
    return {**os.environ, **settings}
