"""``python -m tests.loopback_discord --port 0``: the server as a process; prints its addresses as JSON."""

import argparse
import asyncio
import gc
import json
import os
import signal
import sys

from tests.loopback_discord.server import LoopbackDiscord


async def serve(port, rules):
    """Until SIGTERM, SIGINT or the end of the process that started this one."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = LoopbackDiscord(**rules)
    await server.start(port)
    told = {
        "url": server.url,
        "api": server.api_url,
        "gateway": server.gateway_url,
        "token": server.rules.token,
    }
    gc.freeze()
    gc.set_threshold(50_000, 100, 1000)  # what is kept here is a record, not rubbish
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    orphan = asyncio.create_task(_outlived(os.getppid(), stop))
    await stop.wait()
    orphan.cancel()
    await server.stop()


async def _outlived(parent, stop):
    """Stop when the process that started this one is gone."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(1)
    stop.set()


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.loopback_discord")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rules", type=json.loads, default={}, help="fields of Rules as JSON")
    told = parser.parse_args()
    asyncio.run(serve(told.port, told.rules))


if __name__ == "__main__":
    main()
