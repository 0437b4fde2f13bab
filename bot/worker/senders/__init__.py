"""The senders: what is done for each kind of delivery, a kind in a file."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.deliveries import DeliveryKind
from bot.worker.senders.edits import EditSender
from bot.worker.senders.file_removals import FileRemovalSender
from bot.worker.senders.notices import NoticeSender
from bot.worker.senders.posts import PostSender
from bot.worker.senders.reminders import ReminderSender
from bot.worker.senders.rewards import RewardSender
from bot.worker.senders.role_removals import RoleRemovalSender
from bot.worker.senders.sender import Context, Sender

SENDERS: Mapping[DeliveryKind, type[Sender]] = {
    DeliveryKind.POST: PostSender,
    DeliveryKind.EDIT: EditSender,
    DeliveryKind.REWARD: RewardSender,
    DeliveryKind.REMINDER: ReminderSender,
    DeliveryKind.FILE_REMOVAL: FileRemovalSender,
    DeliveryKind.ROLE_REMOVAL: RoleRemovalSender,
    DeliveryKind.NOTICE: NoticeSender,
}


def all_senders(context: Context) -> Mapping[DeliveryKind, Sender]:
    """Return a sender for every kind, in the order in which they are served."""
    return {kind: SENDERS[kind](context) for kind in DeliveryKind}
