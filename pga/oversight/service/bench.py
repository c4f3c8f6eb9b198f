"""The bench of an officer: which cases and whose acts it oversees (OVERSIGHT).

A municipality's officer oversees every act in the cases of that municipality, and what its own
staff did outside any. A partner's officer oversees what its own staff did, and nothing else. An
FG has the same bench as the privacy officer of that organisation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.entries import Actor
from audit.reach import Reach
from auth import queries as people
from auth.models import Membership
from config.errors import ForbiddenError
from pga.oversight import queries
from pga.oversight.queries import CaseName
from pga.oversight.rules import is_officer, sees_whole_municipality
from pga.sharing.service.disclose import object_of_attempt
from pga.sharing.service.seats import Place, Viewer


@dataclass(frozen=True, slots=True)
class Bench:
    """One place from which an officer looks.

    `cases` are those it may know of, by id in hex, and in `tried` by what the log calls an attempt
    at their address; `staff`, by person in hex, also holds who worked there before.
    """

    viewer: Viewer
    place: Place
    cases: Mapping[str, CaseName]
    tried: Mapping[str, CaseName]
    staff: Mapping[str, Membership]

    @property
    def id(self) -> str:
        """Give what an address calls this bench: the membership in hex."""
        return self.place.membership_id.hex()

    @property
    def organisation(self) -> str:
        """Give the officer's own organisation in hex."""
        return self.place.organisation_id.hex()

    @property
    def is_whole(self) -> bool:
        """Tell whether every act in a case is overseen, or only those of own staff."""
        return sees_whole_municipality(self.place.partner)

    @property
    def actor(self) -> Actor:
        """Say who looks, for the log."""
        return Actor(
            person=self.viewer.person_id.hex(),
            organisation=self.organisation,
            partner=self.place.partner,
            role=self.place.role,
            session=self.viewer.session,
            auth_level=self.viewer.auth_level,
        )

    def reach(self) -> Reach:
        """Give all this bench may be shown."""
        return self._reach(self.cases, without_case=True)

    def reach_of(self, cases: Iterable[str]) -> Reach:
        """Give what this bench may be shown of some of its cases (hex ids)."""
        return self._reach(cases, without_case=False)

    def _reach(self, cases: Iterable[str], *, without_case: bool) -> Reach:
        """Bound cases, the attempts at them, and whose acts count."""
        known = frozenset(cases)
        return Reach(
            cases=known,
            tried=frozenset(one for one, case in self.tried.items() if case.id.hex() in known),
            organisation=None if self.is_whole else self.organisation,
            people=frozenset(self.staff),
            employer=self.organisation,
            without_case=without_case,
        )

    def names(self, actor: Actor) -> bool:
        """Tell whether the officer is told who acted by name: own staff, in its own work.

        Of a partner's staff only organisation and function are told; the name is for that
        partner to give (OVERSIGHT).
        """
        return actor.person in self.staff and actor.organisation in {"", self.organisation}


def benches(viewer: Viewer) -> list[Bench]:
    """Give the benches of an officer in three queries; raises ForbiddenError without any.

    Two roles in the same place make one bench.
    """
    places = {
        (place.organisation_id, place.municipality): place
        for place in reversed(viewer.places)
        if is_officer(place.role)
    }
    if not places:
        raise ForbiddenError
    cases = queries.cases_of({municipality for _, municipality in places})
    shared = queries.cases_with({organisation_id for organisation_id, _ in places})
    staff = people.ever_at(list(places))
    found = []
    for (organisation_id, municipality), place in reversed(places.items()):
        is_whole = sees_whole_municipality(place.partner)
        known = [
            case
            for case in cases
            if case.municipality == municipality
            and (is_whole or (case.id, organisation_id) in shared)
        ]
        found.append(
            Bench(
                viewer=viewer,
                place=place,
                cases={case.id.hex(): case for case in known},
                tried={object_of_attempt(case.id): case for case in known},
                staff={
                    one.person_id.hex(): one
                    for one in staff
                    if (one.organisation_id, one.municipality) == (organisation_id, municipality)
                },
            )
        )
    return found


def bench_for(found: Iterable[Bench], case_id: bytes) -> Bench | None:
    """Give the bench that oversees a case, one that sees all of it first; None outside any."""
    fitting = [bench for bench in found if case_id.hex() in bench.cases]
    return next(iter(sorted(fitting, key=lambda bench: not bench.is_whole)), None)
