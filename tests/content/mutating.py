"""Spoils files of a real pack by chance, repeatably: bytes, lines, values, and kinds of files."""

import os
import random
import shutil

import yaml

from content.checks import write_lock
from content.checks.yaml_source import SourceError, parse_source
from content.loader import load_pack, shipped_packs_folder

TOPICS = ("variables", "sql")
"""Topics of the shipped pack whose files are spoilt: two suffice, and load in a few milliseconds."""

TOKENS = (
    *(
        "&a",
        "*a",
        "<<: *a",
        "!!python/object:x.y ",
        "!!bool ",
        "!!binary ",
        "? ",
        "- ",
        ": ",
        "[",
        "{",
        "}",
        "]",
    ),
    *(
        "|",
        ">",
        "%YAML 3.0",
        "---",
        "...",
        "'",
        '"',
        '"\\0"',
        '"\\ud800"',
        "#",
        "\t",
        "\x00",
        "\x1b[2J",
        "\u2028",
    ),
    *(
        "\ufeff",
        "\u202e",
        "1:1:1:1",
        "0x" + "f" * 300,
        "9" * 5000,
        ".inf",
        ".nan",
        "-0",
        "1e999",
        "2026-02-30",
    ),
    *(
        "0000-00-00",
        "null",
        "~",
        "true",
        "=",
        "<<",
        "[" * 22,
        "{a: " * 5,
        "- " * 12,
        "@",
        "`",
        "\r",
        "é" * 400,
    ),
)

VALUES = (
    *(None, True, 0, -1, 10**30, 1.5, float("inf"), "", "x" * 100_000, [], {}, "\u202e", "a\nb"),
    *(list(range(3000)), {f"k{n}": n for n in range(150)}),
)


class _Dumper(yaml.CSafeDumper):
    """Writes a value that is there twice out twice."""

    def ignore_aliases(self, data):
        return True


class Mutator:
    """Changes made to one pack at a time, all decided by one source of chance."""

    def __init__(self, chance):
        self.chance = chance

    def spoil(self, folder):
        """Change one to three things in the pack; what was done, in words."""
        done = []
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            files = sorted(path for path in folder.rglob("*") if _is_small_file(path))
            if not files:
                break
            file = self.chance.choice(files)
            how = self.chance.choice(HOW)
            done.append(f"{how.__name__.strip('_')} {file.relative_to(folder)}")
            how(self, file)
        return "; ".join(done)

    def _text(self, file, change):
        data = file.read_bytes()
        file.write_bytes(change(data))

    def _place(self, data):
        return self.chance.randrange(len(data) + 1)

    def flip_bytes(self, file):
        data = bytearray(file.read_bytes())
        for _ in range(self.chance.randint(1, 20)):
            if data:
                data[self.chance.randrange(len(data))] = self.chance.randrange(256)
        file.write_bytes(data)

    def cut(self, file):
        self._text(file, lambda data: data[: self._place(data)])

    def cut_out(self, file):
        self._text(
            file, lambda data: data[: (at := self._place(data))] + data[at + self.chance.randint(1, 400) :]
        )

    def put_token(self, file):
        def change(data):
            for _ in range(self.chance.randint(1, 5)):
                at = self._place(data)
                data = data[:at] + self.chance.choice(TOKENS).encode("utf-8", "surrogatepass") + data[at:]
            return data

        self._text(file, change)

    def repeat(self, file):
        """Put a piece in again, many times."""

        def change(data):
            start = self._place(data)
            piece = data[start : start + self.chance.choice((1, 3, 30, 300))]
            times = min(self.chance.choice((2, 20, 2000, 200_000)), 1_500_000 // max(1, len(piece)))
            return data[:start] + piece * times + data[start:]

        self._text(file, change)

    def repeat_lines(self, file):
        def change(data):
            lines = data.splitlines(keepends=True)
            start = self.chance.randrange(len(lines) + 1)
            piece = lines[start : start + self.chance.randint(1, 30)]
            at = self.chance.randrange(len(lines) + 1)
            return b"".join(lines[:at] + piece * self.chance.choice((1, 1, 5, 500)) + lines[at:])

        self._text(file, change)

    def shift_lines(self, file):
        def change(data):
            lines = data.splitlines(keepends=True)
            at = self.chance.randrange(len(lines) + 1)
            pad = b" " * self.chance.choice((1, 2, 3, 40))
            return b"".join(lines[:at] + [pad + line for line in lines[at : at + 8]] + lines[at + 8 :])

        self._text(file, change)

    def shuffle_lines(self, file):
        def change(data):
            lines = data.splitlines(keepends=True)
            self.chance.shuffle(lines)
            return b"".join(lines)

        self._text(file, change)

    def nest(self, file):
        deep = self.chance.choice((5, 19, 21, 300, 50_000))
        one, other = self.chance.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"- ", b""), (b"? ", b"")))
        self._text(
            file, lambda data: data[: (at := self._place(data))] + one * deep + other * deep + data[at:]
        )

    def swap_value(self, file):
        """Another kind of value in the place of one."""
        try:
            data = parse_source(file.read_bytes().decode(), "").data
        except (SourceError, UnicodeDecodeError):
            return self.flip_bytes(file)
        places = list(_places(data))
        if not places:
            return self.flip_bytes(file)
        holder, key = self.chance.choice(places)
        old = holder[key]
        holder[key] = self.chance.choice((*VALUES, [old], {"a": old}, [old] * 50, _deepened(old)))
        file.write_bytes(yaml.dump(data, Dumper=_Dumper, sort_keys=False, encoding="utf-8"))
        return None

    def rename(self, file):
        name = self.chance.choice(
            ("x.yaml", "X Y.yaml", "é.yaml", "a\nb.yaml", "\x1b.yaml", "x.yml", ".yaml", "sql.yaml")
        )
        if not file.with_name(name).exists():
            file.rename(file.with_name(name))

    def make_link(self, file):
        file.unlink()
        file.symlink_to(
            self.chance.choice(
                ("/dev/zero", "/etc/passwd", ".", "..", file.name, "nowhere", "/proc/self/mem", "/")
            )
        )

    def make_pipe(self, file):
        file.unlink()
        os.mkfifo(file)

    def make_folder(self, file):
        file.unlink()
        file.mkdir()

    def make_hole(self, file):
        with file.open("r+b") as opened:
            opened.truncate(self.chance.choice((2**20 - 1, 2**20, 2**20 + 1, 2**33)))

    def remove(self, file):
        file.unlink()

    def folder_elsewhere(self, file):
        parent = file.parent
        if parent.name in {"questions", "prompts", "variables", "challenges"}:
            shutil.rmtree(parent)
            parent.symlink_to(self.chance.choice(("/", "/dev", "..", ".", "/proc/self/fd")))


M = Mutator
CONTENT = (
    M.flip_bytes,
    M.cut,
    M.cut_out,
    M.put_token,
    M.repeat,
    M.repeat_lines,
    M.shift_lines,
    M.shuffle_lines,
    M.nest,
)
KINDS = (M.rename, M.make_link, M.make_pipe, M.make_folder, M.make_hole, M.remove, M.folder_elsewhere)
HOW = (*CONTENT * 3, *(M.put_token, M.swap_value) * 6, *KINDS)
"""Content more often than kinds of files: it has more ways to go wrong."""


def _deepened(value):
    for _ in range(60):
        value = [value]
    return value


def _is_small_file(path):
    return path.is_file() and not path.is_symlink() and path.stat().st_size < 4 * 2**20


def _places(value):
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inner in items:
        yield value, key
        yield from _places(inner)


def small_pack(folder, name):
    """A pack of two topics, made of files of the shipped pack as they are."""
    shipped = shipped_packs_folder() / "backend-python"
    pack = load_pack(shipped)
    roadmap = yaml.safe_load((shipped / "roadmap.yaml").read_text())
    steps = []
    for step in roadmap["steps"]:
        kept = [
            topic | {"prerequisites": [], "confusable_with": []}
            for topic in step["topics"]
            if topic["id"] in TOPICS
        ]
        if kept:
            steps.append(step | {"topics": kept})
    for inner in ("questions", "prompts", *(f"challenges/{step['id']}" for step in steps)):
        (folder / inner).mkdir(parents=True)
    for topic in TOPICS:
        for kind in ("questions", "prompts"):
            shutil.copy(shipped / kind / f"{topic}.yaml", folder / kind)
    for step in steps:
        challenge = f"challenges/{step['id']}/{pack.challenges[step['id']][0].id}.yaml"
        data = yaml.safe_load((shipped / challenge).read_text()) | {"prerequisites": list(TOPICS)}
        files = (shipped / challenge).with_suffix("")
        if files.is_dir():
            shutil.copytree(files, (folder / challenge).with_suffix(""))
        (folder / challenge).write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    roadmap["steps"] = steps
    (folder / "roadmap.yaml").write_text(yaml.safe_dump(roadmap, sort_keys=False, allow_unicode=True))
    info = (shipped / "pack.yaml").read_text().replace("id: backend-python", f"id: {name}")
    (folder / "pack.yaml").write_text(info)
    (folder / "ids.lock").write_text(write_lock(load_pack(folder, needs_lock=False)))


def mutated_packs(folder, seed, count):
    """Make ``folder`` a folder of a good pack and a bad one, ``count`` times with another bad one.

    Yields what was done to it each time. Number N of a seed is always the same.
    """
    whole = folder.with_name("whole")
    small_pack(whole, "bad")
    small_pack(folder / "good", "good")
    for number in range(count):
        bad = folder / "bad"
        shutil.rmtree(bad, ignore_errors=True)
        shutil.copytree(whole, bad)
        done = Mutator(random.Random(f"{seed}/{number}")).spoil(bad)
        yield f"no. {number} of seed {seed}: {done}"
