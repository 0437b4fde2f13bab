"""Plain text and pressable parts of native Discord messages and forms."""

from adapters.discord.outbound import walk

TEXT, BUTTON, MENU, GALLERY, INPUT, LABEL = 10, 2, 3, 12, 4, 18


def words(components):
    """Everything that is shown, a line for each component; round brackets where it cannot be pressed."""
    lines = []
    for part in walk(components):
        match part["type"]:
            case 10:
                lines.append(part["content"])
            case 2:
                lines.append(f"({part['label']})" if part.get("disabled") else f"[{part['label']}]")
            case 3:
                lines.append(f"[{part.get('placeholder', '')}]")
            case 12:
                lines += [item["description"] for item in part["items"]]
    return "\n".join(lines).replace("\\", "")


def form_words(modal):
    """The title of a form and what its fields hold."""
    filled = (f"{label['label']}: {value_of(label['component'])}" for label in modal["components"])
    return "\n".join((modal["title"], *filled))


def fields(modal):
    """The fields of a form by name."""
    return {label["component"]["custom_id"]: label["component"] for label in modal["components"]}


def value_of(field):
    """The value of a field before anybody types; of a menu the entries that are chosen."""
    if field["type"] == MENU:
        return ", ".join(option["value"] for option in field["options"] if option.get("default"))
    return field.get("value", "")


def buttons(components):
    """The ids of the buttons that can be pressed, by label."""
    return {
        part["label"]: part["custom_id"]
        for part in walk(components)
        if part["type"] == BUTTON and not part.get("disabled") and "custom_id" in part
    }


def menus(components):
    """The menus."""
    return [part for part in walk(components) if part["type"] == MENU]
