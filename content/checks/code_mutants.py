"""Shown code with one change in it, such as a constant, a comparison or a line that is gone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain, zip_longest

from content.parts import Code

MOST = 24
"""Changes of one code that are tried."""

_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_PAIRS = (
    *(("true", "false"), ("on", "off"), ("yes", "no"), ("and", "or"), ("asc", "desc")),
    *(("get", "post"), ("left", "inner"), ("<", ">"), ("allow", "deny")),
)
_WORDS = {
    **dict(pair for one, other in _PAIRS for pair in ((one, other), (other, one))),
    "=": "<>",
}
_TOKEN = re.compile(rf"\d+|(?<![\w<>=])(?:{'|'.join(map(re.escape, _WORDS))})(?![\w<>=])", re.IGNORECASE)

Change = tuple[str, str]
"""A sentence on the change, and the source after it."""


def mutated_sources(code: Code) -> Iterator[Change]:
    """Yield up to MOST sources that differ from the shown one in one place, each only once."""
    source = code.source
    changes: Iterator[Change] = _of_text(source)
    if code.language == "python":
        try:
            tree = ast.parse(source)
        except SyntaxError:
            pass  # code that does not compile is shown on purpose
        else:
            changes = filter(_compiles, chain(_of_python(source, tree), _with_other_words(source)))
    seen = {source}
    for done, changed in changes:
        if changed not in seen:
            seen.add(changed)
            yield done, changed
        if len(seen) > MOST:
            return


def _of_text(source: str) -> Iterator[Change]:
    """Yield changed tokens and missing lines in turn, of code in any language."""
    lines = source.splitlines(keepends=True)
    gone = (
        (f"line {number} is gone", "".join((*lines[: number - 1], *lines[number:])))
        for number, line in enumerate(lines, start=1)
        if line.strip()
    )
    tokens = (
        (f"'{found[0]}' is '{other}'", source[: found.start()] + other + source[found.end() :])
        for found in _TOKEN.finditer(source)
        for other in [_other(found[0])]
    )
    return _in_turn(tokens, gone, _with_other_words(source))


def _with_other_words(source: str) -> Iterator[Change]:
    """Yield the source with one word otherwise everywhere, or a sign for how arguments are passed gone."""
    for found in re.finditer(r"(?<=[(,])\s*[*/],", source):
        yield f"'{found[0].strip()}' is gone", source[: found.start()] + source[found.end() :].lstrip()
    for word in dict.fromkeys(re.findall(r"[A-Za-z_]\w{2,}", source)):
        yield f"'{word}' is '{word}x'", re.sub(rf"\b{word}\b", f"{word}x", source)


def _other(token: str) -> str:
    if token.isdigit():
        return str(int(token) + 1)
    other = _WORDS[token.lower()]
    return other.upper() if token.isupper() else other


def _of_python(source: str, tree: ast.Module) -> Iterator[Change]:
    nodes = list(ast.walk(tree))
    inside_fstrings = {
        id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    }
    nodes = [node for node in nodes if id(node) not in inside_fstrings]
    return _in_turn(
        chain(_without_arguments(source, nodes), _without_statements(source, nodes)),
        _with_other_expressions(source, nodes),
        _with_other_constants(source, nodes),
    )


def _without_statements(source: str, nodes: list[ast.AST]) -> Iterator[Change]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for mark in node.decorator_list:
                lines = source.splitlines(keepends=True)
                del lines[mark.lineno - 1 : mark.end_lineno]
                yield f"the decorator in line {mark.lineno} is gone", "".join(lines)
        elif isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
            yield f"the statement in line {node.lineno} is gone", _replaced(source, node, "pass")


def _without_arguments(source: str, nodes: list[ast.AST]) -> Iterator[Change]:
    for node in nodes:
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                fewer = ast.Call(
                    node.func, node.args, [each for each in node.keywords if each is not keyword]
                )
                done = f"the argument '{keyword.arg}' in line {node.lineno} is gone"
                yield done, _replaced(source, node, ast.unparse(fewer))


def _with_other_expressions(source: str, nodes: list[ast.AST]) -> Iterator[Change]:
    for node in nodes:
        other: ast.expr | None = None
        match node:
            case ast.Compare(left=left, ops=[op, *rest], comparators=comparators):
                other = ast.Compare(left, [_OPPOSITES[type(op)](), *rest], comparators)
            case ast.BoolOp(op=op, values=values):
                other = ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            case ast.UnaryOp(operand=operand) | ast.Await(value=operand):
                other = operand
            case ast.BinOp(left=left, op=op, right=right):
                other = ast.BinOp(left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), right)
        if other is not None and isinstance(node, ast.expr):
            text = ast.unparse(ast.fix_missing_locations(other))
            yield f"line {node.lineno} says {text}", _replaced(source, node, f"({text})")


def _with_other_constants(source: str, nodes: list[ast.AST]) -> Iterator[Change]:
    for node in nodes:
        if isinstance(node, ast.Constant):
            other: object = None
            match node.value:
                case bool(value):
                    other = not value
                case int(value) | float(value):
                    other = value + 1
                case str(value):
                    other = f"{value}x"
                case bytes(value):
                    other = value + b"x"
                case None:
                    other = 0
            if other is not None:
                yield (
                    f"the constant in line {node.lineno} is {other!r}",
                    _replaced(source, node, repr(other)),
                )


def _replaced(source: str, node: ast.expr | ast.stmt, text: str) -> str:
    """Return the source with other text in the place of a node. Its columns are counted in bytes."""
    lines = source.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    head = b"".join(lines[:first]) + lines[first][: node.col_offset]
    tail = lines[last][node.end_col_offset or 0 :] + b"".join(lines[last + 1 :])
    return (head + text.encode() + tail).decode()


def _compiles(change: Change) -> bool:
    try:
        compile(change[1], "code", "exec", flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except (SyntaxError, ValueError):
        return False
    return True


def _in_turn(*streams: Iterator[Change]) -> Iterator[Change]:
    """Yield the first of each, then the second of each, and so on."""
    for group in zip_longest(*streams):
        yield from (change for change in group if change is not None)
