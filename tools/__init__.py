"""What those who work on Milepost run: releases, and new platforms and commands. It isn't in the wheel."""
