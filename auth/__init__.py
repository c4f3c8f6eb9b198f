"""Who is who: organisations, people, roles, sign-in, login sessions and the guards of pages."""

from flask import Flask

from auth import current, posts
from auth.names import Names


def init_app(app: Flask, names: Names | None = None) -> None:
    """Wire sign-in into the app: current user, cookies, checks of posts and kept text.

    Expects `config.database`, `config.keys` and `audit.gate` to be wired before. `guards.init_app`
    comes after, so that a forged post is refused before a guard looks at it. Without `names`
    municipalities and partners are shown by their codes.
    """
    app.extensions["auth_names"] = names or Names()
    current.init_app(app)
    posts.init_app(app)
