"""An export in any format is read again as it was, as far as the format says that it carries it."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from content.formats import FORMATS
from content.formats.base import KINDS, Aspect, Choice, Found, Source
from content.formats.build import built
from content.formats.carry import narrowed
from content.formats.flatten import flattened
from content.formats.pack import exported, imported
from content.loader import load_pack, shipped_packs_folder
from content.model import Pack
from tests.content.formats.found import any_found

NOW = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
NAMED = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


FAST = settings(
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def shipped():
    return load_pack(shipped_packs_folder() / "backend-python")


@NAMED
@given(st.data())
@settings(FAST, max_examples=25)
def test_what_a_format_carries_comes_back_as_it_was(format_, data):
    asked = data.draw(
        st.lists(any_found(KINDS & format_.carries), min_size=1, max_size=2, unique_by=lambda each: each.id)
    )
    kept = [each for each in (narrowed(each, format_.carries)[0] for each in asked) if each]
    read = format_.read(format_.write(kept), "file")
    assert [str(note) for note in read.notes] == []
    again = [narrowed(replace(each, place=""), format_.carries)[0] for each in read.found]
    assert [*map(_unordered, again)] == [*map(_unordered, kept)]


@NAMED
@given(st.data())
@settings(FAST, max_examples=15)
def test_a_question_that_was_built_is_the_same_after_an_export(format_, data):
    found = data.draw(any_found(KINDS & format_.carries))
    question, _ = built(found if Aspect.CODE in format_.carries else replace(found, code=None))
    before, _lost = narrowed(flattened(question, "ints")[0], format_.carries)
    [read] = format_.read(format_.write([before]), "file").found
    again, _ = built(read)
    after, _ = narrowed(flattened(again, "ints")[0], format_.carries)
    after = replace(after, place="", id=before.id, topic="")
    assert _unordered(after) == _unordered(replace(before, place="", topic=""))


@NAMED
def test_the_shipped_pack_is_exported_and_imported_again(format_, shipped):
    out = exported(format_, shipped, NOW)
    count = out.count
    assert count == sum(
        narrowed(flattened(each, "")[0], format_.carries)[0] is not None
        for group in shipped.questions.values()
        for each in group
        if each.status == "active"
    )
    topic = "" if Aspect.TOPIC in format_.carries else shipped.topics[0].id
    empty = _without_questions(shipped)
    read = imported(format_, out.data, f"file{format_.suffixes[0]}", empty, topic)
    count, expected = read.count, out.count
    assert count == expected


def _unordered(found: Found) -> Found:
    """Return a question whose options have no order: the bot shuffles them."""
    if found.kind is not Aspect.SINGLE:
        return found
    return replace(found, choices=tuple(sorted(found.choices, key=lambda each: each.text)))


def _without_questions(pack: Pack) -> Pack:
    kept = {"prompts": {}, "challenges": {}}
    return pack.model_copy(update={"questions": dict.fromkeys(pack.questions, ()), **kept})


@NAMED
def test_the_report_of_an_export_names_each_question_that_lost_something(format_, shipped):
    notes = exported(format_, shipped, NOW).notes
    told = Counter(note.question for note in notes)
    assert set(told.values()) == {1}
    with_references = {
        each.id for group in shipped.questions.values() for each in group if each.status == "active"
    }
    if Aspect.REFERENCES not in format_.carries:
        assert with_references <= told.keys()
    assert all(Path(note.place).suffix == ".yaml" for note in notes)


@NAMED
def test_the_report_of_an_export_names_every_part_that_has_no_place(format_):
    question, _ = built(
        Found(
            "",
            Aspect.SHORT,
            "Which command lists files?",
            accept=("ls",),
            mistakes=(Choice("dir", feedback="That is for another system."),),
            objective="List the files of a folder.",
            bloom="apply",
            references=(Source("ls", "https://example.org/ls", as_of=NOW.date()),),
        )
    )
    _, lost = narrowed(flattened(question, "ints")[0], format_.carries)
    if Aspect.SHORT not in format_.carries:
        assert lost == ["the whole question: the format has no place for the kind short"]
        return
    parts = {"objective", "bloom", "references", "mistakes"}
    assert {each.removeprefix("1 ") for each in lost} & {*parts, "mistake"} == {
        "mistake" if each == "mistakes" else each for each in parts - {*map(str, format_.carries)}
    }
