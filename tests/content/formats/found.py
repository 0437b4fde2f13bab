"""Questions in the neutral form, of every kind, as Hypothesis makes them up."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from content.formats.base import KINDS, Aspect, Choice, Found, Pair, Snippet, Source
from content.formats.markdown import LANGUAGES

SIGNS = "abc XYZ 019 äß 语 .,;:!?#={}~%\\*_-+/>&'\"|$@^"
WORDS = (
    "`x = {}`",
    "`a < b`",
    "`#`",
    "**bold**",
    "[html]",
    "//",
    "->",
    "::",
    "####",
    "=",
    "~",
    "%50%",
    "//",
    "'=",
)


def text(least=1, most=60):
    """Markdown with all the signs that some format gives a meaning, without tags and links."""
    part = st.one_of(st.text(SIGNS, min_size=1, max_size=20), st.sampled_from(WORDS))
    joined = st.lists(part, min_size=1, max_size=5).map(" ".join).map(str.strip)
    return joined.filter(lambda each: least <= len(each) <= most)


def texts(least, most, size=60):
    return st.lists(text(most=size), min_size=least, max_size=most, unique=True)


def choices(least, most):
    said = st.just("") | text()
    return texts(least, most).flatmap(
        lambda found: st.tuples(*(st.builds(Choice, st.just(each), feedback=said) for each in found))
    )


def with_right(options, right):
    return tuple(Choice(each.text, number in right, each.feedback) for number, each in enumerate(options))


def decimals():
    return st.decimals(-(10**6), 10**6, places=3)


def _source():
    return st.text("abc =()\n\"'#{}~:\\", min_size=1, max_size=80).filter(
        lambda each: each == each.strip("\n") and each.strip()
    )


def _sources():
    urls = st.sampled_from(["https://docs.python.org/3/", "https://www.rfc-editor.org/rfc/rfc9110#name-ok"])
    days = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
    each = st.builds(Source, text(), urls, st.just("") | text(), days, days)
    return st.lists(each, max_size=2).map(tuple)


def _common(kind):
    slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
    return {
        "place": st.just(""),
        "kind": st.just(kind),
        "stem": text(15, 200),
        "id": slugs,
        "topic": st.sampled_from(["ints", "strings"]),
        "code": st.none() | st.builds(Snippet, st.sampled_from(sorted(LANGUAGES)), _source()),
        "hints": texts(0, 2).map(tuple),
        "explanation": st.just("") | text(40, 300),
        "tags": st.lists(slugs, max_size=3, unique=True).map(tuple),
        "difficulty": st.integers(1, 5),
        "objective": st.just("") | text(20, 150),
        "bloom": st.sampled_from(["", "remember", "apply", "analyse", "evaluate"]),
        "references": _sources(),
    }


def _mistakes(of):
    each = st.builds(Choice, of, feedback=text())
    return st.lists(each, max_size=3, unique_by=lambda choice: choice.text).map(tuple)


def _parts(kind):
    match kind:
        case Aspect.SINGLE:
            right = choices(2, 5).flatmap(
                lambda found: st.integers(0, len(found) - 1).map(lambda key: with_right(found, {key}))
            )
            return {"choices": right}
        case Aspect.MULTI:
            return {"choices": choices(3, 5).map(lambda found: with_right(found, {0, len(found) - 1}))}
        case Aspect.TRUEFALSE:
            told = st.tuples(st.just("") | text(), st.just("") | text(), st.booleans())
            return {
                "choices": told.map(
                    lambda all_: (Choice("True", all_[2], all_[0]), Choice("False", not all_[2], all_[1]))
                )
            }
        case Aspect.ORDER:
            return {"choices": choices(3, 6).map(lambda all_: with_right(all_, set(range(6))))}
        case Aspect.MATCH:
            sides = st.tuples(texts(3, 3), texts(3, 3), texts(3, 3))
            return {"pairs": sides.map(lambda all_: tuple(map(Pair, *all_)))}
        case Aspect.NUMBER:
            return {
                "value": decimals(),
                "tolerance": st.none() | st.decimals("0.001", 100, places=3),
                "mistakes": _mistakes(decimals().map(lambda value: f"{value:f}")),
            }
    return {"accept": texts(1, 4).map(tuple), "mistakes": _mistakes(text())}


def found(kind):
    """Questions of one kind, with every part that such a question may have."""
    return st.builds(Found, **_common(kind), **_parts(kind))


def any_found(kinds=KINDS):
    return st.sampled_from(sorted(kinds)).flatmap(found)


ONE_OF_EACH = {
    Aspect.SINGLE: Found(
        "",
        Aspect.SINGLE,
        "Which port does HTTPS use?",
        "ports",
        choices=(Choice("`443`", right=True), Choice("`80`", feedback="That is HTTP.")),
    ),
    Aspect.SHORT: Found("", Aspect.SHORT, "Which command lists files?", "listing", accept=("ls",)),
    Aspect.NUMBER: Found("", Aspect.NUMBER, "How many bits has a byte?", "bits", value=Decimal(8)),
}
