"""The library of the policy room: the catalogue of statutory limits, as a file."""

from pathlib import Path

GUARDRAILS = Path(__file__).parent / "guardrails.yaml"
