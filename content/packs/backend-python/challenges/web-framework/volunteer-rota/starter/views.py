"""The pages of the rota.

- GET / shows the shifts to come, earliest first, with the number of free places or "full". Everybody may
  see it; the names of the volunteers are for those who are logged in. It takes the same number of queries
  for any number of shifts.
- POST /shifts/1/take puts the one who is logged in on a shift, and leads back to /. A full shift and one
  that has begun are refused with a message, and nobody is on a shift twice.
- POST /shifts/1/leave takes the one who is logged in off a shift.
- GET /mine shows the shifts to come of the one who is logged in.
- GET and POST /shifts/new is a form for those with the permission to add shifts, and 403 for others who
  are logged in.

Who isn't logged in is led to the login page where that is needed. Only GET shows, only POST changes.
"""

from django.http import HttpResponse


def shifts(request):
    return HttpResponse("<h1>Shifts</h1>")
