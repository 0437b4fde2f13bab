"""The limits of application commands."""

import re

from tests.loopback.discord.refusals import Problems

NAME = re.compile(r"[-_'\w]{1,32}")
SUBCOMMAND, GROUP, STRING, INTEGER, NUMBER = 1, 2, 3, 4, 10


def commands(found):
    """All global commands together: at most 100, none twice."""
    problems = Problems()
    problems.count((), found, 0, 100)
    names = [command.get("name") for command in found]
    for index, command in enumerate(found):
        if names.index(command.get("name")) != index:
            problems.add(
                (index,), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        if command.get("type", 1) == 1:
            _command(problems, (index,), command)
            if _size(command) > 8000:
                problems.add(
                    (index,), "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)"
                )
        else:
            problems.length((index, "name"), command.get("name"), 1, 32)
    problems.check()


def _command(problems, path, command, depth=0):
    _named(problems, path, command)
    options = command.get("options") or []
    problems.count((*path, "options"), options, 0, 25)
    nested = [option.get("type") in {SUBCOMMAND, GROUP} for option in options]
    if any(nested) and not all(nested):
        problems.add((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
                     "Sub-commands and groups are mutually exclusive to all other types")  # fmt: skip
    _order(problems, path, options)
    for index, option in enumerate(options):
        place = (*path, "options", index)
        if option.get("type") in {SUBCOMMAND, GROUP}:
            if depth + (option["type"] == GROUP) > 1 or (depth and option["type"] == GROUP):
                problems.add(
                    (*place, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deep"
                )
            _command(problems, place, option, depth + 1)
        else:
            _option(problems, place, option)


def _named(problems, path, thing):
    name = thing.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or name != name.lower():
        problems.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    problems.length((*path, "description"), thing.get("description"), 1, 100)


def _order(problems, path, options):
    names = [option.get("name") for option in options]
    if len(set(names)) != len(names):
        problems.add(
            (*path, "options"),
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
            "Option name already exists",
        )
    optional = False
    for index, option in enumerate(options):
        if option.get("required") and optional:
            problems.add((*path, "options", index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                         "Required options must be placed before non-required options")  # fmt: skip
        optional = optional or not option.get("required")


def _option(problems, path, option):
    _named(problems, path, option)
    problems.number((*path, "type"), option.get("type"), 3, 11)
    found = option.get("choices")
    if found is not None:
        problems.count((*path, "choices"), found, 0, 25)
    for index, choice in enumerate(found or ()):
        problems.length((*path, "choices", index, "name"), choice.get("name"), 1, 100)
        if option.get("type") == STRING:
            problems.length((*path, "choices", index, "value"), choice.get("value"), 1, 100)
    if option.get("autocomplete") and (found or option.get("type") not in {STRING, INTEGER, NUMBER}):
        problems.add((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
                     "Autocomplete is for text and numbers without choices")  # fmt: skip
    for key, least in (("min_length", 0), ("max_length", 1)):
        if option.get(key) is not None:
            problems.number((*path, key), option[key], least, 6000)


def _size(thing):
    own = len(thing.get("name") or "") + len(thing.get("description") or "")
    own += sum(
        len(str(choice.get("name"))) + len(str(choice.get("value")))
        for choice in thing.get("choices") or ()
    )
    return own + sum(map(_size, thing.get("options") or ()))
