"""A loopback server as a process of its own: it prints its addresses and serves until told to stop."""

import argparse
import asyncio
import gc
import json
import signal
import sys


def main(kind, addresses):
    """Serve ``kind(**rules)``; ``addresses(server)`` is printed as one line of JSON once it listens.

    It ends with SIGTERM or SIGINT, and when its standard input ends: whoever starts it gives it a pipe for
    that and holds it open, so that it never outlives them.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {kind.__module__.rpartition('.')[0]}")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rules", type=json.loads, default={}, help="fields of Rules as JSON")
    told = parser.parse_args()
    asyncio.run(_serve(kind(**told.rules), told.port, addresses))


async def _serve(server, port, addresses):
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    starter, _ = await loop.connect_read_pipe(lambda: _Starter(stop), sys.stdin)
    await server.start(port)
    gc.freeze()
    gc.set_threshold(50_000, 100, 1000)  # what is kept here is a record, not rubbish
    sys.stdout.write(json.dumps(addresses(server)) + "\n")
    sys.stdout.flush()
    await stop.wait()
    starter.close()
    await server.stop()


class _Starter(asyncio.Protocol):
    """The pipe from whoever started this process; nothing is read from it but its end."""

    def __init__(self, stop):
        self._stop = stop

    def connection_lost(self, error):
        self._stop.set()
