"""The handler of a command."""
