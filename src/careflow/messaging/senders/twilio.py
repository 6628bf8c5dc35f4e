"""Text messages by Twilio's Messages resource (api.twilio.com, version 2010-04-01).

A message is posted as a form with basic authentication; 201 means it was taken. Errors carry a
number of Twilio's own: 21610 is a recipient who answered STOP.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode, urlsplit

from careflow.messaging.ways import Effect, NotReachedError, RefusedError, Reply, Sms

BASE: Final = "https://api.twilio.com"
STOPPED: Final = 21610
_TIMEOUT_S: Final = 30
_LATER: Final = frozenset({401, 403, 408, 429})
"""Ours to put right, or to be asked again: the recipient has no part in it."""
_LONGEST: Final = 1600
_ANSWER_MAX: Final = 65536


@dataclass(frozen=True, slots=True)
class TwilioSms:
    """One account.

    Attributes:
        sender: A telephone number in E.164, or the SID of a messaging service (``MG…``).
    """

    account: str
    token: str = field(repr=False)
    sender: str
    base: str = BASE

    @property
    def effect(self) -> Effect:
        """What is given to a provider is sent."""
        return "sends"

    async def send(self, sms: Sms) -> None:
        """Give a text message over, or raise :class:`NotReachedError` or :class:`RefusedError`."""
        status, body = await asyncio.to_thread(self._post, sms)
        if status in {200, 201}:
            return
        if status in _LATER or status >= 500:
            raise NotReachedError
        raise RefusedError(stops=_code(body) == STOPPED)

    def heard(self, url: str, form: Mapping[str, str], signature: str) -> Reply | None:
        """Return an answer that carries the signature of the account's token, else ``None``.

        It is an HMAC-SHA1 over the address and the form's names and values in order.
        """
        said = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        mac = hmac.digest(self.token.encode(), said.encode(), "sha1")
        if not hmac.compare_digest(base64.b64encode(mac), signature.encode()):
            return None
        id = "".join(one for one in form.get("MessageSid", "") if one.isalnum())
        return Reply(id, form.get("From", ""), form.get("Body", "")) if id else None

    def _post(self, sms: Sms) -> tuple[int, bytes]:
        whence = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = {"To": _e164(sms.to), whence: self.sender, "Body": sms.text[:_LONGEST]}
        where = urlsplit(self.base)
        kind = (
            http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(where.netloc, timeout=_TIMEOUT_S)
        secret = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        try:
            connection.request(
                "POST",
                f"/2010-04-01/Accounts/{self.account}/Messages.json",
                urlencode(form),
                {
                    "Authorization": f"Basic {secret}",
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json",
                },
            )
            answer = connection.getresponse()
            return answer.status, answer.read(_ANSWER_MAX)
        except (OSError, http.client.HTTPException) as error:
            raise NotReachedError from error
        finally:
            connection.close()


def _e164(number: str) -> str:
    """Return a number as Twilio takes it; ten digits alone are North American."""
    digits = "".join(one for one in number if one.isdigit())
    if number.strip().startswith("+"):
        return f"+{digits}"
    return f"+1{digits}" if len(digits) == 10 else f"+{digits}"


def _code(body: bytes) -> int:
    try:
        return int(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return 0
