"""Models of a platform and of a command, which ``tools/new.py`` copies under another name.

They are code like any other, checked and under test. ``example/`` becomes ``adapters/<name>/``;
``handlers/`` and ``views/`` become the files of a command. Their tests are in ``tests/tools/scaffold/``.
"""
