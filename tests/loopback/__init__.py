"""Common parts of the small Discord and the small Slack on 127.0.0.1, and the drivers of either.

- server.py: starting, stopping, the record; gate.py: what every request passes; faults.py: scripted ones
- control.py: the handles over HTTP; process.py: the server as a process of its own
- cannot.py: what people cannot do; pulse.py: waiting for what another part does, without sleeping
- driven.py: a server's process from the outside; wired.py: the whole of Milepost connected to a server

What only looks alike stays with each server: rules, worlds, payloads, limits, what is refused.
"""
