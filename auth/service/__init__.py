"""Changes of auth: each an entry in the log before it takes effect; every function commits."""

from auth.service.codes import enrol, propose_second_factor, prove_again, prove_code
from auth.service.entries import INSTALLATION, Authority
from auth.service.held_posts import Typed, drop, hold, open_held
from auth.service.organisations import create_organisation
from auth.service.own_account import change_password, choose_password, set_language
from auth.service.people import (
    Appointment,
    Created,
    add_membership,
    block_person,
    create_person,
    end_membership,
    reset_sign_in,
    unblock_person,
)
from auth.service.sessions import Opened, end_others, sign_out
from auth.service.signing_in import normal_name, sign_in
from auth.service.sweep import sweep

__all__ = [
    "INSTALLATION",
    "Appointment",
    "Authority",
    "Created",
    "Opened",
    "Typed",
    "add_membership",
    "block_person",
    "change_password",
    "choose_password",
    "create_organisation",
    "create_person",
    "drop",
    "end_membership",
    "end_others",
    "enrol",
    "hold",
    "normal_name",
    "open_held",
    "propose_second_factor",
    "prove_again",
    "prove_code",
    "reset_sign_in",
    "set_language",
    "sign_in",
    "sign_out",
    "sweep",
    "unblock_person",
]
