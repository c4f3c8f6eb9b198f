"""The preview: what a proposed version does to the living cases of another one, in counts alone.

The number of queries does not grow with the cases: they are counted by state and partner, and a
change is about the cases in its stage in which the partner takes part. No case is read, so none
can be reached from here, and no number is told from which a small one could be worked out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from config import clock
from config.errors import ApplicationError
from pga.agreements import queries as agreements
from pga.agreements.editions import catalogue_of
from pga.agreements.models import Agreement, AgreementState, Party
from pga.agreements.queries import compiled
from pga.cases.rules import CaseState
from pga.changeover import queries
from pga.changeover.rules import (
    STAGES,
    Change,
    Told,
    changes_of,
    is_secret_help,
    stage_of_state,
    tell,
    tell_part,
)
from pga.policy.codes import Partner, Purpose, Stage, Track
from pga.policy.compile import Table
from pga.policy.diff import Difference, TermChange, diff
from pga.policy.terms import AgreementDocument
from pga.policy.violations import GuardrailError

KEPT = 64
PROPOSED = frozenset(
    {
        AgreementState.DRAFT,
        AgreementState.LEGAL_CHECK,
        AgreementState.DPIA_DONE,
        AgreementState.SIGNING,
        AgreementState.ACTIVE,
    }
)
"""The states in which a version may be looked at as what is to come."""


class NotSoundError(ApplicationError):
    """A draft goes over a limit of the law, so there is no table to compare with."""

    status = 422
    code = "version-not-sound"
    message = "This version goes over a limit of the law. Repair that first."


@dataclass(frozen=True, slots=True)
class Leaving:
    """A partner of which organisations take part now and not in the proposed version.

    `are_all` tells that none of its kind is left, so that the whole kind gets nothing.
    """

    partner: Partner
    organisations: tuple[bytes, ...]
    are_all: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What changes for living cases from one version to another.

    `whole` says how many living cases stand in each stage; `parts` in how many of them a partner
    takes part. There is no number over stages or partners together. `terms` are what changes
    outside the matrix, `texts` the two versions in which they stand.
    """

    source: Agreement
    target: Agreement
    changes: tuple[Change, ...]
    leaving: tuple[Leaving, ...]
    purposes: tuple[Purpose, ...]
    terms: tuple[TermChange, ...]
    texts: tuple[AgreementDocument, AgreementDocument]
    whole: Mapping[Stage, Told]
    parts: Mapping[tuple[Stage, Partner], Told]
    has_cases: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changes for anybody at the table."""
        return not (self.changes or self.leaving or self.purposes)

    def touched(self, stage: Stage, partner: Partner) -> Told:
        """Tell how many living cases a change for a partner in a stage is about."""
        return self.parts[stage, partner]


@lru_cache(maxsize=KEPT)
def compared(before: Table, after: Table) -> Difference:
    """Compare two tables, once for the same two."""
    return diff(before, after)


def preview(source: Agreement, target: Agreement) -> Preview:
    """Work out what changes for the living cases under `source` if they came under `target`.

    Raises NotSoundError when the proposed text breaks a limit of the law.
    """
    before = agreements.table_of(source)
    try:
        after = compiled(target.document, catalogue_of(target))
    except GuardrailError as error:
        raise NotSoundError from error
    today, track = clock.today(), Track(source.track)
    parties = agreements.parties_of([source.id, target.id])
    now = [party for party in parties[source.id] if agreements.has_signed(party, today)]
    then = [party for party in parties[target.id] if agreements.has_signed(party, today)]
    kinds = Counter(Partner(party.partner) for party in now)
    difference = compared(before, after)
    counts = queries.living_counts(source, today)
    whole, parts = _counted(counts, track)
    return Preview(
        source=source,
        target=target,
        changes=changes_of(difference, track, [kind for kind, count in kinds.items() if count > 1]),
        leaving=_leaving(now, then) if then else (),
        purposes=tuple(
            purpose
            for purpose in before.document.purposes(track)
            if purpose not in after.document.purposes(track)
        ),
        terms=difference.terms,
        texts=(before.document, after.document),
        whole={stage: tell(count) for stage, count in whole.items()},
        parts=parts,
        has_cases=bool(counts.by_state),
    )


def _counted(
    counts: queries.Counts, track: Track
) -> tuple[Mapping[Stage, int], Mapping[tuple[Stage, Partner], Told]]:
    """Put states together to stages, and tell each partner's part of each."""
    whole: Counter[Stage] = Counter(dict.fromkeys(STAGES, 0))
    part: Counter[tuple[Stage, Partner]] = Counter()
    for state, count in counts.by_state.items():
        whole[stage_of_state(track, CaseState(state))] += count
    for (state, partner), count in counts.by_partner.items():
        part[stage_of_state(track, CaseState(state)), Partner(partner)] += count
    told = {
        (stage, partner): tell_part(
            part[stage, partner], whole[stage], is_secret=is_secret_help(partner)
        )
        for stage in STAGES
        for partner in Partner
    }
    return {stage: whole[stage] for stage in STAGES}, told


def _leaving(now: Sequence[Party], then: Sequence[Party]) -> tuple[Leaving, ...]:
    """Tell who takes part now and has not signed the proposed version, by kind of partner."""
    stay = {(party.organisation_id, party.partner) for party in then}
    kinds = {partner for _, partner in stay}
    gone: dict[Partner, list[bytes]] = {}
    for party in now:
        if (party.organisation_id, party.partner) not in stay:
            gone.setdefault(Partner(party.partner), []).append(party.organisation_id)
    return tuple(
        Leaving(partner, tuple(gone[partner]), are_all=partner not in kinds)
        for partner in Partner
        if partner in gone
    )
