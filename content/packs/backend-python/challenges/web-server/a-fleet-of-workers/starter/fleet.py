"""A small WSGI server with worker processes: python fleet.py module:application --workers 2

What one connection needs is here already. The processes and their signals are yours.
"""

import argparse
import http.client
import importlib
import os
import socket
import sys
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


def serve(listener, options):
    """Run the server on a listening socket and return its exit status.

    This version answers one request after the other in one process. Make it a master that:

    - starts `options.workers` processes with os.fork. Each of them loads the application *after* the
      fork and accepts connections from the one socket.
    - starts a new worker when one ends. One that ends with BROKEN ends the server, with BROKEN.
    - ends on SIGTERM and SIGINT with status 0: a request that is being answered gets
      `options.grace` seconds to finish, then its worker is killed.
    - on SIGHUP starts new workers, which load the application again, and lets the old ones finish.
    """
    application = load(options.application)
    while True:
        connection, _ = listener.accept()
        answer(connection, application)


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
