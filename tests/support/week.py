"""A week of a study group with thirty members, in words that every harness understands.

``world`` has ``founds()`` (Berlin, 09:30, Monday to Friday), ``person(name, zone=...)``, ``passes``,
``channel_posts(about=...)``, ``newest(about)`` and ``problems()``; a person ``answers``, ``presses``,
``replies``, ``uses`` and ``sees``. It begins on a Monday at 08:00 UTC.
"""

import asyncio

MEMBERS, DAYS = 30, 5
ZONES = ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "UTC")
QUIZ, PROMPT, CHALLENGE, RECAP = "Question of the day", "Roadmap", "Project: ", "The week in review"


def answers_on(number, day):
    """Every third member leaves out Wednesday."""
    return number % 3 != 0 or day != 2


def is_right(number, day):
    return (number + day) % 2 == 0


ANSWERS = [(n, d) for n in range(MEMBERS) for d in range(DAYS) if answers_on(n, d)]
CLOSED = [(n, d) for n, d in ANSWERS if d < DAYS - 1]
"""Friday's question is still open when the recap comes on Sunday: the next one counts it."""

SHARE = round(100 * sum(is_right(n, d) for n, d in CLOSED) / len(CLOSED))


async def study_week(world):
    """Live through it, and look at what everybody was shown."""
    await world.founds()
    people = [world.person(f"Member {n:02}", zone=ZONES[n % len(ZONES)]) for n in range(MEMBERS)]
    prompts = 0
    await world.passes(minutes=31)
    for day in range(DAYS):
        await _everybody_answers(people, world.newest(QUIZ), day)
        if len(world.channel_posts(about=PROMPT)) > prompts:
            prompts += 1
            await _some_do(people, world.newest(PROMPT))
        await world.passes(days=1)
    await world.passes(days=1)
    counts = {about: len(world.channel_posts(about=about)) for about in (QUIZ, PROMPT, CHALLENGE, RECAP)}
    assert counts == {QUIZ: 5, PROMPT: 3, CHALLENGE: 0, RECAP: 1}
    assert await world.problems() == ()
    return people


async def _everybody_answers(people, post, day):
    """All at once; each is told their own verdict."""
    there = [(n, person) for n, person in enumerate(people) if answers_on(n, day)]
    await asyncio.gather(*(person.answers(post, right=is_right(n, day)) for n, person in there))
    for number, person in there:
        assert person.sees("Correct" if is_right(number, day) else "Not quite"), person.shown()


async def _some_do(people, post):
    """One member in five marks the prompt as done, another replies to it."""
    for marks, replies in zip(people[::5], people[1::5], strict=True):
        await marks.presses("Mark done", on=post)
        assert marks.sees("Done!"), marks.shown()
        await replies.replies("A bool is an int, and that surprised me more than once.", to=post)
