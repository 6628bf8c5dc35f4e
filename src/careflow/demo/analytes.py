"""The tests that Harbour's laboratory runs, with the ranges it prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Analyte:
    """One test: LOINC facts, the printed range and a healthy person's typical value."""

    key: str
    name: str
    loinc: str
    loinc_name: str
    unit: str
    ucum: str
    low: float | None
    high: float | None
    typical: float
    spread: float
    decimals: int

    @property
    def range_text(self) -> str:
        """Return the range as the laboratory prints it."""
        if self.low is None:
            return f"< {self._text(self.high)}"
        if self.high is None:
            return f"> {self._text(self.low)}"
        return f"{self._text(self.low)} - {self._text(self.high)}"

    def value_text(self, value: float) -> str:
        """Return a value with this analyte's decimals."""
        return f"{value:.{self.decimals}f}"

    def flag(self, value: float) -> str | None:
        """Return ``L``, ``H`` or ``None`` against the printed range, of the value as printed."""
        printed = float(self.value_text(value))
        if self.low is not None and printed < self.low:
            return "L"
        return "H" if self.high is not None and printed > self.high else None

    def _text(self, bound: float | None) -> str:
        return "" if bound is None else f"{bound:.{self.decimals}f}"


# key | name | LOINC | LOINC name | unit | UCUM | low | high | typical | spread | decimals
_TABLE = """
hba1c | HbA1c | 4548-4 | Hemoglobin A1c/Hemoglobin.total in Blood | % | % |  | 7 | 5.4 | 0.2 | 1
glucose | Glucose | 2345-7 | Glucose [Mass/volume] in Serum or Plasma | mg/dL | mg/dL | 70 | 99 | 88 | 6 | 0
creatinine | Creatinine | 2160-0 | Creatinine [Mass/volume] in Serum or Plasma | mg/dL | mg/dL | 0.6 | 1.2 | 0.9 | 0.08 | 2
egfr | eGFR | 69405-9 | Glomerular filtration rate/1.73 sq M.predicted in Serum, Plasma or Blood | mL/min/1.73 m² | mL/min/{1.73_m2} | 60 |  | 92 | 6 | 0
potassium | Potassium | 2823-3 | Potassium [Moles/volume] in Serum or Plasma | mmol/L | mmol/L | 3.5 | 5.1 | 4.3 | 0.2 | 1
sodium | Sodium | 2951-2 | Sodium [Moles/volume] in Serum or Plasma | mmol/L | mmol/L | 135 | 145 | 140 | 1.5 | 0
alt | ALT | 1742-6 | Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma | U/L | U/L | 7 | 40 | 24 | 5 | 0
acr | Urine ACR | 9318-7 | Albumin/Creatinine [Mass Ratio] in Urine | mg/g | mg/g |  | 30 | 14 | 4 | 0
cholesterol | Total cholesterol | 2093-3 | Cholesterol [Mass/volume] in Serum or Plasma | mg/dL | mg/dL |  | 200 | 176 | 12 | 0
ldl | LDL cholesterol | 2089-1 | Cholesterol in LDL [Mass/volume] in Serum or Plasma | mg/dL | mg/dL |  | 100 | 88 | 8 | 0
hdl | HDL cholesterol | 2085-9 | Cholesterol in HDL [Mass/volume] in Serum or Plasma | mg/dL | mg/dL | 40 |  | 54 | 5 | 0
triglycerides | Triglycerides | 2571-8 | Triglyceride [Mass/volume] in Serum or Plasma | mg/dL | mg/dL |  | 150 | 110 | 15 | 0
haemoglobin | Hemoglobin | 718-7 | Hemoglobin [Mass/volume] in Blood | g/dL | g/dL | 12 | 17 | 14 | 0.5 | 1
leukocytes | White cell count | 6690-2 | Leukocytes [#/volume] in Blood by Automated count | 10^3/uL | 10*3/uL | 4 | 11 | 6.8 | 0.9 | 1
platelets | Platelets | 777-3 | Platelets [#/volume] in Blood by Automated count | 10^3/uL | 10*3/uL | 150 | 400 | 248 | 25 | 0
ferritin | Ferritin | 2276-4 | Ferritin [Mass/volume] in Serum or Plasma | ng/mL | ng/mL | 15 | 200 | 85 | 12 | 0
tsh | TSH | 3016-3 | Thyrotropin [Units/volume] in Serum or Plasma | mIU/L | m[IU]/L | 0.4 | 4 | 1.9 | 0.3 | 2
"""  # noqa: E501 - one test a line


def _number(text: str) -> float | None:
    return float(text) if text else None


def _analyte(line: str) -> Analyte:
    key, name, loinc, loinc_name, unit, ucum, low, high, typical, spread, decimals = (
        cell.strip() for cell in line.split("|")
    )
    return Analyte(
        key=key,
        name=name,
        loinc=loinc,
        loinc_name=loinc_name,
        unit=unit,
        ucum=ucum,
        low=_number(low),
        high=_number(high),
        typical=float(typical),
        spread=float(spread),
        decimals=int(decimals),
    )


ANALYTES = {a.key: a for a in map(_analyte, _TABLE.strip().splitlines())}

PANELS = {
    "metabolic": (
        "Metabolic panel",
        ("sodium", "potassium", "creatinine", "egfr", "glucose", "alt"),
    ),
    "diabetes": ("Diabetes panel", ("hba1c", "acr")),
    "lipids": ("Lipid panel", ("cholesterol", "ldl", "hdl", "triglycerides")),
    "blood-count": ("Blood count", ("haemoglobin", "leukocytes", "platelets")),
    "iron": ("Iron studies", ("ferritin",)),
    "thyroid": ("Thyroid panel", ("tsh",)),
}
