"""Real failures around Milepost: disks, locks, servers, networks, clocks, platforms."""
