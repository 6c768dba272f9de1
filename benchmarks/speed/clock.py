"""Stopwatches, and what a process and a folder take up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.speed.shelves import TimedEncoder


@dataclass(frozen=True)
class Work:
    """Seconds something took, and how many of them were the encoder's."""

    seconds: float
    encoder: float

    @property
    def beside(self) -> float:
        """The seconds that were not the encoder's."""
        return self.seconds - self.encoder


def worked(step: Callable[[], object], encoder: TimedEncoder) -> Work:
    """Run a step; how long it took, and how much of that in the encoder."""
    before, started = encoder.seconds, perf_counter()
    step()
    return Work(perf_counter() - started, encoder.seconds - before)


def timed(step: Callable[[], object]) -> float:
    """Milliseconds."""
    started = perf_counter()
    step()
    return (perf_counter() - started) * 1000


def resident_megabytes() -> float:
    """The memory this process holds now; on systems without /proc the most it ever held."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024
    except OSError:
        import resource  # noqa: PLC0415 - not on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def disk_megabytes(folder: Path) -> float:
    """What the files of a folder take up."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
