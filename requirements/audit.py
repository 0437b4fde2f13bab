"""Look for known vulnerabilities in what runs, and for licences that were never looked at.

Run this where ``requirements/dev.txt`` is installed. It ends with 1 if a vulnerability is known or a
licence is new. Where the advisories cannot be had it says so: that is no verdict, and not a good one.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from check import locked
from packaging.utils import canonicalize_name

RUN = Path(__file__).with_name("run.txt")
PATIENCE = 120
"""Seconds for all of the advisories; a service that cannot be reached is given up after that."""

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache Software License",
        "Apache-2.0",
        "BSD License",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CNRI-Python",
        "ISC",
        "ISC License (ISCL)",
        "MIT",
        "MIT License",
        "MIT-0",
        "PSF-2.0",
        "Python Software Foundation License",
        "SIL Open Font License 1.1 (OFL-1.1)",
        "Unlicense",
    }
)
READ_BY_HAND = {"resvg_py": "MIT"}
"""Packages whose metadata names no licence, with the licence that their LICENSE file holds."""


def advisories(report: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return a line for each known vulnerability, and a sentence on how much was looked at."""
    known, skipped = [], []
    for package in report["dependencies"]:
        if "skip_reason" in package:
            skipped.append(package["name"])
        known += [
            f"{package['name']} {package['version']}: {each['id']}, fixed in "
            f"{', '.join(each.get('fix_versions', [])) or 'no release yet'}"
            for each in package.get("vulns", [])
        ]
    looked_at = len(report["dependencies"]) - len(skipped)
    if not looked_at:
        return known, "NO VERDICT on vulnerabilities: the advisories could not be had here."
    rest = f" No verdict on {', '.join(skipped)}." if skipped else ""
    return known, f"Vulnerabilities: {len(known)} known in the {looked_at} packages looked at.{rest}"


def unknown_licences(installed: Iterable[Mapping[str, str]]) -> list[str]:
    """Return a sentence for each package with a licence that nobody has looked at."""
    return [
        f"{package['Name']} {package['Version']} has the licence {licence}: read it and add it to ALLOWED."
        for package in installed
        if not _allowed(licence := READ_BY_HAND.get(package["Name"], package["License"]))
    ]


def _allowed(licence: str) -> bool:
    """Every part of ``A AND B`` must be allowed, one of ``A OR B`` suffices."""
    if " OR " in licence:
        return any(map(_allowed, licence.split(" OR ")))
    parts = licence.replace("; ", " AND ").split(" AND ")
    return all(part.strip("() ") in ALLOWED or part in ALLOWED for part in parts)


def _asked(*command: str) -> str:
    """Return what a tool prints; empty if it does not run, or takes too long."""
    try:
        ran = subprocess.run(  # noqa: S603 - our own tools
            [sys.executable, "-m", *command], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return ran.stdout


def main() -> int:
    """Print both verdicts; return 1 if one is bad."""
    pins = sorted(locked(RUN.read_text("utf-8")))
    told = _asked(
        "pip_audit", "--requirement", str(RUN), "--disable-pip", "--format", "json", "--timeout", "10"
    )
    known, verdict = advisories(json.loads(told) if told else {"dependencies": []})
    listed = json.loads(_asked("piplicenses", "--from", "mixed", "--format", "json", "--packages", *pins))
    new = unknown_licences(listed)
    print(*known, verdict, *new, sep="\n")
    print(f"Licences: {len(listed) - len(new)} of {len(pins)} looked at; {_absent(pins, listed)}.")
    return 1 if known or new else 0


def _absent(pins: Iterable[str], listed: Iterable[Mapping[str, str]]) -> str:
    """Name the pinned packages that this machine does not need, and so has no licence of."""
    found = {canonicalize_name(package["Name"]) for package in listed}
    absent = ", ".join(pin for pin in pins if pin not in found)
    return f"not installed here: {absent}" if absent else "all are installed here"


if __name__ == "__main__":
    raise SystemExit(main())
