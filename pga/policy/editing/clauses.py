"""Changes of clauses: one of them, all of a partner at once, and whether one is confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pga.policy.codes import Category, Partner, Track
from pga.policy.confirming import covered_hash
from pga.policy.document.clauses import clause
from pga.policy.editing.kinds import (
    Kind,
    Reading,
    Spot,
    follower,
    partner_of,
    placed,
    reasoned,
    said_with,
    track_of,
    with_reason,
)
from pga.policy.errors import (
    CategoryTakenError,
    ClauseNameTakenError,
    MovedTextError,
    OtherPlaceError,
    SplitError,
    UnknownClauseError,
)
from pga.policy.places import Place, PlaceKind
from pga.policy.terms import AgreementDocument, Clause
from pga.policy.writing import clause_data


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """Another clause, a new one, or none any more.

    Whether it is confirmed is no part of this: see VerifiedChange.
    """

    track: Track
    partner: Partner
    id: str
    clause: Clause | None
    reason: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the clause."""
        return Place(PlaceKind.CLAUSE, self.track, self.partner, self.id)

    @property
    def data(self) -> object:
        """Give what the clause says and the reason; None for nothing."""
        return said_with({} if self.clause is None else clause_data(self.clause), self.reason)

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the clause, a new one behind those of its partner."""
        track_of(document, self.place)
        new = () if self.clause is None else (self.clause,)
        clauses = placed(document.clauses, new, _name, Spot(str(self.place), ahead_of))
        return with_reason(_with_clauses(document, clauses), self.place, self.reason)


@dataclass(frozen=True, slots=True)
class ClausesChange:
    """Other clauses of a partner, all at once: to split one, or to move a category.

    Their reasons stay where they are.
    """

    track: Track
    partner: Partner
    clauses: tuple[Clause, ...]

    @property
    def place(self) -> Place:
        """Give the place of the clauses of the partner."""
        return Place(PlaceKind.CLAUSES, self.track, self.partner)

    @property
    def data(self) -> object:
        """Give what the clauses say; None for no clause."""
        return [clause_data(one) for one in self.clauses] or None

    def put(self, document: AgreementDocument, ahead_of: str) -> AgreementDocument:
        """Put the clauses in their order."""
        name = f"{track_of(document, self.place)} {self.partner}"
        following = next((one for one in document.clauses if _name(one) == ahead_of), None)
        spot = Spot(name, "" if following is None else _group(following))
        return _with_clauses(document, placed(document.clauses, self.clauses, _group, spot))


@dataclass(frozen=True, slots=True)
class VerifiedChange:
    """A clause is confirmed, or no longer.

    `of` is the hash of what was read to confirm it; empty when that does not matter.
    """

    track: Track
    partner: Partner
    id: str
    verified: bool
    of: str = ""

    @property
    def place(self) -> Place:
        """Give the place of the confirmation."""
        return Place(PlaceKind.VERIFIED, self.track, self.partner, self.id)

    @property
    def data(self) -> object:
        """Give whether it is confirmed, and of what."""
        return {"verified": self.verified, "of": self.of}

    def put(self, document: AgreementDocument, _ahead_of: str) -> AgreementDocument:
        """Mark the clause. Raises MovedTextError when what it covers is no longer what was read."""
        known = clause_at(document, self.place)
        if self.of not in {"", covered_hash(document, known)}:
            raise MovedTextError
        marked = replace(known, verified=self.verified)
        clauses = tuple(marked if one is known else one for one in document.clauses)
        return replace(document, clauses=clauses)


def split(
    document: AgreementDocument, place: Place, categories: Iterable[Category], new_id: str
) -> ClausesChange:
    """Give the change that gives some categories of a clause a clause of their own.

    It says the same and stands behind the one it comes from. Raises UnknownClauseError for a place
    without a clause, and SplitError for categories that are none of it or all of it.
    """
    known = clause_at(document, place)
    taken = tuple(one for one in known.categories if one in set(categories))
    rest = tuple(one for one in known.categories if one not in taken)
    if not taken or not rest:
        raise SplitError
    parts = (replace(known, categories=rest), replace(known, id=new_id, categories=taken))
    all_of_them = clauses_of(document, known.track, known.partner)
    clauses = placed(all_of_them, parts, _name, Spot(_name(known)))
    return ClausesChange(known.track, known.partner, clauses)


def clauses_of(document: AgreementDocument, track: Track, partner: Partner) -> Sequence[Clause]:
    """Give the clauses of a partner, in their order."""
    return [one for one in document.clauses if (one.track, one.partner) == (track, partner)]


def clause_at(document: AgreementDocument, place: Place) -> Clause:
    """Give the clause at a place. Raises UnknownClauseError when there is none."""
    where = (track_of(document, place), partner_of(place))
    for known in clauses_of(document, *where):
        if known.id == place.name:
            return known
    raise UnknownClauseError


def _with_clauses(document: AgreementDocument, clauses: Iterable[Clause]) -> AgreementDocument:
    """Give the document with other clauses, those of a partner together.

    Whether a clause is confirmed goes with its id. Raises ClauseNameTakenError and
    CategoryTakenError.
    """
    confirmed = {one.id for one in document.clauses if one.verified}
    groups: dict[Track, dict[Partner, list[Clause]]] = {}
    names: set[str] = set()
    speaks: dict[tuple[Track, Partner, Category], str] = {}
    for one in clauses:
        if one.id in names:
            raise ClauseNameTakenError(clause=one.id)
        names.add(one.id)
        for category in one.categories:
            other = speaks.setdefault((one.track, one.partner, category), one.id)
            if other != one.id:
                raise CategoryTakenError(clause=other, category=category)
        group = groups.setdefault(one.track, {}).setdefault(one.partner, [])
        group.append(replace(one, verified=one.id in confirmed))
    ordered = (one for rows in groups.values() for group in rows.values() for one in group)
    return replace(document, clauses=tuple(ordered))


def _name(one: Clause) -> str:
    """Name the place of a clause."""
    return str(Place(PlaceKind.CLAUSE, one.track, one.partner, one.id))


def _group(one: Clause) -> str:
    """Name the clauses that a clause stands among."""
    return f"{one.track} {one.partner}"


def _clause(document: AgreementDocument, place: Place) -> object:
    """Give what stands at a clause."""
    found = clauses_of(document, track_of(document, place), partner_of(place))
    said = next((clause_data(one) for one in found if one.id == place.name), {})
    return reasoned(document, place, said)


def _read_clause(reading: Reading) -> ClauseChange:
    """Read a clause and its reason; nothing but a reason is no clause."""
    track, partner, name = reading.track, reading.partner, reading.place.name
    made = None
    if reading.node is not None and not reading.is_left_out:
        made = clause(reading.read, reading.node, track, partner, in_file=False)
    if made is not None and made.id != name:
        raise OtherPlaceError
    return ClauseChange(track, partner, name, made, reading.reason)


def _clauses(document: AgreementDocument, place: Place) -> object:
    """Give all clauses of a partner."""
    found = clauses_of(document, track_of(document, place), partner_of(place))
    return [clause_data(one) for one in found] or None


def _read_clauses(reading: Reading) -> ClausesChange:
    """Read all clauses of a partner."""
    track, partner = reading.track, reading.partner
    items = reading.read.items(reading.node, "clauses")
    made = tuple(clause(reading.read, item, track, partner, in_file=False) for item in items)
    return ClausesChange(track, partner, made)


def _verified(document: AgreementDocument, place: Place) -> object:
    """Give whether a clause is confirmed, and the hash of what that covers."""
    known = clause_at(document, place)
    return {"verified": known.verified, "of": covered_hash(document, known)}


def _read_verified(reading: Reading) -> VerifiedChange:
    """Read whether a clause is confirmed, and of what."""
    keys = reading.fields(("verified", "of"))
    return VerifiedChange(
        reading.track,
        reading.partner,
        reading.place.name,
        reading.read.flag(keys.get("verified"), "verified"),
        reading.read.text(keys.get("of"), "of"),
    )


def _follower(document: AgreementDocument, place: Place) -> str:
    """Name the clause that follows the one at a place, or those of a partner."""
    mine = {str(place)}
    if place.kind is PlaceKind.CLAUSES:
        found = clauses_of(document, track_of(document, place), partner_of(place))
        mine = {_name(one) for one in found}
    return follower([_name(one) for one in document.clauses], mine)


KINDS = MappingProxyType(
    {
        PlaceKind.CLAUSE: Kind(_clause, _read_clause, _follower),
        PlaceKind.CLAUSES: Kind(_clauses, _read_clauses, _follower),
        PlaceKind.VERIFIED: Kind(_verified, _read_verified),
    }
)
