"""The accounts of the fictional region, which the sign-in page of a demo shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to try the product with.

    `app.extensions["demo_accounts"]` holds a sequence of them; only a demo shows it. `what` is a
    message id that says in a few words what this person does.
    """

    sign_in_name: str
    password: str
    name: str
    what: str
