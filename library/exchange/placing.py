"""Files that are new to a folder of stories: all of them put in place, or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from library.exchange.columns import ExchangeError
from library.files import put_new


def place_new(files: Mapping[Path, bytes], folder: Path) -> list[Path]:
    """Write files into a folder that lacks them; raises ExchangeError, and leaves nothing, where one cannot be.

    What is there by then stays as it is, whoever put it there meanwhile.
    """
    placed: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            _refuse_a_way_out(path, folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            put_new(path, content)
            placed.append(path)
    except BaseException as error:
        for path in placed:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ExchangeError(_why_not(error, list(files)[len(placed)])) from error
        raise
    return placed


def _refuse_a_way_out(path: Path, folder: Path) -> None:
    """A link in the folder of stories may lead anywhere; nothing is written through one."""
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise ExchangeError(
            f"{path.parent.name} is a link out of the folder of stories; take it away, and try again. "
            "Nothing was written."
        )


def _why_not(error: OSError, path: Path) -> str:
    if isinstance(error, FileExistsError):
        return f"{path.name} came into the folder just now; nothing was written. Look again, and try again."
    return f"{path.name}: found no way to save it ({error.strerror or error}); nothing was written."
