"""An API to book rooms. Run it with: uvicorn --factory rooms:create_app --reload"""

import hmac
import secrets
import threading
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, model_validator

ROOMS = ("attic", "cellar", "library")
LONGEST = timedelta(hours=8)


def now():
    """Return the current time. Tests put another function in its place."""
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(now)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NewBooking(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid")

    room: str
    title: Title
    start: AwareDatetime
    end: AwareDatetime

    @model_validator(mode="after")
    def in_order(self):
        if not timedelta(0) < self.end - self.start <= LONGEST:
            raise ValueError("the end must be after the start, by eight hours at most")
        return self


class Booking(BaseModel):
    """What everybody may see of a booking."""

    id: int
    room: str
    title: str
    start: datetime
    end: datetime


class Receipt(Booking):
    """What only the one who booked gets."""

    key: str


def create_app():
    """Return an application with no bookings."""
    app = FastAPI(title="Rooms")
    bookings = {}
    numbers = count(1)
    lock = threading.Lock()

    def known(room):
        if room not in ROOMS:
            raise HTTPException(404, "there is no such room")

    def found(number):
        if number not in bookings:
            raise HTTPException(404, "there is no such booking")
        return bookings[number]

    def within(room, start, end):
        return [
            each
            for each in bookings.values()
            if each.room == room and each.start < end and start < each.end
        ]

    @app.get("/rooms")
    def rooms() -> list[str]:
        return list(ROOMS)

    @app.get("/rooms/{room}/bookings", response_model=list[Booking])
    def of_day(room: str, day: date):
        known(room)
        midnight = datetime.combine(day, time(), UTC)
        return sorted(within(room, midnight, midnight + timedelta(days=1)), key=lambda each: each.start)

    @app.post("/bookings", status_code=201)
    def book(wanted: NewBooking, current: Now, response: Response) -> Receipt:
        known(wanted.room)
        if wanted.start < current:
            raise HTTPException(422, "the start is in the past")
        with lock:
            if within(wanted.room, wanted.start, wanted.end):
                raise HTTPException(409, "the room is taken")
            booking = Receipt(id=next(numbers), key=secrets.token_urlsafe(16), **wanted.model_dump())
            bookings[booking.id] = booking
        response.headers["Location"] = f"/bookings/{booking.id}"
        return booking

    @app.get("/bookings/{number}", response_model=Booking)
    def one(number: int):
        return found(number)

    @app.delete("/bookings/{number}", status_code=204)
    def cancel(number: int, x_booking_key: Annotated[str, Header()] = "") -> None:
        booking = found(number)
        if not hmac.compare_digest(booking.key.encode(), x_booking_key.encode()):
            raise HTTPException(403, "the key does not fit")
        bookings.pop(number, None)

    return app
