"""The repositories around one unit's copy of the state."""

from tests.support.memory.audit import Audit
from tests.support.memory.boards import Boards
from tests.support.memory.community import Community, Events, Notes
from tests.support.memory.groups import Groups
from tests.support.memory.learning import Learning
from tests.support.memory.ledger import Posts
from tests.support.memory.members import Members
from tests.support.memory.notices import Notices
from tests.support.memory.organisers import Organisers
from tests.support.memory.outbox import Outbox
from tests.support.memory.persons import Persons
from tests.support.memory.platform_state import PlatformRecords
from tests.support.memory.practice import Practice
from tests.support.memory.regrades import Regrades
from tests.support.memory.reminders import Reminders
from tests.support.memory.rewards import Rewards


class Unit:
    """Implements ``bot.ports.unit_of_work.UnitOfWork``."""

    def __init__(self, work):
        self.events = Events(work)
        self.members = Members(work)
        self.groups = Groups(work)
        self.posts = Posts(work)
        self.learning = Learning(work)
        self.practice = Practice(work)
        self.regrades = Regrades(work)
        self.boards = Boards(work)
        self.community = Community(work)
        self.notes = Notes(work)
        self.organisers = Organisers(work)
        self.rewards = Rewards(work)
        self.reminders = Reminders(work)
        self.notices = Notices(work)
        self.audit = Audit(work)
        self.persons = Persons(work)
        self.outbox = Outbox(work)
        self.platform_records = PlatformRecords(work)
