"""``python -m milepost``: the same as ``milepost``."""

from milepost.cli import main

main()
