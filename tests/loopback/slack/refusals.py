"""Slack's error responses: one word, sometimes with the place in the arguments."""


class Refused(Exception):
    """Answered as ``{"ok": false, "error": word, ...}``; ``problems`` are sentences for the record.

    ``status`` is the HTTP status; only answer addresses use another than 200.
    """

    status = 200

    def __init__(self, error, *, problems=(), **more):
        super().__init__(f"{error} {' '.join(problems)}".strip())
        self.error = error
        self.problems = tuple(problems)
        self.body = {"ok": False, "error": error, **more}
        if problems:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {each}" for each in problems]}


class TooMany(Refused):
    """Answered as 429 with ``Retry-After`` in whole seconds."""

    def __init__(self, seconds):
        super().__init__("ratelimited")
        self.retry_after = max(1, round(seconds + 0.499))


def too_many(seconds):
    """Status, headers and body of a 429."""
    return 429, {"Retry-After": str(seconds)}, {"ok": False, "error": "ratelimited"}


class Problems:
    """Collects what is wrong, by JSON pointer; ``check`` raises when there is anything."""

    def __init__(self):
        self.found = []

    def add(self, path, sentence):
        """``path`` is a tuple of keys and indexes from the top of the arguments."""
        self.found.append(f"{sentence} [json-pointer:/{'/'.join(str(key) for key in path)}]")

    def length(self, path, value, most, least=0):
        """A text within bounds. Whether it is a text at all; returns whether it fits."""
        if not isinstance(value, str):
            self.add(path, "must be a string")
        elif len(value) > most:
            self.add(path, f"must be less than {most + 1} characters")
        elif len(value) < least:
            self.add(path, f"must be more than {least - 1} character{'s' if least != 2 else ''}")
        else:
            return True
        return False

    def count(self, path, values, most, least=1):
        """A list within bounds, of objects; returns whether it is a list of objects at all."""
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.add(path, "must be an array of objects")
            return False
        if len(values) > most:
            self.add(path, f"no more than {most} items allowed [given:{len(values)}]")
        elif len(values) < least:
            self.add(path, f"no fewer than {least} items allowed [given:{len(values)}]")
        return True

    def shape(self, path, value, needed, allowed):
        """An object that has what it needs and nothing unknown; returns whether it is an object."""
        if not isinstance(value, dict):
            self.add(path, "must be an object")
            return False
        for key in sorted(set(needed) - set(value)):
            self.add(path, f"missing required field: {key}")
        for key in sorted(set(value) - set(needed) - set(allowed)):
            self.add((*path, key), f"invalid additional property: {key}")
        return True

    def check(self, error, **more):
        """Raise the refusal if anything was found."""
        if self.found:
            raise Refused(error, problems=self.found, **more)
