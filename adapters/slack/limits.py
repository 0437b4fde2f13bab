"""Slack's limits. Source: its developer documentation, "Block Kit" and "Views"."""

from __future__ import annotations

from bot.chat import Capabilities

PLATFORM = "slack"

MOST_HEADER = 150
MOST_CONTEXT = 2000
MOST_ALOUD = 3500
"""Characters of ``text`` before they are escaped; Slack advises 4,000 at most."""

MOST_ALT = 1000
MOST_BUTTON = 75
MOST_OPTION_VALUE = 150
MOST_PLACEHOLDER = 150
MOST_INPUT = 3000
MOST_BLOCKS = 50

EVERYTHING = "milepost"
"""The command that takes all others as its first word: names of commands collide between apps."""

SLACKS_OWN = ("help", "leave")
"""Commands that Slack keeps for itself; they are reached through the one that takes all others."""

CAPABILITIES = Capabilities(
    typed=tuple((name, f"{EVERYTHING} {name}") for name in SLACKS_OWN),
    home=True,
    moments=True,
    files=True,
    max_text=9000,
    max_block=2900,
    # A row with menus beside its buttons may become two blocks.
    max_blocks=40,
    max_label=75,
    max_row=5,
    max_options=100,
    max_title=24,
    max_field_label=48,
    edit_every=10.0,
)
