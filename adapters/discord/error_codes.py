"""Meanings of Discord's error codes for a group, and what its organiser can do about each.

Source: Discord's documentation, "Opcodes and Status Codes", JSON error codes.
"""

from __future__ import annotations

GONE = {
    10003: "The channel was deleted.",
    10004: "I'm no longer in the server. Invite me again.",
    10007: "This person has left the server.",
    10008: "The message was deleted.",
    10011: "The role was deleted. Choose another one.",
    10013: "This person's account was deleted.",
}
"""Codes of channels, messages and the like that no longer exist. Any other 404 may be a proxy's."""

FORBIDDEN = {
    20016: "Slow mode keeps me from posting. Turn it off in the channel, or let my role skip it.",
    40002: "Discord asks for my account to be verified. Ask Milepost's operator.",
    40333: "Discord blocks requests from my address. Ask Milepost's operator.",
    50001: "I can't see the channel. Give my role the permission View Channel there.",
    50007: "This person doesn't accept direct messages from me.",
    50008: "This kind of channel takes no messages. Use a text channel.",
    50009: "The server's verification level is too high for me. Give my role a way around it.",
    50024: "This kind of channel doesn't take that. Use a text channel.",
    50083: "The thread is archived. Reopen it first.",
    50278: "This person doesn't accept direct messages from me.",
    60003: "The server asks for two-factor authentication. Ask Milepost's operator to turn it on for me.",
    160005: "The thread is locked. Unlock it first.",
    200000: "AutoMod blocks my messages. Let my role through under Server Settings, AutoMod.",
    200001: "AutoMod blocks my messages. Let my role through under Server Settings, AutoMod.",
    240000: "A link in the message is blocked by Discord. Ask Milepost's operator.",
}
"""Codes of refusals that somebody in the server, or the person themselves, can lift."""

PASSING = {20028, 40006, 130000}
"""Too much was written, Discord has switched something off for a while, or it is overloaded."""

LACKING = 50013
"""A permission is missing, and Discord doesn't say which."""
