"""``python -m tests.loopback_slack --port 0``: the server as a process; prints its addresses as JSON."""

import argparse
import asyncio
import gc
import json
import os
import signal
import sys

from tests.loopback_slack.server import LoopbackSlack


async def serve(port, rules):
    """Until SIGTERM, SIGINT or the end of the process that started this one."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = LoopbackSlack(**rules)
    await server.start(port)
    told = {
        "url": server.url, "api": server.api_url, "authorize": server.authorize_url, "app": server.app_id,
        "app_token": server.app_token, "signing_secret": server.signing_secret,
        "client_id": server.client_id, "client_secret": server.client_secret,
    }  # fmt: skip
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
    parser = argparse.ArgumentParser(prog="python -m tests.loopback_slack")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rules", type=json.loads, default={}, help="fields of Rules as JSON")
    told = parser.parse_args()
    asyncio.run(serve(told.port, told.rules))


if __name__ == "__main__":
    main()
