"""Books, moves and cancels visits that come back: each date is looked at first, then all or none.

An edge: it commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from careflow.clock import Clock
from careflow.database.documents import Document
from careflow.database.work import Staged, Work
from careflow.errors import CareFlowError, ConflictError
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.scheduling.asking import Asked
from careflow.scheduling.desk import Desk
from careflow.scheduling.openings import Opening
from careflow.scheduling.plans import Plans
from careflow.scheduling.series.rule import Occurrence, occurrences
from careflow.scheduling.series.stored import AllSeries, Series
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of, later_if_skipped, minutes_of

Which = Literal["this", "following", "all"]


class SeriesConflictError(ConflictError):
    """Some dates of a series do not fit; nothing was stored."""

    code: ClassVar[str] = "scheduling-series-conflict"

    def __init__(self, dates: Sequence[str]) -> None:
        super().__init__(
            "Some dates do not fit: leave them out, shift them, or squeeze them in.",
            facts={"dates": list(dates)},
        )
        self.dates = tuple(dates)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done about one date: left out, shifted to another begin, or squeezed in."""

    leave_out: bool = False
    begin: int | None = None
    squeeze: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """One date of a series or of a change of one.

    Attributes:
        visit: The visit that stands there now, for a change.
        problem: Code of why it does not fit, ``None`` if it does.
        instead: What is free near it.
    """

    occurrence: Occurrence
    visit: str | None = None
    problem: str | None = None
    instead: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesDesk:
    """Series of one organisation."""

    desk: Desk
    clock: Clock
    mint: Mint

    @property
    def _all(self) -> AllSeries:
        return AllSeries(self.desk.documents, self.desk.organisation)

    # --- a new series ----------------------------------------------------------------------

    async def preview(self, asked: Asked, rule: str, *, actor: Actor) -> list[Preview]:
        """Return every date of a rule, and which do not fit and why; nothing is stored."""
        found = []
        for one in await self._dates(asked, rule):
            problem, instead = await self._tried(replace(asked, begin=one.begin), actor)
            found.append(Preview(one, None, problem, instead))
        return found

    async def book(
        self, asked: Asked, rule: str, choices: Mapping[str, Choice], *, actor: Actor
    ) -> list[Document]:
        """Book every date of a rule but those left out, or none at all.

        ``choices`` are by date, as "2026-03-10".

        Raises:
            SeriesConflictError: Dates that nothing was chosen for do not fit.
        """
        dates = await self._dates(asked, rule)
        id = self.mint()

        async def stage(work: Work) -> list[Staged]:
            staged, wrong, left_out = [], [], []
            for one in dates:
                day = one.wall.date().isoformat()
                choice = choices.get(day, Choice())
                if choice.leave_out:
                    left_out.append(day)
                    continue
                begin = one.begin if choice.begin is None else choice.begin
                wish = replace(asked, begin=begin, squeeze=choice.squeeze)
                noted = {"series": id, "occurrence": one.wall.isoformat()}
                try:
                    staged.append(
                        await self.desk.stage_booking(work, wish, actor=actor, noted=noted)
                    )
                except CareFlowError as error:
                    if error.status >= 500:
                        raise
                    wrong.append(day)
            if wrong:
                raise SeriesConflictError(wrong)
            series = Series(
                id=id,
                rule=rule,
                wall=dates[0].wall.isoformat(),
                type=asked.type,
                place=asked.place,
                practitioner=asked.practitioner,
                patient=asked.patient,
                left_out=tuple(left_out),
            )
            self._all.put(work, series, expected=0)
            return staged

        staged = await self.desk.settling.settled(stage, asked.practitioner)
        return [one.document for one in staged]

    # --- changing one ----------------------------------------------------------------------

    async def preview_move(
        self, visit: str, which: Which, begin: int, *, actor: Actor
    ) -> list[Preview]:
        """Return what moving a visit, and those it stands for, would do to each date."""
        found = []
        for document, asked, one in await self._moving(visit, which, begin):
            problem, instead = await self._tried(asked, actor, moving=document.id)
            found.append(Preview(one, document.id, problem, instead))
        return found

    async def move(
        self,
        visit: str,
        which: Which,
        begin: int,
        choices: Mapping[str, Choice],
        *,
        actor: Actor,
    ) -> list[Document]:
        """Move one visit, it and those after it, or all to come: by the same days and wall time.

        Past visits never change, and what was left out stays left out.
        """
        moving = await self._moving(visit, which, begin)

        async def stage(work: Work) -> list[Staged]:
            staged, wrong = [], []
            for document, asked, one in moving:
                day = one.wall.date().isoformat()
                choice = choices.get(day, Choice())
                if choice.leave_out:
                    continue
                start = asked.begin if choice.begin is None else choice.begin
                wish = replace(asked, begin=start, squeeze=choice.squeeze)
                try:
                    staged.append(
                        await self.desk.stage_move(
                            work, document.id, wish, actor=actor, expected=document.version
                        )
                    )
                except CareFlowError as error:
                    if error.status >= 500:
                        raise
                    wrong.append(day)
            if wrong:
                raise SeriesConflictError(wrong)
            return staged

        staged = await self.desk.settling.settled(stage, moving[0][1].practitioner)
        return [one.document for one in staged]

    async def cancel(
        self, visit: str, which: Which, *, actor: Actor, reason: str | None = None
    ) -> list[Document]:
        """Cancel one visit, it and those after it, or all to come."""
        affected = await self._affected(visit, which)

        async def stage(work: Work) -> list[Staged]:
            return [
                await self.desk.stage_cancel(
                    work, one.id, actor=actor, reason=reason, expected=one.version
                )
                for one in affected
            ]

        staged = await self.desk.settling.settled(stage)
        return [one.document for one in staged]

    # --- what is affected ------------------------------------------------------------------

    async def _dates(self, asked: Asked, rule: str) -> list[Occurrence]:
        plan = (await Plans(self.desk.documents, self.desk.organisation).plan()).value
        zone = plan.place(asked.place).clock
        first = instant_of(asked.begin, zone).replace(tzinfo=None, fold=0)
        return occurrences(rule, first, zone)

    async def _affected(self, visit: str, which: Which) -> list[Document]:
        series, _ = await self._all.of_visit(visit)
        later = await self._all.visits(series, after=minutes_of(self.clock()))
        ids = [one.id for one in later]
        if which == "all" or visit not in ids:
            return later
        index = ids.index(visit)
        return later[index : index + 1] if which == "this" else later[index:]

    async def _moving(
        self, visit: str, which: Which, begin: int
    ) -> list[tuple[Document, Asked, Occurrence]]:
        """Return each visit affected with where it goes: moved by as much wall time as the one."""
        plan = (await Plans(self.desk.documents, self.desk.organisation).plan()).value
        affected = await self._affected(visit, which)
        series, _ = await self._all.of_visit(visit)
        zone = plan.place(series.place).clock
        shift: timedelta | None = None
        walls = {one.id: _wall(one) for one in affected}
        if visit in walls:
            shift = instant_of(begin, zone).replace(tzinfo=None) - walls[visit]
        found = []
        for document in affected:
            wall = walls[document.id] + (shift or timedelta())
            at, is_moved = later_if_skipped(wall, zone)
            one = Occurrence(wall, minutes_of(at), is_moved)
            appointment = DECODER.decode(document.body)
            clinicians = appointment.references("Practitioner")
            asked = Asked(
                type=appointment.type_id,
                place=series.place,
                practitioner=(clinicians or ("",))[0].removeprefix("Practitioner/"),
                begin=one.begin,
                patient=series.patient,
            )
            found.append((document, asked, one))
        return found

    async def _tried(
        self, asked: Asked, actor: Actor, *, moving: str | None = None
    ) -> tuple[str | None, tuple[Opening, ...]]:
        """Stage a date on a work that is never committed, and return why it does not fit."""
        work = Work(self.desk.documents)
        try:
            if moving is None:
                await self.desk.stage_booking(work, asked, actor=actor)
            else:
                await self.desk.stage_move(work, moving, asked, actor=actor)
        except CareFlowError as error:
            if error.status >= 500:
                raise
            near = await self.desk.finder.instead_of(
                asked.type, asked.place, asked.begin, channel="desk"
            )
            return error.code, tuple(near)
        return None, ()


def _wall(document: Document) -> datetime:
    noted = DECODER.decode(document.body).noted()
    return datetime.fromisoformat(str(noted["wall"]))
