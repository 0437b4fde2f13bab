"""Advisories and licences: a service that cannot be reached is never told as a clean bill of health."""

import importlib

import pytest

from tests.endtoend.test_locks import ROOT


@pytest.fixture
def audit(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "requirements")
    return importlib.import_module("audit")


CLEAN = {"name": "yarl", "version": "1.25.1", "vulns": []}
SKIPPED = {"name": "attrs", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "aiohttp", "version": "3.9.0", "vulns": [{"id": "CVE-1", "fix_versions": ["3.9.2"]}]}


@pytest.mark.parametrize("found", [[], [SKIPPED], [SKIPPED, SKIPPED]])
def test_no_advisories_is_no_verdict(audit, found):
    known, verdict = audit.advisories({"dependencies": found})
    assert known == []
    assert verdict.startswith("NO VERDICT")


def test_what_was_left_out_is_named(audit):
    known, verdict = audit.advisories({"dependencies": [CLEAN, SKIPPED]})
    assert known == []
    assert verdict == "Vulnerabilities: 0 known in the 1 packages looked at. No verdict on attrs."


def test_a_known_vulnerability_is_told_with_its_fix(audit):
    known, verdict = audit.advisories({"dependencies": [CLEAN, BAD]})
    assert known == ["aiohttp 3.9.0: CVE-1, fixed in 3.9.2"]
    assert verdict == "Vulnerabilities: 1 known in the 2 packages looked at."


@pytest.mark.parametrize(
    "licence",
    ["MIT", "Apache-2.0 AND MIT", "Apache-2.0 OR GPL-3.0-only", "Apache Software License; MIT License"],
)
def test_a_licence_that_was_looked_at_passes(audit, licence):
    assert audit.unknown_licences([{"Name": "x", "Version": "1", "License": licence}]) == []


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", "MIT AND AGPL-3.0-only", "UNKNOWN", ""])
def test_a_new_licence_is_refused(audit, licence):
    (sentence,) = audit.unknown_licences([{"Name": "x", "Version": "1", "License": licence}])
    assert sentence.startswith("x 1 has the licence")


def test_a_licence_that_only_its_file_tells_was_read_by_hand(audit):
    assert audit.unknown_licences([{"Name": "resvg_py", "Version": "1", "License": "UNKNOWN"}]) == []
