"""users.*, usergroups.*, auth.*, apps.connections.open."""

from tests.loopback.slack import payloads
from tests.loopback.slack.places import page, person_of, truth
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused


class PeopleMethods:
    """Methods of Slack about people and about the bot itself."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """Methods by name."""
        return {
            "auth.test": Method(self.test, None, 0),
            "auth.revoke": Method(self.revoke, None, 3),
            "apps.connections.open": Method(self.connect, None, 1, public=True),
            "users.info": Method(self.info, "users:read", 4),
            "users.list": Method(self.list, "users:read", 2),
            "usergroups.list": Method(self.groups, "usergroups:read", 2),
            "usergroups.users.list": Method(self.in_group, "usergroups:read", 2),
            "usergroups.users.update": Method(self.put_in_group, "usergroups:write", 2),
        }

    def test(self, asked):
        team = asked.team
        return {
            "url": f"https://{team.domain}.slack.com/", "team": team.name, "user": team.bot.name,
            "team_id": team.id, "user_id": team.bot.id, "bot_id": team.bot_id,
            "is_enterprise_install": False,
        }  # fmt: skip

    def revoke(self, asked):
        if not truth(asked.args.get("test")):
            asked.grant.revoked = True
        return {"revoked": asked.grant.revoked}

    def connect(self, asked):
        """A Socket Mode address; it needs the app's own token."""
        token = asked.args.get("token")
        if token != self._server.app_token:
            raise Refused("not_allowed_token_type" if asked.grant else "invalid_auth")
        return {"url": self._server.sockets.ticket()}

    def info(self, asked):
        locale = truth(asked.args.get("include_locale"))
        return {"user": payloads.user(person_of(asked), locale=locale)}

    def list(self, asked):
        some, cursor = page(asked.args, list(asked.team.users.values()))
        locale = truth(asked.args.get("include_locale"))
        members = [payloads.user(person, locale=locale) for person in some]
        return {"members": members, "response_metadata": {"next_cursor": cursor}}

    def groups(self, asked):
        hidden = truth(asked.args.get("include_disabled"))
        found = [payloads.group(group) for group in asked.team.groups.values() if group.enabled or hidden]
        if not truth(asked.args.get("include_users")):
            for group in found:
                del group["users"]
        return {"usergroups": found}

    def in_group(self, asked):
        return {"users": list(_group(asked).users)}

    def put_in_group(self, asked):
        """The whole list at once; an empty one is refused."""
        group = _group(asked)
        wanted = [name for name in (asked.args.get("users") or "").split(",") if name]
        if not wanted:
            raise Refused("no_users_provided")
        if any(name not in asked.team.users for name in wanted):
            raise Refused("invalid_users")
        group.users[:] = dict.fromkeys(wanted)
        return {"usergroup": payloads.group(group)}


def _group(asked):
    group = asked.team.groups.get(asked.args.get("usergroup"))
    if group is None:
        raise Refused("no_such_subteam")
    return group
