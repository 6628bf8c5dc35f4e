"""Refuses what no living patient can have, and units that do not measure the analyte."""

from __future__ import annotations

from decimal import Decimal

from careflow.knowledge.labs.analytes import Analyte
from careflow.knowledge.labs.units import Unit, convert


def in_own_unit(number: Decimal, unit: Unit | None, analyte: Analyte) -> Decimal | None:
    """Return the number in the analyte's own unit, or None where it cannot be said.

    A missing unit is understood only for analytes that usually have none (INR, pH, ratios).
    """
    if analyte.unit is None:
        return None
    if unit is None:
        return number if analyte.unitless else None
    if analyte.key == "hba1c" and unit.kind == "substance/substance":
        # NGSP % = 0.09148 x IFCC mmol/mol + 2.152 (see the source "ngsp").
        return Decimal("0.09148") * number * unit.scale * 1000 + Decimal("2.152")
    return convert(
        number, unit, analyte.unit, molar_mass=analyte.molar_mass, valence=analyte.valence
    )


def measures(unit: Unit, analyte: Analyte) -> bool:
    """Report whether results of the analyte are given in this kind of unit."""
    if analyte.unit is None:
        return unit.kind in {"ratio", "activity/volume", "mass/volume", "units"}
    if in_own_unit(Decimal(1), unit, analyte) is not None:
        return True
    if unit.kind == "units" and analyte.unit.kind == "activity/volume":
        return True
    return any(unit.kind == other.kind for other in analyte.accepts) or (
        analyte.unitless and unit.kind in {"ratio", "fraction", "units"}
    )


def check(number: Decimal, unit: Unit | None, analyte: Analyte) -> str | None:
    """Return why a result cannot be right, as a sentence without the value, or None.

    Args:
        number: The number as printed.
        unit: The unit as understood; None when none was printed.
        analyte: What is said to be measured.
    """
    if unit is not None and not measures(unit, analyte):
        return f"{analyte.name} is not measured in {unit.code}."
    if analyte.possible is None:
        return None
    own = in_own_unit(number, unit, analyte)
    if own is None:
        return None
    low, high = analyte.possible
    if low <= own <= high:
        return None
    shown = unit.code if unit is not None else "this form"
    return (
        f"No living patient has this {analyte.name} in {shown}: "
        "the value or its unit was misread or misprinted."
    )
