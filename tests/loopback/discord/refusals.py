"""Discord's error responses: a status, a code, a sentence and, for bad forms, a tree of errors."""


class Refused(Exception):
    """Answered as JSON; ``errors`` is the tree that goes with code 50035."""

    def __init__(self, status, code, message, errors=None):
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.headers = {}
        self.body = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors

    def replaced(self, body, headers):
        """Set another body and headers, and return this refusal."""
        self.body, self.headers = body, headers
        return self


UNAUTHORIZED = (401, 0, "401: Unauthorized")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_ROLE = (404, 10011, "Unknown Role")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
ALREADY_ANSWERED = (400, 40060, "Interaction has already been acknowledged.")
MISSING_ACCESS = (403, 50001, "Missing Access")
NOT_YOURS = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
INBOX_CLOSED = (403, 50007, "Cannot send messages to this user")
NOT_TEXT = (400, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
BAD_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
BAD_RECIPIENT = (400, 50033, "Invalid Recipient(s)")
THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
THREAD_LOCKED = (400, 160005, "Thread is locked")
THREAD_ARCHIVED = (400, 50083, "Thread is archived")


class Problems:
    """Collects what is wrong with a body, by path; ``check`` raises when there is anything."""

    def __init__(self):
        self.found = []

    def add(self, path, code, message):
        """``path`` is a tuple of keys and indexes from the top of the body."""
        self.found.append((path, code, message))

    def length(self, path, value, least, most):
        """The text's length must be within bounds."""
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", "Could not interpret as string.")
        elif not least <= len(value) <= most:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def count(self, path, values, least, most):
        """So many items, no fewer and no more."""
        if not isinstance(values, list) or not least <= len(values) <= most:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def number(self, path, value, least, most):
        """A number within bounds."""
        if not isinstance(value, int) or not least <= value <= most:
            self.add(path, "NUMBER_TYPE_RANGE", f"int value should be between {least} and {most}.")

    def check(self):
        """Raise the refusal with its tree if anything was found."""
        if self.found:
            raise Refused(400, 50035, "Invalid Form Body", self.tree())

    def tree(self):
        """Discord's nested shape: ``{"components": {"0": {"_errors": [...]}}}``."""
        top = {}
        for path, code, message in self.found:
            place = top
            for key in path:
                place = place.setdefault(str(key), {})
            place.setdefault("_errors", []).append({"code": code, "message": message})
        return top
