"""One commit a change, where a team wants it: that file alone, in the person's name; git's refusal is a sentence."""

import os
import subprocess

import pytest

from library.people import Person, Role
from library.records.records import Records
from library.review import commits
from library.review.commits import commit
from library.review.reviewer import Reviewer
from library.story import Status
from tests.helpers import SARDINES, TODAY, VOCABULARY
from tests.test_records import NOW

TELLER, LEAD = Person("Ines Carvalho"), Person("Ada Lead", Role.LEAD)


@pytest.fixture(autouse=True)
def nobodys_settings(tmp_path, monkeypatch):
    """No git settings but what a test makes."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for key in [key for key in os.environ if key.startswith("GIT_") and key != "GIT_CONFIG_NOSYSTEM"]:
        monkeypatch.delenv(key)


def git(folder, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def story(tmp_path):
    """A story in a folder of a git work tree that holds other people's work too."""
    file = tmp_path / "tree" / "stories" / "sardines.md"
    file.parent.mkdir(parents=True)
    file.write_text(SARDINES, encoding="utf-8")
    git(tmp_path / "tree", "init", "--quiet")
    (tmp_path / "tree" / "other.md").write_text("staged by somebody")
    git(tmp_path / "tree", "add", "other.md")
    return file


def test_only_that_file_is_committed_and_what_is_staged_stays_staged(story):
    assert commit(story, "Publish sardines", "Ines Carvalho") == ""
    assert git(story.parent, "log", "--format=%an|%s") == "Ines Carvalho|Publish sardines"
    assert git(story.parent, "show", "--name-only", "--format=") == "stories/sardines.md"
    assert git(story.parents[1], "status", "--porcelain") == "A  other.md"


@pytest.mark.parametrize("name", ["Zoë <Ünal>", "--amend", "", "<>", "a\nb"])
def test_any_name_is_an_author_and_none_is_an_option(story, name):
    assert commit(story, "Publish sardines", name) == ""
    assert git(story.parent, "rev-list", "--count", "HEAD") == "1"


def test_what_is_as_it_was_committed_is_no_commit(story):
    commit(story, "Publish sardines", "Ines Carvalho")
    assert commit(story, "Publish sardines", "Ines Carvalho") == ""
    assert git(story.parent, "rev-list", "--count", "HEAD") == "1"


def test_a_hook_that_refuses_is_a_sentence_and_the_index_is_as_it_was(story):
    hook = story.parents[1] / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho 'no stories on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)
    assert commit(story, "Publish sardines", "Ines") == (
        "The story is written, but git did not take it: no stories on Fridays."
    )
    assert git(story.parents[1], "status", "--porcelain").split("\n") == ["A  other.md", "?? stories/"]
    assert story.read_text() == SARDINES


def test_a_hook_that_hangs_is_given_up(story, monkeypatch):
    hook = story.parents[1] / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexec sleep 20\n")
    hook.chmod(0o755)
    monkeypatch.setattr(commits, "_SECONDS", 0.5)
    assert "took too long" in commit(story, "Publish sardines", "Ines")
    assert not list((story.parents[1] / ".git").glob("*.lock"))
    assert "?? stories/" in git(story.parents[1], "status", "--porcelain")


def test_a_folder_git_does_not_keep_and_a_file_it_ignores_are_left_alone(story, tmp_path):
    (tmp_path / "loose").mkdir()
    loose = tmp_path / "loose" / "sardines.md"
    loose.write_text(SARDINES)
    assert commit(loose, "Publish sardines", "Ines") == ""
    (story.parents[1] / ".gitignore").write_text("stories/\n")
    assert commit(story, "Publish sardines", "Ines") == ""
    assert git(story.parents[1], "status", "--porcelain").split("\n") == ["A  other.md", "?? .gitignore"]


def test_without_git_on_the_machine_there_is_a_sentence(story, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "no git on this machine" in commit(story, "Publish sardines", "Ines")


@pytest.mark.parametrize("wanted", [True, False])
def test_a_step_is_a_commit_where_the_setting_says_so_and_else_git_is_never_run(story, tmp_path, monkeypatch, wanted):
    ran = []
    real = commits.shutil.which
    monkeypatch.setattr(commits.shutil, "which", lambda name: ran.append(name) or real(name))
    records = Records.in_file(tmp_path / "records.db")
    story.write_text(SARDINES.replace("status: published", "status: review"))
    reviewer = Reviewer(LEAD, story.parent, VOCABULARY, records, NOW, TODAY, git=wanted)
    assert reviewer.publish("sardines") == ""
    assert reviewer.story("sardines").status is Status.PUBLISHED
    assert bool(ran) is wanted
    if wanted:
        assert git(story.parent, "log", "--format=%an|%s") == "Ada Lead|Publish sardines"
    records.close()
