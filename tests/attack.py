"""Attack Milepost on this machine, the long way: ``make attack``, or ``python -m tests.attack [name ...]``.

Every attack is a test that ``make test`` runs in a short form, here with more requests, sockets or files.
All of them talk to loopback alone, are bounded, and stop by themselves. At the end it says what was tried
and what held.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TALLY = re.compile(r"(\d+) (passed|failed|errors?|skipped)")
PATIENCE = 3 * 3600
"""Seconds for one attack: far more than it takes on a slow machine."""


@dataclass(frozen=True)
class Attack:
    """Tests that attack one promise, with the settings of their long form."""

    name: str
    tried: str
    tests: tuple[str, ...]
    long_form: tuple[tuple[str, str], ...] = ()


ATTACKS = (
    Attack(
        "powers",
        "borrow the bot's rights: every permission bit on the role and on the person, ranks, later changes",
        ("tests/adapters/discord/test_roles_powers.py", "tests/bot/handlers/study/test_roles.py"),
    ),
    Attack(
        "ids",
        "forged, foreign, planned and typed action ids on every route and every platform",
        (
            "tests/bot/handlers/test_served_posts.py",
            "tests/bot/chat/test_text_fallback.py",
            "tests/adapters/discord/test_inbound_forgery.py",
            "tests/adapters/slack/test_inbound_forgery.py",
            "tests/adapters/playground/test_inbound_forgery.py",
        ),
    ),
    Attack(
        "requests",
        "5,000 sockets that send half a header, half a body or nothing, beside signed clicks",
        ("tests/adapters/slack/test_http_attack.py",),
        (("ATTACK_SOCKETS", "5000"), ("ATTACK_SECONDS", "30")),
    ),
    Attack(
        "bodies",
        "5,000 malformed requests with a right signature",
        (
            "tests/adapters/slack/test_wellformed.py",
            "tests/bot/toolkit/test_http_server.py",
            "tests/bot/toolkit/test_connections.py",
        ),
        (("MUTATED_BODIES", "5000"),),
    ),
    Attack(
        "installs",
        "200 installations at once, replays, invented states, two workers",
        ("tests/adapters/slack/test_oauth.py",),
    ),
    Attack(
        "floods",
        "one person's commands, clicks, forms, suggestions and pictures, beside everyone else's",
        (
            "tests/bot/test_allowance.py",
            "tests/adapters/discord/test_inbound_floods.py",
            "tests/adapters/slack/test_listeners_floods.py",
        ),
    ),
    Attack(
        "ports",
        "the playground's cookie on another port of this machine, in a browser",
        (
            "tests/adapters/playground/test_auth_other_ports.py",
            "tests/adapters/playground/test_browser_other_ports.py",
        ),
    ),
    Attack(
        "secrets",
        "a day at DEBUG on both chat platforms, looked through for tokens and members' words",
        (
            "tests/bot/toolkit/test_redaction.py",
            "tests/milepost/test_logs.py",
            "tests/bot/chat/test_configuration.py",
            "tests/milepost/cli/test_doctor_files.py",
            "tests/adapters/discord/test_secrets.py",
            "tests/adapters/slack/test_secrets.py",
        ),
    ),
    Attack(
        "files",
        "databases with triggers, views, missing and foreign parts, to be restored or called whole",
        (
            "tests/storage/test_shape.py",
            "tests/storage/test_server_shape.py",
            "tests/storage/test_verify.py",
        ),
    ),
    Attack(
        "packs",
        "hostile packs and proof scripts beside a good pack",
        (
            "tests/content/checks/test_folder.py",
            "tests/content/checks/test_forks.py",
            "tests/content/checks/test_isolation.py",
            "tests/content/checks/test_sandbox.py",
            "tests/milepost/cli/test_content_trust.py",
        ),
    ),
    Attack(
        "imports",
        "bombs, broken archives, databases with triggers, scripts and entities in files to import",
        (
            "tests/content/formats/test_anki.py",
            "tests/content/formats/test_anki_database.py",
            "tests/content/formats/test_anki_notes.py",
            "tests/content/formats/test_carried.py",
            "tests/content/formats/test_moodle.py",
            "tests/content/formats/test_opentdb.py",
        ),
    ),
    Attack(
        "fuzz",
        "10,000 packs with bytes, values and files changed at random, beside a good pack",
        ("tests/content/test_loader_fuzz.py",),
        (("FUZZ_PACKS", "10000"),),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """Result of an attack. ``tests`` is how many ran; ``held`` is false if none did."""

    attack: Attack
    tests: int
    held: bool
    seconds: float
    told: str

    def __str__(self) -> str:
        verdict = "held" if self.held else "DID NOT HOLD"
        return f"{self.attack.name:9} {verdict:12} {self.told} in {self.seconds:.0f} s: {self.attack.tried}"


def outcome(attack: Attack, status: int, printed: str, seconds: float) -> Outcome:
    """Judge what pytest printed. An attack that ran no test, or skipped all of them, did not hold."""
    last = printed.strip().splitlines()[-1] if printed.strip() else ""
    counts = {kind: int(number) for number, kind in TALLY.findall(last)}
    passed = counts.get("passed", 0)
    told = ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "nothing ran"
    return Outcome(attack, passed, status == 0 and passed > 0, seconds, told)


def carried_out(attack: Attack) -> Outcome:
    """Run an attack's tests, showing what they print."""
    print(f"\n== {attack.name}: {attack.tried}", flush=True)
    began = time.monotonic()
    command = (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-s",
        "-p",
        "no:cacheprovider",
        "-o",
        "faulthandler_timeout=0",
    )
    with subprocess.Popen(
        [*command, *attack.tests],
        cwd=ROOT,
        env=os.environ | dict(attack.long_form),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        printed = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            printed.append(line)
        status = process.wait(PATIENCE)
    return outcome(attack, status, "".join(printed), time.monotonic() - began)


def main(names: list[str]) -> int:
    """Carry out the attacks of these names, or all; return 1 if one of them did not hold."""
    unknown = sorted(set(names) - {attack.name for attack in ATTACKS})
    if unknown:
        known = ", ".join(attack.name for attack in ATTACKS)
        print(f"No attack {', '.join(unknown)}. Choose from {known}.", file=sys.stderr)
        return 2
    outcomes = [carried_out(attack) for attack in ATTACKS if not names or attack.name in names]
    print("\nWhat was tried, and what held:", *outcomes, sep="\n")
    return 0 if all(each.held for each in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
