"""Sharing: releases, consent, decisions, notes, and disclose(), the one way to read records."""
