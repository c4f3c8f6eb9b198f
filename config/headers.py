"""The headers of every answer: nothing may be framed, guessed, kept or run that is not ours."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    """Add the headers to every answer of the app."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    """Add what protects the page; nothing is kept by the browser unless its view says so.

    That are assets, and tiles of the log, which never change (ASVS 14.3.2).
    """
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if "Cache-Control" not in headers and not (request.endpoint or "").endswith("static"):
        headers["Cache-Control"] = "no-store"
    response.vary.add("HX-Request")
    return response
