"""Every test of the contract, for a test file of one line: ``from adapters.contract.suite import *``.

It needs two fixtures: ``app``, a new ScriptedApp, and ``place``, a Place that has it.
"""

from adapters.contract.inbound import *  # noqa: F403
from adapters.contract.messages import *  # noqa: F403
from adapters.contract.posting import *  # noqa: F403
from adapters.contract.replies import *  # noqa: F403
from adapters.contract.stopping import *  # noqa: F403
