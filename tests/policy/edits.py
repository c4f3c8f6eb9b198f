"""Agreements in every state of drafting, and every kind of change of them, for property tests."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from hypothesis import strategies as st

from pga.policy.codes import (
    CATEGORIES,
    PURPOSES,
    Category,
    Condition,
    NonPurpose,
    Partner,
    Phase,
    PolicyAction,
    Purpose,
    Track,
)
from pga.policy.document import AgreementDocument, parse
from pga.policy.editing import (
    BasisChange,
    CellChange,
    Change,
    ClauseChange,
    ClausesChange,
    EditError,
    ExampleChange,
    HeaderChange,
    PartyChange,
    PeriodChange,
    RetentionChange,
    RowChange,
    TrackChange,
    VerifiedChange,
    WordingChange,
    apply,
    example_change,
    reasked,
)
from pga.policy.editing.clauses import clauses_of
from pga.policy.laws import LegalBasis, Obligation, WayOut, read_basis
from pga.policy.places import HeaderPart, Place, PlaceKind
from pga.policy.terms import (
    Clause,
    Domain,
    Example,
    PartyTerm,
    RetentionObject,
    RetentionTerm,
    RowBases,
    Term,
)

AGREEMENTS = Path(__file__).parents[1] / "agreements"
SOUND = parse((AGREEMENTS / "sound.yaml").read_text("utf-8"))
CELLS = ("1/R1", "2nb/R2n", "X/X", "-/R2", "0t/o", "1b/o", "2t/R2t")
BASES = ("AVG_6_1_e", "AVG_6_1_e + PBW", "WPG_20 | WPG_19", "AVG_6_1_f")

tracks = st.sampled_from(Track)
# Few of each, so that changes meet one another and what is already there.
partners = st.sampled_from([Partner.GPR, Partner.POL, Partner.GGZ, Partner.MEE])
reasons = st.sampled_from(["", "", "Asked for."]) | st.text(max_size=20)
texts = st.sampled_from(["Text.", "Other text."]) | st.text(min_size=1, max_size=40)
bases = st.sampled_from(BASES).map(read_basis)
names = st.sampled_from(["y.POL.police", "y.POL.plan", "y.GPR.all", "new", "a b"])


def categories_of(track: Track) -> st.SearchStrategy[Category]:
    return st.sampled_from(CATEGORIES[track][:6])


@st.composite
def cell_changes(draw: st.DrawFn) -> Change:
    track, partner = draw(tracks), draw(partners)
    cells = st.sampled_from(CELLS)
    if draw(st.integers(0, 5)):
        cell = draw(st.just("") | cells)
        said = (draw(reasons), draw(reasons))
        return CellChange(track, partner, draw(categories_of(track)), cell, *said)
    row = draw(st.dictionaries(categories_of(track), cells, max_size=3))
    return RowChange(track, partner, row)


@st.composite
def clauses(draw: st.DrawFn, track: Track, partner: Partner, name: str) -> Clause:
    codes = st.lists(categories_of(track) | st.just(Category.SIGNAL), unique=True, max_size=2)
    return Clause(
        id=name,
        track=track,
        partner=partner,
        categories=tuple(draw(codes)),
        text=draw(texts),
        articles=tuple(draw(st.lists(texts, max_size=2))),
        basis=draw(st.none() | bases),
        exception=draw(st.sampled_from(["", "UAVG_30_3", "UAVG_33 + BJSG"])),
        secrecy=draw(st.sampled_from(WayOut)),
        obligations=tuple(draw(st.lists(st.sampled_from(Obligation), unique=True, max_size=2))),
        verified=draw(st.booleans()),
    )


@st.composite
def clause_changes(draw: st.DrawFn, document: AgreementDocument) -> Change:
    track, partner, name = draw(tracks), draw(partners), draw(names)
    known = clauses_of(document, track, partner)
    if draw(st.booleans()) and known:
        name = draw(st.sampled_from(known)).id
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return VerifiedChange(track, partner, name, draw(st.booleans()))
    made = draw(clauses(track, partner, name))
    if kind == 1:
        listed = draw(st.permutations([*known, made]))
        return ClausesChange(track, partner, tuple(listed[: draw(st.integers(0, 3))]))
    return ClauseChange(track, partner, name, draw(st.sampled_from([made, None])), draw(reasons))


@st.composite
def header_changes(draw: st.DrawFn) -> Change:
    if draw(st.booleans()):
        days = st.dates(date(2025, 1, 1), date(2029, 12, 31))
        return PeriodChange(draw(days), draw(days), draw(days))
    part = draw(st.sampled_from([part for part in HeaderPart if part is not HeaderPart.PERIOD]))
    return HeaderChange(part, draw(texts | st.sampled_from(["", "Small agreement 1.0"])))


@st.composite
def party_changes(draw: st.DrawFn) -> Change:
    partner = draw(partners)
    party = st.builds(PartyTerm, st.just(partner), texts, st.sampled_from(Domain), texts)
    return PartyChange(partner, tuple(draw(st.lists(party, max_size=2))), draw(reasons))


@st.composite
def wording_changes(draw: st.DrawFn) -> Change:
    track = draw(tracks)
    places = [
        Place(PlaceKind.PURPOSE, track, name=draw(st.sampled_from(PURPOSES[track]))),
        Place(PlaceKind.NON_PURPOSE, name=draw(st.sampled_from(NonPurpose))),
        Place(PlaceKind.PHASE, name=draw(st.sampled_from(Phase))),
    ]
    place = draw(st.sampled_from(places))
    return WordingChange(place, draw(texts | st.just("")), draw(reasons))


@st.composite
def term_changes(draw: st.DrawFn, document: AgreementDocument) -> Change:
    track = draw(tracks)
    kind = draw(st.integers(0, 2))
    if kind == 0:
        (term,) = (term for term in document.track_terms if term.code is track)
        changed = replace(term, age_until=draw(st.integers(0, 30)), target_group=draw(texts))
        return TrackChange(changed, draw(reasons))
    if kind == 1:
        purposes = document.purposes(track)
        sides: list[Mapping[Purpose, LegalBasis]] = [
            dict.fromkeys(purposes, basis) if basis is not None else {}
            for basis in (draw(st.none() | bases), draw(st.none() | bases))
        ]
        row = RowBases(MappingProxyType(sides[0]), MappingProxyType(sides[1]))
        return BasisChange(track, draw(partners), row, draw(reasons))
    about = draw(st.sampled_from(RetentionObject))
    kept = RetentionTerm(about, Term(draw(st.sampled_from(["P4W", "P1Y"]))), draw(texts), "AVG 5")
    return RetentionChange(about, draw(st.none() | st.just(kept)), draw(reasons))


@st.composite
def example_changes(draw: st.DrawFn, document: AgreementDocument) -> Change:
    track = draw(tracks)
    made = Example(
        text=draw(texts),
        track=track,
        phase=draw(st.sampled_from([Phase.F1, Phase.F2])),
        provider=draw(partners),
        consumer=draw(partners),
        category=draw(categories_of(track)),
        action=draw(st.sampled_from([PolicyAction.PROVIDE, PolicyAction.CONSULT])),
        may=draw(st.booleans()),
        conditions=tuple(c for c in Condition if draw(st.booleans())),
        purpose=draw(st.none() | st.sampled_from(document.purposes(track))),
    )
    if draw(st.booleans()) and document.examples:
        known = draw(st.sampled_from(document.examples))
        changed = replace(known, text=made.text, may=made.may)
        stays = draw(st.booleans())
        if draw(st.booleans()) and made.track is known.track:
            return reasked(known.question, made)
        return ExampleChange(known.track, known.question, changed if stays else None)
    return example_change(made)


@st.composite
def changes(draw: st.DrawFn, document: AgreementDocument) -> Change:
    """Draw a change of any kind; it may be one that cannot be."""
    change: Change = draw(
        st.one_of(
            cell_changes(),
            cell_changes(),
            clause_changes(document),
            clause_changes(document),
            header_changes(),
            party_changes(),
            wording_changes(),
            term_changes(document),
            example_changes(document),
        )
    )
    return change


@st.composite
def drafts(draw: st.DrawFn) -> AgreementDocument:
    """Draw an agreement somewhere in its drafting, some of its clauses confirmed."""
    confirmed = draw(st.sets(st.sampled_from([one.id for one in SOUND.clauses])))
    document = replace(
        SOUND,
        clauses=tuple(replace(one, verified=one.id in confirmed) for one in SOUND.clauses),
    )
    for _ in range(draw(st.integers(0, 4))):
        document = made(document, draw(changes(document))) or document
    return document


def made(document: AgreementDocument, change: Change) -> AgreementDocument | None:
    """Give the document with a change, or None when it is refused."""
    try:
        return apply(document, change)
    except EditError:
        return None
