"""The contract of a platform as a test suite: what every adapter must do, written once.

``place.py`` has what a platform's own test file offers, ``app.py`` the scripted core behind the adapter,
and ``suite.py`` the tests. It needs pytest and pytest-asyncio, and is imported by tests alone.
"""
