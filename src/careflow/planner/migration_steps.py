"""The steps between two shapes, found from what differs between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from careflow.planner.shape import Shape
from careflow.planner.spans import ZERO, Span, span


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        command: The command line, or "" where a person does it elsewhere.
        downtime_min: Minutes without the platform, least and most.
        undo: How to take it back.
    """

    what: str
    command: str = ""
    downtime_min: Span = ZERO
    undo: str = ""


_RESTART = span(2, 5)
_TIER_MOVE = span(5, 10)


def steps_between(old: Shape, new: Shape) -> tuple[Step, ...]:
    """Return the ordered steps from one shape to another."""
    return (
        *_prepare(new),
        *_database(old, new),
        *_ai_before(old, new),
        *_machines(old, new),
        *_settle(old, new),
    )


def _prepare(new: Shape) -> Iterator[Step]:
    yield Step("Make a backup and look whether it can be read.", "careflow backup create")
    yield Step("Restore it into a scratch place and compare.", "careflow drill")
    yield Step("See what would be created, changed and removed, and what it costs.",
               f"careflow deploy diff --architecture {new.architecture.name}")  # fmt: skip


def _database(old: Shape, new: Shape) -> Iterator[Step]:
    if old.tier == new.tier:
        return
    if old.tier == "docdb":
        yield Step(
            "Copy all records to Atlas, again until nothing is left behind, and check them.",
            "careflow migrate --to DATABASE_URL --verify",
            span(5, 30),
            "The old database is kept unchanged; point the address back.",
        )
        return
    yield Step(
        f"In Atlas change the tier from {old.tier.upper()} to {new.tier.upper()}.",
        "",
        _TIER_MOVE if "m0" in {old.tier, new.tier} else span(0, 1),
        "A dedicated tier can be made smaller again; going back to M0 needs a restore.",
    )


def _ai_before(old: Shape, new: Shape) -> Iterator[Step]:
    was, will = old.architecture.ai, new.architecture.ai
    if was == will:
        return
    if will == "gemini":
        yield Step("Sign Google Cloud's BAA, make a key there and store it as a secret.", "", ZERO,
                   "Delete the key.")  # fmt: skip
        yield Step("Set the engines to gemini,local and check.", "careflow check-settings", ZERO,
                   "Set the engines back.")  # fmt: skip
    elif will == "lambda":
        yield Step("Put the function's name into the settings and check.",
                   "careflow check-settings", ZERO, "Set the engines back.")  # fmt: skip
    elif will == "local":
        yield Step("Start Redis and the worker on the box; keep model files on its disk.",
                   "careflow worker", span(30, 60),
                   "Stop the worker; set jobs to embedded.")  # fmt: skip
    else:
        yield Step("Set the engines to none but local and check.", "careflow check-settings",
                   ZERO, "Set the engines back.")  # fmt: skip
    yield Step("See which tasks can run on which engine now.", "careflow ai tasks")


def _machines(old: Shape, new: Shape) -> Iterator[Step]:
    name = new.architecture.name
    apply = f"careflow deploy apply --architecture {name}"
    single = old.architecture.zones == new.architecture.zones == 1
    if single and not old.architecture.comparison_only:
        bigger = old.instance != new.instance
        yield Step(
            f"Stop the box, make it a {new.instance}, start it." if bigger
            else "Start the new release beside the old on the same socket.",
            apply,
            _RESTART if bigger else ZERO,
            f"careflow deploy apply --architecture {old.architecture.name}",
        )  # fmt: skip
        return
    yield Step(
        f"Create {new.text()} beside what runs; wait until every box is ready.", apply, ZERO,
        "Remove it again; nothing uses it yet.",
    )  # fmt: skip
    if new.architecture.regions > old.architecture.regions:
        yield Step("Add the second region to the Atlas cluster; wait until it has caught up.", "",
                   ZERO, "Remove the region.")  # fmt: skip
    yield Step(
        "Change CloudFront's origin to the new address, a tenth of the requests first.", "", ZERO,
        "Change the origin back.",
    )  # fmt: skip
    yield Step("After a day without errors remove what ran before.", "careflow deploy destroy "
               f"--architecture {old.architecture.name}")  # fmt: skip


def _settle(old: Shape, new: Shape) -> Iterator[Step]:
    if new.hipaa:
        yield Step("Write down which safeguards are shown now.", "careflow plan --check hipaa")
    if old.tier != new.tier or old.architecture.comparison_only:
        yield Step("Verify that the audit trail is whole.", "careflow audit verify")
    yield Step("Restore a backup of the new platform and note the minutes.", "careflow drill")
