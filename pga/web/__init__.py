"""The foot of every page: frame, macros, forms, languages and assets; knows no domain."""

from flask import Flask

from pga.web import converters, filters, frame, i18n, routes


def init_app(app: Flask) -> None:
    """Give the app its frame, languages, filters, address parts and assets.

    Expects `app.extensions["settings"]`; whoever composes the app fills
    `app.extensions["navigation"]` and `app.extensions["frame"]` (see `pga.web.navigation`).
    """
    converters.init_app(app)
    i18n.init_app(app)
    filters.init_app(app)
    frame.init_app(app)
    routes.init_app(app)
