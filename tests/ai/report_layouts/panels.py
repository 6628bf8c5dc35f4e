"""Panels of invented results: what each country calls, measures and allows."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from tests.ai.report_layouts.truth import Line

# name | unit | low | high | (the value, where it is not to be drawn by lot)
# `^^` raises the digits after it. An empty limit is a limit the lab does not state.
PANELS = {
    "us_cbc": """
WBC|x10^3/uL|4.0|11.0
RBC|x10^6/uL|4.20|5.80
Hemoglobin|g/dL|13.0|17.0
Hematocrit|%|38.5|50.0
MCV|fL|80.0|100.0
MCH|pg|27.0|33.0
MCHC|g/dL|32.0|36.0
RDW|%|11.0|15.0
Platelets|x10^3/uL|140|400
MPV|fL|7.5|12.5
Absolute Neutrophils|cells/uL|1500|7800
Absolute Lymphocytes|cells/uL|850|3900
""",
    "us_cmp": """
Glucose|mg/dL|70|99
BUN|mg/dL|7|25
Creatinine|mg/dL|0.60|1.30
eGFR|mL/min/1.73m2|60|
Sodium|mmol/L|135|146
Potassium|mmol/L|3.5|5.3
Chloride|mmol/L|98|110
Carbon Dioxide|mmol/L|20|32
Calcium|mg/dL|8.6|10.3
Total Protein|g/dL|6.1|8.1
Albumin|g/dL|3.6|5.1
Total Bilirubin|mg/dL|0.2|1.2
Alkaline Phosphatase|U/L|36|130
AST|U/L|10|40
ALT|U/L|9|46
""",
    "us_lipid": """
Cholesterol, Total|mg/dL||200
HDL Cholesterol|mg/dL|40|
Triglycerides|mg/dL||150
LDL Cholesterol|mg/dL||100
Non-HDL Cholesterol|mg/dL||130
Hemoglobin A1c|%||5.7
Vitamin D, 25-Hydroxy|ng/mL|30|100
TSH|mIU/L|0.40|4.50
""",
    "uk_fbc": """
Haemoglobin|g/L|130|180
White cell count|10^^9/L|4.0|11.0
Platelet count|10^^9/L|150|400
Red cell count|10^^12/L|4.50|6.50
Haematocrit|L/L|0.400|0.540
Mean cell volume|fL|80|100
Mean cell haemoglobin|pg|27.0|32.0
Neutrophils|10^^9/L|2.0|7.5
Lymphocytes|10^^9/L|1.0|4.0
Monocytes|10^^9/L|0.2|1.0
Eosinophils|10^^9/L|0.04|0.40
Basophils|10^^9/L|0.00|0.10
""",
    "uk_chem": """
Sodium|mmol/L|133|146
Potassium|mmol/L|3.5|5.3
Urea|mmol/L|2.5|7.8
Creatinine|µmol/L|59|104
Total bilirubin|µmol/L||21
ALT|U/L||41
Alkaline phosphatase|U/L|30|130
Albumin|g/L|35|50
Adjusted calcium|mmol/L|2.20|2.60
Phosphate|mmol/L|0.80|1.50
C-reactive protein|mg/L||5
Ferritin|µg/L|30|400
Serum folate|µg/L|3.0|20.0
Vitamin B12|ng/L|200|900
HbA1c|mmol/mol||42
""",
    "in_cbc": """
Haemoglobin|gm/dL|13.0|17.0
Total Leucocyte Count|cells/cumm|4,000|10,000
Neutrophils|%|40|70
Lymphocytes|%|20|45
Eosinophils|%|1|6
Monocytes|%|2|10
Platelet Count|/cumm|1,50,000|4,10,000
Packed Cell Volume|%|40.0|50.0
ESR|mm/hr|0|15
""",
    "in_chem": """
Fasting Blood Sugar|mg%|70|110
Blood Urea|mg%|15|40
Serum Creatinine|mg%|0.7|1.3
Uric Acid|mg/dL|3.4|7.0
SGOT (AST)|IU/L|5|40
SGPT (ALT)|IU/L|5|41
Serum Cholesterol|mg%|130|200
Serum Triglycerides|mg%|60|150
Serum Sodium|mEq/L|136|146
Serum Potassium|mEq/L|3.5|5.1
""",
    "de": """
Leukozyten|/nl|3,9|10,2
Erythrozyten|/pl|4,30|5,75
Hämoglobin|g/dl|13,5|17,2
Hämatokrit|%|39,5|50,5
Thrombozyten|/nl|150|370
Kreatinin|mg/dl|0,67|1,17
Harnstoff|mg/dl|17|43
Kalium|mmol/l|3,5|5,1
Natrium|mmol/l|136|145
Calcium|mmol/l|2,15|2,55
GOT (AST)|U/l||50
GPT (ALT)|U/l||50
Gamma-GT|U/l||60
CRP|mg/l||5,0
TSH|mU/l|0,27|4,20
Ferritin|µg/l|30|400
""",
    "fr": """
Hématies|T/L|4,28|5,79
Hémoglobine|g/dL|13,4|16,7
Hématocrite|%|39,2|48,6
Leucocytes|G/L|4,05|11,00
Plaquettes|G/L|161|398
Glycémie à jeun|g/L|0,74|1,06
Créatinine|µmol/L|64|104
Urée|mmol/L|2,8|8,1
Cholestérol total|g/L||2,00
Triglycérides|g/L||1,50
Ferritine|µg/L|30|400
Transaminases ALAT|U/L||50
""",
    "es": """
Leucocitos|x10³/µL|4,0|10,5
Hemoglobina|g/dL|13,0|17,0
Hematocrito|%|39,0|50,0
Plaquetas|x10³/µL|150|400
Glucosa|mg/dL|70|110
Urea|mg/dL|10|50
Creatinina|mg/dL|0,70|1,20
Ácido úrico|mg/dL|3,4|7,0
Colesterol total|mg/dL||200
Triglicéridos|mg/dL||150
Bilirrubina total|mg/dL||1,20
Hierro|µg/dL|59|158
Sodio|mEq/L|135|145
Potasio|mEq/L|3,5|5,1
""",
    "au_chem": """
Sodium|mmol/L|135|145
Potassium|mmol/L|3.5|5.2
Chloride|mmol/L|95|110
Bicarbonate|mmol/L|22|32
Urea|mmol/L|3.0|8.0
Creatinine|umol/L|60|110
Urate|mmol/L|0.20|0.42
Total Protein|g/L|60|80
Globulin|g/L|23|39
GGT|U/L||51
LD|U/L|120|250
Corrected Calcium|mmol/L|2.10|2.60
""",
    "hormones": """
Free T4|ng/dL|0.80|1.80
TSH|mIU/L|0.40|4.50|<0.01
Estradiol|pg/mL||39|<15
Testosterone, Total|ng/dL|250|1100|1,104
Ferritin|ng/mL|38|380|>1,000
Prolactin|ng/mL|2.0|18.0
PSA, Total|ng/mL||4.00|<0.1
hCG, Quantitative|mIU/mL||5|>200000
Parathyroid Hormone|pg/mL|16|77
""",
}

RangeStyle = Callable[[str, str], str]


def between(pattern: str, below: str = "< {}", above: str = "> {}") -> RangeStyle:
    """How a lab prints two limits, only an upper and only a lower one."""

    def style(low: str, high: str) -> str:
        if low and high:
            return pattern.format(low, high)
        return below.format(high) if high else above.format(low) if low else ""

    return style


def number(text: str, *, comma: bool = False) -> Decimal | None:
    """A printed number's value, or None for words, censored values and emptiness."""
    plain = text.replace(".", "").replace(",", ".") if comma else text.replace(",", "")
    return Decimal(plain) if plain and set(plain) <= set("0123456789.") else None


def _by_lot(lot: random.Random, low: str, high: str, *, comma: bool) -> str:
    places = len((low or high).replace(",", "." if comma else "").partition(".")[2])
    top = number(high, comma=comma)
    bottom = number(low, comma=comma)
    first = float(bottom) if bottom is not None else float(top or 0) * 0.3
    last = float(top) if top is not None else float(bottom or 0) * 1.6
    span = last - first
    drawn = max(first - 0.25 * span + lot.random() * 1.6 * span, 10**-places)
    text = f"{drawn:.{places}f}"
    if "," in (low + high) and not comma:
        return _indian(text)
    return text.replace(".", ",") if comma else text


def _indian(digits: str) -> str:
    head, tail = digits[:-3], digits[-3:]
    while len(head) > 2:
        head, tail = head[:-2], f"{head[-2:]},{tail}"
    return f"{head},{tail}" if head else tail


def panel(
    name: str, seed: int, style: RangeStyle, *, comma: bool = False, count: int = 99, skip: int = 0
) -> list[Line]:
    """Draw a panel's values by a fixed lot and write down what is printed."""
    lot = random.Random(f"{name}-{seed}")
    lines = []
    for entry in PANELS[name].strip().splitlines()[skip : skip + count]:
        test, unit, low, high, *fixed = entry.split("|")
        value = fixed[0] if fixed else _by_lot(lot, low, high, comma=comma)
        lines.append(made(test, value, unit, low, high, style(low, high), comma=comma))
    return lines


def made(
    test: str, value: str, unit: str, low: str, high: str, text: str, *, comma: bool = False
) -> Line:
    """One line with its numbers and its flag worked out from the printed words."""
    amount, bottom, top = (number(word, comma=comma) for word in (value, low, high))
    flag = ""
    if amount is not None and bottom is not None and amount < bottom:
        flag = "L"
    if amount is not None and top is not None and amount > top:
        flag = "H"
    return Line(test, value, amount, unit, bottom, top, text, flag)
