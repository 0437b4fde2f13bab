"""The view of a command."""
