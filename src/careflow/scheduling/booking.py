"""The one verb that writes visits: it owns Appointment, whoever asks and by whichever way.

What is checked (hours, leave, buffers, limits) still holds when the commit comes, and the time
itself is claimed in that commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol
from weakref import WeakKeyDictionary

import msgspec

from careflow.clock import Clock
from careflow.database.documents import Claim, Delete, Document, Documents, Put, Release, Restore
from careflow.database.scope import organisation_scope
from careflow.database.work import Staged, Work
from careflow.fhir.resource import parse
from careflow.records.owners import Proposal, keep
from careflow.records.proposing import put_of
from careflow.scheduling.agenda import move_on
from careflow.scheduling.claims import LONGEST, group_holder, keys_of, lane_of
from careflow.scheduling.diaries import Diaries, staged
from careflow.scheduling.fitting import Wish, check
from careflow.scheduling.holds import Holds
from careflow.scheduling.notices import Notices, Word, kind_of
from careflow.scheduling.plan import Calendar, NotPlannedError, Place, Plan, VisitType
from careflow.scheduling.plans import Plans
from careflow.scheduling.refusals import TimesIncompleteError
from careflow.scheduling.taken import Diary, Taken
from careflow.scheduling.visit import (
    DECODER,
    Appointment,
    Channel,
    buffers_noted,
    taken_of,
    wall_noted,
    with_noted,
)
from careflow.scheduling.wall import minutes_of

_json = msgspec.json.Encoder(decimal_format="number")
_OWN: Final = frozenset({"portal", "offer"})
"""Ways by which patients themselves change visits."""
_ELSEWHERE = VisitType(id="", name="Visit", minutes=0, who="staff")
"""A visit whose kind the plan does not know: it has its time, and no rule but that."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a visit is asked for.

    Attributes:
        channel: By which way.
        squeeze: Why it is put beside others, if it is.
        despite: Why the patient has two visits at once, if they do.
        hold: The hold whose time it takes over.
    """

    channel: Channel = "fhir"
    squeeze: str | None = None
    despite: str | None = None
    hold: str | None = None


class Listener(Protocol):
    """Hears, within the same commit, whose time is given up and taken."""

    def given_up(self, work: Work, one: Taken, place: Place | None) -> None:
        """Hear that a visit gave up a time that is still to come."""
        ...

    async def taken(self, work: Work, one: Taken) -> None:
        """Hear that a visit has a time."""
        ...


@dataclass(frozen=True, slots=True)
class Booking:
    """Stages visits together with their claims on time.

    Where ``notices`` is given, what patients are to be told is queued in the same commit.
    """

    documents: Documents
    organisation: str
    clock: Clock
    listener: Listener | None = None
    notices: Notices | None = None
    words: WeakKeyDictionary[Work, Word] = field(default_factory=WeakKeyDictionary)
    terms: WeakKeyDictionary[Work, Terms] = field(default_factory=WeakKeyDictionary)
    calendars: WeakKeyDictionary[Work, Calendar] = field(default_factory=WeakKeyDictionary)

    def on_calendar(self, work: Work, calendar: Calendar) -> None:
        """Say which calendar a unit of work stores: its visits are checked against that one."""
        self.calendars[work] = calendar

    def on_terms(self, work: Work, terms: Terms) -> None:
        """Say how the visits of a unit of work are asked for; without it, by FHIR."""
        self.terms[work] = terms

    def on_word(self, work: Work, word: Word) -> None:
        """Say how people hear of what a unit of work changes; without it, at once."""
        self.words[work] = word

    async def __call__(self, work: Work, proposal: Proposal) -> Staged:
        """Stage a change of an Appointment, or raise one of :mod:`.refusals`."""
        by = proposal.subject
        before = await self._standing(proposal.change.id)
        plan = (await Plans(self.documents, self.organisation).plan()).value
        had = None if before is None else taken_of(before, plan, by=by)
        had = staged.get(work, {}).get(by, had)
        if proposal.resource is None or isinstance(proposal.change, Delete):
            return await self._deleted(work, proposal, (before, had), plan)
        appointment = DECODER.decode(proposal.resource.body)
        wanted = taken_of(appointment, plan, by=by)
        now = minutes_of(self.clock())
        if isinstance(proposal.change, Restore) and _is_news(wanted, had, now):
            return await self._restored(work, proposal, appointment, plan, wanted)
        if not _is_news(wanted, had, now):
            staged.setdefault(work, {})[by] = wanted
            if wanted is None and had is not None:
                await self._give_up(work, had, before, plan)
            noted = self._noted(proposal, appointment, plan, wanted, had=before)
            return await self._kept(work, noted, before, plan)
        return await self._placed(work, proposal, appointment, plan, (before, had), wanted)

    async def _placed(
        self,
        work: Work,
        proposal: Proposal,
        appointment: Appointment,
        plan: Plan,
        standing: tuple[Appointment | None, Taken | None],
        wanted: Taken | None,
    ) -> Staged:
        assert wanted is not None  # noqa: S101 - what is news has a time
        before, had = standing
        terms = self.terms.get(work, Terms())
        if appointment.start and appointment.end and appointment.end <= appointment.start:
            raise TimesIncompleteError("A visit ends after it begins.")
        if wanted.end - wanted.begin > LONGEST:
            raise TimesIncompleteError("A visit is at most one day long: enter leave instead.")
        type_ = _type_of(appointment, plan)
        wanted = replace(
            wanted,
            before=type_.before,
            after=type_.after,
            squeezed=terms.squeeze is not None,
        )
        resources = {*wanted.resources, *(had.resources if had else ())}
        await move_on(self.documents, work, resources, self.organisation)
        now = minutes_of(self.clock())
        diary = await self._diary(work, plan, wanted, terms, now)
        place = appointment.place(plan)
        wish = Wish(wanted, type_, place, terms.channel, squeeze=terms.squeeze)
        calendars = await self._calendars(work, wanted)
        check(wish, calendars, diary, now=now)
        if terms.despite is None and terms.channel != "fhir" and wanted.patient:
            theirs = await Diaries(self.documents, self.organisation).of_patient(
                plan, (wanted.begin, wanted.end), wanted.patient
            )
            wish.refuse_busy(theirs)
        if had is not None:
            self._release(work, had, diary)
            self._say_free(work, had, before, plan)
        holds = Holds(self.documents, self.organisation)
        if terms.hold is not None:
            holds.release(work, terms.hold)
        await holds.end_over(work, wanted.resources, (wanted.begin, wanted.end), now)
        self._claim(work, wanted, type_, diary)
        if self.listener is not None:
            await self.listener.taken(work, wanted)
        staged.setdefault(work, {})[proposal.subject] = wanted
        noted = self._noted(proposal, appointment, plan, wanted, type_, terms, had=before)
        return await self._kept(work, noted, before, plan)

    async def _restored(
        self,
        work: Work,
        proposal: Proposal,
        appointment: Appointment,
        plan: Plan,
        wanted: Taken | None,
    ) -> Staged:
        """Stage a visit as an export carried it: it claims its time, whatever the rules are now."""
        assert wanted is not None  # noqa: S101 - what is news has a time
        await move_on(self.documents, work, wanted.resources, self.organisation)
        now = minutes_of(self.clock())
        diary = await self._diary(work, plan, wanted, Terms(), now)
        self._claim(work, wanted, _type_of(appointment, plan), diary)
        staged.setdefault(work, {})[proposal.subject] = wanted
        return await keep(work, proposal)

    # --- what stands -----------------------------------------------------------------------

    async def _standing(self, id: str) -> Appointment | None:
        scope = organisation_scope(self.organisation)
        found: Document | None = await self.documents.read("Appointment", id, scope)
        return None if found is None or found.deleted else DECODER.decode(found.body)

    async def _diary(self, work: Work, plan: Plan, wanted: Taken, terms: Terms, now: int) -> Diary:
        around = (wanted.begin - 1440, wanted.end + 1440)
        diary = await Diaries(self.documents, self.organisation).load(
            plan, around, wanted.resources, work=work, now=now
        )
        own = {wanted.by, f"visit-hold/{terms.hold}"}
        return Diary.of(one for one in diary.everything() if one.by not in own)

    async def _calendars(self, work: Work, wanted: Taken) -> Mapping[str, Calendar]:
        plans = Plans(self.documents, self.organisation)
        found: dict[str, Calendar] = {}
        changed = self.calendars.get(work)
        for resource in wanted.resources:
            if changed is not None and resource == changed.resource:
                found[resource] = changed
            elif resource.startswith("Practitioner/"):
                stored = await plans.calendar(resource.partition("/")[2])
                if stored is not None:
                    found[resource] = stored.value
        return found

    # --- claims ----------------------------------------------------------------------------

    def _claim(self, work: Work, one: Taken, type_: VisitType, diary: Diary) -> None:
        holder = one.by
        lane = 0
        if type_.seats > 1:
            holder = group_holder(one)
        elif one.squeezed:
            lane = max(lane_of(one, diary.of_resource(resource)) for resource in one.resources)
        for key in keys_of(one, lane=lane):
            work.claim(Claim(self.organisation, key, holder))

    def _release(self, work: Work, had: Taken, diary: Diary) -> None:
        """Stage that a visit gives up its time; a group keeps it while others have seats."""
        for lane in range(1 + 8 * had.squeezed):
            for key in keys_of(had, lane=lane):
                work.release(Release(self.organisation, key, had.by))
        if not _group(had, diary):
            for key in keys_of(had):
                work.release(Release(self.organisation, key, group_holder(had)))

    async def _give_up(
        self, work: Work, had: Taken, before: Appointment | None, plan: Plan
    ) -> None:
        await move_on(self.documents, work, had.resources, self.organisation)
        now = minutes_of(self.clock())
        diary = await Diaries(self.documents, self.organisation).load(
            plan, (had.begin, had.end), had.resources, work=work, now=now
        )
        rest = Diary.of(one for one in diary.everything() if one.by != had.by)
        self._release(work, had, rest)
        self._say_free(work, had, before, plan)

    def _say_free(self, work: Work, had: Taken, before: Appointment | None, plan: Plan) -> None:
        if self.listener is not None and before is not None:
            self.listener.given_up(work, had, before.place(plan))

    async def _deleted(
        self,
        work: Work,
        proposal: Proposal,
        standing: tuple[Appointment | None, Taken | None],
        plan: Plan,
    ) -> Staged:
        before, had = standing
        if had is not None:
            await self._give_up(work, had, before, plan)
        staged.setdefault(work, {})[proposal.subject] = None
        return await keep(work, proposal)

    # --- what is stored --------------------------------------------------------------------

    async def _kept(
        self, work: Work, proposal: Proposal, before: Appointment | None, plan: Plan
    ) -> Staged:
        """Stage a visit, and what its patient is told of it.

        What a program writes as FHIR is told of only where it changes a visit that there was: a
        record that is brought in from elsewhere is no news to anybody.
        """
        terms = self.terms.get(work)
        is_brought_in = terms is None and before is None
        if self.notices is not None and proposal.resource is not None and not is_brought_in:
            after = DECODER.decode(proposal.resource.body)
            word = self.words.get(work) or Word(own=terms is not None and terms.channel in _OWN)
            place = after.place(plan)
            zone = place.clock if place else None
            await self.notices.tell_change(work, proposal.change.id, before, after, word, zone)
        return await keep(work, proposal)

    def _noted(
        self,
        proposal: Proposal,
        appointment: Appointment,
        plan: Plan,
        wanted: Taken | None,
        type_: VisitType | None = None,
        terms: Terms | None = None,
        *,
        had: Appointment | None = None,
    ) -> Proposal:
        """Return the proposal with the wall time, buffers and reasons noted in the Appointment."""
        change, resource = proposal.change, proposal.resource
        place: Place | None = appointment.place(plan)
        if not isinstance(change, Put) or resource is None:
            return proposal
        noted = appointment.noted()
        values = {**noted, **_risen(had, appointment)}
        if place is not None and wanted is not None:
            wall = wall_noted(wanted.begin, place.clock)
            values |= {**wall, **(buffers_noted(type_) if type_ else {})}
        if terms is not None:
            values.pop("squeezed", None)
            reasons = {"squeezed": terms.squeeze, "despite": terms.despite}
            values |= {name: text for name, text in reasons.items() if text}
        if values == noted:
            return proposal
        body = _json.encode(with_noted(msgspec.json.decode(resource.body), values))
        checked = parse(body)
        again = put_of(checked, change.id, change.organisation, expected=change.expected)
        return replace(proposal, change=again, resource=checked)


def _risen(had: Appointment | None, now: Appointment) -> dict[str, str | int]:
    """Return the sequence of a visit that was changed without one that is high enough."""
    if had is None:
        return {}
    before, after = (int(one.noted().get("sequence", 0)) for one in (had, now))
    needed = before + (kind_of(had, now) in {"moved", "cancelled"})
    return {"sequence": needed} if after < needed else {}


def _is_news(wanted: Taken | None, had: Taken | None, now: int) -> bool:
    """Report whether a change takes time that was not its own; what is over takes none."""
    if wanted is None or wanted.end <= now or not wanted.resources:
        return False
    return had is None or (wanted.begin, wanted.end, set(wanted.resources)) != (
        had.begin,
        had.end,
        set(had.resources),
    )


def _type_of(appointment: Appointment, plan: Plan) -> VisitType:
    try:
        return plan.type(appointment.type_id)
    except NotPlannedError:
        return _ELSEWHERE


def _group(one: Taken, diary: Diary) -> list[Taken]:
    """Return the others of the same visit of several."""
    clinicians = [each for each in one.resources if each.startswith("Practitioner/")]
    return [
        other
        for each in clinicians
        for other in diary.of_resource(each)
        if other.type == one.type and other.begin == one.begin and other.by != one.by and one.type
    ]
