"""Rest days of one's own, changed once in seven days: docs/streaks.md, "Rest days"."""

import datetime as dt
import json

import pytest

from bot.domain.streaks import (
    Acted,
    Event,
    Joined,
    NeedsReplay,
    RestDaysSet,
    State,
    StreakReplay,
    StreakSettings,
    advance,
    rebuild,
    replay,
    rest_days_change_allowed,
    up_to_date,
)
from bot.domain.streaks.replay_file import replay_to_json
from tests.support.helpers import facts, quiz_of
from tests.support.streak_asked import asked_always

DAY = dt.timedelta(days=1)
BERLIN = StreakSettings(zone="Europe/Berlin")
MONDAY = dt.date(2026, 3, 2)


def noon(day: float) -> dt.datetime:
    """Noon (UTC) of the day so many days after Monday, 2 March 2026."""
    return dt.datetime.combine(MONDAY, dt.datetime.min.time(), dt.UTC) + DAY / 2 + day * DAY


ALWAYS = asked_always(noon(-1), noon(30))


def rests(day: float, *days: int, whose: str = "member") -> RestDaysSet:
    """Set in the afternoon: at the moment of joining it would be no change."""
    return RestDaysSet(noon(day) + DAY / 24, frozenset(days), whose)  # type: ignore[arg-type]


def told(*events: Event, until: float) -> StreakReplay:
    return replay([*ALWAYS, Acted(noon(0), "quiz", "first"), *events], BERLIN, noon(until))


def statuses(ledger: StreakReplay) -> str:
    return "".join(day.verdict.status[0].upper() for day in ledger.days)


def test_resetting_them_each_day_keeps_no_streak() -> None:
    ledger = told(*(rests(day, (day + 1) % 7) for day in range(20)), until=20)
    assert statuses(ledger)[:8] == "ARMMMMMM"
    assert ledger.current == 0
    assert [one.at for one in ledger.refused[:3]] == [noon(day) + DAY / 24 for day in (1, 2, 3)]


def test_a_change_is_taken_seven_dates_after_the_last_one_took_over() -> None:
    assert told(rests(0, 1), rests(6, 2), until=9).refused == (rests(6, 2),)
    assert told(rests(0, 1), rests(7, 2), until=9).refused == ()


def test_a_change_that_waits_may_be_corrected_or_taken_back() -> None:
    assert statuses(told(rests(0, 3), rests(0.1, 1), until=2)) == "ARO"
    ledger = told(rests(0, 1), rests(0.1), rests(1, 2), until=3)
    assert (statuses(ledger), ledger.refused) == ("AFRO", ())


def test_asking_for_what_one_has_is_no_change_and_counts_for_none() -> None:
    ledger = told(rests(0, 1), rests(5, 1), rests(7, 2), until=9)
    assert ledger.refused == ()
    assert statuses(ledger)[-2:] == "MR"


def test_what_is_set_before_joining_is_no_change() -> None:
    events = [rests(-2, 1), rests(-1, 2), Joined(noon(0)), rests(0, 1)]
    ledger = replay([*ALWAYS, *events], BERLIN, noon(2))
    assert (statuses(ledger), ledger.refused) == ("MRO", ())


def test_the_groups_rest_days_are_another_matter() -> None:
    ledger = told(rests(0, 1), rests(1, 2, whose="group"), rests(2, 3, whose="group"), until=4)
    assert (statuses(ledger), ledger.refused) == ("ARRRO", ())


def test_a_state_knows_what_a_replay_knows() -> None:
    events = [Acted(noon(0), "quiz", "first"), *(rests(day, day % 7) for day in range(18))]
    state = State.new(BERLIN)
    for count, event in enumerate(events, start=1):
        state = up_to_date(advance(state, event, BERLIN), event.at, BERLIN)
        assert State.from_json(state.to_json()) == state == rebuild(events[:count], BERLIN)
    allowed = [day for day in range(18, 26) if rest_days_change_allowed(state, noon(day), BERLIN)]
    assert allowed == [23, 24, 25]


def test_a_state_that_was_written_without_the_rule_is_made_anew() -> None:
    document = json.loads(State.new(BERLIN).to_json())
    del document["rest_since"]
    with pytest.raises(NeedsReplay):
        State.from_json(json.dumps(document))


def test_the_replay_file_lists_a_refused_change() -> None:
    refused = replay_to_json(told(rests(0, 1), rests(2, 0, 2, 3, 4), until=3))["refused"]
    assert refused == [{"at": "2026-03-04T13:00:00+00:00", "days": "Mon, Wed–Fri"}]


@pytest.mark.asyncio
async def test_a_second_change_within_a_week_is_refused_in_a_sentence(study):
    ana = study.person("Ana")
    await ana.answers(quiz_of(study))
    study.clock.advance(minutes=1)
    await ana.uses("/preferences", rest="wed")
    study.clock.advance(minutes=1)
    await ana.uses("/preferences", rest="tue")
    assert ana.sees("From tomorrow, your rest days are: Tue.")
    await study.days_pass(2)
    before = facts(study)
    await ana.uses("/preferences", rest="thu")
    assert ana.sees("You changed your rest days less than a week ago.")
    await ana.uses("/preferences")
    assert ana.form.fields[1].value == "Tue"
    await ana.sends(rest="thu")
    assert ana.errors.keys() == {"rest"}
    assert facts(study) == before
    await study.days_pass(5)
    await ana.uses("/preferences", rest="monday, tuesday, wednesday, thursday, friday, saturday")
    assert ana.sees("From tomorrow, your rest days are: Mon–Sat.")
    assert await study.problems() == ()
