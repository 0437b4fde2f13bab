"""Rows <-> domain records, a file for each aggregate, the session's identity map coming first."""
