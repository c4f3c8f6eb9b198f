"""Agreements with any cells, also such as no file may have, for what holds of every agreement."""

from dataclasses import replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from pga.agreements import library
from pga.policy.cells import Cell, parse_cell
from pga.policy.codes import (
    CATEGORIES,
    POSSIBLE_PARTIES,
    Category,
    Condition,
    Exclusion,
    Partner,
    PolicyAction,
    Track,
)
from pga.policy.compile import Table
from pga.policy.document import AgreementDocument, parse
from pga.policy.laws import read_basis
from pga.policy.proposals import apply_proposal
from pga.policy.terms import RetentionObject, RetentionTerm, RowBases, Term
from pga.policy.violations import prove_text

SOUND = parse((Path(__file__).parents[1] / "agreements" / "sound.yaml").read_text("utf-8"))
SUFFIXES = ("", "n", "t", "b", "nt", "nb", "tb", "ntb")
PROVIDES = ("-", "X", *(sign + suffix for sign in "012" for suffix in SUFFIXES))
CONSULTS = ("X", "o", *(sign + suffix for sign in ("R1", "R2") for suffix in ("", "n", "t", "nt")))
CELLS = [parse_cell(f"{provide}/{consult}") for provide in PROVIDES for consult in CONSULTS]
BASES = (
    *("AVG_6_1_e", "CONSENT", "AVG_6_1_e + RELEASE | AVG_6_1_f", "TOESTEMMING | WPG_20"),
    *("CONSENT + RMC", "AVG_6_1_e + JEUGDWET_2_1"),
)

Matrix = dict[Partner, dict[Category, Cell]]

cells = st.sampled_from(CELLS)
met = st.frozensets(st.sampled_from(Condition))
actions = st.sampled_from([PolicyAction.PROVIDE, PolicyAction.CONSULT])
partners = st.sampled_from(sorted(POSSIBLE_PARTIES))
rows = st.dictionaries(partners, st.dictionaries(st.sampled_from(Category), cells, max_size=6))


def agreement(matrix: Matrix) -> AgreementDocument:
    """Put any cells in the small agreement."""
    split: dict[Track, Any] = {
        track: MappingProxyType(
            {
                partner: MappingProxyType(
                    {code: cell for code, cell in row.items() if code in CATEGORIES[track]}
                )
                for partner, row in matrix.items()
            }
        )
        for track in Track
    }
    return replace(SOUND, matrix=MappingProxyType(split))


def with_cell(
    document: AgreementDocument, track: Track, partner: Partner, category: Category, cell: Cell
) -> AgreementDocument:
    """Write one cell."""
    rows_of = dict(document.matrix.get(track, {}))
    rows_of[partner] = MappingProxyType({**rows_of.get(partner, {}), category: cell})
    return replace(
        document, matrix=MappingProxyType({**document.matrix, track: MappingProxyType(rows_of)})
    )


@st.composite
def careless(draw: st.DrawFn) -> AgreementDocument:
    """An agreement that may leave out anything every agreement must say."""
    document = draw(agreements)
    bases = {
        track: MappingProxyType(
            {partner: draw(bases_of(track, row)) for partner, row in rows_of.items()}
        )
        for track, rows_of in document.legal_bases.items()
    }
    terms = tuple(
        replace(
            term,
            age_from=draw(st.integers(8, 14)),
            exclusions=tuple(draw(st.frozensets(st.sampled_from(Exclusion)))),
        )
        for term in document.track_terms
    )
    kept = tuple(
        RetentionTerm(about, Term(draw(st.sampled_from(["P1Y", "P6Y", "P90D"]))), "Text.", "None")
        for about in (RetentionObject.CASE_AFTER_CLOSING, RetentionObject.CRIMINAL_ITEMS)
    )
    clauses = tuple(
        replace(clause, exception=draw(st.sampled_from(["", "OPEN"])))
        for clause in draw(st.lists(st.sampled_from(document.clauses), unique_by=id))
    )
    return replace(
        document,
        legal_bases=MappingProxyType(bases),
        track_terms=terms,
        retention=kept,
        clauses=clauses,
        non_purposes=tuple(draw(st.lists(st.sampled_from(document.non_purposes), unique_by=id))),
    )


@st.composite
def bases_of(draw: st.DrawFn, track: Track, row: RowBases) -> RowBases:
    """Any bases for one partner, on either side or on none."""
    sides = []
    for side in (row.provide, row.receive):
        basis = read_basis(draw(st.sampled_from(BASES)))
        sides.append(dict.fromkeys(side, basis) if draw(st.booleans()) else {})
    return RowBases(*sides)


def valid_agreement(seed: int) -> AgreementDocument:
    """Make an agreement that no limit refuses: a model with any cells and some bases, repaired.

    Tracks take turns; the same seed gives the same agreement.
    """
    dice = Random(seed)  # noqa: S311 - no secret
    track = list(Track)[seed % len(Track)]
    model = library.model(track)
    matrix = {
        partner: MappingProxyType(
            {code: dice.choice(CELLS) for code in CATEGORIES[track] if dice.random() < 0.5}
        )
        for partner in sorted(POSSIBLE_PARTIES)
        if partner in model.matrix[track] or dice.random() < 0.5
    }
    bases = {
        partner: RowBases({} if dice.random() < 0.2 else row.provide, row.receive)
        for partner, row in model.legal_bases[track].items()
    }
    document = replace(
        model,
        matrix=MappingProxyType({track: MappingProxyType(matrix)}),
        legal_bases=MappingProxyType({track: MappingProxyType(bases)}),
    )
    for violation in prove_text(document):
        assert violation.proposal is not None
        document = apply_proposal(document, violation.proposal)
    return document


agreements = st.builds(agreement, rows)
tables = agreements.map(Table)
places = st.sampled_from(Track).flatmap(
    lambda track: st.tuples(st.just(track), partners, st.sampled_from(CATEGORIES[track]))
)
