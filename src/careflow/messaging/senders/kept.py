"""A way that leads nowhere: what is given to it is kept in the outbox for staff to see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from careflow.messaging.ways import Effect, Mail, Reply, Sms

SENDER = "clinic@clinic.invalid"


@dataclass(frozen=True, slots=True)
class KeptMail:
    """No mail server."""

    effect: Effect
    sender: str = SENDER

    async def send(self, mail: Mail) -> None:
        """Do nothing: the outbox has it."""


@dataclass(frozen=True, slots=True)
class KeptSms:
    """No provider of text messages."""

    effect: Effect

    async def send(self, sms: Sms) -> None:
        """Do nothing: the outbox has it."""

    def heard(self, url: str, form: Mapping[str, str], signature: str) -> Reply | None:
        """Nobody hands answers on."""
        del url, form, signature
        return None
