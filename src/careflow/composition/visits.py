"""Scheduling's rooms over one platform's records."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.clock import Clock
from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.ids import Mint
from careflow.jobs.job import Handler
from careflow.records.elements import decoded
from careflow.records.operations import Elsewhere
from careflow.records.store import Records
from careflow.scheduling.absence.proposing import Proposing
from careflow.scheduling.absence.settling import AbsenceDesk
from careflow.scheduling.booking import Booking
from careflow.scheduling.calendars.saving import Planning
from careflow.scheduling.desk import Desk
from careflow.scheduling.fhir import VisitOperations
from careflow.scheduling.finding import Finder
from careflow.scheduling.flow.moving import Flow
from careflow.scheduling.holding import Holding
from careflow.scheduling.lapsing import Lapsing
from careflow.scheduling.notices import Notices
from careflow.scheduling.plans import Plans
from careflow.scheduling.series.booking import SeriesDesk
from careflow.scheduling.settling import Settling
from careflow.scheduling.waitlist.answering import Answering
from careflow.scheduling.waitlist.freed import Freed
from careflow.scheduling.waitlist.offering import Offering
from careflow.scheduling.waitlist.stored import Waitlist


@dataclass(frozen=True, slots=True)
class Visits:
    """What finds, holds and books visits, and what becomes of them."""

    plans: Plans
    finder: Finder
    holding: Holding
    desk: Desk
    flow: Flow
    planning: Planning
    series: SeriesDesk
    absences: AbsenceDesk
    waitlist: Waitlist
    offering: Offering
    answering: Answering

    def handlers(self) -> dict[str, Handler]:
        """Return what to do for scheduling's jobs."""
        return {**self.offering.handlers(), **Lapsing(self.desk).handlers()}

    def over_fhir(self) -> Elsewhere:
        """Return what the record hands on to scheduling."""
        return VisitOperations(self.finder, self.holding, self.desk).elsewhere()


def build_booking(documents: Documents, organisation: str, clock: Clock, mint: Mint) -> Booking:
    """Build the one verb that writes visits: who waits hears of freed times, and patients."""
    notices = Notices(documents, organisation, clock)
    freed = Freed(documents, organisation, clock, mint, notices)
    return Booking(documents, organisation, clock, freed, notices)


def build_visits(records: Records, booking: Booking, mint: Mint) -> Visits:
    """Build scheduling; whoever changes a clinician's time takes turns with the others."""
    documents, organisation, clock = records.documents, booking.organisation, booking.clock
    settling = Settling(documents)
    finder = Finder(documents, organisation, clock)
    desk = Desk(documents, records, booking, finder, settling, organisation, clock)

    async def reachable(patient: str) -> bool:
        """Report whether somebody can be written to: an e-mail address stands in the record."""
        found = await documents.read("Patient", patient, organisation_scope(organisation))
        ways = decoded(found).get("telecom", ()) if found and not found.deleted else ()
        return any(one.get("system") == "email" and one.get("value") for one in ways)

    offering = Offering(desk, clock, mint, booking.notices)
    return Visits(
        plans=Plans(documents, organisation),
        finder=finder,
        holding=Holding(documents, organisation, clock, mint, settling),
        desk=desk,
        flow=Flow(documents, records, booking, settling, organisation, clock),
        planning=Planning(documents, organisation, clock, settling),
        series=SeriesDesk(desk, clock, mint),
        absences=AbsenceDesk(desk, Proposing(desk, reachable), clock, mint),
        waitlist=Waitlist(documents, organisation),
        offering=offering,
        answering=Answering(desk, offering, clock),
    )
