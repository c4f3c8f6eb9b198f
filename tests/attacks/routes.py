"""Every address of the product and the door it stands behind; the matrix of routes holds to it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from flask import Flask


class Door(StrEnum):
    """Who gets past the guard of a route, before anything is looked up."""

    OPEN = "everybody"
    STEPS = "who gave a right password"
    SIGNED_IN = "who is signed in"
    ADMIN = "who administers people"
    OFFICER = "who oversees"
    CASE = "who is signed in and has a seat in the case"
    VERSIONS = "who leads, tests or oversees for an organisation"
    AGREEMENT = "who is signed in and works where the version is made or holds"


ROUTES: Final[Mapping[str, Door]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("health.healthz", "health.readyz", "web.favicon", "web.static"),
                *("web.language", "web.shortcuts", "web.style_guide", "web.style_guide_page"),
                *("web.style_guide_draft", "web.style_guide_error", "web.style_guide_form"),
                *("sign_in.sign_in", "sign_in.enter", "sign_in.on", "sign_in.sign_out"),
                "agreements_public.summary",
            ),
            Door.OPEN,
        ),
        **dict.fromkeys(
            (
                *("sign_in_steps.code", "sign_in_steps.prove_code", "sign_in_steps.enrol"),
                *("sign_in_steps.first_password", "sign_in_steps.choose_password"),
                "sign_in_steps.enrolment",
            ),
            Door.STEPS,
        ),
        **dict.fromkeys(
            (
                *("account.show", "account.kept_texts", "account.drop_kept_text"),
                *("account.language", "account.password", "account.change_password"),
                *("account.enrolment", "account.enrol", "account.end_other_sessions"),
                *("dossier.home", "dossier.cases_list", "dossier.search", "dossier.find_case"),
                *("dossier.start", "dossier.start_it", "dossier.log", "dossier.log_it"),
                *("dossier.keep_draft", "dossier.notice_done", "sharing.my_organisation"),
                *("agreements.overview", "agreements.compare_copy", "agreements.check_copy"),
                *("agreements.new_form", "agreements.new_draft"),
                *("agreements.limits", "agreements.limits_file", "agreements.limits_form"),
                *("agreements.propose_limits", "agreements.edition", "agreements.edition_file"),
                *("agreements.approve_edition", "agreements.withdraw_edition"),
            ),
            Door.SIGNED_IN,
        ),
        **dict.fromkeys(
            (
                *("people.index", "people.show", "people.block", "people.reset"),
                *("people.add_role", "people.end_role", "people.unblock", "people.new"),
                "people.create",
            ),
            Door.ADMIN,
        ),
        **dict.fromkeys(
            (
                *("oversight.start", "oversight.case", "oversight.identity", "oversight.entry"),
                *("oversight.past", "oversight.run_past"),
                *("oversight.find", "oversight.youth_form", "oversight.find_youth"),
                *("oversight.staff", "oversight.person", "oversight.refusals", "oversight.verify"),
                *("oversight.case_copy", "oversight.copy_case"),
                *("oversight.person_copy", "oversight.copy_person"),
                *("oversight.review_list", "oversight.review_item", "oversight.close_review"),
                *("oversight.checks", "oversight.propose_limit", "oversight.approve_limit"),
                *("oversight.keeping", "oversight.kept_case", "oversight.place_hold"),
                *("oversight.lift_hold", "oversight.propose_destruction"),
                *("oversight.approve_destruction", "oversight.withdraw_destruction"),
                *("oversight.record_consent", "oversight.report", "oversight.case_replay"),
                *("oversight.report_pdf", "oversight.extract_form", "oversight.prepare_extract"),
                *("oversight.extract", "oversight.check_extract", "oversight.print_extract"),
                *("oversight.extract_pdf", "oversight.search", "oversight.disclosed"),
                "oversight.entry_proof",
                *("log_api.checkpoint", "log_api.tile"),
            ),
            Door.OFFICER,
        ),
        **dict.fromkeys(
            (
                *("changeover.start", "changeover.preview_of", "changeover.move_form"),
                *("changeover.propose_move", "changeover.move", "changeover.approve_move"),
                *("changeover.withdraw_move", "changeover.parties", "changeover.leave_form"),
                *("changeover.leave", "changeover.departure", "changeover.export"),
            ),
            Door.VERSIONS,
        ),
        **dict.fromkeys(
            (
                *("agreements.matrix", "agreements.cell", "agreements.compare"),
                *("agreements.change_cell", "agreements.cell_consequence"),
                *("agreements.clauses", "agreements.clause", "agreements.write_clause"),
                *("agreements.split_clause", "agreements.remove_clause"),
                *("agreements.terms", "agreements.term", "agreements.change_term"),
                *("agreements.model", "agreements.adopt", "agreements.follow"),
                *("agreements.file", "agreements.import_form", "agreements.import_file"),
                *("agreements.history", "agreements.undo"),
                *("agreements.examples", "agreements.example", "agreements.change_example"),
                *("agreements.drop_example", "agreements.openness", "agreements.who_may"),
                *("agreements.version_form", "agreements.new_version"),
                *("agreements.show", "agreements.step_form", "agreements.take_step"),
                *("agreements.legal_check", "agreements.confirm_clauses"),
                *("agreements.object_to_clause", "agreements.signers", "agreements.name_signer"),
                *("agreements.drop_signer", "agreements.sign_form", "agreements.sign_it"),
                *("agreements.paper_form", "agreements.record_paper", "agreements.scan"),
                "agreements.pdf",
            ),
            Door.AGREEMENT,
        ),
        **dict.fromkeys(
            (
                *("case_version.show", "case_version.stay", "case_version.go"),
                *("dossier.case", "dossier.item", "dossier.ask", "dossier.finish"),
                *("dossier.plan_action", "dossier.plan_it", "dossier.contribute"),
                *("dossier.contribute_it", "dossier.agree", "dossier.agree_it"),
                *("dossier.correct", "dossier.correct_it", "dossier.repair", "dossier.undo"),
                *("dossier.withdraw", "dossier.wrong_case", "dossier.participants"),
                *("dossier.add_participant", "dossier.end_participant", "dossier.stand_in"),
                *("dossier.end_stand_in", "dossier.process", "dossier.step"),
                *(
                    "dossier.identity",
                    "dossier.bsn",
                    "dossier.informed",
                    "dossier.delay",
                    "dossier.review",
                ),
                *("dossier.restriction", "dossier.work_task", "dossier.task_done"),
                *("sharing.consent", "sharing.new_release", "sharing.record_release"),
                *("sharing.release", "sharing.confirm", "sharing.decline", "sharing.withdraw"),
                *("sharing.withdrawing_all", "sharing.withdraw_all"),
                *("sharing.new_guardian", "sharing.record_guardian"),
                *("sharing.new_help", "sharing.record_help", "sharing.withdraw_help"),
                *("sharing.notes", "sharing.record_note", "sharing.approve_note"),
                *("sharing.disclosure", "sharing.record_decision"),
                "sharing.withdraw_decision",
            ),
            Door.CASE,
        ),
    }
)


class Route(NamedTuple):
    """One address with one method."""

    endpoint: str
    method: str
    pattern: str
    arguments: frozenset[str]


def routes_of(app: Flask, *doors: Door) -> Iterator[Route]:
    """List the routes behind these doors, each with each of its methods."""
    for rule in app.url_map.iter_rules():
        if ROUTES.get(rule.endpoint) in doors:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield Route(rule.endpoint, method, rule.rule, frozenset(rule.arguments))


def address(app: Flask, route: Route, ids: Mapping[str, object]) -> str:
    """Fill in an address; each argument that is an id takes the value of its name."""
    filled = {name: ids[name] for name in route.arguments}
    return str(app.url_map.bind("localhost").build(route.endpoint, filled, method=route.method))
