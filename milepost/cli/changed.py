"""Files of a folder that differ from the last commit, as git sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.errors import SetupError

# A repository of somebody else's may name programs that git would run; these two it does not run.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C")


def changed_files(folder: Path) -> frozenset[str]:
    """Return the files in ``folder`` that are new or differ from HEAD, named from ``folder`` with slashes.

    Raises SetupError where there is no git, no repository or no commit yet.
    """
    differing = _names(
        folder, "diff", "--name-only", "--no-ext-diff", "--relative", "-z", "HEAD", "--", "."
    )
    new = _names(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    return differing | new


def _names(folder: Path, *command: str) -> frozenset[str]:
    try:
        done = subprocess.run((*_GIT, folder, *command), capture_output=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        raise SetupError(
            "--changed asks git what has changed, but the folder is in no repository. Leave --changed out."
        ) from None
    return frozenset(done.stdout.decode(errors="surrogateescape").split("\0")) - {""}
