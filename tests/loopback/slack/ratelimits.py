"""Rate limits: a method's tier in a workspace, messages for a channel, messages for a workspace."""

from collections import deque

from tests.loopback.slack.refusals import TooMany


class Limits:
    """``take_*`` counts one or raises TooMany with the seconds until there is room."""

    def __init__(self, rules, now):
        self._rules = rules
        self._now = now
        self._windows = {}
        self._buckets = {}

    def take_method(self, team, method, tier):
        """One call of a method; tier 0 has no limit."""
        rules = self._rules
        most = rules.own.get(method, rules.tiers[tier] + rules.spare if tier else 0)
        if rules.limited and most:
            self._slide((team, method), most)

    def take_message(self, team, channel):
        """One message posted: the channel's bucket, then the workspace's window."""
        if self._rules.limited:
            self._drip(channel)
            self._slide((team, "messages"), self._rules.workspace_messages)

    def _slide(self, key, most):
        now, taken = self._now(), self._windows.setdefault(key, deque())
        while taken and now - taken[0] >= self._rules.window:
            taken.popleft()
        if len(taken) >= most:
            raise TooMany(taken[0] + self._rules.window - now)
        taken.append(now)

    def _drip(self, channel):
        """A bucket that holds ``channel_burst`` and refills by one in ``channel_second``."""
        now, rules = self._now(), self._rules
        room, since = self._buckets.get(channel, (rules.channel_burst, now))
        room = min(rules.channel_burst, room + (now - since) / rules.channel_second)
        self._buckets[channel] = (room, now)
        if room < 1:
            raise TooMany((1 - room) * rules.channel_second)
        self._buckets[channel] = (room - 1, now)
