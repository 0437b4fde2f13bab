"""Check that a release can be made, and make its artefacts: ``python -m tools.release check | dist``.

``check`` reads the version, the changelog and git. ``dist`` builds the sdist, and the wheel from the sdist,
looks into both, installs the wheel in a fresh environment without network and lets it examine itself.
docs/releasing.md has the steps around them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from email.message import Message
from email.parser import Parser
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("adapters", "bot", "content", "milepost", "storage")
NOT_SOURCE = (".*", "__pycache__", "build", "dist", "data", "*.egg-info", "htmlcov")
BESIDE = {"LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "setup.cfg"}
"""Files of the sdist that aren't in a package."""

RELEASED = re.compile(r"^## \[(?P<version>[^\]]+)\] - (?P<date>\d{4}-\d\d-\d\d)$", re.MULTILINE)
UNRELEASED = re.compile(r"^## \[Unreleased\]\n(?P<text>.*?)(?=^## \[|\Z)", re.MULTILINE | re.DOTALL)
VERSION = re.compile(r"\d+\.\d+\.\d+")


class Unfit(Exception):
    """An artefact isn't as it must be. The text says what is wrong."""


def main(arguments: Sequence[str]) -> int:
    """Run the command line. Returns 0 if all is well, else 1, with a sentence for each problem."""
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="whether this commit can be released")
    dist = commands.add_parser("dist", help="build and check the artefacts")
    dist.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for them, emptied first")
    given = parser.parse_args(arguments)
    try:
        found = list(problems(ROOT)) if given.command == "check" else _made(ROOT, given.out)
    except Unfit as error:
        found = [str(error)]
    print(*found, sep="\n", file=sys.stderr, end="\n" if found else "")
    if not found and given.command == "check":
        print(f"{version(ROOT)} can be released. Next: docs/releasing.md, “Build and try it”.")
    return 1 if found else 0


def project(root: Path) -> dict[str, Any]:
    """Return the table ``project`` of pyproject.toml, the only place that states the version."""
    return dict(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"])


def version(root: Path) -> str:
    """Return the version that is, or is to be, released."""
    return str(project(root)["version"])


def problems(root: Path) -> Iterator[str]:
    """Yield a sentence for each reason why this commit can't be released."""
    wanted = version(root)
    if not VERSION.fullmatch(wanted):
        yield f"The version {wanted} in pyproject.toml isn't of the form 1.2.3."
    yield from changelog_problems((root / "CHANGELOG.md").read_text("utf-8"), wanted)
    if _git(root, "status", "--porcelain"):
        yield "There are changes that aren't committed: git status lists them."
    tag, head = f"v{wanted}", _git(root, "rev-parse", "HEAD")
    if _git(root, "tag", "--list", tag) and _git(root, "rev-parse", f"{tag}^{{commit}}") != head:
        yield f"The tag {tag} is on another commit already: choose a new version."


def changelog_problems(changelog: str, wanted: str) -> Iterator[str]:
    """Yield what the changelog lacks: a dated section for ``wanted`` at the top, and nothing above."""
    sections = [(match["version"], match["date"]) for match in RELEASED.finditer(changelog)]
    unreleased = UNRELEASED.search(changelog)
    if unreleased is None:
        yield "CHANGELOG.md has no section [Unreleased]; leave an empty one for what comes next."
    elif unreleased["text"].strip():
        yield f"CHANGELOG.md has lines under [Unreleased]: move them under “## [{wanted}] - <date>”."
    if not sections or sections[0][0] != wanted:
        yield f"The newest release in CHANGELOG.md isn't {wanted}: add “## [{wanted}] - <date>”."
    elif dt.date.fromisoformat(sections[0][1]) > dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1):
        yield f"CHANGELOG.md dates {wanted} on a day to come."


def _git(root: Path, *words: str) -> str:
    """Return what git says, empty if it fails."""
    command = ["git", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout.strip()


def _made(root: Path, out: Path) -> list[str]:
    """Build into ``out``, check and try what was built. Returns what is wrong with it."""
    sdist, wheel = build(root, out)
    found = [*sdist_problems(sdist, root), *wheel_problems(wheel, root)]
    if not found:
        with tempfile.TemporaryDirectory() as home:
            print(trial(install(wheel, Path(home) / "venv"), Path(home)), end="")
        sums = [
            f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (sdist, wheel)
        ]
        (out / "SHA256SUMS").write_text("".join(sums), "utf-8")
        print(f"In {out}:", *sorted(file.name for file in out.iterdir()), sep="\n  ")
    return found


def build(root: Path, out: Path) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from it, from a copy without stale files. Needs no network."""
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "milepost"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_SOURCE))
        _run(
            sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(copy), cwd=out.parent
        )
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


def source_files(root: Path) -> set[str]:
    """Return every file of our packages, as paths from the root."""
    found = (path for package in PACKAGES for path in (root / package).rglob("*"))
    return {
        path.relative_to(root).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


def wheel_problems(wheel: Path, root: Path) -> Iterator[str]:
    """Yield what is wrong with a wheel: it has the files of our packages, and the project's metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
        about = next((name for name in names if name.endswith(".dist-info/METADATA")), None)
        metadata = Parser().parsestr(archive.read(about).decode()) if about else Message()
    ours = {name for name in names if ".dist-info/" not in name}
    yield from _compared(wheel, ours, source_files(root))
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        yield f"{wheel.name} lacks the licence."
    yield from _metadata_problems(wheel, metadata, project(root))


def sdist_problems(sdist: Path, root: Path) -> Iterator[str]:
    """Yield what is wrong with an sdist: it has our packages and what builds them, and nothing else."""
    top = f"milepost-{version(root)}/"
    with tarfile.open(sdist) as archive:
        members = {member.name for member in archive.getmembers() if member.isfile()}
    if strays := sorted(name for name in members if not name.startswith(top)):
        yield f"{sdist.name} has files outside {top}: {', '.join(strays)}."
    names = {name.removeprefix(top) for name in members if ".egg-info/" not in name}
    yield from _compared(sdist, names, source_files(root) | BESIDE)


def _compared(artefact: Path, held: set[str], wanted: set[str]) -> Iterator[str]:
    for what, names in (("lacks", wanted - held), ("has by mistake", held - wanted)):
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield f"{artefact.name} {what} {', '.join(sorted(names)[:5])}{more}."


def _metadata_problems(wheel: Path, metadata: Message, wanted: dict[str, Any]) -> Iterator[str]:
    said = {
        "Name": wanted["name"],
        "Version": wanted["version"],
        "Summary": wanted["description"],
        "License-Expression": wanted["license"],
        "Requires-Python": wanted["requires-python"],
    }
    for name, value in said.items():
        if metadata[name] != value:
            yield f"{wheel.name} states {name} {metadata[name]!r}, not {value!r}."
    if sorted(metadata.get_all("Classifier") or []) != sorted(wanted["classifiers"]):
        yield f"{wheel.name} has other classifiers than pyproject.toml."
    needed = [line for line in metadata.get_all("Requires-Dist") or [] if "extra ==" not in line]
    if len(needed) != len(wanted["dependencies"]):
        yield f"{wheel.name} requires {len(needed)} packages, not {len(wanted['dependencies'])}."
    if addressed := [line for line in needed if "@" in line]:
        yield f"{wheel.name} requires packages by address: {', '.join(addressed)}."


def install(wheel: Path, home: Path) -> Path:
    """Install the wheel in a fresh environment at ``home``, with the dependencies of this one, offline.

    Returns the environment's ``bin``. Nothing of a checkout is importable in it.
    """
    venv.create(home, with_pip=False, symlinks=True)
    pip = (
        "-m",
        "pip",
        "--python",
        str(home / "bin" / "python"),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    )
    _run(sys.executable, *pip, "--no-compile", str(wheel), cwd=home)
    (site,) = home.glob("lib/python*/site-packages")
    # A folder that a .pth names is searched, but the .pth files in it, which make a checkout
    # importable, are not read.
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(paths)))
    return home / "bin"


def trial(programs: Path, folder: Path) -> str:
    """Let an installed Milepost examine itself in a new folder. Returns what it says; raises Unfit."""
    empty = folder / "nowhere"
    empty.mkdir()
    said = _run(str(programs / "milepost"), "doctor", cwd=empty)
    if left := [path.name for path in empty.iterdir()]:
        raise Unfit(f"milepost doctor left files behind: {', '.join(left)}.")
    return said


def _run(*command: str, cwd: Path) -> str:
    """Run a program without this project's settings and paths. Raises Unfit with its words if it fails."""
    cwd.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(
        command, cwd=cwd, env=_clean(os.environ.items()), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise Unfit(f"{' '.join(command)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def _clean(variables: Iterable[tuple[str, str]]) -> dict[str, str]:
    kept = {name: value for name, value in variables if not name.startswith(("MILEPOST_", "PYTHON"))}
    return kept | {"COLUMNS": "200"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
