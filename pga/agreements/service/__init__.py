"""Changes of agreements: each an entry in the log before it is committed."""

from pga.agreements.service.founding import (
    PartyToSign,
    activate,
    adopt,
    end,
    leave,
    publish_library,
    resume,
    sign,
    take_in,
)
from pga.agreements.service.life import AgreementNotReadyError

__all__ = [
    "AgreementNotReadyError",
    "PartyToSign",
    "activate",
    "adopt",
    "end",
    "leave",
    "publish_library",
    "resume",
    "sign",
    "take_in",
]
