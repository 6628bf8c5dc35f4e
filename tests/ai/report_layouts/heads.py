"""What stands above and below the results: labs, people, dates, and numbers that are no results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.truth import Line, Person, Report, Truth


@dataclass(frozen=True)
class Country:
    """The words a country's labs put beside the patient, and how they write a date."""

    date: str
    name: str
    born: str
    record: str
    sex: str
    collected: str
    other: tuple[str, ...]
    footer: str


COUNTRIES = {
    "us": Country(
        "%m/%d/%Y",
        "Patient Name:",
        "DOB:",
        "MRN:",
        "Sex:",
        "Collected:",
        ("Accession #: 26-0447183", "Ordering Provider: L. Okafor, MD", "NPI: 1739204418"),
        "Page 1 of 1   Tel (555) 014-7723   Fax (555) 014-7724   CLIA 99D8123456",
    ),
    "uk": Country(
        "%d/%m/%Y",
        "Name:",
        "Date of birth:",
        "Hospital No:",
        "Sex:",
        "Specimen collected:",
        ("Lab No: B26.118842", "Requested by: Dr P. Ainsworth", "Ward/Clinic: GP 84021"),
        "Enquiries 01632 960147 ext 2214    Printed 09:42    Page 1/1",
    ),
    "de": Country(
        "%d.%m.%Y",
        "Patient:",
        "Geburtsdatum:",
        "Patienten-Nr.:",
        "Geschlecht:",
        "Entnahmedatum:",
        ("Auftrags-Nr.: 4471 2290", "Einsender: Dr. med. K. Brandt", "Kasse: 104212059"),
        "Telefon 030 5550 1447   Telefax 030 5550 1448   Seite 1 von 1",
    ),
    "fr": Country(
        "%d/%m/%Y",
        "Patient :",
        "Né(e) le :",
        "N° dossier :",
        "Sexe :",
        "Prélevé le :",
        ("Demande n° 26C0447", "Prescripteur : Dr Lemoine", "Code labo 990012345"),
        "Tél. 01 99 00 14 47   Page 1/1   Validé par Mme C. Roussel, biologiste",
    ),
    "es": Country(
        "%d/%m/%Y",
        "Paciente:",
        "Fecha de nacimiento:",
        "Nº historia:",
        "Sexo:",
        "Fecha de extracción:",
        ("Petición: 2604471", "Médico: Dra. Ibáñez", "Centro: 28.014"),
        "Tel. 910 555 014   Pág. 1 de 1   Facultativo: Dr. R. Cano (col. 28/14477)",
    ),
    "in": Country(
        "%d-%b-%Y",
        "Patient Name :",
        "Date of Birth :",
        "UHID :",
        "Gender :",
        "Sample Collected On :",
        ("Bill No : 2026/04471", "Ref. By : Dr. S. Kulkarni", "Barcode : 88014477"),
        "Ph: +91 22 5550 1447   Rs. 850.00 paid   NABL MC-9912   Page 1 of 1",
    ),
    "au": Country(
        "%d %b %Y",
        "Patient:",
        "DOB:",
        "UR No:",
        "Sex:",
        "Collected:",
        ("Lab ID: 26-4471908", "Referrer: Dr J. Whitlam", "Medicare 2999 14477 1"),
        "Results phone 1300 555 014   ABN 99 144 771 908   Page 1 of 1",
    ),
}

_NAMES = {
    "us": ("Harlow, Denise M", "Petrakis, Owen", "WINSLOW, TAMARA", "Darnell Oakes"),
    "uk": ("FAIRBROTHER, Edith", "Mr Colin Thackeray", "PATEL, Nisha", "Gwen Prothero"),
    "de": ("Weidenbach, Ulrike", "Herr Torsten Quandt", "Lohmeier, Anke"),
    "fr": ("MARCHAND Solène", "Mme Odile VASSEUR", "M. TISSOT Régis"),
    "es": ("Montoya Rueda, Elena", "Santos Vidal, Ignacio"),
    "in": ("Mrs. Lakshmi Narayanan", "Mr. Arjun Deshpande", "Ms. Farah Siddiqui"),
    "au": ("KOWALSKI, Bronwyn", "Tran, Minh Duc"),
}


@dataclass
class Drawn:
    """A report still being drawn: its sheet, and the results printed so far."""

    country: str
    sheet: Sheet
    person: Person
    collected: date
    y: float
    lines: list[Line]

    def truth(self) -> Truth:
        return Truth(self.person, self.collected.isoformat(), tuple(self.lines))

    def report(self, layout: str, family: str) -> Report:
        return Report(layout, family, self.sheet.pdf(), "application/pdf", self.truth())


def somebody(country: str, seed: int) -> tuple[Person, date]:
    """An invented person and the day of their sample."""
    name = _NAMES[country][seed % len(_NAMES[country])]
    born = date(1938 + seed * 7 % 64, 1 + seed * 5 % 12, 13 + seed * 3 % 15)
    sex = {"Mr": "M", "He": "M", "M.": "M"}.get(name[:2], "FM"[seed % 2])
    sex = "F" if name.startswith(("Mrs", "Ms", "Mme")) else sex
    record = f"{'ABKR'[seed % 4]}{204417 + seed * 7919}"
    return Person(name, born.isoformat(), record, sex), date(2026, 1 + seed % 4, 14 + seed % 14)


def begin(country: str, seed: int, lab: str, sheet: Sheet, *, boxed: bool = False) -> Drawn:
    """Letterhead, patient and order numbers; leaves `y` below them."""
    words = COUNTRIES[country]
    person, collected = somebody(country, seed)
    sheet.text(40, 46, lab, size=15, bold=True)
    sheet.text(40, 59, f"{14 + seed} Linden Row, Suite {200 + seed}, {30144 + seed}", size=7.5)
    born = date.fromisoformat(person.birth_date).strftime(words.date)
    left = [(words.name, person.name), (words.born, born), (words.sex, person.sex)]
    right = [(words.record, person.record_number)]
    right.append((words.collected, f"{collected.strftime(words.date)} 08:{10 + seed % 40}"))
    middle = sheet.width / 2 + 10
    for n, (label, value) in enumerate(left):
        _labelled(sheet, 46, 82 + n * 13, label, value)
    for n, (label, value) in enumerate(right):
        _labelled(sheet, middle, 82 + n * 13, label, value)
    sheet.text(middle, 108, words.other[0], size=8)
    sheet.text(46, 121, words.other[1], size=8)
    sheet.text(middle, 121, words.other[2], size=8)
    if boxed:
        sheet.box(40, 70, sheet.width - 80, 58)
    else:
        sheet.line(40, 128, sheet.width - 40, 128)
    sheet.text(sheet.width / 2, sheet.height - 24, words.footer, size=7, align="centre")
    return Drawn(country, sheet, person, collected, 150, [])


def _labelled(sheet: Sheet, x: float, y: float, label: str, value: str) -> None:
    end = sheet.text(x, y, label, size=9, bold=True)
    sheet.text(max(end + 5, x + 72), y, value, size=9)


def flagged(lines: list[Line], high: str, low: str, normal: str = "") -> list[Line]:
    """The same results with the flags spelled the way this lab spells them."""
    words = {"H": high, "L": low, "": normal}
    return [replace(line, flag=words.get(line.flag, line.flag)) for line in lines]
