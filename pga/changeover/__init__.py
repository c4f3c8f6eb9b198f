"""The changeover: what a version of an agreement does to living cases, and a party that leaves."""
