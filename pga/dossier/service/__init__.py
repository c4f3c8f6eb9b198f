"""What people do with a case file: start, step, contribute, repair, inform and name people."""
