"""A zip that comes in: what is new in it, what is here, what is here with other words, and the button."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from library.pages import desk, hand, parts, steps
from library.shelf import stamp
from library.wording import many

if TYPE_CHECKING:
    from library.exchange.bundle import Bundle


def show(mine: hand.InHand, bundle: Bundle) -> None:
    """The zip on its way in."""
    from library.exchange.arriving import compared, take_in  # noqa: PLC0415 - pandas takes a second

    folder = desk.library().settings.stories
    seen = stamp(folder)
    if mine.held is None or mine.held[0] != seen:
        with st.spinner("Looking what is here already"):
            mine.held = seen, compared(bundle, folder)
    arriving = mine.held[1]
    statuses = Counter(story.status for story in arriving.stories)
    as_what = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    if as_what:
        st.markdown(f"They come in as they are in the zip: {as_what}.")
    if arriving.same:
        verb = "is" if len(arriving.same) == 1 else "are"
        st.markdown(f":material/check: {many(len(arriving.same), 'story', 'stories')} {verb} here already.")
    if arriving.vocabulary is not None:
        st.markdown(":material/dictionary: The team’s own vocabulary comes in too.")
    for clash in arriving.clashes[: hand.LINKED]:
        with st.expander(f"{clash.id} is here with other words, and stays as it is", icon=":material/difference:"):
            st.caption("Lines that begin with - are here; those with + are in the zip.")
            st.code("\n".join(clash.difference), language="diff", wrap_lines=True)
    _left_out(arriving.left_out)
    hand.preview(arriving.stories)
    if not hand.says_yes(mine, len(arriving.fresh)):
        return
    with st.spinner("Writing the stories"):  # nothing in here lets a second click in before all of it is done
        written = take_in(arriving, folder)
        kept = [f"{clash.id} stayed as it is here; the zip has other words." for clash in arriving.clashes]
        mine.outcome = hand.Outcome(tuple(path.stem for path in written), (*kept, *arriving.left_out))
        steps.catch_up()


def _left_out(sentences: Sequence[str]) -> None:
    if sentences:
        with st.expander(f"Left out ({len(sentences)})", icon=":material/block:"):
            for sentence in sentences[: hand.LINKED]:
                st.markdown(parts.prose(sentence))
            if len(sentences) > hand.LINKED:
                st.caption(f"And {len(sentences) - hand.LINKED} more.")
