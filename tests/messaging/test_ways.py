"""The ways out against real servers on this machine: SMTP with TLS, and a provider's HTTP API."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from careflow import clock
from careflow.messaging.senders.smtp import SmtpMail
from careflow.messaging.senders.twilio import TwilioSms
from careflow.messaging.ways import Entry, Mail, NotReachedError, RefusedError, Sms
from tests.standins.serving import serving
from tests.standins.twilio import ACCOUNT, TOKEN, TwilioStandin

MAIL = Mail(
    "message-1",
    "ebb@mail.example",
    "Su cita en Harbour",
    "Hola, Ebb:\n\nviernes, 6 de marzo, 2:00 p. m. EST — mañana\n",
    (Entry("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST"),),
    "https://clinic.example/link#x",
)
SMS = Sms("message-2", "(202) 555-0123", "Harbour: Friday, March 6, 2026, 2:00 PM EST")


class Mailbox:
    """What a mail server does with what it is given; addresses may be refused."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.users: list[str] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("nobody"):
            return "550 5.1.1 No such mailbox"
        if address.startswith("full"):
            return "452 4.2.2 Mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        assert isinstance(envelope.content, bytes)
        self.got.append(envelope.content)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        del server, session, envelope, mechanism
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"a secret", handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = clock.now() - timedelta(days=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(made)
        .not_valid_after(made + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, plain)
    )
    return path


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def server(mailbox: Mailbox, certificate: Path) -> AsyncIterator[SmtpMail]:
    """Serve mail with STARTTLS and a password, and yield the way to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def session() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=mailbox.authenticate,
            loop=asyncio.get_running_loop(),
        )

    listening = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    yield way(listening.sockets[0].getsockname()[1], trust=str(certificate))
    listening.close()


def way(port: int, **how: Any) -> SmtpMail:
    said: dict[str, Any] = {"user": "harbour", "password": "a secret", **how}
    return SmtpMail(
        "localhost",
        port,
        security=said.pop("security", "starttls"),
        sender="visits@clinic.example",
        sender_name="Harbour",
        **said,
    )


async def test_a_mail_arrives_whole_over_tls_with_its_invitation(
    server: SmtpMail, mailbox: Mailbox
) -> None:
    await server.send(MAIL)
    got = email.message_from_bytes(mailbox.got[0], policy=email.policy.default)
    assert isinstance(got, EmailMessage)
    assert (got["Subject"], got["To"]) == (MAIL.subject, MAIL.to)
    assert got["From"] == "Harbour <visits@clinic.example>"
    assert got["Message-ID"] == "<message-1@clinic.example>"
    assert got["List-Unsubscribe"] == f"<{MAIL.stop}>"
    text, invitation = got.iter_parts()
    assert text.get_content().splitlines() == MAIL.text.splitlines()
    assert invitation.get_content_type() == "text/calendar"
    assert invitation.get_param("method") == "REQUEST"
    assert b"BEGIN:VCALENDAR" in invitation.get_payload(decode=True)
    assert mailbox.users == ["harbour"]


@pytest.mark.parametrize(
    ("to", "error"), [("nobody@mail.example", RefusedError), ("full@mail.example", NotReachedError)]
)
async def test_a_recipient_may_be_refused_for_good_or_for_now(
    server: SmtpMail, to: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await server.send(Mail("m", to, "s", "t"))


async def test_what_is_ours_to_put_right_is_no_refusal_of_the_recipient(
    server: SmtpMail, mailbox: Mailbox
) -> None:
    wrong_password = way(server.port, password="another", trust=server.trust)
    untrusted = way(server.port)
    unsecured = way(server.port, security="none")
    for one in (wrong_password, untrusted, unsecured):
        with pytest.raises(NotReachedError):
            await one.send(MAIL)
    assert mailbox.got == []


async def test_a_server_that_is_not_there_is_not_reached() -> None:
    with pytest.raises(NotReachedError):
        await way(1).send(MAIL)


async def test_a_text_message_is_posted_as_the_provider_wants_it() -> None:
    provider = TwilioStandin()
    with serving(provider) as address:
        await TwilioSms(ACCOUNT, TOKEN, sender="+12025550100", base=address).send(SMS)
        await TwilioSms(ACCOUNT, TOKEN, sender="MG123", base=address).send(SMS)
    first, second = provider.taken
    assert first == {"To": "+12025550123", "From": "+12025550100", "Body": SMS.text}
    assert second["MessagingServiceSid"] == "MG123"


async def test_a_provider_may_refuse_for_good_for_now_or_because_of_a_stop() -> None:
    provider = TwilioStandin()
    with serving(provider) as address:
        sms = TwilioSms(ACCOUNT, TOKEN, sender="+12025550100", base=address)
        for fault in ("401", "429", "500"):
            provider.script.append(fault)
            with pytest.raises(NotReachedError):
                await sms.send(SMS)
        for fault, stops in (("invalid", False), ("stopped", True)):
            provider.script.append(fault)
            with pytest.raises(RefusedError) as refused:
                await sms.send(SMS)
            assert refused.value.stops is stops
    with pytest.raises(NotReachedError):
        await sms.send(SMS)
    assert provider.taken == []
