"""Mail by SMTP (RFC 5321), with the calendar entry as iTIP over mail wants it (RFC 6047)."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr, formatdate
from typing import Final, Literal

from careflow.messaging.ways import Effect, Mail, NotReachedError, RefusedError

Security = Literal["starttls", "tls", "none"]
_TIMEOUT_S: Final = 30
_PERMANENT: Final = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """One mail server.

    Attributes:
        security: TLS begun by STARTTLS, from the first byte, or none.
        trust: Certificates to trust besides the system's; for a server of one's own.
    """

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: str | None = None

    @property
    def effect(self) -> Effect:
        """Mail given to a server is sent."""
        return "sends"

    async def send(self, mail: Mail) -> None:
        """Give a mail over, or raise :class:`NotReachedError` or :class:`RefusedError`."""
        await asyncio.to_thread(self._send, self._message(mail), mail.to)

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = formataddr((self.sender_name, self.sender))
        message["To"] = mail.to
        message["Subject"] = mail.subject
        message["Date"] = formatdate()
        host = self.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{mail.id}@{host}>"
        message["Auto-Submitted"] = "auto-generated"
        if mail.stop:
            message["List-Unsubscribe"] = f"<{mail.stop}>"
        message.set_content(mail.text)
        for number, entry in enumerate(mail.entries, start=1):
            name = "visit.ics" if len(mail.entries) == 1 else f"visit-{number}.ics"
            message.add_attachment(
                entry.text.encode(),
                maintype="text",
                subtype="calendar",
                filename=name,
                params={"method": entry.method, "charset": "utf-8"},
            )
        return message

    def _send(self, message: EmailMessage, to: str) -> None:
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message, self.sender, [to])
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise (RefusedError() if code in _PERMANENT else NotReachedError()) from error
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            # Ours to put right, not the recipient's: it is tried again, and seen in the outbox.
            raise NotReachedError from error
        except smtplib.SMTPResponseException as error:
            is_refused = error.smtp_code in _PERMANENT
            raise (RefusedError() if is_refused else NotReachedError()) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotReachedError from error

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=_TIMEOUT_S, context=self._context()
            )
        server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT_S)
        if self.security == "starttls":
            try:
                server.starttls(context=self._context())
            except BaseException:
                server.close()
                raise
        return server

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.trust is not None:
            context.load_verify_locations(self.trust)
        return context
