"""The search held against what a team would use instead: python -m benchmarks.quality, python -m benchmarks.speed."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

from library.settings import Settings

DAY = date(2026, 11, 22)
"""The day the labels were written for: the same stories are tellable in every run. LIBRARY_TODAY sets another."""


def settings_for(stories: Path, data: Path) -> Settings:
    """Everything as set for the library, but on these folders and that day."""
    given: dict[str, Any] = {"stories": stories, "data": data}
    if "LIBRARY_TODAY" not in os.environ:
        given["today"] = DAY
    return Settings(**given)
