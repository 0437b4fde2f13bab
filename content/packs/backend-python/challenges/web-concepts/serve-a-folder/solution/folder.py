"""A WSGI application that serves the files of a folder: python folder.py public"""

import hashlib
import html
import mimetypes
import sys
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote
from wsgiref.simple_server import make_server
from wsgiref.util import FileWrapper


def path_of(environ):
    """Return the decoded path of a request. WSGI hands it over as bytes in the shape of a str."""
    return environ["PATH_INFO"].encode("latin-1").decode("utf-8")


def find(root, path):
    """Return the file or folder that a path such as "/docs/a.txt" means, or None."""
    parts = path.split("/")
    if parts.pop(0) or any(part.startswith(".") for part in parts) or "\0" in path or "\\" in path:
        return None
    if parts and not parts[-1]:
        parts.pop()
        must_be_a_folder = True
    else:
        must_be_a_folder = False
    if "" in parts:
        return None
    try:
        found = root.joinpath(*parts).resolve(strict=True)
    except OSError:
        return None
    if not found.is_relative_to(root) or (must_be_a_folder and not found.is_dir()):
        return None
    return found


def content_type(file):
    """Return the media type by the ending of the name, with the charset for text."""
    kind, packed = mimetypes.guess_type(file.name)
    if kind is None or packed:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def etag(file):
    """Return a strong entity tag in quotes. It changes with the content of the file."""
    with open(file, "rb") as content:
        return f'"{hashlib.file_digest(content, "sha256").hexdigest()[:32]}"'


def is_fresh(header, tag):
    """Tell if an If-None-Match header names the tag. It may be "*" or a list; W/ doesn't count."""
    given = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag in given or given == ["*"]


def listing(folder, path):
    """Return an HTML page with a link to everything in a folder that doesn't begin with a dot."""
    names = [f"{each.name}/" if each.is_dir() else each.name for each in folder.iterdir()]
    items = "".join(
        f'<li><a href="{quote(name)}">{html.escape(name)}</a></li>'
        for name in sorted(names)
        if not name.startswith(".")
    )
    return f"<!doctype html><title>{html.escape(path)}</title><ul>{items}</ul>"


PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"


class Application:
    """Answers GET and HEAD with the files of one folder."""

    def __init__(self, root):
        self.root = Path(root).resolve()

    def __call__(self, environ, start_response):
        status, headers, body = self.answer(environ)
        if status != 304:
            headers.append(("X-Content-Type-Options", "nosniff"))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        if environ["REQUEST_METHOD"] == "HEAD":
            if hasattr(body, "close"):
                body.close()
            return []
        return body

    def answer(self, environ):
        """Return the status, a list of headers and the body, an iterable of bytes."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return text(405, "Only GET and HEAD.", ("Allow", "GET, HEAD"))
        try:
            path = path_of(environ)
        except UnicodeDecodeError:
            return text(404, "There is nothing here.")
        found = find(self.root, path)
        if found is None:
            return text(404, "There is nothing here.")
        if found.is_dir() and not path.endswith("/"):
            query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
            return text(308, "", ("Location", f"{quote(path)}/{query}"))
        if found.is_dir():
            index = find(self.root, f"{path}index.html")
            if index is None:
                return text(200, listing(found, path), kind=HTML)
            found = index
        return self.file(found, environ)

    def file(self, found, environ):
        tag = etag(found)
        headers = [("ETag", tag), ("Cache-Control", "no-cache")]
        if is_fresh(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            return 304, headers, []
        headers += [("Content-Type", content_type(found)), ("Content-Length", str(found.stat().st_size))]
        return 200, headers, FileWrapper(open(found, "rb"), 64 * 1024)


def text(status, content, *headers, kind=PLAIN):
    body = content.encode()
    return status, [("Content-Type", kind), ("Content-Length", str(len(body))), *headers], [body]


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    with make_server("127.0.0.1", 8000, Application(folder)) as server:
        print("http://127.0.0.1:8000/")
        server.serve_forever()
