"""A WSGI application that serves the files of a folder: python folder.py public

Nothing outside the folder is ever served, and nothing that begins with a dot.
"""

import sys
from http import HTTPStatus
from pathlib import Path
from wsgiref.simple_server import make_server


def path_of(environ):
    """Return the decoded path of a request. WSGI hands it over as bytes in the shape of a str.

    Raise UnicodeDecodeError if it isn't UTF-8.
    """
    return environ["PATH_INFO"].encode("latin-1").decode("utf-8")


def find(root, path):
    """Return the file or folder that a path such as "/docs/a.txt" means, or None.

    It is None where nothing is there, where a part of the path begins with a dot, where a symbolic link
    leads out of `root`, and for a path that the operating system would refuse.
    """
    raise NotImplementedError


def content_type(file):
    """Return the media type by the ending of the name, with the charset for text."""
    raise NotImplementedError


def etag(file):
    """Return a strong entity tag in quotes. It changes with the content of the file."""
    raise NotImplementedError


def is_fresh(header, tag):
    """Tell if an If-None-Match header names the tag. It may be "*" or a list; W/ doesn't count."""
    raise NotImplementedError


def listing(folder, path):
    """Return an HTML page with a link to everything in a folder that doesn't begin with a dot.

    Folders come with a slash behind the name. The order is alphabetical.
    """
    raise NotImplementedError


class Application:
    """Answers GET and HEAD with the files of one folder."""

    def __init__(self, root):
        self.root = Path(root).resolve()

    def __call__(self, environ, start_response):
        status, headers, body = self.answer(environ)
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return body

    def answer(self, environ):
        """Return the status, a list of headers and the body, an iterable of bytes.

        - A file: 200 with Content-Type, Content-Length, ETag and Cache-Control: no-cache, or 304.
        - A folder without a slash at the end: 308 to the same path with one, and with the query.
        - A folder: its index.html, or the listing.
        - Nothing: 404. Another method than GET and HEAD: 405 with Allow.

        All answers but 304 have X-Content-Type-Options: nosniff. A large file is never in memory as a
        whole.
        """
        return 404, [("Content-Type", "text/plain; charset=utf-8")], [b"There is nothing here."]


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    with make_server("127.0.0.1", 8000, Application(folder)) as server:
        print("http://127.0.0.1:8000/")
        server.serve_forever()
