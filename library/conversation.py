"""Talking to the library: words in, a turn out. Plain objects, no page, no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from library.answers import Answer, answer
from library.match import Found, Match, Verdict
from library.people import Person, display_name
from library.search import SHOWN, Search
from library.situation import Facet, Situation, understand
from library.sizes import size_range
from library.turns import (
    asks_about_a_story,
    is_elsewhere,
    is_small_talk,
    is_thanks,
    named_place,
    relative_size,
    starts_again,
    turns_facets,
    wants_more_like,
    wants_others,
)
from library.wishes import Wish


class Kind(StrEnum):
    """What a rep did with a turn."""

    DESCRIPTION = "description"
    REFINEMENT = "refinement"
    FACETS = "facets"
    MORE_LIKE = "more like"
    OTHERS = "others"
    QUESTION = "question"
    NEW = "new prospect"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the library says to a turn."""

    kind: Kind
    text: str
    verdict: Verdict | None = None
    matches: tuple[Match, ...] = ()
    asks: str = ""
    """The one question back, when the change or the pain was not said."""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said, and the reply."""

    said: str
    reply: Reply
    situation: Situation


@dataclass(frozen=True)
class Conversation:
    """A talk about one prospect after another; every turn makes a new one."""

    turns: tuple[Turn, ...] = ()
    situation: Situation = field(default_factory=Situation)
    found: Found | None = None
    shown: tuple[str, ...] = ()
    """The stories shown for this prospect, in order; the last SHOWN are the ones on the table."""
    table: tuple[str, ...] = ()
    """The stories that "the first", "the second" speak of."""
    focus: str = ""
    """The story that "they" speaks of."""
    asked: bool = False
    """Whether the question back was put for this prospect."""

    @property
    def chips(self) -> tuple[Facet, ...]:
        """What was understood, each a chip that can be taken away."""
        return self.situation.facets


class Talk:
    """Answers one person's turns from one library."""

    def __init__(self, search: Search, viewer: Person, today: date) -> None:
        self._search = search
        self._viewer = viewer
        self._today = today
        self._vocabulary = search.shelf.vocabulary

    def say(self, before: Conversation, said: str) -> Conversation:
        """Take a turn."""
        said = said.strip()
        fresh, rest = starts_again(said)
        if fresh:
            before = Conversation(before.turns)
            if not rest:
                return self._plain(before, said, Kind.NEW, "A new prospect. What changed for them?")
            said_now = rest
        else:
            said_now = said
        if is_small_talk(said_now):
            return self._plain(before, said, Kind.TALK, _WELCOME if is_thanks(said_now) else _TALK)
        if is_elsewhere(said_now) and len(said_now.split()) < 12:
            return self._plain(before, said, Kind.TALK, _NOT_A_SITUATION if before.situation.text else _TALK)
        if before.table:
            if wants_others(said_now):
                return self._others(before, said)
            if like := wants_more_like(said_now):
                if story := self._meant(before, like):
                    return self._more_like(before, said, story)
                if named_place(like) is not None:
                    return self._plain(before, said, Kind.MORE_LIKE, self._no_such_place(before))
            if self._is_question(before, said_now):
                return self._question(before, said, said_now)
        return self._search_again(before, said, said_now)

    def without(self, before: Conversation, facet_key: str) -> Conversation:
        """Take a chip away and search again."""
        facet = next((f for f in before.chips if f.key == facet_key), None)
        if facet is None:
            return before
        label = facet.label(self._vocabulary)
        now = replace(before, situation=before.situation.without(facet_key))
        return self._show(now, f"Without “{label}”", Kind.FACETS)

    def corrected(self, before: Conversation, text: str) -> Conversation:
        """Search again with the rep's own wording of what was understood; the chips stay."""
        now = replace(before, situation=replace(before.situation, text=" ".join(text.split())))
        return self._show(now, text, Kind.REFINEMENT)

    # --- turns that search ----------------------------------------------------------------------------------------

    def _search_again(self, before: Conversation, said: str, words: str) -> Conversation:
        heard = understand(words, self._vocabulary)
        if before.situation.text and (size := relative_size(words)):
            heard = self._sized(before, heard, size)
            if not heard.text:
                return self._turn_facets(before, said, heard)
        if before.situation.text and self._turns(heard, words):
            return self._turn_facets(before, said, heard)
        if before.situation.text and self._belongs(before, heard, words):
            alone = self._search.find(Situation(heard.text), self._today, SHOWN)
            if not heard.facets and self._is_far_off(alone):
                return self._plain(before, said, Kind.TALK, _NOT_A_SITUATION)
            now = replace(before, situation=before.situation.and_also(heard))
            return self._show(now, said, Kind.REFINEMENT)
        if heard.asks and not heard.facets and not (heard.change or heard.pain):
            alone = self._search.find(heard, self._today, SHOWN)
            if alone.verdict is Verdict.NOTHING:
                return self._plain(before, said, Kind.TALK, _TALK, Verdict.NOTHING)
        if not before.situation.text and before.situation.facets:
            heard = before.situation.and_also(heard)
        return self._show(Conversation(before.turns, heard), said, Kind.DESCRIPTION)

    def _turn_facets(self, before: Conversation, said: str, heard: Situation) -> Conversation:
        """A wish turned: what is asked for now must hold, and what it replaces is no longer searched for."""
        strict = tuple(
            replace(f, wish=Wish.ONLY) if f.wish is Wish.LEAN and f.kind != "change" else f for f in heard.facets
        )
        situation = before.situation.and_also(replace(heard, text="", facets=strict))
        replaced = {f.said for f in before.situation.facets} - {f.said for f in situation.facets}
        text = situation.text
        for words in sorted(replaced, key=len, reverse=True):
            text = re.sub(rf"(?:\b(?:in|from)\s+(?:the\s+)?)?\b{re.escape(words)}\b", " ", text) if words else text
        return self._show(replace(before, situation=replace(situation, text=" ".join(text.split()))), said, Kind.FACETS)

    def _sized(self, before: Conversation, heard: Situation, direction: int) -> Situation:
        """For "smaller" and "bigger" speak of the story on the table."""
        story = self._search.shelf.get(before.focus)
        low, high = size_range(story.size) if story and story.size else (200, 999)
        value = f"0-{max(low - 1, 49)}" if direction < 0 else f"{min(high + 1, 5000)}-"
        facet = Facet("size", value, Wish.ONLY, "smaller" if direction < 0 else "bigger")
        return replace(heard, text="", facets=(*(f for f in heard.facets if f.kind != "size"), facet))

    def _belongs(self, before: Conversation, heard: Situation, words: str) -> bool:
        """Whether the words go on about the same prospect: short, joined on, or an answer to the question back."""
        if before.turns and before.turns[-1].reply.asks:
            return True
        joined = re.match(
            r"(?:and|also|but|plus|their|they|he|she|it|the|actually|oh|besides|on top|btw|with)\b", words, re.I
        )
        industries = {f.value for f in heard.facets if f.kind == "industry"}
        known = {f.value for f in before.situation.facets if f.kind == "industry"}
        other_trade = bool(industries and known and not industries & known)
        length = len(words.split())
        return (bool(joined) and length < 25) or (length < 12 and not other_trade)

    def _show(self, now: Conversation, said: str, kind: Kind) -> Conversation:
        situation = now.situation
        found = self._search.find(situation, self._today)
        ids = self._search.diverse(found, SHOWN) if found.verdict is not Verdict.NOTHING else []
        matches = self._matches(found, ids)
        asks = "" if now.asked else _question_back(situation, found.verdict)
        reply = Reply(kind, self._words_for(found, matches), found.verdict, matches, asks)
        return Conversation(
            (*now.turns, Turn(said, reply, situation)),
            situation,
            found,
            tuple(ids),
            tuple(ids) or now.table,
            ids[0] if ids else now.focus,
            now.asked or bool(asks),
        )

    def _others(self, before: Conversation, said: str) -> Conversation:
        found = before.found or self._search.find(before.situation, self._today)
        ids = self._search.diverse(found, SHOWN, leave_out=before.shown)
        if not ids:
            return self._plain(
                before, said, Kind.OTHERS, "That is all the shelf has for this. Say more about them, or browse."
            )
        matches = self._matches(found, ids)
        reply = Reply(Kind.OTHERS, f"{_count(len(matches))} more, less close.", Verdict.NEAREST, matches)
        return self._with(before, said, reply, ids)

    def _more_like(self, before: Conversation, said: str, story_id: str) -> Conversation:
        found = self._search.like(story_id, before.situation, self._today)
        ids = [story for story in found.stories if story not in before.shown][:SHOWN]
        title = self._search.seen(story_id, self._viewer).title
        if not ids:
            return self._plain(before, said, Kind.MORE_LIKE, f"Nothing else on the shelf is like “{title}”.")
        matches = self._matches(found, ids)
        reply = Reply(Kind.MORE_LIKE, f"{_count(len(matches))} most like “{title}”.", found.verdict, matches)
        return self._with(before, said, reply, ids)

    # --- turns that do not ----------------------------------------------------------------------------------------

    @staticmethod
    def _turns(heard: Situation, words: str) -> bool:
        """Whether the words say nothing but which facets are wished."""
        named = [facet.said for facet in heard.facets if facet.kind != "change"]
        return bool(named) and (
            turns_facets(words, named) or (not heard.text and all(facet.kind != "change" for facet in heard.facets))
        )

    def _is_question(self, before: Conversation, words: str) -> bool:
        if not asks_about_a_story(words) or self._turns(understand(words, self._vocabulary), words):
            return False
        return not (before.turns[-1].reply.asks and not words.rstrip().endswith("?"))

    def _question(self, before: Conversation, said: str, words: str) -> Conversation:
        story_id = self._meant(before, words)
        if not story_id and named_place(words) is not None:
            return self._plain(before, said, Kind.QUESTION, self._no_such_place(before))
        story_id = story_id or before.focus
        match = self._search.seen(story_id, self._viewer)
        given = answer(words, match, self._search.sentence_likeness, self._vocabulary, self._today)
        name = display_name(match)
        text = (
            f"{name[:1].upper()}{name[1:]}: {given.text}"
            if given.said
            else f"{name[:1].upper()}{name[1:]}: the story does not say."
        )
        reply = Reply(Kind.QUESTION, text, answer=given)
        turns = (*before.turns, Turn(said, reply, before.situation))
        return replace(before, turns=turns, focus=story_id)

    def _plain(
        self, before: Conversation, said: str, kind: Kind, text: str, verdict: Verdict | None = None
    ) -> Conversation:
        return replace(before, turns=(*before.turns, Turn(said, Reply(kind, text, verdict), before.situation)))

    @staticmethod
    def _no_such_place(before: Conversation) -> str:
        there = len(before.table)
        return "There is only one story on the table." if there == 1 else f"There are {there} stories on the table."

    def _matches(self, found: Found, ids: Sequence[str]) -> tuple[Match, ...]:
        """The matches of these stories, in the order given."""
        matches = self._search.match(found, self._viewer, ids)
        return tuple(sorted(matches, key=lambda match: ids.index(match.story.id)))

    def _with(self, before: Conversation, said: str, reply: Reply, ids: Sequence[str]) -> Conversation:
        return replace(
            before,
            turns=(*before.turns, Turn(said, reply, before.situation)),
            shown=(*before.shown, *ids),
            table=tuple(ids),
            focus=ids[0],
        )

    def _meant(self, before: Conversation, words: str) -> str:
        """The story on the table that the words point at: by place, by trade, or by a word of its title."""
        place = named_place(words)
        if place is not None:
            return before.table[place] if -len(before.table) <= place < len(before.table) else ""
        industries = {m.term.id for m in self._vocabulary.mentions(words) if m.term.kind == "industry"}
        for story_id in before.table:
            story = self._search.shelf.stories[story_id]
            covered = {i for wide in industries for i in self._vocabulary.covers("industry", wide)}
            if story.industry in covered:
                return story_id
        said = {w for w in re.findall(r"[a-z]{5,}", words.lower()) if w not in _TITLE_STOP}
        for story_id in before.table:
            story = self._search.shelf.stories[story_id]
            if said & set(re.findall(r"[a-z]{5,}", f"{story.title} {story_id}".lower())):
                return story_id
        return before.focus if re.search(r"\b(?:it|that|this|them|they|one)\b", words, re.I) else ""

    # --- words ----------------------------------------------------------------------------------------------------

    def _words_for(self, found: Found, matches: tuple[Match, ...]) -> str:
        if found.verdict is Verdict.CLOSE:
            close = sum(match.verdict is Verdict.CLOSE for match in matches)
            return "One story comes close." if close == 1 else f"{_count(close)} stories come close."
        if found.verdict is Verdict.NEAREST:
            return "Nothing fits closely. This is the nearest we have."
        if found.held_back_by:
            wishes = " and ".join(f"“{facet.label(self._vocabulary)}”" for facet in found.held_back_by)
            it = "it" if len(found.held_back_by) == 1 else "one of them"
            return f"Nothing on the shelf fits under {wishes}. Take {it} away to see what else there is."
        if not found.situation.text and found.situation.facets:
            return "Noted. What changed for them, and what does it cost them?"
        return "Nothing on the shelf fits. That is a gap worth telling your team lead."

    @staticmethod
    def _is_far_off(found: Found) -> bool:
        return found.verdict is Verdict.NOTHING and (not found.ranked or found.ranked[0][1] < _FAR_OFF)


_FAR_OFF = 0.33
_TALK = "Tell me about a prospect: what changed for them, and what does it cost them?"
_WELCOME = "You are welcome. Ask on about these, or say “new prospect”."
_NOT_A_SITUATION = "That does not sound like a prospect's situation, so I kept what you said before."
_TITLE_STOP = frozenset(
    "story about which their there first second third would could other stories similar before after since while "
    "during again".split()
)


def _question_back(situation: Situation, verdict: Verdict) -> str:
    if verdict is Verdict.CLOSE or not situation.missing:
        return ""
    if len(situation.missing) == 2:
        return "What changed for them, and what does it cost them?"
    return {"change": "What changed for them?", "pain": "And what does it cost them to stay as they are?"}[
        situation.missing[0]
    ]


def _count(number: int) -> str:
    return {0: "No", 1: "One", 2: "Two", 3: "Three"}.get(number, str(number))
