"""Reading a typed number with its unit, as a question declares it. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context as Precision
from decimal import Decimal

from bot.domain.questions.match_reason import MatchReason
from bot.domain.questions.normalise import one_line, plain
from content.kinds.matching import NumberMatching, Unit

_PRECISION = Precision(prec=80, Emax=9999, Emin=-9999, traps=[])
_LARGEST_EXPONENT = 400
_LEAD = re.compile(
    r"(?:=|~|≈|(?:about|approximately|approx\.?|around|roughly|ca\.|circa)(?= ))\s*", re.IGNORECASE
)
_MANTISSA = re.compile(r"[0-9.,_' ]+")
_EXPONENT = re.compile(
    r"e([+-]?[0-9]+)(?![0-9A-Za-z])|(?:×|x|\*) ?10(?:\^|\*\*)([+-]?[0-9]+)", re.IGNORECASE
)
_RANGE = re.compile(r"[0-9] ?- ?[0-9]|[0-9] ?\.\. ?[0-9]")
_LIST = re.compile(r"\b(?:or|and|to|vs)\b|[;|]|, |\n", re.IGNORECASE)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMERALS = {
    **{word: number for number, word in enumerate(_ONES)},
    **{word: number * 10 for number, word in enumerate(_TENS, start=2)},
    **{
        f"{ten}{joint}{one}": tens * 10 + ones
        for tens, ten in enumerate(_TENS, start=2)
        for ones, one in enumerate(_ONES[:10])
        for joint in "- "
        if ones
    },
}


def read_number(spec: NumberMatching, text: str) -> Decimal | MatchReason:
    """Return the number that was typed, in the question's unit, or the reason why none could be read."""
    lines = plain(text).strip().strip("`'\"*_ ").rstrip("!?.")
    if _lists_several(spec, lines):
        return MatchReason.SEVERAL
    typed = one_line(lines)
    while lead := _LEAD.match(typed):
        typed = typed[lead.end() :]
    typed = _unit_last(typed, spec.unit)
    negative = typed.startswith("-")
    found = _figure(spec, typed[1:].lstrip() if typed[:1] in {"-", "+"} else typed)
    if isinstance(found, MatchReason):
        return found
    figure, rest = found
    factor = _factor(spec.unit, rest)
    if isinstance(factor, MatchReason):
        return factor
    size = _PRECISION.multiply(figure, factor)
    return -size if negative else size


def is_within(spec: NumberMatching, number: Decimal) -> bool:
    """Return True when the number is the value, or no further from it than the tolerance allows."""
    off = abs(_PRECISION.subtract(number, spec.value))
    if spec.tolerance is None:
        return not off
    if spec.tolerance.absolute is not None:
        return off <= spec.tolerance.absolute
    return off <= _PRECISION.multiply(spec.tolerance.relative or Decimal(0), abs(spec.value))


def written(spec: NumberMatching, number: Decimal) -> str:
    """Return a number that was read, in digits and the question's unit: equal numbers as equal texts."""
    digits = f"{number.normalize(_PRECISION):f}" if number else "0"
    return f"{digits} {spec.unit.name}" if spec.unit else digits


def _lists_several(spec: NumberMatching, text: str) -> bool:
    """Return True when the text has the form of a list or a range of numbers, right or wrong."""
    units = " ".join(plain(name) for name, _ in spec.unit.factors) if spec.unit else ""
    for separator in {"/", *_LIST.findall(text)}:
        parts = text.split(separator)
        if separator not in units and sum(1 for part in parts if part.strip()) > 1:
            return True
    return bool(_RANGE.search(text))


def _figure(spec: NumberMatching, typed: str) -> tuple[Decimal, str] | MatchReason:
    """Return the number without its sign, and what stands behind it."""
    mantissa = _MANTISSA.match(typed)
    if not mantissa or not any(map(str.isdigit, mantissa[0])):
        return _numeral(typed)
    figure = _of_digits(spec, mantissa[0].strip(" '"))
    if isinstance(figure, MatchReason):
        return figure
    rest = typed[mantissa.end() :]
    exponent = _EXPONENT.match(rest)
    if not exponent:
        return figure, rest.strip()
    power = exponent[1] or exponent[2]
    if len(power) > 5 or abs(int(power)) > _LARGEST_EXPONENT:
        return MatchReason.NO_NUMBER
    return _PRECISION.scaleb(figure, int(power)), rest[exponent.end() :].strip()


def _numeral(typed: str) -> tuple[Decimal, str] | MatchReason:
    """Return the number that the first words name, from zero to ninety-nine, and what stands behind it."""
    words = typed.casefold().split(" ")
    for count in (2, 1):
        number = _NUMERALS.get(" ".join(words[:count]))
        if number is not None:
            return Decimal(number), " ".join(typed.split(" ")[count:])
    return MatchReason.NO_NUMBER


def _of_digits(spec: NumberMatching, digits: str) -> Decimal | MatchReason:
    """Return the number that digits, points, commas and separators stand for."""
    with_point = _read(digits, ".", (each for each in spec.separators if each != "."))
    with_comma = _read(digits, ",", (each for each in spec.separators if each != ","))
    if spec.decimal_comma:
        readings = {each for each in (with_point, with_comma) if each is not None}
        if len(readings) > 1:
            return MatchReason.AMBIGUOUS
        return readings.pop() if readings else _not_read(digits)
    if with_point is not None:
        return with_point
    if "," in digits and _read(digits, ",", ". _'") is not None:
        return MatchReason.DECIMAL_COMMA
    return _not_read(digits)


def _not_read(digits: str) -> MatchReason:
    return MatchReason.SEVERAL if " " in digits else MatchReason.NO_NUMBER


def _read(digits: str, mark: str, separators: Iterator[str] | str) -> Decimal | None:
    """Return the number, or None if it is not written with this decimal mark and one of the separators."""
    whole, _, fraction = digits.partition(mark)
    if (fraction and not _is_digits(fraction)) or not (whole or fraction):
        return None
    if whole and not _is_digits(whole):
        separator = next((each for each in separators if each in whole), "")
        first, *groups = whole.split(separator) if separator else ("",)
        if not (_is_digits(first) and len(first) <= 3 and first[0] != "0" and groups):
            return None
        if not all(len(group) == 3 and _is_digits(group) for group in groups):
            return None
        whole = "".join((first, *groups))
    return Decimal(f"{whole or 0}.{fraction or 0}")


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _unit_last(typed: str, unit: Unit | None) -> str:
    """Return the text with a sign such as € moved from before the number to behind it."""
    for name, _ in unit.factors if unit else ():
        sign = plain(name)
        if not any(map(str.isalnum, sign)) and typed.startswith(sign):
            return f"{typed[len(sign) :].strip()} {sign}"
    return typed


def _factor(unit: Unit | None, typed: str) -> Decimal | MatchReason:
    """Return how many of the question's unit one of the typed unit is."""
    if unit is None:
        return MatchReason.NO_NUMBER if typed else Decimal(1)
    if not typed:
        return MatchReason.MISSING_UNIT if unit.required else Decimal(1)
    for name, factor in unit.factors:
        if _is_unit(one_line(plain(name)), typed):
            return factor
    return MatchReason.WRONG_UNIT


def _is_unit(name: str, typed: str) -> bool:
    """Return True for the same name; in symbols of up to three letters capitals count."""
    return name == typed if len(name) <= 3 else name.casefold() == typed.casefold()
