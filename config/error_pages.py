"""The one place that turns errors into answers."""

import logging

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from config.database import db
from config.errors import ApplicationError, NotFoundError, StoreUnavailableError

log = logging.getLogger(__name__)

PAGES = {400, 403, 404, 409, 422, 429, 500, 503}


def init_app(app: Flask) -> None:
    """Register the renderers."""
    app.register_error_handler(ApplicationError, _application_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _store_error)
    app.register_error_handler(Exception, _unexpected)


def _application_error(error: ApplicationError) -> ResponseReturnValue:
    """Answer a named error with its page; the app store was rolled back before."""
    db.session.rollback()
    if error.status >= ApplicationError.status:
        log.error(
            error.code,
            exc_info=error,
            extra={"code": error.code, "status": error.status, "endpoint": request.endpoint},
        )
    page = error.status if error.status in PAGES else ApplicationError.status
    return render_template(f"errors/{page}.html", error=error), error.status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses in our own words; redirects pass."""
    status = error.code or ApplicationError.status
    if status < 400:  # noqa: PLR2004 - a redirect is no error
        return error
    named = NotFoundError() if status in {404, 405} else ApplicationError()
    page = status if status in PAGES else (404 if status in {405, 410} else 400)
    named.status = status
    response = error.get_response()
    headers = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
    return render_template(f"errors/{page}.html", error=named), status, headers


def _store_error(error: DBAPIError) -> ResponseReturnValue:
    """Answer a failing store with 503: nothing is shown when it cannot be accounted for."""
    log.error("store-unavailable", exc_info=error, extra={"endpoint": request.endpoint})
    return _application_error(StoreUnavailableError())


def _unexpected(error: Exception) -> ResponseReturnValue:
    """Answer anything else with a plain 500, without a word of what went wrong inside."""
    log.error("unexpected", exc_info=error, extra={"endpoint": request.endpoint})
    db.session.rollback()
    return render_template("errors/500.html", error=ApplicationError()), ApplicationError.status
