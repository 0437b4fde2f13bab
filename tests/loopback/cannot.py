"""Errors for acts that a person's app would not let them do."""


class Cannot(Exception):
    """The app in front of a person would not let them do this: it is not there, or does not fit."""
