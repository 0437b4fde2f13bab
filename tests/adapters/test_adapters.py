"""Platforms are found by the name of their folder."""

from __future__ import annotations

import pytest

import adapters


def test_a_folder_is_a_platform():
    assert "playground" in adapters.names()
    assert adapters.load("playground").PLATFORM == "playground"


@pytest.mark.parametrize("name", ["carrier-pigeon", "", "playground.chat_store", "os"])
def test_an_unknown_platform_is_told_with_those_that_exist(name):
    with pytest.raises(LookupError, match=r"There is no platform .*; there are .*playground"):
        adapters.load(name)
