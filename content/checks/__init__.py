"""The checks of ``milepost content check`` on a pack, and the figures that they give."""

from content.checks.check import Rendered, check_pack
from content.checks.findings import Finding, Report, Severity
from content.checks.lock import write_lock
from content.checks.proofs import Evidence, Outcome, State
from content.checks.selftest import SelfTest
from content.checks.side_by_side import Progress
from content.checks.stats import Stats, content_stats

__all__ = [
    "Evidence",
    "Finding",
    "Outcome",
    "Progress",
    "Rendered",
    "Report",
    "SelfTest",
    "Severity",
    "State",
    "Stats",
    "check_pack",
    "content_stats",
    "write_lock",
]
