"""HTTP/1.1 messages as bytes. Try them in a browser with: python message.py"""

import re
import socket
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

PHRASES = {
    200: "OK",
    204: "No Content",
    304: "Not Modified",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
}


class BadRequest(Exception):
    """A request that breaks the rules of HTTP; the text says which."""


@dataclass(frozen=True)
class Request:
    """The head of a request. Names of fields are in small letters."""

    method: str
    target: str
    version: str
    fields: dict = field(default_factory=dict)


def parse_head(head):
    """Return the Request of a head. Raise BadRequest."""
    first, *lines = head.decode("latin-1").split("\r\n")
    if not re.fullmatch(r"[A-Z]+ \S+ HTTP/1\.[01]", first):
        raise BadRequest("this is not a request line")
    method, target, version = first.split(" ")
    fields = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+", name):
            raise BadRequest("this is not a field")
        name, value = name.lower(), value.strip(" \t")
        if name == "host" and name in fields:
            raise BadRequest("Host comes twice")
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    if version == "HTTP/1.1" and "host" not in fields:
        raise BadRequest("Host is missing")
    return Request(method, target, version, fields)


def body_length(request):
    """Return the length of the body as an int, 0 if there is no Content-Length. Raise BadRequest."""
    text = request.fields.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise BadRequest("this is not a length")
    return int(text)


def split_target(target):
    """Return the path, decoded, and the query as a dictionary of lists of values."""
    path, _, query = target.partition("?")
    return unquote(path), parse_qs(query, keep_blank_values=True)


def response(status, text="", fields=None, *, head_only=False):
    """Return the bytes of a response in UTF-8."""
    body = text.encode()
    said = {"Connection": "close"}
    if status in (204, 304):
        body = b""
    else:
        said |= {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    said |= fields or {}
    for name, value in said.items():
        if "\r" in name + value or "\n" in name + value:
            raise ValueError("a field may not contain a line break")
    lines = [f"HTTP/1.1 {status} {PHRASES[status]}", *(f"{name}: {value}" for name, value in said.items())]
    top = "".join(f"{line}\r\n" for line in lines) + "\r\n"
    return top.encode("latin-1") + (b"" if head_only else body)


def answer(head):
    """Return the response to the head of a request; it never raises BadRequest."""
    try:
        request = parse_head(head)
    except BadRequest as error:
        return response(400, str(error))
    path, query = split_target(request.target)
    short = request.method == "HEAD"
    if path not in ("/", "/hello"):
        return response(404, "There is nothing here.", head_only=short)
    if request.method not in ("GET", "HEAD"):
        return response(405, "Not with this method.", {"Allow": "GET, HEAD"})
    text = "Try /hello" if path == "/" else f"Hello, {query.get('name', ['you'])[0]}!"
    return response(200, text, head_only=short)


def serve(port=8000):
    """Answer requests one after the other, without their bodies, until Ctrl+C."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        print(f"http://127.0.0.1:{port}/hello?name=you")
        while True:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(2)
                received = b""
                try:
                    while b"\r\n\r\n" not in received and len(received) < 16384:
                        if not (block := connection.recv(4096)):
                            break
                        received += block
                except TimeoutError:
                    continue
                if received:
                    connection.sendall(answer(received.partition(b"\r\n\r\n")[0]))


if __name__ == "__main__":
    serve()
