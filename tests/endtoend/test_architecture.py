"""The house rules of docs/architecture.md that a machine can hold: who knows whom, names, time, sizes."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.endtoend.running import ROOT, environment

SOURCE = ("adapters", "bot", "milepost", "content", "storage", "bench")
PRODUCT = ("adapters", "bot", "milepost", "content", "storage")
PLATFORMS = re.compile(r"discord|slack|playground", re.IGNORECASE)
NAMES_A_PLATFORM = {"milepost/cli/run.py"}
"""The demo's own platform, and what runs where nothing else is set up."""

LIBRARIES = {
    "bot": {
        "aiohttp", "apscheduler", "dateutil", "dotenv", "font_lato", "jinja2", "markdown_it", "pydantic",
        "pydantic_core", "pydantic_settings", "rapidfuzz", "regex", "resvg_py", "typer",
    },
    "milepost": {"filelock", "pydantic", "pydantic_settings", "rich", "typer", "uvloop"},
    "content": {
        "defusedxml", "markdown_it", "nh3", "psycopg", "pydantic", "pydantic_core", "rapidfuzz", "re2",
        "yaml",
    },
    "storage": {"aiosqlite", "alembic", "asyncpg", "sqlalchemy"},
    "bench": {"aiohttp", "asyncpg", "jinja2", "rich", "sqlalchemy", "typer", "yarl"},
}  # fmt: skip
"""The libraries that each room outside ``adapters`` may import. No platform's SDK is among them."""

SHARED_BY_ADAPTERS = {
    "aiohttp", "aiolimiter", "jinja2", "markdown_it", "pydantic", "pydantic_settings", "tenacity", "typer",
    "yarl",
}  # fmt: skip
"""Libraries that any platform's folder may import. Any other one is an SDK, and of one folder alone."""

DATABASES = {"aiosqlite", "alembic", "asyncpg", "psycopg", "sqlalchemy", "sqlite3"}
COMPARES_WITH_AN_SDK = {"bench/bare.py", "bench/slack_bare.py"}
"""The least that can be made with the SDK, to measure ours against."""

SUITE = {path.relative_to(ROOT).as_posix() for path in (ROOT / "adapters/contract").glob("*.py")}
"""The contract of every platform, which is a test."""

TELLS_TIME = "bot/chat/clock.py"
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip

MOST_LINES = 400
MOST_LINES_WITH_A_REASON = 600
LONG_FILES: dict[str, str] = {}
"""Files above MOST_LINES, each with the reason why it is not two."""

LONG_TESTS = {"tests/endtoend/test_architecture.py": "all rules that are read off the code, on one page"}

FRAGMENT = re.compile(r"(the same|those|whether|what|how)\b", re.IGNORECASE)
"""Beginnings that make a docstring lean on its neighbour: an imperative or a noun phrase says it alone."""

MEDIAN_FUNCTION = 10
LONG_FUNCTION = 25
"""Nine in ten functions are no longer."""


@lru_cache
def files(*packages: str) -> tuple[str, ...]:
    """Our Python files, as paths from the root; the code inside content packs is content."""
    found = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    names = (path.relative_to(ROOT).as_posix() for path in found)
    return tuple(sorted(name for name in names if not name.startswith("content/packs/")))


@lru_cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def test_there_is_something_to_look_at() -> None:
    assert len(files(*PRODUCT)) > 80
    assert set(SOURCE) == {name.partition("/")[0] for name in files(*SOURCE)}


def test_the_import_contracts_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed beside this interpreter")
    ran = subprocess.run(
        [linter, "--no-cache", "--config", ROOT / ".importlinter"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", ran.stdout)


def imported(name: str) -> Iterator[str]:
    """The top-level modules that a file imports, also by ``import_module`` with a plain name."""
    for node in ast.walk(tree(name)):
        match node:
            case ast.Import(names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(args=[ast.Constant(value=str(module)), *_]) if "import" in ast.unparse(node.func):
                yield module.partition(".")[0]


def libraries(name: str) -> set[str]:
    """The modules that a file imports which are neither ours nor Python's, and in adapters ``sqlite3``."""
    known = {*SOURCE, "tests", "tools", *sys.stdlib_module_names}
    return set(imported(name)) - (known - DATABASES if name.startswith("adapters/") else known)


def strangers(imports: Mapping[str, set[str]]) -> list[str]:
    """The imports, by file, of libraries that have their home elsewhere or none."""
    homes: dict[str, set[str]] = {}
    for name, modules in imports.items():
        if name.startswith("adapters/"):
            for module in modules - SHARED_BY_ADAPTERS:
                homes.setdefault(module, set()).add(name.split("/")[1])
    return [
        f"{name} imports {module}"
        for name, modules in sorted(imports.items())
        for module in sorted(modules)
        if (
            module in DATABASES or len(homes.get(module, ())) > 1
            if name.startswith("adapters/")
            else module not in LIBRARIES[name.split("/")[0]]
        )
    ]


def test_each_platforms_sdk_stays_in_its_folder_and_no_platform_knows_a_database() -> None:
    ours = [name for name in files(*SOURCE) if name not in {*COMPARES_WITH_AN_SDK, *SUITE}]
    assert strangers({name: libraries(name) for name in ours}) == []


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("bot/app.py", "nio"),
        ("milepost/bootstrap.py", "nio"),
        ("adapters/slack/posts.py", "nio"),
        ("adapters/matrix/state.py", "sqlite3"),
        ("adapters/matrix/state.py", "sqlalchemy"),
    ],
)
def test_the_sdk_of_a_new_platform_is_guarded_as_soon_as_it_has_a_folder(name: str, module: str) -> None:
    platform = {"adapters/matrix/client.py": {"nio", "aiohttp"}}
    assert strangers(platform) == []
    assert f"{name} imports {module}" in strangers({**platform, name: {module}})


def words_of(name: str) -> Iterator[tuple[int, str]]:
    """Every identifier and every string of a file, docstrings too, with its line."""
    for node in ast.walk(tree(name)):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
                yield node.lineno, word
            case ast.Constant(value=str(word)):
                yield node.lineno, word
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.keyword(arg=str(word)):
                yield node.lineno, word
            case ast.ImportFrom(module=str(word)):
                yield node.lineno, word
            case ast.alias(name=word):
                yield node.lineno, word


def test_adapters_keep_state_through_the_port_and_know_no_sql() -> None:
    engines = [
        f"{name}:{line}: {word}"
        for name in files("adapters")
        for line, word in words_of(name)
        if word in {"engine", "_engine"} or (" " not in word and "sqlalchemy" in word.lower())
    ]
    assert engines == []


def test_the_core_names_no_platform() -> None:
    named = [
        f"{name}:{line}: {word[:100]!r}"
        for name in files("bot")
        if name not in NAMES_A_PLATFORM
        for line, word in words_of(name)
        if PLATFORMS.search(word)
    ]
    assert named == []


def test_those_that_name_a_platform_name_the_playground_once() -> None:
    for name in NAMES_A_PLATFORM:
        named = [word for _, word in words_of(name) if PLATFORMS.search(word)]
        assert named == ["playground"], name


def test_storage_and_content_name_no_platform() -> None:
    named = [
        f"{name}:{line}: {word[:100]!r}"
        for name in files("storage", "content")
        for line, word in words_of(name)
        if PLATFORMS.search(word)
    ]
    assert named == []


def test_one_place_asks_the_machine_for_the_time() -> None:
    asks = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name in files(*PRODUCT)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in CLOCKS
    ]
    assert [where.partition(":")[0] for where in asks] == [TELLS_TIME], asks
    from_time = {"time": {"time", "time_ns", "localtime", "gmtime"}}
    sly = [
        f"{name}:{node.lineno}"
        for name in files(*PRODUCT)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom)
        and {alias.name for alias in node.names} & from_time.get(node.module or "", set())
    ]
    assert sly == []


def test_the_core_and_adapters_are_given_their_settings() -> None:
    """The one module that reads the environment is the base of all settings, platforms' too."""
    reads = {
        name
        for name in files("bot", "adapters", "storage")
        for _, word in words_of(name)
        if word in {"environ", "getenv"}
    }
    assert reads == {"bot/chat/configuration.py"}


def test_no_file_is_too_long() -> None:
    # A migration is a record of a schema, and as long as that is.
    ours = [name for name in files(*PRODUCT) if "/migrations/versions/" not in name]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in ours}
    long = {name: length for name, length in lengths.items() if length > MOST_LINES}
    assert {name: length for name, length in long.items() if length > MOST_LINES_WITH_A_REASON} == {}
    assert set(long) == set(LONG_FILES), "a file above 400 lines needs a reason, and a reason such a file"
    tests = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in files("tests")}
    long = {name: length for name, length in tests.items() if length > MOST_LINES}
    assert set(long) == set(LONG_TESTS)
    assert {name: length for name, length in long.items() if length > MOST_LINES_WITH_A_REASON} == {}


def functions(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each function with its number of lines, without its docstring and its decorators."""
    for name in names:
        for node in ast.walk(tree(name)):
            if isinstance(node, Function):
                told = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
                docstring = told.end_lineno - told.lineno + 1 if told and told.end_lineno else 0
                yield (
                    f"{name}:{node.lineno} {node.name}",
                    (node.end_lineno or 0) - node.lineno + 1 - docstring,
                )


def test_functions_are_short() -> None:
    lengths = sorted(length for _, length in functions(files(*PRODUCT)))
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    ninetieth = lengths[int(len(lengths) * 0.9)]
    longest = sorted(functions(files(*PRODUCT)), key=lambda one: -one[1])[:10]
    assert ninetieth <= LONG_FUNCTION, longest


def documented(node: ast.AST, prefix: str) -> Iterator[tuple[str, Documented]]:
    """The module and its public classes, functions and methods."""
    assert isinstance(node, Documented)
    yield prefix, node
    if isinstance(node, Function):
        return
    for child in node.body:
        if isinstance(child, Documented) and not child.name.startswith(("_", "test_")):
            yield from documented(child, f"{prefix}.{child.name}")


def overloaded(node: Documented) -> bool:
    """An overload or a setter says what its main definition says."""
    marks = getattr(node, "decorator_list", [])
    return any(re.search(r"overload|\.setter", ast.unparse(mark)) for mark in marks)


def test_every_module_and_public_name_says_what_it_is() -> None:
    silent = [
        where
        for name in files(*PRODUCT)
        for where, node in documented(tree(name), name)
        if not ast.get_docstring(node) and not overloaded(node)
    ]
    assert silent == []
    assert [name for name in files("bench") if not ast.get_docstring(tree(name))] == []


def docstrings(name: str) -> Iterator[tuple[int, str]]:
    """Every docstring of a file with its line, those of private names and of constants too."""
    for node in ast.walk(tree(name)):
        if isinstance(node, Documented) and (own := ast.get_docstring(node)):
            yield node.body[0].lineno, own
        if isinstance(node, ast.Module | ast.ClassDef):
            for before, after in pairwise(node.body):
                match before, after:
                    case ast.Assign() | ast.AnnAssign(), ast.Expr(value=ast.Constant(value=str(text))):
                        yield after.lineno, text


def test_no_docstring_leans_on_its_neighbour() -> None:
    opening = re.compile(rf'"""\s*{FRAGMENT.pattern}', FRAGMENT.flags)
    fragments = [
        f"{name}:{line}: {text.splitlines()[0]}"
        for name in files(*SOURCE, "docs", "tests", "tools")
        if opening.search((ROOT / name).read_text(encoding="utf-8"))
        for line, text in docstrings(name)
        if FRAGMENT.match(text)
    ]
    assert fragments == []


SINGLE_TICKS = re.compile(r"(?<![`:\\\w])`[^`\s][^`\n]*`(?![`_])")


def test_docstrings_mark_code_with_double_backticks() -> None:
    marked = [
        f"{name}:{line}: {found.group()}"
        for name in files(*SOURCE)
        for line, text in docstrings(name)
        for found in [SINGLE_TICKS.search(re.sub(r"``.*?``|>>> .*(\n.*)?", "", text, flags=re.DOTALL))]
        if found
    ]
    assert marked == []


def test_every_logger_is_called_log() -> None:
    loggers = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name in files(*SOURCE)
        for node in tree(name).body
        if isinstance(node, ast.Assign)
        and re.match(r"(?!log = ).* = logging\.getLogger", ast.unparse(node))
    ]
    assert loggers == []


def test_a_post_is_looked_up_by_its_number_in_one_place() -> None:
    """A handler gets it from ``request.post``, so that none forgets to ask whether it was served here."""
    wanted = re.compile(r"\bposts\.(get|by_message)\(")
    found = {name for name in files("bot/handlers") if wanted.search((ROOT / name).read_text())}
    assert found == {"bot/handlers/served_posts.py"}


def test_what_leaves_the_core_is_signed_in_two_places() -> None:
    """``Milepost.handle`` for replies, ``Platforms.shown`` for all that is sent or changed unasked."""
    fits = {
        name
        for name in files("bot")
        if not name.startswith("bot/chat/") and re.search(r"\b(fit|degrade)\(", (ROOT / name).read_text())
    }
    assert fits == {"bot/app.py", "bot/worker/platforms.py"}


ROOMS_OF_THE_WHOLE = {"bench", "docs", "endtoend", "faults", "loopback", "support", "tools"}
"""Folders of tests that mirror no room of the product: they test the whole, or help to."""

LITTLE = 40
"""Lines of functions up to which a module may go without a test file of its name."""

AS_ONE = {"bot/domain/parsing", "content/kinds"}
"""Packages that one file tests as a whole: it has the name of the package."""

TESTED_BY = {
    "adapters/slack/replies.py": "tests/adapters/slack/test_adapter.py",
    "bot/chat/events.py": "tests/bot/toolkit/test_text.py",
    "bot/domain/audit.py": "tests/bot/handlers/test_auditing.py",
    "bot/domain/questions/normalise.py": "tests/bot/domain/questions/test_matching.py",
    "bot/domain/questions/quantity.py": "tests/bot/domain/questions/test_matching.py",
    "bot/domain/questions/typed.py": "tests/bot/domain/questions/test_matching.py",
    "bot/domain/streaks/state.py": "tests/bot/domain/streaks/test_incremental.py",
    "bot/services/content_choice.py": "tests/bot/domain/test_projects.py",
    "bot/views/log.py": "tests/bot/handlers/test_auditing.py",
    "bot/views/study.py": "tests/bot/handlers/study/test_status.py",
    "bot/worker/presence.py": "tests/bot/services/test_leaving.py",
    "content/checks/answers.py": "tests/content/kinds/test_kinds.py",
    "content/checks/files.py": "tests/content/test_loader.py",
    "content/checks/keys.py": "tests/content/checks/test_proofs.py",
    "content/checks/launcher.py": "tests/content/checks/test_sandbox.py",
    "storage/backup.py": "tests/milepost/cli/test_copies.py",
}
"""Modules that are tested together with another one, and where: a change of them belongs there."""

WITHOUT_A_MODULE = {
    f"tests/adapters/playground/test_browser_{what}.py": "the page itself, static/ and templates/"
    for what in ("history", "kinds", "other_ports", "page")
}
"""Test files of a room whose name is that of no module in it, each with what it tests."""


def behaviour(name: str) -> int:
    """Lines of statements in the functions of a module."""
    steps = (step for node in ast.walk(tree(name)) if isinstance(node, Function) for step in node.body)
    doing = [step for step in steps if not ast.unparse(step).startswith(("'", '"', "..."))]
    return len({line for step in doing for line in range(step.lineno, (step.end_lineno or 0) + 1)})


def has_its_test(name: str) -> bool:
    """Tell whether there is a test file of the name of a module, or what stands in for it."""
    folder, _, file = name.rpartition("/")
    module = folder.rpartition("/")[2] if file == "__init__.py" else file.removesuffix(".py")
    there = [f"tests/{folder}/test_{module}.py"]
    if folder == "bot/views":  # as people see them
        there += [f"tests/bot/handlers/{module_of}test_{module}.py" for module_of in ("", "study/")]
    if file == "adapter.py":
        there.append(f"tests/adapters/contract/on_{folder.rpartition('/')[2]}.py")
    if folder in AS_ONE:
        there.append(f"tests/{folder}/test_{folder.rpartition('/')[2]}.py")
    return any((ROOT / test).exists() for test in there)


def test_every_module_has_the_test_file_of_its_name() -> None:
    elsewhere = ("adapters/contract/", "storage/migrations/")
    large = [
        name for name in files(*PRODUCT) if not name.startswith(elsewhere) and behaviour(name) > LITTLE
    ]
    assert {name for name in large if not has_its_test(name)} == set(TESTED_BY)
    assert [test for test in TESTED_BY.values() if not (ROOT / test).exists()] == []


def has_its_module(test: str) -> bool:
    """Tell whether a test file is named for its room, or a module or folder in it: ``test_quiz_again``."""
    room, _, file = test.removeprefix("tests/").rpartition("/")
    words = file.removeprefix("test_").removesuffix(".py").split("_")
    names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    here = ROOT / room
    return here.name in names or any(
        (here / f"{name}.py").exists() or (here / name).is_dir() for name in names
    )


def test_every_test_file_is_named_for_what_it_tests() -> None:
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()} - {"__pycache__"}
    assert rooms == {*PRODUCT, *ROOMS_OF_THE_WHOLE}
    tests = [name for name in files(*(f"tests/{room}" for room in PRODUCT)) if "/test_" in name]
    assert len(tests) > 200
    assert {name for name in tests if not has_its_module(name)} == set(WITHOUT_A_MODULE)
