"""Prescriptions, radiology reports and notes to be coded, with answers that change a field."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Drawn = tuple[str, str, Json, Json, Json]

_FORMS = (
    (
        "Rx: {drug} {dose} {unit} tablets\nSig: take 1 tablet by mouth {sig}{prn}\n"
        "Disp: #{qty}\nRefills: {ref}",
        "1",
        "tablet",
    ),
    (
        "{drug} {dose}{unit} PO {sig}{prn} x {days} days, dispense {qty}, {ref} refills",
        "{dose}",
        "{unit}",
    ),
    (
        "1. {drug} {dose} {unit} cap, 1 cap po {sig}{prn} for {days} d. Qty {qty}. Refill x{ref}.",
        "{dose}",
        "{unit}",
    ),
    (
        "{drug} {dose} {unit}, tomar por vía oral {es}{prnes} durante {days} días. "
        "Cantidad: {qty}. Resurtidos: {ref}",
        "{dose}",
        "{unit}",
    ),
)
_FORMS_KEPT = (
    (
        "Medication: {drug} {dose} {unit} tab\nDirections: one tab orally {sig}{prn} "
        "for {days} days\n"
        "Quantity: {qty}   Refill: {ref}",
        "{dose}",
        "{unit}",
    ),
    (
        "{drug} {dose} {unit} oral, {sig}{prn}. Supply {qty} ({days}-day course). "
        "May refill {ref} times.",
        "{dose}",
        "{unit}",
    ),
    (
        "{drug} de {dose} {unit} vía oral {es}{prnes} por {days} días; "
        "surtir {qty}; {ref} resurtidos",
        "{dose}",
        "{unit}",
    ),
)
_SIG = {
    "BID": ("twice daily", "cada 12 horas"),
    "daily": ("once daily", "una vez al día"),
    "TID": ("three times a day", "cada 8 horas"),
    "q6h": ("every 6 hours", "cada 6 horas"),
}
_RX = ("amoxicillin", "naproxen", "cephalexin", "methocarbamol", "ondansetron", "levothyroxine")


def prescriptions(pick: random.Random, *, held_out: bool) -> Iterator[Drawn]:
    """Yield prescriptions of one or two lines with one field changed."""
    form, dose_form, unit_form = pick.choice(_FORMS_KEPT if held_out else _FORMS)
    lines: list[str] = []
    said: list[Json] = []
    for drug in pick.sample(_RX, 2):
        sig = pick.choice(list(_SIG))
        slots: Json = {
            "drug": drug, "dose": pick.choice([50, 100, 250, 500]),
            "unit": pick.choice(["mg", "mcg"]), "sig": pick.choice([sig, _SIG[sig][0]]),
            "es": _SIG[sig][1], "qty": pick.choice([14, 21, 28, 60]), "ref": pick.choice([1, 2, 3]),
            "days": pick.choice([5, 7, 10]), "prn": pick.choice(["", " as needed", " prn"]),
        }  # fmt: skip
        slots["prnes"] = " si es necesario" if slots["prn"] else ""
        text = form.format(**slots)
        lines.append(text)
        said.append(
            {
                "drug": drug, "dose": dose_form.format(**slots), "unit": unit_form.format(**slots),
                "route": pick.choice(["oral", "by mouth", "PO"]),
                "frequency": pick.choice([_SIG[sig][0], sig, _SIG[sig][1]]),
                "duration": f"{slots['days']} days" if "{days}" in form else None,
                "as_needed": bool(slots["prn"]), "quantity": str(slots["qty"]),
                "refills": slots["ref"], "spans": [text],
            }
        )  # fmt: skip
    data = {"text": "\n".join(lines)}
    right = {"medications": said, "problems": ["The prescriber's name is not given."]}
    first = said[0]
    other_sig = pick.choice([one for one in _SIG if first["frequency"] not in {one, *_SIG[one]}])
    changes: dict[str, Json] = {
        "dose": {"dose": "77"},
        "unit": {"unit": {"mg": "mcg", "mcg": "mg"}.get(first["unit"], "capsule")},
        "drug": {"drug": said[1]["drug"]},
        "frequency": {"frequency": _SIG[other_sig][0]},
        "needed": {"as_needed": not first["as_needed"]},
        "quantity": {"quantity": "90"},
        "refills": {"refills": first["refills"] + 4},
        "route": {"route": pick.choice(["IV", "topical", "intramuscular"])},
    }
    if first["duration"]:
        changes["duration"] = {"duration": "12 days"}
    for kind in pick.sample(sorted(changes), 4):
        changed = {**right, "medications": [{**first, **changes[kind]}, *said[1:]]}
        yield "prescription", kind, data, right, changed


_SEEN = (
    ("Small {side} pleural effusion.", "positive", "Pleural effusion, {side}"),
    ("A {n} mm nodule in the {side} upper lobe.", "positive", "{side} upper lobe nodule {n} mm"),
    ("Possible fracture of the {side} fifth rib.", "uncertain", "Fracture of {side} fifth rib"),
    ("No pneumothorax.", "negative", "Pneumothorax"),
    ("No focal consolidation or pulmonary edema.", "negative", "Consolidation"),
    ("The heart is not enlarged.", "negative", "Enlarged heart"),
    ("Heart size is normal.", "negative", "Cardiomegaly"),
    (
        "A subtle opacity cannot be excluded at the {side} base.",
        "uncertain",
        "Opacity at the {side} base",
    ),
    ("Mild degenerative changes of the spine.", "positive", "Degenerative changes"),
)
_SEEN_KEPT = (
    ("There is a {n} cm mass in the {side} kidney.", "positive",
     "Mass of the {side} kidney, {n} cm"),
    ("The {side} ureter contains a {n} mm stone.", "positive", "{n} mm stone, {side} ureter"),
    ("No evidence of free air or bowel obstruction.", "negative", "Bowel obstruction"),
    ("The appendix is not visualized as inflamed; no abscess.", "negative", "Abscess"),
    ("Findings may represent early diverticulitis.", "uncertain", "Diverticulitis"),
    ("The gallbladder is unremarkable.", "negative", "Gallbladder disease"),
    ("Questionable thickening of the {side} adrenal gland.", "uncertain",
     "Thickening of the {side} adrenal"),
    ("Aorta is normal in caliber without aneurysm.", "negative", "Aneurysm"),
)  # fmt: skip


def radiology(pick: random.Random, *, held_out: bool) -> Iterator[Drawn]:
    """Yield reports with one status, side or number changed."""
    chosen = pick.sample(_SEEN_KEPT if held_out else _SEEN, 5)
    slots: list[Json] = [
        {"side": pick.choice(["left", "right"]), "n": pick.choice([4, 6, 8])} for _ in chosen
    ]
    lines = [text.format(**one) for (text, _, _), one in zip(chosen, slots, strict=True)]
    report = "FINDINGS: " + " ".join(lines) + "\nIMPRESSION: " + lines[0] + " Correlate clinically."
    found = [
        {"name": name.format(**one), "status": status, "span": line}
        for (_, status, name), one, line in zip(chosen, slots, lines, strict=True)
    ]
    right = {"findings": found, "impression": lines[0], "critical": []}
    every: list[tuple[str, int, Json]] = []
    for at, ((_, status, name), one) in enumerate(zip(chosen, slots, strict=True)):
        for other in {"positive", "negative", "uncertain"} - {status}:
            every += [("status", at, {**found[at], "status": other})]
        turned = {"left": "right", "right": "left"}[one["side"]]
        if "{side}" in name:
            every.append(
                ("side", at, {**found[at], "name": name.format(**{**one, "side": turned})})
            )
        if "{n}" in name:
            every.append(("number", at, {**found[at], "name": name.format(**{**one, "n": 15})}))
    for kind, at, each in pick.sample(every, 4):
        changed = {**right, "findings": [*found[:at], each, *found[at + 1 :]]}
        yield "radiology-report", kind, {"text": report}, right, changed


_CODED = (
    (
        "Assessment: type {t} diabetes, well controlled, no complications.",
        "E11.9",
        "Type {t} diabetes mellitus without complications",
        "type {t} diabetes",
    ),
    ("HTN, stable on current medication.", "I10", "Essential (primary) hypertension", "HTN"),
    (
        "Pain in the {side} knee after running.",
        "M25.561",
        "Pain in {side} knee",
        "Pain in the {side} knee",
    ),
    (
        "CKD stage {t} followed by nephrology.",
        "N18.32",
        "Chronic kidney disease, stage {t}",
        "CKD stage {t}",
    ),
    (
        "Acute bronchitis with productive cough.",
        "J20.9",
        "Acute bronchitis, unspecified",
        "Acute bronchitis",
    ),
)
_CODED_KEPT = (
    (
        "Closed fracture of the {side} wrist, first visit.",
        "S62.101A",
        "Fracture of unspecified carpal bone, {side} wrist, initial encounter for closed fracture",
        "fracture of the {side} wrist",
    ),
    (
        "Stage {t} pressure ulcer of the {side} heel.",
        "L89.612",
        "Pressure ulcer of {side} heel, stage {t}",
        "Stage {t} pressure ulcer of the {side} heel",
    ),
    (
        "High cholesterol treated with a statin.",
        "E78.5",
        "Hyperlipidemia, unspecified",
        "High cholesterol",
    ),
    (
        "Migraine without aura, frequent.",
        "G43.009",
        "Migraine without aura, not intractable",
        "Migraine without aura",
    ),
    (
        "She has mild persistent asthma.",
        "J45.30",
        "Mild persistent asthma, uncomplicated",
        "mild persistent asthma",
    ),
)
_NOT_CODED = ("Denies depression.", "No anemia.", "Possible gout.", "Mother had breast cancer.")
_NOT_CODED_KEPT = (
    "There is no pneumonia.",
    "Rule out deep vein thrombosis.",
    "Family history of epilepsy.",
    "Cannot exclude appendicitis.",
)
_WORDS_OF = {"Denies depression.": "depression", "No anemia.": "anemia", "Possible gout.": "gout",
             "Mother had breast cancer.": "breast cancer", "There is no pneumonia.": "pneumonia",
             "Rule out deep vein thrombosis.": "deep vein thrombosis",
             "Family history of epilepsy.": "epilepsy",
             "Cannot exclude appendicitis.": "appendicitis"}  # fmt: skip


def codings(pick: random.Random, *, held_out: bool) -> Iterator[Drawn]:
    """Yield notes with a code for what is not so, or one whose words differ."""
    chosen = pick.sample(_CODED_KEPT if held_out else _CODED, 3)
    against = pick.sample(_NOT_CODED_KEPT if held_out else _NOT_CODED, 2)
    slots: list[Json] = [
        {"side": pick.choice(["left", "right"]), "t": pick.choice([2, 3])} for _ in chosen
    ]
    text = " ".join(
        [line[0].format(**one) for line, one in zip(chosen, slots, strict=True)] + list(against)
    )
    codes: list[Json] = [
        {
            "code": code,
            "display": display.format(**one),
            "score": 0.9,
            "evidence": [words.format(**one)],
        }
        for (_, code, display, words), one in zip(chosen, slots, strict=True)
    ]
    right = {"codes": codes}
    for line in against:
        words = _WORDS_OF[line]
        more = {"code": "X00", "display": words.capitalize(), "score": 0.8, "evidence": [words]}
        yield "medical-coding", "negation", {"text": text}, right, {"codes": [*codes, more]}
    for at, ((_, _, display, _), one) in enumerate(zip(chosen, slots, strict=True)):
        turned = {"left": "right", "right": "left"}[one["side"]]
        if "{side}" in display:
            wrong = {**codes[at], "display": display.format(**{**one, "side": turned})}
            yield (
                "medical-coding",
                "side",
                {"text": text},
                right,
                {"codes": [*codes[:at], wrong, *codes[at + 1 :]]},
            )
        if "{t}" in display:
            wrong = {**codes[at], "display": display.format(**{**one, "t": 1})}
            yield (
                "medical-coding",
                "number",
                {"text": text},
                right,
                {"codes": [*codes[:at], wrong, *codes[at + 1 :]]},
            )
