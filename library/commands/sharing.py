"""Sharing: the brief that is taken to a call, and the feed of the shelf."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from library.commands.console import Stories, app, fail, sentences, settings_for
from library.shelf import Shelf

_FORMS = (".md", ".txt", ".pdf", ".docx")


@app.command()
def brief(
    chosen: Annotated[list[str], typer.Argument(metavar="STORY...", help="The ids of one to three stories.")],
    words: Annotated[str, typer.Option("--for", help="The prospect's change and pain, in your words.")] = "",
    prospect: Annotated[str, typer.Option(help="The prospect's name, for the head of the paper.")] = "",
    stories: Stories = None,
    out: Annotated[Path | None, typer.Option(help="The .md, .txt, .pdf or .docx to write; else the screen.")] = None,
) -> None:
    """Write what to take to a call: cue cards in safe wording, what may be said, what not to claim."""
    from library.sharing import documents  # noqa: PLC0415 - Word and PDF take a moment to load
    from library.sharing.callbrief import call_brief, their_words  # noqa: PLC0415

    ending = out.suffix.lower() if out else ".md"
    if ending not in _FORMS:
        fail(f'{out}: found the ending "{ending}"; write one of {", ".join(_FORMS)}.')
    settings = settings_for(stories)
    with sentences():
        shelf = Shelf.read(settings.stories)
        missing = [story for story in chosen if shelf.get(story) is None]
        if missing:
            fail(f"There is no story {missing[0]} in {settings.stories}; its id is its file's name without .md.")
        taken = [shelf.stories[story] for story in chosen]
        made = call_brief(taken, settings.day, their_words(words, shelf.vocabulary), prospect)
        if out is None:
            print(documents.markdown(made), end="")
            return
        if ending in {".pdf", ".docx"}:
            out.write_bytes(documents.pdf(made) if ending == ".pdf" else documents.word(made))
        else:
            text = documents.markdown(made) if ending == ".md" else documents.plain_words(made)
            out.write_text(text, encoding="utf-8")
    print(f"The call brief is in {out}.")


@app.command("feed")
def feed_(
    file: Annotated[Path, typer.Argument(help="The .xml to write.")],
    stories: Stories = None,
    address: Annotated[str, typer.Option(help="Where the app is found, for links: https://...")] = "",
) -> None:
    """Write the stories that may be told as an Atom feed, in safe wording, newest first."""
    from library.sharing.feed import feed, write_feed  # noqa: PLC0415

    settings = settings_for(stories)
    with sentences():
        shelf = Shelf.read(settings.stories)
        changed = write_feed(feed(shelf, settings.day, address or settings.address), file)
    told = len(shelf.tellable(settings.day))
    print(f"{told} stories in {file}{'' if changed else ', as before'}.")
