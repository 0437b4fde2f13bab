"""The replay file: the documented example is run, and every slip is named with its place."""

import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.streaks import StreakSettings, replay
from bot.domain.streaks.replay_file import ReplayFileError, parse_replay, replay_to_json

DOCS = Path(__file__).parents[4] / "docs" / "streaks.md"
JOINED = {"type": "joined", "at": "2026-03-01T12:00:00Z"}
UNTIL = "2026-03-02T12:00:00Z"


def document(*events: object, **members: object) -> str:
    return json.dumps({"until": UNTIL, "events": [JOINED, *events], **members})


def activity(**members: object) -> dict[str, Any]:
    return {"type": "activity", "at": "2026-03-01T13:00:00Z", "kind": "quiz", **members}


def test_the_example_of_the_docs_gives_the_answer_of_the_docs() -> None:
    asked, answered = re.findall(r"```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert replay_to_json(replay(*parse_replay(asked))) == json.loads(answered)


def test_the_docs_name_every_type_of_event() -> None:
    with pytest.raises(ReplayFileError) as caught:
        parse_replay(document({"type": "repaired"}))
    named = str(caught.value).rpartition("Use ")[2].rstrip(".").split(", ")
    assert len(named) == 6
    assert all(f"- `{name}`: " in DOCS.read_text("utf-8") for name in named)


def test_settings_may_be_left_out() -> None:
    assert parse_replay(document())[1] == StreakSettings()


def test_an_activity_without_a_key_is_known_by_its_place() -> None:
    events, _, _ = parse_replay(document(activity(), activity(local_date=None)))
    assert [getattr(event, "key", None) for event in events] == [None, "events[1]", "events[2]"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "line 1, column 2: this is not JSON"),
        ("[" * 100_000, "too large to be read"),
        ("[" + "9" * 5000 + "]", "too large to be read"),
        ("[]", "an object {…} is needed."),
        ('{"events": []}', "until: this is missing."),
        ('{"until": 1, "until": 2}', '"until" appears twice in one object.'),
        (document(unto=1), "unto: this isn't known. Use events, settings, until."),
        (document(until="today"), "until: a time such as 2026-03-01T08:30:00+01:00 is needed."),
        (document(until="0026-03-01T00:00Z"), "until: the year must lie between 1900 and 2200."),
        (document(events={}), "events: a list […] is needed."),
        (document("joined"), "events[1]: an object {…} is needed."),
        (document({}), "events[1].type: this is missing."),
        (document({"type": []}), "events[1].type: a text in quotes is needed."),
        (document({"type": "holiday_set"}), "events[1].type: this type of event isn't known"),
        (document({"type": "joined"}), "events[1].at: this is missing."),
        (document(activity(at="2026-03-01T13:00:00")), "events[1].at: the time needs an offset"),
        (document(activity(att=1)), "events[1].att: this isn't known. Use at, key, kind, local_date"),
        (document(activity(kind=7)), "events[1].kind: a text in quotes is needed."),
        (document(activity(local_date="1 March")), "events[1].local_date: a date such as"),
        (
            document({"type": "zone_changed", "at": UNTIL, "zone": "berlin"}),
            "events[1].zone: Did you mean Europe/Berlin?",
        ),
        (
            document({"type": "rest_days_set", "at": UNTIL, "days": "funday"}),
            "events[1].days: I don't recognise “funday”.",
        ),
        (
            document({"type": "rest_days_set", "at": UNTIL, "days": "sun", "whose": "mine"}),
            'events[1].whose: "group" or "member" is needed.',
        ),
        (document(settings=[]), "settings: an object {…} is needed."),
        (document(settings={"rollover": "3"}), "settings.rollover: “3” could be 03:00 or 15:00."),
        (document(settings={"hold": True}), "settings.hold: a whole number is needed."),
        (document(settings={"hold": 0}), "settings: start_freezes must lie between 0 and hold."),
    ],
)
def test_a_slip_is_named_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(ReplayFileError) as caught:
        parse_replay(text)
    assert sentence in str(caught.value)


def test_times_of_any_offset_are_read_into_utc() -> None:
    _, _, until = parse_replay(document(until="2026-03-02T14:00:00+02:00"))
    assert until.isoformat() == "2026-03-02T12:00:00+00:00"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(UNTIL),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "at", "kind", "days", "zone", "rollover", "local_date"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(json_values, json_values, json_values)
def test_nothing_but_a_replay_file_error_comes_of_bad_input(
    events: object, settings: object, whole: object
) -> None:
    texts = (document(events=events), document(activity(), settings=settings), json.dumps(whole))
    for text in (*texts, document(events)):
        with contextlib.suppress(ReplayFileError):
            parse_replay(text)
