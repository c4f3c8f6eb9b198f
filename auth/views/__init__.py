"""Pages of auth: signing in, one's own account, and people and organisations."""

from auth.views.account import account
from auth.views.people import people
from auth.views.sign_in import sign_in
from auth.views.steps import sign_in_steps

BLUEPRINTS = (sign_in, sign_in_steps, account, people)

__all__ = ["BLUEPRINTS", "account", "people", "sign_in", "sign_in_steps"]
