"""Sources of settings: the settings that each may contain, and messages about addresses."""

import http.server
import os
import threading
from contextlib import contextmanager

import pytest

import adapters
from bot.chat import SetupError
from bot.chat.configuration import elsewhere, is_loopback, trusted
from milepost.cli.doctor_files import examine_addresses
from milepost.settings import ProgramSettings, load_settings, variables
from tests.endtoend.running import milepost as program
from tests.support.commands import Milepost
from tests.support.configured import KINDS, alone, loaded

TRUSTED = sorted(name for kind in KINDS for name in trusted(kind))
SECRET = sorted(
    name
    for kind in KINDS
    for name, field in variables(kind).items()
    if not kind.model_fields[field].repr and name != "MILEPOST_DATABASE_URL"
)
FIT = {
    "DISCORD_API_URL": "http://127.0.0.1:9/api",
    "DISCORD_GATEWAY_URL": "ws://127.0.0.1:9",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "MILEPOST_DATABASE_URL": "sqlite:///other.db",
    "SLACK_HTTP_PROXIES": "10.0.0.0/8",
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


def told():
    with pytest.raises(SetupError) as caught:
        load_settings(*KINDS)
    return str(caught.value)


def value_of(name):
    return next(
        getattr(each, field)
        for each in loaded().values()
        for variable, field in variables(type(each)).items()
        if variable == name
    )


def test_what_says_where_tokens_go_or_who_may_reach_us_is_never_taken_from_a_file_that_lay_there():
    assert TRUSTED == [
        "DISCORD_API_URL",
        "DISCORD_GATEWAY_URL",
        "MILEPOST_DATABASE_URL",
        "MILEPOST_PLAYGROUND_FOLDER",
        "MILEPOST_PLAYGROUND_HOST",
        "MILEPOST_PLAYGROUND_TOKEN",
        "SLACK_API_URL",
        "SLACK_HTTP_HOST",
        "SLACK_HTTP_PROXIES",
    ]
    like_it = {
        name for kind in KINDS for name in variables(kind) if name.endswith(("_URL", "_HOST", "_ADDRESS"))
    }
    assert like_it <= set(TRUSTED)


@pytest.mark.parametrize("name", ["SLAC\u212a_API_URL", "SLACK_HTTP_HO\u017fT", "\uff33LACK_API_URL"])
def test_no_letter_that_only_looks_like_another_names_a_setting(monkeypatch, tmp_path, name):
    (tmp_path / ".env").write_text(f"{name}=http://127.0.0.1:1/api/\n", "utf-8")
    assert "isn't a setting. Use A to Z, digits and _." in told()
    monkeypatch.setenv("MILEPOST_ENV_FILE", ".env")
    assert "isn't a setting. Use A to Z, digits and _." in told()


@pytest.mark.parametrize("name", TRUSTED)
def test_such_a_setting_is_refused_from_the_folder_and_taken_from_a_named_file(monkeypatch, tmp_path, name):
    value = FIT.get(name, "a-long-enough-value-to-be-taken")
    (tmp_path / ".env").write_text(f"{name}={value}\n")
    assert told() == (
        f"{name} isn't taken from the file .env of the current folder, because it says where data or "
        "tokens go, or who may reach Milepost. Set it in the environment. If the file is yours, you can "
        "set MILEPOST_ENV_FILE=.env there instead."
    )
    for kind in KINDS:  # nor by whoever makes settings without asking
        assert value not in [str(getattr(kind(), field)) for field in kind.model_fields]
    with monkeypatch.context() as asked:
        asked.setenv("MILEPOST_ENV_FILE", ".env")
        assert str(value_of(name)) == value
    monkeypatch.setenv(name, value)
    assert str(value_of(name)) == value


@pytest.mark.parametrize("spelling", [str.lower, str.title])
def test_its_spelling_makes_no_difference(tmp_path, spelling):
    (tmp_path / ".env").write_text(f"export {spelling('DISCORD_API_URL')} = 'https://evil.example/api'\n")
    assert told().startswith("DISCORD_API_URL isn't taken from the file .env")


@pytest.mark.parametrize("name", ["MILEPOST_ENV_FILE", "MILEPOST_SECRETS_FOLDER"])
@pytest.mark.parametrize("asked", [False, True])
def test_a_file_cannot_say_where_settings_are(monkeypatch, tmp_path, name, asked):
    (tmp_path / ".env").write_text(f"{name}=elsewhere\n")
    if asked:
        monkeypatch.setenv("MILEPOST_ENV_FILE", ".env")
    assert told() == f"{name} only counts in the environment, not in a file of settings."


def test_nothing_of_the_environment_is_filled_into_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("DISCORD_TOKEN", "canary-in-the-environment")
    (tmp_path / ".env").write_text("MILEPOST_ROLLOVER=${DISCORD_TOKEN}\n")
    assert told() == "MILEPOST_ROLLOVER is '${DISCORD_TOKEN}': write it like 03:00."


def a_pipe(file):
    os.mkfifo(file)


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_pipe, "isn't a plain file of at most 64 KiB."),
        (lambda file: file.write_bytes(b"#" * 70_000), "isn't a plain file of at most 64 KiB."),
        (lambda file: file.symlink_to("/dev/zero"), "isn't a plain file of at most 64 KiB."),
        (lambda file: file.write_bytes(b"DISCORD_TOKEN=canary\xff\n"), "isn't text in UTF-8."),
    ],
    ids=["pipe", "large", "endless", "not text"],
)
def test_a_file_that_is_none_is_told_in_a_sentence(monkeypatch, tmp_path, make, said, named):
    make(tmp_path / ".env")
    if named:
        monkeypatch.setenv("MILEPOST_ENV_FILE", ".env")
    sentence = told()
    assert sentence.endswith(said)
    assert len(sentence.splitlines()) == 1
    assert "canary" not in sentence


def test_a_named_file_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("MILEPOST_ENV_FILE", "none.env")
    assert told() == (
        "MILEPOST_ENV_FILE names none.env, but that can't be read: No such file or directory."
    )
    monkeypatch.setenv("MILEPOST_ENV_FILE", "")
    assert loaded()


def test_a_folder_called_so_is_no_file_of_ours(tmp_path):
    (tmp_path / ".env").mkdir()
    assert loaded()[ProgramSettings] == ProgramSettings()


@pytest.mark.parametrize("name", SECRET)
def test_every_secret_can_be_a_file_of_its_own(monkeypatch, tmp_path, name):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / name.lower()).write_text("canary-of-the-folder-0001\n")
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    assert value_of(name) == "canary-of-the-folder-0001"
    monkeypatch.setenv(name, "canary-of-the-environment")
    assert value_of(name) == "canary-of-the-environment"


def test_a_folder_of_secrets_is_held_against_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", "secrets")
    assert told() == "MILEPOST_SECRETS_FOLDER names secrets, but there is no such folder."
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "somebody_elses").write_text("x")
    (folder / "milepost_database_pasword").write_text("canary")
    assert told() == (
        "milepost_database_pasword is not a setting. Did you mean MILEPOST_DATABASE_PASSWORD?"
    )
    (folder / "milepost_database_pasword").rename(folder / "discord_token")
    (folder / "discord_token").write_bytes(b"canary\xff")
    assert told().endswith("discord_token isn't text in UTF-8.")


@pytest.mark.parametrize("source", ["environment", "file", "folder"])
def test_a_wrong_value_of_a_secret_is_never_repeated(monkeypatch, tmp_path, capsys, source):
    value = "mysql://ana:canary-password@host/x"
    if source == "environment":
        monkeypatch.setenv("MILEPOST_DATABASE_URL", value)
    elif source == "file":
        (tmp_path / "my.env").write_text(f"MILEPOST_DATABASE_URL={value}\n")
        monkeypatch.setenv("MILEPOST_ENV_FILE", "my.env")
    else:
        (tmp_path / "milepost_database_url").write_text(value)
        monkeypatch.setenv("MILEPOST_SECRETS_FOLDER", str(tmp_path))
    for command in (("doctor",), ("doctor", "--json"), ("db", "verify"), ("run",)):
        ran = Milepost(monkeypatch, capsys)(*command)
        assert ran.code in {1, 2}
        assert "MILEPOST_DATABASE_URL is wrong" in ran.out + ran.err
        assert "canary" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.9.8.7", True),
        ("::1", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("127.1", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_only_this_machine_counts_as_it(host, is_ours):
    assert is_loopback(host) is is_ours


@pytest.mark.parametrize("name", ["DISCORD_API_URL", "DISCORD_GATEWAY_URL", "SLACK_API_URL"])
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://proxy.example/api/", "must begin with https:// or wss://, except on this machine"),
        ("ws://10.0.0.7/api/", "must begin with https:// or wss://, except on this machine"),
        ("http://127.0.0.1@evil.example/api/", "without a user name and a password"),
        ("https://ana:canary@proxy.example/api/", "without a user name and a password"),
        ("http://localhost.evil.example/api/", "must begin with https://"),
        ("http://evil.example#@127.0.0.1/api/", "write it like https://host/path"),
        ("http://127.0.0.1\\@evil.example/api/", "write it like https://host/path"),
        ("http:///api/", "write it like https://host/path"),
        ("http://127.0.0.1:port/api/", "write it like https://host/path"),
        ("https://[::1/api/", "write it like https://host/path"),
        ("ftp://127.0.0.1/api/", "write it like https://host/path"),
        ("discord.com/api/", "write it like https://host/path"),
    ],
)
def test_tokens_leave_this_machine_encrypted_alone(monkeypatch, name, address, said):
    monkeypatch.setenv(name, address)
    sentence = told()
    assert sentence.startswith(f"{name} is ")
    # Slack's has a form of its own that is looked at first.
    assert said in sentence or (
        name == "SLACK_API_URL" and "write it like https://slack.com/api/" in sentence
    )


@pytest.mark.parametrize(
    ("name", "address", "named"),
    [
        ("DISCORD_API_URL", "https://discord.com/api/v10/", False),
        ("DISCORD_GATEWAY_URL", "wss://gateway.discord.gg/", False),
        ("SLACK_API_URL", "https://slack.com/api/", False),
        ("DISCORD_API_URL", "https://proxy.example/api/v10", True),
        ("DISCORD_GATEWAY_URL", "ws://[::1]:8080", True),
        ("SLACK_API_URL", "http://localhost:3001/api/", True),
    ],
)
def test_an_address_that_is_not_the_official_one_is_named(monkeypatch, name, address, named):
    monkeypatch.setenv(name, address)
    platform = adapters.load(name.partition("_")[0].lower())
    found = [variable for variable, _ in elsewhere(platform.Settings())]
    assert found == ([name] if named else [])
    said = [check.says for check in examine_addresses(ProgramSettings())]
    assert len(said) == named
    assert all(f"{name} sends requests, and the tokens in them, to {address}".startswith(s) for s in said)


def test_doctor_says_both(monkeypatch, capsys, tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    (tmp_path / ".env").touch(mode=0o644)
    monkeypatch.setenv("SLACK_API_URL", "http://localhost:3001/api/")
    ran = Milepost(monkeypatch, capsys)("doctor")
    assert ran.code == 1
    assert "ok   slack address: SLACK_API_URL sends requests, and the tokens in them, to http://" in ran.out
    assert "FAIL secrets: other users of this machine may read .env (mode 0644): chmod 600 .env" in ran.out


@pytest.mark.parametrize(
    ("name", "address", "tokens"),
    [
        ("DISCORD_API_URL", "http://127.0.0.1:9/api", {"DISCORD_TOKEN": "MTIz.canary.token"}),
        (
            "SLACK_API_URL",
            "http://127.0.0.1:9/api/",
            {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_APP_TOKEN": "xapp-1-canary"},
        ),
    ],
)
def test_it_is_named_at_the_start_before_anything_is_sent_there(tmp_path, name, address, tokens):
    ran = program("run", cwd=tmp_path, MILEPOST_LOG_LEVEL="DEBUG", **{name: address}, **tokens)
    assert ran.returncode == 2
    first = ran.stderr.splitlines()[0]
    assert f"{name} sends requests, and the tokens in them, to {address}" in first
    assert "canary" not in ran.stderr + ran.stdout


@contextmanager
def listening():
    """A server of a stranger, with the headers of all that came to it."""
    came = []

    class Stranger(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            came.append(dict(self.headers))
            self.send_error(401)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api", came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("command", ["doctor", "run"])
def test_a_file_that_came_with_a_download_gets_no_token_sent_anywhere(tmp_path, command):
    with listening() as (address, came):
        (tmp_path / ".env").write_text(f"DISCORD_API_URL={address}\n")
        ran = program(command, cwd=tmp_path, DISCORD_TOKEN="MTIz.real.canary")
    assert came == []
    assert ran.returncode in {1, 2}
    assert "DISCORD_API_URL isn't taken from the file .env" in ran.stdout + ran.stderr
    assert "canary" not in ran.stdout + ran.stderr
