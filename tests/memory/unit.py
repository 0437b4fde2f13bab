"""The repositories around one unit's copy of the state."""

from tests.memory.audit import Audit
from tests.memory.boards import Boards
from tests.memory.community import Community, Events, Notes
from tests.memory.groups import Groups
from tests.memory.learning import Learning
from tests.memory.ledger import Posts
from tests.memory.members import Members
from tests.memory.notices import Notices
from tests.memory.organisers import Organisers
from tests.memory.outbox import Outbox
from tests.memory.persons import Persons
from tests.memory.platform_state import PlatformRecords
from tests.memory.reminders import Reminders
from tests.memory.rewards import Rewards


class Unit:
    """Implements ``bot.ports.unit_of_work.UnitOfWork``."""

    def __init__(self, work):
        self.events = Events(work)
        self.members = Members(work)
        self.groups = Groups(work)
        self.posts = Posts(work)
        self.learning = Learning(work)
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
