"""The command line: python -m library."""

from __future__ import annotations

import logging

from library.commands import asking, capturing, checking, keeping, matching, measuring, practising, sharing, team
from library.commands.console import app

__all__ = [
    "app",
    "asking",
    "capturing",
    "checking",
    "keeping",
    "matching",
    "measuring",
    "practising",
    "sharing",
    "team",
]

if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    app(prog_name="python -m library")
