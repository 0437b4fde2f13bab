"""The server that forks for scripts: each begins as if it were the first, and none reaches the server."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from content.checks import forks as module
from content.checks.sandbox import Sandbox
from tests.content.checks.forked import closed_in, where

pytestmark = closed_in


AS_STARTED = """
import gc, inspect, json, os, resource, signal, sys, threading
print(json.dumps({
    "main": [__name__, __file__.rpartition("/")[2], [each.rpartition("/")[2] for each in sys.argv]],
    "names": sorted(name for name in globals() if name.startswith("__")),
    "path": sys.path, "flags": list(sys.flags), "frames": len(inspect.stack()),
    "environment": sorted(set(os.environ) - {"PWD"}), "files": sorted(os.listdir()),
    "open": sorted(os.listdir("/proc/self/fd")), "standard in": sys.stdin.read(),
    "signals": [str(signal.getsignal(each)) for each in sorted(signal.valid_signals())],
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "limits": [resource.getrlimit(getattr(resource, name)) for name in sorted(dir(resource))
        if name.startswith("RLIMIT_") and name != "RLIMIT_NPROC"],
    "threads": threading.active_count(), "umask": os.umask(0), "nice": os.nice(0),
    "user": [os.getuid(), os.getgid(), os.getgroups()], "leads": os.getpgid(0) == os.getpid(),
    "encodings": [each.encoding for each in (sys.stdin, sys.stdout, sys.stderr)],
    "buffered": [each.line_buffering for each in (sys.stdout, sys.stderr)],
    "hash": hash("milepost"), "collected": gc.isenabled(), "recursion": sys.getrecursionlimit(),
    "caps": [line for line in open("/proc/self/status") if line.startswith(("Cap", "NoNewPrivs"))],
    "spent": sum(os.times()[:2]) < 5,
}))
"""


@pytest.fixture(params=[signal.SIG_DFL, signal.SIG_IGN], ids=["in front", "behind"])
def from_a_shell(request):
    """Signals as a shell leaves them to what it runs in front, or behind (``&``)."""
    before = {each: signal.signal(each, request.param) for each in (signal.SIGHUP, signal.SIGQUIT)}
    before[signal.SIGINT] = signal.getsignal(signal.SIGINT)
    if request.param is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("from_a_shell")
def test_a_forked_script_begins_as_one_in_a_process_of_its_own(sandbox):
    alone, forked = (json.loads(each.python(AS_STARTED).stdout) for each in (Sandbox(), sandbox))
    alone.pop("leads")
    assert forked.pop("leads")
    assert forked == alone


def test_hash_seeds_differ_where_they_should(sandbox):
    script = "print(hash('milepost'))"
    for seed in (0, 1):
        assert sandbox.python(script, seed=seed).stdout == Sandbox().python(script, seed=seed).stdout


def test_a_script_ends_as_one_in_a_process_of_its_own(sandbox):
    scripts = [
        "import atexit; atexit.register(print, 'at the end')\nraise SystemExit(3)",
        "1 / 0",
        "def f(:",
        "import sys; sys.exit('err')",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(.1), print('late'))).start()",
        "class A:\n    def __del__(self): print('gone')\na = A()\na.a = a",
        "input()",
        "import no_such_module",
    ]
    for script in scripts:
        alone, forked = Sandbox().python(script), sandbox.python(script)
        assert forked.stdout == alone.stdout, script
        assert forked.last_words == alone.last_words, script
        # Behind bubblewrap a signal is a status.
        assert forked.status % 256 in (alone.status, -9 % 256), script


LEAVES = """
import builtins, fcntl, json, os, signal, subprocess, sys, tempfile
builtins.left = json.left = 1
json.loads = None
os.environ["LEFT"] = "1"
sys.path.append("/left")
sys.setrecursionlimit(77)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.makedirs("folder/inside")
open("folder/inside/file", "w").close()
os.chmod("folder/inside", 0)
os.umask(0o777)
os.symlink("/etc", "link")
open("/dev/shm/left", "w").close()
with open("json.py", "w") as file: file.write("left = 2")
os.chmod(".", 0)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        while True: signal.pause()
    os._exit(0)
for folder in ("/tmp/milepost", "/dev/shm"):
    os.chmod(folder, 0o700)
    for name, value in {LEFT!r}.items():
        try: os.setxattr(folder, name, value)
        except OSError: pass  # not every kernel keeps them here
os.chdir("/")
os.chmod("/dev/pts/ptmx", 0); os.chmod("/dev/pts", 0)
fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)
fcntl.flock(0, fcntl.LOCK_EX)
""".replace("{LEFT!r}", repr({
    "user.left": b"1",
    "system.posix_acl_default": bytes.fromhex(
        "02000000" "01000000ffffffff" "04000000ffffffff" "20000000ffffffff"
    ),
}))  # fmt: skip
"""The last attribute takes all rights from files that are made in the folder."""

MEETS = """
import builtins, fcntl, json, os, signal, sys
os.openpty()
fcntl.flock(open("/dev/null"), fcntl.LOCK_EX | fcntl.LOCK_NB)
assert not fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK
for each in (".", "/dev/shm"):
    assert not [name for name in os.listxattr(each) if "left" in name or "acl" in name]
print([hasattr(builtins, "left"), hasattr(json, "left"), json.loads("1"), "LEFT" in os.environ,
    "/left" in sys.path, sys.getrecursionlimit() == 77, signal.getsignal(signal.SIGTERM) is signal.SIG_IGN,
    os.umask(0o22), os.listdir(), os.listdir("/dev/shm"), os.access(".", os.W_OK),
    sorted(int(each) for each in os.listdir("/proc") if each.isdigit() and int(each) > 1) == [os.getpid()]])
"""


def test_nothing_that_a_script_leaves_is_met_by_the_next(sandbox):
    before = where(sandbox)
    assert sandbox.python(LEAVES).status == 0
    assert where(sandbox) == before, "it is the same server"
    found = eval(sandbox.python(MEETS).stdout)
    assert found == [False, False, 1, False, False, False, False, 0o22, ["snippet.py"], [], True, True]


KEY = """
import ctypes, os
if os.uname().machine != "x86_64": raise SystemExit("the numbers are of other calls here")
call = ctypes.CDLL(None).syscall
"""


@pytest.mark.parametrize(
    "script",
    [
        (
            "import asyncio\nasync def main():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    server = await getattr(loop, 'create' '_server')(asyncio.Protocol, '127.0.0.1', 8000)\n"
            "    _, other = await asyncio.open_connection('127.0.0.1', 8000)\n    other.close()\n"
            "    await other.wait_closed(); await asyncio.sleep(0.1)\n"
            "asyncio.run(main())"
        ),
        "import ctypes; assert ctypes.CDLL(None).shmget(7, 4096, 0o1666) >= 0",
        KEY + "assert call(248, b'user', b'left', b'1', 1, -4) > 0",
        KEY + "assert call(248, b'user', b'left', b'1', 1, -3) > 0",
        "import os, resource as r; r.prlimit(os.getppid(), r.RLIMIT_NOFILE, (50, 50))",
        "import os; os.setpriority(os.PRIO_PROCESS, os.getppid(), 7)",
        "import os; os.sched_setaffinity(os.getppid(), [min(os.sched_getaffinity(0))])",
        "import os; os.sched_setscheduler(os.getppid(), os.SCHED_BATCH, os.sched_param(0))",
        ("import os\nfor _ in range(3000):\n    os.mkdir('a' * 200); os.chdir('a' * 200)"),
    ],
    ids=[
        *("a connection", "shared memory", "a key", "a key of the session", "a limit", "a priority"),
        *("fewer cores", "a scheduler", "folders that are too deep"),
    ],
)
def test_a_sandbox_in_which_something_stays_is_given_up(sandbox, script):
    before = where(sandbox)
    run = sandbox.python(script)
    if "the numbers are" in run.stderr or ("fewer" in script and (os.cpu_count() or 1) < 2):
        pytest.skip("not on this machine")
    assert (run.status, run.stderr) == (0, "")
    assert where(sandbox) != before


@pytest.mark.parametrize("sent", ["SIGKILL", "SIGSTOP", "SIGTERM", "SIGSEGV", "SIGINT", "SIGXCPU"])
def test_no_signal_of_a_script_reaches_its_server(sandbox, sent):
    before = where(sandbox)
    sends = f"import os, signal, time\nos.kill(os.getppid(), signal.{sent})\ntime.sleep(0.1); print(1)"
    assert sandbox.python(sends).stdout == "1\n"
    assert where(sandbox) == before


def test_a_script_can_neither_read_nor_trace_its_server_nor_speak_for_it(sandbox):
    script = (
        "import ctypes, gc, os\n"
        "for name in ('mem', 'environ', 'maps', 'fd/0', 'root', 'cwd'):\n"
        "    path = f'/proc/{os.getppid()}/{name}'\n"
        "    look = open if name in ('mem', 'environ', 'maps') else os.readlink\n"
        "    try: look(path); print(name)\n"
        "    except PermissionError: pass\n"
        "    except OSError as error: print(name, error)\n"
        "print(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))  # PTRACE_ATTACH\n"
        "import _socket\n"
        "print([each.fileno() for each in gc.get_objects() if isinstance(each, _socket.socket)])\n"
        "print(sorted(map(int, os.listdir('/proc/self/fd')))[:3], len(os.listdir('/proc/self/fd')))\n"
    )
    run = sandbox.python(script)
    assert run.stdout.splitlines()[-3] == "-1", run
    assert set(eval(run.stdout.splitlines()[-2])) <= {-1}
    assert run.stdout.splitlines()[:-3] == []
    assert run.stdout.splitlines()[-1] == "[0, 1, 2] 4", "the fourth is the folder that is listed"


def test_what_others_leave_behind_as_dead_is_buried_before_a_script_ends(sandbox):
    script = """
import os, time
for _ in range(30):
    if os.fork() == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(0)
    os.wait()
def dead():
    found = 0
    for each in os.listdir("/proc"):
        try: found += each.isdigit() and ") Z" in open(f"/proc/{each}/stat").read()
        except OSError: pass  # it is gone
    return found
until = time.monotonic() + 30
while dead() and time.monotonic() < until: time.sleep(0.01)
print(dead())
"""
    assert sandbox.python(script).stdout == "0\n"


def test_a_script_has_no_process_of_ours_that_it_could_take_over(sandbox):
    script = """
import os
for each in sorted(each for each in os.listdir("/proc") if each.isdigit() and int(each) != os.getpid()):
    try: open(f"/proc/{each}/mem", "r+b"); print(each)
    except PermissionError: print("closed")
"""
    assert sandbox.python(script).stdout == "closed\n"


def test_message_queues_which_no_file_shows_are_not_made(sandbox):
    script = KEY + "print(call(240, b'left', os.O_CREAT | os.O_RDWR, 0o600, 0))"
    run = sandbox.python(script)
    if "the numbers are" in run.stderr:
        pytest.skip("not on this machine")
    assert run.stdout == "-1\n"


def test_the_server_serves_in_bubblewrap_alone(tmp_path):
    """Elsewhere it would end processes that aren't its own."""
    folder = tmp_path / "modules"
    for seen, ours in module._seen().items():
        file = folder / seen.relative_to(module._MODULES)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(ours.read_text())
    (tmp_path / "snippet.py").write_text("print('ran')")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-s", "-P", tmp_path / "snippet.py"],
        env={"PYTHONPATH": str(folder), "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert time.monotonic() - started < 50
