"""Helpers of the tests of scripts that are forked from a server."""

import pytest

from content.checks.isolation import isolation

WHY_OPEN = isolation().why_open

closed_in = pytest.mark.skipif(WHY_OPEN is not None, reason=f"scripts are not closed in: {WHY_OPEN}")
"""Skips where there is no bubblewrap, without which nothing is forked."""

WHERE = "import os; print(os.readlink('/proc/self/ns/net'))\n"
"""Prints what is the same for scripts of one server."""


def where(sandbox):
    return sandbox.python(WHERE).stdout
