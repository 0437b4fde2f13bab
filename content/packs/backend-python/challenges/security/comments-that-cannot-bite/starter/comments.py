"""A page for comments as a WSGI application. It is complete, and as safe as safe.py.

Run it with: python comments.py, and open http://127.0.0.1:8000
"""

import secrets
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server

import safe

LARGEST = 20_000


class Application:
    """The comments, in memory: a list of (name, text)."""

    def __init__(self):
        self.comments = []

    def __call__(self, environ, start_response):
        status, headers, body = self.answer(environ)
        start_response(status, [*headers, ("Content-Type", "text/html; charset=utf-8")])
        return [body.encode()]

    def answer(self, environ):
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("session")
        session = cookie.value if cookie else secrets.token_urlsafe()
        if environ["REQUEST_METHOD"] == "POST":
            return self.add(environ, session)
        nonce = safe.new_nonce()
        headers = list(safe.headers(nonce).items())
        headers.append(("Set-Cookie", f"session={session}; Path=/; HttpOnly; SameSite=Lax"))
        asked = parse_qs(environ.get("QUERY_STRING", ""))
        draft = asked.get("name", [""])[0], asked.get("text", [""])[0]
        return "200 OK", headers, self.page(nonce, draft, safe.token(session, time.time()))

    def add(self, environ, session):
        length = min(int(environ.get("CONTENT_LENGTH") or 0), LARGEST)
        fields = parse_qs(environ["wsgi.input"].read(length).decode("utf-8", "replace"))
        name, text, token = (fields.get(key, [""])[0] for key in ("name", "text", "token"))
        if not (safe.from_here(environ) and safe.fits(token, session, time.time())):
            return "403 Forbidden", [], "This form is too old. Please load the page again."
        if not text.strip():
            return "422 Unprocessable Content", [], "There is no text."
        self.comments.append((name or "somebody", text))
        return "303 See Other", [("Location", "/")], ""

    def page(self, nonce, draft, token):
        shown = "".join(
            f"<article><h2>{safe.text(name)}</h2>{safe.render(text)}</article>"
            for name, text in self.comments
        )
        return (
            "<!doctype html><title>Comments</title>"
            f"{shown}{safe.form(*draft, token)}"
            f"{safe.data_block({'names': [name for name, _ in self.comments]})}"
            f'<script nonce="{nonce}">'
            "const data = JSON.parse(document.getElementById('data').textContent);"
            "document.title = `${data.names.length} comments`;"
            "</script>"
        )


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, Application()) as server:
        server.serve_forever()
