"""Would Slack take this message, this view? Raises ``Refused`` if not."""

import json

from tests.loopback.slack.refusals import Problems, Refused
from tests.loopback.slack.validate_blocks import MESSAGE, blocks, too_long
from tests.loopback.slack.validate_elements import suggested
from tests.loopback.slack.validate_text import plain
from tests.loopback.slack.words import marked

MOST_TEXT, WISE_TEXT = 40_000, 4000
MOST_METADATA = 16_384
MOST_VIEW = 250_000
CARRIES = ("text", "blocks", "attachments", "markdown_text")


def message(server, team, body):
    """A message to post or the body of an edit. Our own rule: it has a ``text``."""
    if not any(body.get(key) for key in CARRIES):
        raise Refused("no_text")
    if body.get("markdown_text") and (body.get("text") or body.get("blocks")):
        raise Refused("markdown_text_conflict", problems=["markdown_text stands alone"])
    words = body.get("text") or body.get("markdown_text") or ""
    _pings(server, body)
    if len(words) > MOST_TEXT:
        raise Refused("msg_too_long", problems=[f"text is longer than {MOST_TEXT} characters"])
    if len(words) > WISE_TEXT:
        server.refuse("long_text", [f"ours: text of {len(words)} characters; Slack advises {WISE_TEXT}"])
    if not words.strip():
        server.refuse("missing_text", ["ours: notifications and screen readers need a text"])
    if body.get("blocks"):
        _message_blocks(team, body["blocks"])
    if body.get("metadata"):
        _metadata(body["metadata"])


def _pings(server, body):
    """Our own rule: nothing calls everybody in a channel."""
    said = [body.get("text") or "", *marked(body.get("blocks") or [])]
    if any(call in words for call in ("<!channel", "<!here", "<!everyone") for words in said):
        server.refuse("mention", ["ours: a message calls everybody in the channel"])


def _message_blocks(team, given):
    problems = Problems()
    blocks(problems, given, MESSAGE)
    _known_files(problems, team, given)
    problems.check("invalid_blocks", errors=problems.found)
    if too_long(given):
        raise Refused(
            "msg_blocks_too_long", problems=["the blocks hold more than 13,200 characters in all"]
        )


def _known_files(problems, team, given):
    """An uploaded picture must be there before a block shows it."""
    if not isinstance(given, list):
        return
    for index, block in enumerate(given):
        for part in (block, block.get("accessory")) if isinstance(block, dict) else ():
            named = isinstance(part, dict) and part.get("slack_file")
            if named and "url" not in named and not _ready(team.files.get(named.get("id"))):
                problems.add(("blocks", index, "slack_file"), "invalid slack file")


def _ready(file):
    """Slack refuses a file while it looks it through."""
    if file is None:
        return False
    file.refusals -= 1
    return file.refusals < 0


def _metadata(given):
    problems = Problems()
    if problems.shape(("metadata",), given, {"event_type", "event_payload"}, {"entities"}):
        problems.length(("metadata", "event_type"), given.get("event_type"), 255, 1)
        if not isinstance(given.get("event_payload"), dict):
            problems.add(("metadata", "event_payload"), "must be an object")
        elif any(isinstance(value, dict) for value in given["event_payload"].values()):
            problems.add(("metadata", "event_payload"), "values must not be nested objects")
    problems.check("invalid_metadata_format")
    if len(str(given)) > MOST_METADATA:
        raise Refused("metadata_too_large", problems=["metadata is too large"])


def view(team, given, kinds=("modal",)):
    """A view to open, push, update or publish."""
    problems = Problems()
    if not isinstance(given, dict) or given.get("type") not in kinds:
        problems.add(("view", "type"), f"must be one of {', '.join(kinds)}")
        problems.check("invalid_arguments")
    needed = {"type", "blocks"} | ({"title"} if given["type"] == "modal" else set())
    problems.shape(
        ("view",), given, needed,
        {"title", "submit", "close", "private_metadata", "callback_id", "clear_on_close", "notify_on_close",
         "external_id", "submit_disabled"},
    )  # fmt: skip
    _view_texts(problems, given)
    blocks(problems, given.get("blocks"), given["type"])
    _known_files(problems, team, given.get("blocks"))
    problems.check("invalid_arguments")
    if len(json.dumps(given)) > MOST_VIEW:
        raise Refused("view_too_large", problems=["the view has more than 250 kB"])


def _view_texts(problems, given):
    for key in ("title", "submit", "close"):
        if given.get(key) is not None:
            plain(problems, ("view", key), given[key], 24)
    for key, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if given.get(key) is not None:
            problems.length(("view", key), given[key], most)
    listed = given.get("blocks")
    fills = isinstance(listed, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in listed
    )
    if fills and given["type"] == "modal" and "submit" not in given:
        problems.add(("view", "submit"), "missing required field: submit, as there are input blocks")


def options(given):
    """The answer to typing into an external select."""
    problems = Problems()
    suggested(problems, given if isinstance(given, dict) else {})
    problems.check("invalid_arguments")


def field_errors(given, stands):
    """``response_action: errors``: block ids of input blocks, with a sentence each."""
    problems = Problems()
    inputs = {block.get("block_id") for block in stands.blocks if block["type"] == "input"}
    if not isinstance(given, dict) or not given:
        problems.add(("errors",), "must be an object with at least one field")
        given = {}
    for block_id in given:
        if block_id not in inputs:
            problems.add(("errors", block_id), "there is no such input block")
    problems.check("invalid_arguments")


def with_ids(given, ids):
    """The blocks as they stand: with a block_id and an action_id everywhere, as Slack fills them in."""
    made = [{**block, "block_id": block.get("block_id") or ids.new("b")} for block in given or ()]
    for block in made:
        for key in ("elements", "accessory", "element"):
            if key in block:
                block[key] = _named(block[key], ids)
    return made


def _named(part, ids):
    if isinstance(part, list):
        return [_named(each, ids) for each in part]
    acts = part.get("type") not in {"image", "mrkdwn", "plain_text"} and "rich" not in part.get("type", "")
    return {**part, "action_id": part.get("action_id") or ids.new("a")} if acts else part
