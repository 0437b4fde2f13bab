"""A copy of the checkout, in which a test may write, with commands run as a developer types them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.endtoend.running import ROOT, environment

LEFT_OUT = (
    ".git",
    ".venv",
    "__pycache__",
    ".*_cache",
    ".run-*",
    "*.egg-info",
    "build",
    "dist",
    "data",
    "htmlcov",
)


def copied(folder: Path) -> Path:
    """Copy the checkout, with this environment as its ``.venv``. Nothing is installed in it."""
    copy = folder / "milepost"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    (copy / ".venv").symlink_to(sys.prefix)
    return copy


def run(copy: Path, *command: str, code: int = 0, timeout: float = 1200, **settings: str) -> str:
    """Run a command in the copy, which is importable before all else. Returns what it says."""
    ran = subprocess.run(
        command,
        cwd=copy,
        env=environment(PYTHONPATH=str(copy), **settings),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert ran.returncode == code, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr
