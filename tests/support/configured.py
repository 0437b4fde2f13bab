"""Settings as a new process would load them: no variable of this machine, no file but the test's."""

import os

import adapters
from milepost.settings import ProgramSettings, load_settings

KINDS = [ProgramSettings, *(adapters.load(name).Settings for name in adapters.names())]
PREFIXES = ("MILEPOST_", "DISCORD_", "SLACK_")


def alone(monkeypatch, folder):
    """Stand in the folder, without a variable of the machine that would set anything."""
    for name in [name for name in os.environ if name.upper().startswith(PREFIXES)]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.chdir(folder)


def loaded():
    """The settings by their types."""
    return {type(each): each for each in load_settings(*KINDS)}
