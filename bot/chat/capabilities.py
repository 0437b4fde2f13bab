"""Capabilities: facts about what a platform can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Facts about a platform that :func:`bot.chat.fitting.degrade` fits a reply to.

    ``max_text`` counts the characters of all blocks of a message together, ``max_block`` those of
    one text block; ``edit_every`` is the least number of seconds between two edits of one message.
    ``roles`` says that roles or user groups can be mentioned and given; ``moments`` that the
    adapter shows instants itself (``bot.chat.pieces``), which otherwise come to it in words.
    ``home`` says that each member has a page of their own, which the adapter asks for by ``HomeOpened``.
    ``knows_who_is_there`` says that the adapter can be asked whether somebody is still in a workspace.
    ``files`` that a private reply can bring a file.
    ``typed`` has what is typed after the slash for each command that is not typed by its own name.
    """

    private_replies: bool = True
    buttons: bool = True
    selects: bool = True
    forms: bool = True
    form_errors: bool = True
    edit: bool = True
    home: bool = False
    roles: bool = False
    moments: bool = False
    knows_who_is_there: bool = False
    files: bool = False
    typed: tuple[tuple[str, str], ...] = ()
    max_text: int = 4000
    max_block: int = 3000
    max_blocks: int = 40
    max_label: int = 75
    max_row: int = 5
    max_options: int = 25
    max_title: int = 24
    max_field_label: int = 45
    edit_every: float = 10.0
