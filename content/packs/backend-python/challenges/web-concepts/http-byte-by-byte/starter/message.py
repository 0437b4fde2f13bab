"""HTTP/1.1 messages as bytes. Try them in a browser with: python message.py"""

import socket
from dataclasses import dataclass, field

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
    """Return the Request of a head: all bytes before the empty line, without it. Raise BadRequest.

    A request line has three parts with one space between them. A field is a name, a colon and a value;
    spaces and tabs around the value don't belong to it, and none may be in front of the colon. A field that
    comes twice is one field with both values, joined by ", ". HTTP/1.1 needs the field Host exactly once.
    """
    raise NotImplementedError


def body_length(request):
    """Return the length of the body as an int, 0 if there is no Content-Length. Raise BadRequest."""
    raise NotImplementedError


def split_target(target):
    """Return the path, decoded, and the query as a dictionary of lists of values."""
    raise NotImplementedError


def response(status, text="", fields=None, *, head_only=False):
    """Return the bytes of a response in UTF-8, with the length of its body and any further fields.

    The answer to HEAD has the fields of the answer to GET, and no body. One with status 204 or 304 has no
    body and no Content-Length. Raise ValueError for a field with a line break in its name or value.
    """
    raise NotImplementedError


def answer(head):
    """Return the response to the head of a request; it never raises BadRequest.

    "/" answers with any text, "/hello?name=Ann" with "Hello, Ann!", without a name with "Hello, you!".
    Any other path is a 404, another method than GET and HEAD a 405.
    """
    raise NotImplementedError


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
