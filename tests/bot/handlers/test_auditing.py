"""Audit log: every organiser's act leaves one entry, by any route."""

import dataclasses
import datetime as dt

import pytest

from bot.chat import ChannelRef, Denial, Denied, Forbidden, UserRef
from bot.domain.audit import ActorKind, AuditAction
from bot.handlers import all_routes
from tests.bot.worker.senders.test_rewards import ROLE, acts_on
from tests.support.helpers import facts
from tests.support.people import MONDAY, words

pytestmark = pytest.mark.asyncio

READING = {"study status", "study organisers", "study log"}
"""Organisers' routes that change nothing."""


def olga_of(study, **where):
    return study.person("Olga", organiser=True, **where)


async def entries(study):
    found = await study.run(lambda unit: unit.audit.since(MONDAY - dt.timedelta(days=1), 0, 1000))
    return list(found)


async def last(study):
    return (await entries(study))[-1]


async def set_up(study):
    await olga_of(study, channel="second").uses(
        "/study setup", pack="backend-python", zone="UTC", time="10:00", days="daily"
    )


async def set_up_by_form(study):
    olga = olga_of(study, channel="second")
    await olga.uses("/study setup")
    await olga.sends(pack="backend-python", zone="UTC", time="10:00", days="mon")


async def schedule(study):
    await olga_of(study).uses("/study schedule", kind="quiz", time="11:00")


async def schedule_by_form(study):
    olga = olga_of(study)
    await olga.uses("/study schedule", kind="recap")
    await olga.sends(time="off")


async def zone(study):
    await olga_of(study).uses("/study zone", zone="Asia/Tokyo")


async def pause(study):
    await olga_of(study).uses("/study pause", until="27 December")


async def pause_by_button(study):
    olga = olga_of(study)
    await olga.uses("/study status")
    await olga.presses("Pause")


async def resume(study):
    await pause(study)
    await olga_of(study).uses("/study resume")


async def resume_by_button(study):
    await pause(study)
    olga = olga_of(study)
    await olga.uses("/study status")
    await olga.presses("Resume")


async def post_now(study):
    await olga_of(study).uses("/study post-now", kind="quiz")


async def post_now_by_button(study):
    await set_up(study)
    await olga_of(study, channel="second").presses("Post a question now")


async def skip(study):
    await olga_of(study).uses("/study skip", add="24 Dec - 26 Dec")


async def move(study):
    new = ChannelRef(study.room.platform, "w", "new")
    await olga_of(study).uses("/study move", channel="new", channels={"channel": new})


async def call(study):
    await olga_of(study).uses("/study mention", role="8001", names={"role": "Class"})


async def reward(study):
    await olga_of(study).uses("/study reward", role=ROLE, days="7", names={"role": "Gold"})


async def organiser(study):
    await olga_of(study).uses("/study organiser", member="ana", names={"member": "Ana"})


DONE = {
    "study setup": (set_up, "set_up", "“Olga” (olga) set the group up (10:00, every day, UTC)"),
    "study.setup": (set_up_by_form, "set_up", "“Olga” (olga) set the group up (10:00, Mon, UTC)"),
    "study schedule": (
        schedule, "scheduled", "“Olga” (olga) changed the question: 09:30, weekdays → 11:00, weekdays",
    ),
    "study.schedule": (
        schedule_by_form, "scheduled", "“Olga” (olga) changed the weekly recap: 09:30, Sun → off",
    ),
    "study zone": (zone, "zone_changed", "“Olga” (olga) changed the time zone: Europe/Berlin → Asia/Tokyo"),
    "study pause": (pause, "paused", "“Olga” (olga) paused the group until Sun 27 Dec 2026"),
    "study.pause": (pause_by_button, "paused", "“Olga” (olga) paused the group"),
    "study resume": (resume, "resumed", "“Olga” (olga) resumed the group"),
    "study.resume": (resume_by_button, "resumed", "“Olga” (olga) resumed the group"),
    "study post-now": (post_now, "posted", "“Olga” (olga) asked for a question right away"),
    "study.post_now": (post_now_by_button, "posted", "“Olga” (olga) asked for a question right away"),
    "study skip": (skip, "skipped", "“Olga” (olga) skipped Thu 24 Dec to Sat 26 Dec 2026"),
    "study move": (move, "moved", "“Olga” (olga) moved the group to another channel"),
    "study mention": (call, "mention_chosen", "“Olga” (olga) let posts mention “Class”"),
    "study reward": (
        reward, "reward_chosen", "“Olga” (olga) made “Gold” the reward for a 7-day streak",
    ),
    "study organiser": (organiser, "organiser_added", "“Olga” (olga) added “Ana” (ana) as an organiser"),
}  # fmt: skip


async def test_every_route_of_organisers_is_known_here():
    routes = all_routes()
    every = {**routes.of_commands, **routes.of_actions}
    theirs = {name for name, route in every.items() if route.organiser_only}
    assert theirs - READING - {"study.log"} == DONE.keys(), (
        "a new route needs an act here that it is to leave"
    )


@pytest.mark.parametrize("route", DONE)
async def test_every_act_of_an_organiser_leaves_one_entry(study, route):
    act, action, sentence = DONE[route]
    before = len(await entries(study))
    study.clock.advance(minutes=7)
    await act(study)
    entry = await last(study)
    assert (entry.action, entry.actor_kind) == (AuditAction(action), ActorKind.PERSON)
    assert (entry.actor_id, entry.actor_name) == ("olga", "Olga")
    assert (entry.platform, entry.workspace) == (study.room.platform, "w")
    assert entry.at == study.clock.now()
    olga = olga_of(
        study, channel="new" if route == "study move" else "second" if "setup" in route else "study"
    )
    if route == "study.post_now":
        olga = olga_of(study, channel="second")
    await olga.uses("/study log")
    newest = words(olga.last.message).splitlines()[1]
    assert newest.endswith(sentence), newest
    assert len(await entries(study)) - before == 1 + (
        route in {"study resume", "study.resume", "study.post_now"}
    )


async def test_reading_leaves_nothing(study):
    before = await entries(study)
    for name in sorted(READING):
        await olga_of(study).uses(f"/{name}")
    assert await entries(study) == before


async def test_what_is_refused_changes_nothing_or_comes_twice_leaves_nothing_more(study):
    olga, ana = olga_of(study), study.person("Ana")
    await ana.uses("/study pause")
    await olga.uses("/study zone", zone="Nowhere")
    await olga.uses("/study mention", role="1", denials={"role": Denial(Denied.POWERFUL)})
    await olga.uses("/study schedule", kind="quiz", time="09:30")
    assert [entry.action for entry in await entries(study)] == [AuditAction.SET_UP]
    await olga.uses("/study pause")
    await olga.is_delivered_again()
    await olga.uses("/study pause")
    assert len(await entries(study)) == 2


async def test_before_and_after_are_facts_and_hold_nobodys_words(study):
    await call(study)
    await olga_of(study).uses("/study mention", role="8002", names={"role": "Crew"})
    entry = await last(study)
    assert entry.before == {"role": "8001", "name": "Class"}
    assert entry.after == {"role": "8002", "name": "Crew"}
    await olga_of(study).uses("/study skip", remove="25 Dec", add="1 Jan")
    assert (await last(study)).action is AuditAction.MENTION_CHOSEN, "that was refused"
    await skip(study)
    await olga_of(study).uses("/study skip", remove="25 Dec", add="1 Jan")
    (removed, added) = (await entries(study))[-2:]
    assert (removed.action, removed.after) == (AuditAction.UNSKIPPED, {"dates": "2026-12-25"})
    assert (added.action, added.after) == (AuditAction.SKIPPED, {"dates": "2027-01-01"})


async def test_of_many_dates_that_are_skipped_the_first_are_named(study):
    olga = olga_of(study)
    await olga.uses("/study skip", add=", ".join(f"{day} Dec" for day in range(1, 31, 2)))
    assert (await last(study)).after == {
        "dates": " ".join(f"2026-12-{day:02}" for day in range(1, 20, 2)),
        "more": 5,
    }
    await olga.uses("/study log")
    assert olga.sees("and 5 more days")
    await skip(study)
    assert (await last(study)).after == {"dates": "2026-12-24 2026-12-26"}


async def test_what_milepost_does_in_an_organisers_place_is_its_own(study):
    await study.application.app.workspace_lost(study.room.platform, "w")
    await study.application.app.workspaces_found(study.room.platform, ["w"])
    lost, found = (await entries(study))[-2:]
    assert (lost.action, lost.actor_kind, lost.after) == ("paused", "milepost", {"reason": "removed"})
    assert (found.action, found.actor_kind) == ("resumed", "milepost")
    study.room.refuse_channel["study"] = Forbidden("no permission")
    await study.days_pass(4)
    assert (await last(study)).after == {"reason": "refused"}
    study.room.refuse_channel.clear()
    olga = olga_of(study)
    await olga.uses("/study resume")
    await olga.uses("/study pause", until="tomorrow")
    await study.days_pass(2)
    ended = await last(study)
    assert (ended.action, ended.actor_kind) == ("resumed", "milepost")
    await reward(study)
    study.room.denials = {("olga", ROLE): Denial(Denied.POWERFUL)}
    await acts_on(study, study.person("Ana"), 8)
    stop = await last(study)
    assert (stop.action, stop.after) == ("reward_stopped", {"reason": "powerful"})
    await olga.uses("/study log")
    assert olga.sees("Milepost stopped giving “Gold” for streaks because it now gives power")
    assert olga.sees("Milepost paused the group because posting was refused")


async def test_a_pause_that_was_over_is_not_the_act_of_whoever_comes_next(study):
    olga = olga_of(study)
    await olga.uses("/study pause", until="tomorrow")
    study.clock.advance(days=2)
    await schedule(study)
    assert [(entry.action, entry.actor_kind) for entry in (await entries(study))[-2:]] == [
        ("resumed", "milepost"),
        ("scheduled", "person"),
    ]


async def test_the_log_is_paged_and_of_this_place_alone(study):
    olga = olga_of(study)
    await study.founds("elsewhere", workspace="other")
    await study.founds("third")
    for minute in range(12):
        await olga.uses("/study schedule", kind="quiz", time=f"10:{minute:02}")
    await organiser(study)
    await olga.uses("/study log")
    shown = words(olga.last.message)
    assert shown.count("Olga") == 10
    assert "“Ana” (ana) as an organiser" in shown
    await olga.presses("Older")
    rest = words(olga.last.message)
    assert rest.count("Olga") == 4
    assert rest.count("set the group up") == 1
    ben = study.person("Ben")
    await ben.uses("/study log")
    assert ben.sees("Only organisers can do that here.")


async def test_organisers_are_listed_by_name_and_follow_a_new_name(study):
    olga, ana = olga_of(study), study.person("Ana")
    await olga.uses("/study organisers")
    assert olga.sees("No one else has been added.")
    assert olga.sees("Anyone who manages this server or workspace can organise its study groups.")
    assert olga.sees("“Olga” (olga) can also organise this group in a direct message with me.")
    await olga.uses("/study organiser", member=ana.user.id)
    ana.name = "Ana Lee"
    await ana.uses("/study organisers")
    assert ana.sees("“Ana Lee” (ana)")
    await olga.uses("/study organiser", member=ana.user.id, allow="no")
    entry = await last(study)
    assert (entry.action, entry.about_id, entry.about_name) == ("organiser_removed", "ana", "Ana Lee")


NAMES = (
    "Milepost",
    "Olga",
    "Olga removed Ben as an organiser. Milepost",
    "Olga” (olga) removed “Ben” (ben) as an organiser",
    '" (olga) «x» ″ ❞',
)


@pytest.mark.parametrize("name", NAMES)
async def test_no_name_passes_for_milepost_for_another_person_or_for_what_was_done(study, name):
    olga, eve = olga_of(study), study.person("Eve")
    await olga.uses("/study organiser", member="eve", names={"member": "Eve"})
    eve.name = name
    await eve.uses("/study pause")
    inside = name.translate(dict.fromkeys(map(ord, '”“"«»″❞'), "'"))
    await olga.uses("/study log")
    newest = words(olga.last.message).splitlines()[1]
    assert newest.endswith(f": “{inside}” (eve) paused the group")
    await olga.uses("/study organisers")
    assert olga.sees(f"“{inside}” (eve)")
    await olga.uses("/study organiser", member="eve", allow="no", names={"member": name})
    assert olga.sees(f"“{inside}” is no longer an organiser here")


async def test_the_zone_of_a_schedule_of_its_own_is_not_lost(study):
    olga = olga_of(study)
    await olga.uses("/study schedule", kind="quiz", zone="Asia/Tokyo")
    before = len(await entries(study))
    await olga.uses("/study zone", zone="America/New_York")
    moved, quiz = (await entries(study))[before:]
    assert (moved.before, moved.after) == ({"zone": "Europe/Berlin"}, {"zone": "America/New_York"})
    assert (quiz.action, quiz.before["kind"], quiz.before["zone"]) == ("scheduled", "quiz", "Asia/Tokyo")
    await olga.uses("/study log")
    assert olga.sees("09:30, weekdays (Asia/Tokyo) → 09:30, weekdays (America/New_York)")


async def test_who_took_a_group_over_did_not_set_it_up(study):
    paul = study.person("Paul", organiser=True)
    await paul.uses("/study organiser", member="olga", allow="no")
    entry = await last(study)
    assert (entry.action, entry.about_id, entry.about_name) == ("taken_over", "olga", "Olga")
    await paul.uses("/study log")
    assert paul.sees("“Paul” (paul) took the group over from “Olga” (olga)")
    await paul.uses("/study organisers")
    assert paul.sees("“Paul” (paul) can also organise this group in a direct message with me.")
    assert not paul.sees("set this group up")


async def test_who_has_left_the_place_is_no_organiser_any_more(study):
    olga, ana = olga_of(study), study.person("Ana")
    await organiser(study)
    study.room.capabilities = dataclasses.replace(study.room.capabilities, knows_who_is_there=True)
    await study.days_pass(1)
    await ana.uses("/study pause")
    assert ana.sees("Paused")
    study.room.gone.add(("ana", "w"))
    direct = study.person("Ana", direct=True)
    await direct.uses("/study resume")
    assert direct.sees("Only organisers can do that here.")
    await study.days_pass(2)
    await ana.uses("/study resume")
    assert ana.sees("Only organisers can do that here.")
    entry = await last(study)
    assert (entry.action, entry.actor_kind, entry.about_id) == ("organiser_removed", "milepost", "ana")
    await olga.uses("/study log")
    assert olga.sees("Milepost removed “Ana” (ana) as an organiser because they left")


async def test_an_account_that_is_gone_organises_nothing(study):
    await organiser(study)
    await study.application.app.member_left(UserRef(study.room.platform, "w", "ana"), "w", "study")
    assert (await last(study)).action is AuditAction.ORGANISER_ADDED, "a channel is not the place"
    await study.application.app.member_left(UserRef(study.room.platform, "w", "ana"), "w")
    assert (await last(study)).action is AuditAction.ORGANISER_REMOVED
    before = facts(study)
    ana = study.person("Ana")
    await ana.uses("/study pause")
    assert ana.sees("Only organisers can do that here.")
    assert facts(study) == before


async def test_who_set_a_group_up_and_has_left_does_nothing_from_afar(study):
    study.room.capabilities = dataclasses.replace(study.room.capabilities, knows_who_is_there=True)
    direct = study.person("Olga", direct=True)
    await direct.uses("/study pause")
    assert direct.sees("Paused")
    study.room.gone.add(("olga", "w"))
    await direct.uses("/study resume")
    assert direct.sees("Only organisers can do that here.")
    study.room.gone.clear()
    study.room.refuse_presence = Forbidden("not there")
    await direct.uses("/study resume")
    assert direct.sees("Only organisers can do that here.")
