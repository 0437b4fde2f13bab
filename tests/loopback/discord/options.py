"""From what a person fills in to the native ``data`` of an interaction, and what the app refuses first."""

from tests.loopback.cannot import Cannot
from tests.loopback.discord import payloads

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)


def command_data(server, line, given, person, *, focused=None):
    """The data of a command; ``line`` is ``study setup``. Only published commands can be used."""
    top, *path = line.split()
    command = next((c for c in server.commands if c["name"] == top and c["type"] == 1), None)
    if command is None:
        raise Cannot(f"The command /{top} is not published.")
    resolved = {}
    data = {"id": command["id"], "name": top, "type": 1}
    place, holder = command, data
    for word in path:
        place = next((o for o in place.get("options") or () if o["name"] == word), None)
        if place is None:
            raise Cannot(f"There is no /{line}.")
        holder["options"] = [{"name": word, "type": place["type"], "options": []}]
        holder = holder["options"][0]
    declared = {o["name"]: o for o in place.get("options") or ()}
    _check(line, declared, given, focused)
    found = [_value(server, declared[name], value, resolved, person) for name, value in given.items()]
    for option in found:
        if option["name"] == focused:
            option["focused"] = True
    holder["options"] = found
    return data | ({"resolved": resolved} if resolved else {})


def _check(line, declared, given, focused):
    if any(o["type"] in {SUBCOMMAND, GROUP} for o in declared.values()):
        raise Cannot(f"/{line} needs a subcommand.")
    unknown = set(given) - set(declared)
    if unknown:
        raise Cannot(f"/{line} has no option {', '.join(sorted(unknown))}.")
    missing = [name for name, o in declared.items() if o.get("required") and name not in given]
    if missing and focused is None:
        raise Cannot(f"/{line} needs {', '.join(missing)}.")
    if focused and not declared[focused].get("autocomplete"):
        raise Cannot(f"The option {focused} of /{line} does not complete.")


def _value(server, option, value, resolved, person):
    """One filled option; people, channels and roles go into ``resolved`` as well."""
    kind = option["type"]
    if kind in {USER, CHANNEL, ROLE, MENTIONABLE}:
        value = str(getattr(value, "id", value))
        _resolve(server, kind, int(value), resolved, person)
    elif option.get("choices"):
        value = _choice(option, value)
    elif kind == STRING and len(value) > option.get("max_length", 6000):
        raise Cannot(f"The option {option['name']} takes {option['max_length']} characters.")
    return {"name": option["name"], "type": kind, "value": value}


def _choice(option, value):
    for choice in option["choices"]:
        if value in {choice["name"], choice["value"]}:
            return choice["value"]
    raise Cannot(f"The option {option['name']} has no choice {value!r}.")


def _resolve(server, kind, number, resolved, person):
    guild = person.member.guild if person.member else None
    if kind in {ROLE, MENTIONABLE} and guild and number in guild.roles:
        resolved.setdefault("roles", {})[str(number)] = payloads.role(guild.roles[number])
    elif kind == CHANNEL:
        resolved.setdefault("channels", {})[str(number)] = payloads.channel(
            server.channels[number], person.member
        )
    elif number in server.users:
        resolved.setdefault("users", {})[str(number)] = payloads.user(server.users[number])
        if guild and number in guild.members:
            member = payloads.member(guild.members[number])
            del member["user"]
            resolved.setdefault("members", {})[str(number)] = member | {"permissions": "0"}


def chosen(select, values):
    """The values of a menu, given by value or by label."""
    if not select.get("min_values", 1) <= len(values) <= select.get("max_values", 1):
        raise Cannot("So many cannot be chosen here.")
    if select["type"] != 3:
        return [str(getattr(value, "id", value)) for value in values]
    found = []
    for value in values:
        match = [o["value"] for key in ("value", "label") for o in select["options"] if o[key] == value]
        if not match:
            raise Cannot(f"There is no {value!r}, only {[o['label'] for o in select['options']]}.")
        found.append(match[0])
    return found


def modal_data(modal, values):
    """The data of a form that is sent: every input, with its prefilled value where none is given."""
    left, parts = dict(values), []
    for number, (label, component) in enumerate(modal.inputs()):
        given = left.pop(component["custom_id"], left.pop(label, None))
        filled = _input(label, component, given) | {"id": 2 * number + 2}
        parts.append({"type": 18, "id": 2 * number + 1, "component": filled})
    if left:
        raise Cannot(f"The form has no {', '.join(left)}.")
    return {"custom_id": modal.raw["custom_id"], "components": parts}


def _input(label, component, given):
    filled = {"type": component["type"], "custom_id": component["custom_id"]}
    if component["type"] == 4:
        return filled | {"value": _typed(label, component, given)}
    if given is None:
        given = [o["value"] for o in component.get("options") or () if o.get("default")]
    wanted = [given] if isinstance(given, str) else list(given)
    if not wanted and not component.get("required", True):
        return filled | {"values": []}
    return filled | {"values": chosen(component, wanted)}


def _typed(label, component, given):
    text = component.get("value") or "" if given is None else given
    if component.get("required", True) and not text:
        raise Cannot(f"{label} must be filled.")
    if text and not component.get("min_length", 0) <= len(text) <= component.get("max_length", 4000):
        raise Cannot(f"{label} takes {component.get('max_length', 4000)} characters at most.")
    return text
