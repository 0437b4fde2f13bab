"""Log lines without secrets, wherever they are from and whoever writes them down.

A record is cleaned when it is made, before any handler or formatter sees it: its message, arguments, error
and stack. A message is one line, and nothing in it steers the terminal that shows it. Handlers clean it
once more, for what is added to a record later.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from bot.toolkit.redaction import redacted, unsaid
from bot.toolkit.terminal import plain, plain_line

OURS = ("adapters", "bot", "content", "storage")
"""Loggers of our own. Libraries write down, at DEBUG, what they send and get: they stay at INFO."""

CHATTY = ("alembic", "apscheduler")
"""Libraries that log every round at INFO."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime"}
_FRAME = re.compile(r"[ |+-]*File \"")


def configure(level: str) -> None:
    """Log to standard error, our own lines from ``level`` up, and let no secret through to any handler."""
    logging.basicConfig(format=_FORMAT)
    logging.getLogger().setLevel(max(logging.INFO, logging.getLevelNamesMapping()[level]))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    redact_records()


def redact_records() -> None:
    """Clean every record from now on. Doing it twice does no harm."""
    if logging.getLogRecordFactory() is not _clean_record:
        logging.setLogRecordFactory(_clean_record)
    for handler in _handlers():
        if not any(isinstance(each, Redacting) for each in handler.filters):
            handler.addFilter(Redacting())


def redact_faults() -> None:
    """Clean what the interpreter itself writes: warnings, and errors that nobody caught, in any thread."""
    logging.captureWarnings(capture=True)
    sys.excepthook = _tell
    threading.excepthook = lambda args: _tell(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _tell(args.exc_type, args.exc_value, args.exc_traceback)
    # What a handler could not write, logging would write to standard error as it is.
    logging.raiseExceptions = False


class Redacting(logging.Filter):
    """A filter that cleans a record once more, with all that was added since; passes every one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place."""
        _clean(record)
        for name, value in vars(record).items():
            if name not in _OWN and not isinstance(value, bool | int | float | None):
                setattr(record, name, plain_line(unsaid(str(value))))
        return True


def redacted_traceback(error: BaseException) -> str:
    """Return the traceback of an error, with its causes, as it may be written down."""
    chunks = traceback.TracebackException.from_exception(error).format()
    # A frame is code, where a word that somebody wrote is only a word. What it is about is in the message.
    return plain("".join(redacted(each) if _FRAME.match(each) else unsaid(each) for each in chunks))


def _clean_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    _clean(record)
    return record


def _clean(record: logging.LogRecord) -> None:
    """Put what may be written in the place of what was said; what cannot be written is left out."""
    try:
        record.msg = _message(record)
    except Exception as error:  # noqa: BLE001 - a line that cannot be made must not end what it tells of
        record.msg = plain_line(f"{redacted(str(record.msg))} (not filled in: {type(error).__name__})")
    record.args = None
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text = redacted_traceback(record.exc_info[1]).rstrip("\n")
    elif record.exc_text:
        record.exc_text = plain(unsaid(record.exc_text))
    record.exc_info = None
    if record.stack_info:
        record.stack_info = plain(redacted(record.stack_info))


def _message(record: logging.LogRecord) -> str:
    message, given = str(record.msg), record.args
    if record.name.partition(".")[0] not in OURS or isinstance(record.msg, BaseException):
        message = unsaid(message)  # libraries fill an error's text in before it comes here
    if given:
        filled = (
            {name: _quiet(value) for name, value in given.items()}
            if isinstance(given, Mapping)
            else tuple(map(_quiet, given))
        )
        message = message % filled
    return plain_line(redacted(message))


def _quiet(value: object) -> object:
    """Return something that is written as the value is, without its secrets."""
    return value if isinstance(value, bool | int | float | None) else _Quiet(value)


class _Quiet:
    def __init__(self, value: object) -> None:
        self._value = value

    def __str__(self) -> str:
        return unsaid(str(self._value))

    def __repr__(self) -> str:
        return unsaid(repr(self._value))


def _tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
    else:
        sys.stderr.write(redacted_traceback(error))


def _handlers() -> Iterator[logging.Handler]:
    """Yield the handlers of every logger that there is, and the one that writes when there is none."""
    if logging.lastResort:
        yield logging.lastResort
    yield from logging.getLogger().handlers
    for logger in logging.Logger.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            yield from logger.handlers
