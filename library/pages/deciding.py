"""One story, or one change, that waits: what is said of it, what differs, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from library.checks.findings import Finding, Verdict
from library.pages import changing, comments, desk, differing, parts, steps, timeline
from library.people import seen_together, words_seen
from library.records.entries import RecordsError
from library.review.differences import differences, facts_of
from library.review.merging import Merge
from library.review.reviewer import Reviewer
from library.review.waiting import Waiting
from library.review.workflow import Step, may_decide, refusal
from library.shelf import ShelfError
from library.story import Story
from library.vocabulary import VocabularyError
from library.wording import day, many

_WEIGHTS = {Verdict.BLOCK: ":red-badge[Must]", Verdict.ADVISE: ":orange-badge[Better]"}


@dataclass(frozen=True)
class Looked:
    """What is looked at: every form the story has, as this person may see them."""

    whole: Story
    """As it would be published, with its names."""
    seen: Story
    forms: tuple[Story, ...]
    """Every form with its names, for what they must not say."""
    published: Story | None = None
    """What a change is held against."""
    mine: Story | None = None
    base: Story | None = None
    by_hand: bool = False
    """Whether somebody changed the file by hand since the change began."""
    file_text: str = ""
    held: Merge | None = None


def show(one: Waiting) -> None:
    """Everything about it, from what it is to what was done."""
    try:
        reviewer = steps.reviewer()
        looked = _looked(reviewer, one)
        findings = reviewer.findings(looked.whole)
    except (ShelfError, VocabularyError, RecordsError) as error:
        st.error(parts.prose(str(error)), icon=":material/error:")
        _take_back(one)
        return
    _head(one, looked)
    if looked.by_hand and looked.base and looked.mine and looked.published:
        _clash(one, looked, looked.base, looked.mine, looked.published)
    if looked.published:
        st.subheader("What changes", anchor=False)
        differing.show(differences(looked.published, looked.seen))
    with _telling(one):
        parts.telling(looked.seen)
    with st.expander("Its facts", icon=":material/fact_check:"):
        for key, value in facts_of(looked.seen).items():
            if value:
                st.markdown(f"**{parts.prose(key.replace('_', ' ').capitalize())}** {parts.prose(value)}")
    blocked = _findings(findings, looked)
    _buttons(reviewer, one, looked, blocked=blocked)
    comments.show(one, looked.forms)
    _history(one, looked)


def _looked(reviewer: Reviewer, one: Waiting) -> Looked:
    if one.proposal is None:
        story = reviewer.story(one.story.id)
        return Looked(story, seen_together(reviewer.person, story)[0], (story,))
    text = reviewer.text(one.story.id)
    held = reviewer.held(one.proposal, text)
    forms = held.base, held.theirs, held.mine, held.story
    base, theirs, mine, wanted = seen_together(reviewer.person, *forms)
    return Looked(held.story, wanted, forms, theirs, mine, base, held.by_hand, text, held)


def _head(one: Waiting, looked: Looked) -> None:
    seen = looked.seen
    st.title(parts.prose(seen.title or "A story without a title"), anchor=False)
    with st.container(horizontal=True, gap="small"):
        kind, icon = ("A change", "edit") if one.proposal else ("A new story", "menu_book")
        st.badge(kind, icon=f":material/{icon}:", color="blue")
        if one.sent_back:
            st.badge("Sent back", icon=":material/undo:", color="orange")
        parts.for_us_only(seen)
    st.markdown(f"**{parts.whose(seen)}**  \n:small[{parts.facts_line(seen, desk.shelf().vocabulary)}]")
    when = f"{', sent back' if one.sent_back else ','} {day(one.since)}" if one.since else ""
    st.caption(parts.prose(f"{'Sent' if one.sent else 'Told'} by {one.person or 'nobody'}{when}"))
    if one.words:
        said = parts.prose(words_seen(desk.viewer(), one.words, *looked.forms))
        if one.sent_back:
            st.warning(f"**What is to be done** {said}", icon=":material/undo:")
        else:
            st.markdown(f"> {said}")


def _clash(one: Waiting, looked: Looked, base: Story, mine: Story, theirs: Story) -> None:
    """The file was changed by hand: what was changed there, both texts, and which shall stand."""
    st.warning(
        "The file was changed by hand since this change was begun. Nothing was overwritten: here are both.",
        icon=":material/call_split:",
    )
    st.subheader("What was changed by hand", anchor=False)
    differing.show(differences(base, theirs))
    differing.side_by_side(mine, theirs)
    both = sorted(looked.held.both) if looked.held else []
    if both:
        places = ", ".join(place.replace("_", " ") for place in both)
        st.caption(parts.prose(f"Both changed: {places}. Taking the change over gives up what the file says there."))
    if one.proposal and not one.sent_back and not may_decide(desk.viewer(), looked.forms[1], one.proposal.person):
        with st.container(horizontal=True):
            st.button(
                "Take the change over",
                icon=":material/merge:",
                key=f"over-{one.key}",
                on_click=_publish_change,
                args=(one, looked.file_text),
                help="Into the file as it stands now; what only the file changed stays.",
            )
            st.button(
                "Keep the file",
                icon=":material/block:",
                key=f"keep-{one.key}",
                on_click=_keep_file,
                args=(one,),
                help="The change is refused, and its history says why.",
            )


def _findings(findings: tuple[Finding, ...], looked: Looked) -> bool:
    """What the checks found, the worst first; says whether anything blocks."""
    told = [f for verdict in (Verdict.BLOCK, Verdict.ADVISE) for f in findings if f.verdict is verdict]
    passed = [f for f in findings if f.verdict is Verdict.PASS]
    st.subheader("Checks", anchor=False)
    for finding in told:
        sentence = words_seen(desk.viewer(), finding.sentence, *looked.forms)
        st.markdown(f"{_WEIGHTS[finding.verdict]} **{parts.prose(finding.check)}** {parts.prose(sentence)}")
    st.caption(f":material/check_circle: {many(len(passed), 'check')} passed")
    return any(f.verdict is Verdict.BLOCK for f in told)


def _telling(one: Waiting) -> st.delta_generator.DeltaGenerator:
    if one.proposal is None:
        st.subheader("The telling", anchor=False)
        return st.container()
    return st.expander("The whole story as it would be", icon=":material/auto_stories:")


def _buttons(reviewer: Reviewer, one: Waiting, looked: Looked, *, blocked: bool) -> None:
    st.subheader("What now?", anchor=False)
    if one.proposal:
        _about_a_change(one, looked, blocked=blocked)
        return
    story, person = looked.whole, reviewer.person
    why = refusal(Step.PUBLISH, person, story, one.person)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not why:
            _publish_button(one, blocked=blocked)
        if not refusal(Step.SEND_BACK, person, story, one.person):
            _with_words("Send back", "undo", one, "What is to be done before it is published?", _send_back)
        if not refusal(Step.WITHDRAW, person, story) and one.belongs_to(person):
            st.button("Take it back", icon=":material/cancel:", key=f"back-{one.key}", on_click=_withdraw, args=(one,))
        if not refusal(Step.SEND, person, story):
            st.button(
                "Send to review again", type="primary", icon=":material/send:", key=f"send-{one.key}",
                on_click=_send, args=(one,),
            )  # fmt: skip
        parts.story_link(story, "Open its page")
    if why and not one.sent_back:
        st.caption(why if person.verifies else "The team lead or a named verifier publishes it.")
    elif blocked and not why:
        st.caption("What is marked “Must” keeps it from being published.")


def _about_a_change(one: Waiting, looked: Looked, *, blocked: bool) -> None:
    person, proposal = desk.viewer(), one.proposal
    assert proposal is not None
    why = may_decide(person, looked.forms[1], proposal.person)
    own = one.belongs_to(person)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not why and not one.sent_back:
            if not looked.by_hand:
                _publish_button(one, blocked=blocked)
            _with_words("Send back", "undo", one, "What is to be done before it is published?", _send_back)
            _with_words("Refuse", "block", one, "Why does the story stay as it is?", _refuse)
        if own:
            st.button("Take it back", icon=":material/cancel:", key=f"back-{one.key}", on_click=_withdraw, args=(one,))
        parts.story_link(one.story, "The story as published")
    if why and not own:
        st.caption(why)
    elif blocked and not why:
        st.caption("What is marked “Must” keeps it from being published.")
    if own and looked.held:
        with st.expander("Change it and send it again", icon=":material/edit:", expanded=one.sent_back):
            changing.answer_form(proposal, looked.held.mine)


def _publish_button(one: Waiting, *, blocked: bool) -> None:
    st.button(
        "Publish",
        type="primary",
        icon=":material/publish:",
        key=f"publish-{one.key}",
        disabled=blocked,
        on_click=_publish,
        args=(one,),
    )


def _with_words(label: str, icon: str, one: Waiting, question: str, step: object) -> None:
    key = f"{label.lower().replace(' ', '-')}-{one.key}"
    with st.popover(label, icon=f":material/{icon}:"):
        st.text_area(question, key=f"{key}-words", height=100, persist_state="session")
        st.button(label, key=key, type="primary", on_click=step, args=(one, f"{key}-words"))  # type: ignore[arg-type]


def _take_back(one: Waiting) -> None:
    """What cannot be shown can still be taken back by its own person."""
    if one.proposal and one.belongs_to(desk.viewer()):
        st.button("Take it back", icon=":material/cancel:", key=f"back-{one.key}", on_click=_withdraw, args=(one,))


def _history(one: Waiting, looked: Looked) -> None:
    try:
        life = desk.library().records.reviews.all(story=one.story.id)
    except RecordsError:
        return
    if life:
        st.subheader("What was done", anchor=False)
        timeline.show(life, *looked.forms)


# --- the clicks --------------------------------------------------------------------------------------------------


def _words(box: str) -> str:
    return str(st.session_state.get(box) or "")


def _publish(one: Waiting) -> None:
    if one.proposal:
        _publish_change(one, "")
    else:
        steps.take(lambda reviewer: reviewer.publish(one.story.id), "Published.")


def _publish_change(one: Waiting, over: str) -> None:
    assert one.proposal is not None
    steps.take(partial(Reviewer.publish_change, proposal=one.proposal, over=over), "Published.")


def _send_back(one: Waiting, box: str) -> None:
    def step(reviewer: Reviewer) -> str | None:
        if one.proposal is None:
            return reviewer.send_back(one.story.id, _words(box))
        reviewer.send_back_change(one.proposal, _words(box))
        return None

    steps.take(step, f"Sent back to {parts.prose(one.person)}.", box)


def _refuse(one: Waiting, box: str) -> None:
    assert one.proposal is not None
    steps.take(partial(Reviewer.refuse_change, proposal=one.proposal, words=_words(box)), "Refused.", box)


def _keep_file(one: Waiting) -> None:
    assert one.proposal is not None
    why = "The file was changed by hand, and stays as it is."
    steps.take(partial(Reviewer.refuse_change, proposal=one.proposal, words=why), "The file stays as it is.")


def _withdraw(one: Waiting) -> None:
    if one.proposal:
        steps.take(partial(Reviewer.withdraw_change, proposal=one.proposal), "Taken back.")
    else:
        steps.take(lambda reviewer: reviewer.withdraw(one.story.id), "Taken back; it is a draft again.")


def _send(one: Waiting) -> None:
    steps.take(lambda reviewer: reviewer.send(one.story.id), "Sent to review.")
