"""The rules of docs/streaks.md, one example each: what counts, kinds of day, freezes, one row."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from timeit import timeit

import pytest

from bot.domain.streaks import (
    Acted,
    Asked,
    Event,
    Joined,
    NeedsReplay,
    NoFaultDay,
    RestDaysSet,
    State,
    StreakReplay,
    StreakSettings,
    advance,
    rebuild,
    replay,
    summary,
)
from bot.domain.streaks.state import STATE_VERSION
from tests.support.streak_asked import asked_always

DAY = dt.timedelta(days=1)
MILLISECOND = dt.timedelta(milliseconds=1)
BERLIN = StreakSettings(zone="Europe/Berlin")
MONDAY = dt.date(2026, 3, 2)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def noon(day: int) -> dt.datetime:
    """Noon (UTC) of the day so many days after Monday, 2 March 2026."""
    return dt.datetime.combine(MONDAY + day * DAY, dt.datetime.min.time(), dt.UTC) + DAY / 2


def active(days: Iterable[int]) -> list[Event]:
    return [Acted(noon(day), "quiz", f"answer-{day}") for day in days]


def statuses(ledger: StreakReplay) -> str:
    """One letter for each day: Active, Rest, Frozen, Neutral, Missed, Open."""
    return "".join(day.verdict.status[0].upper() for day in ledger.days)


ALWAYS = asked_always(noon(-3), noon(60))


def told(events: list[Event], until: int, settings: StreakSettings = BERLIN) -> StreakReplay:
    """The ledger of somebody of whom something is asked every day."""
    return replay([*ALWAYS, *events], settings, noon(until))


# What counts


def test_any_genuine_attempt_counts_and_only_once_a_day() -> None:
    kinds = ("quiz", "prompt", "milestone")
    same_day = [Acted(noon(0), kind, kind) for kind in kinds]
    ledger = told(same_day, until=0)
    assert (ledger.current, ledger.today_counted, statuses(ledger)) == (1, True, "A")


def test_a_late_answer_to_yesterdays_question_counts_for_today() -> None:
    assert statuses(told([Joined(noon(0)), *active([1])], until=1)) == "MA"


@pytest.mark.parametrize(("off", "told_as"), [(-MILLISECOND, "AO"), (dt.timedelta(0), "NA")])
def test_the_rollover_decides_to_the_millisecond(off: dt.timedelta, told_as: str) -> None:
    rollover = utc("2026-03-03T02:00")
    events = [Joined(rollover - dt.timedelta(hours=1)), Acted(rollover + off, "quiz", "k")]
    assert statuses(told(events, until=1)) == told_as


def test_a_click_before_the_rollover_counts_for_its_day_though_processed_after_it() -> None:
    rollover = utc("2026-03-03T02:00")
    click = Acted(rollover - MILLISECOND, "quiz", "late")
    state = rebuild(active([-1]), BERLIN)
    assert summary(state, rollover + dt.timedelta(seconds=5), BERLIN).current == 1
    state = advance(state, click, BERLIN)
    assert summary(state, rollover + dt.timedelta(seconds=5), BERLIN).current == 2


def test_a_redelivered_activity_counts_once() -> None:
    events = active([0, 1])
    state = rebuild(events, BERLIN)
    assert advance(state, events[1], BERLIN) == state
    assert told(events + events, until=1).current == 2


def test_an_activity_key_that_comes_back_with_another_time_is_the_first_one() -> None:
    again = Acted(noon(1), "quiz", "answer-0", MONDAY + DAY)
    assert statuses(told([again, *active([0])], until=1)) == "AO"


def test_events_may_arrive_out_of_order() -> None:
    events = active(range(5))
    assert told(events[::-1], until=4) == told(events, until=4)


def test_one_person_on_two_platforms_has_one_day() -> None:
    discord = Acted(noon(0), "quiz", "discord:1")
    slack = Acted(noon(0) + DAY / 8, "quiz", "slack:1")
    assert told([discord, slack], until=0).current == 1


def test_a_retired_question_or_a_corrected_key_takes_no_day_away() -> None:
    # An activity holds neither the question nor its mark: there is nothing that could change.
    assert set(Acted.__dataclass_fields__) == {"at", "kind", "key", "local_date"}


def test_a_recorded_date_stands_when_the_rollover_is_changed_later() -> None:
    click = Acted(utc("2026-03-03T01:30"), "quiz", "k", local_date=MONDAY)
    midnight = StreakSettings(zone="Europe/Berlin", rollover=dt.datetime.min.time())
    first = told([click], 1, midnight).days[0]
    assert (first.local_date, first.verdict.status) == (MONDAY, "active")


def test_days_before_joining_do_not_exist() -> None:
    ledger = told([NoFaultDay(MONDAY, "bot down"), Joined(noon(2))], until=3)
    assert [day.local_date for day in ledger.days] == [MONDAY + 2 * DAY, MONDAY + 3 * DAY]
    nobody = told([], until=3)
    assert (nobody.days, nobody.current, nobody.freezes, nobody.asked_last_30) == ((), 0, 1, 0)


def test_an_activity_just_before_the_recorded_joining_is_not_lost() -> None:
    click = Acted(noon(0), "quiz", "first")
    assert told([Joined(noon(0) + MILLISECOND), click], until=0).current == 1


def test_what_happens_after_until_is_not_told() -> None:
    assert statuses(told(active([0, 1, 2]), until=1)) == "AA"


# Kinds of day


def test_today_is_open_and_breaks_nothing() -> None:
    ledger = told(active([0, 1]), until=2)
    assert (statuses(ledger), ledger.current, ledger.today_counted) == ("AAO", 2, False)
    assert ledger.counts_until == utc("2026-03-05T02:00")


def test_a_rest_day_of_the_group_or_of_the_member_is_neutral() -> None:
    group = replace(BERLIN, rest_days=frozenset({1}))
    events = [RestDaysSet(noon(-1), frozenset({2}), "member"), *active([0, 3])]
    ledger = told(events, 3, group)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("ARRA", 2, 1)


def test_a_rest_day_with_an_activity_counts_as_active() -> None:
    everyday = replace(BERLIN, rest_days=frozenset(range(7)))
    assert told(active([0, 1]), 1, everyday).current == 2


def test_rest_days_change_at_the_next_rollover() -> None:
    tuesday_off = RestDaysSet(noon(1) + DAY / 2, frozenset({1}))
    assert statuses(told([*active([0]), tuesday_off], until=9)) == "AMMMMMMMRO"


def test_rest_days_set_at_the_moment_of_joining_hold_on_the_first_day() -> None:
    events = [Joined(noon(0)), RestDaysSet(noon(0), frozenset({0}))]
    assert statuses(told(events, until=0)) == "R"


def test_a_no_fault_day_is_neutral_and_says_why() -> None:
    ledger = told([*active([0, 2]), NoFaultDay(MONDAY + DAY, "the bot was down")], until=2)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("ANA", 2, 1)
    assert ledger.days[1].note == "the bot was down"


def test_a_no_fault_day_with_an_activity_counts_as_active() -> None:
    assert told([*active([0]), NoFaultDay(MONDAY, "bot down")], until=0).current == 1


@pytest.mark.parametrize(("late", "told_as"), [(0 * DAY, "MO"), (MILLISECOND, "NO")])
def test_whoever_joins_with_less_than_half_a_day_left_has_missed_nothing(
    late: dt.timedelta, told_as: str
) -> None:
    joined = Joined(utc("2026-03-02T14:00") + late)  # 15:00 in Berlin, twelve hours before the end
    assert statuses(told([joined], until=1)) == told_as


def test_the_29th_of_february_is_a_day() -> None:
    days = [Acted(utc(f"2024-{day}T12:00"), "quiz", day) for day in ("02-28", "02-29", "03-01")]
    assert replay(days, BERLIN, utc("2024-03-01T13:00")).current == 3


# Freezes


def test_a_freeze_covers_a_missed_day_by_itself() -> None:
    ledger = told(active([0, 2]), until=2)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("AFA", 2, 0)


def test_a_gap_that_cannot_be_covered_costs_no_freeze() -> None:
    before, after = told(active([0]), until=2), told(active([0]), until=3)
    assert (statuses(before), before.current, before.freezes) == ("AFO", 1, 0)
    assert (statuses(after), after.current, after.freezes) == ("AMMO", 0, 1)
    assert [day.streak_after for day in after.days] == [1, 0, 0, 0]


def test_the_oldest_gap_is_paid_first() -> None:
    ledger = told(active([0, 2, 4]), until=4)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("AFAMA", 1, 0)


def test_seven_active_days_earn_a_freeze_and_two_are_held() -> None:
    balances = [day.freezes_after for day in told(active(range(21)), until=20).days]
    assert balances == [1] * 6 + [2] * 15


def test_the_way_to_the_next_freeze_starts_anew_with_a_new_streak() -> None:
    ledger = told(active([*range(6), *range(8, 14)]), until=13)
    assert (ledger.current, ledger.best, ledger.freezes) == (6, 6, 1)
    assert told(active([*range(6), *range(8, 15)]), until=14).freezes == 2


def test_frozen_and_rest_days_do_not_earn() -> None:
    events = [*active([0, 1, 2, 4, 5, 6]), RestDaysSet(noon(-1), frozenset({0}))]
    ledger = told(events, until=7)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("AAAFAAAR", 6, 0)


def test_a_streak_of_zero_takes_no_freeze() -> None:
    ledger = told([Joined(noon(0) - DAY / 4), *active([3])], until=3)
    assert (statuses(ledger), ledger.freezes) == ("MMMA", 1)


def test_rest_and_no_fault_days_inside_a_gap_cost_nothing() -> None:
    rest = RestDaysSet(noon(-1), frozenset({2}))
    events = [*active([0, 5]), rest, NoFaultDay(MONDAY + 3 * DAY, "bot down")]
    two = replace(BERLIN, start_freezes=2)
    ledger = told(events, 5, two)
    assert (statuses(ledger), ledger.current, ledger.freezes) == ("AFRNFA", 2, 0)


def test_a_rest_day_inside_a_gap_that_is_given_back_shows_the_broken_streak() -> None:
    rest = RestDaysSet(noon(-1), frozenset({1, 3}))
    ledger = told([*active([0]), rest], until=5)
    assert statuses(ledger) == "ARMRMO"
    assert [day.streak_after for day in ledger.days] == [1, 1, 0, 0, 0, 0]
    assert [day.freezes_after for day in ledger.days] == [1] * 6


@pytest.mark.parametrize("wrong", [{"earn_every": 0}, {"start_freezes": 3}, {"start_freezes": -1}])
def test_settings_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        StreakSettings(**wrong)  # type: ignore[arg-type]


def test_events_are_in_utc_or_refused() -> None:
    with pytest.raises(ValueError, match="not a time in UTC"):
        advance(State.new(BERLIN), Joined(noon(0).replace(tzinfo=None)), BERLIN)


# What is shown


def test_the_last_thirty_days_leave_out_an_open_today() -> None:
    events = active([*range(20), *range(26, 45)])
    assert (told(events, 44).active_last_30, told(events, 44).asked_last_30) == (24, 30)
    assert told(events, 45).active_last_30 == 24
    newcomer = told(active([0, 2]), until=3)
    assert (newcomer.active_last_30, newcomer.asked_last_30) == (2, 3)


def test_days_that_asked_nothing_are_no_days_asked() -> None:
    unasked = replay(active([0, 2, 4, 6]), BERLIN, noon(8))
    assert (unasked.active_last_30, unasked.asked_last_30, unasked.current) == (4, 4, 4)


def test_the_best_streak_outlives_the_current_one() -> None:
    ledger = told(active([0, 1, 2, 3, 8, 9]), until=9)
    assert (ledger.current, ledger.best) == (2, 4)


# One row a member


def test_an_event_older_than_what_is_settled_needs_a_replay() -> None:
    state = rebuild(active([0, 1, 2]), BERLIN)
    for old in (*active([0]), NoFaultDay(MONDAY, "bot down"), RestDaysSet(noon(1), frozenset({1}))):
        with pytest.raises(NeedsReplay):
            advance(state, old, BERLIN)


def test_an_activity_recorded_under_a_settled_date_needs_a_replay() -> None:
    state = rebuild(active([0, 1]), BERLIN)
    with pytest.raises(NeedsReplay):
        advance(state, Acted(noon(1) + DAY / 8, "quiz", "k", local_date=MONDAY), BERLIN)


def test_a_twin_of_the_joining_activity_recorded_under_the_day_before_needs_a_replay() -> None:
    state = rebuild(active([0]), BERLIN)
    twin = Acted(noon(0), "quiz", "twin", local_date=MONDAY - DAY)
    with pytest.raises(NeedsReplay):
        advance(state, twin, BERLIN)
    assert rebuild([*active([0]), twin], BERLIN).first == MONDAY - DAY


def test_an_activity_recorded_under_a_day_before_joining_is_forgotten() -> None:
    facts = [Joined(noon(0)), Acted(noon(0) + DAY / 8, "quiz", "k", local_date=MONDAY - DAY)]
    state = rebuild(facts, BERLIN)
    assert state == rebuild(facts[:1], BERLIN, as_of=facts[1].at)
    assert advance(rebuild(facts[:1], BERLIN), facts[1], BERLIN) == state


def test_two_choices_of_one_instant_need_a_replay_before_joining_too() -> None:
    first, second = (RestDaysSet(noon(0), frozenset({day})) for day in (1, 0))
    with pytest.raises(NeedsReplay):
        advance(advance(State.new(BERLIN), first, BERLIN), second, BERLIN)
    assert rebuild([first, second], BERLIN) == rebuild([second, first], BERLIN)


def test_a_no_fault_day_before_joining_needs_no_replay() -> None:
    state = rebuild(active([0, 1]), BERLIN)
    assert advance(state, NoFaultDay(MONDAY - DAY, "bot down"), BERLIN) == state


def test_a_summary_before_the_last_event_is_that_after_it() -> None:
    state = rebuild(active([0, 1]), BERLIN)
    assert summary(state, noon(0), BERLIN) == summary(state, noon(1), BERLIN)


def test_a_state_is_one_short_line_of_json() -> None:
    state = rebuild(active(day for day in range(400) if day % 3), BERLIN)
    assert State.from_json(state.to_json()) == state
    assert "\n" not in state.to_json()
    assert len(state.to_json()) < 1000


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1}', json.dumps({"version": STATE_VERSION + 1})]
)
def test_a_state_of_another_version_or_shape_needs_a_replay(text: str) -> None:
    with pytest.raises(NeedsReplay):
        State.from_json(text)


@pytest.mark.parametrize("key", ["rest", "score", "today"])
@pytest.mark.parametrize("value", [True, {}, ["x"], 1.5])
def test_a_state_with_a_member_of_another_shape_needs_a_replay(key: str, value: object) -> None:
    document = json.loads(rebuild(active([0]), BERLIN).to_json())
    with pytest.raises(NeedsReplay):
        State.from_json(json.dumps({**document, key: value}))


def test_advancing_is_cheap_and_a_year_away_takes_a_year_of_steps() -> None:
    state, daily, much_later = rebuild(active([0]), BERLIN), active([1])[0], active([365])[0]
    one = min(timeit(lambda: advance(state, daily, BERLIN), number=50) / 50 for _ in range(5))
    year = min(timeit(lambda: advance(state, much_later, BERLIN), number=1) for _ in range(5))
    assert one < 1e-3
    assert year < 0.2


def test_an_answer_in_time_that_arrives_after_its_day_was_judged_needs_a_replay() -> None:
    question = Asked(noon(1) - DAY / 8, noon(2) - DAY / 8, frozenset({"answer"}))
    facts = [*active([0]), Acted(noon(2), "quiz", "other")]
    state = rebuild([*facts, question], BERLIN)
    assert state.book.verdicts == "af"
    answer = Acted(noon(2) - DAY / 6, "quiz", "answer")
    with pytest.raises(NeedsReplay):
        advance(state, answer, BERLIN)
    assert rebuild([*facts, question, answer], BERLIN).book.verdicts == "at"
