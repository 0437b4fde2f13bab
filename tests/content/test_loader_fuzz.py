"""Real files spoilt by chance never stop the good pack beside them, nor cost much.

300 packs; ``FUZZ_PACKS=10000`` makes it ten thousand, and ``FUZZ_SEED`` repeats a run.
"""

import os
import random
import signal
import sys

import pytest

from tests.content.checks.test_folder import MIB, SECONDS, assert_told_shortly
from tests.content.loading import load_alone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and limits are those of POSIX")

COUNT = int(os.environ.get("FUZZ_PACKS", "300"))
SEED = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(10**9))


def test_mutated_packs_stop_nothing(tmp_path, capsys):
    lines, done = load_alone("fuzz", tmp_path / "packs", SEED, COUNT, timeout=60 + COUNT)
    again = f"repeat it with FUZZ_SEED={SEED} FUZZ_PACKS={COUNT}"
    ended = signal.Signals(-done.returncode).name if done.returncode < 0 else done.returncode
    last = lines[-1] if lines else None
    assert done.returncode == 0, f"{last} ended the process: {ended}; {again} {done.stderr[-2000:]}"
    results = list(zip([line["begins"] for line in lines[::2]], lines[1::2], strict=True))
    assert len(results) == COUNT
    for name, found in results:
        try:
            assert "good" in found["packs"], "the good pack did not load"
            assert found["seconds"] < SECONDS, f"took {found['seconds']:.1f} s"
            assert found["mib"] < MIB, f"took {found['mib']:.0f} MiB"
            assert_told_shortly(name, found["problems"])
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}; {again}") from error
    refused = sum(found["packs"] == ["good"] for _, found in results)
    assert refused > COUNT / 2, f"most spoilt packs are refused; {again}"
    seconds = max(found["seconds"] for _, found in results)
    mib = max(found["mib"] for _, found in results)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{COUNT} spoilt packs, seed {SEED}: {refused} refused, {COUNT - refused} still whole; "
            f"the good one loaded each time; at most {seconds:.2f} s and {mib:.0f} MiB.\n"
        )
