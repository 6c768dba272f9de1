"""Whether notes are known to hold a why, and how long a pipeline takes: python -m benchmarks.pipeline.

tests/deal_notes.jsonl holds labelled notes, half of them to choose the rules on. For the time, made-up deals go through
the real model, beside the bare model on the very texts the search reads, all at once. A deal has one or two situations
of tests/situations.jsonl joined, with a rep's talk around them, under an invented account.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks import settings_for
from benchmarks.speed.shelves import TimedEncoder
from benchmarks.table import table
from library.evaluation import read_labelled
from library.library import Library
from library.pipeline.answers import answers_of, asked_of
from library.pipeline.deals import Deal
from library.pipeline.notes import read_notes
from library.pipeline.table import rows_of
from library.vocabulary import Vocabulary

NOTES = Path("tests/deal_notes.jsonl")
SEED = 11
TALK = (
    "Sent pricing, waiting on legal.",
    "Great call, champion is the CFO.",
    "Next step: demo on Thursday.",
    "LVM x2, no response.",
    "Budget approved. Should close by end of quarter.",
)
INDUSTRIES = ("Healthcare", "Manufacturing", "Banking", "Retail", "Food & Beverage", "Transportation", "")
COUNTRIES = ("Germany", "United Kingdom", "United States", "Norway", "Spain", "")


def made_up(count: int, situations: list[str], today: date) -> list[Deal]:
    """So many deals; one in five has no word about the customer."""
    chance = random.Random(SEED)

    def notes(number: int) -> str:
        talk = chance.sample(TALK, chance.randint(1, 3))
        if number % 5 == 0:
            return " ".join(talk)
        told = [chance.choice(situations) for _ in range(chance.randint(1, 2))]
        return ". ".join([*told, f"Row {number}", *talk])

    return [
        Deal(
            row=number,
            name=f"Deal {number}",
            account=f"Account {number}",
            owner=f"Rep {number % 20}",
            stage="Proposal",
            closes_on=today + timedelta(days=chance.randint(1, 200)),
            amount=float(chance.randint(5, 900) * 1000),
            industry=chance.choice(INDUSTRIES),
            employees=str(chance.randint(20, 9000)),
            country=chance.choice(COUNTRIES),
            notes=notes(number),
        )
        for number in range(1, count + 1)
    ]


def whys(vocabulary: Vocabulary) -> str:
    """How many labelled notes are read rightly, by half."""
    rows = []
    labelled = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()]
    for half in ("choose", "report"):
        notes = [note for note in labelled if note["half"] == half]
        read = [(note, read_notes(note["notes"], vocabulary)) for note in notes]
        silent = [not (one.change or one.pain) for note, one in read if not (note["change"] or note["pain"])]
        heard = [one.change or one.pain for note, one in read if note["change"] or note["pain"]]
        exact = [(one.change, one.pain) == (note["change"], note["pain"]) for note, one in read]
        rows.append([half, *(f"{sum(hits)} of {len(hits)}" for hits in (silent, heard, exact))])
    return table(["notes", "without a why, known", "with one, heard", "which half of it, right"], rows)


def main() -> None:
    """Print how notes are read, then match made-up deals and print what each part of it takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=5000)
    parser.add_argument("--stories", type=Path, default=Path("stories"))
    parser.add_argument("--labels", type=Path, default=Path("tests/situations.jsonl"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profile", action="store_true", help="What takes the time beside the model.")
    options = parser.parse_args()
    encoder = TimedEncoder()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        library = Library(settings_for(options.stories, Path(place)), encoder)
        search, today = library.state.search, library.today
        notes = whys(search.shelf.vocabulary)
        deals = made_up(options.deals, [one.situation for one in read_labelled(options.labels)], today)
        search.embed_reasons([story.id for story in search.shelf.tellable(today)])  # the app does that ahead

        profile = cProfile.Profile()
        encoder.seconds = 0.0
        started = perf_counter()
        if options.profile:
            profile.enable()
        answers = list(answers_of(deals, search, today))
        profile.disable()
        whole, model = perf_counter() - started, encoder.seconds

        started = perf_counter()
        texts = [text for one in asked_of(deals, search.shelf.vocabulary) if (text := one.situation.text)]
        reading = perf_counter() - started
        started = perf_counter()
        encoder.bare.encode(texts, normalize_embeddings=True, show_progress_bar=False)  # which sorts them by length
        bare = perf_counter() - started
        started = perf_counter()
        rows_of(answers, search.shelf, today)
        wording = perf_counter() - started
        library.close()

    told = {
        "deals": len(answers),
        "with words to search": len(texts),
        "seconds": round(whole, 1),
        "deals a second": round(len(answers) / whole, 1),
        "seconds in the model": round(model, 1),
        "seconds reading notes": round(reading, 1),
        "seconds searching and the rest": round(whole - model - reading, 1),
        "seconds for the safe wording of the table": round(wording, 1),
        "bare model, texts a second": round(len(texts) / bare, 1),
        "times the bare model": round(whole / bare, 2),
    }
    if options.json:
        print(json.dumps(told, indent=2))
    else:
        print(notes, end="\n\n")
        print(table(["", "measured"], [[name, str(value)] for name, value in told.items()]))
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
