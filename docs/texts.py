"""Every text that people can be shown, made into one page: ``python docs/texts.py [--check]``.

The texts are read from the syntax trees of the modules in ``HOMES``: string constants and f-strings, the
latter with their values as ``{name}``. Docstrings, log lines, patterns, SQL and errors of programmers are
left out. The playground's page adds the words of its templates and scripts. What is not in a home must not
be a sentence: ``strays`` finds those, and a test holds that there are none.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/texts.md"

NAMED = {"discord": "On Discord", "slack": "On Slack", "playground": "In the playground"}
"""The headings of platforms whose folder isn't named as people write them."""


def _platforms() -> dict[str, tuple[str, ...]]:
    """Return the home of each platform's sentences: its folder, with a page if it has one."""
    found = (path.parent.name for path in (ROOT / "adapters").glob("*/__init__.py"))
    names = [*NAMED, *sorted({*found} - {*NAMED, "contract"})]
    kinds = ("*.py", "templates/*.html", "static/*.js")
    return {
        NAMED.get(name, f"On {name.capitalize()}"): tuple(f"adapters/{name}/{kind}" for kind in kinds)
        for name in names
    }


HOMES = {
    "What the bot says": ("bot/views/*.py",),
    "Commands, refusals and short answers": (
        "bot/*.py",
        "bot/handlers/*.py",
        "bot/handlers/study/*.py",
        "bot/domain/questions/*.py",
        "bot/toolkit/*.py",
        "bot/chat/*.py",
    ),
    "What is said of times, days, dates and zones": (
        "bot/domain/*.py",
        "bot/domain/parsing/[!p]*.py",
        "bot/domain/streaks/*.py",
    ),
    "Posts and notices": ("bot/services/*.py", "bot/worker/*.py", "bot/worker/senders/*.py"),
    **_platforms(),
    "What operators read": (
        "adapters/*.py",
        "milepost/*.py",
        "milepost/cli/*.py",
        "storage/*.py",
    ),
    "What authors of content read": (
        "content/*.py",
        "content/checks/*.py",
        "content/formats/*.py",
        "content/kinds/*.py",
        "content/writing/*.py",
    ),
}
"""The modules in which sentences live, by the heading of the page."""

PACKAGES = ("bot", "milepost", "adapters", "storage", "content")

SHOWN_BY = frozenset(
    {"Actions", "Button", "Choice", "Command", "Facts", "Field", "Footnote", "Form", "Heading", "Link"}
    | {"Message", "Option", "Select", "Text", "notice", "UserError", "SetupError", "Check", "Finding"}
)
"""Calls whose words are shown, be they ever so few."""

SHOWN_AS = frozenset({"summary", "label", "placeholder", "submit", "title", "description", "help", "hint"})

LOGGERS = frozenset({"log", "logging", "logger"})
PROGRAMMERS = frozenset(
    {"AssertionError", "ValueError", "TypeError", "RuntimeError", "NotImplementedError", "LookupError"}
    | {"KeyError", "Conflict", "NeedsReplay", "BadActionId", "Discard", "Lookup", "TypeVar"}
)
"""Calls whose words only an engineer sees; in a model or in settings a ValueError is told to people."""

NOT_TEXT = re.compile(
    r"\s*(?:SELECT|PRAGMA|INSERT|UPDATE|DELETE|CREATE|BEGIN|SHOW|SET|CAST|REPEATABLE|import |default-src"
    r"|%s|http://\{|Literal\[|dict\[|<pre|<time|<!doctype|\^)"
    r"|.*(?:\bIS NOT NULL\b|'none'|\\b|\(\?|/\*|__|camera=|noopener|pg_[as]|pg_temp|<svg|JSONB|<style|<>"
    r"| IN \(| BETWEEN | = '|\| int)",
    re.DOTALL,
)
"""SQL, patterns, headers, types, and what only a log has."""

WORDS = re.compile(r"[^\W\d_]{2,}[^\w{}]*\s+\S*[^\W\d_]{2,}|[^\W\d_]{2,}[.!?…]$")
TAG = re.compile(r"</?[pa]\b[^>]*>")
COMMAND = re.compile(r"/?(?:study|challenge) [a-z-]+")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
SENTENCE = re.compile(r"\s*[“\"({*✓✗]*[A-Z“{].*[a-z}”)][.!?]\s*", re.DOTALL)


@dataclass(frozen=True)
class Told:
    """One text with its place: the file, the function or the name that it is given, and the line."""

    file: str
    where: str
    line: int
    text: str


def main(arguments: Sequence[str]) -> int:
    """Write the page anew, or with ``--check`` say that it is out of step."""
    if unknown := set(arguments) - {"--check"}:
        sys.stderr.write(f"{', '.join(sorted(unknown))}: the only option is --check.\n")
        return 2
    made = page()
    if PAGE.exists() and PAGE.read_text("utf-8") == made:
        return 0
    if "--check" in arguments:
        sys.stderr.write("docs/texts.md is out of step with the code. Run: make docs\n")
        return 1
    PAGE.write_text(made, "utf-8")
    sys.stdout.write("docs/texts.md was made anew.\n")
    return 0


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *(line for title in HOMES for line in _section(title)))) + "\n"


HEAD = """\
# Every text

<!-- made by docs/texts.py -->

All that Milepost can say to people, with the place that it comes from, so that an editor can read it in one
sitting. The page is made from the code by `make docs`: change a text where it is, not here. `{name}` is
filled in when it is said, and ⏎ begins a new line. Questions, prompts and projects are content: they are in
`content/packs`. The help of the command line is in [operators.md](operators.md)."""


def _section(title: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    for file in _files(title):
        by_place = [list(group) for _, group in groupby(texts(file), key=lambda told: told.where)]
        if by_place:
            yield ""
            yield f"### `{file.relative_to(ROOT).as_posix()}`"
            yield ""
        for group in by_place:
            yield f"- {group[0].where}" if group[0].where else "- (the page)"
            yield from dict.fromkeys(f"    - {_shown(told.text)}" for told in group)


def _files(title: str) -> list[Path]:
    return [file for pattern in HOMES[title] for file in sorted(ROOT.glob(pattern))]


def _shown(text: str) -> str:
    """The text as code, so that its Markdown is seen as it is written."""
    one_line = " ".join(text.strip("\n").replace("\n", " ⏎ ").split())
    fence = "``" if "`" in one_line else "`"
    pad = " " if "`" in one_line else ""
    return f"{fence}{pad}{one_line}{pad}{fence}"


def every_text() -> list[Told]:
    """Each text of each home."""
    return [told for title in HOMES for file in _files(title) for told in texts(file)]


def texts(file: Path) -> list[Told]:
    """Texts of this file that people can be shown, in the order of its lines."""
    source, name = file.read_text("utf-8"), file.relative_to(ROOT).as_posix()
    if file.suffix == ".html":
        return [Told(name, "", line, text) for line, text in _Page.words_of(source)]
    if file.suffix == ".js":
        return [Told(name, "", line, text) for line, text in _of_script(source)]
    return list(_Texts(name, ast.parse(source)).found())


def strays() -> list[Told]:
    """Sentences for people in modules that are no home for them. Files of packs are content."""
    homes = {file for title in HOMES for file in _files(title)}
    modules = (file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py")))
    no_modules = {"migrations", "contract", "packs"}
    elsewhere = [file for file in modules if file not in homes and not no_modules & {*file.parts}]
    return [told for file in elsewhere for told in texts(file) if SENTENCE.fullmatch(told.text)]


class _Texts(ast.NodeVisitor):
    """Walks a module; ``_place`` is the function or constant that it is in."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name = name
        self._of_models = name.endswith(("settings.py", "model.py"))
        self._place: list[str] = []
        self._shown = False
        self._found: list[Told] = []
        self.visit(tree)

    def found(self) -> list[Told]:
        """In the order of their lines."""
        return sorted(self._found, key=lambda told: told.line)

    def visit_Expr(self, node: ast.Expr) -> None:
        """Docstrings, and the strings that explain a constant, are for engineers."""
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def _named(self, node: ast.AST, name: str) -> None:
        outermost = not self._place
        if outermost:
            self._place.append(name)
        self.generic_visit(node)
        if outermost:
            self._place.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function is a place, with its decorators, which may hold a command."""
        self._named(node, node.name)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        """Like any function."""
        self._named(node, node.name)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A class is a place."""
        self._named(node, node.name)

    def visit_Assign(self, node: ast.Assign) -> None:
        """A constant of the module is a place; of ``__all__`` nobody reads."""
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id != "__all__":
            self._named(node, target.id)
        elif not isinstance(target, ast.Name):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Its annotation is no text, but may hold the help of an option."""
        self._named(node, ast.unparse(node.target))

    def visit_arg(self, node: ast.arg) -> None:
        """An annotation is text only as ``Annotated``, such as the help of an option."""
        if isinstance(node.annotation, ast.Subscript):
            self.visit(node.annotation)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Skip assertions: their messages are for engineers."""

    def visit_Call(self, node: ast.Call) -> None:
        """Some calls show their words, some tell them to engineers alone."""
        name = _called(node.func)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        logs = isinstance(owner, ast.Name) and owner.id in LOGGERS
        raised = name in PROGRAMMERS and not (self._of_models and name == "ValueError")
        if logs or raised or name in ("compile", "sub", "match", "search", "fullmatch", "encode", "split"):
            return
        before, self._shown = self._shown, name in SHOWN_BY
        self.generic_visit(node)
        self._shown = before

    def visit_keyword(self, node: ast.keyword) -> None:
        """A name such as ``help`` says that the words are shown."""
        before, self._shown = self._shown, self._shown or node.arg in SHOWN_AS
        if node.arg not in ("pattern", "env_prefix", "format"):
            self.visit(node.value)
        self._shown = before

    def visit_Constant(self, node: ast.Constant) -> None:
        """A text, if it is one."""
        if isinstance(node.value, str):
            self._take(node.lineno, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """An f-string is one text; those within its values are texts too."""
        parts = [
            part.value if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        ]
        self._take(node.lineno, "".join(map(str, parts)))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def _take(self, line: int, text: str) -> None:
        if _is_text(text, shown=self._shown, view="/views/" in self._name):
            place = self._place[0] if self._place else ""
            self._found.append(Told(self._name, place, line, TAG.sub("", text)))


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_text(text: str, *, shown: bool, view: bool) -> bool:
    plain = PLACEHOLDER.sub("{}", text)
    if NOT_TEXT.match(plain) or COMMAND.fullmatch(plain) or not re.search(r"[^\W\d_]{2}", plain):
        return False
    if WORDS.search(plain.strip()):
        return True
    starts_large = re.match(r"[\W_]*[A-Z][a-z]", plain) is not None
    return (shown and (starts_large or " " in plain.strip())) or (view and starts_large)


class _Page(HTMLParser):
    """The words of a template, without its tags and what Jinja makes of it."""

    SAID_BY = frozenset({"aria-label", "title", "placeholder", "alt"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[tuple[int, str]] = []

    @classmethod
    def words_of(cls, source: str) -> list[tuple[int, str]]:
        """(line, text) of each piece of text and of each attribute that is read out."""
        parser = cls()
        without_logic = re.sub(r"\{%.*?%\}", "", source, flags=re.DOTALL)
        named = re.sub(
            r"\{\{\s*(.*?)\s*\}\}", lambda said: f"{{{said[1].split('|')[0].strip()}}}", without_logic
        )
        parser.feed(named.replace('"{', "'{") if False else named)
        return parser.words

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        self._take(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Take the attributes that are read out."""
        for name, value in attrs:
            if name in self.SAID_BY and value:
                self._take(value)

    def _take(self, text: str) -> None:
        said = " ".join(text.split())
        if re.search(r"[^\W\d_]{2}", PLACEHOLDER.sub("", said)):
            self.words.append((self.getpos()[0], said))


def _of_script(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a script that begin like a sentence or hold a few words of one."""
    for number, line in enumerate(source.splitlines(), 1):
        code = re.sub(r"(?:^|\s)(?://|\*|/\*\*).*", "", line)
        for said in re.findall(r'"([^"\\]*)"|`([^`]*)`', code):
            text = re.sub(r"\$\{([^{}]*)\}", lambda value: f"{{{value[1]}}}", said[0] or said[1])
            words = re.sub(r"\{.*?\}", "", text)
            if re.search(r"[a-z]{2,} [a-z]{2,}|^[A-Z][a-z]+ [a-z]", words) and not re.search(
                r"[\[\]=#;]|\) |^\.|^span", words
            ):
                yield number, text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
