"""Filling forms and choosing, as Slack's client lets people: the native values, or ``Cannot``."""

from tests.loopback.cannot import Cannot
from tests.loopback.slack.words import elements, label_of, options_of


def found(surface, wanted, kinds=None):
    """(block, element) by action_id, else by its label or placeholder, else by its block's label."""
    all_of_them = [pair for pair in elements(surface.blocks) if kinds is None or kinds(pair[1]["type"])]
    for name in (_action, _label, _above):
        named = [pair for pair in all_of_them if name(*pair) == wanted]
        if len(named) > 1:
            raise Cannot(f"{wanted!r} is there more than once.")
        if named:
            return named[0]
    there = [_label(*pair) or _above(*pair) or _action(*pair) for pair in all_of_them]
    raise Cannot(f"There is no {wanted!r}, only {there}.")


def _action(block, element):
    return element["action_id"]


def _label(block, element):
    return label_of(element)


def _above(block, element):
    return (block.get("label") or {}).get("text")


def pressed(block, button):
    """The action of a button."""
    told = {"type": "button", "action_id": button["action_id"], "block_id": block["block_id"],
            "text": button["text"]}  # fmt: skip
    return told | {key: button[key] for key in ("value", "style") if key in button}


def chosen(block, element, values):
    """The action of a menu or another chooser."""
    told = {key: element[key] for key in ("action_id", "placeholder") if key in element}
    return told | {"block_id": block["block_id"], **filled(element, values)}


def filled(element, values):
    """State of one element; ``values`` are values or labels."""
    kind = element["type"]
    many = kind.startswith("multi_") or kind == "checkboxes"
    if not many and len(values) > 1:
        raise Cannot(f"Only one can be chosen, not {list(values)}.")
    key = _key(kind, many=many)
    if "option" in key:
        picked = [_option(element, value) for value in values]
        return {"type": kind, key: picked if many else (picked or [None])[0]}
    if key == "value":
        return {"type": kind, "value": _typed(element, values[0]) if values else None}
    return {"type": kind, key: list(values) if many else (list(values) or [None])[0]}


def _key(kind, *, many):
    for source in ("user", "conversation", "channel"):
        if kind.endswith(f"{source}s_select"):
            return f"selected_{source}s" if many else f"selected_{source}"
    picks = {"datepicker": "selected_date", "timepicker": "selected_time",
             "datetimepicker": "selected_date_time"}  # fmt: skip
    if kind in picks:
        return picks[kind]
    if kind in {"radio_buttons", "overflow", "checkboxes"} or kind.endswith("_select"):
        return "selected_options" if many else "selected_option"
    return "value"


def _option(element, wanted):
    if isinstance(wanted, dict):
        return wanted
    for option in options_of(element):
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": wanted}, "value": wanted}
    raise Cannot(f"There is no option {wanted!r}, only {[o['text']['text'] for o in options_of(element)]}.")


def _typed(element, text):
    most, least = element.get("max_length", 3000), element.get("min_length", 0)
    if element["type"] == "plain_text_input" and not least <= len(text) <= most:
        raise Cannot(f"{len(text)} characters do not fit between {least} and {most}.")
    return text


def submitted(view, values):
    """``state.values`` of a form: what is given, else what stood there at first; needed ones are needed."""
    given = {}
    for wanted, value in values.items():
        _, element = found(view, wanted)
        given[element["action_id"]] = value if isinstance(value, (list, tuple)) else [value]
    state = standing(view, given)
    for block in view.blocks:
        if block["type"] == "input" and not block.get("optional"):
            told = state[block["block_id"]][block["element"]["action_id"]]
            if not _says(told):
                raise Cannot(f"{_above(block, None)!r} must be filled.")
    return state


def standing(view, given=None):
    """State of a view's fields; ``given`` maps action ids to lists of values, the rest stay as they are."""
    state = {}
    for block, element in elements(view.blocks):
        if element["type"] not in {"button", "overflow"}:
            values = (given or {}).get(element["action_id"], _initial(element))
            state.setdefault(block["block_id"], {})[element["action_id"]] = filled(element, values)
    return state


def _initial(element):
    for key, value in element.items():
        if key.startswith("initial_"):
            return value if isinstance(value, list) else [value]
    return []


def _says(told):
    return any(value not in (None, "", []) for key, value in told.items() if key != "type")
