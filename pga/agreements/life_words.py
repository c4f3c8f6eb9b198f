"""Plain words for the life of an agreement: steps, what they need, capacities and reminders."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from pga.agreements.rules import Capacity, Need, Reminder, Step

Names = Mapping[str, LazyString]

STEPS: Final[Names] = {
    Step.TO_LEGAL_CHECK: _("Send to the legal check"),
    Step.RECORD_DPIA: _("Record the impact assessment (DPIA)"),
    Step.OPEN_SIGNING: _("Open for signing"),
    Step.ACTIVATE: _("Bring into force"),
    Step.BACK_TO_DRAFT: _("Back to draft"),
    Step.DROP: _("Drop this version"),
    Step.SUSPEND: _("Suspend"),
    Step.RESUME: _("Bring back into force"),
    Step.TERMINATE: _("End on notice"),
    Step.PROPOSE_MODEL: _("Propose this model"),
    Step.PUBLISH_MODEL: _("Publish this model"),
}
EXPLAINED: Final[Names] = {
    Step.TO_LEGAL_CHECK: _("From now on nobody changes the text. A lawyer tests every clause."),
    Step.RECORD_DPIA: _(
        "The assessment and the advice of the data protection officer on it go with this version."
    ),
    Step.OPEN_SIGNING: _(
        "Each party can sign now. After the first signature the text is fixed for good."
    ),
    Step.ACTIVATE: _(
        "From its first day this version replaces the one before. Cases stay under the version "
        "they are under; nothing is shared in them any more before they go over. So decide first "
        "which cases go over."
    ),
    Step.BACK_TO_DRAFT: _("The text can be changed again. What follows is done anew."),
    Step.DROP: _("This version never comes into force. It stays readable."),
    Step.SUSPEND: _("Nothing is shared under it from now on, until it is brought back."),
    Step.RESUME: _("From now on is shared under it again, as it says."),
    Step.TERMINATE: _("After its last day nothing is shared under it any more."),
    Step.PROPOSE_MODEL: _("Another adviser, or a lawyer, reads it and publishes it."),
    Step.PUBLISH_MODEL: _("Municipalities can start from it, and compare their own with it."),
}
TAKEN: Final[Names] = {
    **STEPS,
    Step.TO_LEGAL_CHECK: _("Sent to the legal check"),
    Step.RECORD_DPIA: _("Impact assessment (DPIA) recorded"),
    Step.OPEN_SIGNING: _("Opened for signing"),
    Step.ACTIVATE: _("Brought into force"),
    Step.BACK_TO_DRAFT: _("Went back to draft"),
    Step.DROP: _("Dropped"),
    Step.SUSPEND: _("Suspended"),
    Step.RESUME: _("Brought back into force"),
    Step.TERMINATE: _("Notice was given"),
    Step.PROPOSE_MODEL: _("Proposed"),
    Step.PUBLISH_MODEL: _("Published"),
    "adopt": _("Taken in for signing"),
    "import": _("Taken in from a file"),
    "expired": _("Its term is over"),
    "superseded": _("Replaced by another version"),
    "terminated": _("Ended"),
    "suspended": _("Suspended"),
}
NEEDS: Final[Names] = {
    Need.MATRIX_COMPLETE: _("Every party has a cell for every category"),
    Need.LIMITS_PROVEN: _("No cell goes over a limit of the law"),
    Need.EXAMPLES_HOLD: _("Every example comes out as it says"),
    Need.DEVIATIONS_EXPLAINED: _("Every place that is otherwise than the model has a reason"),
    Need.TERM_AHEAD: _("The last day is still to come"),
    Need.PARTIES_NAMED: _("An organisation is named for each party it cannot do without"),
    Need.CLAUSES_CONFIRMED: _("A named lawyer confirmed every clause"),
    Need.NO_OBJECTION: _("No lawyer objects to a clause"),
    Need.DPIA_RECORDED: _("The impact assessment (DPIA) is recorded"),
    Need.MINIMUM_SIGNED: _("Everybody signed without whom it cannot come into force"),
    Need.NOBODY_SIGNED: _("Nobody has signed yet"),
    Need.ANOTHER_PERSON: _("Another person takes this step than the one before"),
}
WHO_HELPS: Final[Names] = {
    Need.MATRIX_COMPLETE: _("Process lead or lawyer, in the matrix, while it is a draft"),
    Need.LIMITS_PROVEN: _("Process lead or lawyer, in the matrix, while it is a draft"),
    Need.EXAMPLES_HOLD: _(
        "Process lead or lawyer, in the matrix; or the privacy officer, who wrote the example"
    ),
    Need.DEVIATIONS_EXPLAINED: _(
        "Process lead or lawyer, at the cell or clause, while it is a draft"
    ),
    Need.TERM_AHEAD: _("Process lead or lawyer: change the term while it is a draft"),
    Need.PARTIES_NAMED: _("Process lead or lawyer, at the parties"),
    Need.CLAUSES_CONFIRMED: _("A lawyer of the municipality, at the legal check"),
    Need.NO_OBJECTION: _("Process lead: back to draft and change the clause"),
    Need.DPIA_RECORDED: _("Process lead or lawyer"),
    Need.MINIMUM_SIGNED: _("Who signs for that party"),
    Need.NOBODY_SIGNED: _("Make a new version"),
    Need.ANOTHER_PERSON: _("A second process lead or a lawyer"),
}
CAPACITIES: Final[Names] = {
    Capacity.BODY: _("As the body itself"),
    Capacity.MAYOR: _("As mayor, who represents the municipality (Municipalities Act 171)"),
    Capacity.MANDATE: _("By mandate (General Administrative Law Act 10:3)"),
    Capacity.POWER_OF_ATTORNEY: _(
        "By power of attorney (General Administrative Law Act 10:12, Civil Code 3:60)"
    ),
}
OUTCOMES: Final[Names] = {
    "low": _("Little risk is left"),
    "accepted": _("Some risk is left, and it was accepted with measures"),
    "consulted": _("The risk was high; the supervisor was consulted (GDPR 36)"),
}
PROOFS: Final[Names] = {
    "totp": _("password and a code of the second factor"),
    "password": _("password alone; this installation asks no second factor"),
}
REMINDERS: Final[Names] = {
    Reminder.ENDS_IN_SIX_MONTHS: _("Ends within six months"),
    Reminder.ENDS_IN_THREE_MONTHS: _("Ends within three months"),
    Reminder.EVALUATION_PASSED: _("The evaluation is overdue"),
}
