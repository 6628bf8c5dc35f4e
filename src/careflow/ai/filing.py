"""Writes an accepted report to the chart: report, results, original and where they come from.

Only :class:`Accepted` gets in here, so nothing that nobody signed can reach a chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec

from careflow.ai.draft import Accepted
from careflow.ai.lab_checks import printed_range
from careflow.ai.lab_report import LabReport, Reading, ReportHead, Row
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import instant_text
from careflow.database.work import Work
from careflow.errors import UnprocessableError
from careflow.fhir.resource import parse
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.knowledge.labs import parse_unit, parse_value
from careflow.records.elements import INTERPRETATION, LOINC, UCUM, Json, at_zone, instant_of
from careflow.records.measured import FLAG_CODES
from careflow.records.originals import Original, signer_of
from careflow.records.paper import Paper
from careflow.records.store import Records

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_SERVICE = "http://terminology.hl7.org/CodeSystem/v2-0074"
_PART = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_DAY = len("2026-11-24")

_encoder = msgspec.json.Encoder(decimal_format="number")


class NothingToFileError(UnprocessableError):
    """Every row was removed."""

    code: ClassVar[str] = "ai-nothing-to-file"

    def __init__(self) -> None:
        super().__init__("No result is left to sign: keep a row, or reject the draft.")


class NoCollectionTimeError(UnprocessableError):
    """Nobody has said when the sample was taken."""

    code: ClassVar[str] = "ai-no-collection-time"

    def __init__(self) -> None:
        super().__init__("Say when the sample was taken: the report does not.")


@dataclass(frozen=True, slots=True)
class Filed:
    """What was written to a chart, by id."""

    report_id: str
    observation_ids: tuple[str, ...]
    document_id: str
    patient_id: str


@dataclass(frozen=True, slots=True)
class Filing:
    """The facts of one filing that every resource repeats.

    Attributes:
        taken: When the sample was taken, as FHIR writes it.
        comment: The signer's words for the patient.
    """

    accepted: Accepted[LabReport]
    paper: Paper
    content: bytes
    patient_id: str
    at: datetime
    taken: str
    comment: str | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows that were kept."""
        return self.accepted.output.kept

    @property
    def original(self) -> Original:
        """Return the paper that was read, as a document of the chart."""
        return Original(
            paper=self.paper,
            content=self.content,
            patient_id=self.patient_id,
            title="Laboratory report",
            kind=_report_code(),
            author=self.accepted.output.head.lab,
            signer=self.accepted.by,
            at=self.at,
        )


async def file_lab_report(
    accepted: Accepted[LabReport],
    *,
    work: Work,
    records: Records,
    mint: Mint,
    zone: ZoneInfo,
    paper: Paper,
    content: bytes,
    patient_id: str,
    comment: str | None,
    at: datetime,
    reason: str | None,
) -> Filed:
    """Stage everything that signing a laboratory report writes, with its one audit entry.

    The file can be filed once: a second filing of the same content fails the commit. ``content`` is
    the original, for its hash; ``reason`` says why a differing name or birth date is right.

    Raises:
        NothingToFileError: No row is left.
        NoCollectionTimeError: The report does not say when the sample was taken.
    """
    taken = fhir_time(accepted.output.head, zone)
    filing = Filing(accepted, paper, content, patient_id, at, taken, comment)
    if not filing.rows:
        raise NothingToFileError
    ids = Filed(mint(), tuple(mint() for _ in filing.rows), mint(), patient_id)
    resources = [
        filing.original.document_reference(ids.document_id),
        *(
            observation(filing, row, id, ids)
            for row, id in zip(filing.rows, ids.observation_ids, strict=True)
        ),
        diagnostic_report(filing, ids),
        provenance(filing, ids, mint()),
    ]
    subjects = [await _stage(work, records, one, accepted.by) for one in resources]
    work.claim(filing.original.claim(accepted.draft.id))
    _record(work, filing, subjects, reason)
    return ids


async def _stage(work: Work, records: Records, resource: Json, actor: Actor) -> str:
    parsed = parse(_encoder.encode(resource))
    proposal = records.propose_create(parsed, actor=actor, scope=scope_of(actor), id=resource["id"])
    await records.owners.stage(work, proposal)
    return proposal.subject


def _record(work: Work, filing: Filing, subjects: list[str], reason: str | None) -> None:
    by = filing.accepted.by
    record(
        work,
        AuditEntry(
            at=filing.at,
            action="ai:draft:accept",
            organisation=by.organisation,
            actor=by.id,
            role=by.role,
            patients=(filing.patient_id,),
            subjects=(f"draft/{filing.accepted.draft.id}", *subjects),
            reason=reason,
        ),
    )


# --- the resources -------------------------------------------------------------------------


def observation(filing: Filing, row: Row, id: str, ids: Filed) -> Json:
    """Return one row as a result: as printed, coded where that is certain."""
    resource: Json = {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "category": [{"coding": [{"system": _CATEGORY, "code": "laboratory"}]}],
        "code": _code(row),
        "subject": _patient(filing),
        "effectiveDateTime": filing.taken,
        "issued": instant_text(filing.at),
        **_performer(filing),
        **_value(row),
        "derivedFrom": [{"reference": f"DocumentReference/{ids.document_id}"}],
    }
    if row.flag:
        code = FLAG_CODES[row.flag]
        resource["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": code}]}]
    range_ = _range(row)
    if range_:
        resource["referenceRange"] = [range_]
    return resource


def diagnostic_report(filing: Filing, ids: Filed) -> Json:
    """Return the report, released now by the one who signs."""
    resource: Json = {
        "resourceType": "DiagnosticReport",
        "id": ids.report_id,
        "status": "final",
        "category": [{"coding": [{"system": _SERVICE, "code": "LAB"}]}],
        "code": _report_code(),
        "subject": _patient(filing),
        "effectiveDateTime": filing.taken,
        "issued": instant_text(filing.at),
        **_performer(filing),
        "resultsInterpreter": [signer_of(filing.accepted.by)],
        "result": [{"reference": f"Observation/{id}"} for id in ids.observation_ids],
        "presentedForm": [filing.original.attachment()],
    }
    if filing.comment:
        resource["conclusion"] = filing.comment
    return resource


def provenance(filing: Filing, ids: Filed, id: str) -> Json:
    """Return who vouches for it, what put it together, and what it was read from."""
    made_by = filing.accepted.draft.made_by
    targets = (
        f"DiagnosticReport/{ids.report_id}",
        f"DocumentReference/{ids.document_id}",
        *(f"Observation/{one}" for one in ids.observation_ids),
    )
    machine = {"display": f"{made_by.model} on engine {made_by.engine}, method {made_by.prompt}"}
    return {
        "resourceType": "Provenance",
        "id": id,
        "target": [{"reference": target} for target in targets],
        "recorded": instant_text(filing.at),
        "agent": [_agent("verifier", signer_of(filing.accepted.by)), _agent("assembler", machine)],
        "entity": [
            {"role": "source", "what": {"reference": f"DocumentReference/{ids.document_id}"}}
        ],
    }


# --- their parts ---------------------------------------------------------------------------


def fhir_time(head: ReportHead, zone: ZoneInfo) -> str:
    """Return when the sample was taken; a time without a zone is the clinic's own."""
    taken = head.collected_at
    instant = instant_of(taken, zone)
    if not taken or instant is None:
        raise NoCollectionTimeError
    return taken if len(taken) <= _DAY else at_zone(instant, zone)


def _report_code() -> Json:
    coding = {"system": LOINC, "code": "11502-2", "display": "Laboratory report"}
    return {"coding": [coding], "text": "Laboratory report"}


def _code(row: Row) -> Json:
    if not row.loinc:
        return {"text": row.test}
    coding = {"system": LOINC, "code": row.loinc}
    if row.loinc_name:
        coding["display"] = row.loinc_name
    return {"coding": [coding], "text": row.loinc_name or row.test}


def _value(row: Row) -> Json:
    value = parse_value(row.value) if row.value else None
    if value is None or value.number is None:
        return {"valueString": row.value or ""}
    quantity = _quantity(value.number, row.unit)
    if value.comparator:
        quantity["comparator"] = value.comparator
    return {"valueQuantity": quantity}


def _quantity(number: Decimal, unit: str | None) -> Json:
    quantity: Json = {"value": number}
    known = parse_unit(unit) if unit else None
    if unit:
        quantity["unit"] = unit
    if known:
        quantity |= {"system": UCUM, "code": known.code}
    return quantity


def _range(row: Row) -> Json:
    reading = Reading(row.test, row.value, row.unit, row.low, row.high, row.loinc)
    printed = printed_range(reading, row.range_text)
    range_: Json = {"text": row.range_text} if row.range_text else {}
    if printed and printed.low is not None:
        range_["low"] = _quantity(printed.low, row.unit)
    if printed and printed.high is not None:
        range_["high"] = _quantity(printed.high, row.unit)
    return range_


def _patient(filing: Filing) -> Json:
    return {"reference": f"Patient/{filing.patient_id}"}


def _performer(filing: Filing) -> Json:
    lab = filing.accepted.output.head.lab
    return {"performer": [{"display": lab}]} if lab else {}


def _agent(part: str, who: Json) -> Json:
    return {"type": {"coding": [{"system": _PART, "code": part}]}, "who": who}
