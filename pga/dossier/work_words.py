"""Plain words for what waits for somebody and what ends soon, in the language of the page."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.cases.rules import WorkKind
from pga.web.i18n import said_once

WORK: dict[str, LazyString] = {
    WorkKind.INFORM_YOUTH: _("Inform the young person"),
    WorkKind.REVIEW_CASE: _("Look again whether the case is still needed"),
    WorkKind.APPROVE_STEP: _("Approve a step"),
    WorkKind.CONFIRM_RELEASE: _("Confirm or decline a release"),
    WorkKind.RENEW_RELEASE: _("Ask anew: a release ends"),
    WorkKind.STOP_USING: _("Do not use this any more"),
    WorkKind.POSSIBLE_BREACH: _("Possible data breach: report within 72 hours if it is one"),
    WorkKind.QUESTION: _("Question about a closed part"),
    WorkKind.READ_CORRECTION: _("What you read was corrected"),
    WorkKind.RECORD_DISCLOSURE: _("Copy the line for the police register"),
    WorkKind.REPLACE_PARTICIPANT: _("Look for somebody else: an organisation left"),
}

WORK_TEXTS: dict[str, LazyString] = {
    WorkKind.STOP_USING: _(
        "Something you read before can no longer be consulted. Do not use it any more, and remove "
        "it from your own notes."
    ),
    WorkKind.READ_CORRECTION: _("Something you read before was corrected. Read the new version."),
    WorkKind.POSSIBLE_BREACH: _(
        "Tell your privacy officer now. If it is a data breach, it must be reported within 72 "
        "hours after it was discovered."
    ),
    WorkKind.QUESTION: _("Somebody at the table asks about a part that is closed to them."),
    WorkKind.REPLACE_PARTICIPANT: _("See who takes part, and name somebody else where needed."),
    WorkKind.RENEW_RELEASE: _(
        "A release ends soon. Ask the young person, and who answers with "
        "the young person, whether it may go on."
    ),
}
ENDINGS: dict[str, LazyString] = {
    "task": _("Your own task"),
    "release": _("A release"),
    "decision": _("A disclosure decision"),
    "agreement": _("The agreement"),
    "informing": _("The time to inform the young person"),
    "review": _("The time to look again"),
    "aftercare": _("The aftercare"),
}


@said_once
def work(code: str) -> str:
    """Name a waiting task."""
    return str(WORK.get(code, code))


@said_once
def work_text(code: str) -> str:
    """Say what is expected with a waiting task."""
    return str(WORK_TEXTS.get(code, ""))


@said_once
def ending(code: str) -> str:
    """Name what ends soon."""
    return str(ENDINGS.get(code, code))
