"""The Atom feed: well-formed, complete, the same at every run, and safe."""

import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.library import Library
from library.settings import Settings
from library.sharing.feed import ATOM, FeedError, feed, write_feed
from library.shelf import Shelf
from library.story import Health, ShowAs, Status
from tests.helpers import TODAY, FakeEncoder, make_story, write_shelf

NS = {"a": ATOM}
OLD = make_story("old", verified_on=date(2026, 1, 5), title="An old harbour")
NEW = make_story("new", verified_on=date(2026, 11, 1), title="A new harbour")
HEARD = make_story("heard", verified_on=None, heard_on=date(2026, 6, 1), title="A harbour heard of")
SHELF = Shelf({story.id: story for story in (OLD, NEW, HEARD)})


def parsed(shelf: Shelf, **more) -> ET.Element:
    return ET.fromstring(feed(shelf, TODAY, **more))


def each(root: ET.Element, name: str) -> list[str]:
    return [node.text or "" for node in root.findall(f"a:entry/a:{name}", NS)]


def test_the_feed_of_the_shipped_shelf_is_whole_by_rfc_4287(shipped):
    root = parsed(shipped, address="https://stories.example.com")
    entries = root.findall("a:entry", NS)
    assert len(entries) == len(shipped.tellable(TODAY)) > 50
    assert root.tag == f"{{{ATOM}}}feed"
    for node in [root, *entries]:
        for name in ("id", "title", "updated"):
            (one,) = node.findall(f"a:{name}", NS)
            assert one.text
        assert uuid.UUID((node.findtext("a:id", "", NS)).removeprefix("urn:uuid:"))
        assert datetime.fromisoformat(node.findtext("a:updated", "", NS)).tzinfo
    assert root.find("a:author/a:name", NS) is not None
    ids = [root.findtext("a:id", "", NS), *each(root, "id")]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert entry.findtext("a:summary", "", NS)
        assert len(entry.findtext("a:content", "", NS).split()) > 150
        assert (entry.findtext("a:published", "", NS) or "0") <= entry.findtext("a:updated", "", NS)
        assert len(entry.findall("a:link[@rel='alternate']", NS)) == 1
    assert root.findtext("a:updated", "", NS) == max(each(root, "updated"))


def test_the_newest_comes_first_by_the_day_it_was_verified_or_heard():
    root = parsed(SHELF)
    assert each(root, "title") == ["A new harbour", "A harbour heard of", "An old harbour"]
    assert each(root, "updated") == ["2026-11-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-01-05T00:00:00Z"]


def test_ids_stay_over_runs_texts_and_names():
    before = dict(zip(each(parsed(SHELF), "title"), each(parsed(SHELF), "id"), strict=True))
    edited = {s.id: replace(s, customer="Another Name", verified_on=TODAY, tags=()) for s in SHELF}
    after = parsed(Shelf(edited))
    assert dict(zip(each(after, "title"), each(after, "id"), strict=True)) == before
    assert feed(SHELF, TODAY) == feed(SHELF, TODAY)
    assert before["An old harbour"] == "urn:uuid:" + str(
        uuid.uuid5(uuid.UUID("5d0f3a52-3c0b-5c58-9d5e-7d6c0a5f2b11"), "old")
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"show_as": ShowAs.INTERNAL},
        {"status": Status.DRAFT},
        {"status": Status.RETIRED},
        {"expires_on": date(2026, 11, 21)},
        {"health": Health.CHURNED},
    ],
)
def test_what_may_not_be_told_is_not_in_it(changes):
    root = parsed(Shelf({"old": replace(OLD, **changes), "new": NEW}))
    assert each(root, "title") == ["A new harbour"]


def test_an_empty_shelf_is_a_feed_without_entries():
    root = parsed(Shelf({}))
    assert not root.findall("a:entry", NS)
    assert root.findtext("a:updated", "", NS) == "2000-01-01T00:00:00Z"


def test_a_link_is_there_only_where_the_id_gives_nobody_away():
    told = replace(OLD, id="sardinella-quota", show_as=ShowAs.VERBAL)
    text = feed(Shelf({told.id: told, "new": NEW}), TODAY, "https://x.example/")
    told_entry = ET.fromstring(text).findall("a:entry", NS)[1]
    assert told_entry.findtext("a:title", "", NS) == "An old harbour"
    assert "sardinella" not in ET.tostring(told_entry, encoding="unicode").lower()
    assert 'href="https://x.example/story?story=new"' in text


@pytest.mark.parametrize(
    "address", ["stories.example.com", "javascript:alert(1)", "https://", "http://a b", "ftp://x.example"]
)
def test_an_address_that_is_none_is_said(address):
    with pytest.raises(FeedError, match="write where the app is"):
        feed(SHELF, TODAY, address)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40))
def test_any_words_whatever_make_a_well_formed_feed(title, pain, teller):
    story = make_story(title=title, beats={"pain": pain + "<b>&amp;]]>"}, told_by=teller, industry=title, change=teller)
    root = parsed(Shelf({story.id: story}))
    (entry,) = root.findall("a:entry", NS)
    assert entry.findtext("a:title", "", NS)
    assert "<b>&amp;]]>" in entry.findtext("a:content", "", NS)
    assert not entry.findall(".//b")


# --- the file ---


def test_the_file_changes_in_one_step_and_only_when_the_shelf_does(tmp_path):
    file = tmp_path / "feed.xml"
    assert write_feed(feed(SHELF, TODAY), file)
    before = file.stat().st_mtime_ns, file.stat().st_ino
    assert not write_feed(feed(SHELF, TODAY), file)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before
    assert [path.name for path in tmp_path.iterdir()] == ["feed.xml"]


def test_a_file_that_cannot_be_written_is_said_and_leaves_the_old_one(tmp_path):
    with pytest.raises(FeedError, match="found no way to write the feed"):
        write_feed(feed(SHELF, TODAY), tmp_path / "nowhere" / "feed.xml")
    (tmp_path / "folder.xml").mkdir()
    with pytest.raises(FeedError, match="choose another place"):
        write_feed(feed(SHELF, TODAY), tmp_path / "folder.xml")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xml"]


@pytest.fixture
def running(tmp_path):
    stories = write_shelf(tmp_path / "stories", OLD)
    settings = Settings(stories=stories, data=tmp_path / "data", today=TODAY, feed=tmp_path / "feed.xml")
    library = Library(settings, FakeEncoder())
    yield library
    library.close()


def test_the_running_app_keeps_the_feed_in_step_with_the_shelf(running, tmp_path):
    running.sync()
    file = tmp_path / "feed.xml"
    assert each(ET.fromstring(file.read_text()), "title") == ["An old harbour"]
    write_shelf(tmp_path / "stories", NEW)
    running.sync()
    assert each(ET.fromstring(file.read_text()), "title") == ["A new harbour", "An old harbour"]
    file.unlink()
    running.sync()
    assert not file.exists(), "nothing changed, nothing is written"


def test_a_story_whose_time_is_over_leaves_the_feed_on_the_day(tmp_path):
    stories = write_shelf(tmp_path / "stories", OLD, replace(NEW, expires_on=date(2026, 11, 22)))
    days = [TODAY]

    class Daily(Library):
        today = property(lambda self: days[0])  # type: ignore[assignment]

    library = Daily(Settings(stories=stories, data=tmp_path / "data", feed=tmp_path / "feed.xml"), FakeEncoder())
    library.sync()
    assert not library.outdated()
    days[0] = date(2026, 11, 23)
    assert library.outdated()
    library.sync()
    assert each(ET.fromstring((tmp_path / "feed.xml").read_text()), "title") == ["An old harbour"]
    assert not library.outdated()
    library.close()


def test_a_feed_that_cannot_be_written_stops_no_sync(tmp_path, caplog):
    stories = write_shelf(tmp_path / "stories", OLD)
    settings = Settings(stories=stories, data=tmp_path / "data", today=TODAY, feed=tmp_path / "nowhere" / "feed.xml")
    library = Library(settings, FakeEncoder())
    assert len(library.sync().shelf) == 1
    assert "found no way to write the feed" in caplog.text
    assert not library.outdated()
    library.close()
