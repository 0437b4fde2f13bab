"""Scripts run in a process of their own, under limits."""

import os
import sys
import time

import pytest

from content.checks.sandbox import Sandbox, SandboxError


def output_of(script, **options):
    return Sandbox().python(script, **options).stdout.strip()


def test_output_errors_and_status_are_told_apart():
    run = Sandbox().python("import sys; print('out'); sys.exit('err')")
    assert (run.stdout, run.last_words, run.status) == ("out\n", "err", 1)


def test_a_silent_script_has_no_last_words():
    assert Sandbox().python("").last_words == ""


def test_output_is_utf_8_whatever_the_locale_is():
    assert output_of("print('\\u20ac \\u2603')") == "\u20ac \u2603"


def test_the_hash_seed_is_fixed():
    script = "print(hash('milepost'))"
    assert output_of(script) == output_of(script)
    assert output_of(script) != output_of(script, seed=1)


def test_the_environment_is_empty_of_ours(monkeypatch):
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", "/ours")
    names = set(output_of("import os; print(*os.environ)").split())
    assert not names & {"DISCORD_TOKEN", "PYTHONPATH"}


def test_the_folder_is_empty_and_goes_away():
    script = "import os, sys; print(os.getcwd(), os.listdir(), os.getcwd() in sys.path)"
    folder, rest = output_of(script).split(" ", 1)
    assert rest == "['snippet.py'] False"
    assert not os.path.exists(folder)  # noqa: PTH110


def test_there_is_nobody_to_ask():
    assert Sandbox().python("input()").last_words == "EOFError: EOF when reading a line"


def test_an_endless_script_is_stopped():
    with pytest.raises(SandboxError, match=r"it took longer than 0.3 s"):
        Sandbox(seconds=0.3).python("while True: pass")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_output_is_stopped(stream):
    with pytest.raises(SandboxError, match="it printed more than 1 KiB"):
        Sandbox(output_bytes=1024).python(f"import sys\nwhile True: sys.{stream}.write('x' * 99)")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups")
def test_children_of_a_script_are_stopped_with_it():
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    started = time.monotonic()
    with pytest.raises(SandboxError, match="it took longer"):
        Sandbox(seconds=1).python(script)
    assert time.monotonic() - started < 10
