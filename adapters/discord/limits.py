"""Discord's limits. Source: its developer documentation, "Message Components" and "Message"."""

from __future__ import annotations

from bot.chat import Capabilities

PLATFORM = "discord"
ACCOUNTS = "discord"
"""People have one account in all servers, so their workspace is Discord itself."""

DIRECT = "direct"
"""The workspace of direct conversations, which belong to no server."""

MOST_TEXT = 4000
"""Characters of all texts of a message together."""

MOST_COMPONENTS = 40
"""Components of a message, nested ones included."""

MOST_ALT = 1024
MOST_PLACEHOLDER = 150
MOST_FORM_PLACEHOLDER = 100
MOST_INPUT = 4000
MOST_SUGGESTIONS = 25
MOST_SUGGESTION = 100
MOST_DESCRIPTION = 100
MOST_THREAD_NAME = 100
MOST_NONCE = 25

CAPABILITIES = Capabilities(
    form_errors=False,
    roles=True,
    knows_who_is_there=True,
    moments=True,
    files=True,
    max_text=MOST_TEXT,
    max_block=MOST_TEXT,
    # A row of five buttons counts six, and the container around everything counts too.
    max_blocks=20,
    max_label=80,
    max_row=5,
    max_options=25,
    max_title=45,
    max_field_label=45,
    edit_every=10.0,
)
"""The marks that make a heading, a code block or a footnote count too: ``outbound.shown`` sees to them."""

TAKES_POSTS = frozenset({0, 2, 5, 13})
"""Types of channels that take messages: text, voice, announcement, stage. Source: "Channel Object"."""

SPOKEN = frozenset({2, 13})
"""Types of channels that only those who may connect can read and write in: voice and stage."""

NO_POSTS = "A forum takes no messages outside its threads. Use a text channel for the study group."
NOT_TEXT = "This kind of channel takes no messages. Use a text channel for the study group."

MEMBER_GONE = (10007, 10013)
"""Error codes "unknown member" and "unknown user": who has left has no roles to give or take."""

CANNOT_POST = (
    "I'm missing a permission. Give my role View Channel, Send Messages and Attach Files in the channel."
)
"""Source: Discord's documentation, "Permissions"; a progress picture is an attached file."""

NO_WRITING_HERE = "You aren't allowed to write in this channel, so I can't post here for you."
NO_WRITING_ABOVE = (
    "You aren't allowed to write in the channel that this thread belongs to, so I can't post there for you."
)
