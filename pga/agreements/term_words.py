"""What stands outside the matrix in words: the parts of an agreement, and what an entry says."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import singledispatch
from types import MappingProxyType

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements import words
from pga.agreements.cell_words import joined
from pga.agreements.example_words import asked
from pga.policy.codes import Exclusion, Partner
from pga.policy.terms import (
    AgreementDocument,
    Clause,
    Domain,
    Example,
    NonPurposeTerm,
    PartyTerm,
    PhaseTerm,
    PurposeTerm,
    Remark,
    RetentionObject,
    RetentionTerm,
    RowBases,
    Term,
    TrackTerm,
)
from pga.web.filters import day

Names = Mapping[str, LazyString]

PARTS: Names = MappingProxyType(
    {
        "agreement": _("Name, version and dates"),
        "parties": _("Parties"),
        "purposes": _("Purposes"),
        "non_purposes": _("What it is not for"),
        "tracks": _("Whom it is for"),
        "phases": _("Phases"),
        "legal_bases": _("Legal bases"),
        "clauses": _("Clauses"),
        "retention": _("How long everything is kept"),
        "remarks": _("Remarks on cells"),
        "reasons": _("Reasons to leave the model"),
        "examples": _("Examples"),
    }
)
HEADER: Names = MappingProxyType(
    {
        "name": _("Name"),
        "municipality": _("Municipality"),
        "version": _("Version"),
        "derived_from": _("Derived from"),
        "valid_from": _("Holds from"),
        "valid_until": _("Holds up to and including"),
        "evaluation": _("Evaluation before"),
    }
)
RETENTION: Names = MappingProxyType(
    {
        RetentionObject.SIGNAL_NOT_ADMITTED: _("A signal that was not admitted"),
        RetentionObject.REJECTED_IN_TRIAGE: _("A case turned away in triage"),
        RetentionObject.CASE_AFTER_CLOSING: _("A case after it was closed"),
        RetentionObject.CRIMINAL_ITEMS: _("Police and criminal data"),
        RetentionObject.RELEASE_RECORDS: _("Records of releases"),
        RetentionObject.AUDIT_LOG: _("The log"),
    }
)
EXCLUSIONS: Names = MappingProxyType(
    {
        Exclusion.UNDER_12: _("children under 12"),
        Exclusion.SIBLINGS: _("brothers and sisters"),
        Exclusion.RADICALISATION: _("radicalisation"),
    }
)
DOMAINS: Names = MappingProxyType(
    {
        Domain.CARE: _("Care"),
        Domain.SECURITY: _("Security"),
        Domain.ADMINISTRATION: _("Administration"),
        Domain.SOCIAL: _("Social"),
        Domain.ADMINISTRATION_CARE: _("Administration and care"),
        Domain.CARE_SECURITY: _("Care and security"),
        Domain.SECURITY_SOCIAL: _("Security and social"),
        Domain.ALL: _("Care, security and administration"),
    }
)
PERIODS: Names = MappingProxyType(
    {"D": _("days"), "W": _("weeks"), "M": _("months"), "Y": _("years")}
)


def entry_name(part: str, entry: str) -> str:
    """Name an entry of a part: a party, a phase, a clause."""
    names: Mapping[str, Mapping[str, LazyString]] = {
        "agreement": HEADER,
        "parties": words.PARTNERS,
        "non_purposes": words.NON_PURPOSES,
        "tracks": words.TRACKS,
        "phases": words.PHASES,
        "retention": RETENTION,
    }
    if part in names:
        return str(names[part].get(entry, entry))
    code = entry.rpartition(" ")[2]
    if part == "legal_bases":
        return words.partner(code)
    if part == "remarks":
        who = entry.removesuffix(f" {code}").rpartition(" ")[2]
        return f"{words.partner(who)}: {words.category(code)}"
    return words.purpose(code) if part == "purposes" else entry


def term_of(document: AgreementDocument, part: str, entry: str) -> object | None:
    """Give what stands under an entry, or None when there is no such entry."""
    track, _space, code = entry.rpartition(" ")
    found: Mapping[str, object] = {
        "agreement": getattr(document.agreement, entry, None),
        "parties": _first(term for term in document.parties if term.partner == entry),
        "purposes": _first(
            term for term in document.purpose_terms if (term.track, term.code) == (track, code)
        ),
        "non_purposes": _first(term for term in document.non_purposes if term.code == entry),
        "tracks": _first(term for term in document.track_terms if term.code == entry),
        "phases": _first(term for term in document.phases if term.code == entry),
        "legal_bases": _row(document, track, code),
        "clauses": _first(clause for clause in document.clauses if clause.id == entry),
        "retention": _first(term for term in document.retention if term.object == entry),
        "remarks": _first(
            remark
            for place, rows in document.remarks.items()
            for partner, row in rows.items()
            for category, remark in row.items()
            if f"{place} {partner} {category}" == entry
        ),
        "reasons": document.reasons.get(entry),
        "examples": _first(
            one for one in document.examples if (one.track, one.question) == _parted(entry)
        ),
    }
    return found.get(part)


def _row(document: AgreementDocument, track: str, partner: str) -> RowBases | None:
    """Give the bases of a partner in a track."""
    return next(
        (
            rows[Partner(partner)]
            for code, rows in document.legal_bases.items()
            if code == track and partner in rows
        ),
        None,
    )


def _parted(entry: str) -> tuple[str, str]:
    """Part track and question of an example."""
    track, _space, question = entry.partition(" ")
    return track, question


def _first(found: Iterable[object]) -> object | None:
    """Give the first, if any."""
    return next(iter(found), None)


@singledispatch
def lines(term: object) -> list[str]:
    """Say what an entry says, in one or more lines; nothing when there is no entry."""
    return [] if term is None or term == "" else [str(term)]


@lines.register
def _day(term: date) -> list[str]:
    """Write a day."""
    return [day(term)]


@lines.register
def _party(term: PartyTerm) -> list[str]:
    """Say who a party is and who signs for it."""
    return [term.name, gettext("Represented by: %(who)s", who=term.represented_by)]


@lines.register(PurposeTerm)
@lines.register(NonPurposeTerm)
@lines.register(PhaseTerm)
def _text(term: PurposeTerm | NonPurposeTerm | PhaseTerm) -> list[str]:
    """Give the sentence itself."""
    return [term.text]


@lines.register
def _track(term: TrackTerm) -> list[str]:
    """Say whom a track is for."""
    kept_out = (
        joined(str(EXCLUSIONS[one]) for one in term.exclusions)
        if term.exclusions
        else gettext("nothing")
    )
    return [
        gettext("Age %(first)s to %(last)s.", first=term.age_from, last=term.age_until),
        term.target_group,
        gettext("Stays out: %(what)s.", what=kept_out),
    ]


@lines.register
def _bases(term: RowBases) -> list[str]:
    """Say on what a partner brings and receives; once where all purposes share it."""
    found = []
    for label, side in ((gettext("Brings"), term.provide), (gettext("Receives"), term.receive)):
        texts = {purpose: words.basis(str(basis)) for purpose, basis in side.items()}
        if len(set(texts.values())) == 1:
            found.append(f"{label}: {next(iter(texts.values()))}")
        else:
            found.extend(
                f"{label}, {words.purpose(purpose)}: {text}" for purpose, text in texts.items()
            )
    return found


@lines.register
def _clause(term: Clause) -> list[str]:
    """Say all that a clause says."""
    found = [
        term.text,
        gettext("Speaks on: %(what)s.", what=joined(map(words.category, term.categories))),
        gettext("Articles: %(articles)s.", articles=", ".join(term.articles)),
        gettext(
            "Way out of professional secrecy: %(secrecy)s.", secrecy=words.way_out(term.secrecy)
        ),
    ]
    if term.basis is not None:
        found.append(gettext("Legal basis: %(basis)s.", basis=words.basis(str(term.basis))))
    if term.exception:
        text = words.exception(term.exception)
        found.append(
            gettext("Exception for special or criminal data: %(exception)s.", exception=text)
        )
    found.extend(words.obligation(one) for one in term.obligations)
    return [
        *found,
        gettext("Confirmed by a lawyer.") if term.verified else gettext("legally to be checked"),
    ]


@lines.register
def _retention(term: RetentionTerm) -> list[str]:
    """Say how long, why and on what ground."""
    return [period(term.term), term.text, term.basis]


@lines.register
def _said(term: Remark) -> list[str]:
    """Say why a cell is otherwise than in the model, and what else is said about it."""
    return [text for text in (term.reason, term.comment) if text]


@lines.register
def _example(term: Example) -> list[str]:
    """Say what an example asks, and in which words it was written."""
    return list(dict.fromkeys((term.text, asked(term))))


def period(term: Term) -> str:
    """Say a period: six months, one year."""
    count, unit = term.text[1:-1], term.text[-1:]
    return f"{count} {PERIODS[unit]}" if unit in PERIODS else term.text
