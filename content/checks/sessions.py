"""Shell sessions for proofs: commands typed in a folder of their own, and what a terminal shows of them.

``experiments`` gives this file to each proof of the kind ``shell`` as the module ``sessions``, with the
name ``shell`` at hand. It runs inside the sandbox, so it needs nothing but the standard library.

    done = shell("git switch -q -c fix", "git branch")
    print(done.printed, done.status, (done.folder / "notes.txt").exists())
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shlex import quote

SETUP = ""
"""Commands that come first in each session: the question's ``setup``."""

GITCONFIG = """\
[user]
\tname = Ana
\temail = ana@example.org
[init]
\tdefaultBranch = main
"""
"""Settings of git in each session: a person who commits, and a name for the first branch."""

NOT_FOUND = 127
"""The status of a shell that doesn't find a program."""

_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "EDITOR": "true",
    "PAGER": "cat",
    "TERM": "dumb",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
"""The language and order of words, and no program that waits for somebody at a terminal."""

_NUMBERS = count(1)


class ProgramNotFoundError(Exception):
    """Error: a program that a session begins with is not installed here. The text is its name."""


class SetupError(Exception):
    """Error: the commands that come first end badly. The text is what they print."""


@dataclass(frozen=True)
class Session:
    """A session that has ended.

    ``printed`` is what a terminal shows of its last commands, errors included, without space at the ends.
    ``status`` is the shell's. ``folder`` is where it began, with what it left there.
    """

    printed: str
    status: int
    folder: Path


def shell(*commands: str) -> Session:
    """Type commands in one bash, in a new folder with what the question's setup makes in it.

    Only what the last of ``commands`` prints is kept. Raises SetupError and ProgramNotFoundError.
    """
    home = Path(f"session-{next(_NUMBERS)}").absolute()
    folder, begun = home / "work", home.with_suffix(".begun")
    folder.mkdir(parents=True)
    (home / ".gitconfig").write_text(GITCONFIG, encoding="utf-8")
    *first, last = commands
    lines = (
        *("set -e", f"eval {quote(SETUP)} >/dev/null", "set +e", f": >{quote(str(begun))}"),
        *(f"eval {quote(each)} >/dev/null 2>&1" for each in first),
        *("exec 2>&1", f"eval {quote(last)}"),
    )
    try:
        done = subprocess.run(  # noqa: S603  running what is shown is its purpose
            ["bash", "-c", "\n".join(lines)],  # noqa: S607
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT, "HOME": str(home), "PWD": str(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise ProgramNotFoundError("bash") from None
    if not begun.exists():
        errors = done.stderr.decode("utf-8", "replace").strip()
        missing = re.search(r"(\S+): command not found$", errors, re.MULTILINE)
        if done.returncode == NOT_FOUND and missing:
            raise ProgramNotFoundError(missing[1])
        raise SetupError(errors)
    printed = done.stdout.decode("utf-8", "replace")
    return Session(_as_typed(printed).strip(), done.returncode, folder)


def _as_typed(printed: str) -> str:
    """Return what a shell prints without the numbers of lines, which it names only in a script."""
    return re.sub(r"^(bash: )(?:eval: )?line \d+: ", r"\1", printed, flags=re.MULTILINE)
