"""Every test of the contract, on every platform that has a place here."""

from adapters.contract.suite import *  # noqa: F403
