"""Parsed files of ``deploy/`` for their tests."""

import typer

import adapters
from bot.chat.configuration import SOURCES
from milepost.cli import app
from milepost.settings import ProgramSettings, variables
from tests.endtoend.running import ROOT

DEPLOY = ROOT / "deploy"


UNIT = DEPLOY / "milepost.service"


PROGRAM = "/opt/milepost/.venv/bin/milepost"


KINDS = [ProgramSettings, *(adapters.load(name).Settings for name in adapters.names())]
SETTINGS = {variable for kind in KINDS for variable in variables(kind)}


OF_DRIVERS = {"PYTHONUNBUFFERED", *SOURCES}


def unit():
    """The unit's settings, each with all of its values."""
    found = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def must_exist(words):
    """The words after ``milepost`` name a command, and its options are its own."""
    command, words = typer.main.get_command(app), list(words)
    while hasattr(command, "commands"):
        assert words, "milepost needs a command"
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options
    return command
