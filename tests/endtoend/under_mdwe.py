"""Run ``milepost`` where no memory may be written and run, as MemoryDenyWriteExecute= of systemd does it.

Exits with 77 where the kernel has no such rule. Source: prctl(2), PR_SET_MDWE.
"""

import ctypes
import mmap
import sys

PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1

if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
    sys.exit(77)
try:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
except OSError:
    pass
else:
    sys.exit(77)

if sys.argv[1:] == ["picture"]:
    from bot.chat import Picture
    from bot.toolkit.drawing import png_of

    text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">a</text></svg>'
    assert png_of(Picture(text, "a")).startswith(b"\x89PNG")
else:
    from milepost.cli import main

    main()
