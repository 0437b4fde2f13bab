"""Redaction of secrets, known or only likely, and of nothing else."""

import base64
import html
import json
import pprint
import re
import textwrap
import urllib.parse

import pytest
import sqlalchemy as sa

from adapters.discord.settings import Settings as Discord
from adapters.slack.settings import Settings as Slack
from bot.toolkit import redaction
from bot.toolkit.redaction import (
    MARK,
    redacted,
    withhold,
)
from milepost.settings import ProgramSettings
from tests.support.withheld import SECRET, TOKEN, clean, withhold_both


@pytest.fixture(autouse=True)
def _withheld(monkeypatch):
    withhold_both(monkeypatch)


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
        ("POST https://discord.com/api/v10/interactions/123/aW50%3D.x_-Yz/callback", "x_-Yz"),
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
        ProgramSettings(database_url=url, _env_file=None)
    assert redacted("data/milepost.db canaryuser canarydb") == "data/milepost.db canaryuser canarydb"
    for form in ("p%40ss%2Fw0rd", "p@ss/w0rd"):
        assert form not in redacted(f"password is {form}")


@pytest.mark.parametrize("sign", ["/", "?", "#", "@", " ", ":", "[", "%2F"])
def test_a_password_with_a_sign_that_should_be_escaped_is_withheld_too(sign):
    password = f"pa{sign}ssw0rd9{ord(sign[0])}"
    address = f"postgresql://somebody:{password}@host.example/somewhere"
    ProgramSettings(database_url=address, _env_file=None)
    meant = sa.make_url(address).password
    quoted = urllib.parse.quote(password, safe="")
    for form in (password, meant, quoted, urllib.parse.quote(quoted, safe=""), repr(password)):
        assert "ssw0rd9" not in redacted(f"the password is {form} of somebody")
    assert redacted("host.example somebody somewhere") == "host.example somebody somewhere"


def test_every_secret_of_every_kind_of_settings_is_withheld_as_soon_as_it_is_made():
    for kind in (ProgramSettings, Discord, Slack):
        for name, field in kind.model_fields.items():
            if not field.repr and name != "database_url":
                value = f"canary-of-{kind.__module__}-{name}"
                kind(**{name: value}, _env_file=None)
                assert value not in redacted(f"it is {value}.")
    Slack(token_key="first-canary-key, second-canary-key", _env_file=None)
    assert "canary-key" not in redacted("wrong key: second-canary-key")


def test_a_short_password_does_not_make_the_log_unreadable():
    ProgramSettings(database_password="a", _env_file=None)
    assert redacted("a day") == "a day"
