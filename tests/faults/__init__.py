"""What breaks around Milepost, in earnest: disks, locks, servers, networks, clocks, platforms."""
