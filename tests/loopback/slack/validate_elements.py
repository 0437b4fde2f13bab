"""Elements that people press, choose or fill: may Slack's client be given these?"""

from tests.loopback.slack.validate_text import confirm, plain, text

BUTTON_STYLES = {"primary", "danger"}
MOST_OPTIONS = 100
ACTION = {"confirm", "focus_on_load"}
PICKS = {"placeholder", *ACTION}
SOURCES = ("users", "conversations", "channels")
CONVERSATIONS = {"default_to_current_conversation", "response_url_enabled", "filter"}

SELECTS = {
    f"{multi}{kind}_select"
    for multi in ("", "multi_")
    for kind in ("static", "external", *SOURCES)
}  # fmt: skip
CHOICES = {"radio_buttons", "checkboxes"}
PICKERS = {"datepicker": "date", "timepicker": "time", "datetimepicker": "date_time"}
INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
IN_SECTION = {"button", "overflow", "image", "datepicker", "timepicker"} | SELECTS | CHOICES
IN_ACTIONS = {"button", "overflow", *PICKERS} | SELECTS | CHOICES
IN_INPUT = {*PICKERS} | SELECTS | CHOICES | INPUTS


def element(problems, path, given, allowed):
    """One element of a block that takes the types in ``allowed``."""
    if not isinstance(given, dict) or given.get("type") not in allowed:
        problems.add((*path, "type"), f"unsupported type: {isinstance(given, dict) and given.get('type')}")
        return
    kind = given["type"]
    if kind != "image" and kind in IN_ACTIONS | IN_INPUT and "action_id" in given:
        problems.length((*path, "action_id"), given["action_id"], 255, 1)
    if kind in SELECTS:
        _select(problems, path, given)
    else:
        {
            "button": _button, "overflow": _overflow, "image": image, "radio_buttons": _choices,
            "checkboxes": _choices, "plain_text_input": _input, "number_input": _number,
            "email_text_input": _line, "url_text_input": _line,
        }.get(kind, _picker)(problems, path, given)  # fmt: skip
    if "confirm" in given:
        confirm(problems, (*path, "confirm"), given["confirm"])
    if "placeholder" in given:
        plain(problems, (*path, "placeholder"), given["placeholder"], 150)


def image(problems, path, given):
    """An image as an element; as a block it may have a title."""
    problems.shape(path, given, {"type", "alt_text"}, {"image_url", "slack_file", "title", "block_id"})
    problems.length((*path, "alt_text"), given.get("alt_text"), 2000, 1)
    if ("image_url" in given) == ("slack_file" in given):
        problems.add(path, "must provide exactly one of image_url and slack_file")
    if "image_url" in given:
        problems.length((*path, "image_url"), given["image_url"], 3000, 1)
        if not str(given["image_url"]).startswith(("http://", "https://")):
            problems.add((*path, "image_url"), "must be a valid URL")


def _button(problems, path, given):
    problems.shape(
        path, given, {"type", "text"},
        {"action_id", "url", "value", "style", "confirm", "accessibility_label"},
    )  # fmt: skip
    plain(problems, (*path, "text"), given.get("text"), 75)
    for key, most in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if key in given:
            problems.length((*path, key), given[key], most)
    if "style" in given and given["style"] not in BUTTON_STYLES:
        problems.add((*path, "style"), "must be one of primary, danger")


def _overflow(problems, path, given):
    problems.shape(path, given, {"type", "options"}, {"action_id", "confirm"})
    _options(problems, (*path, "options"), given.get("options"), most=5)


def _choices(problems, path, given):
    initial = "initial_option" if given["type"] == "radio_buttons" else "initial_options"
    problems.shape(path, given, {"type", "options"}, {"action_id", initial, *ACTION})
    _options(problems, (*path, "options"), given.get("options"), most=10)
    _initial_is_there(problems, path, given)


def _select(problems, path, given):
    kind = given["type"].removeprefix("multi_").removesuffix("_select")
    many = given["type"].startswith("multi_")
    allowed = {"action_id", *PICKS} | ({"max_selected_items"} if many else set())
    if kind in SOURCES:
        name = kind if many else kind.removesuffix("s")
        allowed |= {f"initial_{name}"} | (CONVERSATIONS if kind != "users" else set())
    else:
        allowed |= {"initial_options" if many else "initial_option"}
        allowed |= {"options", "option_groups"} if kind == "static" else {"min_query_length"}
    problems.shape(path, given, {"type"}, allowed)
    if kind == "static":
        _static(problems, path, given)


def _static(problems, path, given):
    if ("options" in given) == ("option_groups" in given):
        problems.add(path, "must provide exactly one of options and option_groups")
    if "options" in given:
        _options(problems, (*path, "options"), given["options"])
    if "option_groups" in given and problems.count((*path, "option_groups"), given["option_groups"], 100):
        groups(problems, (*path, "option_groups"), given["option_groups"])
    _initial_is_there(problems, path, given)


def groups(problems, path, given):
    """Named groups of options."""
    for index, group in enumerate(given):
        at = (*path, index)
        problems.shape(at, group, {"label", "options"}, set())
        plain(problems, (*at, "label"), group.get("label"), 75)
        _options(problems, (*at, "options"), group.get("options"))


def _options(problems, path, given, most=MOST_OPTIONS):
    if not problems.count(path, given, most):
        return
    for index, option in enumerate(given):
        at = (*path, index)
        problems.shape(at, option, {"text", "value"}, {"description", "url"})
        text(problems, (*at, "text"), option.get("text"), 75)
        problems.length((*at, "value"), option.get("value"), 150, 1)
        if "description" in option:
            text(problems, (*at, "description"), option["description"], 75)


def suggested(problems, given):
    """The answer to typing into an external select; no options at all is allowed."""
    if "option_groups" in given:
        groups(problems, ("option_groups",), given["option_groups"])
    elif given.get("options"):
        _options(problems, ("options",), given["options"])
    elif not isinstance(given.get("options"), list):
        problems.add(("options",), "must be an array of objects")


def _initial_is_there(problems, path, given):
    listed = [given.get("options") or ()]
    listed += [group.get("options") or () for group in given.get("option_groups") or ()]
    there = [option for options in listed for option in options]
    wanted = [*([given["initial_option"]] if "initial_option" in given else [])]
    wanted += given.get("initial_options") or []
    if any(option not in there for option in wanted):
        problems.add(path, "initial option must exactly match one of the provided options")


def _picker(problems, path, given):
    problems.shape(
        path, given, {"type"}, {"action_id", *PICKS, f"initial_{PICKERS[given['type']]}", "timezone"}
    )


def _input(problems, path, given):
    problems.shape(
        path, given, {"type"},
        {"action_id", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config",
         "focus_on_load", "placeholder"},
    )  # fmt: skip
    most = given.get("max_length", 3000)
    if not isinstance(most, int) or not 1 <= most <= 3000:
        problems.add((*path, "max_length"), "must be between 1 and 3000")
        return
    least = given.get("min_length", 0)
    if not 0 <= least <= most:
        problems.add((*path, "min_length"), "must be between 0 and max_length")
    if given.get("initial_value"):
        problems.length((*path, "initial_value"), given["initial_value"], most, least)


def _number(problems, path, given):
    problems.shape(
        path, given, {"type", "is_decimal_allowed"},
        {"action_id", "initial_value", "min_value", "max_value", "dispatch_action_config", "focus_on_load",
         "placeholder"},
    )  # fmt: skip
    for key in ("initial_value", "min_value", "max_value"):
        if key in given:
            problems.length((*path, key), given[key], 150, 1)


def _line(problems, path, given):
    problems.shape(
        path, given, {"type"},
        {"action_id", "initial_value", "dispatch_action_config", "focus_on_load", "placeholder"},
    )  # fmt: skip
