"""Write the digests of today's images behind their tags: ``python deploy/pin.py``, where Docker is.

A tag may name another image tomorrow, a digest never does. Run it again to take newer images of the same
tags, look at the difference, and build.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FILES = (HERE / "compose.yaml", HERE / "Dockerfile")
IMAGE = re.compile(
    r"^(?P<before>\s*image: |FROM )(?P<tag>[\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?", re.MULTILINE
)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def digest(tag: str) -> str:
    """Ask the registry what the tag names now, for all kinds of machines."""
    told = subprocess.run(  # noqa: S603 - tags of ours
        ["docker", "buildx", "imagetools", "inspect", tag, "--format", "{{.Manifest.Digest}}"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    found = told.stdout.strip()
    if told.returncode or not DIGEST.fullmatch(found):
        raise SystemExit(
            f"The digest of {tag} can't be found, so nothing was written: {told.stderr.strip()}"
        )
    return found


def main() -> None:
    """Pin every image of every file, or none."""
    texts = {file: file.read_text("utf-8") for file in FILES}
    tags = {found["tag"] for text in texts.values() for found in IMAGE.finditer(text)}
    digests = {tag: digest(tag) for tag in sorted(tags)}
    for file, text in texts.items():
        pinned = IMAGE.sub(lambda found: f"{found['before']}{found['tag']}@{digests[found['tag']]}", text)
        file.write_text(pinned, "utf-8")
    for tag, found in digests.items():
        sys.stdout.write(f"{tag} is {found}\n")


if __name__ == "__main__":
    main()
