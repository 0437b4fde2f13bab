"""The thread from which sandboxes are started: what it keeps from them, and that the rest is as it was."""

import ctypes
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from content.checks.forks import Forks
from content.checks.isolation import isolation
from content.checks.keyrings import join_new_keyring, keys
from content.checks.sandbox import Sandbox
from content.checks.starter import DEVICES, start_apart

WHY_OPEN = isolation().why_open

pytestmark = pytest.mark.skipif(WHY_OPEN is not None, reason=f"scripts are not closed in: {WHY_OPEN}")


@pytest.fixture(params=["alone", "forked"])
def sandbox(request):
    with Forks() as forks:
        yield Sandbox(seconds=60, forks=forks if request.param == "forked" else None)


def test_devices_of_the_machine_keep_their_modes_though_root_runs_the_check(sandbox):
    paths = [f"/dev/{name}" for name in DEVICES]
    modes = [Path(path).stat().st_mode for path in paths]
    script = (
        "import os\n"
        f"for path, mode in {dict(zip(paths, modes, strict=True))}.items():\n"
        "    try: os.chmod(path, mode & 0o7777); print('could be changed')\n"
        "    except OSError: pass\n"
        "print(open('/dev/null', 'wb').write(b'1'), open('/dev/zero', 'rb').read(1))\n"
    )
    before = [Path(path).stat().st_ctime_ns for path in paths]
    run = sandbox.python(script)
    assert (run.stdout, run.stderr) == ("1 b'\\x00'\n", "")
    assert [Path(path).stat().st_ctime_ns for path in paths] == before


SEARCH = """
import ctypes
call = ctypes.CDLL(None).syscall
print(call(250, 10, -3, b"user", b"milepost-test", 0))
"""


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the numbers are of other calls here")
def test_keys_of_the_session_are_in_no_reach_of_scripts(sandbox):
    found = []

    def in_a_session_of_its_own():
        join_new_keyring()
        serial = ctypes.CDLL(None).syscall(248, b"user", b"milepost-test", b"hush", 4, -3)
        seen = subprocess.run([sys.executable, "-c", SEARCH], capture_output=True, text=True, check=True)
        found.extend((serial, int(seen.stdout), int(sandbox.python(SEARCH).stdout), keys()[0][0]))

    thread = threading.Thread(target=in_a_session_of_its_own)
    thread.start()
    thread.join()
    serial, with_us, in_there, size = found
    if serial == -1:
        pytest.skip("this kernel has no keyrings")
    assert (with_us, in_there, size) == (serial, -1, 4)


def test_what_is_started_apart_is_returned_or_raised():
    assert start_apart(threading.get_ident) == start_apart(threading.get_ident) != threading.get_ident()
    assert start_apart(threading.get_ident, closed_in=False) == threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        start_apart(lambda: 1 // 0)


def test_the_rest_of_this_process_sees_the_machine_as_before():
    here = Path("/proc/thread-self/ns/mnt")
    before = here.readlink()
    start_apart(lambda: None)
    assert here.readlink() == before
