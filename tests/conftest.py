"""What all tests share: property tests without a deadline, the same examples each time in CI."""

import os

from hypothesis import settings

settings.register_profile("milepost", deadline=None)
settings.register_profile("ci", parent=settings.get_profile("milepost"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "milepost")
