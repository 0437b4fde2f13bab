"""Milepost's core: what is said and what an answer means, on any platform."""
