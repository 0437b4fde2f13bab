"""Blocks: those of a message, a form or a home view."""

from tests.loopback.slack.validate_elements import IN_ACTIONS, IN_INPUT, IN_SECTION, element, image
from tests.loopback.slack.validate_text import plain, text
from tests.loopback.slack.words import elements, words_of

MESSAGE, MODAL, HOME = "message", "modal", "home"
VIEWS = {MODAL, HOME}
MOST_BLOCKS = {MESSAGE: 50, MODAL: 100, HOME: 100}
MOST_MARKDOWN = 12_000
MOST_WORDS = 13_200


def blocks(problems, given, place):
    """All blocks of one place. Anything that is not a list of objects is refused at once."""
    if not problems.count(("blocks",), given, MOST_BLOCKS[place], 0 if place == MESSAGE else 1):
        return
    for index, block in enumerate(given):
        _block(problems, ("blocks", index), block, place)
    _unique(problems, given)
    markdown = sum(len(str(b.get("text"))) for b in given if b.get("type") == "markdown")
    if markdown > MOST_MARKDOWN:
        problems.add(("blocks",), f"markdown text must be less than {MOST_MARKDOWN + 1} characters in all")


def too_long(given):
    """Does a message hold more words than Slack takes in all?"""
    return sum(map(len, words_of(given))) > MOST_WORDS


def _block(problems, path, block, place):
    known = {
        "section": _section, "header": _header, "context": _context, "actions": _actions,
        "divider": _divider, "image": _image, "input": _input, "markdown": _markdown,
        "rich_text": _rich_text,
    }  # fmt: skip
    kind = block.get("type")
    if kind not in known:
        problems.add((*path, "type"), f"unsupported type: {kind}")
        return
    if "block_id" in block:
        problems.length((*path, "block_id"), block["block_id"], 255, 1)
    if (kind == "input" and place not in VIEWS) or (kind == "markdown" and place != MESSAGE):
        problems.add((*path, "type"), f"{kind} is not allowed in a {place}")
        return
    known[kind](problems, path, block)


def _section(problems, path, block):
    problems.shape(path, block, {"type"}, {"text", "fields", "accessory", "block_id", "expand"})
    if "text" not in block and "fields" not in block:
        problems.add(path, "missing required field: text or fields")
    if "text" in block:
        text(problems, (*path, "text"), block["text"], 3000)
    if "fields" in block and problems.count((*path, "fields"), block["fields"], 10):
        for index, field in enumerate(block["fields"]):
            text(problems, (*path, "fields", index), field, 2000)
    if "accessory" in block:
        element(problems, (*path, "accessory"), block["accessory"], IN_SECTION)


def _header(problems, path, block):
    problems.shape(path, block, {"type", "text"}, {"block_id", "level"})
    plain(problems, (*path, "text"), block.get("text"), 150)


def _context(problems, path, block):
    problems.shape(path, block, {"type", "elements"}, {"block_id"})
    if not problems.count((*path, "elements"), block.get("elements"), 10):
        return
    for index, part in enumerate(block["elements"]):
        at = (*path, "elements", index)
        if part.get("type") == "image":
            image(problems, at, part)
        else:
            text(problems, at, part, 3000)


def _actions(problems, path, block):
    problems.shape(path, block, {"type", "elements"}, {"block_id"})
    if problems.count((*path, "elements"), block.get("elements"), 25):
        for index, part in enumerate(block["elements"]):
            element(problems, (*path, "elements", index), part, IN_ACTIONS)


def _divider(problems, path, block):
    problems.shape(path, block, {"type"}, {"block_id"})


def _image(problems, path, block):
    image(problems, path, block)
    if "title" in block:
        plain(problems, (*path, "title"), block["title"], 2000)


def _input(problems, path, block):
    problems.shape(
        path, block, {"type", "label", "element"}, {"block_id", "hint", "optional", "dispatch_action"}
    )
    plain(problems, (*path, "label"), block.get("label"), 2000)
    if "hint" in block:
        plain(problems, (*path, "hint"), block["hint"], 2000)
    element(problems, (*path, "element"), block.get("element"), IN_INPUT)


def _markdown(problems, path, block):
    problems.shape(path, block, {"type", "text"}, {"block_id"})
    problems.length((*path, "text"), block.get("text"), MOST_MARKDOWN, 1)


def _rich_text(problems, path, block):
    problems.shape(path, block, {"type", "elements"}, {"block_id"})
    problems.count((*path, "elements"), block.get("elements"), 1000, 0)


def _unique(problems, given):
    named = [block["block_id"] for block in given if "block_id" in block]
    actions = [part["action_id"] for _, part in elements(given)]
    for what, ids in (("block_id", named), ("action_id", actions)):
        for twice in sorted({str(each) for each in ids if ids.count(each) > 1}):
            problems.add(("blocks",), f"{what} must be unique: {twice}")
