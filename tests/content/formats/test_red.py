"""Trivia lists as Red-DiscordBot has them, and files that are no such thing."""

from decimal import Decimal

import pytest

from content.formats.base import Aspect, RefusedError
from content.formats.red import Red

LIST = """
AUTHOR: Ana
DESCRIPTION: >-
  About ports and more.
CONFIG:
  timeout: 20.0
Which port does HTTPS use?:
- 443
Who made Python?:
- Guido van Rossum
- van Rossum
"Is water wet?":
- yes
"What is <b>bold</b><script>x()</script> in HTML?":
  - b
  - true
Nobody knows this?: []
"""


def test_a_list_is_read_as_red_reads_it():
    result = Red().read(LIST.encode(), "mine.yaml")
    number, short, truth, mixed = result.found
    assert (number.kind, number.value, number.place) == (Aspect.NUMBER, Decimal(443), "mine.yaml:7")
    assert short.accept == ("Guido van Rossum", "van Rossum")
    assert (truth.kind, truth.choices[0].right) == (Aspect.TRUEFALSE, True)
    assert (mixed.stem, mixed.accept) == ("What is bold in HTML?", ("b", "True", "Yes", "On"))
    assert [note.place for note in result.notes] == ["mine.yaml:17"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &x [b]\nc: *x", "x.yaml:1: anchors and aliases"),
        ("a: [" * 10, "nested too deep"),
        ("- a", "isn't a list of questions"),
        ("", "isn't a list of questions"),
        ("a: 'b", "x.yaml:1: it isn't YAML"),
        ("a: b\x00", "isn't YAML|NUL"),
        ("".join(f"q{n}: [a]\n" for n in range(2100)), "more than 2,000 questions"),
    ],
)
def test_what_is_no_list_is_refused_with_its_line(text, why):
    with pytest.raises(RefusedError, match=why):
        Red().read(text.encode(), "x.yaml")


def test_no_object_is_made_of_a_tag():
    [note] = Red().read(b"q: !!python/object/apply:os.system [id]\n\nWhat?: {a: b}", "x").notes
    assert note.question == "What?"
