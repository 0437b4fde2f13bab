"""Which typed answers a question accepts, as its file declares it.

``bot.domain.questions.matching`` does what is declared here. What a text is compared by is its *normal
form*; a pattern always has to match from the first character to the last.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

import re2
from pydantic import Field, StringConstraints, model_validator

from content.parts import ContentModel

Accepted = Annotated[str, StringConstraints(min_length=1, max_length=300)]
"""One accepted text. Space at its ends is kept: the normal form decides whether it counts."""

Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]
UnitName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=24)]
Figure = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=40)]
Positive = Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=40)]

PATTERN_MEMORY = 1 << 20
"""Bytes that a compiled pattern may take, and a match with it: larger ones are refused."""


class TextMatching(ContentModel):
    """Comparison of a typed text. The first of ``accept`` is the answer that is shown.

    ``words`` compares as people write prose: without capitals (unless ``case``), leading articles,
    punctuation around words, and the difference between a hyphen and a space. ``code`` compares as a
    program prints: capitals count, spaces next to punctuation and the kind of quotes do not, unless
    ``exact``. ``typos`` allows so many wrong letters in long words, never in the first letter of one.
    ``refuse`` lists what neither the pattern nor a typo may let through.
    """

    form: Literal["words", "code"] = "words"
    accept: Annotated[tuple[Accepted, ...], Field(min_length=1, max_length=20)]
    pattern: Pattern | None = None
    case: bool = False
    exact: bool = False
    typos: Annotated[int, Field(ge=0, le=2)] = 0
    refuse: Annotated[tuple[Accepted, ...], Field(max_length=20)] = ()

    @property
    def shown(self) -> str:
        """The answer as it is shown to members."""
        return self.accept[0]

    @model_validator(mode="after")
    def _parts_fit_the_form(self) -> TextMatching:
        if self.form == "code" and self.typos:
            raise ValueError("`typos` belongs to the form `words`: in code every character counts")
        if self.form == "code" and self.case:
            raise ValueError("`case` belongs to the form `words`: in code capitals always count")
        if self.form == "words" and self.exact:
            raise ValueError("`exact` belongs to the form `code`")
        if self.pattern is not None:
            compiled_pattern(self.pattern, case=self.keeps_case)
        return self

    @property
    def keeps_case(self) -> bool:
        """True when capitals make a difference."""
        return self.case or self.form == "code"


class Tolerance(ContentModel):
    """Largest accepted distance from the value, inclusive: an amount, or a share of the value."""

    absolute: Positive | None = None
    relative: Annotated[Decimal, Field(gt=0, lt=1, allow_inf_nan=False, max_digits=40)] | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Tolerance:
        if (self.absolute is None) == (self.relative is None):
            raise ValueError("a tolerance is either `absolute` or `relative`")
        return self


class Conversion(ContentModel):
    """Another unit that an answer may be given in: one of it is ``factor`` of the question's unit."""

    unit: UnitName
    aliases: Annotated[tuple[UnitName, ...], Field(max_length=12)] = ()
    factor: Positive


class Unit(ContentModel):
    """The unit of the value. Without ``required``, a bare number is taken to be in this unit.

    Names of up to three letters are symbols, whose capitals count (``Mb`` is not ``MB``); in longer
    names they do not.
    """

    name: UnitName
    aliases: Annotated[tuple[UnitName, ...], Field(max_length=12)] = ()
    required: bool = False
    conversions: Annotated[tuple[Conversion, ...], Field(max_length=12)] = ()

    @model_validator(mode="after")
    def _has_each_name_once(self) -> Unit:
        names = [_unit_key(name) for name, _ in self.factors]
        if len(set(names)) != len(names):
            raise ValueError("two units share a name")
        return self

    @property
    def factors(self) -> tuple[tuple[str, Decimal], ...]:
        """Every name of every unit, with how many of this unit one of it is."""
        own = [(name, Decimal(1)) for name in (self.name, *self.aliases)]
        others = [
            (name, other.factor) for other in self.conversions for name in (other.unit, *other.aliases)
        ]
        return (*own, *others)


class NumberMatching(ContentModel):
    """Comparison of a typed number: by its value, not by how it is written.

    ``separators`` lists what may stand between groups of three digits. With ``decimal_comma`` false, a
    comma that is no separator is refused with a sentence, never guessed at. Write the value in quotes
    when its last zeros are to be shown.
    """

    value: Figure
    tolerance: Tolerance | None = None
    unit: Unit | None = None
    separators: Annotated[tuple[Literal[",", ".", " ", "_", "'"], ...], Field(max_length=5)] = (
        ",",
        " ",
        "_",
    )
    decimal_comma: bool = False

    @property
    def shown(self) -> str:
        """The answer as it is shown to members."""
        return f"{self.value:f} {self.unit.name}" if self.unit else f"{self.value:f}"

    @model_validator(mode="after")
    def _point_has_one_meaning(self) -> NumberMatching:
        if "." in self.separators and not self.decimal_comma:
            raise ValueError("a point can only stand between groups of digits with `decimal_comma: true`")
        if self.tolerance and self.tolerance.relative and not self.value:
            raise ValueError("a relative tolerance of 0 is nothing: use `absolute`")
        return self


Matching = TextMatching | NumberMatching


@lru_cache(maxsize=1024)
def compiled_pattern(pattern: str, *, case: bool) -> Any:
    """Compile a pattern with RE2, whose matching takes time linear in the text, whatever the pattern.

    Raises ValueError when it is not a pattern of RE2, which knows no look-around and no back-references.
    """
    options = re2.Options()
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    options.case_sensitive = case
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "unknown"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"the pattern can't be used: {text}") from None


def _unit_key(name: str) -> str:
    return name if len(name) <= 3 else name.casefold()
