"""Shifts, and who takes them."""

from django.db import models


class Shift(models.Model):
    """A time at which volunteers are needed.

    `title` has up to 80 characters, `starts` is a time with a zone, `places` is 1 or more: the database
    itself refuses 0. The text of a shift is its title.
    """

    title = models.CharField(max_length=80)


class Entry(models.Model):
    """One volunteer (`person`, a user) on one shift (`shift`, with `entries` as the way back).

    The database refuses a second entry of one person on one shift. With a shift or a person, its entries
    go.
    """
