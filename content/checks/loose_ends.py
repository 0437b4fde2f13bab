"""Looks for loose ends of a proof in its text: things that it is not bound to or does not try."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from content.checks.claims import texts_of
from content.kinds import LineQuestion, MatchQuestion
from content.kinds.matching import TextMatching
from content.model import Question


@dataclass(frozen=True)
class LooseEnd:
    """Something that a proof leaves open, with advice. It is ``fatal`` if the proof can prove nothing."""

    message: str
    hint: str
    fatal: bool = False


def loose_ends(question: Question) -> Iterator[LooseEnd]:
    """Yield what the proof of a question leaves open; nothing for one without a script."""
    proof = question.verify.proof
    if proof is None:
        return
    tree = _parsed(proof)
    read = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if question.code and "code" not in read:
        yield LooseEnd("the proof ignores the shown code", "Run or read the variable `code`.", fatal=True)
    if isinstance(question, MatchQuestion) and not question.verify.claims and "rights" not in read:
        yield LooseEnd(
            "the proof does not try the right sides", "Try each of `rights` with each of `lefts`."
        )
    if isinstance(question, LineQuestion):
        return
    for text in _printed_whatever_happens(tree):
        if text in _answers(question):
            message = f"the proof prints '{text}' whatever happens"
            yield LooseEnd(message, "Print what the experiment gives.", fatal=True)


def _parsed(proof: str) -> ast.Module:
    try:
        return ast.parse(proof)
    except SyntaxError:
        return ast.Module([], [])


def _printed_whatever_happens(tree: ast.Module) -> Iterator[str]:
    """Yield the constants that a script prints outside of every condition, loop, attempt and function."""
    for statement in tree.body:
        match statement:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=words, keywords=[])):
                if words and all(isinstance(word, ast.Constant) for word in words):
                    yield " ".join(str(word.value) for word in words if isinstance(word, ast.Constant))


def _answers(question: Question) -> set[str]:
    """Return every text that a proof of this question may print, those of wrong answers too."""
    texts = {text for of_id in texts_of(question).values() for text in of_id.values()}
    ids = {id_ for of_id in texts_of(question).values() for id_ in of_id}
    matching = question.matching
    typed = matching.accept if isinstance(matching, TextMatching) else (matching.shown,) if matching else ()
    return texts | ids | set(typed) | set(question.verify.claims.values())
