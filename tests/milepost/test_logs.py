"""Whatever is logged, by whoever, at any level: no secret is in it, nor what a member wrote."""

import asyncio
import io
import json
import logging
import logging.handlers
import queue
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from slack_sdk.errors import SlackApiError

from adapters.slack.settings import Settings as Slack
from bot.chat import ActionInvoked, CommandInvoked, FormSubmitted, ReplyReceived
from bot.chat.events import written
from bot.toolkit.redaction import (
    MARK,
    discreet,
    redacted,
    texts_in,
    unsaid,
    withhold_passwords,
)
from milepost.logs import configure, redacted_traceback
from milepost.settings import ProgramSettings, load_settings
from storage.engine import create_engine
from tests.endtoend.running import ROOT, environment
from tests.support.withheld import SECRET, TOKEN, clean, withhold_both


@pytest.fixture(autouse=True)
def _withheld(monkeypatch):
    withhold_both(monkeypatch)


SAID = "my phone is 555-1234, call\nme “tonight”"


class Everything(logging.Handler):
    """Keeps all that a handler could write of a record, formatted or not."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def emit(self, record):
        self.kept += [self.format(record), repr(vars(record)), json.dumps(vars(record), default=repr)]

    @property
    def text(self):
        return "\n".join(self.kept)


@pytest.fixture
def log():
    """A logger that is nobody's, at every level, and all that any handler got of it."""
    configure("DEBUG")
    found, logger = Everything(), logging.getLogger("library.of.somebody")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(found)
    logger.found = found
    yield logger
    logger.removeHandler(found)


LINES = {
    "in the message": lambda log: log.debug(f"it is {SECRET}"),  # noqa: G004
    "as an argument": lambda log: log.info("it is %s and %d", SECRET, 3),
    "as its repr": lambda log: log.info("it is %r", {"token": [SECRET]}),
    "by name": lambda log: log.warning("it is %(x)s", {"x": SECRET}),
    "as an error": lambda log: log.error("failed: %s", RuntimeError(SECRET)),
    "as the message": lambda log: log.error(RuntimeError(SECRET)),
    "in what cannot be filled in": lambda log: log.error("it is %d", SECRET),
    "with too many arguments": lambda log: log.error("it is", SECRET),  # noqa: PLE1205
    "over two arguments with a space between": lambda log: log.error("%s %s", TOKEN[:9], TOKEN[9:]),
    "over two lines": lambda log: log.error("%s\n%s", TOKEN[:9], TOKEN[9:]),
    "over two arguments": lambda log: log.error("%s%s", SECRET[:9], SECRET[9:]),
    "in something that cannot be written": lambda log: log.error("it is %s", Unwritable()),
    "with the stack": lambda log: log.error("here", stack_info=True),
    "beside it": lambda log: log.error("here", extra={"asked": {"token": SECRET}}),
}


class Unwritable:
    def __str__(self):
        raise RuntimeError(SECRET)


@pytest.mark.parametrize("how", LINES)
def test_no_handler_gets_a_secret_of_a_line(log, how):
    log.found.addFilter(next(f for f in logging.lastResort.filters))
    LINES[how](log)
    clean(log.found.text)
    assert log.found.text.count("library.of.somebody")


def raised(error):
    raise error


def failing(how):
    """An error of several, whose texts are secret."""
    if how == "group":
        raise ExceptionGroup(f"all {SECRET}", [ValueError(TOKEN), KeyError(SECRET)])
    try:
        raised(ValueError(f"inner {SECRET}"))
    except ValueError as error:
        if how == "note":
            error.add_note(f"note {TOKEN}")
            raise
        outer = RuntimeError(f"outer {TOKEN}")
        if how == "context":
            raise outer  # noqa: B904
        raise outer from error


@pytest.mark.parametrize("how", ["cause", "context", "group", "note"])
def test_no_handler_gets_a_secret_of_an_error(log, how):
    try:
        failing(how)
    except Exception:
        log.exception("a fault")
    clean(log.found.text)
    assert "in failing" in log.found.text
    assert "ValueError" in log.found.text


def test_handlers_that_are_added_later_or_pass_records_on_get_none_either(log):
    passed = queue.Queue()
    late = logging.handlers.QueueHandler(passed)
    memory = logging.handlers.MemoryHandler(9, target=(stream := logging.StreamHandler(io.StringIO())))
    for handler in (late, memory):
        log.addHandler(handler)
    log.warning("it is %s", SECRET)
    for handler in (late, memory):
        log.removeHandler(handler)
    memory.close()
    clean(repr(vars(passed.get())))
    clean(stream.stream.getvalue())


def test_an_error_in_a_callback_of_the_event_loop_is_logged_without_it(log, caplog):
    async def main():
        asyncio.get_running_loop().call_soon(failing, "cause")
        await asyncio.sleep(0)
        failed = asyncio.ensure_future(_fails())
        await asyncio.sleep(0)
        del failed

    async def _fails():
        raise RuntimeError(SECRET)

    asyncio.run(main())
    assert "Exception in callback" in caplog.text
    clean(caplog.text)


@pytest.mark.parametrize("runner", ["asyncio", "uvloop"])
@pytest.mark.parametrize("how", ["main", "thread", "unraisable", "warning", "task", "callback"])
def test_what_the_interpreter_writes_itself_has_none(tmp_path, how, runner):
    script = f"""
import asyncio, logging, sys, threading, warnings
from bot.toolkit.redaction import withhold
from milepost.logs import configure, redact_faults
withhold({SECRET!r})
redact_faults()
configure("DEBUG")

def fails():
    raise RuntimeError({SECRET!r})

class Dies:
    def __del__(self):
        fails()

async def main():
    if {how!r} == "callback":
        asyncio.get_running_loop().call_soon(fails)
        await asyncio.sleep(0)
    async def failing():
        fails()
    asyncio.ensure_future(failing())
    await asyncio.sleep(0)
    await asyncio.sleep(0)

if {how!r} == "main":
    fails()
if {how!r} == "thread":
    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
if {how!r} == "unraisable":
    Dies()
if {how!r} == "warning":
    warnings.warn({SECRET!r})
if {how!r} in ("task", "callback"):
    import {runner}
    {runner}.run(main())
"""
    path = tmp_path / "script.py"
    path.write_text(script, "utf-8")
    ran = subprocess.run(
        [sys.executable, path],
        env=environment(PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8"),
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = (ran.stdout + ran.stderr).decode()
    assert MARK in said
    # The warning's own line of source is all that is left, which is not a message.
    clean(said.replace(f"warnings.warn({SECRET!r})", "").replace(f"raise RuntimeError({SECRET!r})", ""))


def test_what_somebody_wrote_is_left_out_while_they_are_served():
    said = f"could not keep {SAID!r} nor {SAID} nor {json.dumps(SAID)} nor a phone"
    with discreet([SAID, "Ana Maria"]):
        kept = unsaid(said)
        inner = unsaid("Ana Maria wrote: NoneType has no telephone")
    assert unsaid(said) == redacted(said)
    for word in ("phone", "555", "tonight", "1234"):
        assert word not in kept.replace("nor a", "")
    assert "could not keep" in kept
    assert inner == f"{MARK} wrote: NoneType has no telephone"


def test_the_words_are_left_out_in_tasks_that_are_begun_meanwhile(log):
    async def main():
        async def later():
            log.error("failed: %s", ValueError(SAID))

        with discreet([SAID]):
            task = asyncio.create_task(later())
        await task

    asyncio.run(main())
    assert "tonight" not in log.found.text


def test_the_code_in_a_traceback_stays_readable():
    try:
        failing("cause")
    except RuntimeError as error:
        with discreet(["the inner failing outer error"]):
            said = redacted_traceback(error)
    assert "in failing" in said
    assert "raise outer from error" in said
    assert "inner" not in said.partition("ValueError: ")[2].partition("\n")[0]


def test_texts_are_found_under_their_names_however_deep():
    body = {"a": [{"value": "one"}, {"b": {"text": ["two", {"text": "three"}]}}], "id": "four"}
    assert sorted(texts_in(body, {"value", "text"})) == ["one", "three", "two"]


def errors_of_libraries():
    """Errors that repeat what they are about."""

    class Model(BaseModel):
        age: int

    try:
        Model(age=SAID)
    except ValidationError as error:
        yield error
    yield SlackApiError("The request failed.", {"ok": False, "error": "invalid_blocks", "said": SAID})
    engine = create_engine("sqlite:///x.db").sync_engine
    assert engine.hide_parameters
    cause = sqlite3.IntegrityError("CHECK constraint failed: x")
    yield sa.exc.IntegrityError("INSERT", {"text": SAID}, cause, hide_parameters=False)


@pytest.mark.parametrize("error", list(errors_of_libraries()), ids=lambda error: type(error).__name__)
def test_an_error_of_a_library_does_not_repeat_what_it_is_about(error):
    said = redacted_traceback(error)
    assert "tonight" not in said
    assert "555" not in said
    assert type(error).__name__ in said


def test_the_name_of_what_slack_refuses_is_kept():
    error = SlackApiError("The request failed.", {"ok": False, "error": "invalid_blocks"})
    assert "The server responded with: invalid_blocks" in redacted_traceback(error)


def test_libraries_stay_at_info_when_we_are_at_debug():
    configure("DEBUG")
    for name in ("slack_sdk.web", "slack_bolt.App", "discord.gateway", "aiohttp", "sqlalchemy.engine"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    assert logging.getLogger("discord").isEnabledFor(logging.INFO)
    for name in ("asyncpg", "aiosqlite", "asyncio", "a_new_library"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    assert logging.getLogger("adapters.slack").isEnabledFor(logging.DEBUG)
    configure("ERROR")
    assert not logging.getLogger("discord").isEnabledFor(logging.WARNING)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://u:can%ary-1@h/d", 'invalid percent-encoded token: "can%ary-1"'),
        ("postgresql:/u:canary-2@h/d", 'missing "=" after "postgresql:/u:canary-2@h/d"'),
        ("postgresql://u:[canary-3@h/d", "the password is [canary-3"),
        ("postgresql://u:canary-4/x@h/d", 'invalid integer value "canary-4" for "port"'),
        ("https://u:x@canary-5@h/d", "cannot resolve canary-5@h"),
        ("http://u:can%2Fary-6@proxy:3128", "the password is can/ary-6"),
    ],
)
def test_the_password_of_an_address_is_told_by_nobody_even_if_it_is_written_wrongly(address, said):
    withhold_passwords(address)
    assert "ary-" not in redacted(said)


def test_only_a_password_is_kept_back_of_a_variable_that_may_be_no_address():
    for value in ("/usr/local/bin:/usr/bin", "https://host-of-mine.example/a", "me@host-of-mine.example"):
        withhold_passwords(value)
        assert redacted(f"it is {value}") == f"it is {value}"


def test_a_wrong_secret_is_in_no_log_either(monkeypatch):
    monkeypatch.setenv("SLACK_TOKEN_KEY", "canary-in-the-environment")
    monkeypatch.setenv("PGPASSWORD", "canary-of-the-driver")
    load_settings(ProgramSettings, Slack)
    assert "canary-" not in redacted("canary-in-the-environment canary-of-the-driver")


def test_everything_that_a_person_writes_or_chooses_counts_as_theirs():
    origin = SimpleNamespace(display_name="Ana")
    assert list(written(CommandInvoked(origin, "x", {"a": "b"}, {"a": "c"}))) == ["Ana", "b", "c"]
    assert list(written(ActionInvoked(origin, "x", ("b",)))) == ["Ana", "b"]
    assert list(written(FormSubmitted(origin, "x", {"a": "b"}))) == ["Ana", "b"]
    assert list(written(ReplyReceived(origin, "b"))) == ["Ana", "b"]
