"""Project challenges: show, join, share, and what others built."""

import pytest
import pytest_asyncio

from bot.chat import OpenForm, encode
from bot.handlers.challenge import MOST_VERSIONS
from tests.support.helpers import CHALLENGE, facts, first_project, library_with, posts_project
from tests.support.people import markdown, shipped_library, words, world_at

pytestmark = pytest.mark.asyncio

WIKIPEDIA = "https://en.wikipedia.org/wiki/Python_(programming_language)"
LINK = "https://example.org/ana/loglens"


@pytest_asyncio.fixture
async def study(study):
    """A group that has its first project, because an organiser asked for it."""
    await posts_project(study)
    return study


def first_challenge():
    return first_project("python-basics")


async def test_the_post_tells_the_work_and_when_it_is_done(study):
    shown = words(study.newest(CHALLENGE).message)
    assert first_challenge().title in shown
    assert all(check.replace("\\", "") in shown for check in first_challenge().acceptance)
    assert "0 taking part · 0 built" in shown


async def test_the_command_shows_the_groups_newest_challenge(study):
    ana = study.person("Ana")
    await ana.uses("/challenge")
    assert ana.sees(f"Project · {first_challenge().title}")
    await ana.presses("Details")
    assert ana.sees(first_challenge().starter.replace("\\", ""))
    assert ana.sees(first_challenge().milestones[-1].check_in.replace("\\", ""))
    assert "[Details]" not in ana.shown()


async def test_before_the_first_post_the_one_that_would_come_is_shown(world):
    await world.founds()
    ana = world.person("Ana")
    await ana.uses("/challenge show")
    assert ana.sees(first_challenge().title)


async def test_one_may_join_before_the_challenge_is_posted(world):
    await world.founds()
    ana = world.person("Ana")
    await ana.uses("/challenge join")
    assert ana.sees(f"You're in! {first_challenge().title}.")
    assert "1 taking part · 0 built" in words((await posts_project(world)).message)


async def test_joining_is_counted_once(study):
    ana = study.person("Ana")
    await ana.presses("Join", on=study.newest(CHALLENGE))
    assert ana.sees(f"You're in! {first_challenge().title}. First milestone (day 1): ")
    await ana.uses("/challenge join")
    assert ana.sees(f"You've already joined {first_challenge().title}.")
    await study.run_once()
    assert "1 taking part · 0 built" in words(study.newest(CHALLENGE).message)


async def test_sharing_by_options_counts_once_and_shows_the_newer_version(study):
    ana = study.person("Ana")
    await ana.uses("/challenge submit", link=LINK, learned="Reading lines lazily.")
    assert ana.sees("Shared with the group.")
    await ana.uses("/challenge submit", link=LINK + "/2", learned="And tests first.")
    assert ana.sees("Updated. The group now sees your new version.")
    await ana.uses("/challenge list")
    assert ana.sees(f"**Ana**: <{LINK}/2>\n  And tests first.")
    assert not ana.sees("lazily")
    await study.run_once()
    assert "1 taking part · 1 built" in words(study.newest(CHALLENGE).message)
    await ana.uses("/leaderboard")
    assert ana.sees("**Ana** 5 points")
    assert await study.problems() == ()


async def test_sharing_by_a_form(study):
    ana = study.person("Ana")
    await ana.presses("Share my project", on=study.newest(CHALLENGE))
    assert isinstance(ana.reply, OpenForm)
    await ana.sends(link=f" {LINK} ", learned=" A lot. ")
    assert ana.sees("Shared with the group.")
    await ana.uses("/challenge list")
    assert ana.sees(f"**Ana**: <{LINK}>\n  A lot.")


@pytest.mark.parametrize("given", [{"link": LINK}, {"learned": "Much."}, {}])
async def test_a_half_typed_command_opens_the_form_with_what_was_typed(study, given):
    ana = study.person("Ana")
    await ana.uses("/challenge submit", **given)
    assert {f.name: f.value for f in ana.form.fields} == {"link": "", "learned": ""} | given


async def test_every_wrong_field_is_told_at_once_and_what_was_typed_stays(study):
    ana = study.person("Ana")
    await ana.uses("/challenge submit")
    before = facts(study)
    await ana.sends(link="example", learned="  ")
    assert set(ana.errors) == {"link", "learned"}
    assert "Give a full web address" in ana.errors["link"]
    assert ana.form.fields[0].value == "example"
    assert facts(study) == before
    await ana.sends(link=LINK, learned="Better now.")
    assert ana.sees("Shared with the group.")


async def test_a_link_that_cannot_be_shared_is_refused_at_its_field(study):
    ana = study.person("Ana")
    await ana.uses("/challenge submit")
    await ana.sends(link="https://user:word@example.org", learned="x")
    assert set(ana.errors) == {"link"}
    assert "before the @" in ana.errors["link"]


async def test_so_many_versions_are_kept_and_no_more(study):
    ana = study.person("Ana")
    for number in range(MOST_VERSIONS):
        await ana.uses("/challenge submit", link=LINK, learned=f"Version {number}")
        assert ana.sees("Updated" if number else "Shared with the group"), ana.shown()
        study.clock.advance(minutes=1)
    before = study.dump()
    await ana.uses("/challenge submit", link=LINK, learned="One more")
    assert ana.sees("You've shared 20 versions of this"), ana.shown()
    await ana.uses("/challenge submit")
    await ana.sends(link=LINK, learned="One more")
    assert ana.sees("The group sees your latest one")
    assert study.dump() == before
    await ana.uses("/challenge list")
    assert ana.sees("Version 19")
    assert not ana.sees("One more")
    ben = study.person("Ben")
    await ben.uses("/challenge submit", link=LINK, learned="Mine")
    assert ben.sees("Shared with the group")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (WIKIPEDIA, f"<{WIKIPEDIA}>"),
        ("github.com/me/x.", "<https://github.com/me/x>"),
        ("https://e.org/>**x**`<@1>|", "<https://e.org/%3E**x**%60%3C@1%3E%7C>"),
    ],
)
async def test_a_link_is_shown_as_one_that_nothing_in_it_ends(study, typed, shown):
    ana = study.person("Ana")
    await ana.uses("/challenge submit", link=typed, learned="much")
    assert ana.sees("Shared"), ana.shown()
    await ana.uses("/challenge list")
    assert f": {shown}\n" in markdown(ana.last.message)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"link": "nope", "learned": "x"}, "Give a full web address"),
        ({"link": LINK, "learned": "x" * 601}, "Please shorten “learned” to 600 characters or fewer."),
        ({"link": "https://e.org/" + "x" * 300, "learned": "x"}, "Please shorten “link” to 300"),
    ],
)
async def test_wrong_options_are_refused_in_a_sentence(study, typed, said):
    ana = study.person("Ana")
    await ana.uses("/challenge submit", **typed)
    assert ana.sees(said)


async def test_too_much_learning_in_the_form_is_told(study):
    ana = study.person("Ana")
    await ana.uses("/challenge submit")
    await ana.sends(link=LINK, learned="x" * 601)
    assert ana.errors == {"learned": "That's too long. Use up to 600 characters."}


async def test_nobody_has_built_anything_yet(study):
    ana = study.person("Ana")
    await ana.presses("See what others built", on=study.newest(CHALLENGE))
    assert ana.sees("Nothing here yet.")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("**x** _y_", r"\*\*x\*\* \_y\_"),
        ("<@1> <!here> @everyone", r"\<\@1\> \<\!here\> \@everyone"),
        ("[a](javascript:1)", r"\[a\]\(javascript\:1\)"),
        ("```\ncode\n```", r"\`\`\` code \`\`\`"),
        ("one\n\n# two", r"one \# two"),
        ("\u202eabc\u2066\u200b שלום\ufeff", "\u2068abc שלום\u2069"),
        ("a\x00b\x1bc\x9bd\u200fe", "abcde"),
        ("a\tb\v\x85c", "a b c"),
        ("<script>x</script>", r"\<script\>x\<\/script\>"),
    ],
)
async def test_what_people_write_is_text_and_never_markup(study, text, escaped):
    eve = study.person("Eve")
    eve.name = text
    await eve.uses("/challenge submit", link=LINK, learned=text)
    await eve.uses("/challenge list")
    assert f"- **{escaped}**: <{LINK}>\n  {escaped}" in markdown(eve.last.message)


async def test_a_button_of_an_older_challenge_keeps_meaning_it(study):
    ana, old = study.person("Ana"), study.newest(CHALLENGE)
    study.clock.advance(days=first_challenge().days)
    new = await posts_project(study)
    assert words(new.message) != words(old.message)
    await ana.presses("Join", on=old)
    assert ana.sees(first_challenge().title)
    await study.run_once()
    assert "1 taking part" in words(old.message)
    assert "0 taking part" in words(new.message)


async def test_a_challenge_that_is_gone_is_refused(study):
    ana = study.person("Ana")
    await ana.acts(encode("challenge.join", c="gone"))
    assert ana.sees("This button no longer works")


async def test_a_posted_challenge_that_left_the_pack_gives_way_to_the_next(tmp_path):
    async with world_at(tmp_path) as world:
        await world.founds()
        await world.passes(minutes=31)
        await posts_project(world)
        clock, room = world.clock, world.room
    pack = shipped_library().packs["backend-python"]
    rest = {step: c for step, c in pack.challenges.items() if step != "python-basics"}
    library = library_with(challenges=rest)
    async with world_at(tmp_path, clock=clock, room=room, library=library) as world:
        ana = world.person("Ana")
        await ana.uses("/challenge")
        assert ana.sees(first_project("web-concepts").title)


async def test_a_pack_without_challenges_says_so(tmp_path):
    async with world_at(tmp_path, library=library_with(challenges={})) as world:
        await world.founds()
        ana = world.person("Ana")
        await ana.uses("/challenge")
        assert ana.sees("This roadmap doesn't have a project yet.")


async def test_a_redelivered_share_is_answered_and_not_repeated(study):
    ana = study.person("Ana")
    await ana.uses("/challenge submit", link=LINK, learned="Much.")
    before = study.dump()
    await ana.is_delivered_again()
    assert ana.sees("Shared with the group.")
    assert study.dump() == before


async def test_numbers_are_counted_and_not_the_length_of_a_list_that_was_cut_off(study):
    await study.person("Olga", organiser=True).uses("/study post-now", kind="challenge")
    await study.run_once()
    for number in range(130):
        person = study.person(f"B{number}")
        await person.uses("/challenge submit", link=f"https://example.org/{number}", learned="x")
    await study.passes(seconds=20)
    assert "130 taking part · 130 built" in words(study.newest(CHALLENGE).message)
    ana = study.person("Ana")
    await ana.uses("/challenge show")
    assert ana.sees("130 built")
    await ana.uses("/challenge list")
    assert ana.last.message.summary.startswith("130 projects shared")
    assert ana.sees("1 to 10 of 130.")
    seen = set()
    for page in range(13):
        seen |= {line.split("**")[1] for line in ana.shown().splitlines() if "example.org" in line}
        if page < 12:
            await ana.presses("Show more", on=ana.last)
    assert len(seen) == 130
    assert ana.sees("121 to 130 of 130.")
    assert "[Show more]" not in ana.shown()
