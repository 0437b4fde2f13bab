"""Scripts for which a process is forked: nothing of one is met by the next, and limits hold for each."""

import os
import threading
import time

import pytest

from content.checks import forks as module
from content.checks.forks import IDLE, Forks, can_be_forked, families_of
from content.checks.sandbox import Sandbox, SandboxError
from tests.content.checks.forked import closed_in, where

pytestmark = closed_in


ENDS = """
import os, resource
resource.prlimit(os.getppid(), resource.RLIMIT_AS, (1, 1))
print(os.getpid() > 2)
"""
"""Ends its server where that tidies up."""


def test_a_script_that_ends_its_server_has_a_process_of_its_own_and_the_next_another(sandbox):
    before = where(sandbox)
    assert sandbox.python(ENDS).stdout in ("False\n", "True\n")
    assert where(sandbox) not in ("", before)


def test_a_server_that_has_ended_by_itself_is_replaced(sandbox):
    sandbox.python("")
    (server,) = sandbox.forks._idle
    os.killpg(server._process.pid, 9)
    server._process.wait()
    assert sandbox.python("print(1)").stdout == "1\n"


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("bytearray(2 * 1024**3)", "MemoryError"),
        ("open('big', 'wb').write(bytes(17 * 1024**2))", "OSError: [Errno 27] File too large"),
        (
            "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
            "ValueError: not allowed to raise maximum limit",
        ),
    ],
)
def test_memory_and_files_have_limits(sandbox, script, error):
    assert sandbox.python(script).last_words == error


def test_processor_time_is_counted_for_each_script(sandbox):
    limited = Sandbox(processor_seconds=1, seconds=60, forks=sandbox.forks)
    works = "import time\nuntil = time.process_time() + 0.6\nwhile time.process_time() < until: pass"
    for _ in range(3):
        assert limited.python(works).status == 0
    with pytest.raises(SandboxError, match="it took more than 1 s of processor time"):
        limited.python("while True: pass")
    assert limited.python("print(1)").stdout == "1\n"


def test_a_script_is_stopped_at_the_limits_of_time_and_output(sandbox):
    with pytest.raises(SandboxError, match=r"it took longer than 0.3 s"):
        Sandbox(seconds=0.3, forks=sandbox.forks).python("import time; time.sleep(600)")
    with pytest.raises(SandboxError, match="it printed more than 1 KiB"):
        Sandbox(output_bytes=1024, forks=sandbox.forks).python("while True: print('x' * 99)")
    assert sandbox.python("print(1)").stdout == "1\n"


def test_scripts_that_start_others_without_end_are_ended(sandbox):
    before = where(sandbox)
    again = "import os\nif os.fork() == 0:\n    while True:\n        if os.fork(): os._exit(0)"
    assert sandbox.python(again).status == 0
    assert where(sandbox) == before
    others = "import os; print(sum(each.isdigit() for each in os.listdir('/proc')) - 2)"
    assert sandbox.python(others).stdout == "0\n"


def test_a_large_script_comes_whole(sandbox):
    text = "x" * 3_000_000
    assert sandbox.python(f"print(len({text!r}))").stdout == "3000000\n"


def test_packages_that_a_script_names_are_there_before_it(sandbox):
    pytest.importorskip("flask")
    script = "import sys; print('flask' in vars(sys)['modu' + 'les'])\nimport flask"
    assert (Sandbox().python(script).stdout, sandbox.python(script).stdout) == ("False\n", "True\n")
    assert families_of("code = 'x = 1\\nfrom flask import Flask'") == ("flask",)
    assert families_of("import json, os\nimport notflask") == ()


@pytest.mark.parametrize(
    "script", ["import sys; print(len(sys.modules))", "import importlib; print('asyncio')"]
)
def test_scripts_that_look_at_modules_have_a_process_of_their_own(sandbox, script):
    assert not can_be_forked(script)
    assert sandbox.python(script).stdout == Sandbox().python(script).stdout


@pytest.mark.parametrize(
    "script",
    [
        "import concurrent\nprint(concurrent.futures)",
        "import json, concurrent\nprint(hasattr(concurrent, 'futures'))",
        "import concurrent as other\nprint(other.futures)",
        "exec('import concurrent\\nprint(concurrent.futures)')",
    ],
)
def test_a_module_that_a_script_forgot_to_import_is_not_there(sandbox, script):
    alone, forked = Sandbox().python(script), sandbox.python(script)
    assert (forked.stdout, forked.last_words) == (alone.stdout, alone.last_words)
    assert can_be_forked("import concurrent.futures\nprint(concurrent.futures)")
    assert can_be_forked("from concurrent import futures\nimport json\njson.loads('1')")


def test_scripts_that_listen_have_a_network_of_their_own(sandbox):
    assert not can_be_forked("from http.server import HTTPServer")
    assert can_be_forked("print('a server')")


def test_a_server_outlasts_the_thread_that_asked_for_it(sandbox):
    found = []
    for _ in range(2):
        thread = threading.Thread(target=lambda: found.append(where(sandbox)))
        thread.start()
        thread.join()
    assert found[0] == found[1]


def test_only_so_many_servers_wait(sandbox):
    for seed in range(IDLE + 3):
        assert sandbox.python("print(1)", seed=seed).stdout == "1\n"
    assert len(sandbox.forks._idle) == IDLE


def test_servers_are_ended_with_the_check():
    with Forks() as forks:
        Sandbox(forks=forks).python("")
        (server,) = forks._idle
    assert server._process.poll() is not None
    assert not forks._idle


def test_where_no_server_starts_each_script_has_a_process_of_its_own(monkeypatch, sandbox):
    module.servers_work.cache_clear()
    monkeypatch.setattr(module, "_MODULES", module.Path("/elsewhere"))
    monkeypatch.setattr(module.Server, "status", lambda *_: 1)
    try:
        assert sandbox.python("print(1)").stdout == "1\n"
    finally:
        module.servers_work.cache_clear()


@pytest.mark.parametrize("how", ["forked", "alone", "ours"])
def test_scripts_that_run_are_ended_with_the_check_and_none_starts_after(how):
    said = []
    sleeps = "import time; time.sleep(600)"

    def runs(sandbox):
        try:
            if how == "ours":
                sandbox.ours(sleeps, "")
            else:
                sandbox.python(sleeps if how == "forked" else f"import importlib; {sleeps}")
        except SandboxError as error:
            said.append(str(error))

    with Forks() as forks:
        sandbox = Sandbox(seconds=300, forks=forks)
        thread = threading.Thread(target=runs, args=(sandbox,))
        thread.start()
        until = time.monotonic() + 60
        while not forks._running and time.monotonic() < until:
            time.sleep(0.01)
    thread.join(60)
    assert not thread.is_alive()
    assert not forks._idle
    with pytest.raises(SandboxError, match="the check was stopped"):
        sandbox.python("print(1)")
    assert not forks._idle
