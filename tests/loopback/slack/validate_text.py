"""Text objects and the confirmation dialog."""


def plain(problems, path, given, most):
    """A ``plain_text`` object."""
    text(problems, path, given, most, kinds={"plain_text"})


def text(problems, path, given, most, kinds=frozenset({"plain_text", "mrkdwn"})):
    """A text object of 1 to ``most`` characters."""
    if not isinstance(given, dict) or given.get("type") not in kinds:
        problems.add((*path, "type"), f"must be one of {', '.join(sorted(kinds))}")
        return
    extra = "emoji" if given["type"] == "plain_text" else "verbatim"
    problems.shape(path, given, {"type", "text"}, {extra})
    problems.length((*path, "text"), given.get("text"), most, 1)


def confirm(problems, path, given):
    """The dialog that asks before an action."""
    if not problems.shape(path, given, {"title", "text", "confirm", "deny"}, {"style"}):
        return
    plain(problems, (*path, "title"), given.get("title"), 100)
    text(problems, (*path, "text"), given.get("text"), 300)
    plain(problems, (*path, "confirm"), given.get("confirm"), 30)
    plain(problems, (*path, "deny"), given.get("deny"), 30)
