"""Check that the locks install with every supported pip: extras that are required must be locked.

pip before 23.3 looks ``name[extra]`` up anew in ``--require-hashes`` mode, without the pin of ``name``. A
lock that drops extras therefore stops installing on the day a newer release comes out. Run this where
``requirements/dev.txt`` is installed: the extras that packages require are read from their metadata.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE = Path(__file__).resolve().parent
PINNED = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[^\]]*\])?==\S+", re.MULTILINE)
ADDRESS = re.compile(r"^\s*(?:--(?:extra-)?index-url|--find-links|-[if])\b|https?://", re.MULTILINE)


def locked(lock: str) -> dict[str, set[str]]:
    """Return the extras that a lock's text names, by canonical package name."""
    pins = map(Requirement, PINNED.findall(lock))
    return {canonicalize_name(pin.name): set(map(canonicalize_name, pin.extras)) for pin in pins}


def problems(lock: str) -> list[str]:
    """Return a sentence for each extra that the lock lacks and for the address of a registry."""
    pins = locked(lock)
    found = [
        f"{name} requires {needed.name}[{extra}]: lock it with that extra (make lock keeps extras)."
        for name, extras in sorted(pins.items())
        for needed in _requirements(name, extras)
        for extra in sorted(map(canonicalize_name, needed.extras))
        if extra not in pins.get(canonicalize_name(needed.name), {extra})
    ]
    return found + (["It holds the address of a registry: remove it."] if ADDRESS.search(lock) else [])


def _requirements(name: str, extras: Iterable[str]) -> Iterator[Requirement]:
    """Yield what an installed package requires on this machine; nothing if it is not installed."""
    try:
        declared = requires(name) or []
    except PackageNotFoundError:
        return
    for needed in map(Requirement, declared):
        if not needed.marker or any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield needed


def main() -> int:
    """Print every problem of both locks; return 1 if there is one."""
    found = [
        f"requirements/{lock.name}: {problem}"
        for lock in sorted(HERE.glob("*.txt"))
        for problem in problems(lock.read_text("utf-8"))
    ]
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
