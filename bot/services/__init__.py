"""Functions of a unit of work, a member or group, and the instant: shared by clicks and clock."""
