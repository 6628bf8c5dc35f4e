"""Booking without an account over one platform: how its codes leave, how its visits are written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar, Final

from careflow.errors import UnavailableError
from careflow.messaging.calendar import Shown, calendar_of
from careflow.messaging.visits import VisitBook
from careflow.records.registration.registering import Registration
from careflow.scheduling.desk import Desk
from careflow.scheduling.holding import Holding
from careflow.scheduling.visitors.booking import VisitorDesk
from careflow.scheduling.visitors.keeping import CodeSender, Keeping
from careflow.scheduling.visitors.stored import Visitors

SendMail = Callable[[str, str, str], Awaitable[None]]
"""Sends a mail: to whom, its subject, its text."""

_WORDS: Final = {
    "en": (
        "Your code is {code}",
        "Your code to book a visit at {clinic} is {code}. It holds for 15 minutes."
        " If you did not ask for it, nothing is booked and you can delete this message.",
    ),
    "es": (
        "Su código es {code}",
        "Su código para pedir una cita en {clinic} es {code}. Vale durante 15 minutos."
        " Si no lo ha pedido, no se reserva nada y puede borrar este mensaje.",
    ),
}


class NoMailError(UnavailableError):
    """The clinic has no mail server, so nobody's address can be proved."""

    code: ClassVar[str] = "scheduling-no-mail"

    def __init__(self) -> None:
        super().__init__("The clinic cannot send codes now: please call to book.")


def code_sender(send: SendMail | None, *, clinic: str, synthetic: bool) -> CodeSender:
    """Return how codes leave; a synthetic clinic without mail shows them on its page."""

    async def sent(*, email: str, code: str, language: str) -> str | None:
        if send is None:
            if synthetic:
                return code
            raise NoMailError
        subject, text = _WORDS.get(language, _WORDS["en"])
        await send(email, subject.format(code=code), text.format(code=code, clinic=clinic))
        return None

    return sent


def build_visitor_desk(
    desk: Desk, holding: Holding, registration: Registration, send: CodeSender
) -> VisitorDesk:
    """Build booking for who has no account, by the one verb that books."""
    visitors = Visitors(desk.documents, desk.organisation, desk.clock)
    keeping = Keeping(visitors, holding, desk.clock, send)
    return VisitorDesk(keeping, desk, registration, desk.clock)


def visit_calendar(
    book: VisitBook, *, clinic: str, organisation: str
) -> Callable[[str], Awaitable[str | None]]:
    """Return how a visit is written for its patient's calendar: as the messages about it do."""

    async def written(id: str) -> str | None:
        visit = await book.visit(id)
        if visit is None:
            return None
        return calendar_of([Shown(visit, clinic)], "PUBLISH", organisation=organisation)

    return written
