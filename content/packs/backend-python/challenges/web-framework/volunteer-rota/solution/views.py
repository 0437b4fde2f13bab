"""The pages of the rota."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rota.forms import ShiftForm
from rota.models import Entry, Shift


@require_safe
def shifts(request):
    return render(request, "rota/list.html", {"title": "Shifts", "shifts": Shift.objects.to_come()})


@require_safe
@login_required
def mine(request):
    found = Shift.objects.to_come().filter(entries__person=request.user)
    return render(request, "rota/list.html", {"title": "My shifts", "shifts": found})


@require_POST
@login_required
@transaction.atomic
def take(request, number):
    shift = get_object_or_404(Shift.objects.select_for_update(), pk=number)
    if shift.starts <= timezone.now():
        messages.error(request, "This shift has begun.")
    elif shift.entries.filter(person=request.user).exists():
        messages.info(request, "You're on this shift already.")
    elif shift.free < 1:
        messages.error(request, "This shift is full.")
    else:
        Entry.objects.create(shift=shift, person=request.user)
    return redirect("shifts")


@require_POST
@login_required
def leave(request, number):
    shift = get_object_or_404(Shift, pk=number)
    shift.entries.filter(person=request.user).delete()
    return redirect("shifts")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("rota.add_shift", raise_exception=True)
def new(request):
    form = ShiftForm(request.POST or None)
    if form.is_valid():
        form.save()
        return redirect("shifts")
    return render(request, "rota/new.html", {"form": form})
