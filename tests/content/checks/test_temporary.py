"""Temporary folders for programs."""

import subprocess
import sys
from pathlib import Path

import pytest

from content.checks.temporary import temporary_folder

LEAVES = {
    "a file": "open('file', 'w').close()",
    "folders that nobody may read": "os.makedirs('a/b'); os.chmod('a/b', 0); os.chmod('a', 0)",
    "folders that are too deep": (
        "for _ in range(3000): os.mkdir('a' * 99); open('f', 'w').close(); os.chdir('a' * 99)"
    ),
    "a pipe and links": "os.mkfifo('pipe'); os.symlink('/', 'root'); os.symlink('none', 'none')",
}


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize("leaves", LEAVES.values(), ids=LEAVES)
def test_a_folder_goes_away_whatever_is_left_in_it(leaves):
    with temporary_folder() as folder:
        assert not any(Path(folder).iterdir())
        subprocess.run([sys.executable, "-c", f"import os\n{leaves}"], cwd=folder, check=True)
        assert any(Path(folder).iterdir())
    assert not Path(folder).exists()
