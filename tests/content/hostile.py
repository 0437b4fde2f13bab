"""Packs that are made to stop Milepost. Each case changes a good pack in one way."""

import json
import os
import socket
from pathlib import Path

import yaml

MIB = 2**20
CHALLENGE = "challenges/basics/basics-project.yaml"
QUESTIONS, ROADMAP, PACK, PROMPT = "questions/ints.yaml", "roadmap.yaml", "pack.yaml", "prompts/ints.yaml"
LAUGHS = "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)
MERGES = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 4)}]\n" for n in range(1, 13)
)

CASES = {}


def case(function):
    """A case: a function of the pack's folder that spoils it."""
    CASES[function.__name__.replace("_", "-")] = function
    return function


def text(name, file, content):
    """A case that puts ``content`` in the place of a file."""

    def spoil(folder):
        path = folder / file
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content() if callable(content) else content, encoding="utf-8")

    CASES[name] = spoil


def value(name, file, path, content):
    """A case that puts ``content``, as YAML, in the place of one value."""

    def spoil(folder):
        data = yaml.safe_load((folder / file).read_text())
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = "@@"
        raw = yaml.safe_dump(data, sort_keys=False, width=10**6)
        raw = raw.replace("'@@'", content() if callable(content) else content)
        (folder / file).write_text(raw, encoding="utf-8")

    CASES[name] = spoil


STEM = ("questions", 0, "stem")

text("nested-100000", QUESTIONS, "[" * 100_000)
text("nested-100000-mappings", QUESTIONS, "{a: " * 100_000)
text("nested-100000-dashes", QUESTIONS, "- " * 100_000)
text("nested-100000-question-marks", QUESTIONS, "? " * 100_000)
value("nested-2000-in-a-text", QUESTIONS, STEM, "[" * 2000 + "]" * 2000)
text("nested-by-indent", QUESTIONS, "".join(f"{' ' * n}a:\n" for n in range(1400)))
text("laughs-as-title", PACK, f"a: &a [lol]\n{LAUGHS}title: *i\n")
text("laughs-as-id", QUESTIONS, f"a: &a [lol]\n{LAUGHS}topic: *i\n")
text("laughs-small", PACK, f"a: &a [lol]\n{LAUGHS}title: *f\n")
text("merge-bomb", ROADMAP, MERGES)
text("self-reference", ROADMAP, "&a [*a]\n")
text("self-reference-as-key", ROADMAP, "&a {*a : 1}\n")
text("anchors-50000", ROADMAP, lambda: "".join(f"- &a{n} 1\n" for n in range(50_000)))
text("unknown-keys-200000", PACK, lambda: "".join(f"k{n}: 1\n" for n in range(50_000)))
text("unknown-keys-99", PACK, lambda: "".join(f"{'k' * 900}{n}: 1\n" for n in range(99)))
text(
    "many-mappings-of-unknown-keys",
    QUESTIONS,
    lambda: "topic: ints\nquestions:\n" + f"  - {{{', '.join(f'q{n}: 1' for n in range(90))}}}\n" * 100,
)
text("one-key-twice-50000", PACK, "id: a\n" * 50_000)
text("keys-twice-in-each-question", QUESTIONS, "questions:\n" + "  - {id: a, id: b, id: c, id: d}\n" * 1900)
value("sexagesimal", PACK, ("title",), lambda: "1" + ":1" * 400_000)
value("sexagesimal-float", PACK, ("title",), lambda: "1" + ":1" * 400_000 + ".5")
value("decimal-of-5000-digits", QUESTIONS, ("questions", 0, "rev"), "9" * 5000)
value("hexadecimal-of-a-million-digits", QUESTIONS, ("questions", 0, "rev"), lambda: "0x" + "f" * 900_000)
value("binary-digits", QUESTIONS, ("questions", 0, "rev"), lambda: "0b" + "1" * 900_000)
value("digits-in-quotes", QUESTIONS, ("questions", 0, "rev"), lambda: "'" + "9" * 900_000 + "'")
value("a-large-revision", QUESTIONS, ("questions", 0, "rev"), "99999999999999999999999999")
value("infinite-hours", CHALLENGE, ("hours",), "{low: .inf, high: .inf}")
value(
    "hours-that-are-no-number",
    CHALLENGE,
    ("hours",),
    "{low: .nan, high: .nan}",
)
value("float-too-large", CHALLENGE, ("hours",), "{low: 1, high: 1e+999}")
value("date-that-is-none", PACK, ("as_of",), "2026-02-30")
value("date-in-no-zone", PACK, ("as_of",), "2001-12-14t21:59:43.10-99:99")
value("timestamp-tag", PACK, ("as_of",), "!!timestamp x")
value("boolean-tag", PACK, ("as_of",), "!!bool x")
value("integer-tag", PACK, ("as_of",), "!!int x")
value("binary-tag", PACK, ("title",), lambda: "!!binary " + "A" * 900_000)
value("pairs-tag", PACK, ("title",), "!!omap [{a: 1}]")
value("python-object", PACK, ("title",), "!!python/object/apply:os.system ['true']")
value("python-name", PACK, ("title",), "!!python/name:os.system ''")
value("a-tag-of-a-megabyte", PACK, ("title",), lambda: "!" + "a" * 900_000 + " x")
value("the-value-sign", PACK, ("title",), "=")
text("unhashable-key", PACK, "? [a]\n: b\n")
text("unhashable-key-of-mappings", PACK, "{{{}: 1}: 1}: 1\n")
text("keys-of-numbers", PACK, "1: a\n2.5: b\nnull: c\ntrue: d\n2026-01-01: e\n")
text("nul", PACK, "id: a\0b\n")
value("nul-by-escape", PACK, ("title",), '"a\\0b"')
value("surrogate-by-escape", PACK, ("title",), '"\\ud800"')
value("surrogate-in-an-id", QUESTIONS, ("questions", 0, "id"), '"\\udfff"')
value("terminal-codes", QUESTIONS, ("questions", 0, "id"), '"\\e]0;owned\\a\\e[2J"')
text("latin-1", PACK, b"title: caf\xe9\n")
text("utf-16", PACK, "title: x\n".encode("utf-16"))
text("another-encoding-begins-so", PACK, b"\xff\xfe\x00\x00")
text("two-documents", PACK, "a: 1\n---\nb: 2\n")
text("ten-thousand-documents", PACK, "---\na: 1\n" * 10_000)
text("an-unknown-version", PACK, "%YAML 9.9\n---\na: 1\n")
text("a-tag-directive", PACK, "%TAG ! tag:x," + "y" * 9000 + "\n---\n!a b\n")
text("nothing", PACK, "")
text("only-a-comment", PACK, lambda: "#" * 900_000)
text("only-blanks", PACK, lambda: " " * 900_000)
text("only-lines", PACK, lambda: "\n" * 900_000)
text("only-tabs", PACK, lambda: "\t" * 900_000)
text("only-colons", PACK, lambda: ": " * 400_000)
text("only-quotes", PACK, lambda: "'" * 900_001)
text("only-escapes", PACK, lambda: '"' + "\\x41" * 200_000)
text("only-commas", PACK, lambda: "[" + "," * 400_000)
text("only-pluses", PACK, lambda: "[" + "a," * 400_000)
text("a-key-of-a-megabyte", PACK, lambda: "? " + "k" * 900_000 + "\n: 1\n")
text("a-text-of-a-megabyte", PROMPT, lambda: "id: '" + "x" * 900_000 + "'\n")
text("fifty-mib", QUESTIONS, lambda: "stem: " + "x" * (50 * MIB))
text("a-list-of-19000", QUESTIONS, lambda: ("- [" + "1," * 1800 + "]\n") * 10)
text("one-value", ROADMAP, "42\n")
text("a-list-of-steps-only", ROADMAP, "- a\n- b\n")
value("steps-41", ROADMAP, ("steps",), lambda: str([{"id": f"s{n}"} for n in range(41)]))
value(
    "steps-1900",
    ROADMAP,
    ("steps",),
    lambda: "[" + ",".join(f"{{id: s{n}, title: t, goal: {'g' * 20}}}" for n in range(1900)) + "]",
)
value(
    "options-1900",
    QUESTIONS,
    ("questions", 0, "options"),
    lambda: "[" + ",".join("{id: a}" for _ in range(1900)) + "]",
)
value(
    "tags-1900",
    QUESTIONS,
    ("questions", 0, "tags"),
    lambda: "[" + ",".join(f"t{n}" for n in range(1900)) + "]",
)
value(
    "a-proof-of-a-megabyte",
    QUESTIONS,
    ("questions", 0, "verify"),
    lambda: f"{{kind: run, proof: '{'x' * 900_000}'}}",
)
value(
    "an-address-of-a-megabyte",
    QUESTIONS,
    ("questions", 0, "references"),
    lambda: f"[{{title: t, url: 'https://{'a.' * 400_000}', as_of: 2026-01-01}}]",
)


def topic(name, *prerequisites):
    return {"id": name, "title": "T", "article_term": "T", "prerequisites": prerequisites}


def roadmap(folder, *steps):
    steps = [
        {"id": f"s{n}", "title": "S", "goal": "g" * 20, "topics": list(each)}
        for n, each in enumerate(steps)
    ]
    text = yaml.safe_dump(json.loads(json.dumps({"source": "x", "steps": steps})))
    (folder / ROADMAP).write_text(text, encoding="utf-8")


@case
def topics_that_nobody_knows(folder):
    unknown = [f"u{n}" for n in range(40)]
    roadmap(folder, *([topic(f"t{step}-{n}", *unknown) for n in range(10)] for step in range(20)))


@case
def prerequisites_in_a_long_circle(folder):
    roadmap(folder, [topic(f"{'t' * 50}{n}", f"{'t' * 50}{(n + 1) % 40}") for n in range(40)])


@case
def files_that_nobody_asked_for(folder):
    for number in range(1500):
        (folder / "questions" / f"q{number}.yaml").write_text("topic: x\n")


@case
def entries_without_end(folder):
    for number in range(2500):
        (folder / "prompts" / f"p{number}").touch()


@case
def many_large_files(folder):
    for number in range(12):
        (folder / "questions" / f"q{number}.yaml").write_text("# " + "x" * (MIB - 10))


@case
def many_files_with_many_values(folder):
    for number in range(60):
        (folder / "questions" / f"q{number}.yaml").write_text(("- [" + "1," * 1900 + "]\n") * 9)


@case
def a_pipe_as_questions(folder):
    _instead(folder / QUESTIONS, os.mkfifo)


@case
def a_pipe_as_lock(folder):
    _instead(folder / "ids.lock", os.mkfifo)


@case
def a_pipe_as_folder(folder):
    for each in (folder / "prompts").iterdir():
        each.unlink()
    (folder / "prompts").rmdir()
    os.mkfifo(folder / "prompts")


@case
def a_socket(folder):
    def bind(path):
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket has 107 characters at most
        try:
            with socket.socket(socket.AF_UNIX) as it:
                it.bind(path.name)
        finally:
            os.chdir(here)

    _instead(folder / PACK, bind)


@case
def a_folder_as_file(folder):
    _instead(folder / PACK, Path.mkdir)


@case
def a_link_to_zeros(folder):
    _instead(folder / QUESTIONS, lambda path: path.symlink_to("/dev/zero"))


@case
def a_link_to_a_terminal(folder):
    _instead(folder / QUESTIONS, lambda path: path.symlink_to("/dev/tty"))


@case
def a_link_to_a_secret(folder):
    secret = folder.parent.parent / "secret"
    secret.write_text("root:$y$SECRET:1:\n")
    _instead(folder / QUESTIONS, lambda path: path.symlink_to(secret))


@case
def a_link_to_a_secret_by_parents(folder):
    (folder.parent.parent / "secret").write_text("root:$y$SECRET:1:\n")
    _instead(folder / QUESTIONS, lambda path: path.symlink_to("../../../secret"))


@case
def a_link_to_the_environment(folder):
    _instead(folder / PACK, lambda path: path.symlink_to("/proc/self/environ"))


@case
def a_link_to_memory(folder):
    _instead(folder / PACK, lambda path: path.symlink_to("/proc/self/mem"))


@case
def a_link_as_lock(folder):
    _instead(folder / "ids.lock", lambda path: path.symlink_to("/etc/passwd"))


@case
def a_link_to_itself(folder):
    _instead(folder / PACK, lambda path: path.symlink_to(path))


@case
def a_link_to_nothing(folder):
    _instead(folder / PACK, lambda path: path.symlink_to("nowhere"))


@case
def folders_that_are_links(folder):
    away = folder.parent.parent / "elsewhere"
    away.mkdir(exist_ok=True)
    for name in ("questions", "prompts"):
        (folder / name).rename(folder.parent.parent / f"{name}-away")
        (folder / name).symlink_to(folder.parent.parent / f"{name}-away")


@case
def folders_in_a_circle(folder):
    (folder / "challenges" / "loop").symlink_to(folder / "challenges")
    (folder / "challenges" / "up").symlink_to("..")


@case
def a_folder_that_is_everything(folder):
    (folder / "challenges" / "all").symlink_to("/")


@case
def a_file_with_holes(folder):
    with (folder / QUESTIONS).open("r+b") as file:
        file.truncate(2**40)


@case
def a_name_with_terminal_codes(folder):
    (folder / "questions" / "\x1b[2J\n.yaml").write_text("topic: x\n")


@case
def a_name_that_is_not_utf_8(folder):
    with open(os.fsencode(folder / "questions") + b"/\xff\xfe.yaml", "wb") as file:  # noqa: PTH123
        file.write(b"topic: x\n")


@case
def folders_a_hundred_deep(folder):
    (folder / "challenges" / "/".join(["d"] * 100)).mkdir(parents=True)


@case
def a_lock_of_half_a_million_lines(folder):
    (folder / "ids.lock").write_text("a\n" * 520_000)


def _instead(path, make):
    path.unlink()
    make(path)
