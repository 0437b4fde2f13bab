"""views.*: forms and the home view."""

from tests.loopback.slack import payloads, validate
from tests.loopback.slack.happenings import HOME, VIEW
from tests.loopback.slack.ids import secret
from tests.loopback.slack.places import person_of
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused
from tests.loopback.slack.world import View

MOST_ON_EACH_OTHER = 3


class ViewMethods:
    """Methods of Slack for views. Also serves ``response_action`` of acknowledgements."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """Methods by name."""
        return {
            "views.open": Method(self.open, None, 4),
            "views.push": Method(self.push, None, 4),
            "views.update": Method(self.update, None, 4),
            "views.publish": Method(self.publish, None, 4),
        }

    def open(self, asked):
        validate.view(asked.team, asked.args.get("view"))
        interaction = self._opener(asked)
        return self._told(self.show(interaction, asked.args["view"]))

    def push(self, asked):
        validate.view(asked.team, asked.args.get("view"))
        interaction = self._opener(asked)
        below = interaction.surface
        if not isinstance(below, View) or below.kind != "modal":
            raise Refused("invalid_trigger_id")
        return self._told(self.show(interaction, asked.args["view"], below))

    def update(self, asked):
        stands = self._find(asked)
        validate.view(asked.team, asked.args.get("view"))
        if asked.args.get("hash") not in {None, "", stands.hash}:
            raise Refused("hash_conflict")
        return self._told(self.change(stands, asked.args["view"]))

    def publish(self, asked):
        person = person_of(asked, "user_id")
        raw = asked.args.get("view")
        validate.view(asked.team, raw, ("home",))
        stands = asked.team.homes.get(person.id)
        if stands and asked.args.get("hash") not in {None, "", stands.hash}:
            raise Refused("hash_conflict")
        home = View(stands.id if stands else self._server.ids.new("V"), self._filled(raw), asked.team,
                    person, self._hash())  # fmt: skip
        asked.team.homes[person.id] = asked.team.views[home.id] = home
        self._server.happened.add(HOME, home, user=person.id)
        return self._told(home)

    def show(self, interaction, raw, below=None):
        """Open a view for the person who acted, or lay it on ``below``."""
        if below and below.depth >= MOST_ON_EACH_OTHER:
            raise Refused("push_limit_reached")
        person = interaction.person.user
        self._named_once(person.team, raw.get("external_id"))
        view = View(self._server.ids.new("V"), self._filled(raw), person.team, person, self._hash())
        view.below, view.root = below, (below.root or below) if below else None
        person.team.views[view.id] = view
        self._server.happened.add(VIEW, view, user=person.id, interaction=interaction)
        return view

    def change(self, view, raw, interaction=None):
        """Another content for a view that is open."""
        view.raw, view.hash = self._filled(raw), self._hash()
        self._server.happened.add(VIEW, view, user=view.user.id, interaction=interaction)
        return view

    def _opener(self, asked):
        """The interaction whose trigger this is: of this workspace, three seconds old at most, unused."""
        interaction = self._server.triggers.get(asked.args.get("trigger_id"))
        if interaction is None or interaction.person.user.team is not asked.team:
            raise Refused("invalid_trigger_id")
        if self._server.now() - interaction.opened > self._server.rules.trigger_life:
            raise Refused("expired_trigger_id")
        if interaction.trigger_used:
            raise Refused("exchanged_trigger_id")
        interaction.trigger_used = True
        return interaction

    @staticmethod
    def _named_once(team, name):
        if name and any(v.raw.get("external_id") == name and not v.closed for v in team.views.values()):
            raise Refused("duplicate_external_id")

    @staticmethod
    def _find(asked):
        args, views = asked.args, asked.team.views
        stands = views.get(args.get("view_id"))
        if stands is None and args.get("external_id"):
            named = [v for v in views.values() if v.raw.get("external_id") == args["external_id"]]
            stands = named[-1] if named else None
        if stands is None or stands.closed:
            raise Refused("not_found")
        return stands

    def _filled(self, raw):
        return {**raw, "blocks": validate.with_ids(raw["blocks"], self._server.ids)}

    @staticmethod
    def _told(view):
        return {"view": payloads.view(view)}

    @staticmethod
    def _hash():
        return secret()[:16]
