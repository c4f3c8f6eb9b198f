"""The skeleton of a case: place, track, state, participants and tasks; no names, no content."""
