"""Two secrets that are withheld, and how to tell that a text has neither."""

from bot.toolkit import redaction

SECRET = 'kän4ry+/"secret\\part=:%'
TOKEN = "canary-1f0c44be-token-of-a-bot"


def withhold_both(monkeypatch):
    """Withhold them and nothing that other tests of this process have made known."""
    monkeypatch.setattr(redaction, "_known", {})
    monkeypatch.setattr(redaction, "_joined", {})
    monkeypatch.setattr(redaction, "_forms", ())
    redaction.withhold(SECRET)
    redaction.withhold(TOKEN)


def clean(text, *secrets):
    """Raise AssertionError where the text has one of them, whole or in a form that is easily read."""
    assert text
    for secret in (SECRET, TOKEN, *secrets):
        assert secret not in text
    assert "kän4ry" not in text
    assert "k\\u00e4n4ry" not in text
    assert "1f0c44be" not in text
