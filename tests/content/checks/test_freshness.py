"""Claims that go out of date are named once their day has come."""

import datetime as dt

import pytest

TODAY = dt.date(2027, 3, 1)


@pytest.mark.parametrize(
    ("thing", "file", "named"),
    [
        (lambda tiny: tiny.question, "questions/ints.yaml", "'ints-2'"),
        (lambda tiny: tiny.prompt, "prompts/ints.yaml", "'ints-prompt'"),
        (
            lambda tiny: tiny.question["references"][0],
            "questions/ints.yaml",
            "the reference 'Python documentation'",
        ),
        (lambda tiny: tiny.topics[0]["corrections"][0], "roadmap.yaml", "a correction of 'ints'"),
    ],
    ids=["question", "prompt", "reference", "correction"],
)
def test_a_day_that_has_come_is_a_warning(tiny, thing, file, named):
    tiny.topics[0]["corrections"] = [{"kind": "outdated", "says": "It is so.", "instead": "It was so."}]
    thing(tiny)["review_by"] = str(TODAY)
    assert tiny.found() == []
    assert tiny.found(today=TODAY - dt.timedelta(days=1)) == []
    [warning] = tiny.check(today=TODAY).warnings
    assert (warning.file, warning.check) == (file, "review")
    assert warning.message == f"{named} should have been read again by 2027-03-01"
