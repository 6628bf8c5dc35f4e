"""Seeded histories of a clinic: each notice is told once, or dropped since it was not so any more.

Visits are booked, moved, cancelled and put off by leave, while processes that send die at any
moment and the mail server comes and goes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec
import pytest

from careflow.database.documents import Query
from careflow.errors import CareFlowError
from careflow.jobs.stored import KIND as JOB
from careflow.jobs.stored import StoredJob
from careflow.messaging.stored import MESSAGE, NOTICE, Message, Notice
from careflow.messaging.ways import Effect, Mail, NotReachedError
from careflow.records.notices import NOTICE as NOTICE_JOB
from careflow.scheduling.visit import DECODER
from careflow.scheduling.wall import instant_of
from tests.contracts.engines import ENGINES, SetClock
from tests.messaging.office import Letters, Office, built, opened
from tests.scheduling.clinic import FIN, NEW_YORK, asked, at

T = TypeVar("T")
STEPS = 14
BEGINS = [at(day, hour) for day in (3, 4, 5, 6, 9) for hour in (9, 11, 13, 15)]


class _PowerCutError(BaseException):
    """The process is gone."""


@dataclass
class _Rough:
    """A way on which a process dies, before a mail left or after, and which is away at times."""

    letters: Letters
    chance: Random
    effect: Effect = "sends"
    sender: str = "visits@clinic.example"
    cuts: int = 0

    async def send(self, mail: Mail) -> None:
        what = self.chance.random()
        if what < 0.1:
            raise NotReachedError
        if what < 0.2:
            self.cuts += 1
            raise _PowerCutError
        await self.letters.send(mail)
        if what < 0.3:
            self.cuts += 1
            raise _PowerCutError


@dataclass
class History:
    """One history on its way; ``office`` is the process that runs now."""

    office: Office
    way: _Rough
    chance: Random
    starts: int = 0

    async def run(self) -> None:
        """Let things happen, each followed by some time, and at the end by days."""
        for _ in range(STEPS):
            try:
                await self._happen()
            except CareFlowError as error:
                if error.status >= 500:
                    raise
            await self._go_on(timedelta(minutes=self.chance.choice((0, 1, 11, 90, 600))))
        await self._go_on(timedelta(days=9))

    async def _happen(self) -> None:
        desk, visits = self.office.visits.desk, await self._standing()
        what = self.chance.choice(("book", "book", "move", "cancel", "leave", "confirm"))
        patient = f"p{self.chance.randint(1, 4)}"
        begin = self.chance.choice(BEGINS)
        if what == "book" or not visits:
            await desk.book(asked(begin, patient=patient, despite="Both"), actor=FIN)
            return
        id, version, practitioner = self.chance.choice(visits)
        if what == "move":
            wish = asked(begin, patient="", practitioner=practitioner, despite="Both")
            await desk.move(id, wish, actor=FIN, expected=version)
        elif what == "cancel":
            await desk.cancel(id, actor=FIN)
        elif what == "confirm":
            await self.office.visits.flow.move(id, "confirmed", actor=FIN, expected=version)
        else:
            await self._leave(begin)

    async def _leave(self, begin: int) -> None:
        absences = self.office.visits.absences
        since, until = instant_of(begin), instant_of(begin + 180)
        proposed = await absences.proposing.proposed("ada", since, until, actor=FIN)
        saved = await absences.save("ada", since, until, proposed, actor=FIN)
        if self.chance.random() < 0.4:
            await absences.take_back(saved.id, actor=FIN)

    async def _standing(self) -> list[tuple[str, int, str]]:
        page = await self.office.documents.find(
            Query("Appointment", count=200), self.office.visits.desk.everything
        )
        found = []
        for one in page.documents:
            visit = DECODER.decode(one.body)
            if visit.status == "booked" and visit.start and visit.start > self.office.clock():
                who = visit.references("Practitioner")[0].removeprefix("Practitioner/")
                found.append((one.id, one.version, who))
        return found

    async def _go_on(self, length: timedelta) -> None:
        until = self.office.clock() + length
        while True:
            await self._drain()
            if self.office.clock() >= until:
                return
            step = self.office.clock() + timedelta(minutes=30)
            self.office.clock.instant = min(until, step)

    async def _drain(self) -> None:
        """Do what is due; where the process dies another begins, with nothing but the database."""
        while True:
            try:
                if not await self.office.queue.run_once():
                    return
            except _PowerCutError:
                self.starts += 1
                office = self.office
                self.office = built(
                    office.documents, office.clock, mail=self.way, worker=f"w{self.starts}"
                )


async def judge(history: History) -> None:
    """Fail unless each notice is told once, or was dropped because it was not so any more."""
    office, everything = history.office, history.office.visits.desk.everything
    notices = {one.id: one for one in await _all(office, NOTICE, Notice)}
    messages = {one.id: one for one in await _all(office, MESSAGE, Message)}
    page = await office.documents.find(Query(JOB, count=1000), everything)
    jobs = [StoredJob.of(one).job for one in page.documents]
    asked_for = {one.id for one in jobs if one.name == NOTICE_JOB}
    late = [one for one in jobs if one.state != "done"]
    assert [one.name for one in late if one.run_at <= office.clock()] == []
    # None is lost: what was queued was taken in, and what was taken in went or was dropped.
    due = {one.id for one in jobs if one.name == NOTICE_JOB and one.state == "done"}
    assert due <= set(notices)
    assert asked_for - due == {one.id for one in late if one.name == NOTICE_JOB}
    told = Counter(id for one in messages.values() for id in one.notices)
    for id, notice in notices.items():
        assert notice.state in {"taken", "dropped"}
        assert told[id] == (1 if notice.state == "taken" else 0)
    for one in messages.values():
        assert one.state in {"sent", "dropped"}, one
    # What left is what is recorded; a cut may have repeated a message, as the same one.
    sent = {one.id for one in messages.values() if one.state == "sent"}
    left = Counter(one.id for one in history.way.letters.got)
    assert sent <= set(left)
    assert sum(count - 1 for count in left.values()) <= history.way.cuts


async def _all(office: Office, kind: str, type_: type[T]) -> list[T]:
    page = await office.documents.find(Query(kind, count=1000), office.visits.desk.everything)
    return [msgspec.json.decode(one.body, type=type_) for one in page.documents]


async def happened(folder: Path, seed: int) -> History:
    clock = SetClock()
    clock.instant = datetime(2026, 3, 2, 9, 0, tzinfo=NEW_YORK)
    folder.mkdir()
    documents = await ENGINES["sqlite"](folder, clock)
    chance = Random(seed)
    way = _Rough(Letters(), chance)
    office = await opened(documents, clock, mail=way)
    history = History(office, way, chance)
    try:
        await history.run()
        await judge(history)
    finally:
        await documents.close()
    return history


async def test_e29_over_histories_with_crashes_every_notice_is_sent_once(tmp_path: Path) -> None:
    cuts = 0
    for seed in range(4):
        history = await happened(tmp_path / str(seed), seed)
        cuts += history.starts
    assert cuts > 0


@pytest.mark.sweep
@pytest.mark.parametrize("hundred", range(10))
async def test_e29_over_a_thousand_histories_every_notice_is_sent_once(
    tmp_path: Path, hundred: int
) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        await happened(tmp_path / str(seed), seed)
