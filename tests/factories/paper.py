"""What the scene writes on paper: a local agreement, and a signal about a fictional youth."""

from datetime import date, timedelta

from pga.dossier.service.signals import NewSignal
from pga.policy.codes import Category


def localise(text: str, municipality: str, start_on: date, days: int) -> str:
    """Give the model to a municipality, in force from a day for so many days."""
    lines = []
    for line in text.splitlines():
        bare = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if bare.startswith("municipality:"):
            lines.append(f"{indent}municipality: {municipality}")
        elif bare.startswith("valid_from:"):
            lines.append(f"{indent}valid_from: {start_on.isoformat()}")
        elif bare.startswith("valid_until:"):
            lines.append(f"{indent}valid_until: {(start_on + timedelta(days=days)).isoformat()}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def new_signal(municipality: str, track: str, born_on: date | None, **more: object) -> NewSignal:
    """A complete signal about a fictional youth, perhaps with some fields otherwise."""
    fields: dict[str, object] = {
        "municipality": municipality,
        "track": track,
        "first_name": "Sem",
        "prefix": "de",
        "surname": "Bruin",
        "born_on": born_on,
        "address": "Dorpsstraat 1",
        "postcode": "1811 AA",
        "city": "Alkmaar",
        "reason": "Often absent and seen with older boys.",
        "goal": "One plan, one point of contact.",
        "tried": "Three talks at school.",
        "urgency": "normal",
        "known_partners": "school",
        "is_informed": False,
        "why_not_informed": "The talk is planned.",
        **more,
    }
    return NewSignal(**fields)  # type: ignore[arg-type]


def categories_of(track: str) -> list[str]:
    """List the categories of a track."""
    letter = "D" if track == "youth" else "G"
    return [c for c in Category if c[0] == letter and c[1:].isdigit()]
