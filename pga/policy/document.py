"""The text of an agreement: `parse` reads it, strictly and with line numbers; `dump` writes it."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import yaml

from pga.policy.cells import Cell, CellNotationError, parse_cell
from pga.policy.codes import (
    CATEGORIES,
    PURPOSES,
    Category,
    Exclusion,
    NonPurpose,
    Partner,
    Phase,
    Purpose,
    Track,
)
from pga.policy.laws import LegalBasis, Obligation, WayOut, read_basis, read_exception
from pga.policy.nodes import DocumentError, Problem, Reader, root_of
from pga.policy.terms import (
    AgreementDocument,
    Clause,
    Domain,
    Header,
    NonPurposeTerm,
    PartyTerm,
    PhaseTerm,
    PurposeTerm,
    RetentionObject,
    RetentionTerm,
    RowBases,
    Term,
    TrackTerm,
    is_term,
)
from pga.policy.writing import dump

__all__ = ["AgreementDocument", "DocumentError", "Problem", "dump", "parse"]

_MUNICIPALITY = re.compile(r"GM\d{4}")
_PARTS: Final = (
    *("agreement", "parties", "purposes", "non_purposes", "tracks", "phases"),
    *("matrix", "legal_bases", "clauses", "retention"),
)


def parse(text: str) -> AgreementDocument:
    """Read an agreement.

    A missing row or cell is X/X. An unknown key, a key that stands twice, a code outside its list
    and a cell outside the notation are faults. Raises DocumentError with every fault and its line.
    """
    root = root_of(text)
    reader = Reader()
    parts = reader.fields(root, "the agreement file", _PARTS)
    if len(parts) < len(_PARTS):
        raise DocumentError(reader.problems)
    document = _Parts(reader).document(parts)
    if reader.problems:
        raise DocumentError(reader.problems)
    return document


class _Parts:
    """Read the parts of an agreement; every method records its faults in the one reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def document(self, parts: Mapping[str, yaml.Node]) -> AgreementDocument:
        """Read all parts, tracks and purposes first: the others are checked against them."""
        tracks = self.tracks(parts["tracks"])
        purposes = self.purposes(parts["purposes"], tuple(term.code for term in tracks))
        of_track = {
            term.code: tuple(p.code for p in purposes if p.track is term.code) for term in tracks
        }
        for track, codes in of_track.items():
            if not codes:
                self.reader.fault(parts["purposes"], f"track {track} has no purpose")
        return AgreementDocument(
            agreement=self.header(parts["agreement"]),
            parties=self.parties(parts["parties"]),
            purpose_terms=purposes,
            non_purposes=self.non_purposes(parts["non_purposes"]),
            track_terms=tracks,
            phases=self.phases(parts["phases"]),
            matrix=self.matrix(parts["matrix"], tuple(of_track)),
            legal_bases=self.legal_bases(parts["legal_bases"], of_track),
            clauses=self.clauses(parts["clauses"], tuple(of_track)),
            retention=self.retention(parts["retention"]),
        )

    def header(self, node: yaml.Node) -> Header:
        """Read name, place, version and term."""
        read = self.reader
        required = ("name", "version", "valid_from", "valid_until", "evaluation")
        found = read.fields(node, "agreement", required, ("municipality", "derived_from"))
        header = Header(
            name=read.filled(found.get("name"), "name"),
            municipality=read.text(found.get("municipality"), "municipality"),
            version=read.filled(found.get("version"), "version"),
            derived_from=read.text(found.get("derived_from"), "derived_from"),
            valid_from=read.day(found.get("valid_from"), "valid_from"),
            valid_until=read.day(found.get("valid_until"), "valid_until"),
            evaluation=read.day(found.get("evaluation"), "evaluation"),
        )
        if header.municipality and not _MUNICIPALITY.fullmatch(header.municipality):
            read.fault(found["municipality"], "municipality must be a CBS code, as in GM0361")
        if header.valid_until < header.valid_from:
            read.fault(node, "valid_until lies before valid_from")
        return header

    def parties(self, node: yaml.Node) -> tuple[PartyTerm, ...]:
        """Read the parties; a bank is never one."""
        read = self.reader
        found: list[PartyTerm] = []
        for item in read.items(node, "parties"):
            keys = read.fields(item, "a party", ("partner", "name", "domain", "represented_by"))
            if len(keys) < 4:  # noqa: PLR2004 - the missing ones are already faults
                continue
            partner = self._partner(keys["partner"])
            domain = read.code(keys["domain"], Domain, "domain")
            name = read.filled(keys["name"], "name")
            by = read.filled(keys["represented_by"], "represented_by")
            if partner is not None and domain is not None:
                found.append(PartyTerm(partner, name, domain, by))
        return tuple(found)

    def tracks(self, node: yaml.Node) -> tuple[TrackTerm, ...]:
        """Read the tracks with the people they are for."""
        read = self.reader
        found: list[TrackTerm] = []
        for key_node, key, value in read.pairs(node, "tracks"):
            track = read.code(key_node, Track, "track")
            names = ("age_from", "age_until", "target_group", "exclusions")
            keys = read.fields(value, f"track {key}", names)
            if track is not None:
                found.append(
                    TrackTerm(
                        track,
                        read.number(keys.get("age_from"), "age_from"),
                        read.number(keys.get("age_until"), "age_until"),
                        read.filled(keys.get("target_group"), "target_group"),
                        read.codes(keys.get("exclusions"), Exclusion, "exclusion"),
                    )
                )
        if not found:
            read.fault(node, "there is no track")
        return tuple(found)

    def purposes(self, node: yaml.Node, tracks: tuple[Track, ...]) -> tuple[PurposeTerm, ...]:
        """Read the purposes, each of a track that knows it (R-02)."""
        read = self.reader
        found: list[PurposeTerm] = []
        for item in read.items(node, "purposes"):
            keys = read.fields(item, "a purpose", ("code", "track", "text"))
            if "code" not in keys or "track" not in keys:
                continue
            code = read.code(keys["code"], Purpose, "purpose")
            track = self._track(keys["track"], tracks)
            if code is None or track is None:
                continue
            if code not in PURPOSES[track]:
                read.fault(item, f"{code} is no purpose of track {track}")
            elif any((term.code, term.track) == (code, track) for term in found):
                read.fault(item, f"purpose {code} stands twice")
            else:
                found.append(PurposeTerm(code, track, read.filled(keys.get("text"), "text")))
        return tuple(found)

    def non_purposes(self, node: yaml.Node) -> tuple[NonPurposeTerm, ...]:
        """Read what is ruled out."""
        read = self.reader
        found: list[NonPurposeTerm] = []
        for item in read.items(node, "non_purposes"):
            keys = read.fields(item, "a non-purpose", ("code", "text"))
            code = read.code(keys["code"], NonPurpose, "non-purpose") if "code" in keys else None
            if code is not None:
                found.append(NonPurposeTerm(code, read.filled(keys.get("text"), "text")))
        return tuple(found)

    def phases(self, node: yaml.Node) -> tuple[PhaseTerm, ...]:
        """Read what happens in each phase."""
        read = self.reader
        found: list[PhaseTerm] = []
        for key_node, _, value in read.pairs(node, "phases"):
            phase = read.code(key_node, Phase, "phase")
            if phase is not None:
                found.append(PhaseTerm(phase, read.filled(value, f"phase {phase}")))
        return tuple(found)

    def matrix(
        self, node: yaml.Node, tracks: tuple[Track, ...]
    ) -> Mapping[Track, Mapping[Partner, Mapping[Category, Cell]]]:
        """Read the cells of every track, partner and category."""
        read = self.reader
        found: dict[Track, Mapping[Partner, Mapping[Category, Cell]]] = {}
        for track_node, _, rows in read.pairs(node, "matrix"):
            track = self._track(track_node, tracks)
            table: dict[Partner, Mapping[Category, Cell]] = {}
            for partner_node, name, cells in read.pairs(rows, "a matrix"):
                partner = self._partner(partner_node)
                row = self._row(cells, name, track)
                if partner is not None:
                    table[partner] = MappingProxyType(row)
            if track is not None:
                found[track] = MappingProxyType(table)
        for track in tracks:
            if track not in found:
                read.fault(node, f"track {track} has no matrix")
        return MappingProxyType(found)

    def _row(self, node: yaml.Node, name: str, track: Track | None) -> dict[Category, Cell]:
        """Read the cells of one partner."""
        read = self.reader
        row: dict[Category, Cell] = {}
        for category_node, key, value in read.pairs(node, f"row {name}"):
            category = read.code(category_node, Category, "category")
            if category is None or track is None:
                continue
            if category not in CATEGORIES[track]:
                read.fault(category_node, f"{category} is no category of track {track}")
                continue
            try:
                cell = parse_cell(read.text(value, f"cell {name} {key}"))
            except CellNotationError as fault:
                read.fault(value, f"cell {name} {key}: {fault}")
                continue
            if cell.consult.sign == "handover" and name != Partner.ZVH:
                read.fault(value, f"cell {name} {key}: only ZVH takes a handover (R-27)")
            row[category] = cell
        return row

    def legal_bases(
        self, node: yaml.Node, of_track: Mapping[Track, tuple[Purpose, ...]]
    ) -> Mapping[Track, Mapping[Partner, RowBases]]:
        """Read the basis of every partner and purpose, as provider and as recipient (R-05)."""
        read = self.reader
        found: dict[Track, Mapping[Partner, RowBases]] = {}
        for track_node, _, rows in read.pairs(node, "legal_bases"):
            track = self._track(track_node, tuple(of_track))
            table: dict[Partner, RowBases] = {}
            for partner_node, name, value in read.pairs(rows, "legal_bases of a track"):
                partner = self._partner(partner_node)
                sides = read.fields(value, f"legal_bases of {name}", (), ("provide", "receive"))
                if partner is not None and track is not None:
                    provide, receive = (
                        self._per_purpose(sides.get(side), name, of_track[track])
                        for side in ("provide", "receive")
                    )
                    table[partner] = RowBases(provide, receive)
            if track is not None:
                found[track] = MappingProxyType(table)
        return MappingProxyType(found)

    def _per_purpose(
        self, node: yaml.Node | None, name: str, purposes: tuple[Purpose, ...]
    ) -> Mapping[Purpose, LegalBasis]:
        """Read one basis for all purposes, or a mapping with one for each."""
        read = self.reader
        if node is None:
            return MappingProxyType({})
        if isinstance(node, yaml.ScalarNode):
            basis = self._basis(node)
            return MappingProxyType(dict.fromkeys(purposes, basis))
        found: dict[Purpose, LegalBasis] = {}
        for key_node, _, value in read.pairs(node, f"the basis of {name}"):
            purpose = read.code(key_node, Purpose, "purpose")
            if purpose is not None and purpose not in purposes:
                read.fault(key_node, f"{purpose} is no purpose of this track")
            elif purpose is not None:
                found[purpose] = self._basis(value)
        for purpose in purposes:
            if purpose not in found:
                read.fault(node, f"{name} has no basis for {purpose}")
        return MappingProxyType(found)

    def _basis(self, node: yaml.Node) -> LegalBasis:
        """Read one basis."""
        text = self.reader.text(node, "a legal basis")
        try:
            return read_basis(text)
        except ValueError as fault:
            self.reader.fault(node, str(fault))
            return LegalBasis(())

    def clauses(self, node: yaml.Node, tracks: tuple[Track, ...]) -> tuple[Clause, ...]:
        """Read the clauses; no two of one partner are about the same category."""
        read = self.reader
        found: list[Clause] = []
        for track_node, _, rows in read.pairs(node, "clauses"):
            track = self._track(track_node, tracks)
            for partner_node, name, value in read.pairs(rows, "clauses of a track"):
                partner = self._partner(partner_node)
                for item in read.items(value, f"clauses of {name}"):
                    if track is not None and partner is not None:
                        clause = self._clause(item, track, partner)
                        self._once(item, clause, found)
                        found.append(clause)
        return tuple(found)

    def _clause(self, node: yaml.Node, track: Track, partner: Partner) -> Clause:
        """Read one clause."""
        read = self.reader
        names = ("id", "categories", "text", "articles", "secrecy", "obligations", "verified")
        keys = read.fields(node, "a clause", names, ("basis", "exception_9_10"))
        articles = read.items(keys.get("articles"), "articles")
        secrecy = read.code(keys["secrecy"], WayOut, "way out") if "secrecy" in keys else None
        categories = read.codes(keys.get("categories"), Category, "category")
        for category in categories:
            if category not in (*CATEGORIES[track], Category.SIGNAL):
                read.fault(keys["categories"], f"{category} is no category of track {track}")
        return Clause(
            id=read.filled(keys.get("id"), "id"),
            track=track,
            partner=partner,
            categories=categories,
            text=read.filled(keys.get("text"), "text"),
            articles=tuple(read.filled(article, "an article") for article in articles),
            basis=self._basis(keys["basis"]) if "basis" in keys else None,
            exception=self._exception(keys.get("exception_9_10")),
            secrecy=secrecy or WayOut.NONE_NEEDED,
            obligations=read.codes(keys.get("obligations"), Obligation, "obligation"),
            verified=read.flag(keys.get("verified"), "verified"),
        )

    def _once(self, node: yaml.Node, clause: Clause, found: list[Clause]) -> None:
        """Keep a fault when a clause repeats an id or speaks on what another already does."""
        for other in found:
            if other.id == clause.id:
                self.reader.fault(node, f"clause {clause.id} stands twice")
            if (other.track, other.partner) == (clause.track, clause.partner):
                shared = set(other.categories) & set(clause.categories)
                for category in sorted(shared):
                    self.reader.fault(node, f"{other.id} already speaks on {category}")

    def _exception(self, node: yaml.Node | None) -> str:
        """Read the AVG 9 or 10 exception; empty where none is needed."""
        if node is None:
            return ""
        try:
            return read_exception(self.reader.text(node, "exception_9_10"))
        except ValueError as fault:
            self.reader.fault(node, str(fault))
            return ""

    def retention(self, node: yaml.Node) -> tuple[RetentionTerm, ...]:
        """Read how long everything is kept."""
        read = self.reader
        found: list[RetentionTerm] = []
        for key_node, key, value in read.pairs(node, "retention"):
            about = read.code(key_node, RetentionObject, "object of retention")
            keys = read.fields(value, f"retention of {key}", ("term", "text", "basis"))
            term = read.text(keys.get("term"), "term")
            if "term" in keys and not is_term(term):
                read.fault(keys["term"], "term must be a period, as in P4W, P3M or P1Y")
            if about is not None:
                text = read.filled(keys.get("text"), "text")
                basis = read.filled(keys.get("basis"), "basis")
                found.append(RetentionTerm(about, Term(term), text, basis))
        if not any(term.object is RetentionObject.CASE_AFTER_CLOSING for term in found):
            read.fault(node, "retention has no 'case_after_closing'")
        return tuple(found)

    def _track(self, node: yaml.Node, tracks: tuple[Track, ...]) -> Track | None:
        """Read a track of this agreement."""
        track = self.reader.code(node, Track, "track")
        if track is not None and track not in tracks:
            self.reader.fault(node, f"track {track} is not among the tracks")
            return None
        return track

    def _partner(self, node: yaml.Node) -> Partner | None:
        """Read a partner that can have a row; a bank has none anywhere."""
        partner = self.reader.code(node, Partner, "partner")
        if partner is Partner.BANK:
            self.reader.fault(node, "a bank is never a party and has no row")
            return None
        return partner
