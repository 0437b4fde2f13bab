"""Is a message or a modal one that Discord would take? Raises ``Refused`` with code 50035 if not."""

from tests.loopback.discord.components import (
    BUTTON,
    CONTAINER,
    FILE,
    GALLERY,
    INPUT,
    LABEL,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    TEXT,
    THUMBNAIL,
    every,
)
from tests.loopback.discord.refusals import EMPTY_MESSAGE, Problems, Refused
from tests.loopback.discord.validate_embeds import embeds as check_embeds
from tests.loopback.discord.world import V2

TOP_V2 = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
IN_CONTAINER = TOP_V2 - {CONTAINER}
MOST_COMPONENTS = 40
MOST_TEXT = 4000


def message(body, flags, files, *, stands=None):
    """A message to send (``stands`` None) or an edit of the message ``stands``.

    ``flags`` are those that it will have, ``files`` the names that are or stay attached.
    """
    problems = Problems()
    if flags & V2:
        for key in ("content", "embeds", "stickers", "poll"):
            if body.get(key):
                problems.add((key,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                             f"'{key}' cannot be used with MessageFlags.IS_COMPONENTS_V2")  # fmt: skip
    else:
        _plain(problems, body)
    if body.get("components") is not None:
        components(problems, body["components"], files, v2=bool(flags & V2))
    problems.check()
    if stands is None:
        _not_empty(body, files, v2=bool(flags & V2))


def _plain(problems, body):
    if body.get("content"):
        problems.length(("content",), body["content"], 0, 2000)
    if body.get("embeds"):
        check_embeds(problems, body["embeds"])


def _not_empty(body, files, *, v2):
    carries = ("components",) if v2 else ("content", "embeds", "components", "sticker_ids", "poll")
    if not files and not any(body.get(key) for key in carries):
        raise Refused(*EMPTY_MESSAGE)


def components(problems, tree, files, *, v2):
    """The components of a message. Anything that is not a list of objects is refused at once."""
    if not isinstance(tree, list) or not all(isinstance(c, dict) for c in tree):
        problems.add(("components",), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return
    allowed = TOP_V2 if v2 else {ROW}
    for index, component in enumerate(tree):
        _component(problems, ("components", index), component, allowed, files)
    flat = list(every(tree))
    if not v2:
        problems.count(("components",), tree, 0, 5)
    if len(flat) > MOST_COMPONENTS:
        problems.add(
            ("components",), "BASE_TYPE_MAX_LENGTH", f"Must be {MOST_COMPONENTS} or fewer in length."
        )
    if sum(len(c.get("content") or "") for c in flat if c.get("type") == TEXT) > MOST_TEXT:
        problems.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                     f"The total displayable text size exceeds {MOST_TEXT} characters.")  # fmt: skip
    _unique_ids(problems, flat)


def _unique_ids(problems, flat):
    named = [c["custom_id"] for c in flat if "custom_id" in c]
    if len(set(named)) != len(named):
        twice = sorted({name for name in named if named.count(name) > 1})
        problems.add(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED",
                     f"Component custom id cannot be duplicated: {', '.join(twice)}")  # fmt: skip
    numbers = [c["id"] for c in flat if c.get("id")]
    if len(set(numbers)) != len(numbers):
        problems.add(("components",), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")


def _component(problems, path, component, allowed, files):
    kind = component.get("type")
    if kind not in allowed:
        problems.add(
            (*path, "type"),
            "UNION_TYPE_CHOICES",
            f'Value of field "type" must be one of {sorted(allowed)}.',
        )
        return
    check = {
        ROW: _row, SECTION: _section, TEXT: _text, GALLERY: _gallery, FILE: _file,
        CONTAINER: _container, THUMBNAIL: _thumbnail, BUTTON: _button, SEPARATOR: _nothing,
    }[kind]  # fmt: skip
    check(problems, path, component, files)


def _nothing(problems, path, component, files):
    pass


def _container(problems, path, component, files):
    inner = component.get("components")
    problems.count((*path, "components"), inner, 1, MOST_COMPONENTS)
    for index, child in enumerate(inner or ()):
        _component(problems, (*path, "components", index), child, IN_CONTAINER, files)
    if component.get("accent_color") is not None:
        problems.number((*path, "accent_color"), component["accent_color"], 0, 0xFFFFFF)


def _section(problems, path, component, files):
    inner = component.get("components")
    problems.count((*path, "components"), inner, 1, 3)
    for index, child in enumerate(inner or ()):
        _component(problems, (*path, "components", index), child, {TEXT}, files)
    accessory = component.get("accessory") or {}
    _component(problems, (*path, "accessory"), accessory, {BUTTON, THUMBNAIL}, files)


def _text(problems, path, component, files):
    problems.length((*path, "content"), component.get("content"), 1, MOST_TEXT)


def _gallery(problems, path, component, files):
    problems.count((*path, "items"), component.get("items"), 1, 10)
    for index, item in enumerate(component.get("items") or ()):
        _media(problems, (*path, "items", index), item, "media", files)


def _thumbnail(problems, path, component, files):
    _media(problems, path, component, "media", files)


def _file(problems, path, component, files):
    _media(problems, path, component, "file", files)


def _media(problems, path, component, key, files):
    url = (component.get(key) or {}).get("url") or ""
    if url.startswith("attachment://") and url.removeprefix("attachment://") not in files:
        problems.add((*path, key, "url"), "MEDIA_ATTACHMENT_NOT_FOUND", f"There is no {url}.")  # fmt: skip
    elif not url.startswith(("attachment://", "http://", "https://")):
        problems.add((*path, key, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    if component.get("description") is not None:
        problems.length((*path, "description"), component["description"], 1, 1024)


def _row(problems, path, component, files):
    inner = component.get("components")
    problems.count((*path, "components"), inner, 1, 5)
    selects = [c for c in inner or () if c.get("type") in SELECTS]
    if selects and len(inner) > 1:
        problems.add(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for index, child in enumerate(inner or ()):
        place = (*path, "components", index)
        if child.get("type") in SELECTS:
            select(problems, place, child)
        else:
            _component(problems, place, child, {BUTTON}, files)


def _button(problems, path, component, files):
    label, style = component.get("label"), component.get("style")
    problems.number((*path, "style"), style, 1, 6)
    if label:
        problems.length((*path, "label"), label, 1, 80)
    elif not component.get("emoji") and style != 6:
        problems.add(
            (*path, "label"), "BUTTON_COMPONENT_LABEL_REQUIRED", "A button must have a label or an emoji."
        )
    if style == 5:
        problems.length((*path, "url"), component.get("url"), 1, 512)
        if "custom_id" in component:
            problems.add(
                (*path, "custom_id"),
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
    elif style != 6:
        problems.length((*path, "custom_id"), component.get("custom_id"), 1, 100)


def select(problems, path, component):
    """A menu, in a message or in a modal's label."""
    problems.length((*path, "custom_id"), component.get("custom_id"), 1, 100)
    if component.get("placeholder") is not None:
        problems.length((*path, "placeholder"), component["placeholder"], 0, 150)
    least, most = component.get("min_values", 1), component.get("max_values", 1)
    problems.number((*path, "min_values"), least, 0, 25)
    problems.number((*path, "max_values"), most, 1, 25)
    if component["type"] == 3:
        options = component.get("options")
        problems.count((*path, "options"), options, 1, 25)
        _options(problems, path, options or ())
        if options and most > len(options):
            problems.add(
                (*path, "max_values"),
                "SELECT_COMPONENT_MAX_VALUES_EXCEEDED",
                "Must not exceed the number of options.",
            )


def _options(problems, path, options):
    seen = set()
    for index, option in enumerate(options):
        place = (*path, "options", index)
        problems.length((*place, "label"), option.get("label"), 1, 100)
        problems.length((*place, "value"), option.get("value"), 1, 100)
        if option.get("description"):
            problems.length((*place, "description"), option["description"], 1, 100)
        if option.get("value") in seen:
            problems.add(
                (*place, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option.get("value"))


def modal(body):
    """A form that opens over the chat."""
    problems = Problems()
    problems.length(("data", "title"), body.get("title"), 1, 45)
    problems.length(("data", "custom_id"), body.get("custom_id"), 1, 100)
    problems.count(("data", "components"), body.get("components"), 1, 5)
    for index, component in enumerate(body.get("components") or ()):
        _modal_part(problems, ("data", "components", index), component)
    _unique_ids(problems, list(every(body.get("components") or ())))
    problems.check()


def _modal_part(problems, path, component):
    kind = component.get("type")
    if kind == TEXT:
        _text(problems, path, component, ())
    elif kind == LABEL:
        problems.length((*path, "label"), component.get("label"), 1, 45)
        if component.get("description") is not None:
            problems.length((*path, "description"), component["description"], 1, 100)
        _modal_input(problems, (*path, "component"), component.get("component") or {})
    elif kind == ROW:
        for index, child in enumerate(component.get("components") or ()):
            place = (*path, "components", index)
            problems.length((*place, "label"), child.get("label"), 1, 45)
            _modal_input(problems, place, child)
    else:
        problems.add(
            (*path, "type"),
            "UNION_TYPE_CHOICES",
            f'Value of field "type" must be one of {[ROW, TEXT, LABEL]}.',
        )


def _modal_input(problems, path, component):
    if component.get("type") in SELECTS:
        select(problems, path, component)
        return
    problems.length((*path, "custom_id"), component.get("custom_id"), 1, 100)
    if component.get("type") != INPUT:
        return
    problems.number((*path, "style"), component.get("style"), 1, 2)
    if component.get("min_length") is not None:
        problems.number((*path, "min_length"), component["min_length"], 0, 4000)
    most = component.get("max_length")
    if most is not None:
        problems.number((*path, "max_length"), most, 1, 4000)
    if component.get("value") is not None:
        problems.length((*path, "value"), component["value"], 0, min(most or 4000, 4000))
    if component.get("placeholder") is not None:
        problems.length((*path, "placeholder"), component["placeholder"], 0, 100)


def choices(found):
    """Check the choices of an autocomplete."""
    problems = Problems()
    path = ("data", "choices")
    problems.count(path, found, 0, 25)
    for index, choice in enumerate(found or ()):
        problems.length((*path, index, "name"), choice.get("name"), 1, 100)
        if isinstance(choice.get("value"), str):
            problems.length((*path, index, "value"), choice["value"], 1, 100)
    problems.check()
