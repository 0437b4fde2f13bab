"""Safeguards of the comments."""

import hashlib
import hmac
import html
import json
import re
import secrets
from urllib.parse import urlsplit

KEY = secrets.token_bytes(32)
LIFETIME = 4 * 3600
MARKUP = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\*(?P<em>[^*\n]+)\*"
    r"|\[(?P<label>[^][\n]+)\]\((?P<address>[^()\s]+)\)"
)


def text(value):
    """Return a text as HTML, for between two tags or within quotes."""
    return html.escape(value, quote=True)


def render(source):
    """Return a comment as HTML."""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", source.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_inline(each)}</p>" for each in paragraphs)


def _inline(source):
    parts, end = [], 0
    for found in MARKUP.finditer(source):
        parts += [text(source[end : found.start()]), _element(found)]
        end = found.end()
    return "".join([*parts, text(source[end:])])


def _element(found):
    if found["label"] is None:
        kind = found.lastgroup
        return f"<{kind}>{text(found[kind])}</{kind}>"
    if not _may_link(found["address"]):
        return text(found[0])
    return f'<a href="{text(found["address"])}" rel="nofollow noopener ugc">{text(found["label"])}</a>'


def _may_link(address):
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return address.isprintable() and parts.scheme in ("http", "https") and bool(parts.hostname)


def form(name, draft, token):
    """Return the form, filled in."""
    return (
        '<form method="post" action="/">'
        f'<input name="token" type="hidden" value="{text(token)}">'
        f'<input name="name" value="{text(name)}">'
        f'<textarea name="text">\n{text(draft)}</textarea><button>Send</button></form>'
    )


def data_block(value):
    """Return a value as JSON in a script element with the id `data`, for a script to read."""
    safe = json.dumps(value).replace("<", "\\u003c")
    return f'<script type="application/json" id="data">{safe}</script>'


def new_nonce():
    """Return a value for one answer that nobody can guess."""
    return secrets.token_urlsafe(18)


def headers(nonce):
    """Return the headers of the page, by name."""
    policy = [
        "default-src 'none'",
        f"script-src 'nonce-{nonce}'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    return {"Content-Security-Policy": "; ".join(policy), "X-Content-Type-Options": "nosniff"}


def _signature(session, made):
    return hmac.new(KEY, f"{made}:{session}".encode(), hashlib.sha256).hexdigest()


def token(session, now):
    """Return a token for a form of this session."""
    return f"{int(now)}.{_signature(session, int(now))}"


def fits(given, session, now):
    """Tell if a token was made for this session within LIFETIME seconds, whatever was given."""
    made, _, signature = given.partition(".")
    if not (made.isascii() and made.isdigit()) or len(made) > 12:
        return False
    genuine = hmac.compare_digest(signature.encode(), _signature(session, made).encode())
    return genuine and 0 <= now - int(made) <= LIFETIME


def from_here(environ):
    """Tell if a request comes from a page of this site."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        return origin == f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
    return environ.get("HTTP_SEC_FETCH_SITE") == "same-origin"
