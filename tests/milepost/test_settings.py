"""Settings: what is wrong is told all at once, with what was meant."""

import os
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.playground import Settings as PlaygroundSettings
from bot.errors import SetupError
from milepost.cli.run import core_settings
from milepost.settings import ProgramSettings, load_settings, variables


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """No variable of the machine and no ``.env`` but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("MILEPOST_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


UNREADABLE = (
    "MILEPOST_PLAYGROUND_PORT is 'http': input should be a valid integer, "
    "unable to parse string as an integer."
)


def told(*kinds):
    with pytest.raises(SetupError) as caught:
        load_settings(*(kinds or (ProgramSettings, PlaygroundSettings)))
    return str(caught.value).splitlines()


def test_nothing_needs_to_be_set():
    core, playground = load_settings(ProgramSettings, PlaygroundSettings)
    assert core == ProgramSettings()
    assert core.database_file == Path("data/milepost.db")
    assert playground.port == 8765


def test_settings_come_from_variables_before_the_env_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("MILEPOST_TICK_SECONDS=3\nMILEPOST_PLAYGROUND_PORT=99\nOTHER=x\n")
    monkeypatch.setenv("MILEPOST_TICK_SECONDS", "4")
    core, playground = load_settings(ProgramSettings, PlaygroundSettings)
    assert (core.tick_seconds, playground.port) == (4.0, 99)


def test_an_empty_variable_is_as_if_it_were_not_there(monkeypatch):
    for name in {**variables(ProgramSettings), **variables(PlaygroundSettings)}:
        monkeypatch.setenv(name, "")
    assert load_settings(ProgramSettings, PlaygroundSettings) == (ProgramSettings(), PlaygroundSettings())


def test_every_problem_of_every_kind_is_told_at_once(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("MILEPOST_LOG_LEVEL=loud\nMILEPOST_PLAYGROUND_PROT=1\n")
    for name, value in {
        "MILEPOST_DATABSE_URL": "sqlite:///x.db",
        "MILEPOST_TICK_SECONDS": "0",
        "MILEPOST_ROLLOVER": "3 am",
        "MILEPOST_PLAYGROUND_PORT": "http",
    }.items():
        monkeypatch.setenv(name, value)
    assert told() == [
        "MILEPOST_DATABSE_URL is not a setting. Did you mean MILEPOST_DATABASE_URL?",
        "MILEPOST_PLAYGROUND_PROT is not a setting. Did you mean MILEPOST_PLAYGROUND_PORT?",
        "MILEPOST_TICK_SECONDS is '0': input should be greater than 0.",
        "MILEPOST_ROLLOVER is '3 am': write it like 03:00.",
        "MILEPOST_LOG_LEVEL is 'loud': input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'.",
        UNREADABLE,
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_BUSY_SECONDS", "61"),
        ("COMMIT_GROUP_SIZE", "0"),
        ("TICK_SECONDS", "soon"),
        ("PLAN_BATCH", "0"),
        ("SEND_AT_ONCE", "-1"),
        ("LEASE_SECONDS", "0"),
        ("LEASE_SECONDS", "inf"),
        ("PASS_TIMEOUT_SECONDS", "1e12"),
        ("SEND_ATTEMPTS", "0"),
        ("REFUSALS_BEFORE_PAUSE", "0"),
        ("ROLLOVER", "24:00"),
        ("EVENT_DAYS", "0"),
        ("EVENT_DAYS", "1000000"),
        ("LEADERBOARD_SIZE", "26"),
        ("MAX_REPLY_LENGTH", "99"),
        ("LOG_LEVEL", "info "),
        ("PLAYGROUND_PORT", "65536"),
    ],
)
def test_a_value_out_of_its_bounds_is_told_with_its_variable(monkeypatch, name, value):
    monkeypatch.setenv(f"MILEPOST_{name}", value)
    (line,) = told()
    assert line.startswith(f"MILEPOST_{name} is {value!r}: ")


@pytest.mark.parametrize("value", ["mysql://ana:hunter2@x/y", "sqlite://"])
def test_a_database_that_is_not_served_is_told_without_its_password(monkeypatch, value):
    monkeypatch.setenv("MILEPOST_DATABASE_URL", value)
    assert told() == ["MILEPOST_DATABASE_URL is wrong: write it like sqlite:///data/milepost.db."]


@pytest.mark.parametrize(
    "token", ["a", "x" * 19, "the token of the test", "the-token-of-the-tést", "x" * 20 + "\n"]
)
def test_a_token_that_can_be_guessed_is_refused_with_how_to_make_one(monkeypatch, token):
    monkeypatch.setenv("MILEPOST_PLAYGROUND_TOKEN", token)
    why = "use at least 20 letters, digits and signs, such as `openssl rand -hex 16` prints"
    assert told() == [f"MILEPOST_PLAYGROUND_TOKEN is wrong: {why}."]


def test_a_token_that_cannot_be_guessed_is_taken(monkeypatch):
    monkeypatch.setenv("MILEPOST_PLAYGROUND_TOKEN", "0123456789abcdef0123")
    (playground,) = load_settings(PlaygroundSettings)
    assert playground.token == "0123456789abcdef0123"


@pytest.mark.parametrize("name", ["milepost_tik_seconds", "MILEPOST_TICK_SECOND"])
def test_a_misspelt_variable_is_told_in_any_case_with_the_nearest_name(monkeypatch, name):
    monkeypatch.setenv(name, "1")
    assert told() == [f"{name} is not a setting. Did you mean MILEPOST_TICK_SECONDS?"]


def test_other_programs_variables_are_none_of_ours(monkeypatch):
    monkeypatch.setenv("MILEPOSTS", "1")
    monkeypatch.setenv("MILEPOST_TEST_POSTGRES_URL", "postgresql://x")
    assert load_settings(ProgramSettings) == (ProgramSettings(),)


class Secretive(BaseSettings):
    """A platform's settings with a secret and something that must be given."""

    model_config: ClassVar = SettingsConfigDict(env_prefix="MILEPOST_SECRETIVE_")

    token: str = Field("", pattern="^x", repr=False)
    team: str


def test_a_secret_that_is_wrong_is_not_repeated_and_what_is_missing_is_named(monkeypatch):
    monkeypatch.setenv("MILEPOST_SECRETIVE_TOKEN", "hunter2")
    lines = told(Secretive)
    assert [line.split(":")[0] for line in lines] == [
        "MILEPOST_SECRETIVE_TOKEN is wrong",
        "MILEPOST_SECRETIVE_TEAM is missing",
    ]
    assert "hunter2" not in "".join(lines)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///a/b.db", Path("a/b.db")),
        ("sqlite:////srv/b.db", Path("/srv/b.db")),
        ("sqlite:///b.db?mode=ro", Path("b.db")),
    ],
)
def test_the_file_of_the_database_is_read_off_its_url(url, file):
    assert ProgramSettings(database_url=url).database_file == file


def test_the_settings_of_every_platform_are_checked_along(monkeypatch):
    monkeypatch.setenv("MILEPOST_PLAYGROUND_PORT", "x")
    monkeypatch.setenv("MILEPOST_EVENT_DAYS", "x")
    with pytest.raises(SetupError) as caught:
        core_settings()
    assert "MILEPOST_PLAYGROUND_PORT" in str(caught.value)
    assert "MILEPOST_EVENT_DAYS" in str(caught.value)


def test_every_setting_says_what_it_is_for():
    for kind in (ProgramSettings, PlaygroundSettings):
        assert all(field.description for field in kind.model_fields.values())
