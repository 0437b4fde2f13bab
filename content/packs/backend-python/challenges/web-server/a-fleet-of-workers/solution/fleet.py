"""A small WSGI server with worker processes: python fleet.py module:application --workers 2

The master listens and forks; the workers accept and answer.
"""

import argparse
import http.client
import importlib
import os
import select
import signal
import socket
import sys
import time
import traceback
from wsgiref.handlers import SimpleHandler

BROKEN = 3
"""Exit status of a worker, and then of the server, if the application can't be imported."""


def load(name):
    """Return the WSGI application that a name such as `app:application` stands for."""
    module, _, attribute = name.partition(":")
    sys.path.insert(0, os.getcwd())
    return getattr(importlib.import_module(module), attribute)


def answer(connection, application):
    """Read one request from a connection, let the application answer it, and close."""
    with connection, connection.makefile("rwb") as stream:
        connection.settimeout(10)
        try:
            method, target, _ = stream.readline(8192).decode("latin-1").split()
            headers = http.client.parse_headers(stream)
            length = int(headers.get("Content-Length") or 0)
        except (ValueError, http.client.HTTPException):
            stream.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        path, _, query = target.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(connection.getsockname()[1]),
            "SERVER_PROTOCOL": "HTTP/1.0",
        }
        handler = SimpleHandler(stream, stream, sys.stderr, environ, multithread=False, multiprocess=True)
        handler.run(application)


def work(listener, options):
    """Answer requests until SIGTERM. This is all that a worker does; it never returns."""
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the master decides
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        application = load(options.application)
    except BaseException:
        traceback.print_exc()
        os._exit(BROKEN)
    parent = os.getppid()
    while not stopping and os.getppid() == parent:
        if select.select([listener], [], [], 0.05)[0] and not stopping:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:  # another worker was faster
                continue
            connection.setblocking(True)
            try:
                answer(connection, application)
            except OSError as error:  # the client has gone
                print(f"fleet: {error}", file=sys.stderr)
    os._exit(0)


class Master:
    """Starts workers and looks after them: `current` should be there, `old` are leaving."""

    def __init__(self, listener, options):
        self.listener, self.options = listener, options
        self.current, self.old = set(), set()
        self.status, self.reload, self.stop = 0, False, False

    def run(self):
        """Run until a signal or a broken application, and return the exit status."""
        self.listener.setblocking(False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.on_stop)
        signal.signal(signal.SIGHUP, self.on_reload)
        while not self.stop:
            if self.reload:
                self.reload = False
                leaving, self.current = self.current, set()
                self.fill()
                self.old |= leaving
                self.tell(leaving, signal.SIGTERM)
            self.fill()
            time.sleep(0.02)
            self.reap()
        self.finish()
        return self.status

    def on_stop(self, *_):
        self.stop = True

    def on_reload(self, *_):
        self.reload = True

    def fill(self):
        while len(self.current) < self.options.workers:
            # Until the worker has a handler of its own it keeps the signal: the master's would lose it.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
            worker = os.fork()
            if worker == 0:
                work(self.listener, self.options)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
            self.current.add(worker)

    def reap(self):
        while self.current | self.old:
            worker, how = os.waitpid(-1, os.WNOHANG)
            if worker == 0:
                return
            self.current.discard(worker)
            self.old.discard(worker)
            if os.waitstatus_to_exitcode(how) == BROKEN:
                self.status, self.stop = BROKEN, True

    def finish(self):
        self.listener.close()
        self.tell(self.current | self.old, signal.SIGTERM)
        end = time.monotonic() + self.options.grace
        while self.current | self.old and time.monotonic() < end:
            self.reap()
            time.sleep(0.02)
        self.tell(self.current | self.old, signal.SIGKILL)
        while self.current | self.old:
            self.reap()
            time.sleep(0.01)

    @staticmethod
    def tell(workers, number):
        for worker in workers:
            os.kill(worker, number)


def serve(listener, options):
    """Run the server on a listening socket and return its exit status."""
    return Master(listener, options).run()


def main(arguments=None):
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="fleet")
    parser.add_argument("application", help="module:name of a WSGI application")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--grace", type=float, default=10)
    options = parser.parse_args(arguments)
    with socket.create_server(("127.0.0.1", options.port), backlog=128) as listener:
        print(f"Listening on http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        return serve(listener, options)


if __name__ == "__main__":
    sys.exit(main())
