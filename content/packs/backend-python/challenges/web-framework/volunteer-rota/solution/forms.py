"""The form for a new shift."""

from django import forms
from django.utils import timezone

from rota.models import Shift


class ShiftForm(forms.ModelForm):
    """A shift that is still to come."""

    class Meta:
        model = Shift
        fields = ["title", "starts", "places"]
        widgets = {"starts": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}

    def clean_starts(self):
        starts = self.cleaned_data["starts"]
        if starts <= timezone.now():
            raise forms.ValidationError("This time is over.")
        return starts
