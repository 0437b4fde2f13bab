"""``python -m bot``: the same as ``milepost``."""

from bot.cli import main

main()
