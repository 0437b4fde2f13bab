"""An import hook under which every sentence of the product reads otherwise: wording must decide nothing."""

import ast
import importlib.abc
import importlib.machinery
import re
import sys
from pathlib import Path

MARK = "✎"
PACKAGES = tuple(
    f"bot.{name}" for name in ("views", "features", "delivery", "errors", "routing", "app", "library")
)
PROSE = re.compile(r"[A-Za-z]{2,}[,.;:!?]? | [A-Za-z]{2,}")
LABEL = re.compile(r"[A-Z][a-z]+")
NAMES_ITS_FIRST = {"Command", "completes", "encode", "action"}
"""Calls whose first argument is a name, such as that of a command."""


def reworded(text, *, views):
    """The text in other words, if it is for people."""
    if PROSE.search(text) and not re.search(r"\\|\(\?", text):
        return text.replace(" ", f" {MARK} ", 1)
    return f"{text} {MARK}" if views and LABEL.fullmatch(text) else text


class _Reword(ast.NodeTransformer):
    def __init__(self, *, views):
        self._views = views
        self.changed = 0

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[:1] if name in NAMES_ITS_FIRST else []
        node.args = [*first, *(self.visit(each) for each in node.args[len(first) :])]
        node.keywords = [self.visit(each) for each in node.keywords]
        node.func = self.visit(node.func)
        return node

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            other = reworded(node.value, views=self._views)
            self.changed += other != node.value
            return ast.copy_location(ast.Constant(other), node)
        return node


class _Loader(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data, path, *, _optimize=-1):
        views = ".views" in self.name
        made = _Reword(views=views)
        code = ast.fix_missing_locations(made.visit(ast.parse(data)))
        Finder.changed += made.changed
        return compile(code, path, "exec", dont_inherit=True)

    def get_code(self, fullname):
        return self.source_to_code(self.get_data(self.path), self.path)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that say something to people."""

    changed = 0

    def find_spec(self, fullname, path, target=None):
        """The module's own spec, read by another loader."""
        if not fullname.startswith(PACKAGES):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin or Path(spec.origin).suffix != ".py":
            return spec
        spec.loader = _Loader(fullname, spec.origin)
        return spec


def install():
    """To be done before anything of the product is imported."""
    assert not [name for name in sys.modules if name.startswith("bot.views")]
    sys.meta_path.insert(0, Finder())
