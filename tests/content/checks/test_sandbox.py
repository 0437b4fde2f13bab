"""Scripts run in a process of their own, under limits."""

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from content.checks import sandbox
from content.checks.isolation import Isolation, isolation
from content.checks.orphans import ORPHANS
from content.checks.sandbox import Sandbox, SandboxError

ROOT = Path(__file__).parents[3]


LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux hands on processes whose parent ended"
)


WHY_OPEN = isolation().why_open


@pytest.fixture(params=["closed", "open"])
def around(request, monkeypatch):
    """Run the test in bubblewrap, where it works, and without it."""
    if request.param == "open":
        monkeypatch.setattr(sandbox, "isolation", lambda: Isolation("the test wants it so"))
    elif WHY_OPEN is not None:
        pytest.skip(f"scripts are not closed in: {WHY_OPEN}")


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


@LINUX
def test_a_password_of_the_server_is_in_no_environment_and_in_no_reach_of_others(monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hush-hush")
    script = (
        "import ctypes, os, sys\n"
        "def of(pid):\n"
        "    try: return b'hush' in open(f'/proc/{pid}/environ', 'rb').read()\n"
        "    except OSError: return False\n"
        "print(os.environ['PGPASSWORD'], sys.stdin.read(), of('self'), of(os.getppid()))\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))  # PR_GET_DUMPABLE\n"
    )
    for _ in range(2):
        run = Sandbox().ours(script, "the\naddress")
        assert run.stdout == "hush-hush the\naddress False False\n0\n", run


def test_a_script_of_ours_that_ends_before_it_reads_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(sandbox, "_SECLUDED", "import sys; sys.exit(7)\n")
    assert Sandbox(seconds=60).ours("", "x" * 1000).status == 7


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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no processor time")
def test_a_script_is_stopped_when_its_processor_time_is_over_and_not_before():
    assert Sandbox(processor_seconds=1).python("import time; time.sleep(1.2)").status == 0
    with pytest.raises(SandboxError, match="it took more than 1 s of processor time"):
        Sandbox(processor_seconds=1).python("while True: pass")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_endless_output_is_stopped(stream):
    with pytest.raises(SandboxError, match="it printed more than 1 KiB"):
        Sandbox(output_bytes=1024).python(f"import sys\nwhile True: sys.{stream}.write('x' * 99)")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of this kind")
@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("bytearray(2 * 1024**3)", "MemoryError"),
        ("open('big', 'wb').write(bytes(17 * 1024**2))", "OSError: [Errno 27] File too large"),
    ],
)
def test_memory_and_files_have_limits(around, script, error):
    assert Sandbox().python(script).last_words == error


@LINUX
def test_processes_have_a_limit():
    """Root is not held to it, so for root it is tried as another user, with the system's Python."""
    as_root = os.geteuid() == 0
    python = "/usr/bin/python3" if as_root else sys.executable
    if not Path(python).exists():
        pytest.skip("root alone can't be limited, and there is no Python for another user")
    forks = "import os, signal\nwhile True:\n    if os.fork() == 0: signal.pause()"
    limit = f"RLIMIT_NPROC={40 if as_root else 2000}"
    launcher = [python, "-I", "-S", "-c", sandbox._launcher(), "supervised", limit, "--"]
    command = [*launcher, python, "-c", forks]
    user = 65534 if as_root else None
    ran = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    assert ran.stderr.strip().endswith("BlockingIOError: [Errno 11] Resource temporarily unavailable")


LASTING = """
import subprocess, sys, time
waits = [sys.executable, "-c", "import time; time.sleep(600)", {mark!r}]
first = subprocess.Popen(waits, start_new_session=True{more})
starts = "import subprocess, sys; subprocess.Popen(sys.argv[1:])"
subprocess.Popen([sys.executable, "-c", starts, *waits]).wait()
print("begun", flush=True)
time.sleep({then})
"""


def running(mark):
    """The processes that have ``mark`` on their command line, other than this one."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if mark.encode() in each.read_bytes():
                found.append(each)
    return found


def gone(mark):
    """Wait until no process has ``mark``: the kernel ends those of a container one after another."""
    until = time.monotonic() + 20
    while time.monotonic() < until and running(mark):
        time.sleep(0.01)
    return not running(mark)


@LINUX
@pytest.mark.parametrize("more", ["", ", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"])
def test_what_a_script_leaves_running_is_ended_with_it(around, more):
    mark = uuid4().hex
    started = time.monotonic()
    run = Sandbox(seconds=60).python(LASTING.format(mark=mark, more=more, then=0))
    assert (run.stdout, run.status) == ("begun\n", 0)
    assert gone(mark)
    assert time.monotonic() - started < 50, "it was waited for"


@LINUX
@pytest.mark.parametrize("more", ["", ", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"])
def test_all_that_a_script_started_is_ended_at_the_deadline(around, more):
    mark = uuid4().hex
    with pytest.raises(SandboxError, match="it took longer than 5 s"):
        Sandbox(seconds=5).python(LASTING.format(mark=mark, more=more, then=600))
    assert gone(mark)


@LINUX
def test_a_script_that_starts_others_without_end_is_ended(around):
    mark = uuid4().hex
    again = f"[sys.executable, *sys.argv, {mark!r}]"
    script = f"import subprocess, sys\nsubprocess.Popen({again}, start_new_session=True)"
    Sandbox(seconds=60).python(script)
    assert gone(mark)


@LINUX
def test_a_script_without_bubblewrap_is_ended_with_whoever_runs_it(tmp_path):
    mark, script = uuid4().hex, tmp_path / "run.py"
    script.write_text(
        "from content.checks import sandbox\n"
        "from content.checks.isolation import Isolation\n"
        "sandbox.isolation = lambda: Isolation('the test wants it so')\n"
        f"sandbox.Sandbox(seconds=600).python({LASTING.format(mark=mark, more='', then=600)!r})\n"
    )
    with subprocess.Popen([sys.executable, script], env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:
        until = time.monotonic() + 60
        while not len(running(mark)) >= 3 and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
    assert gone(mark)


@LINUX
@pytest.mark.parametrize("when", ["first", "last"])
def test_what_a_script_starts_is_ended_though_it_ends_its_watcher(monkeypatch, when):
    monkeypatch.setattr(sandbox, "isolation", lambda: Isolation("the test wants it so"))
    mark = uuid4().hex
    kills = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)\n"
    lasts = LASTING.format(mark=mark, more="", then=0)
    waits = [sys.executable, "-c", "import time; time.sleep(600)"]
    bystander = subprocess.Popen(waits)
    try:
        with ORPHANS.adopted():
            Sandbox(seconds=60).python(kills + lasts if when == "first" else lasts + kills)
        assert not running(mark)
        assert bystander.poll() is None, "it was there before"
    finally:
        bystander.kill()
        bystander.wait()
