"""Discord's settings, and what is said of wrong ones."""

import pytest

from adapters.discord import build
from adapters.discord.settings import Settings, Shards
from bot.chat import SetupError, SystemClock
from milepost.settings import load_settings


@pytest.fixture(autouse=True)
def _alone(monkeypatch, tmp_path):
    """No ``.env`` but the test's own, and nothing of the machine's."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DISCORD_{name.upper()}", raising=False)


def test_without_a_token_nothing_runs_and_it_is_said_why():
    assert not Settings().set_up
    with pytest.raises(SetupError, match="DISCORD_TOKEN is missing: set it"):
        build(Settings(), SystemClock())


def test_a_token_is_all_that_is_needed(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "abc")
    settings = Settings()
    assert settings.set_up
    assert build(settings, SystemClock()).platform == "discord"


@pytest.mark.parametrize("token", ["Bot abc", "abc\n", "ábc"])
def test_what_cannot_be_a_token_is_said_before_anything_is_sent(token):
    with pytest.raises(
        SetupError, match=r"^DISCORD_TOKEN isn't a bot token\. Copy it from the Bot page"
    ) as said:
        build(Settings(token=token), SystemClock())
    assert token not in str(said.value)


def test_a_token_is_not_told_by_accident():
    assert "geheim" not in repr(Settings(token="geheim"))


@pytest.mark.parametrize(
    ("text", "ids", "count"), [("0-3/16", (0, 1, 2, 3), 16), ("2/4", (2,), 4), ("0/1", (0,), 1)]
)
def test_the_share_of_the_shards(text, ids, count):
    assert Shards.read(text) == Shards(ids, count)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SHARDS", "1", "write it like 0-3/16"),
        ("SHARDS", "0-3", "write it like 0-3/16"),
        ("SHARDS", "4/4", "shards are numbered from 0 to 3 here, the smaller number first"),
        ("SHARDS", "3-1/4", "the smaller number first"),
        ("SHARDS", "0/0", "shards are numbered from 0 to 0 here"),
        ("API_URL", "localhost:8000", "write it like https://host/path"),
        ("GATEWAY_URL", "host", "write it like https://host/path"),
        ("REQUESTS_PER_SECOND", "0", "greater than 0"),
        ("REQUESTS_PER_SECOND", "51", "less than or equal to 50"),
        ("ANSWER_SECONDS", "3", "less than 3"),
    ],
)
def test_what_is_wrong_is_told_with_the_variable(monkeypatch, name, value, said):
    monkeypatch.setenv(f"DISCORD_{name}", value)
    with pytest.raises(SetupError) as caught:
        load_settings(Settings)
    assert f"DISCORD_{name} is" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/api/v10/", "https://proxy.example/api/v10"])
def test_another_address_may_be_given(address):
    assert Settings(api_url=address).api_url == address.rstrip("/")


def test_an_empty_variable_is_as_none(monkeypatch):
    monkeypatch.setenv("DISCORD_SHARDS", "")
    monkeypatch.setenv("DISCORD_API_URL", "")
    assert Settings().api_url == "https://discord.com/api/v10"
    assert Settings().shards == ""
