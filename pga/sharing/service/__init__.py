"""What the sharing room does: disclose, change, release, decide and weigh."""
