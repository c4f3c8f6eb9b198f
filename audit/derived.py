"""The index and subject rows of an entry: derived from its payload, so `verify` can redo them."""

from audit.entries import UNEXPLAINED, Entry, EntryError, Outcome

IndexRow = tuple[int | str | None, ...]
"""A row of `audit_index`, in the order of its columns."""
SubjectRow = tuple[int, str]
"""A row of `audit_subject`, in the order of its columns."""


class DerivedRows:
    """The derived rows of an entry, complete but for its number and time."""

    __slots__ = ("_after", "_before", "_lines", "_subjects")

    def __init__(self, entry: Entry) -> None:
        """Derive the rows; raises EntryError for text that PostgreSQL cannot keep."""
        actor = entry.actor
        why = entry.explained_by or UNEXPLAINED
        self._before = (
            actor.person,
            actor.organisation,
            actor.role,
            actor.on_behalf_of or "",
            entry.case_id or "",
            entry.action.value,
            entry.kind.value if entry.kind else "",
        )
        outcome = entry.decided.value
        self._lines: list[tuple[str, ...]] = [
            (line.provider, line.category, line.decision, outcome, line.rule, line.code)
            for line in entry.lines
        ] or [("", "", _decision_without_lines(entry), outcome, "", "")]
        self._after = (
            why.kind,
            why.id,
            entry.purpose,
            entry.retention.value,
            entry.write.new_version if entry.write else None,
        )
        self._subjects = sorted(set(entry.subjects))
        texts = [*self._before, why.kind, why.id, entry.purpose, *self._subjects]
        texts += [text for line in self._lines for text in line]
        if "\x00" in "".join(texts):
            message = "a code in an entry holds a NUL character"
            raise EntryError(message)

    def index(self, seq: int, second: str) -> list[IndexRow]:
        """Give the rows of `audit_index`; an entry without lines has one row, line 0."""
        return [
            (seq, number, second, *self._before, *line, *self._after)
            for number, line in enumerate(self._lines)
        ]

    def subjects(self, seq: int) -> list[SubjectRow]:
        """Give the rows of `audit_subject`: one per person the entry is about."""
        return [(seq, subject) for subject in self._subjects]


def _decision_without_lines(entry: Entry) -> str:
    """Give the decision of an entry without lines: refused as a whole, or nothing decided."""
    return "denied" if entry.decided is Outcome.DENY else ""
