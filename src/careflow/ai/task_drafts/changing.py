"""What a reviewer changes in a draft, one thing at a time; what the model said stays beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from careflow.ai.asking import task_named
from careflow.ai.draft import Draft, SignedOff
from careflow.ai.task import TaskOutput
from careflow.ai.task_drafts.parts import parts_of, unsettled, value_at
from careflow.errors import BadInputError, CareFlowError, ConflictError
from careflow.identity.actor import Actor

Json = dict[str, Any]


class NotSettledError(ConflictError):
    """Something is left to settle or to sign off."""

    code: ClassVar[str] = "ai-not-settled"

    def __init__(self, what: str) -> None:
        super().__init__(f"This draft cannot be signed yet: {what}.")


def corrected(draft: Draft[Json], output: Json, actor: Actor) -> Draft[Json]:
    """Return the draft with another output; what a changed part was signed for no longer holds."""
    if output == draft.output:
        return draft
    parts = parts_of(output)
    kept = tuple(
        one
        for one in draft.signed_off
        if one.part in parts and value_at(output, one.part) == value_at(draft.output, one.part)
    )
    said = draft.said if draft.said is not None else draft.output
    return replace(draft, output=output, said=said, changed_by=actor.name, signed_off=kept)


def settled(draft: Draft[Json], number: int) -> Draft[Json]:
    """Return the draft with one more finding looked at."""
    if not 0 <= number < len(draft.findings):
        raise BadInputError("The draft has no such finding: read it again.", place="settled")
    return replace(draft, settled=tuple(sorted({*draft.settled, number})))


def signed_off(draft: Draft[Json], part: str, actor: Actor, at: datetime) -> Draft[Json]:
    """Return the draft with one more part signed off.

    Raises:
        NotSettledError: The part holds a finding that nobody has settled.
    """
    if part not in parts_of(draft.output):
        raise BadInputError("The draft has no such part: read it again.", place="part")
    if unsettled(draft, part):
        raise NotSettledError("this part holds something that is not settled")
    others = tuple(one for one in draft.signed_off if one.part != part)
    return replace(draft, signed_off=(*others, SignedOff(part, actor.id, actor.name, at)))


def may_change(task: str) -> bool:
    """Report whether the output of a task can be changed by hand."""
    return issubclass(task_named(task).output, TaskOutput)


def in_form(task: str, output: Json) -> Json:
    """Return an output as its task's own type gives it back, or raise BadInputError."""
    form = task_named(task).output
    if not issubclass(form, TaskOutput):
        raise BadInputError("The output of this task cannot be changed here.", place="output")
    try:
        plain: Json = msgspec.to_builtins(msgspec.convert(output, form, strict=False))
    except (msgspec.ValidationError, CareFlowError) as error:
        raise BadInputError(
            "The output does not have the form of this task.", place="output"
        ) from error
    return plain
