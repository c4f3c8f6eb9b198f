"""Roles, states and fields of work in the words of the page."""

from flask_babel import gettext as _

from auth.rules import Domain, PersonStatus, Role


def role_words() -> dict[Role, str]:
    """Give every role in words."""
    return {
        Role.PROFESSIONAL: _("Professional"),
        Role.CASE_MANAGER: _("Case manager"),
        Role.PROCESS_LEAD: _("Process lead"),
        Role.PRIVACY_OFFICER: _("Privacy officer"),
        Role.DPO: _("Data protection officer"),
        Role.ORG_ADMIN: _("Administrator"),
        Role.LAWYER: _("Lawyer"),
        Role.SIGNATORY: _("Signatory"),
        Role.REGIONAL_ADVISER: _("Regional adviser"),
    }


def role_hints() -> dict[Role, str]:
    """Say of every role what it may do."""
    return {
        Role.PROFESSIONAL: _("Works in the cases they are named in."),
        Role.CASE_MANAGER: _("Leads cases and adds participants."),
        Role.PROCESS_LEAD: _("Guards the process and the agreement of the municipality."),
        Role.PRIVACY_OFFICER: _("Sees who looked at what; never content."),
        Role.DPO: _("Supervises independently; sees the log, never content."),
        Role.ORG_ADMIN: _("Manages accounts and roles of the organisation."),
        Role.LAWYER: _("Tests agreements and confirms their clauses by name."),
        Role.SIGNATORY: _("Signs agreements on behalf of the organisation."),
        Role.REGIONAL_ADVISER: _("Keeps the model agreements of the region."),
    }


def status_words() -> dict[PersonStatus, str]:
    """Give every state of an account in words."""
    return {
        PersonStatus.ACTIVE: _("active"),
        PersonStatus.BLOCKED: _("blocked"),
        PersonStatus.PENDING: _("waits for first sign-in"),
    }


def domain_words() -> dict[Domain, str]:
    """Give every field of work in words."""
    return {
        Domain.CARE: _("Care"),
        Domain.SECURITY: _("Security"),
        Domain.ADMINISTRATION: _("Administration"),
        Domain.SOCIAL: _("Social"),
    }
