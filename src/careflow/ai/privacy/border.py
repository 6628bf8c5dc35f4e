"""Where words leave the machine: what identifies is taken out, looked for again, and put back."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from careflow.ai.call import Call
from careflow.ai.leaving import PrivacyRefusedError
from careflow.ai.privacy.chart_record import joined, known_in
from careflow.ai.privacy.detector import LanguageUnknownError, found_in
from careflow.ai.privacy.gate import Gate
from careflow.ai.privacy.known import Known
from careflow.ai.privacy.pictures import leaving
from careflow.ai.privacy.redact import Detector, Redaction, redacted
from careflow.ai.privacy.surrogates import key_of
from careflow.ai.privacy.texts import texts_of
from careflow.ai.prompt import words_of
from careflow.ai.reading.recogniser import Recogniser
from careflow.ai.task import Given, GivenFile, Task

_AT_ONCE_MAX = 8_000
"""Signs that are looked through in place; more in a thread, so that others are served meanwhile."""
_ID_LEAST = 5


class Charts(Protocol):
    """Tells what the chart knows of a patient."""

    async def known(self, patient: str | None, organisation: str) -> Known:
        """Return what identifies the patient and the people around them."""
        ...


@dataclass(frozen=True, slots=True)
class Border:
    """The privacy gateway.

    Attributes:
        master_key: Codes and moved dates are derived from it.
        recogniser: Finds the words on pictures; without one no picture leaves.
        at_once: Pictures are looked through one at a time: each may take much memory.
    """

    master_key: bytes
    charts: Charts
    recogniser: Recogniser | None = None
    detector: Detector = found_in
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def redact(self, task: Task[Any], given: Given, call: Call) -> Redaction:  # noqa: ARG002
        """Take out what identifies and look again; on any doubt nothing leaves.

        Raises:
            PrivacyRefusedError: Something may be left, or cannot be looked through.
        """
        if given.pages:
            raise PrivacyRefusedError("pages of a file stay on this machine")
        known = await self.charts.known(call.patient, call.organisation)
        if bundle := getattr(given.asked, "bundle", None):
            known = joined(known, known_in(bundle))
        known = _with_ids(known, given, call.patient)
        texts = texts_of(given)
        key = key_of(
            self.master_key,
            organisation=call.organisation,
            patient=call.patient,
            words=hashlib.sha256("\0".join(texts).encode()).hexdigest(),
        )
        if sum(map(len, texts)) <= _AT_ONCE_MAX:
            redaction = passed(given, known, key, self.detector)
        else:
            redaction = await asyncio.to_thread(passed, given, known, key, self.detector)
        return (
            redaction if given.file is None else await self._with_file(redaction, given.file, call)
        )

    async def _with_file(self, redaction: Redaction, file: GivenFile, call: Call) -> Redaction:
        """Return what may leave, with the file that may leave in place of the given one."""
        async with self.at_once:
            clean, covered = await asyncio.to_thread(
                leaving, file, call.data, recogniser=self.recogniser
            )
        counts = {**redaction.counts, "PHOTO": covered} if covered else redaction.counts
        return replace(redaction, given=replace(redaction.given, file=clean), counts=counts)


def passed(given: Given, known: Known, key: bytes, detector: Detector) -> Redaction:
    """Return an input without identifiers, once the gate has found none in it.

    Raises:
        PrivacyRefusedError: The gate found something, or the language is not known.
    """
    try:
        redaction = redacted(given, known, key, detector)
    except LanguageUnknownError as error:
        raise PrivacyRefusedError("its language is none that names are found in") from error
    gate = Gate(redaction.surrogates.placed, redaction.taken, known)
    leak = gate.leak_in(words_of(redaction.given))
    if leak is not None:
        raise PrivacyRefusedError(f"it may still hold {leak}")
    return redaction


def _with_ids(known: Known, given: Given, patient: str | None) -> Known:
    """Add the ids of the patient and of the record's resources to the numbers."""
    ids = [patient or "", *(one.source.partition("/")[2] for one in given.record)]
    long = tuple(dict.fromkeys(one for one in ids if len(one) >= _ID_LEAST))
    if not long:
        return known
    numbers: Mapping[Any, tuple[str, ...]] = known.numbers
    return replace(known, numbers={**numbers, "OTHER": (*numbers.get("OTHER", ()), *long)})
