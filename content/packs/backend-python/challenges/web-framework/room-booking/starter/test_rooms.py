"""Tests of rooms. Run them with: python -m unittest test_rooms"""

import unittest
from datetime import UTC, datetime

from fastapi.testclient import TestClient

import rooms

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
BOOK = {"room": "attic", "title": "Choir", "start": "2026-12-01T10:00:00Z", "end": "2026-12-01T12:00:00Z"}


def at(start, end, day="2026-12-01"):
    return {"start": f"{day}T{start}:00Z", "end": f"{day}T{end}:00Z"}


class Api(unittest.TestCase):
    """A fresh application at eight o'clock in the morning."""

    def setUp(self):
        self.app = rooms.create_app()
        self.app.dependency_overrides[rooms.now] = lambda: NOW
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def book(self, **changes):
        return self.client.post("/bookings", json=BOOK | changes)

    def booked(self, **changes):
        answer = self.book(**changes)
        self.assertEqual(answer.status_code, 201, answer.text)
        return answer.json()

    def assert_status(self, status, **changes):
        answer = self.book(**changes)
        self.assertEqual(answer.status_code, status, (changes, answer.text))


class TestStarter(Api):
    def test_the_rooms(self):
        self.assertEqual(self.client.get("/rooms").json(), ["attic", "cellar", "library"])


class TestBooking(Api):
    def test_what_was_booked_is_at_its_address(self):
        answer = self.book()
        self.assertEqual(answer.status_code, 201)
        found = self.client.get(answer.headers["Location"])
        self.assertEqual(found.status_code, 200)
        self.assertEqual(found.json(), {"id": answer.json()["id"]} | BOOK)

    def test_the_key_is_in_the_receipt_and_nowhere_else(self):
        receipt = self.booked()
        self.assertGreaterEqual(len(receipt["key"]), 16)
        self.assertNotEqual(receipt["key"], self.booked(room="cellar")["key"])
        for path in (f"/bookings/{receipt['id']}", "/rooms/attic/bookings?day=2026-12-01"):
            self.assertNotIn(receipt["key"], self.client.get(path).text)

    def test_unknown_things(self):
        self.assert_status(404, room="garden")
        self.assertEqual(self.client.get("/bookings/7").status_code, 404)

    def test_times_that_cannot_be(self):
        self.assert_status(422, **at("12:00", "12:00"))
        self.assert_status(422, **at("12:00", "11:00"))
        self.assert_status(422, **at("09:00", "17:01"))
        self.assertEqual(self.booked(**at("09:00", "17:00"))["id"], 1)

    def test_times_without_a_zone(self):
        self.assert_status(422, start="2026-12-01T10:00:00")
        self.assert_status(422, end="2026-12-01T12:00:00")
        self.assert_status(422, start="2026-12-01T10:00:00", end="2026-12-01T12:00:00")

    def test_nothing_begins_in_the_past(self):
        self.assert_status(422, **at("07:59", "09:00"))
        self.booked(**at("08:00", "09:00"))

    def test_titles(self):
        for title in ("", "   ", "x" * 81, 7, None):
            self.assert_status(422, title=title)
        self.assertEqual(self.booked(title=f"  {'x' * 80} ")["title"], "x" * 80)

    def test_fields_that_nobody_asked_for(self):
        self.assert_status(422, key="mine")
        self.assert_status(422, id=9)

    def test_a_missing_field(self):
        for name in BOOK:
            body = {key: value for key, value in BOOK.items() if key != name}
            self.assertEqual(self.client.post("/bookings", json=body).status_code, 422)


class TestOverlap(Api):
    def test_what_overlaps(self):
        self.booked()
        for times in (
            at("10:00", "12:00"),
            at("09:00", "10:01"),
            at("11:59", "13:00"),
            at("10:30", "11:00"),
            at("09:00", "13:00"),
        ):
            self.assert_status(409, **times)

    def test_what_only_touches(self):
        self.booked()
        self.booked(**at("09:00", "10:00"))
        self.booked(**at("12:00", "13:00"))

    def test_another_room_or_day(self):
        self.booked()
        self.booked(room="cellar")
        self.booked(**at("10:00", "12:00", "2026-12-02"))

    def test_zones_do_not_matter(self):
        self.booked()
        self.assert_status(409, start="2026-12-01T12:30:00+02:00", end="2026-12-01T13:30:00+02:00")
        self.booked(start="2026-12-01T10:30:00-05:00", end="2026-12-01T11:30:00-05:00")

    def test_a_refused_booking_leaves_nothing(self):
        self.booked()
        self.assert_status(409)
        found = self.client.get("/rooms/attic/bookings?day=2026-12-01").json()
        self.assertEqual(len(found), 1)

    def test_applications_share_nothing(self):
        self.booked()
        self.setUp()
        self.booked()


class TestDay(Api):
    def titles(self, query, room="attic"):
        answer = self.client.get(f"/rooms/{room}/bookings{query}")
        self.assertEqual(answer.status_code, 200)
        return [each["title"] for each in answer.json()]

    def test_the_earliest_comes_first(self):
        self.booked(title="late", **at("18:00", "19:00"))
        self.booked(title="early", start="2026-12-01T11:00:00+02:00", end="2026-12-01T12:00:00+02:00")
        self.booked(title="elsewhere", room="cellar")
        self.assertEqual(self.titles("?day=2026-12-01"), ["early", "late"])

    def test_over_midnight(self):
        self.booked(title="night", start="2026-12-01T22:00:00Z", end="2026-12-02T02:00:00Z")
        self.booked(title="until midnight", start="2026-12-02T20:00:00Z", end="2026-12-03T00:00:00Z")
        self.assertEqual(self.titles("?day=2026-12-01"), ["night"])
        self.assertEqual(self.titles("?day=2026-12-02"), ["night", "until midnight"])
        self.assertEqual(self.titles("?day=2026-12-03"), [])

    def test_a_zone_may_move_it_to_another_day(self):
        self.booked(title="early bird", start="2026-12-02T01:00:00+03:00", end="2026-12-02T02:00:00+03:00")
        self.assertEqual([self.titles(f"?day=2026-12-0{day}") for day in (1, 2)], [["early bird"], []])

    def test_wrong_questions(self):
        self.assertEqual(self.client.get("/rooms/garden/bookings?day=2026-12-01").status_code, 404)
        for query in ("", "?day=", "?day=2026-13-01", "?day=today"):
            self.assertEqual(self.client.get(f"/rooms/attic/bookings{query}").status_code, 422)


class TestCancelling(Api):
    def cancel(self, number, key=None):
        headers = {} if key is None else {"X-Booking-Key": key}
        return self.client.delete(f"/bookings/{number}", headers=headers).status_code

    def test_with_the_key(self):
        receipt = self.booked()
        self.assertEqual(self.cancel(receipt["id"], receipt["key"]), 204)
        self.assertEqual(self.cancel(receipt["id"], receipt["key"]), 404)
        self.assertNotEqual(self.booked()["id"], receipt["id"])

    def test_without_the_right_key(self):
        receipt, other = self.booked(), self.booked(room="cellar")
        for key in (None, "", "wrong", other["key"], "caf\xe9".encode("latin-1")):
            with self.subTest(key):
                self.assertEqual(self.cancel(receipt["id"], key), 403)
        self.assertEqual(self.client.get(f"/bookings/{receipt['id']}").status_code, 200)


class TestDocument(Api):
    def test_statuses_and_models_are_described(self):
        found = self.client.get("/openapi.json").json()
        self.assertIn("201", found["paths"]["/bookings"]["post"]["responses"])
        self.assertNotIn("key", found["components"]["schemas"]["Booking"]["properties"])
        self.assertIn("key", found["components"]["schemas"]["Receipt"]["properties"])
