"""Invented clinical texts with their identifiers marked, written before the rules and frozen.

Every template, name, place, facility and format here is made up for measuring; rules are not tuned
to them. ``<<slot>>`` becomes an identifier of its kind; ``<<slot!>>`` one that the chart knows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

GIVEN = [
    "Thaddeus",
    "Ingrid",
    "Marisol",
    "Oluwaseun",
    "Bronwyn",
    "Kiran",
    "Saoirse",
    "Delphine",
    "Tomasz",
    "Yolanda",
    "Cedric",
    "Mei",
    "Fatima",
    "Gunnar",
    "Rosalind",
    "Hyacinth",
    "Rohan",
    "Beatriz",
    "Hope",
    "Will",
    "Grace",
    "Mark",
    "Faith",
    "Dawn",
    "June",
    "Rex",
]
FAMILY = [
    "Adeyemi",
    "Castellanos",
    "Vandenberg",
    "Whitlock",
    "Nakamura",
    "Dubois",
    "Kowalczyk",
    "Fairbanks",
    "MacLeod",
    "O'Hara",
    "Abernathy",
    "Szymanski",
    "Quintero",
    "Halvorsen",
    "Mbeki",
    "Rasmussen",
    "Day",
    "Price",
    "Young",
    "Rivers",
    "Stone",
    "Brooks",
    "Van-Horn",
    "St.Clair",
    "DiMaggio",
    "Thistlewood",
    "Ekberg",
    "Pruitt",
]
CITY = [
    "Chattanooga",
    "Eau-Claire",
    "Tucumcari",
    "Bellingham",
    "Poughkeepsie",
    "Dubuque",
    "Waukesha",
    "Yuma",
    "Macon",
    "Bangor",
    "Pocatello",
    "Hattiesburg",
    "Kalispell",
    "Mobile",
    "Provo",
]
STATE = ["TN", "WI", "NM", "WA", "NY", "IA", "AZ", "GA", "ME", "ID", "MS", "MT", "AL", "UT"]
FACILITY = [
    "Harrow Valley Regional Hospital",
    "Blue Heron Pediatrics",
    "Saint Columba's Infirmary",
    "Tri-County Dialysis Center",
    "Prairie View Nursing Home",
    "Orchard Park Women's Health",
    "Kessler Rehabilitation Institute",
    "Larkspur Surgical Associates",
    "Ridgemont VA",
    "Presidio Urgent Care",
    "Cooper Memorial",
    "Sacred Heart Hospice",
]
STREET = [
    "14 Old Mill Lane",
    "RR 2 Box 118",
    "2205 NW Thornbury Ct",
    "P.O. Box 4417",
    "88 Quarry Hill Rd, Unit 7",
    "County Road 19",
    "9100 State Route 44",
    "57B Garrison Sq.",
    "301 Via del Sol",
    "HC 61 Box 20",
]
MONTH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SPANISH_GIVEN = [
    "Marcela",
    "Iñigo",
    "Consuelo",
    "Joaquín",
    "Noelia",
    "Evaristo",
    "Rocío",
    "Leandro",
    "Aitana",
    "Bernabé",
]
SPANISH_FAMILY = [
    "Zubizarreta",
    "Olmedo",
    "Carrasco",
    "Quiroga",
    "Etxeberria",
    "Palacios",
    "Benavides",
    "Serrano",
    "Llorente",
    "Múgica",
]
SPANISH_CITY = [
    "Salamanca",
    "Huelva",
    "Logroño",
    "Talavera de la Reina",
    "Cartagena",
    "Mérida",
    "Burgos",
    "Elche",
]


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Invented:
    id: str
    text: str
    marks: tuple[Mark, ...]
    record: dict[str, list[str]]
    language: str


Make = Callable[[random.Random], str]


def _digits(pattern: str) -> Make:
    return lambda lot: "".join(
        lot.choice("0123456789")
        if c == "#"
        else lot.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
        if c == "@"
        else c
        for c in pattern
    )


def _one(*makes: Make) -> Make:
    return lambda lot: lot.choice(makes)(lot)


def _date(lot: random.Random) -> date:
    return date(1990, 1, 1) + timedelta(days=lot.randrange(13_000))


def _dated(lot: random.Random) -> str:
    day = _date(lot)
    month = MONTH[day.month - 1]
    forms = (
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {month} {day.year}",
        f"{day:%d-%b-%Y}".upper(),
        f"{day:%Y%m%d}",
        f"{month} the {day.day}th",
        f"{day:%m/%d}",
        f"{day:%Y/%m/%d}",
        f"{month[:3]} {day.day}, '{day:%y}",
        f"{day:%d%b%Y}",
        f"{month} of {day.year}",
        f"{day:%A}, {month} {day.day}",
        f"{day.month}-{day.day}-{day:%y}",
    )
    return lot.choice(forms)


def _birth(lot: random.Random) -> str:
    day = _date(lot) - timedelta(days=365 * 40)
    return lot.choice((f"{day:%m%d%Y}", f"{day:%d/%m/%Y}", f"{day:%m-%d-%y}", f"{day:%Y-%m-%d}"))


def _npi(lot: random.Random) -> str:
    body = f"1{lot.randrange(10**8):08d}"
    total = 24 + sum(
        sum(divmod(int(d) * (2 if at % 2 == 0 else 1), 10)) for at, d in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def _name(lot: random.Random) -> str:
    return f"{lot.choice(GIVEN)} {lot.choice(FAMILY)}".replace("-", " ")


MAKE: dict[str, tuple[str, Make]] = {
    "name": ("NAME", _name),
    "given": ("NAME", lambda lot: lot.choice(GIVEN)),
    "family": ("NAME", lambda lot: lot.choice(FAMILY).replace("-", " ")),
    "lastfirst": (
        "NAME",
        lambda lot: f"{lot.choice(FAMILY)}, {lot.choice(GIVEN)} {lot.choice('ABCDEJKLMR')}".upper(),
    ),
    "initialed": ("NAME", lambda lot: f"{lot.choice('ABCDEJKLMR')}. {lot.choice(FAMILY)}"),
    "lower": ("NAME", lambda lot: _name(lot).lower()),
    "date": ("DATE", _dated),
    "birth": ("DATE", _birth),
    "age": ("AGE90", lambda lot: str(lot.randrange(90, 106))),
    "city": ("GEO", lambda lot: lot.choice(CITY).replace("-", " ")),
    "facility": ("GEO", lambda lot: lot.choice(FACILITY)),
    "street": ("GEO", lambda lot: lot.choice(STREET)),
    "zip": ("GEO", _one(_digits("#####"), _digits("#####-####"))),
    "phone": (
        "PHONE",
        _one(
            _digits("(###) 555-01##"),
            _digits("###.555.01##"),
            _digits("+1 ### 555 01##"),
            _digits("1-###-555-01## ext. ##"),
            _digits("###-555-01##x####"),
            _digits("+44 20 7946 0###"),
            _digits("###55501##"),
        ),
    ),
    "fax": ("FAX", _one(_digits("###.555.01##"), _digits("(###)555-01##"))),
    "email": (
        "EMAIL",
        lambda lot: f"{lot.choice(GIVEN)[:1]}_{lot.choice(FAMILY)}@health.example".lower(),
    ),
    "url": (
        "URL",
        _one(_digits("www.myrecord.example/v/@@##"), _digits("https://x.example/?p=##")),
    ),
    "ip": ("IP", _one(_digits("192.168.4.1#"), lambda lot: f"2001:db8::{lot.randrange(16**4):x}")),
    "ssn": ("SSN", _one(_digits("###-##-####"), _digits("### ## ####"), _digits("###-##-####"))),
    "mrn": ("MRN", _one(_digits("##-##-##"), _digits("@########"), _digits("##########"))),
    "plan": (
        "PLAN",
        _one(_digits("#@@#-@@#-@@##"), _digits("@@@#########"), _digits("W#########")),
    ),
    "account": ("ACCOUNT", _one(_digits("V##########"), _digits("####-####-##"))),
    "npi": ("LICENSE", _npi),
    "licence": ("LICENSE", _one(_digits("A-######"), _digits("MD#####"))),
    "plate": ("VEHICLE", _one(_digits("#@@@###"), _digits("@@@ ####"))),
    "vin": ("VEHICLE", _digits("1@@CM82633A00####")),
    "device": ("DEVICE", _one(_digits("SN-#######"), _digits("@@#####-@"), _digits("(21)######@"))),
    "bio": ("BIOMETRIC", _one(_digits("IRIS-######"), _digits("VP#####"))),
    "other": ("OTHER", _one(_digits("TRIAL-##-###"), _digits("S##-#####"), _digits("@@-####-##"))),
    "esname": (
        "NAME",
        lambda lot: " ".join(
            (
                lot.choice(SPANISH_GIVEN),
                lot.choice(SPANISH_FAMILY),
                lot.choice(SPANISH_FAMILY),
            )
        ),
    ),
    "esgiven": ("NAME", lambda lot: lot.choice(SPANISH_GIVEN)),
    "escity": ("GEO", lambda lot: lot.choice(SPANISH_CITY)),
    "esdate": (
        "DATE",
        lambda lot: lot.choice(
            ("{0:%d/%m/%Y}", "{0.day} de {1} de {0.year}", "{0:%d.%m.%y}")
        ).format(_date(lot), lot.choice(("enero", "abril", "junio", "octubre"))),
    ),
    "esphone": ("PHONE", _one(_digits("9## ## ## ##"), _digits("+34 6########"))),
    "esdni": ("SSN", _digits("########@")),
}

TEMPLATES: tuple[tuple[str, str], ...] = (
    (
        "en",
        "EMERGENCY DEPARTMENT RECORD - <<facility>>\nPt: <<lastfirst!>>  Med Rec #: <<mrn!>>  "
        "Birthdate: <<birth!>>\nArrived by EMS on <<date>> from <<street!>>, <<city>>, TN <<zip>>."
        "\nCC: chest pain x 3 hrs. HPI: Woke at 0430 with crushing substernal pain 8/10, no relief "
        "with nitroglycerin 0.4 mg SL x2. ECG: ST elevation V2-V4. Troponin 2.31 ng/mL. Brugada "
        "pattern absent. Seen by <<name>>, DO; cath lab activated 05:12. Next of kin: "
        "<<name>> (sister) <<phone>>.\nElectronically signed by <<name>>, RN",
    ),
    (
        "en",
        "<<date>>\n\nTo whom it may concern:\n\n<<name!>> was under my care between <<date>> and "
        "<<date>> for lumbar radiculopathy at L5-S1. Straight leg raise positive at 40 degrees; "
        "Spurling test negative. The patient may lift no more than 10 lb for 6 weeks.\n\nRegards,\n"
        "<<name>>, M.D., Ph.D.\n<<facility>>\n<<street>>\n<<city>>, WA <<zip>>\nPh: <<phone>>  "
        "Fx: <<fax>>\nNPI# <<npi>>",
    ),
    (
        "en",
        "pt called, states her son <<given>> picked up wrong rx. verified dob <<birth!>>. callback "
        "no. <<phone>>. spoke w/ pharmacist <<family>>. gabapentin 300 mg TID corrected to 100 mg. "
        "- msg taken by <<given>>",
    ),
    (
        "en",
        "Psychiatry intake. <<given!>> is a <<age>>-year-old widower who lives at <<facility>> "
        "outside <<city>>. PHQ-9 of 17, GAD-7 of 12. He was a patient of Dr <<family>> until "
        "<<date>>. Brother-in-law <<name>> holds power of attorney (<<email>>). Sertraline 50 mg "
        "daily started; will reassess in 4 weeks.",
    ),
    (
        "en",
        "OPERATIVE NOTE\nSurgeon: <<initialed>>\nAssistant: <<name>>\nAnesthesia: General, <<name>>"
        "\nPatient name: <<lower!>>\nProcedure: laparoscopic cholecystectomy, Veress needle entry, "
        "Calot triangle dissected. EBL 25 mL. Implant: clip applier lot <<device>>. Case no. "
        "<<other>>. Specimen sent. Tolerated well; to PACU at 1345.",
    ),
    (
        "en",
        "Insurance appeal. Subscriber <<name!>>, subscriber number <<plan!>>, claim for service "
        "dated <<date>>. Patient account no. <<account!>>. Treating physician state license "
        "<<licence>>. Social security <<ssn!>>. Mail determination to <<street!>>, <<city>>, GA "
        "<<zip>> or fax to <<fax>>.",
    ),
    (
        "en",
        "Home health visit by <<given>> <<family>>, LPN. Wound 3.2 x 1.1 x 0.4 cm, no odor. "
        "Braden score 16. Glucometer serial number <<device>>. Telemonitor IP address <<ip>>; data "
        "at <<url>>. Daughter <<given>> will change dressing MWF. Next visit <<date>>.",
    ),
    (
        "en",
        "Trauma: driver of vehicle with license plate <<plate>> (VIN: <<vin>>) struck near <<city>>"
        " on <<date>>. GCS 14. FAST negative. Identity by retinal scan ID <<bio>>. Wallet shows "
        "<<name!>>. Le Fort II fracture, Glasgow unchanged. Enrolled in study, subject number "
        "<<other>>.",
    ),
    (
        "en",
        "Message from <<name!>> to Dr. <<family>>: Hello doctor, I will be in <<city>> until "
        "<<date>> so please leave word with my mother, <<given>>, at <<phone>>. My new member "
        "number is <<plan!>>. I may run out of metformin 500 mg. Thank you - <<given!>>",
    ),
    (
        "en",
        "PATHOLOGY  Accession <<other>>\nSubmitting: <<family>>, <<given>>  MR#<<mrn!>>\nReceived "
        "<<date>>. Gross: 1.2 cm tan nodule. Gleason 3+4=7, grade group 2. Ki-67 15%. "
        "Reed-Sternberg cells absent. Breslow depth 0.8 mm. cc: <<name>>; <<facility>>",
    ),
    (
        "en",
        "Social work: <<given!>> and her husband <<given>> rent a room on <<street>> in <<city>>. "
        "Case manager <<name>> reached at <<phone>> or <<email>>. Food stamps case <<account>>. "
        "She hopes to move in June and will apply then.",
    ),
    (
        "en",
        "Consult requested by <<family>> for <<name!>>, seen <<date>> in <<facility>>. Known to me "
        "since <<date>>. <<family>> and I agree: stop warfarin 5 mg, INR 3.4, start apixaban 5 mg "
        "BID. DVT on Doppler in 2019. Creatinine 1.1. Childs-Pugh A.",
    ),
    (
        "en",
        "What is the right empirical therapy for <<name>>, 64F, chart <<mrn>>, transferred from "
        "<<facility>> <<date>> with sepsis? Lactate 4.2, MAP 58.",
    ),
    (
        "en",
        "dosing of vancomycin for pt <<initialed>> in <<city>>, CrCl 40, wt 82 kg, seen <<date>>?",
    ),
    (
        "en",
        "Impression: Hashimoto thyroiditis, Raynaud phenomenon, Baker cyst. Start levothyroxine "
        "75 mcg daily. Recheck TSH in 6-8 weeks. May resume exercise. Will call with results. "
        "Bishop score 5, Ottawa ankle rules negative, McBurney point nontender, 2/4 pulses.",
    ),
    (
        "en",
        "Ventilator: tidal volume 450 mL, PEEP 8, FiO2 0.40. Swan-Ganz in place, Foley 40 cc/hr. "
        "Day 3 of ceftriaxone 2 g q24h. Hgb 8.9 -> 9.4 after 1 unit. Plan: Trendelenburg PRN, "
        "Hoyer lift, Ensure 1 can TID between meals. No growth x 48 h. CXR unchanged.",
    ),
    (
        "en",
        "Which beta blocker is preferred for a 58-year-old man with HFrEF (EF 30%) and COPD GOLD 2 "
        "since 2019? Does the Framingham score or the Wells score change the choice? NYHA III.",
    ),
    (
        "es",
        "INFORME DE ALTA\nPaciente: <<esname!>>   F. nac.: <<esdate>>   DNI: <<esdni>>\nIngresa el "
        "<<esdate>> procedente de <<escity>> por disnea de 3 días. TA 140/85, FC 96, SatO2 91 %. "
        "Se inicia furosemida 40 mg cada 12 h. Su hija <<esgiven>> (tfno. <<esphone>>) acompaña.\n"
        "Fdo.: Dra. <<esname>>",
    ),
    (
        "es",
        "Don <<esname!>>, natural de <<escity>>, de 71 años, acude a consulta el <<esdate>>. Niega "
        "fiebre. Signo de Murphy negativo, enfermedad de Parkinson desde 2015. Vive con su esposa "
        "<<esgiven>>. Metformina 850 mg dos veces al día. Atendido por el Dr. <<esname>>.",
    ),
    (
        "es",
        "¿Cuál es la dosis de amoxicilina para un niño de 6 años con otitis media y 20 kg de peso? "
        "Sin alergias conocidas. Revisión en 10 días si persiste el dolor.",
    ),
)
KNOWN = {
    "name": "name",
    "given": "name",
    "lastfirst": "name",
    "lower": "name",
    "esname": "name",
    "mrn": "mrn",
    "birth": "dob",
    "street": "street",
    "plan": "plan",
    "account": "account",
    "ssn": "ssn",
}
_SLOT = re.compile(r"<<(\w+)(!?)>>")


def texts(count: int, seed: int = 20261124) -> list[Invented]:
    """Return that many texts, the templates in turn."""
    lot = random.Random(seed)
    return [
        _text(f"invented-{at:04d}", *TEMPLATES[at % len(TEMPLATES)], lot) for at in range(count)
    ]


def _text(id: str, language: str, template: str, lot: random.Random) -> Invented:
    text, marks, last = "", [], 0
    record: dict[str, list[str]] = {}
    first = lot.choice(GIVEN)
    for slot in _SLOT.finditer(template):
        text += template[last : slot.start()]
        label, make = MAKE[slot[1]]
        value = first if slot[1] == "given" and slot[2] else make(lot)
        if slot[2]:
            said = value.title() if KNOWN[slot[1]] == "name" else value
            record.setdefault(KNOWN[slot[1]], []).append(said)
        marks.append(Mark(len(text), len(text) + len(value), label))
        text += value
        last = slot.end()
    return Invented(id, text + template[last:], tuple(marks), record, language)
