"""Questions made of what a file says: their ids, and that these don't depend on its order."""

from content.formats import format_named
from content.formats.build import built, id_of

GIFT = format_named("gift")


def test_ids_are_made_of_stems_and_differ_where_stems_do():
    long = "Which of these many words is the very last one that still fits into an id of sixty"
    assert id_of(long) != id_of(long + " signs")
    assert id_of("¿?") == id_of("¿?")
    found = GIFT.read(b"// [id:ints]\nWhich port does it use?{=443 ~80}", "x").found[0]
    assert built(found, {"ints"})[0].id.startswith("ints-")
    assert built(found, {"ints"})[0].id == built(found, {"ints"})[0].id
