"""Which engine may do which task with which data: a table, and no to everything not in it.

By default only this machine may do anything, and others may see synthetic data. All else needs
a row that the operator wrote and answers for with name and date; a row for real patients' data also
names the agreement it rests on. Some things no row can allow, because a provider's terms do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal, get_args

from careflow.ai.attestation import VERSION
from careflow.ai.call import Call, DataClass
from careflow.ai.task import Task
from careflow.errors import NotAllowedError

GeminiMode = Literal["vertex", "paid", "free"]
"""How Gemini is reached: through Google Cloud under an agreement, with a paid key, or unpaid."""

_HARM: tuple[DataClass, ...] = get_args(DataClass)
_UNPAID_REFUSED_ZONES = ("Europe/", "Atlantic/", "Arctic/")
ADULT_YEARS = 18


class BlockedByPolicyError(NotAllowedError):
    """No engine may do this with this data; the reason says what would have to change."""

    code: ClassVar[str] = "ai-blocked-by-policy"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The clinic's AI policy does not allow this: {reason}.")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rule:
    """One row that an operator wrote.

    Attributes:
        engine: Engine, for Gemini with its mode: ``gemini:vertex``.
        tasks: Names of tasks, ``*`` for all.
        data: The most harmful data that may be sent; what is less harmful may be, too.
        attested_by: Who answers for the row.
        agreement: The business associate agreement it rests on; needed for real patients' data.
        attested_text: Version of the attestation that its author read; needed for the same.
    """

    engine: str
    tasks: tuple[str, ...]
    data: DataClass
    attested_by: str
    attested_on: date
    agreement: str | None = None
    attested_text: str | None = None

    def covers(self, engine: str, call: Call) -> bool:
        """Report whether the row allows this call on this engine."""
        return (
            self.engine == engine
            and any(fnmatchcase(call.task, pattern) for pattern in self.tasks)
            and _HARM.index(call.data) <= _HARM.index(self.data)
        )


@dataclass(frozen=True, slots=True)
class Route:
    """An engine as the policy sees it.

    Attributes:
        name: With its mode where it has one: ``gemini:free``.
        leaves_machine: Whether what it is given goes elsewhere.
        adults_only: Whether its terms exclude people under 18.
        is_unpaid: Whether its provider may read and keep what is sent.
        asks_model: Whether a model answers, not rules and tables alone.
    """

    name: str
    leaves_machine: bool = True
    adults_only: bool = False
    is_unpaid: bool = False
    asks_model: bool = True

    @property
    def is_guarded(self) -> bool:
        """Return whether the privacy gateway and the patient's consent stand before it."""
        return self.leaves_machine or self.asks_model


LOCAL = Route("local", leaves_machine=False, asks_model=False)


def gemini_route(mode: GeminiMode) -> Route:
    """Return Gemini as its terms make it (ai.google.dev/gemini-api/terms, read 2026-11-20)."""
    return Route(f"gemini:{mode}", adults_only=True, is_unpaid=mode == "free")


@dataclass(frozen=True, slots=True)
class Policy:
    """The clinic's table.

    Attributes:
        allows_devices: Whether tasks that count as a medical device's are on.
        zone: The clinic's IANA zone: unpaid models are not offered to the EEA, Switzerland and the
            United Kingdom.
    """

    rules: Sequence[Rule] = ()
    allows_devices: bool = False
    zone: str = ""

    def refusal(self, task: Task[Any], route: Route, call: Call) -> str | None:
        """Return why this engine may not do this, or ``None`` if it may."""
        if task.is_device and not self.allows_devices:
            return "this task counts as a medical device's and is switched off"
        if route.is_guarded and not call.consents:
            return "the patient has opted out of AI processing"
        if not route.leaves_machine:
            return None
        return self._refused_by_terms(task, route, call) or self._refused_by_table(route, call)

    def _refused_by_terms(self, task: Task[Any], route: Route, call: Call) -> str | None:
        if route.adults_only and call.age_years is not None and call.age_years < ADULT_YEARS:
            return "the provider's terms exclude people under 18"
        if not route.is_unpaid:
            return None
        if self.zone.startswith(_UNPAID_REFUSED_ZONES):
            return "an unpaid model is not offered where the clinic is"
        if call.data not in {"none", "synthetic"}:
            return "an unpaid model may see synthetic data only"
        if task.audience == "patient" and not self._covering(route, call):
            return "an unpaid model may not advise patients unless a row allows it"
        return None

    def _refused_by_table(self, route: Route, call: Call) -> str | None:
        if call.data in {"none", "synthetic"}:
            return None
        covering = self._covering(route, call)
        if not covering:
            return f"no row allows {route.name} for {call.task} with this data"
        if call.data != "identifiable":
            return None
        if not any(rule.agreement for rule in covering):
            return f"no agreement is named for patients' data on {route.name}"
        if self.basis(route, call) is None:
            return f'the row for {route.name} does not say attested_text = "{VERSION}"'
        return None

    def basis(self, route: Route, call: Call) -> Rule | None:
        """Return the row that a call with patients' data rests on, if there is one."""
        rows = (one for one in self._covering(route, call) if one.agreement)
        return next((one for one in rows if one.attested_text == VERSION), None)

    def _covering(self, route: Route, call: Call) -> list[Rule]:
        return [rule for rule in self.rules if rule.covers(route.name, call)]
