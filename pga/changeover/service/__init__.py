"""Changes of the changeover: previews, decisions over living cases, and a party that leaves."""
