"""Scheduling's rooms over one platform's records."""

from __future__ import annotations

from dataclasses import dataclass

from careflow.ids import Mint
from careflow.records.store import Records
from careflow.scheduling.booking import Booking
from careflow.scheduling.desk import Desk
from careflow.scheduling.finding import Finder
from careflow.scheduling.flow.moving import Flow
from careflow.scheduling.holding import Holding
from careflow.scheduling.planning import Planning
from careflow.scheduling.plans import Plans
from careflow.scheduling.settling import Settling


@dataclass(frozen=True, slots=True)
class Visits:
    """What finds, holds and books visits."""

    plans: Plans
    finder: Finder
    holding: Holding
    desk: Desk
    flow: Flow
    planning: Planning


def build_visits(records: Records, booking: Booking, mint: Mint) -> Visits:
    """Build scheduling; whoever changes a clinician's time takes turns with the others."""
    documents, organisation, clock = records.documents, booking.organisation, booking.clock
    settling = Settling(documents)
    finder = Finder(documents, organisation, clock)
    return Visits(
        plans=Plans(documents, organisation),
        finder=finder,
        holding=Holding(documents, organisation, clock, mint, settling),
        desk=Desk(documents, records, booking, finder, settling, organisation, clock),
        flow=Flow(documents, records, booking, settling, organisation, clock),
        planning=Planning(documents, organisation, clock, settling),
    )
