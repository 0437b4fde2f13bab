"""``make new-platform`` and ``make new-command``: what they write passes every check at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.endtoend.copies import copied, run
from tests.endtoend.running import ROOT
from tools import new

LONGEST = "abcdefghijklmnopqrst"
PYTHON = ".venv/bin/python"
TEST = (PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout with two new platforms and two new commands, and the docs made anew."""
    copy = copied(tmp_path_factory.mktemp("scaffold"))
    for kind, name in (
        ("platform", "matrix"),
        ("platform", LONGEST),
        ("command", "say-hi"),
        ("command", LONGEST),
    ):
        assert "Next:" in run(copy, PYTHON, "-m", "tools.new", kind, name)
    for page in ("tables", "texts"):
        run(copy, PYTHON, f"docs/{page}.py")
    return copy


def test_nothing_of_the_model_is_left(copy: Path) -> None:
    written = [*(copy / "adapters/matrix").glob("*.py"), copy / "tests/adapters/contract/on_matrix.py"]
    written += [
        copy / "bot/handlers/say_hi.py",
        copy / "bot/views/say_hi.py",
        copy / "tests/bot/handlers/test_say_hi.py",
    ]
    assert len(written) == 12
    for file in written:
        assert not re.search(r"example|scaffold|tools\b", file.read_text("utf-8"), re.IGNORECASE), file
    assert 'Command("say-hi"' in (copy / "bot/handlers/say_hi.py").read_text("utf-8")


def test_lint_and_format_have_nothing_against_it(copy: Path) -> None:
    ruff = ".venv/bin/ruff"
    run(copy, ruff, "check", "--no-cache", "adapters", "bot", "tests/adapters/contract", "tests/bot")
    run(
        copy,
        ruff,
        "format",
        "--no-cache",
        "--check",
        "adapters",
        "bot",
        "tests/adapters/contract",
        "tests/bot",
    )


def test_the_types_are_right(copy: Path) -> None:
    files = ("adapters/matrix", "bot/handlers", "bot/views/say_hi.py")
    assert run(copy, PYTHON, "-m", "mypy", "--no-incremental", *files).startswith("Success")


def test_the_import_contracts_are_kept(copy: Path) -> None:
    assert "0 broken" in run(copy, ".venv/bin/lint-imports", "--no-cache")


def test_its_own_tests_pass(copy: Path) -> None:
    passed = run(
        copy,
        *TEST,
        "tests/adapters/contract",
        "tests/bot/handlers/test_say_hi.py",
        "-k",
        "matrix or say_hi or platform",
    )
    assert int(re.search(r"(\d+) passed", passed)[1]) > 60  # type: ignore[index]


def test_the_tests_of_all_commands_and_of_the_docs_pass(copy: Path) -> None:
    files = ("bot/test_routing", "docs/test_docs", "docs/test_texts", "bot/handlers/test_help")
    run(
        copy,
        *TEST,
        *(f"tests/{name}.py" for name in files),
        "tests/endtoend/test_architecture.py",
    )


def test_the_platform_is_found_and_looked_at(copy: Path, tmp_path: Path) -> None:
    settings = {
        "MILEPOST_MATRIX_CHANNELS": "study,lounge",
        "MILEPOST_DATABASE_URL": f"sqlite:///{tmp_path}/m.db",
    }
    told = run(copy, PYTHON, "-m", "milepost", "doctor", **settings)
    assert "ok   platforms: matrix" in told
    assert "ok   matrix: it has the channels study, lounge" in told


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        ("platform", "", "Say which: make new-platform NAME=matrix"),
        ("command", "", "Say which: make new-command NAME=hello"),
        ("platform", "Matrix", "can't be the name of a platform"),
        ("platform", "../x", "can't be the name of a platform"),
        ("platform", "my-chat", "has a hyphen"),
        ("platform", "class", "can't be the name of a platform"),
        ("platform", "a" * 21, "up to 20 small letters"),
        ("platform", "discord", "adapters/discord exists already"),
        ("platform", "contract", "adapters/contract exists already"),
        ("command", "quiz", "There is a command /quiz already"),
        ("command", "study", "There is a command /study already"),
        ("command", "home", "bot/handlers/home.py exists already"),
        ("command", "list", "is a word of Python"),
        ("command", "9lives", "can't be the name of a command"),
        ("command", "a--b", "can't be the name of a command"),
    ],
)
def test_a_bad_name_gets_one_sentence_and_writes_nothing(
    kind: str, name: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new.main([kind, name]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert says in told.err
    assert len(told.err.strip().splitlines()) == 1


def test_make_hands_the_name_on() -> None:
    told = run(ROOT, "make", "--dry-run", "new-platform", "NAME=matrix", f"VENV={sys.prefix}")
    assert 'tools.new platform "matrix"' in told
    told = run(ROOT, "make", "--dry-run", "new-command", "NAME=say-hi", f"VENV={sys.prefix}")
    assert 'tools.new command "say-hi"' in told
