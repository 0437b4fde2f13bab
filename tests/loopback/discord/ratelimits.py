"""The global limit (a sliding window) and the limit of messages for each channel (a fixed window)."""

import hashlib
import time
from collections import deque


class GlobalLimit:
    """At most ``rules.global_limit`` requests in any ``rules.global_window`` seconds."""

    def __init__(self, rules, now):
        self._rules = rules
        self._now = now
        self._taken = deque()

    def wait(self):
        """0 and the request counts; or the seconds until there is room, and it does not count."""
        now, taken = self._now(), self._taken
        while taken and now - taken[0] >= self._rules.global_window:
            taken.popleft()
        if len(taken) >= self._rules.global_limit:
            return max(0.001, self._rules.global_window - (now - taken[0]))
        taken.append(now)
        return 0


class ChannelLimit:
    """Messages posted to one channel: so many in a window that starts with the first of them."""

    def __init__(self, rules, now):
        self._rules = rules
        self._now = now
        self._windows = {}

    def take(self, channel):
        """The headers of the answer, and the seconds to wait if there is no room (else 0)."""
        now, most = self._now(), self._rules.channel_messages
        start, used = self._windows.get(channel, (now, 0))
        if now - start >= self._rules.channel_window:
            start, used = now, 0
        left = start + self._rules.channel_window - now
        allowed = used < most
        used += allowed
        self._windows[channel] = (start, used)
        return self._headers(channel, most - used, left), 0 if allowed else left

    def _headers(self, channel, remaining, left):
        return {
            "X-RateLimit-Limit": str(self._rules.channel_messages),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(b"messages").hexdigest()[:32],
        }


def too_many(retry_after, *, scope, via=True):
    """Headers and body of a 429; ``via`` False is what an edge that banned us answers."""
    headers = {"Retry-After": f"{max(1, round(retry_after))}", "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    if via:
        headers["Via"] = "1.1 loopback"
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
    }
    return headers, body
