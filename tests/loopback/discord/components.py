"""Walking trees of components."""

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = (
    1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 17, 18,
)  # fmt: skip
SELECTS = {3, 5, 6, 7, 8}


def every(components):
    """All components, nested ones too, in the order in which they are read."""
    for component in components:
        yield component
        yield from every(component.get("components") or ())
        for inner in (component.get("accessory"), component.get("component")):
            if inner:
                yield from every((inner,))


def texts(components):
    """The contents of all text displays."""
    return [c["content"] for c in every(components) if c["type"] == TEXT]


def numbered(components, start=1):
    """Give every component without an ``id`` the next free number, as Discord does; changes them."""
    taken = {c["id"] for c in every(components) if c.get("id")}
    number = start
    for component in every(components):
        if not component.get("id"):
            while number in taken:
                number += 1
            component["id"] = number
            number += 1
    return components
