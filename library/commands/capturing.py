"""Capture from a shell: notes of a conversation, sentence by sentence, with the beat each seems to belong to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from library.capture.notes import note_sentences
from library.capture.propose import by_meaning, propose
from library.commands.console import AsJson, Stories, app, fail, opened, print_json, sentences
from library.documents import read_document

_NAMES = 12


@app.command(name="propose")
def propose_beats(
    notes: Annotated[Path, typer.Argument(help="Notes or a transcript: .txt, .md, .docx, .pdf, .vtt, .srt.")],
    stories: Stories = None,
    as_json: AsJson = False,
) -> None:
    """Which beat of a story does each sentence of these notes belong to, if any? Not a word is changed."""
    with sentences():
        try:
            text = read_document(notes.name, notes.read_bytes())
        except OSError as error:
            fail(f"{notes}: found no way to open it ({(error.strerror or 'unknown').lower()}).")
    with opened(stories) as library:
        meaning = library.state.search.meaning
        proposals = propose(note_sentences(text), meaning)
        meant = by_meaning(meaning)
    if as_json:
        print_json(
            {
                "by_meaning": meant,
                "sentences": [
                    {
                        "text": proposal.sentence.text,
                        "speaker": proposal.sentence.speaker,
                        "beat": proposal.beat,
                        "sure": round(proposal.sure, 2),
                    }
                    for proposal in proposals
                ],
            }
        )
        return
    for proposal in proposals:
        print(f"{proposal.beat or '-':{_NAMES}}{proposal.sentence.text}")
    if not meant:
        print("Placed by the words alone: the model these weights were fitted on is not loaded.")
