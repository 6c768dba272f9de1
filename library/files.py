"""Files put in place in one step, so that a reader sees the old one or the new, and never half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_beside(path: Path, content: bytes) -> Iterator[Path]:
    """A finished file beside the place it is for, on the disk when it is yielded; taken away unless it was moved."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        yield Path(temporary)
    finally:
        Path(temporary).unlink(missing_ok=True)


def put(path: Path, content: bytes) -> None:
    """Put a file in place, over one that is there."""
    with written_beside(path, content) as finished:
        finished.replace(path)


def put_new(path: Path, content: bytes) -> None:
    """Put a file in place where there is none; raises FileExistsError, also for one that came just now."""
    with written_beside(path, content) as finished:
        try:
            # A link fails where the file is there; a rename would write over it.
            os.link(finished, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with path.open("xb") as file:
                file.write(content)
