"""Put releases of a program next to each other and switch between them.

    BASE/releases/20261129-1015/   the files of one release
    BASE/shared/                   what all releases use: uploads, a database, settings
    BASE/current                   a link to the release that is live

Run it with: python release.py deploy BASE SOURCE NAME, python release.py rollback BASE,
python release.py list BASE
"""

import argparse
import pathlib
import sys


class Refused(Exception):
    """Nothing was changed; the text says why."""


def releases(base):
    """Return the names of the complete releases, the oldest first. Names sort by age."""
    folder = pathlib.Path(base, "releases")
    if not folder.exists():
        return []
    return sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))


def live(base):
    """Return the name of the release that `current` leads to, or None before the first deployment."""
    raise NotImplementedError


def deploy(base, source, name, check=lambda folder: True):
    """Copy the folder `source` to a new release and make it live.

    In this order: copy to a folder in releases that begins with a dot; link everything in BASE/shared
    into it, in place of anything with the same name; call `check` with its path; give it its name;
    switch `current`. If the check returns a false value, raise Refused. Whatever goes wrong, the
    half-made release disappears and `current` stays as it was.
    """
    raise NotImplementedError


def roll_back(base):
    """Make the newest release live that is older than the live one. Raise Refused if there is none."""
    raise NotImplementedError


def tidy(base, keep):
    """Delete old releases: `keep` of the newest stay, and so does the live one."""
    raise NotImplementedError


def main(arguments=None):
    """Run the command line and return its exit status: 0, or 1 if it was refused."""
    parser = argparse.ArgumentParser(prog="release")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, needs in {
        "deploy": ("base", "source", "name"),
        "rollback": ("base",),
        "list": ("base",),
    }.items():
        command = commands.add_parser(name)
        for each in needs:
            command.add_argument(each)
    options = parser.parse_args(arguments)
    if options.command == "list":
        print(*releases(options.base), sep="\n")
        return 0
    raise NotImplementedError


if __name__ == "__main__":
    sys.exit(main())
