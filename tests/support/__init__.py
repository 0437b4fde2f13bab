"""Shared helpers of all tests: people, places, oracles, a database in memory."""
