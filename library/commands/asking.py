"""Asking: one situation, a talk, a file of situations."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from library import plain
from library.commands.console import AsJson, AsRole, Stories, app, opened, print_json
from library.conversation import Conversation, Talk
from library.match import Verdict
from library.people import Person, Role, display_name
from library.sharing.rights import what_may_be_said


@app.command()
def ask(
    situation: Annotated[str, typer.Argument(help="The prospect's situation, in your own words.")],
    stories: Stories = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many stories at most.")] = 3,
    role: AsRole = Role.REP,
    as_json: AsJson = False,
) -> None:
    """Find the stories for one situation."""
    with opened(stories) as library:
        viewer, search = Person(role=role), library.state.search
        turn = Talk(search, viewer, library.today).say(Conversation(), situation).turns[-1]
        reply = turn.reply
        matches = reply.matches
        if limit != 3 and reply.verdict not in {None, Verdict.NOTHING}:
            found = search.find(turn.situation, library.today, limit)
            matches = tuple(search.match(found, viewer))
        if as_json:
            print_json(plain.answer(turn, matches[:limit], library.state.shelf.vocabulary, library.today))
            return
        print(reply.text)
        for number, match in enumerate(matches[:limit], start=1):
            story = match.story
            print(f"\n{number}. {story.title}  ({match.verdict.label}, {story.minutes:.1f} minutes, {story.id})")
            print(f"   {display_name(story)}")
            print(f"   Why it fits: {match.evidence.sentence}")
            print(f"   In their words: “{story.quote}”" if story.quote else "   No quote.")
            print(f"   Ask: {story.question}" if story.question else "   No question.")
            print(f"   {what_may_be_said(story, library.today)}")
        if reply.asks:
            print(f"\n{reply.asks}")


@app.command()
def chat(
    stories: Stories = None,
    role: AsRole = Role.REP,
    as_json: AsJson = False,
) -> None:
    """Talk to the library: a line in, a reply out; with --json one JSON object a line."""
    with opened(stories) as library:
        talk = Talk(library.state.search, Person(role=role), library.today)
        conversation = Conversation()
        vocabulary = library.state.shelf.vocabulary
        if not as_json and sys.stdin.isatty():
            print("Describe a prospect: what changed for them, and what does it cost them? An empty line ends.")
        for line in sys.stdin:
            if not line.strip():
                if sys.stdin.isatty():
                    break
                continue
            conversation = talk.say(conversation, line)
            turn = conversation.turns[-1]
            if as_json:
                print(json.dumps(plain.turn(turn, vocabulary), ensure_ascii=False), flush=True)
                continue
            print(turn.reply.text)
            for number, match in enumerate(turn.reply.matches, start=1):
                print(f"  {number}. {match.story.title} ({display_name(match.story)}): {match.evidence.sentence}")
            print(turn.reply.asks, end="\n" if turn.reply.asks else "", flush=True)
