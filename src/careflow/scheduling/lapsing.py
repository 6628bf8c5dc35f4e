"""Ends requests that nobody answered, so that their time is free again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from careflow.jobs.job import Handler, Job
from careflow.scheduling.desk import Desk
from careflow.scheduling.flow.life import stage_of
from careflow.scheduling.requests import LAPSE, RequestOverError, require_standing
from careflow.scheduling.visit import DECODER

WHY: Final = "Nobody answered the request in time."


@dataclass(frozen=True, slots=True)
class Lapsing:
    """Requests of one organisation that run out."""

    desk: Desk

    def handlers(self) -> dict[str, Handler]:
        """Return what to do when a request runs out."""
        return {LAPSE: self._lapse}

    async def _lapse(self, job: Job, work: Work) -> Mapping[str, Any]:
        id = str(job.arguments["visit"])
        document = await self.desk.records.read("Appointment", id, self.desk.everything)
        one = DECODER.decode(document.body)
        if stage_of(one) != "requested":
            return {"ended": 0, "reason": "it was answered"}
        try:
            require_standing(one, self.desk.clock)
        except RequestOverError:
            await self.desk.stage_cancel(
                work, id, actor=_platform(self.desk), reason=WHY, expected=document.version
            )
            return {"ended": 1}
        return {"ended": 0, "reason": "it stands"}


def _platform(desk: Desk) -> Actor:
    """Return who acts when a request runs out: the platform itself."""
    return Actor("requests", "Requests", Role.ADMIN, desk.organisation, session="")
