"""Walking blocks: their interactive elements and their words."""

TEXTS = ("text", "label", "hint", "title", "description", "alt_text", "placeholder", "fallback")


def elements(blocks):
    """(block, element) of everything that can be pressed, chosen or filled."""
    for block in blocks or ():
        for element in (block.get("accessory"), block.get("element"), *(block.get("elements") or ())):
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def words_of(part):
    """Every word that a person reads in blocks, in reading order. Of selects the placeholder only."""
    if isinstance(part, list):
        return [word for each in part for word in words_of(each)]
    if not isinstance(part, dict):
        return []
    found = [word for key in TEXTS for word in _text(part.get(key))]
    for key in ("fields", "accessory", "element", "elements"):
        found += words_of(part.get(key))
    return found


def _text(value):
    if isinstance(value, str):
        return [value]
    return words_of(value) if isinstance(value, dict) else []


def marked(part):
    """The texts in which Slack reads mentions: mrkdwn objects and markdown blocks."""
    if isinstance(part, list):
        return [text for each in part for text in marked(each)]
    if not isinstance(part, dict):
        return []
    if part.get("type") in {"mrkdwn", "markdown"}:
        return [str(part.get("text"))]
    return [text for value in part.values() for text in marked(value)]


def label_of(element):
    """Label of a button, or placeholder of an empty select."""
    return (element.get("text") or element.get("placeholder") or {}).get("text")


def options_of(element):
    """The options of a select, of all its groups."""
    groups = [group["options"] for group in element.get("option_groups") or ()]
    return [option for options in (element.get("options") or [], *groups) for option in options]
