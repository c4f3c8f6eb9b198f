"""What an officer does: ask the log, learn one name, and let the log be verified."""
