"""Reading typed commands."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.config import PEOPLE
from adapters.playground.palette import quoted
from adapters.playground.people import among
from bot.chat import Command, CommandOption, ParseError, read_command
from tests.adapters.playground.fakes import COMMANDS


@pytest.mark.parametrize(
    ("text", "name", "args"),
    [
        ("/quiz", "quiz", {}),
        ("  /QUIZ  ", "quiz", {}),
        ("/quiz http", "quiz", {"topic": "http"}),
        ("/quiz topic:http", "quiz", {"topic": "http"}),
        ("/quiz topic: http", "quiz", {"topic": "http"}),
        ("/quiz Topic:http caching", "quiz", {"topic": "http caching"}),
        ("/quiz http caching", "quiz", {"topic": "http caching"}),
        ('/quiz "http caching"', "quiz", {"topic": "http caching"}),
        ("/quiz topic:“http caching”", "quiz", {"topic": "http caching"}),
        ('/quiz topic:"http cach', "quiz", {"topic": "http cach"}),
        ("/quiz topic:", "quiz", {}),
        ("/quiz it's http", "quiz", {"topic": "it's http"}),
        ("/announce see https://example.org now", "announce", {"text": "see https://example.org now"}),
        ("/progress @Ana", "progress", {"member": "ana"}),
        ("/progress member:ben", "progress", {"member": "ben"}),
        ("/study   setup", "study setup", {}),
        ("/study schedule quiz 09:00", "study schedule", {"kind": "quiz", "time": "09:00"}),
        ("/study schedule kind:quiz 09:00", "study schedule", {"kind": "quiz", "time": "09:00"}),
        ('/study schedule "a PROMPT"', "study schedule", {"kind": "prompt"}),
        ("/answer 2", "answer", {"number": "2"}),
    ],
)
def test_commands_are_read(text, name, args):
    typed = read_command(text, COMMANDS, among(PEOPLE))
    assert (typed.command.name, typed.args) == (name, args)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/", "Type a command after the slash."),
        ("/quizz", "Did you mean /quiz?"),
        ("/study setpu", "Did you mean /study setup?"),
        ("/xyzzy", "Type / to see every command."),
        ("/quizhttp", "There is no command /quizhttp"),
        ("/picture now", "Please type /picture on its own: nothing goes after it."),
        ("/announce", "Please add “text” (what to say). Usage: /announce text"),
        ("/progress Zed", "There is no “Zed” here. You can name Maya, Ana, Ben, Chidi."),
    ],
)
def test_a_mistake_is_told_with_what_to_type(text, sentence):
    with pytest.raises(ParseError) as told:
        read_command(text, COMMANDS, among(PEOPLE))
    assert sentence in str(told.value)


def test_a_bare_first_word_means_the_default_subcommand():
    commands = (
        Command("plan show", "", (CommandOption("week", ""),), default=True),
        Command("plan set", ""),
    )
    assert read_command("/plan", commands, among(())).command.name == "plan show"
    assert read_command("/plan 3", commands, among(())).args == {"week": "3"}
    assert read_command("/plan set", commands, among(())).command.name == "plan set"


@given(st.text(st.characters(exclude_characters='"“”', exclude_categories=("Cs", "Cc")), min_size=1))
def test_a_picked_value_is_read_back_as_it_was(value):
    wanted = " ".join(value.split())
    typed = read_command(f"/quiz topic:{quoted(wanted)} ", COMMANDS, among(PEOPLE))
    assert typed.args.get("topic", "") == wanted


@given(st.text())
def test_no_text_is_a_surprise(text):
    with contextlib.suppress(ParseError):
        assert read_command("/" + text, COMMANDS, among(PEOPLE)).command in COMMANDS
