"""Installing: the page that asks, codes, tokens and their rotation; and uninstalling."""

from dataclasses import dataclass

from aiohttp import web

from tests.loopback.slack.ids import secret
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused
from tests.loopback.slack.world import Grant


@dataclass(eq=False)
class Code:
    """One-time code for a person's consent, valid for ten minutes."""

    person: object
    redirect_uri: str
    scopes: set
    since: float
    used: bool = False


class Installing:
    """Serves oauth.v2.access and the page; ``ana.installs`` in ``browser`` is who clicks."""

    def __init__(self, server):
        self._server = server
        self._codes = {}

    def table(self):
        """Methods by name."""
        return {"oauth.v2.access": Method(self.access, None, 4, public=True)}

    async def page(self, request):
        """The page that asks; a person's consent is given with ``allow``."""
        query = request.query
        if query.get("client_id") != self._server.client_id:
            return web.Response(status=400, text="invalid_client_id")
        return web.Response(text=f"Allow {query.get('scope', '')}?", content_type="text/html")

    def allow(self, person, query):
        """The code that goes to the callback."""
        scopes = {scope for scope in query.get("scope", "").split(",") if scope}
        code = secret()
        self._codes[code] = Code(person, query.get("redirect_uri", ""), scopes, self._server.now())
        return code

    def grant(self, team):
        """A new token for a workspace; the one before ends if tokens rotate."""
        server, rules = self._server, self._server.rules
        expires = server.now() + rules.token_life if rules.rotation else None
        kind, refresh = ("xoxe.xoxb", f"xoxe-1-{secret()}") if rules.rotation else ("xoxb", None)
        made = Grant(f"{kind}-{team.id}-{secret()}", team, expires, refresh)
        server.grants[made.token] = team.grant = made
        return made

    def access(self, asked):
        server, args = self._server, asked.args
        client_id, client_secret = asked.login
        if client_id != server.client_id:
            raise Refused("invalid_client_id")
        if client_secret != server.client_secret:
            raise Refused("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            return self._told(self._rotated(args.get("refresh_token")), None)
        code = self._take(args)
        team = code.person.team
        team.scopes, team.installed = code.scopes or team.scopes, True
        return self._told(self.grant(team), code.person)

    def _take(self, args):
        code = self._codes.get(args.get("code"))
        if code is None or self._server.now() - code.since > self._server.rules.code_life:
            raise Refused("invalid_code")
        if code.used:
            raise Refused("code_already_used")
        if (args.get("redirect_uri") or "") != code.redirect_uri:
            raise Refused("bad_redirect_uri")
        code.used = True
        return code

    def _rotated(self, refresh):
        for grant in list(self._server.grants.values()):
            if refresh and grant.refresh == refresh:
                grant.refresh = None
                return self.grant(grant.team)
        raise Refused("invalid_refresh_token")

    def _told(self, grant, person):
        team = grant.team
        told = {
            "app_id": self._server.app_id, "access_token": grant.token, "token_type": "bot",
            "scope": ",".join(sorted(team.scopes)), "bot_user_id": team.bot.id, "enterprise": None,
            "team": {"id": team.id, "name": team.name}, "is_enterprise_install": False,
        }  # fmt: skip
        if person is not None:
            told["authed_user"] = {"id": person.id}
        if grant.refresh:
            told |= {"refresh_token": grant.refresh, "expires_in": int(self._server.rules.token_life)}
        return told
