"""How people's hands say that they are tied."""


class Cannot(Exception):
    """The app in front of a person would not let them do this: it is not there, or does not fit."""
