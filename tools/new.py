"""Write a new platform or a new command: ``python -m tools.new platform matrix``, ``… command hello``.

What is written passes every check at once: it is a copy of ``tools/scaffold`` under the new name.
"""

from __future__ import annotations

import argparse
import builtins
import keyword
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import adapters
from bot.handlers import all_routes

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
MOST = 20
"""Characters of a name: longer ones make lines too long."""


class BadName(Exception):
    """A name that can't be used. The text says why, in one sentence."""


def main(arguments: Sequence[str]) -> int:
    """Run the command line. Returns 0, or 2 for a name that can't be used."""
    parser = argparse.ArgumentParser(prog="python -m tools.new", description=__doc__)
    parser.add_argument("kind", choices=("platform", "command"))
    parser.add_argument("name", nargs="?", default="", help="small letters, digits and hyphens")
    given = parser.parse_args(arguments)
    make = new_platform if given.kind == "platform" else new_command
    try:
        print(make(ROOT, given.name))
    except BadName as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def new_platform(root: Path, name: str) -> str:
    """Write ``adapters/<name>/`` and its place for the contract. Returns what is next; raises BadName."""
    _check(name, "platform", "matrix")
    if "-" in name:
        raise BadName(
            f"“{name}” has a hyphen: a platform's name is a folder of Python, so use letters and digits."
        )
    if (
        name in {*adapters.names(), *adapters.NOT_PLATFORMS, "example"}
        or (root / "adapters" / name).exists()
    ):
        raise BadName(f"adapters/{name} exists already: choose another name.")
    rename = _renamed(
        name,
        {
            "tools.scaffold.example": f"adapters.{name}",
            "from tools.scaffold import": "from adapters import",
        },
    )
    for model in sorted((root / "tools/scaffold/example").glob("*.py")):
        _write(root / "adapters" / name / model.name, rename(model.read_text("utf-8")))
    place = root / f"tests/adapters/contract/on_{name}.py"
    _write(place, rename((root / "tests/tools/scaffold/on_example.py").read_text("utf-8")))
    _put_in_form(root, root / "adapters" / name, place)
    return f"""Wrote adapters/{name}/ and tests/adapters/contract/on_{name}.py. Next:
  make docs                                      its settings and sentences into the docs
  .venv/bin/python -m pytest tests/adapters/contract -k {name}     the contract of every platform, on yours
docs/first-platform.md goes on from here."""


def new_command(root: Path, name: str) -> str:
    """Write a handler with its view and its test, and register it. Returns what is next; raises BadName."""
    _check(name, "command", "hello")
    module = name.replace("-", "_")
    if hasattr(builtins, module):
        raise BadName(f"“{name}” is a word of Python: choose another name.")
    files = {
        "tools/scaffold/handlers/example.py": f"bot/handlers/{module}.py",
        "tools/scaffold/views/example.py": f"bot/views/{module}.py",
        "tests/tools/scaffold/command_example.py": f"tests/bot/handlers/test_{module}.py",
    }
    taken = {each.split()[0] for each in all_routes().commands}
    if name in taken:
        raise BadName(f"There is a command /{name} already: choose another name.")
    if exists := [file for file in files.values() if (root / file).exists()]:
        raise BadName(f"{exists[0]} exists already: choose another name.")
    rename = _renamed(
        module,
        {
            "tools.scaffold.views": "bot.views",
            "/example": f"/{name}",
            'Command("example"': f'Command("{name}"',
        },
    )
    for model, file in files.items():
        _write(root / file, rename((root / model).read_text("utf-8")))
    _register(root, module, name)
    _put_in_form(root, root / "bot/handlers", *(root / file for file in files.values()))
    written = ", ".join(files.values())
    return f"""Wrote {written}, and registered it in bot/handlers/__init__.py. Next:
  make docs                                          the command and its sentences into the docs
  .venv/bin/python -m pytest tests/bot/handlers/test_{module}.py     its test
docs/first-command.md goes on from here."""


def _check(name: str, what: str, such_as: str) -> None:
    if not name:
        raise BadName(f"Say which: make new-{what} NAME={such_as}")
    if not NAME.fullmatch(name) or len(name) > MOST or keyword.iskeyword(name):
        raise BadName(
            f"“{name}” can't be the name of a {what}: use up to {MOST} small letters and digits, "
            f"beginning with a letter, such as {such_as}."
        )


def _renamed(module: str, first: dict[str, str]) -> Callable[[str], str]:
    """Return what replaces the example's names in a text: those in ``first`` as they are, then the rest."""
    camel = "".join(part.capitalize() for part in module.split("_"))
    parts = first | {"EXAMPLE": module.upper(), "Example": camel, "example": module}

    def rename(text: str) -> str:
        for old, new in parts.items():
            text = text.replace(old, new)
        return text

    return rename


def _register(root: Path, module: str, name: str) -> None:
    """Name the handler where all are named, and the command among those that only read."""
    file = root / "bot/handlers/__init__.py"
    text = file.read_text("utf-8")
    text = text.replace("from bot.handlers import (\n", f"from bot.handlers import (\n    {module},\n", 1)
    _write(
        file,
        text.replace(
            "    help,\n    home,\n    leave,\n)", f"    {module},\n    help,\n    home,\n    leave,\n)", 1
        ),
    )
    file = root / "tests/bot/test_routing.py"
    reads = "COMMANDS_THAT_READ = {\n"
    _write(file, file.read_text("utf-8").replace(reads, f'{reads}    "{name}": {{}},\n', 1))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def _put_in_form(root: Path, *paths: Path) -> None:
    """Sort the imports by their new names, and wrap lines anew."""
    names = [str(path) for path in paths]
    for words in (("check", "--quiet", "--fix", "--select", "I"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *words, *names], cwd=root, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
