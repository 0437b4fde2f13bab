"""Rows <-> domain records, a file for each aggregate."""
