"""One commit for one change of a story, where the folder lies in a git work tree and the team wants it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SECONDS = 30
"""A hook that takes longer is given up: the file is written anyway."""


def commit(path: Path, message: str, author: str) -> str:
    """Commit this one file, and nothing else that is staged; a sentence where that failed, else nothing.

    A folder that git does not keep, a file it ignores, and a file that is as it was committed, are left alone.
    """
    git = shutil.which("git")
    if git is None:
        return "The story is written. There is no git on this machine, so it was not committed."
    repository = _Git(git, path)
    try:
        if repository.run("rev-parse", "--is-inside-work-tree").stdout.strip() != "true":
            return ""
        if repository.succeeds("check-ignore", "--quiet", "--", path.name):
            return ""
        if not repository.run("status", "--porcelain", "--", path.name).stdout.strip():
            return ""
        return _committed(repository, message, author)
    except (OSError, subprocess.SubprocessError, UnicodeError) as error:
        cause = "it took too long" if isinstance(error, subprocess.TimeoutExpired) else type(error).__name__
        return f"The story is written, but git did not take it: {cause}."


def _committed(repository: _Git, message: str, author: str) -> str:
    new = not repository.succeeds("ls-files", "--error-unmatch", "--", repository.name)
    if new:  # git commits by path only what it knows
        repository.run("add", "--intent-to-add", "--", repository.name)
    environment = {} if repository.succeeds("var", "GIT_COMMITTER_IDENT") else _ourselves()
    words = "--quiet", "--message", message, "--author", _identity(author), "--", repository.name
    taken = False
    try:
        done = repository.run("commit", *words, **environment)
        taken = done.returncode == 0
    finally:
        if new and not taken:
            repository.run("reset", "--quiet", "--", repository.name)
    if taken:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines()
    cause = said[-1].strip().rstrip(".") if said else f"it ended with {done.returncode}"
    return f"The story is written, but git did not take it: {cause}."


class _Git:
    """Git in the folder of one file; no shell, no question at a terminal."""

    def __init__(self, git: str, path: Path) -> None:
        self._git, self._folder, self.name = git, path.parent, path.name

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(  # noqa: S603 - no shell, and every path stands after --
            [self._git, "--literal-pathspecs", *words],
            cwd=self._folder,
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        with process:
            try:
                said, complained = process.communicate(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.terminate()  # not kill: git takes its lock away when it is asked to end
                process.wait(_SECONDS)
                raise
        return subprocess.CompletedProcess(words, process.returncode, said, complained)

    def succeeds(self, *words: str) -> bool:
        return self.run(*words).returncode == 0


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    # Who starts the app from a hook hands its repository down: ours is the one the story lies in.
    named = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"}
    inherited = {key: value for key, value in os.environ.items() if key not in named}
    return {**inherited, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8", **more}


def _ourselves() -> dict[str, str]:
    """Who commits where nobody told git who this machine is."""
    return {"GIT_COMMITTER_NAME": "Why They Bought", "GIT_COMMITTER_EMAIL": "library@localhost"}


def _identity(name: str) -> str:
    said = " ".join("".join(letter for letter in name if letter.isprintable() and letter not in "<>").split())
    return f"{said.strip(' .,:;') or 'Somebody'} <>"
