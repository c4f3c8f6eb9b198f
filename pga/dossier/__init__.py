"""The case file as a person sees it: my work, the case, contributions, repairs and people."""
