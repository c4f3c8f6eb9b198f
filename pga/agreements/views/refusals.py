"""How a form of the editor says what stands in the way; nothing typed is lost."""

from flask_babel import gettext

from config.errors import ApplicationError, InvalidInputError
from pga.agreements import fault_words
from pga.agreements.service.drafting import EditConflictError
from pga.policy.errors import EditError
from pga.web.forms import Form


def refused(form: Form, error: ApplicationError) -> Form:
    """Give the form with an error of the service in words.

    After a conflict it carries the mark of what stands there now, so that saving once more, having
    seen both, takes the place of it.
    """
    if isinstance(error, InvalidInputError):
        return form.refused(error.fields)
    if isinstance(error, EditError) and error.problems:
        said = [fault_words.plain(problem) for problem in error.problems]
        return Form(form.values, {**form.errors, "": said})
    with_error = Form(form.values, {**form.errors, "": [gettext(error.text, **error.values)]})
    if isinstance(error, EditConflictError):
        with_error.values["seen"] = error.mark
    return with_error
