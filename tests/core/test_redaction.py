"""Whatever is logged, by whoever, at any level: no secret is in it, nor what a member wrote."""

import asyncio
import base64
import html
import io
import json
import logging
import logging.handlers
import pprint
import queue
import re
import sqlite3
import subprocess
import sys
import textwrap
import urllib.parse
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from pydantic import BaseModel, ValidationError
from slack_sdk.errors import SlackApiError

from adapters.discord.settings import Settings as Discord
from adapters.slack.settings import Settings as Slack
from bot.chat import ActionInvoked, CommandInvoked, FormSubmitted, ReplyReceived
from bot.chat.events import written
from bot.settings import Settings, load_settings
from bot.toolkit import redaction
from bot.toolkit.redaction import (
    MARK,
    discreet,
    redacted,
    texts_in,
    unsaid,
    withhold,
    withhold_passwords,
)
from milepost.logs import configure, redacted_traceback
from storage.engine import create_engine
from tests.endtoend.running import ROOT, environment

SECRET = 'kän4ry+/"secret\\part=:%'
TOKEN = "canary-1f0c44be-token-of-a-bot"
SAID = "my phone is 555-1234, call\nme “tonight”"


@pytest.fixture(autouse=True)
def _withheld():
    withhold(SECRET)
    withhold(TOKEN)


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


def clean(text, *secrets):
    assert text
    for secret in (SECRET, TOKEN, *secrets):
        assert secret not in text
    assert "kän4ry" not in text
    assert "k\\u00e4n4ry" not in text
    assert "1f0c44be" not in text


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        repr({"x": SECRET}),
        json.dumps([SECRET]),
        json.dumps(SECRET, ensure_ascii=False),
        urllib.parse.quote(SECRET),
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote_plus(SECRET),
        urllib.parse.quote(SECRET, safe="").lower(),
        html.escape(SECRET),
        ascii(SECRET),
        str(SECRET.encode()),
        SECRET.encode().hex(),
        *(f"{TOKEN[:n]}..." for n in (6, 12, 20)),
        f"'{TOKEN[:9]}...{TOKEN[-9:]}'",
        f"input {TOKEN[:15]}",
    ],
)
def test_a_known_secret_is_left_out_in_every_form(form):
    said = redacted(form if "input" in form else f"before {form} after")
    assert MARK in said
    clean(said)
    assert "kn4ry" not in said
    assert TOKEN[:6] not in said


def everywhere(secret, gap):
    return gap.join(secret)


LONG = "canary-2b7e151628aed2a6-abf7158809cf4f3c-762e7160f38b4da5-6a784d9045190cfe-of-a-team"
BROKEN = {
    "a line break": f"{TOKEN[:9]}\n{TOKEN[9:]}",
    "an indented line": f"{TOKEN[:9]}\r\n      {TOKEN[9:]}",
    "a written line break": f"{TOKEN[:9]}\\n{TOKEN[9:]}",
    "a space": f"{TOKEN[:9]} {TOKEN[9:]}",
    "a shell's line break": f"{TOKEN[:9]}\\\n{TOKEN[9:]}",
    "quotes on two lines": f"('{TOKEN[:9]}'\n '{TOKEN[9:]}')",
    "a quoted line break": f"{TOKEN[:9]}%0A{TOKEN[9:]}",
    "a gap everywhere": everywhere(TOKEN, " "),
    "pretty-printed": pprint.pformat({"token": f"{LONG} {LONG}"}, width=30),
    "pretty-printed bytes": pprint.pformat({"token": f"{LONG} {LONG}".encode()}, width=30),
    "base64 in lines": base64.encodebytes(f"user:{LONG}".encode()).decode(),
    "base64 in a text of lines": repr(base64.encodebytes(f"user:{LONG}".encode()).decode()),
    "wrapped": textwrap.fill(LONG, 20),
    "hex in groups": LONG.encode().hex(" ", 2),
    "every letter quoted": "".join(f"%{byte:02X}" for byte in TOKEN.encode()),
    "every letter quoted twice": "".join(f"%25{byte:02x}" for byte in TOKEN.encode()),
    "some letters quoted": TOKEN.replace("a", "%61").replace("-", "%2d"),
    "signs quoted in part": SECRET.replace("+", "%2B").replace("ä", "%c3%A4"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_known_secret_is_left_out_when_something_divides_it_or_it_is_quoted_otherwise(name):
    withhold(LONG)
    said = redacted(f"before {BROKEN[name]} after")
    clean(said, LONG)
    assert said.startswith("before ")
    assert said.endswith(" after")
    assert MARK in said
    joined = re.sub(r"""[\s"'\\]|%0A""", "", urllib.parse.unquote(urllib.parse.unquote(said)))
    for known in (TOKEN, LONG, LONG.encode().hex(), base64.b64encode(LONG.encode()).decode()):
        pieces = (known[at : at + 12] for at in range(len(known) - 12))
        assert not [piece for piece in pieces if piece in joined]


def test_words_that_follow_each_other_are_no_short_secret():
    withhold("the day")
    withhold("postday")
    assert redacted("a post day\nis one") == "a post day\nis one"


def test_a_line_without_a_secret_is_read_once_and_no_pattern_is_made_for_it(monkeypatch):
    passes = []

    class Counted:
        pattern = redaction._GAP.pattern

        def sub(self, instead, text):
            passes.append(text)
            return re.sub(self.pattern, instead, text)

    def never(joined):
        raise AssertionError(joined)

    monkeypatch.setattr(redaction, "_GAP", Counted())
    monkeypatch.setattr(redaction, "_divided", never)
    withheld = [f"canary-{number}-of-very-many-secrets" for number in range(50)]
    for each in withheld:
        withhold(each)
    passes.clear()
    line = "post 17 of group 3 is sent " * 40
    assert redacted(line) == line
    assert passes == [line]
    passes.clear()
    assert redacted("a 10%20B line") == "a 10%20B line"
    assert len(passes) == 2


def test_a_line_full_of_beginnings_is_left_as_it_is():
    withhold("a" * 40)
    text = "a\n" * 39 + "b "
    assert redacted(text * 200) == text * 200
    assert MARK in redacted("a\n" * 80)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "u", "id", "abc:", "user:"])
@pytest.mark.parametrize("after", ["", "z", "zz", "zzz"])
def test_a_known_secret_is_left_out_of_base64_wherever_it_begins(encode, before, after):
    letters = encode(f"{before}{TOKEN}{after}".encode()).decode()
    left = redacted(f"Authorized {letters}")
    assert MARK in left
    assert len(left) < len("Authorized ") + len(MARK) + 4 * (len(before) + len(after) + 4) / 3 + 4


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("got xoxb-12-34-abcDEF", "abcDEF"),
        ("got xoxe.xoxb-1-Mi0yLTk", "Mi0yLTk"),
        ("{'a': 'xoxe-1-Mi0yLTk'}", "Mi0yLTk"),
        ("xapp-1-A0-12-cafe.", "cafe"),
        ("XOXP-1-cafe", "cafe"),
        ("POST https://discord.com/api/v10/webhooks/123/aW50ZXJh-_x/messages/@original", "aW50ZXJh"),
        ("POST http://127.0.0.1:1/interactions/123/aW50ZXJh.x/callback 404", "aW50ZXJh"),
        ("url='/webhooks%2F123%2FaW50ZXJh?wait=true'", "aW50ZXJh"),
        ("https://hooks.slack.com/commands/T1/2/secretpart", "secretpart"),
        ("https://hooks.slack.com/services/T1/B2/secretpart)", "secretpart"),
        ("POST http://127.0.0.1:8/response/T01/22/secretpart", "secretpart"),
        ("?url=https%3A%2F%2Fdiscord.com%2Fapi%2Fwebhooks%2F123%2FaW50ZXJh", "aW50ZXJh"),
        ("GET /api%2Fv10%2Fwebhooks%2F123%2FaW50ZXJh", "aW50ZXJh"),
        ("GET /api%252Fv10%252Finteractions%252F123%252FaW50ZXJh", "aW50ZXJh"),
        ("?bot=x%3DMTA1MzY4NTM2NjYzNDQ4MzcxMg.GxJ8bX.2sQx0Zb9uQ3o3Z2m4f5k6l7p8q9r0s1t2u3", "GxJ8bX"),
        ("?url=https%3A%2F%2Fhooks.slack.com%2Fservices%2FT1%2FB2%2Fsecretpart", "secretpart"),
        ("?url=http%3a%2f%2f127.0.0.1%3a8%2fresponse%2fT01%2f22%2fsecretpart", "secretpart"),
        ("?t=a%3Dxoxb-12-34-abcDEF", "abcDEF"),
        ("GET /slack/oauth_redirect?code=c0de&state=5tate HTTP/1.1", "c0de"),
        ("GET /slack/oauth_redirect?code=c0de&state=5tate HTTP/1.1", "5tate"),
        ("http://127.0.0.1:8765/?token=t0ken", "t0ken"),
        ("http://127.0.0.1:8765/?once=0nce#x", "0nce"),
        ("wss://wss.slack.com/link/?ticket=t1cket&app_id=a", "t1cket"),
        ("data: {'client_id': '1.2', 'client_secret': 's3cret', 'code': 'c0de'}", "s3cret"),
        ("data: {'client_id': '1.2', 'client_secret': 's3cret', 'code': 'c0de'}", "c0de"),
        ('{"access_token":"t0ken","refresh_token": "r3fresh"}', "t0ken"),
        ('{"access_token":"t0ken","refresh_token": "r3fresh"}', "r3fresh"),
        ('{\\"token\\": \\"t0ken\\"}'.replace('\\"t0ken\\"', "'t0ken'"), "t0ken"),
        ("client_id=1&client_secret=s3cret&code=c0de", "s3cret"),
        ("Token(token='t0ken', state='5tate')", "5tate"),
        ("<CIMultiDict('Authorization': 'Bot aaaabbbbccccdddd.e')>", "aaaabbbb"),
        ("(b'Authorization', b'Basic aaaabbbbccccdddd')", "aaaabbbb"),
        ("Cookie: milepost_8765=5ession; other=1", "5ession"),
        ("Set-Cookie: slack-app-oauth-state=5tate; Secure", "5tate"),
        ("{'response_url': 'http://x/y/secretpart'}", "secretpart"),
        ("Failed to find any data for state: 1b9d6bcd-bbfd-4b2d - none", "1b9d6bcd"),
        ("postgresql+asyncpg://milepost:p@ss@db.example.org/milepost", "p@ss"),
        ("proxy http://user:hunter2@proxy:8080", "hunter2"),
        ("MTA1MzY4NTM2NjYzNDQ4MzcxMg.GxJ8bX.2sQx0Zb9uQ3o3Z2m4f5k6l7p8q9r0s1t2u3", "GxJ8bX"),
        ('x "k" failed\nDETAIL:  Failing row contains (1, my words\nand more).', "my words"),
        ('x "k" failed\nDETAIL:  Failing row contains (1, my words\nand more).', "and more"),
        ("(x) failed\n[SQL: INSERT]\n[parameters: ('my words', 2)]\n(Background)", "my words"),
        ("invalid input for query argument $2: 'my words' (expected int)", "my words"),
        ("[type=int_parsing, input_value='my words', input_type=str]", "my words"),
        ('400 Bad Request (error code: 50035): Invalid Form Body\nIn url: Scheme "my words"', "my words"),
    ],
)
def test_what_is_written_where_secrets_are_is_left_out(text, secret):
    said = redacted(text)
    assert secret not in said
    assert MARK in said
    assert redacted(said) == said


@pytest.mark.parametrize(
    "text",
    [
        "fault 9f3a1c04 in ActionInvoked",
        "post 17 is given up: Discord couldn't find it (10008).",
        "SLACK_BOT_TOKEN is missing: set it to that of your Slack app; it starts with xoxb-.",
        "discord.errors.Forbidden: 403 Forbidden (error code: 50013): Missing Permissions",
        "Listening on http://127.0.0.1:3000/slack/events",
        "sqlite:///data/milepost.db",
        "postgresql://milepost@db.example.org/milepost?ssl=require",
        "mp1|quiz.answer|o=three-two;p=17;s=4f0cba12",
        "schedule 3 of group 2 cannot be planned",
        "the rules of time zones are other ones than at the last run: what is due follows them",
        "KeyError: 'starts_at'",
    ],
)
def test_what_an_operator_needs_is_left_as_it_is(text):
    assert redacted(text) == text


def test_of_an_address_only_the_password_is_secret():
    for url in ("sqlite:///data/milepost.db", "postgresql://canaryuser:p%40ss%2Fw0rd@host/canarydb"):
        Settings(database_url=url, _env_file=None)
    assert redacted("data/milepost.db canaryuser canarydb") == "data/milepost.db canaryuser canarydb"
    for form in ("p%40ss%2Fw0rd", "p@ss/w0rd"):
        assert form not in redacted(f"password is {form}")


@pytest.mark.parametrize("sign", ["/", "?", "#", "@", " ", ":", "[", "%2F"])
def test_a_password_with_a_sign_that_should_be_escaped_is_withheld_too(sign):
    password = f"pa{sign}ssw0rd9{ord(sign[0])}"
    address = f"postgresql://somebody:{password}@host.example/somewhere"
    Settings(database_url=address, _env_file=None)
    meant = sa.make_url(address).password
    quoted = urllib.parse.quote(password, safe="")
    for form in (password, meant, quoted, urllib.parse.quote(quoted, safe=""), repr(password)):
        assert "ssw0rd9" not in redacted(f"the password is {form} of somebody")
    assert redacted("host.example somebody somewhere") == "host.example somebody somewhere"


def test_every_secret_of_every_kind_of_settings_is_withheld_as_soon_as_it_is_made():
    for kind in (Settings, Discord, Slack):
        for name, field in kind.model_fields.items():
            if not field.repr and name != "database_url":
                value = f"canary-of-{kind.__module__}-{name}"
                kind(**{name: value}, _env_file=None)
                assert value not in redacted(f"it is {value}.")
    Slack(token_key="first-canary-key, second-canary-key", _env_file=None)
    assert "canary-key" not in redacted("wrong key: second-canary-key")


def test_a_short_password_does_not_make_the_log_unreadable():
    Settings(database_password="a", _env_file=None)
    assert redacted("a day") == "a day"


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
    load_settings(Settings, Slack)
    assert "canary-" not in redacted("canary-in-the-environment canary-of-the-driver")


def test_everything_that_a_person_writes_or_chooses_counts_as_theirs():
    origin = SimpleNamespace(display_name="Ana")
    assert list(written(CommandInvoked(origin, "x", {"a": "b"}, {"a": "c"}))) == ["Ana", "b", "c"]
    assert list(written(ActionInvoked(origin, "x", ("b",)))) == ["Ana", "b"]
    assert list(written(FormSubmitted(origin, "x", {"a": "b"}))) == ["Ana", "b"]
    assert list(written(ReplyReceived(origin, "b"))) == ["Ana", "b"]
