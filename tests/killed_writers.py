"""Three writers at one database, killed at any moment: prints each id a write was acknowledged with.

python -m tests.killed_writers DATABASE KILLS. The parent imports once and forks, so that a new writer starts at once.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime

from library.records.entries import Landed
from library.records.records import Records

WRITERS = 3


def write(url: str, out: int) -> None:
    """Write until killed; an id goes out only after its write returned."""
    records = Records(url)
    now = datetime.now(UTC)
    while True:
        ask = records.asks.add("Priya", "nurses leave", at=now, verdict="close", results=["a-story"])
        os.write(out, f"{ask.id}\n".encode())
        telling = records.tellings.add("Priya", "a-story", at=now, landed=Landed.LEANED_IN)
        os.write(out, f"{telling.id}\n".encode())


def start(url: str) -> tuple[int, int]:
    """A writer's process, and where to read what it acknowledged."""
    read, out = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            write(url, out)
        finally:
            os._exit(1)
    os.close(out)
    return child, read


def main(url: str, kills: int) -> None:
    draw = random.Random(7)
    Records(url).close()
    done = 0
    while done < kills:
        writers = [start(url) for _ in range(WRITERS)]
        first = [os.read(read, 65536) for _, read in writers]
        for (child, read), head in zip(writers, first, strict=True):
            time.sleep(draw.uniform(0, 0.05))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            said = head
            while more := os.read(read, 65536):
                said += more
            os.close(read)
            assert head, "a writer ended by itself"
            # A line without its end was never acknowledged in full.
            sys.stdout.write("".join(f"{line}\n" for line in said.decode().split("\n")[:-1]))
            done += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
