"""An API to book rooms. Run it with: uvicorn --factory rooms:create_app --reload"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic import BaseModel

ROOMS = ("attic", "cellar", "library")
LONGEST = timedelta(hours=8)


def now():
    """Return the current time. Tests put another function in its place."""
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(now)]


class NewBooking(BaseModel):
    """What a client sends: room, title, start and end, and nothing else.

    The title has 1 to 80 characters, without the spaces at its ends. Both times have a time zone. The end
    is after the start, by eight hours at most.
    """


class Booking(BaseModel):
    """What everybody may see of a booking: id, room, title, start and end."""


class Receipt(Booking):
    """What only the one who booked gets: the booking and the key with which it can be cancelled."""


def create_app():
    """Return an application with no bookings.

    - GET /rooms is the list of rooms.
    - POST /bookings books one: 201 with the receipt and a Location, 404 for an unknown room, 422 for wrong
      data or a start in the past, 409 if the room is taken in between. One may begin when another ends.
    - GET /bookings/1 is a booking, or 404.
    - GET /rooms/attic/bookings?day=2026-12-01 lists those that touch the day, counted in UTC, earliest
      first. 404 for an unknown room, 422 for a missing or wrong day.
    - DELETE /bookings/1 with the header X-Booking-Key cancels one: 204, 404, or 403 without the right key.
    """
    app = FastAPI(title="Rooms")

    @app.get("/rooms")
    def rooms() -> list[str]:
        return list(ROOMS)

    return app
