"""The checks of ``milepost content check`` on a pack, and the figures that they give."""

from content.checks.check import Progress, Rendered, check_pack, self_test
from content.checks.findings import Finding, Report, Severity
from content.checks.lock import write_lock
from content.checks.proofs import Outcome, State
from content.checks.stats import Stats, content_stats

__all__ = [
    "Finding",
    "Outcome",
    "Progress",
    "Rendered",
    "Report",
    "Severity",
    "State",
    "Stats",
    "check_pack",
    "content_stats",
    "self_test",
    "write_lock",
]
