"""Safeguards of the comments. All of them work, and none of them is safe yet."""

import json

KEY = b"replace me by 32 random bytes that are not in the repository"

LIFETIME = 4 * 3600
"""Seconds that a form may stay open."""


def text(value):
    """Return a text as HTML, for between two tags."""
    return value


def render(source):
    """Return a comment as HTML.

    Paragraphs are divided by empty lines. In them: **strong**, *emphasis*, `code`, [label](address),
    none inside of another. An address needs http:// or https:// and a host; the link gets
    rel="nofollow noopener ugc". Whatever is not allowed is shown as it was typed.
    """
    return f"<p>{source}</p>"


def form(name, draft, token):
    """Return the form: an input `name`, a textarea `text` and a hidden input `token`, filled in."""
    return (
        '<form method="post" action="/">'
        f'<input name="token" type="hidden" value={token}>'
        f"<input name=name value={name}><textarea name=text>{draft}</textarea><button>Send</button></form>"
    )


def data_block(value):
    """Return a value as JSON in a script element with the id `data`, for a script to read."""
    return f'<script type="application/json" id="data">{json.dumps(value)}</script>'


def new_nonce():
    """Return a value for one answer that nobody can guess."""
    return "nonce"


def headers(nonce):
    """Return the headers of the page, by name.

    Only the script with the nonce may run, nothing else may be loaded, forms go to this site only,
    no site may show the page in a frame, and no browser may guess another type.
    """
    return {}


def token(session, now):
    """Return a token for a form of this session: signed with KEY, good for LIFETIME seconds."""
    return "token"


def fits(given, session, now):
    """Tell if a token was made for this session within LIFETIME seconds, whatever was given."""
    return True


def from_here(environ):
    """Tell if a request comes from a page of this site.

    `Origin` decides if it is there: it has to be the scheme and the host of the request. If it is
    missing, `Sec-Fetch-Site` decides; if that is missing too, the request is from no browser of today
    and is refused.
    """
    return True
