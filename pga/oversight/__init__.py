"""Oversight: who saw whom and were they allowed; whether the log is whole; never content."""
