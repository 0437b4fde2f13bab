"""Discord's limits, written down a second time from its documentation ("Components", "Interactions")."""

from simcord.components import COMPONENTS_V2_FLAG, validate_components, validate_modal

from adapters.discord.outbound import walk

ROW, BUTTON, MENU, INPUT, TEXT, GALLERY, SEPARATOR, CONTAINER, LABEL = 1, 2, 3, 4, 10, 12, 14, 17, 18
LINK_STYLE = 5


def check_message(components):
    """Fails where Discord would refuse the components of a message."""
    parts = list(walk(components))
    assert 1 <= len(components) <= 10
    assert len(parts) <= 40
    assert sum(len(part["content"]) for part in parts if part["type"] == TEXT) <= 4000
    named = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(set(named)) == len(named)
    for part in parts:
        _CHECKS[part["type"]](part)
    validate_components(list(components), flags=COMPONENTS_V2_FLAG)


def check_modal(payload):
    """Fails where Discord would refuse a modal."""
    _length(payload["title"], 1, 45)
    _length(payload["custom_id"], 1, 100)
    assert 1 <= len(payload["components"]) <= 5
    names = [part["component"]["custom_id"] for part in payload["components"]]
    assert len(set(names)) == len(names)
    for part in payload["components"]:
        assert part["type"] == LABEL
        _length(part["label"], 1, 45)
        _CHECKS[part["component"]["type"]](part["component"])
    validate_modal(payload)


def _length(text, least, most):
    assert least <= len(text) <= most, text
    assert text.strip() or not least


def _text(part):
    _length(part["content"], 1, 4000)


def _row(part):
    inner = part["components"]
    menus = [each for each in inner if each["type"] == MENU]
    assert 1 <= len(inner) <= 5
    assert not menus or len(inner) == 1


def _button(part):
    _length(part["label"], 1, 80)
    if part["style"] == LINK_STYLE:
        _length(part["url"], 1, 512)
        assert "custom_id" not in part
    else:
        assert part["style"] in {1, 2, 3, 4}
        _length(part["custom_id"], 1, 100)


def _menu(part):
    _length(part["custom_id"], 1, 100)
    _length(part.get("placeholder", ""), 0, 150)
    assert 1 <= len(part["options"]) <= 25
    values = [option["value"] for option in part["options"]]
    assert len(set(values)) == len(values)
    for option in part["options"]:
        _length(option["label"], 1, 100)
        _length(option["value"], 1, 100)


def _input(part):
    _length(part["custom_id"], 1, 100)
    assert 1 <= part["max_length"] <= 4000
    assert len(part.get("value", "")) <= part["max_length"]
    assert len(part.get("placeholder", "")) <= 100


def _gallery(part):
    assert 1 <= len(part["items"]) <= 10
    for item in part["items"]:
        assert item["media"]["url"].startswith("attachment://")
        assert len(item["description"]) <= 1024


def _container(part):
    assert part["components"]
    assert {inner["type"] for inner in part["components"]} <= {ROW, TEXT, GALLERY, SEPARATOR}


_CHECKS = {
    ROW: _row,
    BUTTON: _button,
    MENU: _menu,
    INPUT: _input,
    TEXT: _text,
    GALLERY: _gallery,
    SEPARATOR: lambda part: None,
    CONTAINER: _container,
}
