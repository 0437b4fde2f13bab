"""Every figure that the README states: ``python -m bench [NAME ...] [--json] [--write]``.

Nothing is asserted here. A figure without the machine that it was measured on says little, so each
run prints the machine and the date, and baselines are measured in the same run.
"""
