"""Help: what is true in this place, and the commands by what they are for."""

import pytest

pytestmark = pytest.mark.asyncio

POSTED_HERE = "are posted here on a schedule"


async def test_in_a_group_it_says_that_questions_are_posted_here(study):
    ana = study.person("Ana")
    await ana.uses("/help")
    assert ana.sees(POSTED_HERE)
    assert ana.sees(
        "Answer with the buttons or the menu under a question: **only you see whether you were right**"
    )


async def test_in_a_channel_without_a_group_it_says_so(study):
    ana = study.person("Ana", channel="lounge")
    await ana.uses("/help")
    assert ana.sees("This channel isn't a study group, so nothing is posted here.")
    assert not ana.sees(POSTED_HERE)


async def test_in_a_direct_conversation_it_names_the_groups_channel_or_says_that_there_is_none(study):
    ana = study.person("Ana")
    await ana.uses("/challenge join")
    for name, said in (
        ("Ana", "are posted in your group's channel"),
        ("Ben", "aren't in a study group yet"),
    ):
        person = study.person(name, channel=f"@{name.lower()}", direct=True)
        await person.uses("/help")
        assert person.sees(said), person.shown()
        assert not person.sees(POSTED_HERE)


async def test_commands_stand_by_what_they_are_for(study):
    ana, olga = study.person("Ana"), study.person("Olga", organiser=True)
    await ana.uses("/help")
    shown = ana.shown()
    part, see = shown.index("**Take part**"), shown.index("**See**")
    assert part < shown.index("`/quiz") < see < shown.index("`/progress")
    assert "**Organise**" not in shown
    await olga.uses("/help")
    assert olga.shown().index("**Organise**") < olga.shown().index("`/study setup")
