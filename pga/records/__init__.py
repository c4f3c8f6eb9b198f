"""Sealed records: every content of a case, its keys and its index; opened on a receipt only."""
