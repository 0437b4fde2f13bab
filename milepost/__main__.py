"""``python -m milepost``, another way to run ``milepost``."""

from milepost.cli import main

main()
