"""The rules of Milepost: pure functions of plain values, without I/O and without a clock.

Whoever calls these modules says what time it is. The one thing read from outside is the time zone
database, through ``zoneinfo``.
"""
