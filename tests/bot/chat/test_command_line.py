"""Lines that people type as commands: read as they were meant, or refused in the words of that command."""

import pytest

from bot.chat import ParseError, read_command


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/study delete", "There is no /study delete. You can use: setup, schedule, zone, status, pause"),
        ("/study statsu", "Did you mean /study status?"),
        ("/challenge foo", "There is no /challenge foo. You can use: show, join, submit"),
        ("/vanish", "There is no command /vanish."),
        ("/studdy", "Did you mean /study?"),
        ("/studdy setup", "Did you mean /study setup?"),
        ("/qiuz", "Did you mean /quiz?"),
        ("/xyzzy", "There is no command /xyzzy."),
    ],
)
async def test_an_unknown_command_is_answered_the_same_in_the_core_and_where_it_is_typed(
    study, typed, said
):
    olga = study.person("Olga", organiser=True)
    await olga.uses(typed)
    with pytest.raises(ParseError) as refused:
        read_command(
            typed, study.application.app.commands_for(study.room.capabilities), lambda _option, text: text
        )
    for shown in (olga.shown(), str(refused.value)):
        assert said in shown
        assert ("Did you mean" in shown) is ("Did you mean" in said)


@pytest.mark.asyncio
async def test_words_after_a_command_that_takes_none_are_told_of_that_command(study):
    for typed in ("/study status now", "/help me"):
        with pytest.raises(ParseError, match=r"on its own: nothing goes after it\.$"):
            read_command(
                typed,
                study.application.app.commands_for(study.room.capabilities),
                lambda _option, text: text,
            )


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("/study schedule", {"kind": "party"}),
        ("/study organiser", {"member": "ana", "allow": "maybe"}),
        ("/leaderboard", {"period": "decade"}),
        ("/study schedule", {}),
        ("/quiz", {"topik": "sql"}),
        ("/study reward", {"role": "r1", "days": "seven"}),
        ("/challenge submit", {"link": "x" * 4000, "learned": "x"}),
        ("/study schedule", {"kind": "quiz", "time": "x" * 500}),
        ("/study schedule", {"kind": "quiz", "days": "x" * 500}),
        ("/study zone", {"zone": "x" * 500}),
        ("/study pause", {"until": "x" * 2000}),
        ("/study skip", {"add": "x" * 2000}),
    ],
)
async def test_no_refusal_begins_with_the_raw_name_of_an_option(study, command, options):
    olga = study.person("Olga", organiser=True)
    await olga.uses(command, **options)
    names = {
        option.name
        for known in study.application.app.commands_for(study.room.capabilities)
        for option in known.options
    }
    assert olga.shown().split()[0] not in names, olga.shown()
    assert not olga.sees("must be")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("/study schedule quiz 6:30 PM", {"kind": "quiz", "time": "6:30 PM"}),
        (
            "/study schedule quiz 6:30 p.m. mon-fri",
            {"kind": "quiz", "time": "6:30 p.m.", "days": "mon-fri"},
        ),
        ("/study schedule quiz 18 Uhr weekdays", {"kind": "quiz", "time": "18 Uhr", "days": "weekdays"}),
        ("/study schedule quiz time:9:30 PM", {"kind": "quiz", "time": "9:30 PM"}),
        ("/study schedule quiz off", {"kind": "quiz", "time": "off"}),
        ("/study schedule quiz noon mon", {"kind": "quiz", "time": "noon", "days": "mon"}),
        ("/study skip 27 December", {"add": "27 December"}),
        ("/study skip 24 Dec - 2 Jan", {"add": "24 Dec - 2 Jan"}),
        ("/study skip 24 Dec remove:25 Dec", {"add": "24 Dec", "remove": "25 Dec"}),
        ("/study skip remove:25 Dec", {"remove": "25 Dec"}),
        ("/study pause 27 December", {"until": "27 December"}),
        ("/study zone america/new york", {"zone": "america/new york"}),
        ("/preferences reminder:7:30 PM rest:sat + sun", {"reminder": "7:30 PM", "rest": "sat + sun"}),
    ],
)
async def test_a_typed_line_keeps_together_what_belongs_together(study, line, args):
    assert (
        read_command(
            line, study.application.app.commands_for(study.room.capabilities), lambda _option, text: text
        ).args
        == args
    )
