"""Put releases of a program next to each other and switch between them."""

import argparse
import os
import pathlib
import shutil
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
    current = pathlib.Path(base, "current")
    return current.readlink().name if current.is_symlink() else None


def deploy(base, source, name, check=lambda folder: True):
    """Copy the folder `source` to a new release and make it live."""
    if not name or name.startswith(".") or pathlib.PurePath(name).name != name:
        raise Refused(f"{name!r} isn't a name for a release")
    folder = pathlib.Path(base, "releases")
    if (folder / name).exists():
        raise Refused(f"{name} is there already")
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(source, part, symlinks=True)
        _link_shared(pathlib.Path(base, "shared"), part)
        if not check(part):
            raise Refused(f"{name} failed its check")
        part.rename(folder / name)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _switch(base, name)


def _link_shared(shared, part):
    for each in shared.iterdir() if shared.exists() else ():
        place = part / each.name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
        place.symlink_to(pathlib.Path("..", "..", "shared", each.name))


def _switch(base, name):
    new = pathlib.Path(base, ".current.new")
    new.unlink(missing_ok=True)
    new.symlink_to(pathlib.Path("releases", name))
    os.replace(new, pathlib.Path(base, "current"))


def roll_back(base):
    """Make the newest release live that is older than the live one. Raise Refused if there is none."""
    now = live(base)
    older = [name for name in releases(base) if now is not None and name < now]
    if not older:
        raise Refused("there is no older release")
    _switch(base, older[-1])


def tidy(base, keep):
    """Delete old releases: `keep` of the newest stay, and so does the live one."""
    names = releases(base)
    for name in names[: max(len(names) - keep, 0)]:
        if name != live(base):
            shutil.rmtree(pathlib.Path(base, "releases", name))


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
    try:
        if options.command == "deploy":
            deploy(options.base, options.source, options.name)
        elif options.command == "rollback":
            roll_back(options.base)
        else:
            print(
                *(
                    f"{name} (live)" if name == live(options.base) else name
                    for name in releases(options.base)
                ),
                sep="\n",
            )
    except (Refused, OSError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
