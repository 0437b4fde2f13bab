"""Shifts, and who takes them."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ShiftQuerySet(models.QuerySet):
    """Shifts as the pages need them."""

    def to_come(self):
        """Return the shifts that haven't begun, earliest first, with their entries and people."""
        found = self.filter(starts__gt=timezone.now()).order_by("starts", "pk")
        return found.prefetch_related("entries__person")


class Shift(models.Model):
    """A time at which volunteers are needed."""

    title = models.CharField(max_length=80)
    starts = models.DateTimeField()
    places = models.PositiveSmallIntegerField(default=1)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(places__gte=1), name="shift_has_places")]

    def __str__(self):
        return self.title

    @property
    def free(self):
        """Return how many places are free."""
        return self.places - len(self.entries.all())


class Entry(models.Model):
    """One volunteer on one shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="entries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="once_on_a_shift")]
